"""What can be exported, and the paper it is drawn on: views drawn anew, so that all of it grows together."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from reluviz.core.snapshot import Snapshot
from reluviz.ui.export_size import Size
from reluviz.ui.theme import Theme, base_font
from reluviz.ui.views.base import View

# Room for a title, and the gap between the panels of a dashboard.
TITLE = 30
GAP = 6.0


class ExportError(Exception):
    """A figure that could not be made or written; its text is one sentence for the person."""


@dataclass(frozen=True)
class Look:
    """How a figure is dressed. `theme` None is the screen's; `text` is the size of the letters, 1 for the usual one."""

    theme: Theme | None = None
    text: float = 1.0
    transparent: bool = False
    title: bool = True


@dataclass(frozen=True)
class Sheet:
    """The paper: its layout in units (1/96 inch), how many pixels a unit has, and whether lines may become pixels."""

    width: int
    height: int
    scale: float
    vector: bool
    look: Look

    @classmethod
    def of(cls, size: Size, look: Look, *, vector: bool) -> "Sheet":
        """The paper for a figure of this size; what is drawn as lines and curves has no pixels."""
        return cls(*size.units, 1.0 if vector else size.scale, vector, look)


class Subject(Protocol):
    """What can be exported."""

    title: str

    @property
    def views(self) -> Sequence[View]:
        """The views that it shows."""

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """Draw on a device whose unit is the sheet's; raises ExportError with one sentence."""


class ViewSubject:
    """One view, as it is now."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.title = view.title
        self.views = (view,)

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """The view fills the sheet."""
        paint_view(self.view, painter, QRectF(0, 0, sheet.width, sheet.height), sheet)


class PageSubject:
    """Several views on one page, each in its place: a rectangle within (0, 0, 1, 1)."""

    title = "Dashboard"

    def __init__(self, places: Sequence[tuple[View, QRectF]]) -> None:
        self._places = places
        self.views = tuple(view for view, _ in places)

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """Panels on the window's colour, with the window's gaps between them."""
        if not self._places:
            raise ExportError("no view is visible, so there is no dashboard to export")
        if not sheet.look.transparent:
            theme = sheet.look.theme or self._places[0][0].theme
            painter.fillRect(QRectF(0, 0, sheet.width, sheet.height), QColor(theme.window))
        for view, share in self._places:
            room = QRectF(
                share.x() * sheet.width, share.y() * sheet.height, share.width() * sheet.width,
                share.height() * sheet.height,
            )  # fmt: skip
            inner = room.adjusted(GAP / 2, GAP / 2, -GAP / 2, -GAP / 2)
            # Whole units: letters are set at whole places.
            paint_view(view, painter, QRectF(inner.toRect()), sheet)


def paint_view(view: View, painter: QPainter, room: QRectF, sheet: Sheet) -> None:
    """Background, title and plots of one view in `room`; markers as paths, not as pictures of the screen's dots."""
    look = sheet.look
    head = TITLE * look.text if look.title else 0.0
    size = QSize(max(1, round(room.width())), max(1, round(room.height() - head)))
    with stand_in(view, size, sheet) as copy:
        painter.save()
        if not look.transparent:
            painter.fillRect(room, QColor(copy.theme.panel))
        if look.title:
            _paint_title(copy, painter, QRectF(room.left(), room.top(), room.width(), head))
        target = QRectF(room.left(), room.top() + head, size.width(), size.height())
        paint_canvas(copy, painter, target, vector=sheet.vector)
        painter.restore()


def _paint_title(view: View, painter: QPainter, room: QRectF) -> None:
    font = base_font(view.scale)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(view.theme.text))
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    painter.drawText(room.adjusted(12, 2, -12, 0), flags, view.title)


def paint_canvas(view: View, painter: QPainter, target: QRectF, *, vector: bool) -> None:
    """The plots of a view that nobody sees, on any paint device."""
    scene = view.canvas.scene()
    for item in scene.items():
        if hasattr(item, "setExportMode"):
            item.setExportMode(True, {"antialias": True, "resolutionScale": 1.0, "vector": vector})
        if isinstance(item, pg.PlotCurveItem):
            # One path a curve: pieces would show their seams, and break the rhythm of dashes.
            item.setSegmentedLineMode("off")
    scene.prepareForPaint()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    view.canvas.render(painter, target, view.canvas.viewport().rect(), Qt.AspectRatioMode.IgnoreAspectRatio)


@contextmanager
def stand_in(view: View, size: QSize, sheet: Sheet) -> Iterator[View]:
    """A copy of a view that nobody sees: the one on the screen does not flicker, and may have another theme."""
    if view.snapshot is None:
        raise ExportError(f"{view.title} has nothing to show yet")
    copy = type(view)()
    try:
        copy.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        copy.resize(size)
        # A screen of high resolution has already thickened its pens; the picture starts from units.
        copy.pen_scale = sheet.scale / copy.devicePixelRatioF()
        copy.clear, copy.paper = sheet.look.transparent, True
        copy.set_options(view.options())
        copy.set_theme(replace(sheet.look.theme or view.theme, tabular=not sheet.vector), sheet.look.text)
        copy.show()
        settle(copy, view.snapshot)
        copy.set_ranges(view.ranges())
        settle(copy, view.snapshot)
        yield copy
    finally:
        discard(copy)


def discard(view: View) -> None:
    """Delete a view now: one that waits for the event loop, or for the garbage collector, is a window left behind."""
    view.hide()
    view.close()
    view.deleteLater()
    QCoreApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete.value)


def settle(view: View, snapshot: Snapshot) -> None:
    """Draw until everything has the place that it would have on the screen.

    Without the event loop: a person's next key must not be handled in the middle of an export.
    """
    for _ in range(2):
        # The outer layout gives a plot its room, the plot's own divides it between axes and curves.
        for layout in (view.canvas.ci.layout, *(panel.plot.layout for panel in view.panels)):
            layout.activate()
        view.draw(snapshot)
    view.canvas.scene().prepareForPaint()


