"""Which session file the lab belongs to, and whether it differs from what is saved there."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from reluviz.core.settings import Settings
from reluviz.ui.lab import Lab

UNTITLED = "Untitled lab"


@dataclass(frozen=True, slots=True)
class Place:
    """From this place of the undo stack on the lab belongs to `path`, where `saved` is stored; None: nothing."""

    index: int
    path: Path | None
    saved: Settings | None


class Document(QObject):
    """The lab as a document. Opening a file can be undone: then the lab belongs to the former file again."""

    changed = Signal()
    """The file, or whether there are unsaved changes, may be another now."""

    def __init__(self, lab: Lab, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lab = lab
        self._places = [Place(0, None, lab.session)]
        lab.editing.connect(self._branch)
        lab.settings_changed.connect(self._touched)
        lab.recorded.connect(self._touched)
        lab.undo_stack.indexChanged.connect(self._touched)

    @property
    def path(self) -> Path | None:
        """The session file that the lab belongs to."""
        return self._place().path

    @property
    def modified(self) -> bool:
        """Whether the lab differs from what is saved."""
        return self._lab.session != self._place().saved

    @property
    def name(self) -> str:
        """What the lab is called."""
        return self.path.name if self.path else UNTITLED

    def begins(self, path: Path | None, saved: Settings | None) -> None:
        """The step just made brought a lab that belongs to `path`, where `saved` is stored."""
        index = self._lab.undo_stack.index()
        self._places = [place for place in self._places if place.index < index]
        self._places.append(Place(index, path, saved))
        self.changed.emit()

    def saved_as(self, path: Path) -> None:
        """The lab as it is now has been stored as `path`; it belongs there from its first step on."""
        self._places = [Place(0, path, self._lab.session)]
        self.changed.emit()

    def _place(self) -> Place:
        index = self._lab.undo_stack.index()
        return next((place for place in reversed(self._places) if place.index <= index), self._places[0])

    def _branch(self) -> None:
        """A new edit drops the steps that could have been made again, and with them the files opened there."""
        index = self._lab.undo_stack.index()
        self._places = [place for place in self._places if place.index <= index] or self._places[:1]

    def _touched(self, *_: object) -> None:
        self.changed.emit()
