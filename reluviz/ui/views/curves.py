"""What the plots of f and f′ share: one curve a run over x, its legend, and both values under the cursor."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from reluviz.core.activations import Activation, PReLU
from reluviz.core.labels import activation_label, is_mixed, run_labels
from reluviz.core.settings import MOST_RUNS, Settings
from reluviz.core.snapshot import Snapshot
from reluviz.ui.views.base import View, number, swatch
from reluviz.ui.views.legend import Legend
from reluviz.ui.views.plot import Panel
from reluviz.ui.views.table import Table

Array = np.ndarray[Any, np.dtype[Any]]
REACH = 10.0
POINTS = 801
# How far beside a kink its limits are taken, and from which difference on they are a jump.
BESIDE = 1e-9
JUMP = 1e-6
# Curves leave the picture long before this; a painter fails on larger numbers.
FAR = 1e9
# A run whose layers differ has a curve for each activation, the first one solid.
STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)


class Drawn(NamedTuple):
    """One curve: the palette's place of its run, the activation, the legend's words and the line's style."""

    color: int
    activation: Activation
    label: str
    style: Qt.PenStyle


class Trace(NamedTuple):
    """What is drawn for an activation: x and y of its curve, what of y is to be seen, and what is marked on it."""

    x: Array
    y: Array
    span: tuple[float, float]
    marks: Any


class CurveView(View):
    """Curves of the runs' activations over x in [-10, 10]."""

    y_words = ""
    most = 15.0
    """A curve that goes beyond this is not shown whole, unless all of it lies there: it would flatten the others."""
    legend_right = False

    def build(self) -> None:
        """One curve for each possible run."""
        self.panel = self.add_panel(0, 0, x="x, the input of a neuron", y=self.y_words)
        self.panel.home((-REACH, REACH), (-1.0, 1.0))
        self.panel.plot.vb.setLimits(minXRange=1e-3, maxXRange=1e3)
        self.curves: list[Any] = []
        for _ in range(MOST_RUNS):
            self._add_curve()
        self.legend = Legend(self.panel.plot, right=self.legend_right)
        self.drawn: tuple[Drawn, ...] = ()
        self.traces: list[Trace] = []
        self._told: Any = None
        self._shown: Any = None

    def curve(self, activation: Activation) -> tuple[Array, Array]:
        """The points (x, y) of a run's curve, NaN where the line breaks."""
        raise NotImplementedError

    def marks(self, activation: Activation) -> Any:
        """What is marked on an activation's curve; what it is, is the view's own affair."""
        raise NotImplementedError

    def show_marks(self) -> None:
        """Draw the marks of all traces."""
        raise NotImplementedError

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Trace an activation that was not there before; a slope that is being learned changes in every frame."""
        slopes = [state.layers.learned_slope for state in snapshot.runs]
        told = (snapshot.settings, [some.tobytes() for some in slopes])
        drawn = self.drawn if told == self._told else drawn_curves(snapshot.settings, slopes)
        self._told = told
        look = (self.theme.name, self.scale, self.pen_scale)
        if (drawn, look) == self._shown:
            return
        before = self.drawn if self._shown is not None and self._shown[1] == look else ()
        known = {one.activation: trace for one, trace in zip(self.drawn, self.traces, strict=True)}
        self._shown = (drawn, look)
        self.drawn = drawn
        self.traces = [known.get(one.activation) or self._trace(one.activation) for one in drawn]
        while len(self.curves) < len(drawn):
            self._add_curve()
        pens = [self.pen(self.theme.runs[one.color], 2, one.style) for one in drawn]
        for place, item in enumerate(self.curves):
            item.setVisible(place < len(drawn))
            if drawn[place : place + 1] != before[place : place + 1] and place < len(drawn):
                self._draw_curve(item, self.traces[place], pens[place])
        low, high = min(trace.span[0] for trace in self.traces), max(trace.span[1] for trace in self.traces)
        self.panel.home((-REACH, REACH), self.y_range(low, high))
        self.legend.set_rows([(pen, one.label) for pen, one in zip(pens, drawn, strict=True)])
        self.show_marks()

    def y_range(self, low: float, high: float) -> tuple[float, float]:
        """The ends of the y axis for curves that reach from low to high."""
        raise NotImplementedError

    def _trace(self, activation: Activation) -> Trace:
        x, y = self.curve(activation)
        return Trace(x, y, span(x, y, self.most), self.marks(activation))

    def _draw_curve(self, item: Any, trace: Trace, pen: QPen) -> None:
        item.setData(trace.x, np.clip(trace.y, -FAR, FAR))
        item.setPen(pen)
        # Drawn segment by segment, which is fast for a thick line, dashes would begin anew at every point.
        item.setSegmentedLineMode("on" if pen.style() == STYLES[0] else "off")

    def _add_curve(self) -> None:
        curve = pg.PlotCurveItem(connect="finite", antialias=True)
        self.panel.plot.addItem(curve, ignoreBounds=True)
        self.curves.append(curve)

    def restyle(self) -> None:
        """Take the theme's colours."""
        self.legend.set_theme(self.theme, self.scale, clear=self.clear)
        self._shown = None

    def table(self) -> Table:
        """Each run's points of the part of x that is shown; a kink has its limits and the gap between them."""
        if self.snapshot is None:
            return Table((), ())
        low, high = self.panel.plot.vb.viewRange()[0]
        x, y = [], []
        names: list[str] = []
        for one, trace in zip(self.drawn, self.traces, strict=True):
            shown = (trace.x >= low) & (trace.x <= high)
            x.append(trace.x[shown])
            y.append(trace.y[shown])
            names += [one.label] * int(shown.sum())
        return Table(("run", "x", self.y_words), (names, np.concatenate(x), np.concatenate(y)))

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """f and f′ of every run at x."""
        if self.snapshot is None:
            return ""
        at = np.array([x])
        rows = []
        with np.errstate(all="ignore"):
            for one in self.drawn:
                f, slope = float(one.activation.f(at)[0]), float(one.activation.df(at)[0])
                name = swatch(self.theme.runs[one.color], escape(one.label))
                rows.append(f"<tr><td>{name}&nbsp;&nbsp;</td><td align=right>{number(f)}</td>"
                            f"<td align=right>&nbsp;&nbsp;{number(slope)}</td></tr>")  # fmt: skip
        head = f"<tr><td>x = {number(x)}</td><td align=right>f</td><td align=right>&nbsp;&nbsp;f′</td></tr>"
        return f"<table cellspacing=0>{head}{''.join(rows)}</table>"


