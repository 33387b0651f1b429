"""The derivatives: f′ of every run, with honest jumps at the kinks."""

import numpy as np
import pyqtgraph as pg

from reluviz.core.activations import Activation
from reluviz.core.snapshot import Snapshot
from reluviz.ui.views.curves import Array, CurveView, grid

TINY = 1e-9
# The diameter of a dot, in logical pixels.
DOT = 6.5


class Derivative(CurveView):
    """The plot of f′."""

    key = "derivative"
    title = "Derivative f′(x)"
    help = (
        "The slope of every run's activation: the factor by which a gradient is multiplied on its way back through a"
        " neuron. The sigmoid's is at most 1/4; ReLU's is 1 for every positive input. At a kink the derivative does"
        " not exist: the filled dot is the value that training uses, the open ones are the limits."
    )
    y_words = "f′(x)"

    def build(self) -> None:
        """Dots at the kinks, above the curves."""
        super().build()
        self.dots = pg.ScatterPlotItem(pxMode=True)
        self.panel.plot.addItem(self.dots, ignoreBounds=True)

    def curve(self, activation: Activation) -> tuple[Array, Array]:
        """f′, broken at its jumps."""
        x = grid(activation)
        y = activation.df(x)
        for kink in activation.kinks:
            left, right = limits(activation, kink)
            if left == right:
                continue
            at = int(np.searchsorted(x, kink))
            x = np.concatenate([x[:at], [kink, kink, kink], x[at + 1 :]])
            y = np.concatenate([y[:at], [left, np.nan, right], y[at + 1 :]])
        return x, y

    def y_range(self, values: Array) -> tuple[float, float]:
        """From zero to the largest slope, with some air."""
        finite = values[np.isfinite(values)]
        low, high = float(min(finite.min(), 0.0)), float(max(finite.max(), 1.0))
        return (low - 0.1 * (high - low), high + 0.15 * (high - low))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Curves and dots."""
        before = self._shown
        super().show_snapshot(snapshot)
        if before == self._shown:
            return
        spots = []
        for run in snapshot.settings.runs:
            color = self.theme.runs[run.color]
            pen = self.pen(color, 1.5)
            for kink in run.activation.kinks:
                left, right = limits(run.activation, kink)
                used = float(run.activation.df(np.array([kink]))[0])
                for value in {left, right} if left != right else set():
                    brush = color if value == used else self.theme.panel
                    spots.append({"pos": (kink, value), "size": DOT, "pen": pen, "brush": brush})
        self.dots.setData(spots)


def limits(activation: Activation, kink: float) -> tuple[float, float]:
    """The slopes just left and right of a kink."""
    left, right = activation.df(np.array([kink - TINY, kink + TINY]))
    return float(np.round(left, 6)), float(np.round(right, 6))
