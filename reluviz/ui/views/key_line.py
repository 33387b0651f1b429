"""What all keys below or above plots share: a font, the height that their lines take, and samples with words."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QResizeEvent

from reluviz.ui.theme import Theme, dress_font

SAMPLE, GAP, APART = 13.0, 5.0, 14.0


class KeyLine(pg.GraphicsWidget):
    """A line of a key; without a theme it paints nothing."""

    points, padding = 8.5, 6.0

    def __init__(self) -> None:
        super().__init__()
        self._font = QFont()
        self._theme: Theme | None = None
        self._scale = 1.0

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and font."""
        self._theme, self._scale = theme, scale
        dress_font(self._font, theme, self.points * scale)
        self._settle()

    def _settle(self) -> None:
        """Take the height of what is written: one line."""
        self._take(1)

    def _take(self, lines: int) -> None:
        """Be as high as so many lines, none without any."""
        height = lines * QFontMetricsF(self._font).height() + self.padding if lines else 0.0
        if (self.minimumHeight(), self.maximumHeight()) != (height, height):
            self.setMinimumHeight(height)
            self.setPreferredHeight(height)
            self.setMaximumHeight(height)
        self.update()

    def _baseline(self, metrics: QFontMetricsF) -> float:
        """Where letters stand in a single line."""
        return float((self.rect().height() + metrics.ascent() - metrics.descent()) / 2)


class Sample(NamedTuple):
    """One entry: what draws its sample in tiles, and its words, in full and short."""

    paint: Callable[[QPainter, list[QRectF], Theme], None]
    words: str
    short: str


class SampleKey(KeyLine):
    """One line of square samples with words; without any it has no height."""

    points = 8.0

    def __init__(self) -> None:
        super().__init__()
        self._samples: tuple[Sample, ...] = ()
        self._places: list[tuple[float, Sample, str]] = []
        self._settle()

    def set_samples(self, samples: Sequence[Sample]) -> None:
        """Explain these."""
        self._samples = tuple(samples)
        self._settle()

    @property
    def words(self) -> tuple[str, ...]:
        """What is written."""
        return tuple(words for _, _, words in self._places)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as there is room for."""
        super().resizeEvent(event)
        self._lay()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Samples and words."""
        if self._theme is None:
            return
        metrics, side = QFontMetricsF(self._font), SAMPLE * self._scale
        for x, sample, words in self._places:
            tile = QRectF(x, (self.rect().height() - side) / 2, side, side)
            painter.fillRect(tile, QColor(self._theme.raised))
            sample.paint(painter, [tile], self._theme)
            painter.setFont(self._font)
            painter.setPen(QColor(self._theme.dim))
            painter.drawText(QPointF(x + side + GAP, self._baseline(metrics)), words)

    def _settle(self) -> None:
        self._take(1 if self._samples else 0)
        self._lay()

    def _lay(self) -> None:
        """Words in full where all fit, else short ones; centred."""
        metrics, side, room = QFontMetricsF(self._font), SAMPLE * self._scale, self.rect().width()
        for texts in ([one.words for one in self._samples], [one.short for one in self._samples]):
            widths = [side + GAP + metrics.horizontalAdvance(text) for text in texts]
            total = sum(widths) + APART * max(0, len(widths) - 1)
            if total <= room:
                break
        x, self._places = max(0.0, (room - total) / 2), []
        for sample, text, wide in zip(self._samples, texts, widths, strict=True):
            self._places.append((x, sample, text))
            x += wide + APART
        self.update()
