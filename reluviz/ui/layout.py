"""Where the docks are: stored with a checksum, restored only when nothing can go wrong.

QMainWindow.restoreState crashes on damaged bytes, so only bytes that this version wrote, untouched, are handed to it;
and a marker left by an attempt that did not come back makes the next start skip it.
"""

import base64
import binascii
import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import qVersion

from reluviz import __version__
from reluviz.ui.preferences import write_atomically

log = logging.getLogger(__name__)

FILE = "layout.json"
MARKER = "layout.restoring"
# Raise when docks are renamed, added or removed.
LAYOUT_VERSION = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """What QMainWindow.saveGeometry and saveState gave."""

    geometry: bytes
    state: bytes


class _Stored(msgspec.Struct):
    app: str
    qt: str
    layout: int
    sha256: str
    geometry: str
    state: str


class LayoutStore:
    """The layout file in a folder, and the marker beside it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._marker = folder / MARKER

    def save(self, layout: Layout) -> None:
        """Store a layout; what fails is logged."""
        stored = _Stored(
            __version__,
            qVersion(),
            LAYOUT_VERSION,
            _digest(layout),
            base64.b64encode(layout.geometry).decode(),
            base64.b64encode(layout.state).decode(),
        )
        try:
            write_atomically(self._path, msgspec.json.encode(stored))
        except OSError as problem:
            log.warning("The window layout could not be saved (%s).", problem)

    def load(self) -> Layout | None:
        """The stored layout if it may be restored, else None."""
        if self._marker.exists():
            log.warning("The last attempt to restore the window layout did not come back; the default layout applies.")
            self.forget()
            return None
        try:
            return _check(msgspec.json.decode(self._path.read_bytes(), type=_Stored))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError, binascii.Error) as problem:
            log.warning("The window layout could not be read (%s); the default layout applies.", problem)
            return None

    def begin(self) -> None:
        """Leave the marker before restoring."""
        try:
            self._marker.parent.mkdir(parents=True, exist_ok=True)
            self._marker.touch()
        except OSError as problem:
            log.warning("The restore marker could not be written (%s).", problem)

    def end(self) -> None:
        """Take the marker away: restoring came back."""
        _remove(self._marker)

    def forget(self) -> None:
        """Remove the stored layout and the marker."""
        for path in (self._path, self._marker):
            _remove(path)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        log.warning("%s could not be removed (%s).", path, problem)


def _digest(layout: Layout) -> str:
    return hashlib.sha256(layout.geometry + b"|" + layout.state).hexdigest()


def _check(stored: _Stored) -> Layout | None:
    if (stored.app, stored.qt, stored.layout) != (__version__, qVersion(), LAYOUT_VERSION):
        log.info("The window layout is from another version; the default layout applies.")
        return None
    layout = Layout(
        base64.b64decode(stored.geometry, validate=True),
        base64.b64decode(stored.state, validate=True),
    )
    if _digest(layout) != stored.sha256:
        raise ValueError("its checksum does not match")
    return layout
