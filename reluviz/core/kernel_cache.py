"""Where compiled kernels are kept, and whether they are there already.

Numba's own cache looks only at the file of the outermost function, so the folder's name carries a digest of all
kernel sources and of the versions that compile them: a change anywhere means a new folder, never a stale kernel.
"""

import hashlib
import os
import platform
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path


@cache
def folder() -> Path:
    """The folder for this source, these versions and this Python."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in (here / "jit.py", *sorted(here.glob("kernel*.py"))):
        digest.update(path.name.encode() + path.read_bytes())
    for name in ("numba", "llvmlite", "numpy", "scipy"):
        digest.update(f"{name}={version(name)};".encode())
    digest.update(f"{sys.version};{platform.machine()};{platform.processor()};{here}".encode())
    base = Path(os.environ["NUMBA_CACHE_DIR"]) if "NUMBA_CACHE_DIR" in os.environ else here / "__pycache__"
    return base / f"kernels-{digest.hexdigest()[:16]}"


def is_warm(precision: str = "float32") -> bool:
    """Whether the kernels of this source and precision have been compiled into the cache."""
    return (folder() / f"ready-{precision}").is_file()


def mark_warm(precision: str = "float32") -> None:
    """Say that the cache is complete; a folder that cannot be written is no harm, only slower next time."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        (folder() / f"ready-{precision}").touch()
    except OSError:
        return
