"""The loss around the weights of a run: along a direction, over a plane, or over the plane of its training path."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from reluviz.core.labels import run_labels
from reluviz.core.landscape import LINE, PATH, PLANE, Landscape
from reluviz.core.snapshot import LANDSCAPE, Snapshot
from reluviz.ui.views.base import View, number
from reluviz.ui.views.contours import BandKey, Bands, bands_of, logarithms, pixels
from reluviz.ui.views.heading import Heading
from reluviz.ui.views.landscape_tools import LandscapeTools
from reluviz.ui.views.plot import Panel, nice_range
from reluviz.ui.views.raster import Raster
from reluviz.ui.views.sentence import Sentence
from reluviz.ui.views.table import Table

Array = np.ndarray[Any, np.dtype[Any]]
MARK, WAY_MARK = 11, 6
# A path's step is named where the cursor is within this share of the plot.
NEAR = 0.02
# Moves of less than this share of the plot are not drawn one by one.
SMALLEST = 0.004
# A logarithmic axis has too few marks where the largest loss is less than so many times the smallest.
LEAST_SPREAD = 4.0
AXES = {
    LINE: ("random direction (in |w|)", "training loss"),
    PLANE: ("random direction a (in |w|)", "random direction b"),
    PATH: ("principal direction 1 (distance)", "principal direction 2"),
}
COLUMNS = {PLANE: ("direction a (|w|)", "direction b (|w|)"), PATH: ("component 1", "component 2")}


class LossLandscape(View):
    """One panel: a curve for a line, bands of colour with the path on them for a plane."""

    key = "loss_landscape"
    title = "Loss landscape"
    help = (
        "The training loss that a run would have with other weights around its present ones. Slices follow random"
        " directions that are as long, for every neuron, as its weights w (Li et al. 2018), or the plane that lies"
        " nearest to the way that training took. A smooth bowl is easy to descend; a plateau or a ravine is not."
    )
    needs = frozenset({LANDSCAPE})
    every = 3

    def build(self) -> None:
        """Curve, picture, path and marks; one kind of landscape shows some of them."""
        self.panel = self.add_panel(0, 0, x=AXES[PLANE][0], y=AXES[PLANE][1])
        # A new panel says that it is at home from -1 to 1, but is not there yet.
        self.panel.show_all()
        plot = self.panel.plot
        self.raster = Raster()
        self.curve = pg.PlotCurveItem(connect="finite", antialias=True)
        self.halo = pg.PlotCurveItem(antialias=True)
        self.path = pg.PlotCurveItem(antialias=True)
        self.way = pg.ScatterPlotItem(pxMode=True, size=WAY_MARK, antialias=True)
        self.start = pg.ScatterPlotItem(pxMode=True, size=MARK, antialias=True)
        self.present = pg.ScatterPlotItem(pxMode=True, size=MARK, antialias=True)
        items = (self.raster, self.curve, self.halo, self.path, self.way, self.start, self.present)
        for depth, item in enumerate(items):
            item.setZValue(depth if depth else -50)
            plot.addItem(item, ignoreBounds=True)
        for item in (self.curve, self.halo, self.path):
            item.setSegmentedLineMode("on")
        self.heading = Heading(plot)
        self.sentence = Sentence(plot)
        self.words = BandKey()
        self.canvas.ci.addItem(self.words, 1, 0)
        self.controls = LandscapeTools(self._rescale, self.survey_wanted.emit)
        self.bands: Bands | None = None
        self._shown: Any = None

    def tools(self) -> list[QWidget]:
        """The button, run, kind, seed, and logarithm."""
        return self.controls.widgets

    def options(self) -> dict[str, Any]:
        """What was chosen."""
        return self.controls.options()

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again."""
        self.controls.set_options(options)

    def restyle(self) -> None:
        """Pictures and pens are made with the next snapshot, which knows the runs' colours."""
        self.heading.set_theme(self.theme, self.scale)
        self.sentence.set_theme(self.theme, self.scale)
        self.words.set_theme(self.theme, self.scale)
        self.controls.fit()
        self._shown = None

    def _rescale(self) -> None:
        self._shown = None
        self.redraw()
        self.panel.show_all()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the landscape, once, and say of when it is."""
        self.controls.show(snapshot)
        found = snapshot.landscape
        if found is not None and found.run >= len(snapshot.runs):
            found = None
        before, self._shown = self._shown, (found, self.pen_scale, snapshot.settings.runs)
        if before is None or before[0] is not found or before[1:] != self._shown[1:]:
            self._show_items(snapshot, found)
            if before is not None and before[0] is not found:
                # Another landscape is another place.
                self.panel.show_all()
        self.sentence.set_words("" if found is not None else self._invitation(snapshot))
        if found is None:
            self.heading.set_words("", "", self.theme.text)
        else:
            run = snapshot.settings.runs[found.run]
            label = run_labels(snapshot.settings)[found.run]
            self.heading.set_words(label, age(found, snapshot.step), self.theme.runs[run.color])

    def _show_items(self, snapshot: Snapshot, found: Landscape | None) -> None:
        """Everything that changes with the landscape only."""
        line = found is not None and found.kind == LINE
        plane = found is not None and not line
        self.curve.setVisible(line)
        self.panel.grid.setVisible(line)
        self.way.setVisible(line)
        for item in (self.raster, self.halo, self.path, self.start):
            item.setVisible(plane)
        self.present.setVisible(found is not None)
        self.panel.set_bare(found is None)
        self.bands = None
        if found is None:
            self.panel.label("bottom", "")
            self.panel.label("left", "")
            self.words.set_key(None, "")
            return
        for side, words in zip(("bottom", "left"), AXES[found.kind], strict=True):
            self.panel.label(side, words)
        self.panel.axis("left").powers = False
        color = self.theme.runs[snapshot.settings.runs[found.run].color]
        self.present.setPen(self.pen(self.theme.panel, 1.5))
        self.present.setBrush(color)
        if line:
            self._show_line(found, color)
        else:
            self._show_plane(found, color)

    def _show_line(self, found: Landscape, color: str) -> None:
        losses = found.losses[0]
        log = self.controls.log and spread(losses) > LEAST_SPREAD
        self.panel.axis("left").powers = log
        with np.errstate(all="ignore"):
            heights = np.log10(losses) if log else losses
        heights = np.where(np.isfinite(heights), heights, np.nan)
        self.curve.setData(found.axis_a, heights)
        self.curve.setPen(self.pen(color, 2))
        with np.errstate(all="ignore"):
            way = np.log10(found.path_losses) if log else found.path_losses
        # The present weights have a mark of their own.
        seen = np.isfinite(way) & (found.path_steps < found.step)
        self.way.setData(found.path[seen, 0], way[seen])
        self.way.setPen(self.pen(color, 1))
        self.way.setBrush(self.theme.panel)
        middle = len(losses) // 2
        # A mark without a place would end the painting.
        here = heights[middle : middle + 1]
        self.present.setData(np.zeros(1)[np.isfinite(here)], here[np.isfinite(here)])
        reach = float(found.axis_a[-1])
        low, high = nice_range(np.concatenate([heights, way[seen]]))
        # No loss is below 0, and without a logarithm its height is what the axis is for.
        bottom = low if log else max(low, 0.0) if self.controls.log else 0.0
        self.panel.home((-reach, reach), (bottom, high))
        measured = "○\u2002measured on the way  " if seen.any() else ""
        self.words.set_key(None, measured + f"●\u2002the weights at step {found.step:,}".replace(",", "\u202f"))

    def _show_plane(self, found: Landscape, color: str) -> None:
        logs = logarithms(found.losses)
        self.bands = bands_of(logs)
        x, y = found.axis_a, found.axis_b
        rect = QRectF(x[0], y[0], x[-1] - x[0], y[-1] - y[0])
        self.raster.set_pixels(pixels(logs, self.bands, self.theme), rect)
        self.panel.home((float(x[0]), float(x[-1])), (float(y[0]), float(y[-1])))
        way = thinned(found)
        for item, width, tint in ((self.halo, 4, self.theme.panel), (self.path, 2, color)):
            item.setData(way[:, 0], way[:, 1])
            item.setPen(self.pen(tint, width))
        walked = len(way) > 1
        self.start.setData(way[:1, 0] if walked else [], way[:1, 1] if walked else [])
        self.start.setPen(self.pen(color, 2))
        self.start.setBrush(self.theme.panel)
        self.present.setData([0.0], [0.0])
        words = f"●\u2002step {found.step:,}".replace(",", "\u202f")
        start = "○\u2002start  " if walked else ""
        lost = "" if np.isfinite(found.losses).all() else "  red: not finite"
        self.words.set_key(self.bands, start + words + lost)

    def _invitation(self, snapshot: Snapshot) -> str:
        if snapshot.survey >= 0:
            return f"Computing: {snapshot.survey:.0%}".replace("%", "\u202f%")
        if all(state.divergence is not None for state in snapshot.runs):
            return "No run has finite weights any more: there is no landscape around them."
        label = run_labels(snapshot.settings)[self.controls.run(len(snapshot.runs))]
        return f"Press Compute to see the loss around the present weights of {label}."

    def table(self) -> Table:
        """The grid, row by row: places along the directions, and the loss."""
        found = self.snapshot.landscape if self.snapshot is not None else None
        if found is None:
            return Table((), ())
        if found.kind == LINE:
            return Table(("direction (|w|)", "training loss"), (found.axis_a, found.losses[0]))
        b, a = (part.ravel() for part in np.meshgrid(found.axis_b, found.axis_a, indexing="ij"))
        return Table((*COLUMNS[found.kind], "training loss"), (a, b, found.losses.ravel()))

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """The loss at the computed place nearest to the cursor, and the step of the path that passes there."""
        found = self.snapshot.landscape if self.snapshot is not None else None
        if found is None or not found.axis_a[0] <= x <= found.axis_a[-1]:
            return ""
        column = int(np.abs(found.axis_a - x).argmin())
        if found.kind == LINE:
            return f"direction {number(float(found.axis_a[column]))}<br>loss {number(float(found.losses[0, column]))}"
        if not found.axis_b[0] <= y <= found.axis_b[-1]:
            return ""
        row = int(np.abs(found.axis_b - y).argmin())
        place = f"{number(float(found.axis_a[column]))}, {number(float(found.axis_b[row]))}"
        return f"at {place}<br>loss of the slice {number(float(found.losses[row, column]))}{passing(found, x, y)}"


def age(found: Landscape, step: int) -> str:
    """Of when a landscape is, whether that is long ago, and what it does not show, in words."""
    words = f"at step {found.step:,}" if found.step == step else f"computed at step {found.step:,}; now step {step:,}"
    if found.kind != LINE and np.isfinite(found.unexplained):
        share = f"{found.unexplained:.0%}"
        words += " · the path lies in this plane" if share == "0%" else f" · {share} of the path not in this plane"
    return words.replace(",", "\u202f")


def spread(losses: Array) -> float:
    """How many times the smallest loss above 0 the largest one is; 1 for none."""
    known = losses[np.isfinite(losses) & (losses > 0)]
    return float(known.max() / known.min()) if known.size else 1.0


def thinned(found: Landscape) -> Array:
    """The path without the places that cannot be told apart, its first and last ones kept."""
    extent = np.array([np.ptp(found.axis_a), np.ptp(found.axis_b)])
    kept = [0]
    for place, point in enumerate(found.path):
        if np.abs((point - found.path[kept[-1]]) / extent).max() > SMALLEST:
            kept.append(place)
    last = len(found.path) - 1
    return np.asarray(found.path[kept if kept[-1] == last else [*kept, last]])


def passing(found: Landscape, x: float, y: float) -> str:
    """Which step of the path lies near to a place; empty for none."""
    extent = np.array([np.ptp(found.axis_a), np.ptp(found.axis_b)])
    distance = np.linalg.norm((found.path - (x, y)) / extent, axis=1)
    near = int(distance.argmin())
    step = f"{found.path_steps[near]:,}".replace(",", "\u202f")
    loss = number(float(found.path_losses[near]))
    return f"<br>path at step {step}: loss on the way {loss}" if distance[near] < NEAR else ""
