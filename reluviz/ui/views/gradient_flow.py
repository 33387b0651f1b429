"""How the gradient fares on its way back: its norm in every layer now, beside theory, and over the course."""

from html import escape
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from reluviz.core.labels import run_labels
from reluviz.core.settings import MOST_RUNS
from reluviz.core.snapshot import Snapshot
from reluviz.ui.views.base import View, number, swatch
from reluviz.ui.views.boxes import ChoiceBox
from reluviz.ui.views.expected import Expected, exchanged, expected
from reluviz.ui.views.fitting import fit_label
from reluviz.ui.views.flow_strips import FlowStrips
from reluviz.ui.views.flow_table import course_table
from reluviz.ui.views.framing import Framing, decades
from reluviz.ui.views.layers import MANY, MARK, SMALL_MARK, dress_layers, ends_of, layer_words
from reluviz.ui.views.line_key import LineKey
from reluviz.ui.views.lines import Line, Lines
from reluviz.ui.views.marked_axis import give_marks, make_room
from reluviz.ui.views.plot import Panel
from reluviz.ui.views.strip import ZERO, StripKey
from reluviz.ui.views.table import Table
from reluviz.ui.views.timeline import TITLES, WORDS, Timeline, grouped, step_box
from reluviz.ui.views.trail import Trail
from reluviz.ui.views.zeros import Note, Zeros

Array = np.ndarray[Any, np.dtype[Any]]
FIELD = "gradient_norm"
DASH, DOT = Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
AUTO, ALL = -1, -2
# Room around the strip, as shares of the axes, so that the first and last numbers are not cut.
MARGIN, MARGIN_Y = 0.015, 0.03


