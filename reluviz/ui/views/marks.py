"""Marks of neurons that are not well: each has a shape, a word and a colour, so that none is told by colour alone."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from reluviz.core.health import DORMANT as STATE_DORMANT
from reluviz.core.health import SATURATED as STATE_SATURATED
from reluviz.core.health import Thresholds, states
from reluviz.core.snapshot import Record, RunState, Snapshot
from reluviz.ui.theme import Theme
from reluviz.ui.views.health_bars import state_colors
from reluviz.ui.views.key_line import Sample, SampleKey

Array = np.ndarray[Any, np.dtype[Any]]

# What is worse comes later, and hides what is less bad.
NONE, SATURATED, DORMANT, SILENT, DEAD = range(5)
WORDS = ("", "saturated", "dormant", "silent", "dead")
MEANINGS = ("", "flat on most samples", "fires on hardly any sample", "fires on no sample", "slope 0 on all samples")
USUAL = Thresholds()
# The word stands in a tile where it takes at most this share of its height; a living neuron's map is worth more.
MOST_OF_LIVING, MOST_OF_LOST = 0.25, 0.33
LEAST_RIM = 20.0


def marks_of(state: RunState, outputs: int) -> Array:
    """The mark of every neuron, outputs among them, int8 (neurons,); saturated and dormant as they usually count."""
    neurons = state.neurons
    found = np.full(len(neurons.dead), NONE, np.int8)
    kinds = states(neurons, outputs, USUAL)
    found[: len(kinds)] = np.select([kinds == STATE_SATURATED, kinds == STATE_DORMANT], [SATURATED, DORMANT], NONE)
    # NaN is above nothing, but a neuron that is NaN is not silent: its state is unknown.
    found[neurons.silent & ~np.isnan(neurons.mean)] = SILENT
    found[neurons.dead] = DEAD
    return found


def mark_colors(theme: Theme) -> tuple[str, str, str, str, str]:
    """The colour of each mark, as the view of neurons' health has it."""
    _, dormant, saturated, dead = state_colors(theme)
    return (theme.text, saturated, dormant, theme.dim, dead)


def paint_marks(painter: QPainter, mark: int, tiles: list[QRectF], theme: Theme) -> None:
    """The mark in each of these tiles of one size, all at once: one by one they are slow to draw.

    Dead: a frame and a thick cross. Silent: a thin cross. Dormant: a ring. Saturated: bars above and below.
    """
    color, rim = QColor(mark_colors(theme)[mark]), QColor(theme.panel)
    side = tiles[0].width()
    # A rim in the panel's colour lets a mark stand out from any map; where it is small it would fill the tile.
    rims = [rim] if side >= LEAST_RIM else []
    if mark == SATURATED:
        thick = max(2.0, min(5.0, side / 7))
        bars = [QRectF(t.left(), y, side, thick) for t in tiles for y in (t.top(), t.bottom() - thick)]
        painter.setPen(Qt.PenStyle.NoPen)
        for tint, reach in (*((one, 1.0) for one in rims), (color, 0.0)):
            painter.setBrush(tint)
            painter.drawRects([bar.adjusted(0, -reach, 0, reach) for bar in bars] if reach else bars)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        return
    width = max(1.0, min(2.4, side / 12)) if mark == DEAD else max(1.0, min(1.6, side / 16))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    near = 0.25 * side
    inner = [tile.adjusted(near, near, -near, -near) for tile in tiles]
    lines = [QLineF(*ends) for t in inner for ends in ((t.topLeft(), t.bottomRight()), (t.bottomLeft(), t.topRight()))]
    for pen in (*(QPen(one, width + 2) for one in rims), QPen(color, width)):
        painter.setPen(pen)
        if mark == DORMANT:
            for tile in inner:
                painter.drawEllipse(tile)
        else:
            painter.drawLines(lines)
    if mark == DEAD:
        painter.drawRects([tile.adjusted(width / 2, width / 2, -width / 2, -width / 2) for tile in tiles])


def paint_words(painter: QPainter, mark: int, tiles: list[QRectF], font: QFont, theme: Theme) -> None:
    """The mark's word at the lower edge of its tiles, where there is room for it."""
    metrics, side = QFontMetricsF(font), tiles[0].height()
    wide, high = metrics.horizontalAdvance(WORDS[mark]) + 4, metrics.height() - 2
    most = MOST_OF_LOST if mark in (DEAD, SILENT) else MOST_OF_LIVING
    if wide > side - 4 or high > most * side:
        return
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    for tile in tiles:
        # Bars at the edges and the frame stay in sight.
        patch = QRectF(tile.center().x() - wide / 2, tile.bottom() - high - max(3.0, side / 7), wide, high)
        painter.fillRect(patch, QColor(theme.panel))
        painter.drawText(patch, int(Qt.AlignmentFlag.AlignCenter), WORDS[mark])


class MarkKey(SampleKey):
    """One line that explains the marks that occur; what has occurred keeps its place in it."""

    def __init__(self) -> None:
        super().__init__()
        self._start: Record | None = None
        self._runs: tuple[int, ...] = ()
        self.marks: tuple[int, ...] = ()

    def set_marks(self, snapshot: Snapshot, runs: tuple[int, ...], marks: Array) -> None:
        """Explain these. A line that came and went would move all tiles: none goes while the same runs are trained."""
        start = snapshot.course[0] if snapshot.course else None
        same = start is not None and start is self._start and runs == self._runs
        self._start, self._runs = start, runs
        found = tuple(sorted({*(self.marks if same else ()), *marks.tolist()} - {NONE}, reverse=True))
        if found != self.marks:
            self.marks = found
            self.set_samples([Sample(_painter(m), f"{WORDS[m]}: {MEANINGS[m]}", WORDS[m]) for m in found])


def _painter(mark: int) -> Callable[[QPainter, list[QRectF], Theme], None]:
    return lambda painter, tiles, theme: paint_marks(painter, mark, tiles, theme)
