"""Zeros on a logarithmic axis, where they have no place: open marks at its lower end, with the word "0"; and a note."""

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from reluviz.ui.theme import Theme, dress_font

RADIUS, LIFT = 3.5, 7.0
# The word is written only where it is so many pixels away from the one before.
APART = 6.0


class Zeros(pg.GraphicsWidget):
    """Open circles on the lower edge of a plot, those at one place above each other."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(plot.vb)
        self._box = plot.vb
        self._font = QFont()
        self._dim = QColor()
        self._spots: list[tuple[float, QPen]] = []
        self.setZValue(20)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        plot.vb.sigResized.connect(self._settle)
        plot.vb.sigRangeChanged.connect(self._moved)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colour and font of the word."""
        dress_font(self._font, theme, 8.0 * scale)
        self._dim = QColor(theme.dim)
        self.update()

    def set_spots(self, spots: Sequence[tuple[float, QPen]]) -> None:
        """Mark a zero at each x, with the pen of its run; one run after the other."""
        if spots or self._spots:
            self._spots = list(spots)
            self.update()

    @property
    def spots(self) -> tuple[float, ...]:
        """x of every mark."""
        return tuple(x for x, _ in self._spots)

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Circles and words in the pixels of the plot."""
        if not self._spots:
            return
        metrics, bottom = QFontMetricsF(self._font), self.rect().bottom()
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        stacked: dict[float, int] = {}
        before: dict[int, float] = {}
        written = -1e9
        for x, pen in self._spots:
            height = stacked.get(x, 0)
            stacked[x] = height + 1
            across = self._box.mapFromView(QPointF(x, 0.0)).x()
            # One run's zeros in a row would merge into a bar.
            if abs(across - before.get(pen.color().rgb(), -1e9)) < 2 * RADIUS + 1:
                continue
            before[pen.color().rgb()] = across
            place = QPointF(across, bottom - LIFT - 2.4 * RADIUS * height)
            painter.setPen(pen)
            painter.drawEllipse(place, RADIUS, RADIUS)
            if not height and abs(across - written) > metrics.horizontalAdvance("0") + 2 * RADIUS + APART:
                written = across
                painter.setPen(self._dim)
                painter.drawText(place + QPointF(RADIUS + 2, metrics.ascent() / 2 - 1), "0")

    def _settle(self, *_: Any) -> None:
        self.setGeometry(QRectF(self._box.rect()))

    def _moved(self, *_: Any) -> None:
        if self._spots:
            self.update()


class Note(pg.GraphicsWidget):
    """A line of words in the middle of a plot that has nothing to show yet."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(plot.vb)
        self._box = plot.vb
        self._font = QFont()
        self._color = QColor()
        self._words = ""
        self.setZValue(40)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        plot.vb.sigResized.connect(self._settle)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colour and font."""
        dress_font(self._font, theme, 9.0 * scale)
        self._color = QColor(theme.dim)
        self.update()

    def set_words(self, words: str) -> None:
        """Say it; nothing for no words."""
        if words != self._words:
            self._words = words
            self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """The words, shortened where the plot is narrow."""
        if self._words:
            metrics = QFontMetricsF(self._font)
            words = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, self.rect().width() - 8)
            painter.setFont(self._font)
            painter.setPen(self._color)
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), words)

    def _settle(self, *_: Any) -> None:
        self.setGeometry(QRectF(self._box.rect()))
