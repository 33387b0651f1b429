"""A heat strip: layers by columns, small to large in one hue, with its key; what has no colour is hatched."""

from functools import cache
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QLinearGradient, QPainter

from reluviz.ui.theme import Theme, mix, rgb
from reluviz.ui.views.key_line import KeyLine

Array = np.ndarray[Any, np.dtype[Any]]
# Columns of unlike widths are drawn from so many of equal width.
FINE = 640
BAR, LEAST_BAR, GAP, MARGIN, TICK = 200.0, 40.0, 7.0, 6.0, 3.0
STOPS = (0.0, 0.5, 1.0)
ZERO = "hatched: 0"


def stops(theme: Theme) -> tuple[str, str, str]:
    """The colours at STOPS: what is small fades into the panel, what is large stands out from it."""
    return (mix(theme.neutral, theme.negative, 0.12), theme.negative, mix(theme.negative, theme.text, 0.75))


@cache
def sequential(theme: Theme) -> Any:
    """The sequential map as 256 ARGB numbers, from small to large; its lightness moves one way only."""
    place = np.linspace(0, 1, 256)
    parts = np.array([rgb(color) for color in stops(theme)], float)
    red, green, blue = (np.round(np.interp(place, STOPS, part)).astype(np.uint32) for part in parts.T)
    table = np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue
    table.setflags(write=False)
    return table


