"""How the values of a layer spread over the course of training: a column of shades for each record, or ridges."""

from html import escape
from itertools import product
from typing import Any

import numpy as np
from PySide6.QtWidgets import QCheckBox, QWidget

from reluviz.core.histograms import ACTIVITY, BINS, QUANTITIES, axis, value_at
from reluviz.core.labels import run_labels
from reluviz.core.settings import MOST_RUNS
from reluviz.core.snapshot import Record, Snapshot
from reluviz.ui.theme import mix
from reluviz.ui.views.base import View, swatch
from reluviz.ui.views.boxes import ChoiceBox, whole
from reluviz.ui.views.distribution_words import AXES, bin_words, value_marks
from reluviz.ui.views.heading import Heading
from reluviz.ui.views.layers import layer_name, layer_words
from reluviz.ui.views.lines import Line, Lines
from reluviz.ui.views.marked_axis import give_marks, set_marks
from reluviz.ui.views.plot import Panel
from reluviz.ui.views.small_multiples import MOST, arrange, cells
from reluviz.ui.views.strip import Strip, StripKey
from reluviz.ui.views.table import Table
from reluviz.ui.views.timeline import TITLES, WORDS, Timeline, grouped, step_box

Array = np.ndarray[Any, np.dtype[Any]]
# In place of a run or a layer: all of them.
ALL, MOST_LAYERS = -1, 65
SHORT = ("z", "Activity", "Gradient", "Weight")
# Shades from a share of 0.001 of the values to all of them, as logarithms.
LOWEST, HIGHEST = -3.0, 0.0
# Ridges are so many records, evenly chosen, so high at most, the earliest so pale.
MOST_RIDGES, HEIGHT, PALEST = 8, 1.7, 0.4


