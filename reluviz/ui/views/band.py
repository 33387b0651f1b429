"""A tinted band across a plot, with its name in it: where values should lie."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from reluviz.ui.theme import Theme, dress_font, mix

TINT, GAP = 0.13, 6.0
BEHIND, FRONT = -10, 15


class Band(pg.GraphicsWidget):
    """From one y to another, behind the grid, and its name in front; opaque: what is translucent is slow to draw."""

    def __init__(self, plot: pg.PlotItem, low: float, high: float, words: str) -> None:
        super().__init__(plot.vb)
        self._box = plot.vb
        self._ends = (low, high)
        self._name = _Name(self, words)
        self.font = QFont()
        self.tint, self.ink = QColor(), QColor()
        self.setZValue(BEHIND)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        plot.vb.sigResized.connect(self._settle)
        plot.vb.sigRangeChanged.connect(self._moved)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and font."""
        dress_font(self.font, theme, 8.0 * scale)
        self.tint = QColor(mix(theme.panel, theme.runs[4], TINT))
        self.ink = QColor(mix(theme.dim, theme.runs[4], 0.6))
        self._moved()

    def place(self) -> QRectF:
        """The part of the plot that it covers, in its pixels."""
        bottom, top = self._box.viewRange()[1]
        room = self.rect()
        low, high = (room.height() * (1 - (end - bottom) / (top - bottom)) for end in self._ends)
        return QRectF(0, high, room.width(), low - high).intersected(room)

    def paint(self, painter: QPainter, *_: Any) -> None:
        """The tint."""
        painter.fillRect(self.place(), self.tint)

    def _settle(self, *_: Any) -> None:
        self.setGeometry(QRectF(self._box.rect()))
        self._name.setGeometry(self.rect())

    def _moved(self, *_: Any) -> None:
        self.update()
        self._name.update()


class _Name(pg.GraphicsWidget):
    """The words at the right end of a band, above all lines."""

    def __init__(self, band: Band, words: str) -> None:
        super().__init__(band.parentItem())
        self._band, self._words = band, words
        self.setZValue(FRONT)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def paint(self, painter: QPainter, *_: Any) -> None:
        """The words on a patch of the band's colour, or below the band."""
        band, metrics = self._band.place(), QFontMetricsF(self._band.font)
        if band.isEmpty():
            return
        width, height = metrics.horizontalAdvance(self._words) + 2 * GAP, metrics.height()
        patch = QRectF(band.right() - width, band.center().y() - height / 2, width, height)
        if band.height() < 0.8 * height:
            # A thin band is named from below.
            patch.moveTop(band.bottom())
        else:
            painter.fillRect(patch.intersected(band), self._band.tint)
        painter.setFont(self._band.font)
        painter.setPen(self._band.ink)
        painter.drawText(patch, int(Qt.AlignmentFlag.AlignCenter), self._words)
