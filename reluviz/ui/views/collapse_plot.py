"""Linear maps in the form that fits the data: lines over samples, decision lines, predictions, or bars of weights."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from reluviz.core.collapse import Linear, loss_in_force
from reluviz.core.settings import MOST_RUNS
from reluviz.core.snapshot import Snapshot
from reluviz.ui.theme import Theme, mix
from reluviz.ui.views.base import number, swatch
from reluviz.ui.views.collapse_rows import Compared, Reference
from reluviz.ui.views.legend import Legend
from reluviz.ui.views.plot import Panel, nice_range

Array = np.ndarray[Any, np.dtype[Any]]
DASH = Qt.PenStyle.DashLine
SYMBOLS = ("o", "s", "t", "d", "p", "h")
BARS = 0.8
FAR = 1e9


class CollapsePlot:
    """One panel with all items; only those that fit the data are shown."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        plot = panel.plot
        self.points = [pg.ScatterPlotItem(pxMode=True, size=6, symbol=symbol, antialias=True) for symbol in "ot"]
        self.clouds = [pg.ScatterPlotItem(pxMode=True, size=6, symbol=one, antialias=True) for one in SYMBOLS]
        self.bars = [pg.BarGraphItem(x=[], height=[], width=1.0) for _ in range(MOST_RUNS + 1)]
        self.curves = [pg.PlotCurveItem(connect="finite", antialias=True) for _ in range(MOST_RUNS)]
        self.best = pg.PlotCurveItem(connect="finite", antialias=True)
        self.best.setSegmentedLineMode("off")
        for curve in self.curves:
            curve.setSegmentedLineMode("on")
        for item in (*self.points, *self.bars, *self.clouds, *self.curves, self.best):
            plot.addItem(item, ignoreBounds=True)
        self.legend = Legend(plot)
        self._points_of: Any = None
        self._series: list[tuple[str, str, Linear]] = []
        self._kind, self._output = "", 0

    def restyle(self, view: Any) -> None:
        """Colours are set with the next snapshot."""
        self._points_of = None
        self.legend.set_theme(view.theme, view.scale, clear=view.clear)

    def show(self, view: Any, snapshot: Snapshot, best: Reference, runs: Sequence[Compared], output: int) -> None:
        """Draw the reference and the runs."""
        kind = kind_of(snapshot)
        self._kind, self._output = kind, output
        colors = [view.theme.runs[snapshot.settings.runs[one.run].color] for one in runs]
        self._series = [(best.linear.method, view.theme.text, best.linear)]
        self._series += [(one.label, tint, one.linear) for one, tint in zip(runs, colors, strict=True) if one.linear]
        shown = {"line": (self.curves, self.points), "plane": (self.curves, self.points), "against": (self.clouds,)}
        groups = shown.get(kind, (self.bars,))
        for group in (self.points, self.clouds, self.bars, self.curves):
            for item in group:
                item.setVisible(group in groups)
        self.best.setVisible(kind != "bars")
        self.panel.plot.vb.setAspectLocked(kind == "plane")
        self.best.setPen(view.pen(view.theme.text, 1.6, DASH))
        getattr(self, f"_{kind}")(view, snapshot, best, runs, colors)
        drawn = [one for one in runs if one.linear is not None or kind in ("line", "against")]
        rows = [(view.pen(view.theme.text, 1.6, DASH), best.linear.method)]
        tinted = {one.run: color for one, color in zip(runs, colors, strict=True)}
        self.legend.set_rows(rows + [(view.pen(tinted[one.run], 2), one.label) for one in drawn])

    def _line(self, view: Any, snapshot: Snapshot, best: Reference, runs: Sequence[Compared], colors: Any) -> None:
        """The samples, the best line, straight lines of runs that collapse and the curves of those that bend."""
        probe, dataset = snapshot.probe, snapshot.dataset
        ends = np.array([probe.low, probe.high])
        self._show_points(view, snapshot, dataset.x_train[:, 0], dataset.y_train[:, 0], np.zeros(len(dataset.x_train)))
        self.best.setData(ends, best.linear.outputs(ends[:, None])[:, 0])
        for place, curve in enumerate(self.curves):
            curve.setVisible(place < len(runs))
            if place >= len(runs):
                continue
            one = runs[place]
            x, y = probe.inputs[:, 0], snapshot.runs[one.run].field[:, 0].astype(float)
            if one.linear is not None:
                x, y = ends, one.linear.outputs(ends[:, None])[:, 0]
            curve.setPen(view.pen(colors[place], 2))
            curve.setData(x, _drawable(y))
        self.panel.label("bottom", f"{dataset.input_names[0]} (standardised)")
        self.panel.label("left", f"{dataset.target_name} (standardised)")
        low, high = float(dataset.y_train.min()), float(dataset.y_train.max())
        margin = 0.25 * (high - low)
        self.panel.home((probe.low, probe.high), (low - margin, high + margin))

    def _plane(self, view: Any, snapshot: Snapshot, best: Reference, runs: Sequence[Compared], colors: Any) -> None:
        """The samples by class and the lines on which the networks are undecided."""
        probe, dataset = snapshot.probe, snapshot.dataset
        x = dataset.x_train
        self._show_points(view, snapshot, x[:, 0], x[:, 1], dataset.labels_train)
        loss = loss_in_force(snapshot.settings, dataset.task)
        threshold = 0.5 if best.linear.method == "least squares" else loss.threshold
        self.best.setData(*boundary(best.linear, threshold, probe.high - probe.low))
        for place, curve in enumerate(self.curves):
            linear = runs[place].linear if place < len(runs) else None
            curve.setVisible(linear is not None)
            if linear is not None:
                curve.setPen(view.pen(colors[place], 2))
                curve.setData(*boundary(linear, loss.threshold, probe.high - probe.low))
        names = dataset.input_names
        self.panel.label("bottom", f"{names[0]} (standardised)")
        self.panel.label("left", f"{names[1]} (standardised)")
        self.panel.home((probe.low, probe.high), (probe.low, probe.high))

    def _against(self, view: Any, snapshot: Snapshot, best: Reference, runs: Sequence[Compared], colors: Any) -> None:
        """Predictions of the test samples over those of the best linear answer; the diagonal is equality."""
        said = best.linear.outputs(snapshot.dataset.x_test.astype(float))[:, 0]
        ends = nice_range(np.append(said, snapshot.dataset.y_test[:, 0]))
        self.best.setData(np.array(ends), np.array(ends))
        for place, cloud in enumerate(self.clouds):
            cloud.setVisible(place < len(runs))
            if place < len(runs):
                own = _drawable(snapshot.runs[runs[place].run].test_predictions[:, 0].astype(float))
                fine = np.isfinite(own)
                cloud.setData(said[fine], own[fine], pen=view.pen(view.theme.panel, 0.7), brush=colors[place])
        self.panel.label("bottom", f"best linear prediction of {snapshot.dataset.target_name} (standardised)")
        self.panel.label("left", "the runs' prediction")
        self.panel.home(nice_range(said), ends)

    def _bars(self, view: Any, snapshot: Snapshot, best: Reference, runs: Sequence[Compared], colors: Any) -> None:
        """The weights of every input, side by side: the reference as outlines, the runs filled."""
        linear = [(one.linear, color) for one, color in zip(runs, colors, strict=True) if one.linear is not None]
        directed = best.linear.directed
        values = [weights(one, self._output, directed) for one in (best.linear, *(one for one, _ in linear))]
        width, count = BARS / len(values), len(values[0])
        edge = view.pen(view.theme.text, 1, DASH if count <= 40 else Qt.PenStyle.SolidLine)
        for place, item in enumerate(self.bars):
            item.setVisible(place < len(values))
            if place >= len(values):
                continue
            brush = mix(view.theme.panel, view.theme.text, 0.12) if place == 0 else linear[place - 1][1]
            pen = edge if place == 0 else view.pen(brush, 0.5)
            x = 1 + np.arange(count) - BARS / 2 + (place + 0.5) * width
            item.setOpts(x=x, height=np.nan_to_num(_drawable(values[place])), width=width, pen=pen, brush=brush)
        self.panel.label("bottom", "input, in the order of the data")
        self.panel.label("left", "weight (directions of length 1)" if directed else "weight")
        low, high = nice_range(np.append(np.concatenate(values), 0.0))
        self.panel.home((0.4, count + 0.6), (low, high + 0.25 * (high - low)))

    def _show_points(self, view: Any, snapshot: Snapshot, x: Array, y: Array, labels: Array) -> None:
        """The training samples, a symbol and a colour for each of two classes; pale, for the lines are the matter."""
        shown = (id(snapshot.dataset), self._kind, view.theme.name, view.pen_scale)
        if shown == self._points_of:
            return
        self._points_of = shown
        theme = view.theme
        tints = (theme.dim,) if self._kind == "line" else (theme.negative, theme.positive)
        for label, item in enumerate(self.points):
            some = labels == label
            color = mix(tints[min(label, len(tints) - 1)], theme.panel, 0.35)
            item.setData(x[some], y[some], pen=view.pen(theme.panel, 0.7), brush=color)

    def describe(self, theme: Theme, snapshot: Snapshot, x: float, y: float) -> str:
        """The values of all series at a place, as rich text."""
        dataset, linear = snapshot.dataset, self._series
        if self._kind == "bars":
            place = round(x) - 1
            if not 0 <= place < dataset.inputs:
                return ""
            head = f"weight of {dataset.input_names[place]}"
            rows = [
                (name, color, float(weights(one, self._output, linear[0][2].directed)[place]))
                for name, color, one in linear
            ]
        elif self._kind == "against":
            head, rows = f"best linear prediction {number(x)}", [("here", theme.text, y)]
        else:
            at = np.array([[x]]) if self._kind == "line" else np.array([[x, y]])
            named = zip(dataset.input_names, at[0], strict=True)
            head = ", ".join(f"{name} = {number(float(f'{value:.3g}'))}" for name, value in named) + ": W·x + b"
            with np.errstate(all="ignore"):
                rows = [(name, color, float(one.outputs(at)[0, 0])) for name, color, one in linear]
        lines = (
            f"<tr><td>{swatch(color, escape(name))}</td><td align=right>&nbsp;&nbsp;{number(value)}</td></tr>"
            for name, color, value in rows
        )
        return f"{escape(head)}<table cellspacing=0>{''.join(lines)}</table>"


