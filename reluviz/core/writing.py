"""Files that are either whole or untouched: written beside their place, then renamed."""

import contextlib
import os
import tempfile
from pathlib import Path

PREFIX, SUFFIX = ".reluviz-", ".part"
# What a killed process left beside a file is taken away by a later write when it is so old.
STALE_S = 3600.0


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file at once; raises OSError and leaves the old file as it was, whatever happens in between."""
    # Through a link its target is written, and the link stays.
    path = path.resolve()
    if path.exists() and not os.access(path, os.W_OK):
        # Renaming would get around the protection of the file itself.
        raise PermissionError(13, "the file is write-protected")
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=PREFIX, suffix=SUFFIX)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            now = os.fstat(file.fileno()).st_mtime
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _settle(path.parent, now)


def write_text(path: Path, text: str) -> None:
    """Write text in UTF-8 at once; raises OSError and leaves the old file as it was."""
    write_bytes(path, text.encode("utf-8"))


def _mode(path: Path) -> int:
    """The rights of the file that is replaced; for a new one those that the system gives (mkstemp gives fewer)."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _settle(folder: Path, now: float) -> None:
    """Make the renaming itself last through a power cut, and take away what killed processes left."""
    with contextlib.suppress(OSError):
        for left in folder.glob(f"{PREFIX}*{SUFFIX}"):
            if now - left.stat().st_mtime > STALE_S:
                left.unlink()
    if os.name == "posix":
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
