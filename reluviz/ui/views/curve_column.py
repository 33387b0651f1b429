"""One column of the view of pre-activations: curves above, the histogram of z below, and shares in words between."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from reluviz.core.activations import Activation
from reluviz.core.labels import activation_label
from reluviz.ui.theme import dress_font, mix
from reluviz.ui.views.fitting import fit_label
from reluviz.ui.views.heading import Heading
from reluviz.ui.views.legend import Legend
from reluviz.ui.views.shares import PALE, Row, Shares
from reluviz.ui.views.whereabouts import BINS, Array, Part, Places, curve, zones

# f and f′ are drawn up to these values: what is higher leaves the picture, and f′ stays readable beside it.
LOWEST, HIGHEST = -2.0, 4.0
FAR = 1e6
MARGIN = 0.13
# Room above the highest bin for the names of the zones.
HEADROOM = 1.22
# Names of the axes of the histogram, the longest first.
NAMES = {"bottom": ("z, the pre-activation", "z"), "left": ("values, % per bin", "% per bin", "%")}
DASH = Qt.PenStyle.DashLine
# Solid, dotted, …: dashes are for f′.
STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DashDotDotLine)


class Group(NamedTuple):
    """What is drawn of one run: its name, colour, activations, counts of z (BINS,) and where they lie."""

    part: Part
    label: str
    color: str
    activations: tuple[Activation, ...]
    counts: Array
    beyond: int
    places: Places
    words: str


class Tints(pg.GraphicsObject):
    """Faint areas over the zones of an activation, behind everything."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__()
        self._plot = plot
        self.zones: list[tuple[float, float, str]] = []
        self.setZValue(-200)

    def set_zones(self, found: list[tuple[float, float, str]]) -> None:
        """Fill these intervals: low, high, colour."""
        if found != self.zones:
            self.zones = found
            self.update()

    def boundingRect(self) -> QRectF:
        """Everything in view."""
        return QRectF(self._plot.vb.viewRect())

    def viewRangeChanged(self) -> None:
        """The view moved."""
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Fill the whole height."""
        view = self._plot.vb.viewRect()
        for low, high, color in self.zones:
            painter.fillRect(QRectF(low, view.top(), high - low, view.height()), QColor(color))


class ZoneNames(pg.GraphicsWidget):
    """The names of the zones at the upper edge of a plot, where there is room for them."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(plot.vb)
        self._box = plot.vb
        self._font, self._color = QFont(), QColor()
        self.names: list[tuple[float, float, str]] = []
        self.setZValue(40)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        plot.vb.sigResized.connect(self._moved)
        plot.vb.sigXRangeChanged.connect(self._moved)

    def set_names(self, names: list[tuple[float, float, str]]) -> None:
        """Write these: low and high end of the zone, and its name."""
        if names != self.names:
            self.names = names
            self.update()

    def dress(self, view: Any) -> None:
        """Take colour and font."""
        dress_font(self._font, view.theme, 8.0 * view.scale)
        self._color = QColor(view.theme.dim)
        self.update()

    def _moved(self, *_: Any) -> None:
        self.setGeometry(self._box.rect())
        self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Centre each name in what is seen of its zone."""
        metrics, room = QFontMetricsF(self._font), self.rect()
        low, high = self._box.viewRange()[0]
        pixels = room.width() / (high - low)
        painter.setFont(self._font)
        painter.setPen(self._color)
        for begin, end, name in self.names:
            left, right = (min(max((x - low) * pixels, 0.0), room.width()) for x in (begin, end))
            wide = metrics.horizontalAdvance(name)
            if right - left > wide + 6:
                painter.drawText(QPointF((left + right - wide) / 2, metrics.ascent() + 3), name)


class Column:
    """Two plots that share x."""

    def __init__(self, view: Any, place: int) -> None:
        self.view = view
        self.upper = view.add_panel(0, place, y="" if place else "f and f′")
        self.lower = view.add_panel(1, place, x=NAMES["bottom"][0], y="" if place else NAMES["left"][0])
        self.lower.join(self.upper)
        self.upper.plot.hideAxis("bottom")
        self.heading, self.shares = Heading(self.upper.plot), Shares(self.lower.plot)
        self.legend = Legend(self.upper.plot)
        self.names = ZoneNames(self.lower.plot)
        self.tints = [Tints(panel.plot) for panel in (self.upper, self.lower)]
        for panel, tint in zip((self.upper, self.lower), self.tints, strict=True):
            panel.plot.addItem(tint, ignoreBounds=True)
        self.curves: list[Any] = []
        self.bars: list[Any] = []
        self.groups: tuple[Group, ...] = ()
        self.reach = 1.0
        self._drawn: Any = None
        self._top = 0.0

    def restyle(self) -> None:
        """Take colours and fonts."""
        view = self.view
        self.heading.set_theme(view.theme, view.scale)
        self.shares.set_theme(view.theme, view.scale)
        self.legend.set_theme(view.theme, view.scale, clear=view.clear)
        self.names.dress(view)
        for panel in (self.upper, self.lower):
            # Larger numbers stand further apart.
            panel.axis("left").setTickDensity(1 / view.scale)
        self._drawn = None

    def show(self, groups: Sequence[Group], reach: float, words: tuple[str, str, str]) -> None:
        """Draw the groups over z from -reach to reach, under these words: a name, more, and the name's colour."""
        self.groups, self.reach = tuple(groups), reach
        self.heading.set_words(*words)
        for side in ("bottom", "left") if self.lower.words["left"] else ("bottom",):
            fit_label(self.lower, side, NAMES[side], self.view.theme, self.view.scale)
        drawn = (tuple((g.part, g.activations, g.label, g.color) for g in groups), reach)
        if drawn != self._drawn:
            # A slope that is being learned bends a curve in every frame; the bins stay comparable.
            kept = self._drawn is not None and [one[0] for one in drawn[0]] == [one[0] for one in self._drawn[0]]
            self._top = self._top if kept and reach == self._drawn[1] else 0.0
            self._drawn = drawn
            self._draw_curves(reach)
        self._draw_bars(reach)
        self.shares.set_rows([Row(g.label, g.color, g.places.shares, g.words) for g in groups])

    def _draw_curves(self, reach: float) -> None:
        lines: list[tuple[Activation, bool, Any, str]] = []
        for group in self.groups:
            several = len(group.activations) > 1
            for place, activation in enumerate(group.activations):
                style = STYLES[place % len(STYLES)]
                name = activation_label(activation) if several else "f" if len(self.groups) == 1 else group.label
                lines.append((activation, False, self.view.pen(group.color, 2, style), name))
            if not several:
                pen = self.view.pen(group.color, 1.4, DASH)
                lines.append((group.activations[0], True, pen, "f′" if len(self.groups) == 1 else ""))
        while len(self.curves) < len(lines):
            self.curves.append(pg.PlotCurveItem(connect="finite", antialias=True))
            self.upper.plot.addItem(self.curves[-1], ignoreBounds=True)
        low, high = 0.0, 1.0
        for place, item in enumerate(self.curves):
            item.setVisible(place < len(lines))
            if place < len(lines):
                activation, slope, pen, _ = lines[place]
                x, y = curve(activation, reach, slope)
                item.setData(x, np.clip(y, -FAR, FAR))
                item.setPen(pen)
                item.setSegmentedLineMode("on" if pen.style() == STYLES[0] else "off")
                seen = np.clip(y[np.isfinite(y)], LOWEST, HIGHEST)
                low, high = min(low, seen.min(initial=0.0)), max(high, seen.max(initial=0.0))
        self.legend.set_rows([(pen, name) for _, _, pen, name in lines if name])
        margin = MARGIN * (high - low)
        self.upper.home((-reach, reach), (low - margin, high + margin))
        self._draw_zones(reach)

    def _draw_zones(self, reach: float) -> None:
        """Only where one curve is drawn: those of several would hide each other."""
        theme, groups, tinted, named = self.view.theme, self.groups, [], []
        if len(groups) == 1 and len(groups[0].activations) == 1:
            pale = mix(groups[0].color, theme.panel, 0.88), mix(theme.dim, theme.panel, 0.84)
            for low, high, zero in zones(groups[0].activations[0], reach):
                tinted.append((low, high, pale[zero]))
                named.append((low, high, "zero" if zero else "saturated"))
        for tint in self.tints:
            tint.set_zones(tinted)
        self.names.set_names(named)

    def _draw_bars(self, reach: float) -> None:
        edges = np.linspace(-reach, reach, BINS + 1)
        while len(self.bars) < len(self.groups):
            item = pg.PlotCurveItem(edges, np.zeros(BINS), stepMode="center", antialias=True)
            self.lower.plot.addItem(item, ignoreBounds=True)
            self.bars.append(item)
        highest = 0.0
        for place, item in enumerate(self.bars):
            item.setVisible(place < len(self.groups))
            if place >= len(self.groups):
                continue
            group = self.groups[place]
            height = 100 * shares(group.counts)
            highest = max(highest, float(height.max()))
            fill = len(self.groups) == 1
            brush = QColor(mix(group.color, self.view.theme.panel, PALE))
            pen, level = self.view.pen(group.color, 1.3), 0.0 if fill else None
            item.setData(edges, height, fillLevel=level, brush=brush, pen=pen)
        if highest:
            self._top = rounded(highest, self._top)
        self.lower.home((-reach, reach), (0.0, HEADROOM * (self._top or 1.0)))


def shares(counts: Array) -> Array:
    """The share of each bin (BINS,): the sum is 1, or 0 where nothing was counted."""
    return np.asarray(counts / max(1, int(counts.sum())))


def rounded(value: float, present: float) -> float:
    """A round number that is not smaller, and the present one for as long as it fits."""
    unit = 10.0 ** np.floor(np.log10(value))
    found = next(float(unit * part) for part in (1, 1.5, 2, 3, 5, 7.5, 10, 15) if unit * part >= value)
    return present if found <= present < 3 * found else found