def drawn_curves(settings: Settings, slopes: Sequence[Array] = ()) -> tuple[Drawn, ...]:
    """A curve for each run, or for each activation of a run whose layers differ.

    `slopes` holds what the layers of each run have learned (layers,), NaN where they learn none.
    """
    depth = len(settings.network.hidden)
    found = []
    for place, (run, label) in enumerate(zip(settings.runs, run_labels(settings), strict=True)):
        layers: dict[Activation, list[int]] = {}
        for layer in range(depth):
            slope = float(slopes[place][layer]) if slopes else np.nan
            layers.setdefault(as_learned(run.activation_of(layer), slope), []).append(layer + 1)
        mixed = is_mixed(run, depth) or len(layers) > 1
        for kind, (activation, numbers) in enumerate(layers.items()):
            words = f"{layer_words(numbers)}: {activation_label(activation)}" if mixed else label
            found.append(Drawn(run.color, activation, words, STYLES[kind % len(STYLES)]))
    return tuple(found)


def as_learned(activation: Activation, slope: float) -> Activation:
    """The activation with the slope that its layer has learned, to the hundredth that can be seen."""
    if not isinstance(activation, PReLU) or not np.isfinite(slope):
        return activation
    return activation.evolve(slope=round(min(max(slope, -2.0), 2.0), 2))


def layer_words(numbers: list[int]) -> str:
    """Some layers in words: `layer 2`, `layers 1, 3`; many of them are told by the first ones."""
    if len(numbers) == 1:
        return f"layer {numbers[0]}"
    return f"layers {', '.join(str(number) for number in numbers[:3])}{', …' if len(numbers) > 3 else ''}"


def grid(activation: Activation, reach: float = 1000.0) -> Array:
    """x densely on [-10, 10] and thinly beyond, with the kinks among them."""
    inner = np.linspace(-REACH, REACH, POINTS)
    outer = np.geomspace(REACH, reach, 40)[1:]
    return np.unique(np.concatenate([-outer, inner, outer, np.array(activation.kinks)]))


def broken(function: Callable[[Array], Array], activation: Activation) -> tuple[Array, Array]:
    """f or f′ over the grid; where it jumps at a kink, both limits with a gap between them, not a slanted line."""
    x = grid(activation)
    y = function(x)
    for kink in activation.kinks:
        left, right = sides(function, kink)
        if not abs(right - left) > JUMP * max(1.0, abs(left), abs(right)):
            continue
        at = int(np.searchsorted(x, kink))
        x = np.concatenate([x[:at], [kink, kink, kink], x[at + 1 :]])
        y = np.concatenate([y[:at], [left, np.nan, right], y[at + 1 :]])
    return x, y


def sides(function: Callable[[Array], Array], kink: float) -> tuple[float, float]:
    """The values just left and right of a kink."""
    step = BESIDE * max(1.0, abs(kink))
    left, right = function(np.array([kink - step, kink + step]))
    return float(left), float(right)


def span(x: Array, y: Array, most: float) -> tuple[float, float]:
    """What of a curve is to be seen on [-10, 10]: all of it up to ±most, and around 0 even up to ±4 most.

    A curve that lies beyond ±most nearly everywhere is shown without its extremes.
    """
    inside = np.isfinite(y) & (np.abs(x) <= REACH)
    values, near = y[inside], y[inside & (np.abs(x) <= 1)]
    if not values.size:
        return 0.0, 0.0
    if np.mean(np.abs(values) <= most) < 0.25:
        low, high = np.quantile(values, [0.02, 0.98])
        return float(low), float(high)
    seen = np.clip(values, -most, most)
    if near.size and np.abs(near).max() <= 4 * most:
        seen = np.concatenate([seen, near])
    return float(seen.min()), float(seen.max())
