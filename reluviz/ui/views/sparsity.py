"""Exact zeros as the benefit they are: by layer, by sample, over time, and the patterns that they make."""

from html import escape
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from reluviz.core.labels import run_labels
from reluviz.core.snapshot import INSIDE, Snapshot
from reluviz.core.sparsity import multiplications_needed, patterns, zeros_by_layer, zeros_by_sample
from reluviz.ui.views.base import View, swatch
from reluviz.ui.views.fitting import fit_label
from reluviz.ui.views.layers import MARK, dress_layers, ends_of
from reluviz.ui.views.line_key import LineKey
from reluviz.ui.views.lines import Line, Lines
from reluviz.ui.views.marked_axis import give_marks
from reluviz.ui.views.plot import Panel
from reluviz.ui.views.sparsity_words import Benefit, BenefitLines, ZeroBars
from reluviz.ui.views.table import Table
from reluviz.ui.views.timeline import TITLES, WORDS, Timeline, grouped, step_box
from reluviz.ui.views.trail import Trail

Array = np.ndarray[Any, np.dtype[Any]]
DASH = Qt.PenStyle.DashLine
FIELD, MEAN = "zeros", "activation_mean"
SHARE_WORDS = ("share of zeros", "zeros")
# Bins of the share of zeros of a sample.
SHARES = 20
# Half of the inputs of a rectifier are negative where weights are drawn symmetrically and biases are 0.
EXPECTED = 0.5
TOP = 1.05
# Above the highest bar there is room for its value.
BARS_TOP = 1.25
# Words of the benefit take no more than this share of the height.
WORDS_SHARE = 0.16
# A second row and a second column of plots need so many pixels, at the usual size of text.
TWO_ROWS, TWO_COLUMNS = 260.0, 330.0
UNLIMITED = 16777215


