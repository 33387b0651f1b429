"""How kernels are compiled: the decorators that all of them use.

`entry` is for what Python calls: it drops the GIL and is cached. The default error model adds a branch for every
division and blocks vectorisation, so none uses it. `inlined` is for small inner loops: a call passes every array
as seven numbers, which costs more than the loop.
"""

from functools import partial
from typing import Any

from numba import config, njit

from reluviz.core import kernel_cache

config.CACHE_DIR = str(kernel_cache.folder())

# Named flags instead of fastmath=True: without nnan and ninf the checks for divergence survive.
FAST = {"reassoc", "contract", "arcp", "nsz", "afn"}
# The range reduction of exp dies under reassociation, so exact functions keep only fused multiply-add.
EXACT = {"contract", "nsz"}

# Nothing here is called from C: without wrappers for it compiling takes a tenth less.
_njit: Any = partial(njit, error_model="numpy", no_cfunc_wrapper=True)
plain: Any = _njit()
inlined: Any = _njit(fastmath=FAST, forceinline=True)
exact: Any = _njit(fastmath=EXACT)
inlined_exact: Any = _njit(fastmath=EXACT, forceinline=True)
fast: Any = _njit(fastmath=FAST)
entry: Any = _njit(nogil=True, cache=True)
