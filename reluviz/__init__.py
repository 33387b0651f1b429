"""A desktop laboratory that shows why networks train with ReLU and not with the sigmoid."""

import os

from reluviz.resources import numba_cache_dir

__version__ = "0.1.0"

# One training thread per lab: more BLAS threads starve the window of processor time, and their changing order of
# summation breaks bit-for-bit reproducibility. Both must be set before NumPy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

# numba's own choice depends on the current directory when frozen, so kernels would be compiled again and again.
os.environ.setdefault("NUMBA_CACHE_DIR", str(numba_cache_dir()))