class Sparsity(View):
    """Four small plots of all runs: zeros by layer, zeros by sample, patterns by layer, zeros over time."""

    key = "sparsity"
    title = "Sparsity"
    help = (
        "How much of the hidden activity is exactly 0 on the batch: by layer (dashed: the half that a symmetric start"
        " gives a rectifier), by sample, and over time. The samples fall into patterns of neurons that are on; a ReLU"
        " network is one linear map for each. Zeros are cheap, and tell samples apart; those of a dead neuron do not."
    )
    needs = frozenset({INSIDE})
    every = 4

    def build(self) -> None:
        """Panels in two rows, and a key above."""
        self.names = LineKey()
        self.benefits = BenefitLines()
        self.canvas.ci.addItem(self.names, 0, 0, 1, 2)
        self.canvas.ci.addItem(self.benefits, 1, 0, 1, 2)
        self.layers = self.add_panel(2, 0, x="hidden layer", y="share of zeros")
        self.samples = self.add_panel(2, 1, x="share of zeros of a sample", y="share of samples")
        self.patterns = self.add_panel(3, 0, x="hidden layer, or all", y="on/off patterns")
        self.course = self.add_panel(3, 1, x="training steps", y="share of zeros")
        for panel in (self.layers, self.patterns, self.course):
            give_marks(panel, "bottom")
        self.lines = {panel: Lines(panel.plot) for panel in (self.samples, self.patterns, self.course)}
        self.bars = ZeroBars(self.layers.plot)
        self.trail, self.timeline = Trail(FIELD, MEAN), Timeline()
        self.step_box = step_box("Steps along the zeros over time")
        self.step_box.currentIndexChanged.connect(self._rescale)
        self._of: Any = None
        self._samples = 0
        self._told: list[Benefit] = []
        for panel in self.panels:
            panel.plot.vb.sigResized.connect(self._fit)
        # Of every run: zeros by layer, zeros by sample, patterns by layer and of all layers.
        self.found: list[tuple[Array, Array, Array]] = []

    def tools(self) -> list[QWidget]:
        """How steps run along x."""
        return [self.step_box]

    def options(self) -> dict[str, Any]:
        """What was chosen."""
        return {"steps": self.step_box.currentData()}

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again."""
        if options.get("steps") in TITLES:
            self.step_box.setCurrentIndex(list(TITLES).index(options["steps"]))

    def _rescale(self, *_: Any) -> None:
        self._of = None
        self.course.zoomed = False
        self.redraw()

    def restyle(self) -> None:
        """Pens are set with the next snapshot, which knows the runs' colours."""
        for item in (self.names, self.benefits, self.bars):
            item.set_theme(self.theme, self.scale)
        for lines in self.lines.values():
            lines.set_edge(self.pen(self.theme.panel, 0.8))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Count and draw."""
        first = snapshot.course[0] if snapshot.course else None
        if self._of is not first or first is None:
            self._of = first
            self.timeline.reset(self.step_box.currentData())
        self.trail.read(snapshot)
        widths = snapshot.settings.network.hidden
        if snapshot.holds(self.needs):
            self.found = [counted(state.inside.activity[: sum(widths)], widths) for state in snapshot.runs]
        elif len(self.found) != len(snapshot.runs) or any(len(one[0]) != len(widths) for one in self.found):
            self.found = []
        pens = [self.pen(self.theme.runs[run.color], 2) for run in snapshot.settings.runs]
        entries = list(zip(pens, run_labels(snapshot.settings), strict=True))
        waiting = [] if self.found else [(self.pen(self.theme.dim, 1), "waiting for the next measurement")]
        roomy = self.canvas.width() >= TWO_COLUMNS * self.scale
        half = (self.pen(self.theme.dim, 1.3, DASH), "half: a ReLU at the start" if roomy else "half")
        self.names.set_entries([*entries, half, *waiting])
        self._tell(snapshot)
        self._draw_batch(pens, half[0], len(widths))
        self._draw_course(pens)
        self._fit()

    def _tell(self, snapshot: Snapshot) -> None:
        """The benefit of every run, in words."""
        sizes = snapshot.shape.sizes
        self._told = [
            Benefit(
                self.theme.runs[run.color], label, float(samples.mean()), multiplications_needed(zeros, sizes),
                int(counts[-1]), len(samples),
            )
            for run, label, (zeros, samples, counts) in zip(
                snapshot.settings.runs, run_labels(snapshot.settings), self.found, strict=False
            )
        ]  # fmt: skip

    def _draw_batch(self, pens: list[QPen], half: QPen, layers: int) -> None:
        """The three plots of the batch."""
        by_layer, by_sample, of_patterns = [], [], []
        for pen, (zeros, samples, counts) in zip(pens, self.found, strict=False):
            by_layer.append((pen, zeros))
            shares, bounds = np.histogram(samples, bins=SHARES, range=(0.0, 1.0))
            none = np.isnan(samples).all()
            outline = np.full(2 * SHARES, np.nan) if none else np.repeat(shares / len(samples), 2)
            by_sample.append(Line(np.repeat(bounds, 2)[1:-1], outline, pen))
            of_patterns.append(Line(np.arange(1.0, layers + 2), np.asarray(counts, float), pen, MARK))
        self.bars.set_shares(by_layer, half, EXPECTED)
        for panel, lines in ((self.samples, by_sample), (self.patterns, of_patterns)):
            self.lines[panel].set_lines(lines)
        dress_layers(self.layers, "bottom", layers, self.scale, str(layers))
        dress_layers(self.patterns, "bottom", layers + 1, self.scale, "all")
        count = max((len(one[1]) for one in self.found), default=1)
        self.layers.home((0.5, layers + 0.5), (0.0, BARS_TOP))
        self.samples.home((-0.02, 1.02), (-0.05, TOP))
        self.patterns.home(ends_of(layers + 1), (0.0, 1.08 * count))
        self._samples = count if self.found else 0

    def _fit(self, *_: Any) -> None:
        """As many plots as stay legible, zeros by layer first, and names of axes as long as there is room for."""
        self._arrange()
        self.benefits.set_runs(self._told, WORDS_SHARE * self.canvas.height())
        of = (f"patterns of {self._samples} samples",) if self._samples else ("on/off patterns",)
        along = WORDS[self.timeline.mode][1:]
        for panel, bottom, left in (
            (self.layers, ("hidden layer", "layer"), SHARE_WORDS),
            (self.samples, ("share of zeros of a sample", "zeros of a sample", "zeros"), ("share of samples", "share")),
            (self.patterns, ("hidden layer, or all", "layer"), (*of, "patterns")),
            (self.course, along, SHARE_WORDS),
        ):
            fit_label(panel, "bottom", bottom, self.theme, self.scale)
            fit_label(panel, "left", left, self.theme, self.scale)

    def _arrange(self) -> None:
        """Show a second row and a second column of plots where there is room for them."""
        scale, layout = self.scale, self.canvas.ci.layout
        below, beside = self.canvas.height() >= TWO_ROWS * scale, self.canvas.width() >= TWO_COLUMNS * scale
        for panel, shown in ((self.samples, beside), (self.patterns, below), (self.course, below and beside)):
            if panel.plot.isVisible() != shown:
                panel.plot.setVisible(shown)
                panel.plot.setMaximumSize(*((UNLIMITED, UNLIMITED) if shown else (0, 0)))
        layout.setRowStretchFactor(3, int(below))
        layout.setColumnStretchFactor(1, int(beside))
        layout.setRowStretchFactor(2, 1)
        layout.setColumnStretchFactor(0, 1)

    def _draw_course(self, pens: list[QPen]) -> None:
        """The mean share of zeros of all hidden layers at every record."""
        steps, shares = self.trail.steps, self.course_shares()
        end = self.timeline.extend(steps)
        x = self.timeline.places(steps)
        self.lines[self.course].set_lines([Line(x, shares[:, run], pen) for run, pen in enumerate(pens)])
        self.timeline.dress(self.course, steps)
        self.course.home((-0.015 * end, end), (-0.05, TOP))

    def course_shares(self) -> Array:
        """(columns, runs): zeros of all hidden neurons at every record, the present last; NaN for what has diverged."""
        assert self.snapshot is not None
        widths = np.array(self.snapshot.settings.network.hidden, float)
        zeros, means = (self.trail.values(field)[:, :, :-1] for field in (FIELD, MEAN))
        return np.asarray(np.where(np.isnan(means), np.nan, zeros) @ widths / widths.sum())

    def table(self) -> Table:
        """One row for each run and layer, and one for all layers of a run together."""
        if self.snapshot is None:
            return Table((), ())
        rows: list[tuple[Any, ...]] = []
        for label, (zeros, samples, counts) in zip(run_labels(self.snapshot.settings), self.found, strict=False):
            rows += [(label, str(n + 1), float(z), int(counts[n]), len(samples)) for n, z in enumerate(zeros)]
            rows.append((label, "all", float(samples.mean()), int(counts[-1]), len(samples)))
        names = ("run", "hidden layer", "share of zeros", "on/off patterns", "samples")
        return Table(names, tuple(zip(*rows, strict=True)) if rows else ((),) * len(names))

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """The values of all runs at the layer, share or step nearest to the cursor."""
        if self.snapshot is None or not (self.found or panel is self.course):
            return ""
        layers = len(self.snapshot.settings.network.hidden)
        place = round(x) - 1
        if panel is self.course:
            column = self.timeline.column(self.trail.steps, x)
            if column is None:
                return ""
            head = f"step {grouped(int(self.trail.steps[column]))}: zeros of all hidden layers"
            words = [percent(share) for share in self.course_shares()[column].tolist()]
        elif panel is self.samples:
            bin_ = min(SHARES - 1, max(0, int(x * SHARES)))
            head = f"samples with {bin_ / SHARES:.0%} to {(bin_ + 1) / SHARES:.0%} zeros"
            inside = [np.histogram(one[1], bins=SHARES, range=(0.0, 1.0))[0][bin_] for one in self.found]
            words = [f"{count} of {len(one[1])}" for count, one in zip(inside, self.found, strict=True)]
        elif panel is self.layers and 0 <= place < layers:
            head, words = f"layer {place + 1}: exact zeros", [percent(float(one[0][place])) for one in self.found]
        elif panel is self.patterns and 0 <= place <= layers:
            head = "on/off patterns of all layers" if place == layers else f"on/off patterns of layer {place + 1}"
            words = [f"{one[2][place]} of {len(one[1])} samples" for one in self.found]
        else:
            return ""
        runs = zip(self.snapshot.settings.runs, run_labels(self.snapshot.settings), words, strict=False)
        return "<br>".join([head, *(swatch(self.theme.runs[r.color], f"{escape(label)}: {w}") for r, label, w in runs)])


def percent(share: float) -> str:
    """A share in words; of a run that has diverged there is none."""
    return f"{share:.1%}" if np.isfinite(share) else "not a number"


def counted(activity: Array, widths: tuple[int, ...]) -> tuple[Array, Array, Array]:
    """Zeros by layer, zeros by sample, and patterns of every layer and of all, (layers + 1,)."""
    ends = np.cumsum(widths)[:-1]
    counts = [patterns(part) for part in (*np.split(activity, ends), activity)]
    return zeros_by_layer(activity, widths), zeros_by_sample(activity), np.array(counts)
