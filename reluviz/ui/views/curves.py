"""What the plots of f and f′ share: one curve a run over x, its legend, and both values under the cursor."""

from typing import Any

import numpy as np
import pyqtgraph as pg

from reluviz.core.activations import Activation
from reluviz.core.labels import run_labels
from reluviz.core.settings import MOST_RUNS
from reluviz.core.snapshot import Snapshot
from reluviz.ui.views.base import View, number, swatch
from reluviz.ui.views.legend import Legend
from reluviz.ui.views.plot import Panel, nice_range
from reluviz.ui.views.table import Table

Array = np.ndarray[Any, np.dtype[Any]]
REACH = 10.0
POINTS = 801


class CurveView(View):
    """Curves of the runs' activations over x in [-10, 10]."""

    y_words = ""
    legend_right = False

    def build(self) -> None:
        """One curve for each possible run."""
        self.panel = self.add_panel(0, 0, x="x, the input of a neuron", y=self.y_words)
        self.panel.home((-REACH, REACH), (-1.0, 1.0))
        self.panel.plot.vb.setLimits(minXRange=1e-3, maxXRange=1e3)
        self.curves = [pg.PlotCurveItem(connect="finite", antialias=True) for _ in range(MOST_RUNS)]
        for curve in self.curves:
            curve.setSegmentedLineMode("on")
            self.panel.plot.addItem(curve, ignoreBounds=True)
        self.legend = Legend(self.panel.plot, right=self.legend_right)
        self._shown: Any = None

    def curve(self, activation: Activation) -> tuple[Array, Array]:
        """The points (x, y) of a run's curve, NaN where the line breaks."""
        raise NotImplementedError

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Compute the curves anew only if an activation has changed."""
        runs = snapshot.settings.runs
        shown = (runs, self.theme.name, self.scale, self.pen_scale)
        if shown == self._shown:
            return
        self._shown = shown
        drawn = [self.curve(run.activation) for run in runs]
        for place, item in enumerate(self.curves):
            item.setVisible(place < len(runs))
            if place < len(runs):
                item.setData(*drawn[place])
                item.setPen(self.pen(self.theme.runs[runs[place].color], 2))
        seen = [y[(x >= -REACH) & (x <= REACH)] for x, y in drawn]
        self.panel.home((-REACH, REACH), self.y_range(np.concatenate(seen)))
        labels = run_labels(snapshot.settings)
        self.legend.set_rows(
            [(self.pen(self.theme.runs[run.color], 2), label) for run, label in zip(runs, labels, strict=True)]
        )

    def y_range(self, values: Array) -> tuple[float, float]:
        """The ends of the y axis."""
        return nice_range(values)

    def restyle(self) -> None:
        """Take the theme's colours."""
        self.legend.set_theme(self.theme, self.scale, clear=self.clear)
        self._shown = None

    def table(self) -> Table:
        """Each run's points of the part of x that is shown; a kink has its limits and the gap between them."""
        if self.snapshot is None:
            return Table((), ())
        low, high = self.panel.plot.vb.viewRange()[0]
        labels, x, y = run_labels(self.snapshot.settings), [], []
        names: list[str] = []
        for label, curve in zip(labels, self.curves, strict=False):
            all_x, all_y = curve.getData()
            shown = (all_x >= low) & (all_x <= high)
            x.append(all_x[shown])
            y.append(all_y[shown])
            names += [label] * int(shown.sum())
        return Table(("run", "x", self.y_words), (names, np.concatenate(x), np.concatenate(y)))

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """f and f′ of every run at x."""
        if self.snapshot is None:
            return ""
        runs = self.snapshot.settings.runs
        at = np.array([x])
        rows = []
        with np.errstate(all="ignore"):
            for run, label in zip(runs, run_labels(self.snapshot.settings), strict=True):
                f, slope = float(run.activation.f(at)[0]), float(run.activation.df(at)[0])
                name = swatch(self.theme.runs[run.color], label)
                rows.append(f"<tr><td>{name}&nbsp;&nbsp;</td><td align=right>{number(f)}</td>"
                            f"<td align=right>&nbsp;&nbsp;{number(slope)}</td></tr>")  # fmt: skip
        head = f"<tr><td>x = {number(x)}</td><td align=right>f</td><td align=right>&nbsp;&nbsp;f′</td></tr>"
        return f"<table cellspacing=0>{head}{''.join(rows)}</table>"


def grid(activation: Activation, reach: float = 1000.0) -> Array:
    """x densely on [-10, 10] and thinly beyond, with the kinks among them."""
    inner = np.linspace(-REACH, REACH, POINTS)
    outer = np.geomspace(REACH, reach, 40)[1:]
    return np.unique(np.concatenate([-outer, inner, outer, np.array(activation.kinks)]))
