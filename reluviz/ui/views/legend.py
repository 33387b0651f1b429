"""A legend that keeps its proportions when exported: drawn in the plot's own coordinates."""

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from reluviz.ui.theme import Theme, dress_font

SAMPLE = 18.0
MARGIN = 8.0
MOST_SHARE = 0.5
MOST_AREA = 0.45
# Words are shortened where a column would be wider than this share of the plot, but never to less than so many pixels.
MOST_WIDTH = 0.46
LEAST_WIDTH = 60.0
# The opacity of the patch behind the words, of 255.
PATCH = 215


class Legend(pg.GraphicsWidget):
    """Line samples with words, in one row or several, in a corner of a plot's view box."""

    def __init__(self, plot: pg.PlotItem, *, right: bool = False, bottom: bool = False) -> None:
        super().__init__(plot.vb)
        self._box = plot.vb
        self._right, self._bottom = right, bottom
        self._rows: list[tuple[QPen, str]] = []
        self._shown: list[str] = []
        self._font = QFont()
        self._text = QColor()
        self._back = QColor()
        self._size = QRectF()
        self._high, self._wide = 1, 0.0
        self.setZValue(50)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        plot.vb.sigResized.connect(self._settle)

    def set_theme(self, theme: Theme, scale: float, *, clear: bool = False) -> None:
        """Take colours and font; `clear` leaves out the patch behind the words."""
        dress_font(self._font, theme, 8.5 * scale)
        self._text = QColor(theme.text)
        self._back = QColor(theme.panel)
        self._back.setAlpha(0 if clear else PATCH)
        self._settle()

    def set_rows(self, rows: Sequence[tuple[QPen, str]]) -> None:
        """Show these pens and words."""
        if [(pen.color().rgba(), pen.style(), pen.widthF(), words) for pen, words in rows] != [
            (pen.color().rgba(), pen.style(), pen.widthF(), words) for pen, words in self._rows
        ]:
            self._rows = list(rows)
            self._settle()

    @property
    def fits(self) -> bool:
        """Whether there is room for it: half a legend is none, and one over most of the plot hides what it names."""
        room = self._box.rect()
        width, height = self._size.width(), self._size.height()
        inside = width <= room.width() and height <= room.height()
        return inside and width * height <= MOST_AREA * room.width() * room.height()

    def boundingRect(self) -> QRectF:
        """The legend's own place."""
        return self._size

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the samples and words on a patch of the background."""
        if not self._rows or not self.fits:
            return
        metrics = QFontMetricsF(self._font)
        if self._back.alpha():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._back)
            painter.drawRoundedRect(self._size, 4, 4)
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, (sample, words) in enumerate(zip(self._rows, self._shown, strict=True)):
            column, row = divmod(place, self._high)
            left, top = 5 + column * self._wide, 3 + row * metrics.height()
            middle = top + metrics.height() / 2
            painter.setPen(sample[0])
            painter.drawLine(QPointF(left, middle), QPointF(left + SAMPLE, middle))
            painter.setPen(self._text)
            painter.drawText(QPointF(left + 6 + SAMPLE, top + metrics.ascent()), words)

    def _settle(self, *_: Any) -> None:
        metrics = QFontMetricsF(self._font)
        self.prepareGeometryChange()
        room = self._box.rect()
        most = max(LEAST_WIDTH, MOST_WIDTH * room.width() - SAMPLE - 16)
        self._shown = [metrics.elidedText(words, Qt.TextElideMode.ElideRight, most) for _, words in self._rows]
        width = max((metrics.horizontalAdvance(words) for words in self._shown), default=0.0)
        # What would cover half of the plot goes into columns instead.
        fitting = max(1, int((room.height() * MOST_SHARE - 6) / metrics.height()))
        self._wide = width + SAMPLE + 16
        broad = max(1, int((room.width() - MARGIN - 2) / self._wide))
        columns = min(-(-len(self._rows) // fitting) or 1, broad)
        self._high = max(1, -(-len(self._rows) // columns))
        self._size = QRectF(0, 0, columns * self._wide + 2, self._high * metrics.height() + 6)
        x = room.width() - self._size.width() - MARGIN if self._right else MARGIN
        y = room.height() - self._size.height() - MARGIN if self._bottom else MARGIN
        self.setPos(x, y)
        self.update()
