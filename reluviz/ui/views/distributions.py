"""How the values of a layer spread over the course of training: a column of shades for each record, or ridges."""

from html import escape
from typing import Any

import numpy as np
from PySide6.QtWidgets import QCheckBox, QWidget

from reluviz.core.histograms import BINS, GRADIENT, QUANTITIES, axis, position, value_at
from reluviz.core.labels import run_labels
from reluviz.core.settings import MOST_RUNS
from reluviz.core.snapshot import Record, Snapshot
from reluviz.ui.theme import mix
from reluviz.ui.views.base import View, number, swatch
from reluviz.ui.views.boxes import ChoiceBox, whole
from reluviz.ui.views.heading import Heading
from reluviz.ui.views.layers import layer_words
from reluviz.ui.views.lines import Line, Lines
from reluviz.ui.views.marked_axis import Marks, give_marks, set_marks
from reluviz.ui.views.plot import Panel
from reluviz.ui.views.strip import Strip, StripKey
from reluviz.ui.views.table import Table
from reluviz.ui.views.timeline import TITLES, WORDS, Timeline, grouped, step_box

Array = np.ndarray[Any, np.dtype[Any]]
FIRST_TWO, MOST_LAYERS = -1, 65
SHORT = ("z", "Activity", "Gradient", "Weight")
AXES = ("z", "activity", "abs gradient by z", "weight")
# Shades from a share of 0.001 of the values to all of them, as logarithms.
LOWEST, HIGHEST = -3.0, 0.0
# Ridges are so many records, evenly chosen, so high at most, the earliest so pale.
MOST_RIDGES, HEIGHT, PALEST = 8, 1.7, 0.4
SIGNED_MARKS = (-100.0, -10.0, -1.0, 0.0, 1.0, 10.0, 100.0)
SIZE_MARKS = tuple(10.0**power for power in range(-18, 4, 3))
UNLIMITED = 16777215


