"""The main window: it assembles, asks the lab for frames, and remembers how it was left."""

import logging
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QIcon, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QMessageBox

from reluviz.ui.appearance import Appearance
from reluviz.ui.crash import CrashGuard
from reluviz.ui.drops import dropped_file
from reluviz.ui.inputs import RETURN, press
from reluviz.ui.layout import Layout, LayoutStore
from reluviz.ui.preferences import Preferences
from reluviz.ui.recovery import Recovery
from reluviz.ui.workspaces import WORKSPACES

log = logging.getLogger(__name__)

FRAME_MS = 16
SIZE = QSize(1440, 900)
MOST_OF_SCREEN = 0.94


class MainWindow(QMainWindow):
    """Everything a person sees."""

    first_painted = Signal()
    """The empty window has been painted."""
    dashboard_painted = Signal()
    """All views have drawn their first snapshot."""

    def __init__(
        self,
        make_lab: Callable[[], Any],
        appearance: Appearance,
        preferences: Preferences,
        store: LayoutStore,
        guard: CrashGuard,
        recovery: Recovery,
    ) -> None:
        super().__init__()
        self._make_lab = make_lab
        self.lab: Any = None
        # What the window begins with: a session file, and the lab in it; or a file of data.
        self.first: tuple[Path, Any] | None = None
        self.offers_kept_labs = True
        # An arrangement to open with, in place of the one that was left.
        self.workspace = ""
        self._recovery = recovery
        # Whether the person has said what is to become of unsaved changes.
        self._settled = self._keeps = False
        self.appearance, self.preferences = appearance, preferences
        self._store, self._guard = store, guard
        self.snapshot: Any = None
        self._stage = 0
        self.setWindowTitle("reluviz")
        self.setWindowIcon(appearance.icon("reluviz"))
        self.setDockNestingEnabled(True)
        self.setAcceptDrops(True)
        self.resize(SIZE.boundedTo(self.screen().availableSize() * MOST_OF_SCREEN))
        self._loading = QLabel("Opening the laboratory…")
        self._loading.setObjectName("loading")
        self._loading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setCentralWidget(self._loading)
        self.timer = QTimer(self)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.setInterval(FRAME_MS)
        self.timer.timeout.connect(self._tick)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Start the second stage once the first frame is on the screen."""
        super().paintEvent(event)
        if self._stage == 0:
            self._stage = 1
            QTimer.singleShot(0, self._open)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the focused button, since Space trains."""
        if event.key() not in RETURN or not press(self.focusWidget()):
            super().keyPressEvent(event)

    def _open(self) -> None:
        """The second stage; what breaks in it is said where people look, and goes on to the log."""
        self.first_painted.emit()
        try:
            self._build()
        except Exception:
            self._loading.setText("The laboratory could not be opened; the log says why.")
            raise

    def _build(self) -> None:
        """The lab, docks, bars and controls."""
        self.lab = self._make_lab()
        # NumPy and pyqtgraph cost half a second to import: not before the first frame has been painted.
        from reluviz.ui.actions import Actions  # noqa: PLC0415
        from reluviz.ui.dashboard import Dashboard  # noqa: PLC0415
        from reluviz.ui.desk import Desk  # noqa: PLC0415
        from reluviz.ui.exporting import Exporting  # noqa: PLC0415
        from reluviz.ui.notice import Notice  # noqa: PLC0415
        from reluviz.ui.passport_desk import Passports  # noqa: PLC0415
        from reluviz.ui.status import Status  # noqa: PLC0415

        # Not before: Python can lose a package that two threads import at the same moment, as Numba and pyqtgraph do.
        self.lab.start()
        self.dashboard = Dashboard(self, self.lab, self.appearance)
        self.notice = Notice(self.appearance)
        self.exporting = Exporting(self, self.dashboard, self.preferences, self.notice, self.appearance)
        self.passports = Passports(self, self.lab, self.appearance, self.preferences)
        self.desk = Desk(self, self.lab, self.preferences, self.notice, self._recovery)
        self.commands = Actions(self, self.lab, self.appearance)
        self.status = Status(self.statusBar(), self.lab, self.appearance)
        self.commands.do("export", self.exporting.export)
        self._build_bars()
        self._connect()
        self._furnish()

    def _build_bars(self) -> None:
        """Menus, the tool bar, the line for notices and the bar of time."""
        from reluviz.ui.menus import RecentMenu, build_menu_bar, export_menu, theme_menu, workspace_menu  # noqa: PLC0415
        from reluviz.ui.time_bar import TimeBar  # noqa: PLC0415
        from reluviz.ui.toolbar import Toolbar  # noqa: PLC0415

        look = theme_menu(self.appearance)
        export = export_menu(
            self.commands["export"], self.exporting.titles, self.dashboard.titles, self.exporting.copy_image,
            self.exporting.copy_data,
        )
        arrangements = workspace_menu(self.dashboard.arrange)
        menus = {"views": arrangements, "theme": look, "export": export}
        self.toolbar = Toolbar(self.lab, self.commands, self.appearance, menus)
        self.addToolBar(self.toolbar)
        self.addToolBarBreak()
        self.addToolBar(self.notice)
        self.time_bar = TimeBar(self.lab, self.commands, self.appearance)
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, self.time_bar)
        recent = RecentMenu(self.preferences, self.desk.documents.open_path)
        menus = {"export": export, "look": look, "recent": recent, "views": arrangements}
        build_menu_bar(self, self.commands, self.dashboard.toggles(), menus)

    def _furnish(self) -> None:
        """Put everything in its place, as it was left, and begin."""
        loading = self.takeCentralWidget()
        if loading is not None:
            loading.deleteLater()
        self.dashboard.arrange(self.workspace or WORKSPACES[0].key)
        self.dashboard.set_options(self.preferences.views)
        if not self.workspace:
            self._restore_layout()
        self._show_hint()
        self.desk.begin(self.first, offer=self.offers_kept_labs)
        self._stage = 2
        self.timer.start()

    def _connect(self) -> None:
        for key, slot in (
            *self.desk.deeds(), ("quit", self.close), ("passports", self.passports.open),
            ("reset_layout", self.reset_layout), ("full_screen", self._toggle_full_screen),
            ("shortcuts", self._show_shortcuts), ("about", self._show_about),
        ):  # fmt: skip
            self.commands.do(key, slot)
        self.desk.files.attend(self.dashboard.panel.data)
        self.lab.failed.connect(self._on_failed)
        self.lab.playing_changed.connect(self._on_playing)
        self.lab.past_changed.connect(self.dashboard.panel.rest)
        self.lab.preparing.connect(self._on_preparing)
        self.lab.ready.connect(self._on_ready)
        handle = self.windowHandle()
        if handle is not None:
            # Pens are made for a screen's resolution.
            handle.screenChanged.connect(self.dashboard.dress)

    def _tick(self) -> None:
        """One frame: fetch the newest snapshot and draw what can be seen."""
        snapshot = self.lab.poll()
        if snapshot is not None:
            self.snapshot = snapshot
            self.status.note_frame(snapshot)
            self.time_bar.show_snapshot(snapshot)
        if self.snapshot is not None:
            self.dashboard.draw(self.snapshot)
            if self._stage == 2:
                self._stage = 3
                QTimer.singleShot(0, self.dashboard_painted.emit)
        self.status.tick()
        for sentence in self._guard.sentences():
            self.notice.show_text(sentence)

    def reset_layout(self) -> None:
        """Put every dock back to where it was at first."""
        self._store.forget()
        self.dashboard.arrange()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file of this machine; what it is, is looked at when it is dropped."""
        if self.lab is not None and dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a session or a table."""
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            # The program that the file comes from waits until this has returned.
            QTimer.singleShot(0, self, partial(self.desk.open_any, path))

    def close_now(self, *, keep: bool = False) -> None:
        """Close without a question; `keep` leaves unsaved changes to be offered at the next start."""
        self._settled, self._keeps = True, keep
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved changes; then stop training, remember how things were, and go."""
        # Qt ignores a close inside a close: an unchanged lab is not asked about, and closes at once.
        if self._stage >= 2 and not self._settled and self.desk.document.modified:
            event.ignore()
            self.desk.documents.ask(self.close_now)
            return
        self.timer.stop()
        if self._stage >= 2:
            self.desk.rescue.end(keep=self._keeps)
            self.desk.files.close()
            self.passports.close()
        if self._stage >= 2:
            self._remember()
        if self.lab is not None and not self.lab.close():
            log.error("the training thread did not end in time")
        event.accept()

    def _remember(self) -> None:
        self._store.save(Layout(bytes(self.saveGeometry().data()), bytes(self.saveState().data())))
        chosen = self.preferences
        chosen.theme, chosen.scale = self.appearance.choice, self.appearance.scale
        chosen.speed = self.lab.speed if math.isfinite(self.lab.speed) else 0.0
        chosen.views = self.dashboard.options()

    def _restore_layout(self) -> None:
        layout = self._store.load()
        if layout is None:
            return
        self._store.begin()
        self.restoreGeometry(QByteArray(layout.geometry))
        self.restoreState(QByteArray(layout.state))
        # A notice is about a moment, not part of the layout.
        self.notice.hide()
        QTimer.singleShot(0, self._store.end)

    def _show_hint(self) -> None:
        from reluviz.ui.notice import HINT  # noqa: PLC0415  (imported by now)

        free = self.notice.isHidden() or self.notice.kind == "hint"
        if free and not self.preferences.hint_seen and self.lab.settings == type(self.lab.settings)():
            self.notice.show_text(HINT, "hint")

    def _on_preparing(self, done: int, total: int, name: str) -> None:
        if done < total:
            words = f"Preparing the engine, once per machine: {name}, {done + 1} of {total}. It takes a minute or two."
            self.notice.show_text(words, "hint")
        else:
            self.notice.dismiss_hint()

    def _on_ready(self) -> None:
        self.notice.dismiss_hint()
        self._show_hint()

    def _on_playing(self, playing: bool) -> None:
        if playing:
            self.notice.dismiss_hint()
            self.preferences.hint_seen = True

    def _on_failed(self, sentence: str) -> None:
        self.notice.show_text(sentence)
        if self.lab.last_trace:
            log.error("%s\n%s", sentence, self.lab.last_trace)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _show_shortcuts(self) -> None:
        from reluviz.ui.dialogs import shortcuts_text  # noqa: PLC0415  (imported when asked for)

        self._tell("Keyboard shortcuts", shortcuts_text())

    def _show_about(self) -> None:
        from reluviz.ui.dialogs import about_text  # noqa: PLC0415  (imported when asked for)

        self._tell("About reluviz", about_text())

    def _tell(self, title: str, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, QMessageBox.StandardButton.Close, self)
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # The style's own cross is drawn for a light button.
        box.button(QMessageBox.StandardButton.Close).setIcon(QIcon())
        box.open()
