"""The one place that joins the layers: it opens the window and sees it out."""

import gc
import math
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from reluviz import resources
from reluviz.ui import preferences as preference_file
from reluviz.ui.appearance import Appearance
from reluviz.ui.crash import CrashGuard
from reluviz.ui.layout import LayoutStore
from reluviz.ui.main_window import MainWindow
from reluviz.ui.preferences import Preferences
from reluviz.ui.recovery import Recovery

GARBAGE_MS = 500
SWITCH_S = 0.0005
SELFTEST_STEPS = 50
SCREENSHOT_STEPS = 1500
PATIENCE_MS = 180_000


class Sweeper(QObject):
    """Collects cyclic garbage in the GUI thread only: from another thread it would destroy widgets there and crash."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._collected = gc.isenabled()
        gc.disable()
        self._turn = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._sweep)
        self._timer.start(GARBAGE_MS)

    def stop(self) -> None:
        """Give collection back to the interpreter, if it was there that it came from."""
        self._timer.stop()
        if self._collected:
            gc.enable()

    def _sweep(self) -> None:
        self._turn += 1
        gc.collect(2 if self._turn % 120 == 0 else 1 if self._turn % 10 == 0 else 0)


def make_application() -> QApplication:
    """The QApplication, set up before anything is drawn."""
    # Qt hands long translucent spans to a thread pool and waits for it, which costs ten times as much as drawing them.
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
    # The training thread needs the GIL for moments only; with Python's 5 ms it would wait longer than it computes.
    sys.setswitchinterval(SWITCH_S)
    QGuiApplication.setDesktopFileName("org.reluviz.Reluviz")
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("reluviz")
    app.setApplicationDisplayName("reluviz")
    app.setStyle("Fusion")
    return app


class Session:
    """One run of the program: the window with everything it needs, and how it ends."""

    def __init__(
        self, settings: Any = None, *, file: Path | None = None, reset_layout: bool = False, safe_mode: bool = False,
        rehearsed: bool = False,
    ) -> None:  # fmt: skip
        self.app = make_application()
        self.folder = resources.user_config_dir()
        self.guard = CrashGuard(resources.user_state_dir())
        self.guard.install()
        self.safe = safe_mode
        self.preferences = Preferences() if safe_mode else preference_file.load(self.folder)
        self.appearance = Appearance(self.app, self.preferences.theme, self.preferences.scale)
        store = LayoutStore(self.folder)
        if reset_layout or safe_mode:
            store.forget()
        self._settings = settings
        recovery = Recovery(resources.user_state_dir())
        self.window = MainWindow(self._make_lab, self.appearance, self.preferences, store, self.guard, recovery)
        self.window.first = (file, settings) if file is not None else None
        self.window.offers_kept_labs = not rehearsed
        self.sweeper = Sweeper(self.app)
        self.app.aboutToQuit.connect(self._stop)

    @property
    def lab(self) -> Any:
        """The lab; None until the window has been painted once."""
        return self.window.lab

    def show(self) -> None:
        """Put the window on the screen."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)
        self.window.show()

    def finish(self) -> None:
        """Write what is to be remembered, end the thread, give the hooks back."""
        self._stop()
        if not self.safe:
            preference_file.save(self.preferences, self.folder)
        self.sweeper.stop()
        self.guard.remove()
        self.appearance.deleteLater()
        self.window.deleteLater()

    def _make_lab(self) -> Any:
        # The settings bring NumPy along, which the first frame must not wait for.
        from reluviz.core.datasets import DATASETS  # noqa: PLC0415
        from reluviz.core.settings import Settings  # noqa: PLC0415
        from reluviz.ui.lab import Lab  # noqa: PLC0415

        wanted = self._settings
        # Data from a file are read first, with progress: the window opens on the first lab meanwhile.
        ready = wanted is not None and wanted.data.key in DATASETS
        lab = Lab(wanted if ready else Settings())
        lab.set_speed(self.preferences.speed or math.inf)
        return lab

    def _stop(self) -> None:
        if self.lab is not None:
            self.lab.close()

    def _end(self, *_: object) -> None:
        # Python's signal handlers run between two frames of the window's timer, so closing here is safe.
        # Nobody can be asked now: unsaved changes are offered at the next start.
        self.window.close_now(keep=True)


def run_window(
    settings: Any = None,
    *,
    file: Path | None = None,
    reset_layout: bool = False,
    workspace: str = "",
    safe_mode: bool = False,
    selftest: bool = False,
    screenshot: Path | None = None,
) -> int:
    """Open the window and return the exit code when it has been closed.

    `file` is what it begins with: a session, whose lab is `settings`, or a file of data; None for the first lab.
    `workspace` names an arrangement (ui/workspaces.py) to open with; empty for the window as it was left.
    """
    session = Session(
        settings, file=file, reset_layout=reset_layout, safe_mode=safe_mode or selftest,
        rehearsed=selftest or screenshot is not None,
    )  # fmt: skip
    session.window.workspace = workspace
    probe: Rehearsal | None = None
    if selftest:
        probe = Rehearsal(session, SELFTEST_STEPS, None)
    elif screenshot is not None:
        probe = Rehearsal(session, SCREENSHOT_STEPS, screenshot)
    session.show()
    code = session.app.exec()
    session.finish()
    return probe.code if probe is not None else code


class Rehearsal(QObject):
    """Trains a few steps in the real window, saves pictures, and closes it."""

    def __init__(self, session: Session, steps: int, target: Path | None) -> None:
        super().__init__()
        self.code = 1
        self._session, self._steps, self._target = session, steps, target
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._watch)
        session.window.dashboard_painted.connect(self._begin)
        QTimer.singleShot(PATIENCE_MS, self, self._give_up)
        if target is not None:
            session.window.resize(QSize(1600, 1000))

    def _begin(self) -> None:
        self._session.lab.step(self._steps)
        self._timer.start(100)

    def _watch(self) -> None:
        snapshot = self._session.window.snapshot
        if snapshot is None or snapshot.step < self._steps or self._session.lab.playing:
            return
        self._timer.stop()
        if self._target is not None:
            saved = self._session.window.grab().save(str(self._target))
        else:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "loss.png"
                self._session.window.exporting.write_image("loss", path)
                saved = path.is_file()
        self.code = 0 if saved and not self._session.lab.last_trace else 1
        self._say("the window trained, drew and saved" if self.code == 0 else "the window did not save its picture")
        self._session.window.close_now()

    def _give_up(self) -> None:
        self._say("the window did not get ready in time")
        self._session.window.close_now()

    def _say(self, sentence: str) -> None:
        print(f"reluviz: {sentence}", file=sys.stderr if self.code else sys.stdout)
