"""How many neurons of each layer are in which state: a stacked bar for each layer, runs side by side."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter

from reluviz.core.health import STATES
from reluviz.ui.theme import Theme, dress_font, mix

Array = np.ndarray[Any, np.dtype[Any]]
GAP, COLUMN_GAP, PAD = 6.0, 10.0, 3.0
# A bar is no thicker than this, and has hatching and numbers only where it is thicker than the least.
MOST_BAR, LEAST_HATCHED = 26.0, 5.0
# A column of bars needs this much room; two are shown in any case.
LEAST_COLUMN, FEWEST = 105.0, 2
SAMPLE = 12.0
# What stands in the place of a bar where no neuron has a state.
LOST = "not a number"
# How far the ground of a state goes from its colour to the background.
PALE = 0.62
# Hatching tells the states apart without colours, in the order of STATES.
HATCHES = (
    Qt.BrushStyle.NoBrush,
    Qt.BrushStyle.HorPattern,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.DiagCrossPattern,
)


def state_colors(theme: Theme) -> tuple[str, str, str, str]:
    """A colour for each of STATES."""
    return (theme.classes[2], theme.warning, theme.classes[8], theme.error)


@dataclass(frozen=True, slots=True)
class Bars:
    """One run's bars: its name in its colour, and how many neurons are in each state, int (layers, states)."""

    name: str
    color: str
    counts: tuple[tuple[int, ...], ...]


