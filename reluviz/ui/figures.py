"""All figures of a snapshot as files, with no window to be seen."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QSize, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from reluviz.core.snapshot import Snapshot
from reluviz.ui.export import save_png
from reluviz.ui.theme import THEMES, base_font, load_fonts
from reluviz.ui.views import VIEWS


def write_figures(
    snapshot: Snapshot, folder: Path, theme: str = "light", scale: int = 2, size: tuple[int, int] = (900, 600)
) -> list[Path]:
    """Draw every view and save it as KEY.png; needs no display. Raises ExportError with one sentence."""
    app = QApplication.instance() or _offscreen_application()
    assert app is not None
    written = []
    for key, kind in VIEWS.items():
        view = kind()
        view.set_theme(THEMES[theme], 1.0)
        view.resize(QSize(*size))
        view.draw(snapshot)
        path = folder / f"{key}.png"
        save_png(view, path, scale, size=QSize(*size))
        view.close()
        view.deleteLater()
        written.append(path)
    return written


def _offscreen_application() -> QApplication:
    """Figures never need a screen, and one that is named but cannot be reached would end the program."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_pass_on)
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    load_fonts()
    app.setFont(base_font(1.0))
    return app


def _pass_on(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """What Qt has to say, without what its offscreen platform says of every window."""
    if "This plugin does not support" not in message:
        print(message, file=sys.stderr)
