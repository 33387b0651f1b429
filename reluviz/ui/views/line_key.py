"""A key of lines in rows of their own above the plots: for panels too small to hold a legend."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QResizeEvent

from reluviz.ui.views.key_line import KeyLine

SAMPLE, GAP, APART, MARGIN = 18.0, 6.0, 16.0, 4.0
# A longer name is shortened, so that at least two stand in a row.
MOST_SHARE, MOST_ROWS = 0.46, 3


class LineKey(KeyLine):
    """Line samples with words, from left to right in as few rows as they need."""

    padding = 2 * MARGIN

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[tuple[QPen, str]] = []
        self._places: list[tuple[float, int, str]] = []

    def set_entries(self, entries: Sequence[tuple[QPen, str]]) -> None:
        """Show these pens and words."""
        self._entries = list(entries)
        self._settle()

    @property
    def words(self) -> tuple[str, ...]:
        """What is written, shortened as it is."""
        return tuple(words for _, _, words in self._places)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the rows anew."""
        super().resizeEvent(event)
        self._settle()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Samples and words."""
        if self._theme is None:
            return
        metrics = QFontMetricsF(self._font)
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for entry, (x, row, words) in zip(self._entries, self._places, strict=False):
            top = MARGIN + row * metrics.height()
            painter.setPen(entry[0])
            middle = top + metrics.height() / 2
            painter.drawLine(QPointF(x, middle), QPointF(x + SAMPLE, middle))
            painter.setPen(QColor(self._theme.text))
            painter.drawText(QPointF(x + SAMPLE + GAP, top + metrics.ascent()), words)

    def _settle(self) -> None:
        metrics, width = QFontMetricsF(self._font), self.rect().width()
        most = max(40.0, MOST_SHARE * width - SAMPLE - GAP)
        self._places, x, row = [], MARGIN, 0
        for _, words in self._entries:
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, most)
            needed = SAMPLE + GAP + metrics.horizontalAdvance(shown)
            if x > MARGIN and x + needed > width:
                x, row = MARGIN, row + 1
            if row < MOST_ROWS:
                self._places.append((x, row, shown))
            x += needed + APART
        self._take(1 + max((row for _, row, _ in self._places), default=0))
