"""A plot with the house's axes, grid, cursor and zoom."""

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter

from reluviz.ui.theme import Theme, dress_font, mix

TICK_LENGTH = -4
# The logarithms of 1, 2 and 5, used where an axis spans fewer decades than this.
FEW_MARKS = (0.0, math.log10(2), math.log10(5))
FEW_DECADES = 2.2


class Axis(pg.AxisItem):
    """An axis with a real minus sign, and with powers of ten where it holds logarithms."""

    powers = False

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        """The words beside the ticks."""
        if self.powers:
            words = [f"{10.0**value:.3g}" for value in values]
            return [word.replace("e-0", "e−").replace("e-", "e−").replace("e+0", "e") for word in words]
        return [text.replace("-", "−") for text in super().tickStrings(values, scale, spacing)]

    def tickValues(self, low: float, high: float, size: float) -> Any:
        """On a logarithmic axis whole decades, or 1, 2 and 5 times each where there are few."""
        if not self.powers or not high > low:
            return super().tickValues(low, high, size)
        every = max(1, math.ceil((high - low) / max(2.0, size / 28)))
        decades = range(math.floor(low) - 1, math.ceil(high) + 1)
        marks = FEW_MARKS if high - low < FEW_DECADES else (0.0,)
        values = [decade + mark for decade in decades if decade % every == 0 for mark in marks]
        return [(float(every), [value for value in values if low <= value <= high])]


class Grid(pg.GraphicsObject):
    """Opaque lines at the major ticks, one pixel wide: a tenth of the cost of the library's translucent grid."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__()
        self._plot = plot
        self.pen = pg.mkPen("#888888")
        self.setZValue(-100)

    def boundingRect(self) -> QRectF:
        """Everything in view."""
        return QRectF(self._plot.vb.viewRect())

    def viewRangeChanged(self) -> None:
        """The view moved."""
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw one line for each major tick."""
        (left, right), (bottom, top) = self._plot.vb.viewRange()
        painter.setPen(self.pen)
        for name, low, high in (("bottom", left, right), ("left", bottom, top)):
            axis = self._plot.getAxis(name)
            size = self._plot.vb.width() if name == "bottom" else self._plot.vb.height()
            levels = axis.tickValues(low, high, size) if high > low else []
            for value in levels[0][1] if levels else ():
                if name == "bottom":
                    painter.drawLine(QPointF(value, bottom), QPointF(value, top))
                else:
                    painter.drawLine(QPointF(left, value), QPointF(right, value))


