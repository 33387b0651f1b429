"""A person's own files of data: chosen, dropped, or named in a session; read in the background, used as one step."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QMainWindow

from reluviz.core.contents import DataError, check_file
from reluviz.core.files import FileSource, source_for
from reluviz.core.settings import Settings
from reluviz.core.ticket import Cancelled
from reluviz.ui.data_dialog import DataDialog
from reluviz.ui.data_panel import DataPanel
from reluviz.ui.edits import with_data
from reluviz.ui.lab import Lab
from reluviz.ui.notice import Notice
from reluviz.ui.preferences import Preferences
from reluviz.ui.reading_dialog import ReadingDialog
from reluviz.ui.reading_watch import ReadingWatch

FILTERS = "Tables, arrays and images (*.csv *.tsv *.txt *.dat *.npz *.idx *.gz *ubyte);;All files (*)"
Then = Callable[[Settings], object]
Failed = Callable[[str, Exception], object]


class DataFiles(QObject):
    """Asks for files of data, reads them, and gives the lab what the person chose."""

    def __init__(self, window: QMainWindow, lab: Lab, preferences: Preferences, notice: Notice) -> None:
        super().__init__(window)
        self._window, self._lab = window, lab
        self._preferences, self._notice = preferences, notice
        self._preview = ReadingWatch(self)
        self._session = ReadingWatch(self)
        self._session.settled.connect(self._settled)
        self._session.refused.connect(self._refused)
        self._waiting: tuple[Settings, Then, Failed] | None = None
        self._progress: ReadingDialog | None = None
        # The dialog on the screen, and the source it began with; None while there is none.
        self.dialog: DataDialog | None = None

    def attend(self, panel: DataPanel) -> None:
        """Do what the data panel asks for."""
        panel.file_wanted.connect(self.choose)
        panel.choices_wanted.connect(self.change_choices)

    def choose(self) -> None:
        """Ask for a file, then how it is to be used."""
        asking = QFileDialog(self._window, "Open data", self._folder(), FILTERS)
        asking.setObjectName("openData")
        asking.setFileMode(QFileDialog.FileMode.ExistingFile)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.fileSelected.connect(self._chosen)
        asking.open()

    def open_path(self, path: Path) -> None:
        """Look at a file and ask how it is to be used; what is wrong with it is said."""
        path = Path(path).absolute()
        try:
            source = source_for(path)
        except DataError as error:
            self._notice.show_text(str(error))
            return
        self._ask(source)

    def change_choices(self) -> None:
        """Ask anew how the lab's file is to be used, as it is now."""
        source = self._lab.settings.data
        if isinstance(source, FileSource):
            self._ask(source.evolve(sha256=""))

    def settle(self, settings: Settings, then: Then, failed: Failed) -> None:
        """Read the data of a lab in the background and call `then` with the lab, in this thread.

        Calls back at once where the data are no file. `failed` gets one sentence and the exception, which is
        Cancelled if the person gave up; a second call gives up the first.
        """
        self._give_up()
        if not isinstance(settings.data, FileSource):
            then(settings)
            return
        self._waiting = (settings, then, failed)
        self._progress = ReadingDialog(settings.data.label, self._window)
        self._progress.rejected.connect(self._give_up)
        self._session.progressed.connect(self._progress.show_done)
        self._session.start(settings.data)

    def close(self) -> None:
        """End what is being read, and the dialogs; safe to call twice."""
        if self.dialog is not None:
            self.dialog.reject()
        self._waiting = None
        self._hide_progress()
        self._preview.close()
        self._session.close()

    def _folder(self) -> str:
        data = self._lab.settings.data
        if isinstance(data, FileSource):
            return str(Path(data.path).parent)
        return self._preferences.data_folder

    def _chosen(self, name: str) -> None:
        self.open_path(Path(name))

    def _ask(self, source: FileSource) -> None:
        path = Path(source.path)
        try:
            size = check_file(path)
        except DataError as error:
            self._notice.show_text(str(error))
            return
        if self.dialog is not None:
            self.dialog.reject()
        self.dialog = DataDialog(source, size, self._preview, self._window)
        self.dialog.chosen.connect(self._use)
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    def _forget(self) -> None:
        self.dialog = None

    def _use(self, source: FileSource) -> None:
        self._preferences.data_folder = str(Path(source.path).parent)
        before: Any = self._lab.settings.data
        same = isinstance(before, FileSource) and (before.path, before.sha256) == (source.path, source.sha256)
        # Choices that changed are told one by one; another file is one word.
        self._lab.edit(with_data(self._lab.settings, source), "" if same else f"open {source.label}")

    def _settled(self, source: FileSource, contents: object) -> None:
        del contents
        if self._waiting is not None:
            settings, then, failed = self._waiting
            self._waiting = None
            self._hide_progress()
            try:
                lab = settings.evolve(data=source)
            except ValueError as problem:
                # The loss does not fit what the file turned out to be.
                failed(str(problem), problem)
                return
            then(lab)

    def _refused(self, sentence: str, problem: Exception) -> None:
        if self._waiting is not None:
            _, _, failed = self._waiting
            self._waiting = None
            self._hide_progress()
            failed(sentence, problem)

    def _give_up(self) -> None:
        if self._waiting is None:
            return
        settings, _, failed = self._waiting
        self._waiting = None
        self._session.cancel()
        self._hide_progress()
        failed(f"Reading {settings.data.label} was cancelled: the lab stays as it was", Cancelled())

    def _hide_progress(self) -> None:
        if self._progress is not None:
            progress, self._progress = self._progress, None
            self._session.progressed.disconnect(progress.show_done)
            progress.rejected.disconnect(self._give_up)
            progress.end()