class Distributions(View):
    """Runs side by side, layers below each other, on one scale; as ridges all runs lie over each other in one plot."""

    key = "distributions"
    title = "Distributions over time"
    help = (
        "How pre-activations, activities, gradients or weights of one layer, or of every layer, are spread at every"
        " recorded step: the stronger a place, the more values lie there; or as ridges, the latest on top. The axis is"
        " even around zero and logarithmic far out; gradients are shown by their size, those of 0 at the lower end."
        " What share of the activities is exactly 0 is said in words."
    )
    every = 6

    def build(self) -> None:
        """Strips for all panels, lines for the first, and the key of the shades."""
        self.plots = [self.add_panel(0, column, x="training steps", y="z") for column in range(MOST)]
        for panel in self.plots:
            give_marks(panel, "bottom")
            give_marks(panel, "left")
        self.headings = [Heading(panel.plot) for panel in self.plots]
        self.strips = [Strip() for _ in self.plots]
        self.lines = Lines(self.plots[0].plot)
        for panel, strip in zip(self.plots, self.strips, strict=True):
            panel.plot.addItem(strip, ignoreBounds=True)
        self.colors = StripKey()
        self.canvas.ci.addItem(self.colors, 1, 0, 1, MOST)
        self.timeline = Timeline()
        self.quantity_box = ChoiceBox("What is counted: z, activities, gradients by z, or weights", self._choose)
        self.layer_box = ChoiceBox("Which layer's values are counted, or every layer's, a plot each", self._choose)
        self.run_box = ChoiceBox("Whose values are counted: those of all runs, or of one", self._choose)
        self.ridge_box = QCheckBox("Ridges")
        self.ridge_box.setToolTip("A ridge for some records, the latest on top, instead of shades for all")
        self.ridge_box.setAccessibleName("Distributions as ridges")
        self.ridge_box.toggled.connect(self._rescale)
        self.step_box = step_box("Steps along the distributions")
        self.step_box.currentIndexChanged.connect(self._rescale)
        self._quantity, self._layer, self._run = 0, 0, ALL
        self._of: Any = None
        self.cells: list[tuple[int, int]] = []
        self._grid = (0, 0)
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
        if whole(options.get("layer"), ALL, MOST_LAYERS - 1):
            self._layer = options["layer"]
        if whole(options.get("run"), ALL, MOST_RUNS - 1):
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
        """The layer that is shown, or ALL: the chosen one as far as this lab has it."""
        return min(self._layer, snapshot.shape.layers - 1)

    def shown_layers(self, snapshot: Snapshot) -> tuple[int, ...]:
        """The layers that are shown."""
        layer = self.layer(snapshot)
        return tuple(range(snapshot.shape.layers)) if layer == ALL else (layer,)

    def shown_runs(self, snapshot: Snapshot) -> tuple[int, ...]:
        """The runs that are shown."""
        if 0 <= self._run < len(snapshot.runs):
            return (self._run,)
        return tuple(range(len(snapshot.runs)))

    def shares(self, snapshot: Snapshot, run: int, layer: int | None = None) -> Array:
        """The share of the values in each bin, (records, BINS); only records that are new are read."""
        layer = max(0, self.layer(snapshot)) if layer is None else layer
        key, records = (run, self._quantity, layer), snapshot.course
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
        self.strips[0].setVisible(not ridges)
        self.lines.setVisible(ridges)
        if ridges:
            self._arrange([[(runs[0], max(0, self.layer(snapshot)))]])
            names = " over ".join(run_labels(snapshot.settings)[run] for run in reversed(runs))
            where = layer_words(max(0, self.layer(snapshot)), snapshot.shape.layers)
            self.headings[0].set_words(names, where, self.theme.text)
            self._show_ridges(snapshot, runs, steps)
        else:
            room = (self.canvas.width() / self.scale, self.canvas.height() / self.scale)
            self._arrange(cells(runs, self.shown_layers(snapshot), *room))
            self._show_heat(snapshot, steps)
        self.colors.setVisible(not ridges)
        self.colors.set_scale(LOWEST, HIGHEST, ("", self.theme.text), "share of the values in a bin", "")

    def _show_heat(self, snapshot: Snapshot, steps: Array) -> None:
        """A column for each record; bins are rows from 1 up, the same in all plots."""
        end = self.timeline.extend(steps)
        edges = self.timeline.edges(steps)
        labels = run_labels(snapshot.settings)
        marks = tuple((1.0 + row, words) for row, words in value_marks(self._quantity))
        found = [self.shares(snapshot, *cell) for cell in self.cells]
        used = np.flatnonzero(np.max([shares.max(axis=0) for shares in found], axis=0) > 0)
        low, high = (used[0], used[-1]) if len(used) else (0, BINS - 1)
        rows, columns = self._grid
        for place, ((run, layer), shares) in enumerate(zip(self.cells, found, strict=True)):
            panel, color = self.plots[place], self.theme.runs[snapshot.settings.runs[run].color]
            self.headings[place].set_words(labels[run], self._where(snapshot, run, layer), color)
            logs = np.log10(np.maximum(shares.T, 10.0 ** (LOWEST - 1)))
            self.strips[place].set_values(logs, edges, LOWEST, HIGHEST)
            self.timeline.dress(panel, steps)
            panel.label("bottom", WORDS[self.timeline.mode][1] if place >= (rows - 1) * columns else "")
            panel.label("left", AXES[self._quantity] if place % columns == 0 else "")
            set_marks(panel, "left", marks)
            panel.home((-0.015 * end, max(end, float(edges[-1]))), (4 * (low // 4) - 1.0, 4 * (high // 4) + 7.0))

    def _where(self, snapshot: Snapshot, run: int, layer: int) -> str:
        """The layer in words; a spike at 0 cannot be seen among shades, so the share of exact zeros is told."""
        words, state = layer_words(layer, snapshot.shape.layers), snapshot.runs[run].layers
        told = self._quantity == ACTIVITY and np.isfinite(state.activation_mean[layer])
        return f"{words}, {100 * float(state.zeros[layer]):.0f} % zeros" if told else words

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
        self.lines.set_lines(lines)
        places = np.flatnonzero(used)
        low, high = (places[0], places[-1]) if len(places) else (0, BINS - 1)
        panel.label("bottom", AXES[self._quantity])
        panel.label("left", "step, the latest on top")
        set_marks(panel, "bottom", tuple((1.0 + row, words) for row, words in value_marks(self._quantity)))
        set_marks(panel, "left", tuple((float(n), grouped(int(steps[p]))) for n, p in enumerate(picked)))
        panel.home((4 * (low // 4) - 1.0, 4 * (high // 4) + 7.0), (-0.3, len(picked) - 1 + HEIGHT + 0.2))

    def _arrange(self, rows: list[list[tuple[int, int]]]) -> None:
        """As many panels as there are cells, all of one size."""
        self.cells, grid = [cell for row in rows for cell in row], (len(rows), len(rows[0]))
        if grid != self._grid:
            self._grid = grid
            arrange(self.canvas.ci.layout, [panel.plot for panel in self.plots], self.colors, *grid)

    def _fill_boxes(self, snapshot: Snapshot) -> None:
        layers = snapshot.shape.layers
        self.quantity_box.fill([(words, n) for n, words in enumerate(SHORT)], self._quantity)
        entries = [("Every layer", ALL), *((layer_words(n, layers).capitalize(), n) for n in range(layers))]
        self.layer_box.fill(entries, self.layer(snapshot))
        runs = [(label, run) for run, label in enumerate(run_labels(snapshot.settings))]
        chosen = self._run if self._run < len(runs) else ALL
        self.run_box.fill([("All runs", ALL), *runs], chosen)

    def table(self) -> Table:
        """One row for each shown run, record and bin that holds anything."""
        names = ("run", "layer", "step", "bin", "from", "to", "share")
        if self.snapshot is None:
            return Table((), ())
        ends = value_at(axis(self._quantity), self._quantity)
        steps = np.array([record.step for record in self.snapshot.course], np.int64)
        labels = run_labels(self.snapshot.settings)
        found: list[list[Any]] = [[] for _ in names]
        for run, layer in product(self.shown_runs(self.snapshot), self.shown_layers(self.snapshot)):
            shares = self.shares(self.snapshot, run, layer)
            record, place = np.nonzero(shares)
            owner = (labels[run], layer_name(layer, self.snapshot.shape.layers))
            named: list[Any] = [[name] * len(record) for name in owner]
            values_of = (*named, steps[record], place, ends[place], ends[place + 1], shares[record, place])
            for column, values in zip(found, values_of, strict=True):
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
        layer = max(0, self.layer(self.snapshot))
        own = self.cells[self.plots.index(panel) :][:1]
        shown = [(run, layer) for run in self.shown_runs(self.snapshot)] if ridges else own
        if column is None or not 0 <= bin_ < BINS or not shown:
            return ""
        where = bin_words(bin_, self._quantity)
        labels, lines = run_labels(self.snapshot.settings), [f"step {grouped(int(steps[column]))}, {where}"]
        for run, layer in shown:
            color = self.theme.runs[self.snapshot.settings.runs[run].color]
            share = self.shares(self.snapshot, run, layer)[column, bin_]
            lines.append(swatch(color, f"{escape(labels[run])}: {share:.1%}"))
        return "<br>".join(lines)
