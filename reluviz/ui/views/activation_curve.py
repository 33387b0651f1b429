"""The activations themselves: f of every run, with the zones where it saturates."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from reluviz.core.activations import Activation
from reluviz.core.snapshot import SATURATION_LEVELS, USUAL_LEVEL
from reluviz.ui.theme import mix
from reluviz.ui.views.curves import REACH, Array, CurveView, broken

STRIP = 5.0
# Full-height tints of more runs than this would hide each other.
MOST_TINTS = 2
# The opacity of a tint, as two hexadecimal digits: where two overlap, both can be seen.
TINT = "1a"


class Zones(pg.GraphicsObject):
    """Faint areas and a strip at the bottom for each run where its slope is nearly zero."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__()
        self._plot = plot
        self.runs: list[tuple[str, str, list[tuple[float, float]]]] = []
        self.setZValue(-200)

    def boundingRect(self) -> QRectF:
        """Everything in view."""
        return QRectF(self._plot.vb.viewRect())

    def viewRangeChanged(self) -> None:
        """The view moved."""
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Tints first, strips on top."""
        view = self._plot.vb.viewRect()
        pixel = view.height() / max(1.0, self._plot.vb.height())
        if len(self.runs) <= MOST_TINTS:
            for tint, _color, zones in self.runs:
                for left, right in zones:
                    painter.fillRect(QRectF(left, view.top(), right - left, view.height()), QColor(tint))
        for place, (_tint, color, zones) in enumerate(self.runs):
            bottom = view.top() + place * STRIP * pixel
            for left, right in zones:
                painter.fillRect(QRectF(left, bottom, right - left, STRIP * pixel), QColor(color))


class ActivationCurve(CurveView):
    """The plot of f."""

    key = "activation_curve"
    title = "Activation f(x)"
    help = (
        "The activation of every run. The strip at the bottom, and the tint above it for up to two runs, mark where"
        " a run saturates: there abs f′ is below 5 % of its maximum, so hardly any gradient passes."
    )
    y_words = "f(x)"

    def build(self) -> None:
        """The zones lie below the curves."""
        super().build()
        self.zones = Zones(self.panel.plot)
        self.panel.plot.addItem(self.zones, ignoreBounds=True)

    def curve(self, activation: Activation) -> tuple[Array, Array]:
        """f, broken where it jumps."""
        return broken(activation.f, activation)

    def y_range(self, low: float, high: float) -> tuple[float, float]:
        """Always with 0 and 1 in sight, and with room for the strips."""
        low, high = min(low, 0.0), max(high, 1.0)
        margin = 0.12 * (high - low)
        return (low - margin, high + 0.5 * margin)

    def marks(self, activation: Activation) -> list[tuple[float, float]]:
        """The zones where it saturates."""
        return saturated(activation)

    def show_marks(self) -> None:
        """Tints and strips in the runs' colours."""
        self.zones.runs = []
        for one, trace in zip(self.drawn, self.traces, strict=True):
            color = self.theme.runs[one.color]
            strip, tint = mix(color, self.theme.panel, 0.35), f"#{TINT}{color[1:]}"
            self.zones.runs.append((tint, strip, trace.marks))
        self.zones.update()


def saturated(activation: Activation) -> list[tuple[float, float]]:
    """The intervals of [-10, 10] where abs f′ is below 5 % of its maximum."""
    x = np.linspace(-REACH, REACH, 4001)
    slope = np.abs(activation.df(x))
    largest = activation.max_slope
    if not np.isfinite(largest):
        # A slope that is infinite somewhere: compared with the largest one that is a number.
        largest = float(np.max(slope, initial=0.0, where=np.isfinite(slope)))
    low = np.concatenate([[False], slope < SATURATION_LEVELS[USUAL_LEVEL] * largest, [False]])
    if largest == 0:
        low[1:-1] = True
    edges = np.flatnonzero(np.diff(low.astype(int)))
    return [(float(x[a]), float(x[b - 1])) for a, b in zip(edges[::2], edges[1::2], strict=True)]
