"""Shares of a whole as bars with words: which part of a curve the values of a run lie in."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from reluviz.ui.theme import Theme, dress_font, mix

BAR = 9.0
SAMPLE, GAP = 9.0, 12.0
ROW_GAP = 5.0
# How pale the saturated part is, beside the run's colour for the active part.
PALE = 0.62
PARTS = ("zero", "saturated", "active")
SHORT = ("zero", "sat.", "active")
# In a list of runs, the most that names and words take of the width.
NAME, WORDS = 0.3, 0.6


class Row(NamedTuple):
    """A run's name and colour, the shares of PARTS, and words in their place or behind them."""

    name: str
    color: str
    shares: tuple[float, float, float]
    words: str


class Shares(pg.GraphicsWidget):
    """Above a plot: one bar with words below it, or for several runs one line each. Empty: 0, pale: saturated."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(plot)
        self._plot = plot
        self._font = QFont()
        self._theme: Theme | None = None
        self._scale = 1.0
        self._rows: list[Row] = []
        plot.vb.sigResized.connect(self._settle)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and font."""
        self._theme, self._scale = theme, scale
        dress_font(self._font, theme, 8.5 * scale)
        self._settle()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these shares."""
        if list(rows) != self._rows:
            count = len(self._rows)
            self._rows = list(rows)
            if len(rows) != count:
                self._settle()
            self.update()

    def _settle(self, *_: Any) -> None:
        """Take as much room above the plot as the words need at this width."""
        box, line = self._plot.vb.geometry(), QFontMetricsF(self._font).height()
        if len(self._rows) > 1:
            height = len(self._rows) * line + 2 * ROW_GAP
        else:
            height = BAR * self._scale + len(self._lines(box.width())) * line + 2 * ROW_GAP
        if self._plot.layout.rowMinimumHeight(0) != height:
            self._plot.layout.setRowFixedHeight(0, height)
        self.setGeometry(QRectF(box.left(), 0, box.width(), box.top()))

    def _needed(self, name: str) -> float:
        return SAMPLE * self._scale + 5 + QFontMetricsF(self._font).horizontalAdvance(f"{name} 100 %") + GAP

    def _names(self, width: float) -> tuple[str, ...]:
        return PARTS if max(map(self._needed, PARTS)) - GAP <= width else SHORT

    def _lines(self, width: float) -> list[list[int]]:
        """Which parts stand in which line; room for three digits, so that lines do not break anew all the time."""
        lines: list[list[int]] = [[]]
        used = 0.0
        for part, name in enumerate(self._names(width)):
            needed = self._needed(name)
            if lines[-1] and used + needed - GAP > width:
                lines.append([])
                used = 0.0
            lines[-1].append(part)
            used += needed
        return lines

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Bars and words."""
        if self._theme is None or not self._rows:
            return
        painter.setFont(self._font)
        if len(self._rows) > 1:
            self._paint_list(painter)
            return
        row, room = self._rows[0], self.rect()
        self._bar(painter, QRectF(0, ROW_GAP, room.width(), BAR * self._scale), row)
        top, metrics = ROW_GAP + BAR * self._scale + 2, QFontMetricsF(self._font)
        if row.words:
            painter.setPen(QColor(self._theme.text))
            words = metrics.elidedText(row.words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(QPointF(0, top + metrics.ascent()), words)
            return
        names = self._names(room.width())
        for line in self._lines(room.width()):
            x = 0.0
            for part in line:
                words = f"{names[part]} {percent(row.shares[part])}"
                side = SAMPLE * self._scale
                self._fill(painter, QRectF(x, top + (metrics.height() - side) / 2, side, side), part, row.color)
                painter.setPen(QColor(self._theme.text))
                painter.drawText(QPointF(x + side + 5, top + metrics.ascent()), words)
                x += self._needed(names[part])
            top += metrics.height()

    def _paint_list(self, painter: QPainter) -> None:
        metrics, width = QFontMetricsF(self._font), self.rect().width()
        theme = self._theme
        assert theme is not None
        names = min(NAME * width, max(metrics.horizontalAdvance(row.name) for row in self._rows) + GAP)
        words = min(WORDS * width, metrics.horizontalAdvance(in_words((1.0, 1.0, 1.0))) + GAP)
        for place, row in enumerate(self._rows):
            top = ROW_GAP + place * metrics.height()
            baseline = top + metrics.ascent()
            painter.setPen(QColor(row.color))
            name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, names - GAP)
            painter.drawText(QPointF(0, baseline), name)
            high = BAR * self._scale
            bar = QRectF(names, top + (metrics.height() - high) / 2, width - names - words, high)
            self._bar(painter, bar, row)
            painter.setPen(QColor(theme.text))
            said = row.words or in_words(row.shares)
            said = metrics.elidedText(said, Qt.TextElideMode.ElideRight, words - GAP)
            painter.drawText(QPointF(width - words + GAP, baseline), said)

    def _bar(self, painter: QPainter, room: QRectF, row: Row) -> None:
        left = room.left()
        for part, share in enumerate(row.shares):
            wide = share * room.width()
            if wide > 0:
                self._fill(painter, QRectF(left, room.top(), wide, room.height()), part, row.color)
            left += wide

    def _fill(self, painter: QPainter, room: QRectF, part: int, color: str) -> None:
        assert self._theme is not None
        zero, saturated = QColor(self._theme.panel), QColor(mix(color, self._theme.panel, PALE))
        painter.fillRect(room, (zero, saturated, QColor(color))[part])
        painter.setPen(QColor(self._theme.dim if part == 0 else color))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))


def in_words(shares: tuple[float, float, float]) -> str:
    """The shares of all parts in a sentence."""
    return ", ".join(f"{part} {percent(share)}" for part, share in zip(PARTS, shares, strict=True))


def percent(share: float) -> str:
    """A share in words: whole per cent, and what is little but not nothing as such."""
    if 0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1:
        return "> 99 %"
    return f"{share * 100:.0f} %"