class GradientFlow(View):
    """Gradient norms by layer, above, and by layer and step, below: of one run, or of all on one scale."""

    key = "gradient_flow"
    title = "Gradient flow"
    help = (
        "The length of the loss's gradient by each layer's weights and biases, on the same training samples at every"
        " step (solid). Dashed is what mean-field theory expects of the start, dotted the largest slope to the power"
        " of the distance; both pass through the last hidden layer's norm at the start. Below, the norms at every"
        " recorded step. A gradient that is small in the first layers has vanished: they hardly learn."
    )
    every = 2

    def build(self) -> None:
        """Lines and marks of all runs, the strip, and the keys of both."""
        self.names = LineKey()
        self.canvas.ci.addItem(self.names, 0, 0)
        self.flow = self.add_panel(1, 0, x="layer", y="gradient norm")
        self.flow.axis("left").powers = True
        self.course = self.add_panel(2, 0, x="training steps", y="layer")
        for panel, side in ((self.flow, "bottom"), (self.course, "bottom"), (self.course, "left")):
            give_marks(panel, side)
        self.canvas.ci.layout.setRowStretchFactor(1, 6)
        self.canvas.ci.layout.setRowStretchFactor(2, 5)
        self.lines = Lines(self.flow.plot)
        self.zeros, self.note = Zeros(self.flow.plot), Note(self.flow.plot)
        self.strips, self.colors = FlowStrips(self.course), StripKey()
        self.canvas.ci.addItem(self.colors, 3, 0)
        self.trail, self.timeline = Trail(FIELD), Timeline()
        self.frames = {self.flow: Framing(), self.course: Framing()}
        self.expected: tuple[Expected, ...] = ()
        self._build_tools()
        self._chosen = AUTO
        self.pens: list[tuple[QPen, QPen, QPen]] = []
        self._styled: Any = None
        self._of: Any = None
        self.flow.plot.vb.sigResized.connect(self._fit)

    def _build_tools(self) -> None:
        self.run_box = ChoiceBox("Runs of the strips; automatic: the one whose gradient vanishes most", self._choose)
        self.step_box = step_box("Steps along the gradient strip")
        self.step_box.currentIndexChanged.connect(self._rescale)

    def tools(self) -> list[QWidget]:
        """The strip's run and its axis."""
        return [self.run_box, self.step_box]

    def options(self) -> dict[str, Any]:
        """What was chosen; run -1 is the one whose gradient vanishes most, -2 all of them."""
        return {"run": self._chosen, "steps": self.step_box.currentData()}

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again."""
        if type(options.get("run")) is int and ALL <= options["run"] < MOST_RUNS:
            self._chosen = options["run"]
            self.frames[self.course].reset()
            self.redraw()
        if options.get("steps") in TITLES:
            self.step_box.setCurrentIndex(list(TITLES).index(options["steps"]))

    def _choose(self) -> None:
        self._chosen = self.run_box.currentData()
        self.frames[self.course].reset()
        self.redraw()

    def _rescale(self, *_: Any) -> None:
        self.timeline.reset(self.step_box.currentData())
        self.course.zoomed = False
        self.redraw()

    def restyle(self) -> None:
        """Pens are set with the next snapshot, which knows the runs' colours."""
        for item in (self.names, self.zeros, self.note, self.colors):
            item.set_theme(self.theme, self.scale)
        self.strips.set_theme(self.theme, self.scale)
        self.lines.set_edge(self.pen(self.theme.panel, 0.8))
        self.run_box.narrow()
        self._styled = None

    def shown_run(self) -> int:
        """The run of the strip: the chosen one, else the one whose gradient vanishes most at the first record."""
        values = self.trail.values(FIELD)
        if 0 <= self._chosen < values.shape[1]:
            return self._chosen
        return vanishing(values[0])

    def shown_runs(self) -> tuple[int, ...]:
        """The runs of the strips."""
        runs = self.trail.values(FIELD).shape[1]
        return tuple(range(runs)) if self._chosen == ALL and runs > 1 else (self.shown_run(),)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Set curves, marks and strip."""
        self.trail.read(snapshot)
        first = snapshot.course[0] if snapshot.course else None
        of = (first, snapshot.settings.network, snapshot.settings.runs)
        if self._of is None or of[0] is not self._of[0] or of[1:] != self._of[1:]:
            self._of = of
            self.expected = tuple(expected(snapshot, run) for run in range(len(snapshot.runs)))
            self.timeline.reset(self.step_box.currentData())
            for frame in self.frames.values():
                frame.reset()
            self._styled = None
        self._style(snapshot)
        self._fit()
        self._show_flow(snapshot)
        self._show_course(snapshot)

    def _fit(self, *_: Any) -> None:
        """Names of axes as long as there is room for."""
        names = (
            (self.flow, "left", ("gradient norm", "norm")),
            (self.course, "bottom", WORDS[self.timeline.mode]),
            (self.course, "left", ("layer", "")),
        )
        for panel, side, words in names:
            fit_label(panel, side, words, self.theme, self.scale)
        for panel in self.panels:
            make_room(panel, self.scale)

    def _show_flow(self, snapshot: Snapshot) -> None:
        norms = self.trail.values(FIELD)[-1]
        logs = log10(norms)
        x = np.arange(1.0, logs.shape[1] + 1)
        back, front, spots = [], [], []
        mark = MARK if len(x) <= MANY else SMALL_MARK
        for line, one, pens, run in zip(logs, self.expected, self.pens, norms, strict=True):
            back += [Line(x, one.theory, pens[1]), Line(x, one.bound, pens[2])]
            front.append(Line(x, line, pens[0], mark))
            spots += [(float(layer), pens[0]) for layer in x[run == 0]]
        self.lines.set_lines([*back, *front])
        self.zeros.set_spots(spots)
        self.note.set_words("" if spots or np.isfinite(logs).any() else "no gradient is a finite number")
        lines = [logs, *(one.theory for one in self.expected), *(one.bound for one in self.expected)]
        low, high = decades(np.concatenate([np.ravel(line) for line in lines]))
        if spots:
            low -= 1.0
        dress_layers(self.flow, "bottom", logs.shape[1], self.scale)
        self.flow.home(ends_of(logs.shape[1]), self.frames[self.flow].around(low, high))

    def _show_course(self, snapshot: Snapshot) -> None:
        runs, steps = self.shown_runs(), self.trail.steps
        labels = run_labels(snapshot.settings)
        chosen = self._chosen if self._chosen < len(labels) else AUTO
        several = [("All runs", ALL)] if len(labels) > 1 else []
        choices = [("Automatic", AUTO), *several, *((label, place) for place, label in enumerate(labels))]
        self.run_box.fill(choices, chosen)
        logs = log10(self.trail.values(FIELD)[:, list(runs)].transpose(1, 2, 0))
        end = self.timeline.extend(steps)
        edges = self.timeline.edges(steps)
        low, high = self.frames[self.course].around(*decades(logs))
        names = [(labels[run], self.theme.runs[snapshot.settings.runs[run].color]) for run in runs]
        self.strips.show(runs, logs, edges, (low, high), names, self.scale)
        self.timeline.dress(self.course, steps)
        tall = self.strips.height
        self.course.home(
            (-MARGIN * end, max(end, float(edges[-1]))), (0.5 - MARGIN_Y * tall, 0.5 + (1 + MARGIN_Y) * tall)
        )
        zero, lost = bool(np.isneginf(logs).any()), bool((~np.isfinite(logs) & ~np.isneginf(logs)).any())
        words = [*([ZERO] if zero else []), *(["crossed: not finite"] if lost else [])]
        whose = names[0] if len(runs) == 1 else ("all runs", self.theme.dim)
        self.colors.set_scale(low, high, whose, "gradient norm", ", ".join(words))

    def _style(self, snapshot: Snapshot) -> None:
        fine = tuple(np.isfinite(self.trail.values(FIELD)[-1]).any(axis=1).tolist())
        shape = (fine, snapshot.settings.runs, self.theme.name, self.scale, self.pen_scale)
        if shape == self._styled:
            return
        self._styled = shape
        colors = [self.theme.runs[run.color] for run in snapshot.settings.runs]
        self.pens = [(self.pen(c, 2), self.pen(c, 1.3, DASH), self.pen(c, 1.6, DOT)) for c in colors]
        labels = run_labels(snapshot.settings)
        rows = [
            (p[0], label if f else f"{label}: not finite") for p, label, f in zip(self.pens, labels, fine, strict=True)
        ]
        if any(np.isfinite(one.theory).any() for one in self.expected):
            rows.append((self.pen(self.theme.dim, 1.3, DASH), "theory at the start"))
        if any(exchanged(snapshot, place) for place in range(len(labels))):
            rows.append((self.pen(self.theme.dim, 1.3, DASH), "none after an exchange"))
        bounded = {one.steepest for one in self.expected if np.isfinite(one.bound).any()}
        if bounded:
            steepest = bounded.pop() if len(bounded) == 1 else np.nan
            slope = "max |f′|" if np.isnan(steepest) else f"{steepest:.3g}"
            rows.append((self.pen(self.theme.dim, 1.3, DOT), f"bound: {slope} per layer"))
        self.names.set_entries(rows)

    def table(self) -> Table:
        """Every run, layer and recorded step with its norm; theory and bound stand beside the present."""
        if self.snapshot is None:
            return Table((), ())
        labels = run_labels(self.snapshot.settings)
        with np.errstate(over="ignore"):
            lines = {
                "theory at the start": 10.0 ** np.array([one.theory for one in self.expected]),
                "bound by the largest slope": 10.0 ** np.array([one.bound for one in self.expected]),
            }
        return course_table(labels, self.trail.steps, {"gradient norm": self.trail.values(FIELD)}, lines)

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """Norm, theory and ratio to the last layer: of all runs in the layer nearest, or of the cell of the strip."""
        if self.snapshot is None:
            return ""
        values, steps = self.trail.values(FIELD), self.trail.steps
        found = self.strips.at(y) if panel is self.course else (self.shown_run(), round(x) - 1)
        if found is None:
            return ""
        pointed, layer = found
        column = len(steps) - 1 if panel is self.flow else self.timeline.column(steps, x)
        if column is None or not 0 <= layer < values.shape[2]:
            return ""
        head = "".join(f"<td align=right>&nbsp;&nbsp;{w}</td>" for w in ("norm", "theory", "÷ last layer"))
        when = f"{layer_words(layer, values.shape[2])}, step {grouped(int(steps[column]))}"
        rows = [f"<tr><td>{when}</td>{head}</tr>"]
        labels = run_labels(self.snapshot.settings)
        for run in range(len(labels)) if panel is self.flow else (pointed,):
            color = self.theme.runs[self.snapshot.settings.runs[run].color]
            norms, theory = values[column, run], self.expected[run].theory[layer]
            with np.errstate(all="ignore"):
                numbers = (norms[layer], 10.0**theory, norms[layer] / norms[-1])
            cells = ["none" if place == 1 and v != v else number(float(v)) for place, v in enumerate(numbers)]
            row = "".join(f"<td align=right>&nbsp;&nbsp;{cell}</td>" for cell in cells)
            rows.append(f"<tr><td>{swatch(color, escape(labels[run]))}</td>{row}</tr>")
        return f"<table cellspacing=0>{''.join(rows)}</table>"


def log10(norms: Array) -> Array:
    """The logarithm; -inf for zero, NaN and inf stay."""
    with np.errstate(all="ignore"):
        return np.asarray(np.log10(norms))


def vanishing(norms: Array) -> int:
    """The run of norms (runs, layers) with the smallest ratio of the first layer's norm to the last's.

    A gradient that is exactly zero, as behind a step, has not faded from layer to layer: it counts last.
    """
    with np.errstate(all="ignore"):
        ratios = norms[:, 0] / norms[:, -1]
    return int(np.where(ratios > 0, ratios, np.inf).argmin())
