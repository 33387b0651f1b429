"""What the window does with figures: asks where to, writes, and says what failed."""

import atexit
from pathlib import Path

import msgspec
from PySide6.QtCore import QMimeData, QObject, QRect, QRectF
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from reluviz.ui.appearance import Appearance
from reluviz.ui.dashboard import Dashboard
from reluviz.ui.export import GAP, ExportError, Look, PageSubject, Subject, ViewSubject
from reluviz.ui.export_choice import DASHBOARD, KINDS, SCREEN, WINDOW, FigureChoice
from reluviz.ui.export_dialog import ExportDialog
from reluviz.ui.export_formats import FORMATS, picture, save
from reluviz.ui.export_size import Size
from reluviz.ui.export_table import tab_text
from reluviz.ui.export_window import WindowSubject
from reluviz.ui.notice import Notice
from reluviz.ui.preferences import Preferences
from reluviz.ui.theme import THEMES
from reluviz.ui.views.base import View

MIME = {"svg": "image/svg+xml", "pdf": "application/pdf"}

# The clipboards of these platforms are inside the program and outlive Python: an offer made here must go before.
OUTLIVING = frozenset({"offscreen", "minimal"})


class Exporting(QObject):
    """Saves and copies the views of a window, all of them on one page, and the window."""

    def __init__(
        self, window: QMainWindow, dashboard: Dashboard, preferences: Preferences, notice: Notice,
        appearance: Appearance,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._dashboard = window, dashboard
        self._preferences, self._notice = preferences, notice
        self._appearance = appearance
        self.dialog: ExportDialog | None = None
        for dock in dashboard.docks.values():
            dock.export_requested.connect(self.open_dialog)
            dock.copy_requested.connect(self.copy_image)
            dock.copy_data_requested.connect(self.copy_data)

    @property
    def titles(self) -> dict[str, str]:
        """All that can be exported, by key."""
        return {**self._dashboard.titles, DASHBOARD: "Dashboard, all visible plots", WINDOW: "Window as it is"}

    @property
    def choice(self) -> FigureChoice:
        """What was chosen last."""
        return self._preferences.figure

    def remember(self, choice: FigureChoice) -> None:
        """Begin with this the next time."""
        self._preferences.figure = choice

    @property
    def folder(self) -> Path:
        """Where the last figure went."""
        return Path(self._preferences.image_folder)

    def subject(self, key: str) -> Subject:
        """What a key stands for, as it is now."""
        docks = self._dashboard.docks
        seen = [dock for dock in docks.values() if dock.living is not None and dock.living.seen]
        if key == WINDOW:
            return WindowSubject(self._window, [self._fresh(dock.view) for dock in seen if not dock.isFloating()])
        if key != DASHBOARD:
            return ViewSubject(self._fresh(docks[key].view))
        inside = [dock for dock in seen if not dock.isFloating()]
        room = QRect()
        for dock in inside:
            room = room.united(dock.geometry())
        return PageSubject([(self._fresh(dock.view), _share(dock.geometry(), room)) for dock in inside])

    def _fresh(self, view: View) -> View:
        """The view with the newest snapshot: one that is hidden, or rests, has an old one or none."""
        newest = getattr(self._window, "snapshot", None)
        if newest is not None and not newest.holds(view.needs):
            newest = self._dashboard.fetch(view.needs) or newest
        if newest is not None and view.snapshot is not newest:
            view.draw(newest)
        return view

    def size(self, choice: FigureChoice) -> Size:
        """The chosen size, or the window's own; raises ValueError with one sentence."""
        return WindowSubject(self._window, []).size(choice.dpi) if choice.subject == WINDOW else choice.size()

    def look(self, choice: FigureChoice) -> Look:
        """The chosen dress."""
        theme = self._appearance.theme if choice.theme == SCREEN else THEMES[choice.theme]
        return Look(theme, choice.text, choice.transparent and choice.subject != WINDOW, choice.title)

    def export(self) -> None:
        """Choose a figure, beginning with the last one."""
        self.open_dialog()

    def open_dialog(self, key: str = "") -> None:
        """Choose and see a figure before it is saved; `key` is what to begin with."""
        choice = self.choice if not key else msgspec.structs.replace(self.choice, subject=key)
        if choice.subject not in self.titles:
            choice = FigureChoice()
        self.dialog = ExportDialog(self, choice, self._window)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        self.dialog = None

    def write(self, choice: FigureChoice, path: Path) -> None:
        """Save a figure; raises ExportError with one sentence."""
        try:
            save(self.subject(choice.subject), path, self.size(choice), self.look(choice), choice.kind)
        except ValueError as error:
            raise ExportError(str(error)) from error
        self._preferences.image_folder = str(path.parent)
        self._window.statusBar().showMessage(f"Saved {path.name}", 4000)

    def write_image(self, key: str, path: Path) -> None:
        """Save what a key stands for as the file's ending says; what fails is said."""
        kind = path.suffix[1:].lower()
        try:
            if kind not in KINDS:
                raise ExportError(f"the ending of {path.name} is not allowed: it must be {', '.join(KINDS)}")
            self.write(msgspec.structs.replace(self.choice, subject=key, kind=kind), path)
        except ExportError as error:
            self._notice.show_text(str(error))

    def copy(self, choice: FigureChoice) -> None:
        """Put a figure on the clipboard: a picture, with the drawing or document beside it, or the numbers as text.

        Raises ExportError with one sentence.
        """
        subject, look = self.subject(choice.subject), self.look(choice)
        offer = QMimeData()
        try:
            size = self.size(choice)
        except ValueError as error:
            raise ExportError(str(error)) from error
        if choice.kind == "csv":
            if not isinstance(subject, ViewSubject):
                raise ExportError(f"{subject.title} has no table of its own: choose one view")
            offer.setText(tab_text(subject.view))
        else:
            offer.setImageData(picture(subject, size, look))
            if choice.kind in MIME:
                offer.setData(MIME[choice.kind], FORMATS[choice.kind](subject, size, look))
        QGuiApplication.clipboard().setMimeData(offer)
        if QGuiApplication.platformName() in OUTLIVING:
            atexit.register(_clear_clipboard)
        self._window.statusBar().showMessage("Copied", 4000)

    def copy_image(self, key: str) -> None:
        """Put what a key stands for on the clipboard as a picture; what fails is said."""
        self._try_copy(msgspec.structs.replace(self.choice, subject=key, kind="png"))

    def copy_data(self, key: str) -> None:
        """Put the numbers of a view on the clipboard, ready for a spreadsheet; what fails is said."""
        self._try_copy(msgspec.structs.replace(self.choice, subject=key, kind="csv"))

    def _try_copy(self, choice: FigureChoice) -> None:
        try:
            self.copy(choice)
        except ExportError as error:
            self._notice.show_text(str(error))


def _clear_clipboard() -> None:
    if QGuiApplication.instance() is not None:
        QGuiApplication.clipboard().clear()


def _share(place: QRect, room: QRect) -> QRectF:
    """A dock's place within the room of all, the separators divided among their neighbours."""
    half = GAP / 2
    outer = QRectF(room).adjusted(-half, -half, half, half)
    inner = QRectF(place).adjusted(-half, -half, half, half)
    return QRectF(
        (inner.x() - outer.x()) / outer.width(), (inner.y() - outer.y()) / outer.height(),
        inner.width() / outer.width(), inner.height() / outer.height(),
    )  # fmt: skip
