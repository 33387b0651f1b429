"""A field of losses as bands of colour with lines between them, and the key that says how high they lie."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from reluviz.ui.theme import Theme, mix
from reluviz.ui.views.key_line import KeyLine

Array = np.ndarray[Any, np.dtype[Any]]

# The heights of a band that are allowed, in powers of ten, and the most bands.
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
MOST_BANDS = 14
# A grid is drawn from so many pixels a side.
FINE = 640
# How strongly a line stands out from its bands; half its width and a half, in pixels;
# how many shares of it a pixel can have.
LINE = 0.4
WIDTH = 1.2
SHADES = 12
BAR, LEAST_BAR, GAP = 150.0, 40.0, 7.0


@dataclass(frozen=True)
class Bands:
    """Bands of equal height on a logarithmic scale: `count` of them from `low` up, both in powers of ten."""

    low: float
    step: float
    count: int

    @property
    def high(self) -> float:
        """The upper end, as a power of ten."""
        return self.low + self.step * self.count


def logarithms(losses: Array) -> Array:
    """log₁₀ of losses; a loss of 0 is as low as the lowest above it, what is not finite is NaN."""
    above = losses[np.isfinite(losses) & (losses > 0)]
    least = above.min() if above.size else 1.0
    known = np.where(np.isfinite(losses), losses, 1.0)
    return np.where(np.isfinite(losses), np.log10(np.maximum(known, least)), np.nan)


def bands_of(logs: Array) -> Bands:
    """Few enough bands around all finite logarithms."""
    finite = logs[np.isfinite(logs)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    for step in STEPS:
        first, last = np.floor(low / step), np.ceil(high / step)
        count = max(1, int(last - first))
        if count <= MOST_BANDS:
            break
    return Bands(float(first * step), step, count)


def band_colors(bands: Bands, theme: Theme) -> list[str]:
    """One colour for each band: what is low stands out, what is high fades into the panel."""
    middle = mix(theme.neutral, theme.negative, 0.55)
    stops = (mix(theme.negative, theme.text, 0.62), theme.negative, middle, mix(theme.neutral, theme.negative, 0.06))
    place = np.linspace(0, len(stops) - 1, bands.count) if bands.count > 1 else np.array([2.0])
    return [mix(stops[int(p)], stops[min(int(p) + 1, len(stops) - 1)], float(p % 1)) for p in place]


def pixels(logs: Array, bands: Bands, theme: Theme) -> Array:
    """ARGB (FINE, FINE) of logs (rows, columns): interpolated, cut into bands, with smooth lines between them.

    What is not finite has the colour of a warning.
    """
    lost = ~np.isfinite(logs)
    height = (_finer(np.where(lost, bands.high, logs)) - np.float32(bands.low)) / np.float32(bands.step)
    np.clip(height, 0, bands.count, out=height)
    index = np.minimum(height.astype(np.intp), bands.count - 1)
    # The nearer end of a band, its lower or its upper one, and how much of the line there covers the pixel.
    upper = height - index > 0.5
    code = (2 * index + upper) * SHADES + (_edges(height) * (SHADES - 0.5)).astype(np.intp)
    if lost.any():
        code[_finer(lost) > 0.5] = -1
    return np.asarray(_shades(bands, theme).take(code))


def _shades(bands: Bands, theme: Theme) -> Array:
    """ARGB of every band, either end and every share of a line; of what is lost at the very end."""
    fills = band_colors(bands, theme)
    # Both sides of a line have one colour: that of the band above it, darker or lighter.
    above = [*fills, fills[-1]]
    ends = [theme.text if place > bands.count / 2 else theme.panel for place in range(bands.count + 1)]
    lines = [mix(color, end, LINE) for color, end in zip(above, ends, strict=True)]
    shades = [
        mix(fill, lines[place + upper], share / (SHADES - 1))
        for place, fill in enumerate(fills)
        for upper in (0, 1)
        for share in range(SHADES)
    ]
    lost = mix(theme.panel, theme.error, 0.5)
    return np.array([0xFF000000 | int(color[1:], 16) for color in (*shades, lost)], np.uint32)


def _edges(height: Array) -> Array:
    """How much of each pixel a line between two bands covers, 0 to 1: by its distance, in pixels, to a whole height."""
    slope = np.zeros_like(height)
    slope[:, 1:] = np.abs(np.diff(height, axis=1))
    slope[1:] = np.maximum(slope[1:], np.abs(np.diff(height, axis=0)))
    away = np.abs(height - np.rint(height))
    return np.clip(WIDTH - away / np.maximum(slope, 1e-12), 0, 1)


def _finer(grid: Array) -> Array:
    """A grid with more points, linear between those that there were."""
    rows, columns = grid.shape
    grid = grid.astype(np.float32)
    x, y = ((np.arange(FINE, dtype=np.float32) + 0.5) * (count - 1) / FINE for count in (columns, rows))
    left, top = x.astype(np.intp), y.astype(np.intp)
    across = grid[:, left] + (grid[:, left + 1] - grid[:, left]) * (x - left)
    return (across[top] + (across[top + 1] - across[top]) * (y - top)[:, None]).astype(np.float32, copy=False)


class BandKey(KeyLine):
    """A bar of the bands between the losses at its ends, and words; without bands, the words alone."""

    def __init__(self) -> None:
        super().__init__()
        self._bands: Bands | None = None
        self._words = ""

    def set_key(self, bands: Bands | None, words: str) -> None:
        """Say what the colours mean."""
        if (bands, words) != (self._bands, self._words):
            self._bands, self._words = bands, words
            self.update()

    @staticmethod
    def _height(power: float) -> str:
        """A loss in words: `0.032`, `100`, `1e12`."""
        value = 10**power
        words = f"{value:.0f}" if 10 <= value < 1e5 else f"{value:.2g}"
        return words.replace("e+0", "e").replace("e+", "e").replace("e-0", "e−").replace("e-", "e−")

    def paint(self, painter: QPainter, *_: Any) -> None:
        """low [bar] high    words: centred as a whole."""
        if self._theme is None:
            return
        metrics, room = QFontMetricsF(self._font), self.rect()
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.dim))
        if self._bands is None:
            words = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), words)
            return
        low, high = f"loss {self._height(self._bands.low)}", self._height(self._bands.high)
        ends = metrics.horizontalAdvance(low) + metrics.horizontalAdvance(high) + 4 * GAP
        words = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, room.width() - ends - LEAST_BAR)
        words = "" if words == "…" else words
        after = metrics.horizontalAdvance(words)
        bar = max(LEAST_BAR, min(BAR, room.width() - ends - after))
        x = max(0.0, (room.width() - ends - bar - after) / 2)
        baseline = self._baseline(metrics)
        painter.drawText(QPointF(x, baseline), low)
        x += metrics.horizontalAdvance(low) + GAP
        colors = band_colors(self._bands, self._theme)
        for place, color in enumerate(colors):
            left, right = (x + bar * edge / len(colors) for edge in (place, place + 1))
            painter.fillRect(QRectF(left, room.height() / 2 - 4, right - left, 8), QColor(color))
        painter.drawRect(QRectF(x, room.height() / 2 - 4, bar, 8))
        x += bar + GAP
        painter.drawText(QPointF(x, baseline), high)
        painter.drawText(QPointF(x + metrics.horizontalAdvance(high) + 2 * GAP, baseline), words)
