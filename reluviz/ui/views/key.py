"""The colour key: what the ends and the zero of the diverging map mean, in words and numbers."""

from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter

from reluviz.ui.views.key_line import KeyLine

BAR = 110.0
GAP = 7.0


class ColorKey(KeyLine):
    """A horizontal bar of the diverging map with words at its left end, its middle and its right end."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ("", "", "")

    def set_words(self, left: str, middle: str, right: str) -> None:
        """Say what the colours mean; without a word on the left there is no bar."""
        if (left, middle, right) != self._words:
            self._words = (left, middle, right)
            self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """left [bar] right, middle: centred as a whole."""
        if self._theme is None or not any(self._words):
            return
        metrics = QFontMetricsF(self._font)
        left, middle, right = self._words
        words = f"{right}    {middle}" if middle else right
        if not left:
            painter.setFont(self._font)
            painter.setPen(QColor(self._theme.dim))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), words)
            return
        free = self.rect().width() - metrics.horizontalAdvance(left) - 2 * GAP - 46
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(20.0, free))
        before, after = metrics.horizontalAdvance(left), metrics.horizontalAdvance(words)
        room = self.rect()
        bar_width = min(BAR, max(30.0, room.width() - before - after - 2 * GAP))
        x = max(0.0, (room.width() - before - bar_width - after - 2 * GAP) / 2)
        baseline = self._baseline(metrics)
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.dim))
        painter.drawText(QPointF(x, baseline), left)
        bar = QRectF(x + before + GAP, room.height() / 2 - 4, bar_width, 8)
        painter.drawText(QPointF(bar.right() + GAP, baseline), words)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for place, color in ((0, self._theme.negative), (0.5, self._theme.neutral), (1, self._theme.positive)):
            gradient.setColorAt(place, QColor(color))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, 3, 3)
