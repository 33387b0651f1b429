"""Heat strips of one run or of several above each other in one panel, on one scale."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor, QFont, QFontMetricsF

from reluviz.core.settings import MOST_RUNS
from reluviz.ui.theme import Theme, dress_font
from reluviz.ui.views.layers import dress_layers
from reluviz.ui.views.marked_axis import set_marks
from reluviz.ui.views.plot import Panel
from reluviz.ui.views.strip import Strip

Array = np.ndarray[Any, np.dtype[Any]]
POINTS = 8.0
# Without room for names, the gap between two strips as a share of a layer's height.
BARE = 0.6
MOST_LETTERS = 9
# Text items keep a margin around their words.
LEADING = 1.35
# Names may take this share of the panel's height.
MOST_NAMES = 0.62


class FlowStrips:
    """The strips of a panel; the first run lies on top. Layers count from 1 in each."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self.strips = [Strip() for _ in range(MOST_RUNS)]
        self.names = [pg.TextItem(anchor=(0, 0)) for _ in range(MOST_RUNS)]
        self._font = QFont()
        self._layers, self._block = 1, 1.0
        self._runs: tuple[int, ...] = (0,)
        for item in (*self.strips, *self.names):
            panel.plot.addItem(item, ignoreBounds=True)
            item.setVisible(False)

    @property
    def height(self) -> float:
        """The height of all, in layers."""
        return len(self._runs) * self._block

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and fonts."""
        dress_font(self._font, theme, POINTS * scale)
        for strip, name in zip(self.strips, self.names, strict=True):
            strip.set_theme(theme)
            name.setFont(self._font)

    def show(
        self, runs: tuple[int, ...], logs: Array, edges: Array, ends: tuple[float, float], names: list[tuple[str, str]],
        scale: float,
    ) -> None:  # fmt: skip
        """Show logs (runs, layers, columns) of these runs; names are words and a colour for each."""
        self._runs, self._layers = runs, logs.shape[1]
        several = len(runs) > 1
        line = LEADING * QFontMetricsF(self._font).height()
        high = self._panel.plot.vb.height()
        named = several and len(runs) * line <= MOST_NAMES * high
        gap = 0.0
        if several:
            gap = line * len(runs) * self._layers / (high - len(runs) * line) if named else BARE
        self._block = self._layers + gap
        for place, (strip, name) in enumerate(zip(self.strips, self.names, strict=True)):
            strip.setVisible(place < len(runs))
            name.setVisible(named and place < len(runs))
            if place < len(runs):
                bottom = self._bottom(place)
                strip.set_values(logs[place], edges, *ends)
                strip.setPos(0.0, bottom)
                words, color = names[place]
                name.setText(words, QColor(color))
                name.setPos(float(edges[0]), bottom + 0.5 + self._block)
        if several:
            set_marks(self._panel, "left", tuple(self._marks([words for words, _ in names], named=named)))
        else:
            dress_layers(self._panel, "left", self._layers, scale)

    def at(self, y: float) -> tuple[int, int] | None:
        """The run and the layer, 0 the first, at a height; None between strips."""
        block = int((y - 0.5) // self._block)
        layer = round(y - block * self._block) - 1
        if not 0 <= block < len(self._runs) or not 0 <= layer < self._layers:
            return None
        return self._runs[len(self._runs) - 1 - block], layer

    def _marks(self, names: list[str], *, named: bool) -> list[tuple[float, str]]:
        """The first and the last layer of each strip; where there is no room for its name above, the name."""
        marks = []
        for place, name in enumerate(names):
            low = self._bottom(place)
            if named:
                marks += [(low + 1, "1"), (low + self._layers, "out")]
            else:
                short = name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…"
                marks.append((low + 0.5 + self._layers / 2, short))
        return marks

    def _bottom(self, place: int) -> float:
        return (len(self._runs) - 1 - place) * self._block