class Strip(pg.GraphicsObject):
    """Cells of one unit's height around whole numbers from 1 up, as wide as their columns; never smoothed."""

    def __init__(self) -> None:
        super().__init__()
        self._pixels = np.zeros((1, 1), np.uint32)
        self._image = QImage()
        self._rect = QRectF()
        self._zeros: list[QRectF] = []
        self._lost: list[QRectF] = []
        self._theme: Theme | None = None
        self.setZValue(-50)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours."""
        self._theme = theme
        self.update()

    def set_values(self, values: Array, edges: Array, low: float, high: float) -> None:
        """Show values (layers, columns) between low and high; -inf is a zero, NaN and inf are lost.

        edges (columns + 1,), ascending, bound the columns.
        """
        assert self._theme is not None
        rect = QRectF(edges[0], 0.5, edges[-1] - edges[0], len(values))
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        widths = np.diff(edges)
        shown = values
        if np.ptp(widths) > 1e-9 * widths.max():
            centres = edges[0] + (np.arange(FINE) + 0.5) / FINE * (edges[-1] - edges[0])
            shown = values[:, np.searchsorted(edges, centres, side="right") - 1]
        finite = np.isfinite(shown)
        share = np.where(finite, (shown - low) / max(high - low, 1e-9), 0.0)
        place = np.clip(share * 255 + 0.5, 0, 255).astype(np.uint8)
        blank = np.uint32(0xFF000000 | int(self._theme.panel[1:], 16))
        # The image does not own its memory: the array must live as long as it does.
        self._pixels = np.ascontiguousarray(np.where(finite, sequential(self._theme).take(place), blank), np.uint32)
        rows, columns = self._pixels.shape
        self._image = QImage(self._pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        self._zeros = stretches(np.isneginf(values), edges)
        self._lost = stretches(~np.isfinite(values) & ~np.isneginf(values), edges)
        self.update()

    def boundingRect(self) -> QRectF:
        """All cells."""
        return self._rect

    def paint(self, painter: QPainter, *_: Any) -> None:
        """The cells, then hatching in pixels: a pattern has no place in data units."""
        if self._theme is None or self._rect.isEmpty():
            return
        options = self._exportOpts
        image = self._image
        if options and options.get("vector"):
            # Not every viewer leaves the edges of what it enlarges sharp.
            image = image.scaled(max(FINE, image.width()), 8 * image.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(self._rect, image)
        if self._zeros or self._lost:
            transform = painter.transform()
            painter.save()
            painter.resetTransform()
            zero = QBrush(QColor(self._theme.axis), Qt.BrushStyle.BDiagPattern)
            lost = QBrush(QColor(self._theme.error), Qt.BrushStyle.DiagCrossPattern)
            for places, brush in ((self._zeros, zero), (self._lost, lost)):
                for place in places:
                    painter.fillRect(transform.mapRect(place), brush)
            painter.restore()


def stretches(marked: Array, edges: Array) -> list[QRectF]:
    """One rectangle for each stretch of marked cells (layers, columns); layers with the same stretch share it."""
    found: dict[tuple[int, int], list[QRectF]] = {}
    for layer in np.flatnonzero(marked.any(axis=1)).tolist():
        turns = np.diff(np.concatenate([[0], marked[layer].astype(np.int8), [0]]))
        for ends in zip(np.flatnonzero(turns == 1).tolist(), np.flatnonzero(turns == -1).tolist(), strict=True):
            above = found.setdefault(ends, [])
            if above and above[-1].bottom() == layer + 0.5:
                above[-1].setBottom(layer + 1.5)
            else:
                left, right = (float(edges[end]) for end in ends)
                above.append(QRectF(left, layer + 0.5, right - left, 1.0))
    return [rect for rects in found.values() for rect in rects]


class StripKey(KeyLine):
    """The key of a strip: a bar with a tick at each decade and the powers of ten at its ends, and words."""

    def __init__(self) -> None:
        super().__init__()
        self._ends = (0.0, 1.0)
        self._name, self._words = ("", "#000000"), ("", "")

    def set_scale(self, low: float, high: float, name: tuple[str, str], before: str, after: str) -> None:
        """Say what the colours mean: log10 of the ends, whose they are with its colour, words before and after."""
        if ((low, high), name, (before, after)) != (self._ends, self._name, self._words):
            self._ends, self._name, self._words = (low, high), name, (before, after)
            self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """name before low [bar] high after: centred as a whole; the name is shortened first, then words go."""
        if self._theme is None:
            return
        metrics, room = QFontMetricsF(self._font), self.rect()
        low, high = (power(end) for end in self._ends)
        before, after = self._words
        fixed = LEAST_BAR + 2 * MARGIN + 2 * GAP + metrics.horizontalAdvance(low + high)
        # On a narrow key the bar, its numbers and the name are worth more than the words.
        if fixed + sum(metrics.horizontalAdvance(part) + 2 * GAP for part in (before, after)) > 0.75 * room.width():
            before = ""
        words = sum(metrics.horizontalAdvance(part) + 2 * GAP for part in (before, after) if part)
        free = room.width() - fixed - words - 2 * GAP
        name = metrics.elidedText(self._name[0], Qt.TextElideMode.ElideRight, max(20.0, free))
        words += metrics.horizontalAdvance(name) + 2 * GAP
        bar_width = min(BAR, LEAST_BAR + max(0.0, room.width() - fixed - words))
        x = max(MARGIN, (room.width() - (fixed - LEAST_BAR - 2 * MARGIN) - words - bar_width) / 2)
        baseline = self._baseline(metrics)
        painter.setFont(self._font)
        dim = self._theme.dim
        for part, color, gap in ((name, self._name[1], 2), (before, dim, 2), (low, dim, 1)):
            painter.setPen(QColor(color))
            painter.drawText(QPointF(x, baseline), part)
            x += metrics.horizontalAdvance(part) + gap * GAP * bool(part)
        self._paint_bar(painter, QRectF(x, room.height() / 2 - 4, bar_width, 8))
        painter.setPen(QColor(dim))
        painter.drawText(QPointF(x + bar_width + GAP, baseline), high)
        painter.drawText(QPointF(x + bar_width + 3 * GAP + metrics.horizontalAdvance(high), baseline), after)

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        assert self._theme is not None
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for place, color in zip(STOPS, stops(self._theme), strict=True):
            gradient.setColorAt(place, QColor(color))
        painter.fillRect(bar, gradient)
        low, high = self._ends
        painter.setPen(QColor(self._theme.axis))
        every = max(1, round((high - low) / 10))
        for decade in range(int(np.ceil(low)), int(np.floor(high)) + 1, every):
            x = bar.left() + (decade - low) / (high - low) * bar.width()
            painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + TICK))


def power(log: float) -> str:
    """A power of ten as the axes write it: 0.01, 1e−6."""
    return f"{10.0**log:.3g}".replace("e-0", "e−").replace("e-", "e−").replace("e+0", "e")