class HealthBars(pg.GraphicsWidget):
    """Columns of bars, the first layer at the top, and the key of the states below."""

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None
        self._font, self._bold = QFont(), QFont()
        self._scale = 1.0
        self.columns: tuple[Bars, ...] = ()

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and fonts."""
        self._theme, self._scale = theme, scale
        for font in (self._font, self._bold):
            dress_font(font, theme, 8.5 * scale)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self.update()

    def set_columns(self, columns: tuple[Bars, ...]) -> None:
        """Show these runs, as many as there is room for."""
        if columns != self.columns:
            self.columns = columns
            self.update()

    @property
    def shown(self) -> int:
        """How many columns there is room for."""
        return min(len(self.columns), max(FEWEST, int(self.rect().width() / (LEAST_COLUMN * self._scale))))

    def at(self, point: QPointF) -> tuple[int, int] | None:
        """The column and layer at a point of this item."""
        if not self.columns:
            return None
        left, top, wide, row = self._grid()
        column, layer = int((point.x() - left) // (wide + COLUMN_GAP)), int((point.y() - top) // row)
        return (column, layer) if 0 <= column < self.shown and 0 <= layer < len(self.columns[0].counts) else None

    def _grid(self) -> tuple[float, float, float, float]:
        """Where bars begin (left, top), how wide a column is and how high a row."""
        metrics = QFontMetricsF(self._font)
        layers = len(self.columns[0].counts)
        left = metrics.horizontalAdvance(self._layer_name(layers)) + GAP
        top = 2 * metrics.height() + 2 * PAD
        room = self.rect()
        wide = max(1.0, (room.width() - left - COLUMN_GAP * (self.shown - 1)) / self.shown)
        bottom = self._key_rows(room.width()) * (metrics.height() + 2) + 2 * PAD
        row = max(0.5, (room.height() - top - bottom) / layers)
        return left, top, wide, min(row, (MOST_BAR + 8) * self._scale)

    def _layer_name(self, layer: int) -> str:
        return f"{layer}" if self.rect().width() < 260 * self._scale else f"layer {layer}"

    def _key_places(self, width: float) -> list[tuple[float, int]]:
        """Where each state stands in the key: x and row."""
        metrics = QFontMetricsF(self._font)
        places: list[tuple[float, int]] = []
        x, row = 0.0, 0
        for words in STATES:
            needed = SAMPLE * self._scale + 4 + metrics.horizontalAdvance(words)
            if x and x + needed > width:
                x, row = 0.0, row + 1
            places.append((x, row))
            x += needed + COLUMN_GAP
        return places

    def _key_rows(self, width: float) -> int:
        return 1 + self._key_places(width)[-1][1]

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Names, bars, key."""
        if self._theme is None or not self.columns:
            return
        metrics = QFontMetricsF(self._font)
        left, top, wide, row = self._grid()
        self._paint_heads(painter, metrics, left, wide)
        every = max(1, int(np.ceil(metrics.height() / row)))
        painter.setFont(self._font)
        layers = len(self.columns[0].counts)
        for layer in range(layers):
            y = top + layer * row
            if layer % every == 0:
                painter.setPen(QColor(self._theme.dim))
                room = QRectF(0, y + row / 2 - metrics.height() / 2, left - GAP, metrics.height())
                painter.drawText(room, int(Qt.AlignmentFlag.AlignRight), self._layer_name(layer + 1))
            inset = min(3.0, 0.12 * row)
            for place, column in enumerate(self.columns[: self.shown]):
                bar = QRectF(left + place * (wide + COLUMN_GAP), y + inset, wide, row - 2 * inset)
                self._paint_bar(painter, metrics, bar, column.counts[layer])
        self._paint_key(painter, metrics, top + layers * row + 2 * PAD)

    def _paint_heads(self, painter: QPainter, metrics: QFontMetricsF, left: float, wide: float) -> None:
        """What is counted, then each run's name over its column, and how many more runs there are."""
        assert self._theme is not None
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.dim))
        more = len(self.columns) - self.shown
        rest = f"; + {more} more run{'s' if more > 1 else ''}" if more else ""
        words = f"neurons by state now{rest}"
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, self.rect().width())
        painter.drawText(QPointF(0, metrics.ascent()), words)
        painter.setFont(self._bold)
        bold = QFontMetricsF(self._bold)
        for place, column in enumerate(self.columns[: self.shown]):
            painter.setPen(QColor(column.color))
            name = bold.elidedText(column.name, Qt.TextElideMode.ElideRight, wide)
            painter.drawText(QPointF(left + place * (wide + COLUMN_GAP), metrics.height() + bold.ascent()), name)

    def _paint_bar(self, painter: QPainter, metrics: QFontMetricsF, room: QRectF, counts: tuple[int, ...]) -> None:
        """Stretches as long as their share, with the number where it fits."""
        assert self._theme is not None
        total, x = max(1, sum(counts)), room.left()
        if not any(counts) and room.height() >= metrics.height() - 2:
            painter.setPen(QColor(self._theme.dim))
            words = metrics.elidedText(LOST, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), words)
        for state, count in enumerate(counts):
            if not count:
                continue
            part = QRectF(x, room.top(), room.width() * count / total, room.height())
            x += part.width()
            self._fill(painter, part, state, hatched=room.height() > LEAST_HATCHED)
            words = f"{count}"
            wide = metrics.horizontalAdvance(words)
            if part.width() >= wide + 4 and room.height() >= metrics.height() - 2:
                self._paint_number(painter, metrics, part, words, wide)

    def _paint_number(
        self, painter: QPainter, metrics: QFontMetricsF, part: QRectF, words: str, wide: float
    ) -> None:  # fmt: skip
        """A number on a patch of the background, so that hatching does not run through it."""
        assert self._theme is not None
        middle, high = part.center(), min(part.height() - 2, metrics.height())
        patch = QRectF(middle.x() - wide / 2 - 3, middle.y() - high / 2, wide + 6, high)
        painter.fillRect(patch.intersected(part.adjusted(1, 1, -1, -1)), QColor(self._theme.panel))
        painter.setPen(QColor(self._theme.text))
        baseline = middle.y() + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(middle.x() - wide / 2, baseline), words)

    def _paint_key(self, painter: QPainter, metrics: QFontMetricsF, top: float) -> None:
        assert self._theme is not None
        side = SAMPLE * self._scale
        places = self._key_places(self.rect().width())
        for state, (words, (x, row)) in enumerate(zip(STATES, places, strict=True)):
            y = top + row * (metrics.height() + 2)
            self._fill(painter, QRectF(x, y + (metrics.height() - side) / 2, side, side), state)
            painter.setPen(QColor(self._theme.text))
            painter.drawText(QPointF(x + side + 4, y + metrics.ascent()), words)

    def _fill(self, painter: QPainter, room: QRectF, state: int, *, hatched: bool = True) -> None:
        """A pale ground, hatching and an outline in the state's colour; thin bars are filled with it."""
        assert self._theme is not None
        color = state_colors(self._theme)[state]
        painter.fillRect(room, QColor(mix(color, self._theme.panel, PALE) if hatched else color))
        if hatched:
            painter.fillRect(room, QBrush(QColor(color), HATCHES[state]))
            painter.setPen(QColor(color))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))