class Distributions(View):
    """Two panels: of two runs side by side, or of one; as ridges all runs lie over each other in one."""

    key = "distributions"
    title = "Distributions over time"
    help = (
        "How pre-activations, activities, gradients or weights of one layer are spread at every recorded step: the"
        " darker or brighter a place, the more values lie there; or as ridges, the latest on top. The axis is even"
        " around zero and logarithmic far out; gradients are shown by their size, those of 0 at the lower end."
    )
    every = 6

    def build(self) -> None:
        """Strips and lines for both panels, and the key of the shades."""
        self.plots = [self.add_panel(0, column, x="training steps", y="z") for column in (0, 1)]
        for panel in self.plots:
            give_marks(panel, "bottom")
            give_marks(panel, "left")
        self.headings = [Heading(panel.plot) for panel in self.plots]
        self.strips = [Strip() for _ in self.plots]
        self.lines = [Lines(panel.plot) for panel in self.plots]
        for panel, strip in zip(self.plots, self.strips, strict=True):
            panel.plot.addItem(strip, ignoreBounds=True)
        self.colors = StripKey()
        self.canvas.ci.addItem(self.colors, 1, 0, 1, 2)
        self.timeline = Timeline()
        self.quantity_box = ChoiceBox("What is counted: z, activities, gradients by z, or weights", self._choose)
        self.layer_box = ChoiceBox("Which layer's values are counted", self._choose)
        self.run_box = ChoiceBox("Whose values are counted: the first two runs, or one", self._choose)
        self.ridge_box = QCheckBox("Ridges")
        self.ridge_box.setToolTip("A ridge for some records, the latest on top, instead of shades for all")
        self.ridge_box.setAccessibleName("Distributions as ridges")
        self.ridge_box.toggled.connect(self._rescale)
        self.step_box = step_box("Steps along the distributions")
        self.step_box.currentIndexChanged.connect(self._rescale)
        self._quantity, self._layer, self._run = 0, 0, FIRST_TWO
        self._of: Any = None
        self._kept: dict[tuple[int, int, int], tuple[tuple[Record, ...], Array]] = {}

    def tools(self) -> list[QWidget]:
        """Quantity, layer, runs, form and steps."""
        return [self.quantity_box, self.layer_box, self.run_box, self.ridge_box, self.step_box]

    def options(self) -> dict[str, Any]:
        """What was chosen."""
        return {
            "quantity": self._quantity, "layer": self._layer, "run": self._run,
            "ridges": self.ridge_box.isChecked(), "steps": self.step_box.currentData(),
        }  # fmt: skip

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again."""
        if whole(options.get("quantity"), 0, len(QUANTITIES) - 1):
            self._quantity = options["quantity"]
        if whole(options.get("layer"), 0, MOST_LAYERS - 1):
            self._layer = options["layer"]
        if whole(options.get("run"), FIRST_TWO, MOST_RUNS - 1):
            self._run = options["run"]
        if isinstance(options.get("ridges"), bool):
            self.ridge_box.setChecked(options["ridges"])
        if options.get("steps") in TITLES:
            self.step_box.setCurrentIndex(list(TITLES).index(options["steps"]))
        self._rescale()

    def _choose(self) -> None:
        self._quantity, self._layer = self.quantity_box.currentData(), self.layer_box.currentData()
        self._run = self.run_box.currentData()
        self._rescale()

    def _rescale(self, *_: Any) -> None:
        self._of = None
        for panel in self.plots:
            panel.zoomed = False
        self.redraw()

    def restyle(self) -> None:
        """Take the theme's colours."""
        for box in self.tools():
            if isinstance(box, ChoiceBox):
                box.narrow()
        for heading in self.headings:
            heading.set_theme(self.theme, self.scale)
        self.colors.set_theme(self.theme, self.scale)
        for strip in self.strips:
            strip.set_theme(self.theme)

    def layer(self, snapshot: Snapshot) -> int:
        """The layer that is shown: the chosen one as far as this lab has it."""
        return min(self._layer, snapshot.shape.layers - 1)

    def shown_runs(self, snapshot: Snapshot) -> tuple[int, ...]:
        """The runs that are shown."""
        if 0 <= self._run < len(snapshot.runs):
            return (self._run,)
        return tuple(range(min(2, len(snapshot.runs))))

    def shares(self, snapshot: Snapshot, run: int) -> Array:
        """The share of the values in each bin, (records, BINS); only records that are new are read."""
        key, records = (run, self._quantity, self.layer(snapshot)), snapshot.course
        before, known = self._kept.get(key, ((), np.zeros((0, BINS))))
        # Another lab, or records that have been thinned out.
        if before and (len(before) > len(records) or records[len(before) - 1] is not before[-1]):
            known = np.zeros((0, BINS))
        fresh = [record.histograms[key] for record in records[len(known) :]]
        if fresh:
            counts = np.array(fresh, float)
            known = np.vstack([known, counts / np.maximum(1.0, counts.sum(axis=1, keepdims=True))])
            self._kept[key] = (records, known)
        return known

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Shades or ridges."""
        self._fill_boxes(snapshot)
        of = (snapshot.course[0] if snapshot.course else None, snapshot.settings.network, len(snapshot.runs))
        if self._of is None or self._of[0] is not of[0] or self._of[1:] != of[1:]:
            self._of, self._kept = of, {}
            self.timeline.reset(self.step_box.currentData())
        steps = np.array([record.step for record in snapshot.course], np.int64)
        if not len(steps):
            return
        runs, ridges = self.shown_runs(snapshot), self.ridge_box.isChecked()
        self.step_box.setEnabled(not ridges)
        self._arrange(1 if ridges else len(runs))
        labels = run_labels(snapshot.settings)
        where = layer_words(self.layer(snapshot), snapshot.shape.layers)
        for place, panel in enumerate(self.plots):
            self.strips[place].setVisible(not ridges)
            self.lines[place].setVisible(ridges)
            if not ridges and place < len(runs):
                color = self.theme.runs[snapshot.settings.runs[runs[place]].color]
                self.headings[place].set_words(labels[runs[place]], where, color)
                self._show_heat(panel, self.strips[place], self.shares(snapshot, runs[place]), steps)
        if ridges:
            names = " over ".join(labels[run] for run in reversed(runs))
            self.headings[0].set_words(names, where, self.theme.text)
            self._show_ridges(snapshot, runs, steps)
        self.colors.setVisible(not ridges)
        self.colors.set_scale(LOWEST, HIGHEST, ("", self.theme.text), "share of the values in a bin", "")

    def _show_heat(self, panel: Panel, strip: Strip, shares: Array, steps: Array) -> None:
        """A column for each record; bins are rows from 1 up."""
        end = self.timeline.extend(steps)
        edges = self.timeline.edges(steps)
        logs = np.log10(np.maximum(shares.T, 10.0 ** (LOWEST - 1)))
        strip.set_values(logs, edges, LOWEST, HIGHEST)
        used = np.flatnonzero(shares.max(axis=0) > 0)
        low, high = (used[0], used[-1]) if len(used) else (0, BINS - 1)
        self.timeline.dress(panel, steps)
        panel.label("bottom", WORDS[self.timeline.mode][1])
        panel.label("left", AXES[self._quantity])
        set_marks(panel, "left", tuple((1.0 + row, words) for row, words in self._marks()))
        panel.home((-0.015 * end, max(end, float(edges[-1]))), (4 * (low // 4) - 1.0, 4 * (high // 4) + 7.0))

    def _show_ridges(self, snapshot: Snapshot, runs: tuple[int, ...], steps: Array) -> None:
        """Some records of all shown runs in the first panel, the latest at the top."""
        panel, rows = self.plots[0], np.arange(1.0, BINS + 1)
        picked = np.unique(np.linspace(0, len(steps) - 1, MOST_RIDGES).round().astype(int))
        lines, used = [], np.zeros(BINS, bool)
        for run in runs:
            shares = self.shares(snapshot, run)[picked]
            used |= shares.max(axis=0) > 0
            color = self.theme.runs[snapshot.settings.runs[run].color]
            peak = max(float(shares.max()), 1e-9)
            for level, row in enumerate(shares):
                strong = PALEST + (1 - PALEST) * (level + 1) / len(picked)
                pen = self.pen(mix(self.theme.panel, color, strong), 1.6)
                lines.append(Line(rows, level + HEIGHT * row / peak, pen))
        self.lines[0].set_lines(lines)
        places = np.flatnonzero(used)
        low, high = (places[0], places[-1]) if len(places) else (0, BINS - 1)
        panel.label("bottom", AXES[self._quantity])
        panel.label("left", "step, the latest on top")
        set_marks(panel, "bottom", tuple((1.0 + row, words) for row, words in self._marks()))
        set_marks(panel, "left", tuple((float(n), grouped(int(steps[p]))) for n, p in enumerate(picked)))
        panel.home((4 * (low // 4) - 1.0, 4 * (high // 4) + 7.0), (-0.3, len(picked) - 1 + HEIGHT + 0.2))

    def _marks(self) -> Marks:
        """Bins at which round values lie, counted from 0 and in between, with their words."""
        ends = axis(self._quantity)
        values = SIZE_MARKS if self._quantity == GRADIENT else SIGNED_MARKS
        places = (position(values, self._quantity) - ends[0]) / (ends[1] - ends[0]) - 0.5
        return tuple((float(place), number(value)) for place, value in zip(places, values, strict=True))

    def _arrange(self, columns: int) -> None:
        """One panel, or two of equal width."""
        shown = columns > 1
        if self.plots[1].plot.isVisible() != shown or not shown:
            self.plots[1].plot.setVisible(shown)
            self.plots[1].plot.setMaximumWidth(UNLIMITED if shown else 0)
        for column in (0, 1):
            self.canvas.ci.layout.setColumnStretchFactor(column, 1 if column < columns else 0)

    def _fill_boxes(self, snapshot: Snapshot) -> None:
        layers = snapshot.shape.layers
        self.quantity_box.fill([(words, n) for n, words in enumerate(SHORT)], self._quantity)
        entries = [(layer_words(n, layers).capitalize(), n) for n in range(layers)]
        self.layer_box.fill(entries, self.layer(snapshot))
        runs = [(label, run) for run, label in enumerate(run_labels(snapshot.settings))]
        chosen = self._run if self._run < len(runs) else FIRST_TWO
        self.run_box.fill([("Two runs", FIRST_TWO), *runs], chosen)

    def table(self) -> Table:
        """One row for each shown run, record and bin that holds anything."""
        names = ("run", "step", "bin", "from", "to", "share")
        if self.snapshot is None:
            return Table((), ())
        ends = value_at(axis(self._quantity), self._quantity)
        steps = np.array([record.step for record in self.snapshot.course], np.int64)
        labels = run_labels(self.snapshot.settings)
        found: list[list[Any]] = [[] for _ in names]
        for run in self.shown_runs(self.snapshot):
            shares = self.shares(self.snapshot, run)
            record, place = np.nonzero(shares)
            values_of = (steps[record], place, ends[place], ends[place + 1], shares[record, place])
            rows: tuple[Any, ...] = ([labels[run]] * len(record), *values_of)
            for column, values in zip(found, rows, strict=True):
                column.extend(values)
        return Table(names, tuple(found))

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """Step, range of the bin and its share; of ridges, the shares of all shown runs at the latest record."""
        if self.snapshot is None or not self.snapshot.course:
            return ""
        steps = np.array([record.step for record in self.snapshot.course], np.int64)
        ridges = self.ridge_box.isChecked()
        bin_ = round(x if ridges else y) - 1
        column: int | None = len(steps) - 1 if ridges else self.timeline.column(steps, x)
        runs = self.shown_runs(self.snapshot)
        shown = runs if ridges else runs[self.plots.index(panel) :][:1]
        if column is None or not 0 <= bin_ < BINS or not shown:
            return ""
        low, high = value_at(axis(self._quantity)[bin_ : bin_ + 2], self._quantity)
        where = f"{AXES[self._quantity]} from {number(float(low))} to {number(float(high))}"
        if bin_ == 0:
            where = f"{AXES[self._quantity]} below {number(float(high))}"
        elif bin_ == BINS - 1:
            where = f"{AXES[self._quantity]} above {number(float(low))}"
        labels, lines = run_labels(self.snapshot.settings), [f"step {grouped(int(steps[column]))}, {where}"]
        for run in shown:
            color = self.theme.runs[self.snapshot.settings.runs[run].color]
            lines.append(swatch(color, f"{escape(labels[run])}: {self.shares(self.snapshot, run)[column, bin_]:.1%}"))
        return "<br>".join(lines)
