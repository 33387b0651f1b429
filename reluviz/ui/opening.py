"""Labs brought in from outside: their data are read first, and what is wrong is said with what helps."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QMainWindow

from reluviz.core.contents import DataChanged, DataMissing
from reluviz.core.settings import Settings
from reluviz.core.ticket import Cancelled
from reluviz.ui.datafiles import DataFiles
from reluviz.ui.notice import Notice, Offer
from reluviz.ui.preferences import Preferences

Use = Callable[[Settings], object]


class Opening(QObject):
    """Hands over a lab once its data have been read; a moved or changed data file is told, and can be put right."""

    def __init__(self, window: QMainWindow, files: DataFiles, preferences: Preferences, notice: Notice) -> None:
        super().__init__(window)
        self._window, self._files, self._preferences, self._notice = window, files, preferences, notice

    def bring(self, settings: Settings, use: Use) -> None:
        """Read the lab's data, if they come from a file, then call `use`; the lab on screen stays if that fails."""
        self._files.settle(settings, use, partial(self._refuse, settings, use))

    def _refuse(self, settings: Settings, use: Use, sentence: str, problem: Exception) -> None:
        if isinstance(problem, Cancelled):
            self._notice.show_text(sentence, "hint")
            return
        offers: list[Offer] = []
        if isinstance(problem, DataMissing):
            offers = [("&Locate…", "Say where the data file is now", partial(self._locate, settings, use))]
        elif isinstance(problem, DataChanged):
            present = settings.evolve(data=settings.data.evolve(sha256=""))
            offers = [("&Use it as it is", "Go on with the file as it is now", partial(self.bring, present, use))]
        self._notice.show_text(sentence, "error", offers)

    def _locate(self, settings: Settings, use: Use) -> None:
        dialog = QFileDialog(self._window, "Where is the data file?", self._preferences.session_folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(partial(self.locate, settings, use))
        dialog.open()

    def locate(self, settings: Settings, use: Use, name: str) -> None:
        """Go on with the data file at another place; its content must still be the same."""
        self.bring(settings.evolve(data=settings.data.evolve(path=name)), use)
