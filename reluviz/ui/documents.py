"""What a person does with session files: open, save, recent ones, copy and paste; asks before changes are lost."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox

from reluviz.core.sessionfile import SessionError
from reluviz.core.settings import Settings
from reluviz.core.writing import write_text
from reluviz.ui.document import Document
from reluviz.ui.lab import Lab
from reluviz.ui.notice import Notice
from reluviz.ui.opening import Opening
from reluviz.ui.preferences import Preferences
from reluviz.ui.sharing import ENDING, FILTER, lab_from_text, recent_with, same_data

MESSAGE_MS = 4000
Then = Callable[[], object]


class Documents(QObject):
    """Opens and saves the lab of a window."""

    def __init__(
        self, window: QMainWindow, lab: Lab, document: Document, opening: Opening, preferences: Preferences,
        notice: Notice,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._lab, self._document, self._opening = window, lab, document, opening
        self._preferences, self._notice = preferences, notice
        document.changed.connect(self._name_window)
        self._name_window()

    def new(self) -> None:
        """Start from the first lab, as one step that can be undone; unsaved changes are asked for first."""
        self.ask(self._begin_anew)

    def open(self) -> None:
        """Ask for a session file and use it, as one step that can be undone."""
        dialog = self._dialog("Open session", QFileDialog.AcceptMode.AcceptOpen)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._open_name)
        dialog.open()

    def open_path(self, path: Path) -> None:
        """Use a session file; unsaved changes are asked for first, and what is wrong with the file is said."""
        try:
            settings = Settings.from_file(path)
        except SessionError as error:
            self._notice.show_text(f"{path.name}: {error}")
            self._preferences.recent = [name for name in self._preferences.recent if name != str(path.absolute())]
            return
        self.ask(partial(self.use, settings, path))

    def use(self, settings: Settings, path: Path) -> None:
        """Use a lab that was read from a session file, once its data have been read."""
        self._opening.bring(settings, partial(self._opened, path, settings))

    def save(self) -> None:
        """Save where the lab belongs, or ask where to."""
        self._save_then(_nothing)

    def save_as(self) -> None:
        """Ask where to, and save there."""
        self._save_as_then(_nothing)

    def write(self, path: Path) -> bool:
        """Save as this file; what fails is said, and the old file is as it was."""
        path = path.absolute()
        try:
            write_text(path, self._lab.session.to_toml(path.parent))
        except OSError as error:
            self._notice.show_text(f"{path.name} could not be written to {path.parent}: {error.strerror or error}")
            return False
        self._document.saved_as(path)
        self._remember(path)
        self._window.statusBar().showMessage(f"Saved {path.name}", MESSAGE_MS)
        self._tell_record("file")
        return True

    def copy(self) -> None:
        """Put the lab as text on the clipboard."""
        QGuiApplication.clipboard().setText(self._lab.session.to_toml())
        self._window.statusBar().showMessage("Copied the lab as text", MESSAGE_MS)
        self._tell_record("text")

    def _tell_record(self, where: str) -> None:
        """Say so where the record was too long to be stored."""
        session = self._lab.session
        if not session.storable:
            count = len(session.record)
            self._notice.show_text(f"The {where} holds the settings only: a record of {count} edits is too long.")

    def paste(self) -> None:
        """Use the lab that the clipboard holds as text, as one step that can be undone."""
        try:
            settings = lab_from_text(QGuiApplication.clipboard().text())
        except SessionError as error:
            self._notice.show_text(f"Nothing was pasted: {error}")
            return
        self._opening.bring(settings, self._pasted)

    def ask(self, then: Then) -> None:
        """Go on at once, or ask first what is to become of unsaved changes."""
        if not self._document.modified:
            then()
            return
        if any(box.isVisible() for box in self._window.findChildren(QMessageBox, "unsaved")):
            return
        button = QMessageBox.StandardButton
        box = QMessageBox(self._window)
        box.setObjectName("unsaved")
        box.setWindowTitle("Unsaved changes")
        box.setText(f"Save the changes to “{self._document.name}”?")
        box.setInformativeText("Without saving, the changed settings are lost.")
        box.setStandardButtons(button.Save | button.Discard | button.Cancel)
        box.button(button.Discard).setText("Do&n’t save")
        box.setDefaultButton(button.Save)
        for one in box.buttons():
            # The style's own icons are drawn for light buttons.
            one.setIcon(QIcon())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.button(button.Save).clicked.connect(partial(self._save_then, then))
        box.button(button.Discard).clicked.connect(partial(_call, then))
        box.open()

    def _begin_anew(self) -> None:
        self._lab.edit(Settings(), "new lab")
        self._document.begins(None, Settings())

    def _opened(self, path: Path, stored: Settings, settings: Settings) -> None:
        self._lab.edit(settings, f"open {path.name}")
        self._document.begins(path.absolute(), settings if same_data(stored, settings) else stored)
        self._remember(path)

    def _pasted(self, settings: Settings) -> None:
        self._lab.edit(settings, "paste a lab")

    def _save_then(self, then: Then, *_: object) -> None:
        if self._document.path is None:
            self._save_as_then(then)
        elif self.write(self._document.path):
            then()

    def _save_as_then(self, then: Then) -> None:
        dialog = self._dialog("Save session", QFileDialog.AcceptMode.AcceptSave)
        # The dialog adds the ending itself, so that it also asks before another file is overwritten.
        dialog.setDefaultSuffix(ENDING[1:])
        dialog.selectFile(str(self._document.path or f"lab{ENDING}"))
        dialog.fileSelected.connect(partial(self._write_name, then))
        dialog.open()

    def _write_name(self, then: Then, name: str) -> None:
        if self.write(Path(name)):
            then()

    def _open_name(self, name: str) -> None:
        self.open_path(Path(name))

    def _dialog(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._preferences.session_folder, f"{FILTER};;All files (*)")
        dialog.setAcceptMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _remember(self, path: Path) -> None:
        self._preferences.session_folder = str(path.absolute().parent)
        self._preferences.recent = recent_with(self._preferences.recent, path)

    def _name_window(self) -> None:
        self._window.setWindowTitle(f"{self._document.name}[*]")
        self._window.setWindowModified(self._document.modified)


def _nothing() -> None:
    """What follows a save that was asked for by itself."""


def _call(then: Then, *_: object) -> None:
    then()
