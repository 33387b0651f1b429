"""A line of text above a plot that can change in every frame: painted, not laid out as a document."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from reluviz.ui.theme import Theme, dress_font

HEIGHT = 22.0
GAP = 8.0


class Heading(pg.GraphicsWidget):
    """A name in its colour and words beside it, centred; shortened where it is narrow."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(plot)
        self._bold, self._plain = QFont(), QFont()
        self._words = ("", "", "")
        self._dim = QColor()
        self._plot = plot
        plot.vb.sigResized.connect(self._settle)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and fonts, and room above the plot."""
        for font in (self._bold, self._plain):
            dress_font(font, theme, 8.5 * scale)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._dim = QColor(theme.dim)
        self._plot.layout.setRowFixedHeight(0, HEIGHT * scale)
        self.update()

    def set_words(self, name: str, words: str, color: str) -> None:
        """Say what the plot shows."""
        if (name, words, color) != self._words:
            self._words = (name, words, color)
            self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Name, gap, words."""
        name, words, color = self._words
        room = self.rect()
        bold = QFontMetricsF(self._bold)
        # A long name, such as a typed formula, leaves half of the line to the words.
        name = bold.elidedText(name, Qt.TextElideMode.ElideRight, room.width() * (0.5 if words else 1.0))
        before = bold.horizontalAdvance(name)
        metrics = QFontMetricsF(self._plain)
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(10.0, room.width() - before - GAP))
        x = max(0.0, (room.width() - before - GAP - metrics.horizontalAdvance(words)) / 2)
        baseline = (room.height() + metrics.ascent() - metrics.descent()) / 2
        painter.setFont(self._bold)
        painter.setPen(QColor(color))
        painter.drawText(QPointF(x, baseline), name)
        painter.setFont(self._plain)
        painter.setPen(self._dim)
        painter.drawText(QPointF(x + before + GAP, baseline), words)

    def _settle(self, *_: Any) -> None:
        box = self._plot.vb.geometry()
        self.setGeometry(QRectF(box.left(), 0, box.width(), box.top()))
