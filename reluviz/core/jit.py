"""How kernels are compiled: the decorators that all of them use.

`entry` is for what Python calls: it drops the GIL and is cached. The default error model adds a branch for every
division and blocks vectorisation, so none uses it. `inlined` is for small inner loops: a call passes every array
as seven numbers, which costs more than the loop.
"""

from typing import Any

from numba import config, njit

from reluviz.core import kernel_cache

config.CACHE_DIR = str(kernel_cache.folder())

# Named flags instead of fastmath=True: without nnan and ninf the checks for divergence survive.
FAST = {"reassoc", "contract", "arcp", "nsz", "afn"}
# The range reduction of exp dies under reassociation, so exact functions keep only fused multiply-add.
EXACT = {"contract", "nsz"}

plain: Any = njit(error_model="numpy")
inlined: Any = njit(error_model="numpy", fastmath=FAST, forceinline=True)
exact: Any = njit(error_model="numpy", fastmath=EXACT)
inlined_exact: Any = njit(error_model="numpy", fastmath=EXACT, forceinline=True)
fast: Any = njit(error_model="numpy", fastmath=FAST)
entry: Any = njit(error_model="numpy", nogil=True, cache=True)