def kind_of(snapshot: Snapshot) -> str:
    """What fits the data: line, plane, against or bars."""
    dataset = snapshot.dataset
    if dataset.task == "regression" and dataset.outputs == 1 and dataset.inputs <= 2:
        return "line" if dataset.inputs == 1 else "against"
    return "plane" if dataset.inputs == 2 and dataset.outputs == 1 else "bars"


def weights(one: Linear, output: int, directed: bool) -> Array:
    """The weights of an output (inputs,), with length 1 if only directions are compared."""
    own = one.weights[:, output]
    with np.errstate(all="ignore"):
        return own / np.linalg.norm(own) if directed else own


def boundary(one: Linear, threshold: float, reach: float) -> tuple[Array, Array]:
    """Two points x, y of the line W·x + b = threshold in the plane, beyond a box of side `reach`; NaN without one."""
    normal, offset = one.weights[:, 0], one.biases[0] - threshold
    with np.errstate(all="ignore"):
        foot = -offset * normal / (normal @ normal)
        along = np.array([-normal[1], normal[0]]) / np.linalg.norm(normal)
    ends = _drawable(np.stack([foot - 4 * reach * along, foot + 4 * reach * along]))
    return ends[:, 0], ends[:, 1]


def _drawable(values: Array) -> Array:
    """Within what a painter can take, NaN for what is no number."""
    return np.where(np.isfinite(values), np.clip(values, -FAR, FAR), np.nan)
