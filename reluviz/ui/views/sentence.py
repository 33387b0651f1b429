"""What a plot says while it has nothing to draw: words in its middle, in as many lines as they need."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from reluviz.ui.theme import Theme, dress_font

# Lines of at most this share of the plot, and of so many pixels at the usual size of text.
MOST_SHARE, MOST_WIDTH = 0.86, 380.0


class Sentence(pg.GraphicsWidget):
    """Words in the middle of a plot's view box; none when they are empty."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(plot.vb)
        self._box = plot.vb
        self._font, self._color, self._scale = QFont(), QColor(), 1.0
        self.words = ""
        self.setZValue(60)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        plot.vb.sigResized.connect(self._settle)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and font."""
        dress_font(self._font, theme, 10.0 * scale)
        self._color, self._scale = QColor(theme.dim), scale
        self.update()

    def set_words(self, words: str) -> None:
        """Say it."""
        if words != self.words:
            self.words = words
            self.setVisible(bool(words))
            self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """The words, centred."""
        room = self.rect()
        width = min(MOST_SHARE * room.width(), MOST_WIDTH * self._scale)
        place = QRectF(room.center().x() - width / 2, room.top(), width, room.height())
        painter.setFont(self._font)
        painter.setPen(self._color)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self.words)

    def _settle(self, *_: Any) -> None:
        self.setGeometry(self._box.rect())
