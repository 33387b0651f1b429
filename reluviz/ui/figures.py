"""Figures of a snapshot as files, with no window to be seen."""

import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMessageLogContext, QRectF, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from reluviz.core.snapshot import NEEDS, Snapshot
from reluviz.ui.export import Look, PageSubject, Subject, ViewSubject, discard
from reluviz.ui.export_formats import save
from reluviz.ui.export_size import Size
from reluviz.ui.theme import LIGHT, base_font, load_fonts
from reluviz.ui.views import VIEWS, View
from reluviz.ui.workspaces import WORKSPACES, places

DASHBOARD = "dashboard"
KEYS = (*VIEWS, DASHBOARD)
# Where each view is at first, as in the window without its controls.
PLACES = {key: QRectF(*place) for key, place in places(WORKSPACES[0]).items()}


def needs(*keys: str) -> frozenset[str]:
    """What figures of these views, all of them for none, or of the dashboard draw of a snapshot."""
    drawn = [each for key in keys or VIEWS for each in (PLACES if key == DASHBOARD else (key,))]
    return NEEDS.union(*(VIEWS[key].needs for key in drawn))


def write_figures(
    snapshot: Snapshot, folder: Path, kind: str = "png", size: Size | None = None, look: Look | None = None
) -> list[Path]:
    """Draw every view and save it as KEY.png, .svg or .pdf; needs no display. Raises ExportError with one sentence."""
    written = []
    for key in VIEWS:
        path = folder / f"{key}.{kind}"
        write_figure(snapshot, key, path, size, look)
        written.append(path)
    return written


def write_figure(
    snapshot: Snapshot, key: str, path: Path, size: Size | None = None, look: Look | None = None,
    options: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Draw one view, or all on one page for the key "dashboard", and save it in the format of the file's ending.

    `options` are what is chosen in the view, as its `options` gives them. Raises ExportError with one sentence.
    """
    app = QApplication.instance() or _offscreen_application()
    assert app is not None
    keys = tuple(PLACES) if key == DASHBOARD else (key,)
    views = {name: _unseen(snapshot, name, options or {}) for name in keys}
    subject: Subject = ViewSubject(views[key]) if key in views else PageSubject(_placed(views))
    try:
        save(subject, path, size, look or Look(LIGHT))
    finally:
        for view in views.values():
            discard(view)


def _placed(views: dict[str, View]) -> list[tuple[View, QRectF]]:
    return [(view, PLACES[name]) for name, view in views.items()]


def _unseen(snapshot: Snapshot, key: str, options: dict[str, Any]) -> View:
    view = VIEWS[key]()
    view.set_options(options)
    view.draw(snapshot)
    return view


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