class Panel:
    """A PlotItem in a canvas: fixed ranges, zoom by wheel and drag, double click to see everything again."""

    def __init__(
        self, canvas: pg.GraphicsLayoutWidget, row: int, column: int, *, x: str = "", y: str = "", square: bool = False
    ) -> None:
        axes = {"bottom": Axis("bottom"), "left": Axis("left")}
        for axis in axes.values():
            # "x0.001" beside a label is no unit.
            axis.enableAutoSIPrefix(False)
        self.plot: pg.PlotItem = canvas.addPlot(row, column, axisItems=axes, enableMenu=False)
        self.plot.hideButtons()
        self.plot.vb.disableAutoRange()
        self.plot.vb.setAspectLocked(square)
        self.plot.vb.setDefaultPadding(0)
        self.words = {"bottom": x, "left": y}
        self._scale = 1.0
        # Shared by panels that move together.
        self._zoom = [False]
        self._home = ((-1.0, 1.0), (-1.0, 1.0))
        self._bare = False
        self._axis_pen, self._no_pen = pg.mkPen(), pg.mkPen()
        self._font = QFont()
        self._label_style: dict[str, str] = {}
        self.grid = Grid(self.plot)
        self.plot.addItem(self.grid, ignoreBounds=True)
        self.cursor = pg.InfiniteLine(angle=90, movable=False)
        self.cursor.hide()
        self.plot.addItem(self.cursor, ignoreBounds=True)
        self.plot.vb.sigRangeChangedManually.connect(self._manual)
        self.plot.vb.sigResized.connect(self._resized)
        self.plot.vb.mouseDoubleClickEvent = self._reset

    @property
    def zoomed(self) -> bool:
        """Whether the person has chosen what is shown."""
        return self._zoom[0]

    @zoomed.setter
    def zoomed(self, zoomed: bool) -> None:
        self._zoom[0] = zoomed

    def join(self, other: "Panel", *, y: bool = False) -> None:
        """Move along x, and along y if wanted, together with another panel."""
        self.plot.setXLink(other.plot)
        if y:
            self.plot.setYLink(other.plot)
        self._zoom = other._zoom

    def axis(self, name: str) -> Axis:
        """The axis at the "bottom" or "left"."""
        return self.plot.getAxis(name)

    def label(self, side: str, words: str) -> None:
        """Name an axis, with its unit."""
        if self.words[side] != words:
            self.words[side] = words
            self.axis(side).setLabel(words, **self._label_style)
            self._make_room()

    def home(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """What is shown unless the person has zoomed."""
        if (x, y) == self._home:
            return
        self._home = (x, y)
        if not self.zoomed:
            self._go_home()

    def zoom_to(self, ranges: list[list[float]]) -> None:
        """Show this part, as if the person had zoomed."""
        self.zoomed = True
        self.plot.vb.setRange(xRange=ranges[0], yRange=ranges[1], padding=0)

    def set_bare(self, bare: bool) -> None:
        """Without axis lines, ticks and numbers, for what brings its own."""
        if bare != self._bare:
            self._bare = bare
            self._style_axes()

    def show_all(self) -> None:
        """Undo the person's zoom."""
        self.zoomed = False
        self._go_home()

    def show_cursor(self, point: QPointF | None) -> None:
        """Mark where values are read."""
        self.cursor.setVisible(point is not None)
        if point is not None:
            self.cursor.setPos(point.x())

    def set_theme(self, theme: Theme, scale: float, width: float) -> None:
        """Colour axes and grid; `width` is that of one logical pixel."""
        dress_font(self._font, theme, 8.0 * scale)
        self._label_style = {"color": theme.dim, "font-size": f"{8.5 * scale}pt", "font-family": "Inter, DejaVu Sans"}
        self.grid.pen = pg.mkPen(theme.grid, width=width)
        self.cursor.setPen(pg.mkPen(mix(theme.dim, theme.panel, 0.35), width=width))
        self._axis_pen, self._no_pen = pg.mkPen(theme.axis, width=width), pg.mkPen(theme.panel)
        self._scale = scale
        self._style_axes()
        self._make_room()

    def _style_axes(self) -> None:
        for side in ("bottom", "left"):
            axis = self.axis(side)
            axis.setPen(self._no_pen if self._bare else self._axis_pen)
            axis.setTextPen(self._label_style.get("color", "k"))
            axis.setStyle(
                tickFont=self._font, tickLength=0 if self._bare else TICK_LENGTH, maxTickLevel=0, tickTextOffset=5,
                autoExpandTextSpace=False, hideOverlappingLabels=True, showValues=not self._bare,
            )  # fmt: skip
            # Setting the pen has given its colour to the label.
            axis.setLabel(self.words[side], **self._label_style)

    def _make_room(self) -> None:
        """Fixed room for ticks and words: axes that adapt to their ticks make the plot jump."""
        self.axis("left").setWidth(round((54 if self.words["left"] else 36) * (0.8 * self._scale + 0.2)))
        self.axis("bottom").setHeight(round((37 if self.words["bottom"] else 20) * (0.8 * self._scale + 0.2)))

    def _resized(self, *_: Any) -> None:
        # A locked aspect keeps its scale when the panel grows; what is shown must fill it again.
        if not self.zoomed and self.plot.vb.state["aspectLocked"]:
            self._go_home()

    def _manual(self, *_: Any) -> None:
        self.zoomed = True

    def _reset(self, event: Any) -> None:
        self.show_all()
        event.accept()

    def _go_home(self) -> None:
        x, y = self._home
        self.plot.vb.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)


def nice_range(values: np.ndarray[Any, Any], least: float = 1e-9) -> tuple[float, float]:
    """Round ends around the finite values, so that the axis does not move with every frame."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return (0.0, 1.0)
    low, high = float(finite.min()), float(finite.max())
    span = max(high - low, least, 1e-6 * max(abs(low), abs(high)))
    step = 10.0 ** np.floor(np.log10(span)) / 2
    return (float(np.floor(low / step - 0.1) * step), float(np.ceil(high / step + 0.1) * step))
