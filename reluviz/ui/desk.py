"""Everything about files in one place: the document, opening and saving, data files, kept labs."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from reluviz.core.settings import Settings
from reluviz.ui.datafiles import DataFiles
from reluviz.ui.document import Document
from reluviz.ui.documents import Documents
from reluviz.ui.lab import Lab
from reluviz.ui.notice import Notice
from reluviz.ui.opening import Opening
from reluviz.ui.preferences import Preferences
from reluviz.ui.recovery import Recovery
from reluviz.ui.rescue import Rescue
from reluviz.ui.sharing import ENDING


class Desk(QObject):
    """Joins what a window needs to deal with files."""

    def __init__(
        self, window: QMainWindow, lab: Lab, preferences: Preferences, notice: Notice, recovery: Recovery
    ) -> None:
        super().__init__(window)
        self.document = Document(lab, self)
        self.files = DataFiles(window, lab, preferences, notice)
        self.opening = Opening(window, self.files, preferences, notice)
        self.documents = Documents(window, lab, self.document, self.opening, preferences, notice)
        self.rescue = Rescue(self.document, lab, self.opening, notice, recovery)

    def deeds(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        """What the actions about files do."""
        documents = self.documents
        return (
            ("new", documents.new),
            ("open", documents.open),
            ("open_data", self.files.choose),
            ("save", documents.save),
            ("save_as", documents.save_as),
            ("copy_lab", documents.copy),
            ("paste_lab", documents.paste),
        )

    def begin(self, first: tuple[Path, Settings | None] | None, *, offer: bool) -> None:
        """Open what the program was started with, and offer what a killed one left behind."""
        if first is not None:
            path, settings = first
            if settings is None:
                self.files.open_path(path)
            else:
                self.documents.use(settings, path)
        if offer:
            self.rescue.offer()

    def open_any(self, path: Path) -> None:
        """Open a session, or a file of data."""
        if path.suffix.lower() == ENDING:
            self.documents.open_path(path)
        else:
            self.files.open_path(path)
