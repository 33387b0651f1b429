"""The window itself as a figure: its controls as they are on the screen, its plots drawn anew and sharp."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from reluviz.ui.export import Look, Sheet, paint_canvas, stand_in
from reluviz.ui.export_size import UNITS_PER_INCH, Size
from reluviz.ui.views.base import View


class WindowSubject:
    """A window at its own size; theme, text size and background are those of the screen."""

    title = "Window"

    def __init__(self, window: QWidget, views: Sequence[View]) -> None:
        self._window, self.views = window, tuple(views)

    def size(self, dpi: float) -> Size:
        """The window's size at a resolution; raises ValueError with one sentence."""
        share = dpi / UNITS_PER_INCH
        return Size(round(self._window.width() * share), round(self._window.height() * share), "px", dpi)

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """Controls first, with the plots left out, then the plots in their places."""
        blank = _Blank()
        viewports = [view.canvas.viewport() for view in self.views]
        for viewport in viewports:
            viewport.installEventFilter(blank)
        try:
            self._window.render(painter, QPoint(0, 0))
        finally:
            for viewport in viewports:
                viewport.removeEventFilter(blank)
        for view in self.views:
            as_is = Sheet(sheet.width, sheet.height, sheet.scale, sheet.vector, Look(text=view.scale))
            place = QRectF(QRectF(view.canvas.rect()).translated(view.canvas.mapTo(self._window, QPoint(0, 0))))
            with stand_in(view, view.size(), as_is) as copy:
                paint_canvas(copy, painter, place, vector=sheet.vector)


class _Blank(QObject):
    """Swallows the painting of the widgets it watches."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Nothing is painted here."""
        return event.type() == QEvent.Type.Paint
