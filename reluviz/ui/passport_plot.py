"""The small plot of one activation beside its passport: f and f′."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from reluviz.core.activations import Activation
from reluviz.ui.theme import LIGHT, Theme
from reluviz.ui.views.curves import FAR, Array, broken, span
from reluviz.ui.views.legend import Legend
from reluviz.ui.views.plot import Panel

REACH = 5.0
MOST = 6.0
HEIGHT = 210
WORDS = ("f(x)", "f′(x)")


class PassportPlot(QWidget):
    """f solid, f′ dashed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = LIGHT
        self._scale = 1.0
        self.canvas = pg.GraphicsLayoutWidget(self)
        self.canvas.setFrameShape(self.canvas.Shape.NoFrame)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas.ci.setContentsMargins(0, 2, 6, 0)
        self.panel = Panel(self.canvas, 0, 0, x="x, the input of a neuron", y="f and f′")
        self.curves = [pg.PlotCurveItem(connect="finite", antialias=True) for _ in WORDS]
        for curve in self.curves:
            curve.setSegmentedLineMode("on")
            self.panel.plot.addItem(curve, ignoreBounds=True)
        self.legend = Legend(self.panel.plot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and sizes."""
        self._theme, self._scale = theme, scale
        self.setFixedHeight(round(HEIGHT * (0.5 + 0.5 * scale)))
        self.canvas.setBackground(theme.panel)
        self.panel.set_theme(theme, scale, self.devicePixelRatioF())
        self.legend.set_theme(theme, scale)
        pens = self._pens()
        for curve, pen in zip(self.curves, pens, strict=True):
            curve.setPen(pen)
        self.legend.set_rows(list(zip(pens, WORDS, strict=True)))

    def show_activation(self, activation: Activation) -> None:
        """Draw f and f′ of an activation around 0."""
        self.canvas.setAccessibleName(f"f and f′ of {activation.caption} for x from −5 to 5")
        parts = [broken(activation.f, activation), broken(activation.df, activation)]
        for curve, (x, y) in zip(self.curves, parts, strict=True):
            curve.setData(x, np.clip(y, -FAR, FAR))
        spans = [_span(x, y) for x, y in parts]
        low, high = min(0.0, *(a for a, _ in spans)), max(1.0, *(b for _, b in spans))
        self.panel.show_all()
        self.panel.home((-REACH, REACH), (low - 0.08 * (high - low), high + 0.12 * (high - low)))

    def _pens(self) -> list[QPen]:
        width = 2 * self.devicePixelRatioF()
        return [
            pg.mkPen(self._theme.accent, width=width),
            pg.mkPen(self._theme.positive, width=width, style=Qt.PenStyle.DashLine),
        ]


def _span(x: Array, y: Array) -> tuple[float, float]:
    near = np.abs(x) <= REACH
    return span(x[near], y[near], MOST)
