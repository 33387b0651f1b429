"""The hinges of a run on a line: its function with a mark at every bend, and what the last hidden layer adds to it."""

from typing import Any

import numpy as np
import pyqtgraph as pg

from reluviz.core.hinges import Hinges
from reluviz.core.snapshot import Snapshot
from reluviz.ui.theme import mix
from reluviz.ui.views.plot import Panel, nice_range

Array = np.ndarray[Any, np.dtype[Any]]
# Marks of the hinges that layers 1, 2, 3 and all behind make: shapes, sizes, and shares of the text's colour.
SYMBOLS, GLYPHS, SIZES, STRENGTHS = ("o", "s", "t", "d"), "●■▼◆", (7, 6, 7, 7), (1.0, 0.72, 0.55, 0.42)
# Contributions that are drawn; of more neurons those that vary most.
MOST_LINES = 40
MARGIN = 0.25
INSIDE = 1e-9


class LineDrawing:
    """What two panels, one above the other, show of a run on a line."""

    def __init__(self, panel: Panel, lower: Panel) -> None:
        self.panel, self.lower = panel, lower
        self.samples = pg.ScatterPlotItem(pxMode=True, size=5, antialias=True)
        self.curve = pg.PlotCurveItem(connect="finite", antialias=True)
        self.curve.setSegmentedLineMode("on")
        self.curve.setZValue(10)
        self.marks = [pg.ScatterPlotItem(pxMode=True, size=SIZES[i], symbol=one) for i, one in enumerate(SYMBOLS)]
        self.parts = pg.PlotCurveItem(antialias=True)
        for place, item in enumerate((self.samples, self.curve, *self.marks)):
            item.setZValue(place)
            panel.plot.addItem(item, ignoreBounds=True)
        lower.plot.addItem(self.parts, ignoreBounds=True)
        self.found: Hinges | None = None
        self.drawn = False
        self._samples_of: Any = None

    def restyle(self) -> None:
        """Colours are set with the next snapshot."""
        self._samples_of = None

    def hide(self) -> None:
        """Show nothing."""
        self.found, self.drawn = None, False
        for item in (self.samples, self.curve, *self.marks, self.parts):
            item.hide()

    def show(
        self, view: Any, snapshot: Snapshot, color: str, found: Hinges | None, x: Array, parts: Array, bias: float
    ) -> None:
        """Draw the function, its hinges, and at x (points,) the contributions (neurons, points), in the run's colour.

        A curved run has no hinges; with the output's bias the contributions add up to its function.
        """
        self.found, self.drawn = found, True
        for item in (self.curve, self.parts):
            item.show()
        fit = fit_on_grid(found) if found is not None and found.complete else parts.sum(axis=0) + bias
        self.curve.setPen(view.pen(color, 2.2))
        self.curve.setData(x, fit)
        if found is not None:
            self._show_marks(view, found)
        self._show_parts(view, color, x, parts)
        self._frame(snapshot, fit, x)

    def _show_marks(self, view: Any, found: Hinges) -> None:
        group = np.minimum(found.layers, len(SYMBOLS) - 1)
        heights = found.values(found.places)[:, 0]
        known = np.isfinite(heights)
        for layer, item in enumerate(self.marks):
            some = (group == layer) & known
            item.setPen(view.pen(view.theme.panel, 1))
            item.setBrush(mark_color(view, layer))
            item.setData(found.places[some], heights[some])
            item.show()

    def _show_parts(self, view: Any, color: str, x: Array, parts: Array) -> None:
        some = parts[most_varied(parts)]
        connect = np.ones(some.shape, np.int32)
        connect[:, -1:] = 0
        self.parts.setPen(view.pen(mix(view.theme.panel, color, 0.75), 1))
        self.parts.setData(np.tile(x, len(some)), some.ravel(), connect=connect.ravel())
        self.lower.home((float(x[0]), float(x[-1])), nice_range(some))

    def _frame(self, snapshot: Snapshot, fit: Array, x: Array) -> None:
        dataset = snapshot.dataset
        self.panel.label("bottom", "")
        self.lower.label("bottom", f"{dataset.input_names[0]} (standardised)")
        self.lower.label("left", "w · a")
        low, high = nice_range(fit)
        if dataset.task == "regression":
            self.panel.label("left", f"{dataset.target_name} (standardised)")
            low, high = float(dataset.y_train.min()), float(dataset.y_train.max())
            margin = MARGIN * (high - low)
            low, high = low - margin, high + margin
        else:
            self.panel.label("left", "first output, before its link")
        self.panel.home((float(x[0]), float(x[-1])), (low, high))

    def show_samples(self, view: Any, snapshot: Snapshot, wanted: bool) -> None:
        """The training samples of a regression; classes have no height on this plot."""
        dataset = snapshot.dataset
        wanted = wanted and dataset.task == "regression"
        self.samples.setVisible(wanted)
        shown = (id(dataset), view.theme.name, view.pen_scale)
        if wanted and self._samples_of != shown:
            self._samples_of = shown
            tint, edge = mix(view.theme.panel, view.theme.dim, 0.6), view.pen(view.theme.panel, 0.6)
            self.samples.setData(dataset.x_train[:, 0], dataset.y_train[:, 0], brush=tint, pen=edge)


def grid(found: Hinges) -> Array:
    """Both ends of every piece, shape (2 · pieces,): each inner one twice, for functions that jump there."""
    return np.stack([found.edges[:-1], found.edges[1:]], axis=1).ravel()


def fit_on_grid(found: Hinges) -> Array:
    """The first output on the grid."""
    own = np.repeat(found.maps[:, :, 0], 2, axis=0)
    return np.asarray(own[:, 0] * grid(found) + own[:, 1])


def inside_grid(found: Hinges) -> Array:
    """The grid moved a little into its pieces, so that a jump is seen from both sides."""
    width = INSIDE * np.diff(found.edges)
    return np.stack([found.edges[:-1] + width, found.edges[1:] - width], axis=1).ravel()


def most_varied(parts: Array) -> Array:
    """The neurons (of parts, neurons × places) whose contributions are drawn, ascending."""
    return np.sort(np.argsort(-np.ptp(parts, axis=1), kind="stable")[:MOST_LINES])


def mark_color(view: Any, layer: int) -> str:
    """Strong for the first hidden layer, paler for those behind."""
    return mix(view.theme.panel, view.theme.text, STRENGTHS[min(layer, len(STRENGTHS) - 1)])
