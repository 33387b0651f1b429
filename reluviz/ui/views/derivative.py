"""The derivatives: f′ of every run, with honest jumps at the kinks."""

import numpy as np
import pyqtgraph as pg

from reluviz.core.activations import Activation
from reluviz.ui.views.curves import JUMP, Array, CurveView, broken, sides

# Beyond this, limits differ by how far beside a kink they are taken.
DIGITS = 6
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
    most = 2.5

    def build(self) -> None:
        """Dots at the kinks, above the curves."""
        super().build()
        self.dots = pg.ScatterPlotItem(pxMode=True)
        self.panel.plot.addItem(self.dots, ignoreBounds=True)

    def curve(self, activation: Activation) -> tuple[Array, Array]:
        """f′, broken at its jumps; none where f itself is not a number, as for log(x) on the left."""
        x, slope = broken(activation.df, activation)
        return x, np.where(np.isnan(activation.f(x)), np.nan, slope)

    def y_range(self, low: float, high: float) -> tuple[float, float]:
        """Always with 0 and 1 in sight, and some air."""
        low, high = min(low, 0.0), max(high, 1.0)
        return (low - 0.1 * (high - low), high + 0.15 * (high - low))

    def marks(self, activation: Activation) -> list[tuple[float, float, bool]]:
        """The dots (x, slope, whether filled) at its kinks."""
        return [(kink, *dot) for kink in activation.kinks for dot in dots(activation, kink)]

    def show_marks(self) -> None:
        """Dots in the runs' colours."""
        spots = []
        for one, trace in zip(self.drawn, self.traces, strict=True):
            color = self.theme.runs[one.color]
            pen = self.pen(color, 1.5)
            for kink, value, filled in trace.marks:
                brush = color if filled else self.theme.panel
                spots.append({"pos": (kink, value), "size": DOT, "pen": pen, "brush": brush})
        self.dots.setData(spots)


def limits(activation: Activation, kink: float) -> tuple[float, float]:
    """The slopes just left and right of a kink."""
    left, right = sides(activation.df, kink)
    return round(left, DIGITS), round(right, DIGITS)


def dots(activation: Activation, kink: float) -> list[tuple[float, bool]]:
    """The slopes to mark at a kink where f′ jumps: both limits and the value that training uses, which is filled."""
    left, right = limits(activation, kink)
    if not abs(right - left) > JUMP * max(1.0, abs(left), abs(right)):
        return []
    used = round(float(activation.df(np.array([kink]))[0]), DIGITS)
    return [(value, value == used) for value in sorted({left, right, used}) if np.isfinite(value)]
