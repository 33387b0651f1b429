"""How far each step moves a layer's weights, and the mean and spread of the signal that the layers pass on."""

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QComboBox, QWidget

from reluviz.core.labels import run_labels
from reluviz.core.snapshot import Snapshot
from reluviz.ui.theme import mix
from reluviz.ui.views.band import Band
from reluviz.ui.views.base import View, number, swatch
from reluviz.ui.views.fitting import fit_label
from reluviz.ui.views.flow_table import course_table
from reluviz.ui.views.framing import Framing, decades
from reluviz.ui.views.layers import MANY, MARK, SMALL_MARK, dress_layers, ends_of, layer_words
from reluviz.ui.views.line_key import LineKey
from reluviz.ui.views.lines import Line, Lines
from reluviz.ui.views.marked_axis import give_marks, hide_words, make_room
from reluviz.ui.views.plot import Panel, nice_range
from reluviz.ui.views.subject import Subject, fill, subject_of
from reluviz.ui.views.table import Table
from reluviz.ui.views.timeline import TITLES, WORDS, Timeline, grouped, step_box
from reluviz.ui.views.trail import Trail
from reluviz.ui.views.zeros import Note, Zeros

Array = np.ndarray[Any, np.dtype[Any]]
FIELDS = {
    "update_ratio": ("|Δw| ÷ |w|", "ratio"),
    "activation_mean": ("mean of f(z)", "mean"),
    "activation_std": ("std of f(z)", "std"),
}
COLUMNS = ("update ÷ weights", "activation mean", "activation standard deviation")
LAYERS, TIME = "layers", "time"
OVER = {LAYERS: "By layer, now", TIME: "Over time"}
# log10 of the ratios that are called healthy: about 1e-3 (Karpathy 2015, CS231n), a decade of room above.
HEALTHY = (-3.0, -2.0)
# Of the layers of one run so many are drawn, evenly chosen, the first and the output among them.
MOST_LINES = 9
PALEST, THINNEST, WIDEST = 0.45, 1.0, 1.9
# Room left of step 0, as a share of the axis.
MARGIN = 0.015
BOX_LETTERS = 18


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One line of every panel: its pen and words, and x and the fields' values, (points,) and (fields, points)."""

    pen: QPen
    words: str
    x: Array
    values: Array


class UpdateRatio(View):
    """Update-to-weight ratio, activation mean and activation spread: by layer now, or over time."""

    key = "update_ratio"
    title = "Updates and signal"
    help = (
        "Above, the length of the last update over the length of the weights: where it is far below the healthy band a"
        " layer hardly learns, far above it the steps are rash. Below, the mean and the standard deviation of what the"
        " layers pass on over neurons and training samples (of the output: z). A spread that shrinks from layer to"
        " layer is a signal that dies."
    )
    every = 3

    def build(self) -> None:
        """Three panels that share x, and a key above."""
        self.names = LineKey()
        self.canvas.ci.addItem(self.names, 0, 0)
        self.plots = {
            field: self.add_panel(1 + row, 0, y=words[0]) for row, (field, words) in enumerate(FIELDS.items())
        }
        for panel in self.plots.values():
            give_marks(panel, "bottom")
        first, *others = self.plots.values()
        for panel in others:
            panel.join(first)
        first.axis("left").powers = True
        self.bottom = others[-1]
        self.bottom.label("bottom", "layer")
        for row, share in enumerate((5, 4, 4)):
            self.canvas.ci.layout.setRowStretchFactor(1 + row, share)
        self.lines = {field: Lines(panel.plot) for field, panel in self.plots.items()}
        self.band = Band(first.plot, *HEALTHY, "healthy")
        self.zeros, self.note = Zeros(first.plot), Note(first.plot)
        self.frames = {field: Framing() for field in FIELDS}
        self.trail, self.timeline = Trail(*FIELDS), Timeline()
        self.shown: list[Shown] = []
        self._subject = Subject("layer", 0)
        self._of: Any = None
        self._build_tools()
        self.bottom.plot.vb.sigResized.connect(self._fit)

    def _build_tools(self) -> None:
        self.over_box = QComboBox()
        for key, words in OVER.items():
            self.over_box.addItem(words, key)
        self.over_box.setToolTip("What runs along x: the layers at this step, or the steps so far")
        self.over_box.setAccessibleName("X axis of updates and signal")
        self.over_box.currentIndexChanged.connect(self._rescale)
        self.subject_box = QComboBox()
        self.subject_box.setToolTip("What is followed over time: a layer of all runs, or all layers of one run")
        self.subject_box.setAccessibleName("Layer or run followed over time")
        self.subject_box.activated.connect(self._choose)
        self.step_box = step_box("Steps along updates and signal")
        self.step_box.currentIndexChanged.connect(self._rescale)
        self._rescale()

    def tools(self) -> list[QWidget]:
        """What runs along x, and what is followed over time."""
        return [self.over_box, self.subject_box, self.step_box]

    def options(self) -> dict[str, Any]:
        """What was chosen."""
        return {
            "over": self.over_box.currentData(),
            "subject": self._subject.words,
            "steps": self.step_box.currentData(),
        }

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again."""
        subject = subject_of(options.get("subject"))
        if subject is not None:
            self._subject = subject
            self._rescale()
        for name, box, known in (("over", self.over_box, OVER), ("steps", self.step_box, TITLES)):
            if options.get(name) in known:
                box.setCurrentIndex(list(known).index(options[name]))

    def _choose(self, *_: Any) -> None:
        self._subject = self.subject_box.currentData()
        self._rescale()

    def _rescale(self, *_: Any) -> None:
        over_time = self.over_box.currentData() == TIME
        self.subject_box.setEnabled(over_time)
        self.step_box.setEnabled(over_time)
        self._of = None
        self.bottom.zoomed = False
        self.redraw()

    def restyle(self) -> None:
        """Pens are set with the next snapshot, which knows the runs' colours."""
        for item in (self.names, self.band, self.zeros, self.note):
            item.set_theme(self.theme, self.scale)
        self._fit()
        for lines in self.lines.values():
            lines.set_edge(self.pen(self.theme.panel, 0.8))
        self.subject_box.setMaximumWidth(self.subject_box.fontMetrics().averageCharWidth() * BOX_LETTERS)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Set the lines of all panels."""
        self.trail.read(snapshot)
        first = snapshot.course[0] if snapshot.course else None
        if self._of is None or self._of[0] is not first or self._of[1] != snapshot.settings.runs:
            self._of = (first, snapshot.settings.runs)
            self.timeline.reset(self.step_box.currentData())
            for frame in self.frames.values():
                frame.reset()
        labels, layers = run_labels(snapshot.settings), snapshot.shape.layers
        fill(self.subject_box, labels, layers, self._subject.within(len(labels), layers))
        over_time = self.over_box.currentData() == TIME
        self.shown = self._over_time(snapshot, labels) if over_time else self._by_layer(snapshot, labels)
        self.names.set_entries([(one.pen, one.words) for one in self.shown])
        self._draw(over_time, layers)

    def _by_layer(self, snapshot: Snapshot, labels: tuple[str, ...]) -> list[Shown]:
        now = np.array([self.trail.values(field)[-1] for field in FIELDS])
        x = np.arange(1.0, now.shape[2] + 1)
        pens = [self.pen(self.theme.runs[run.color], 2) for run in snapshot.settings.runs]
        return [Shown(pen, label, x, now[:, run]) for run, (pen, label) in enumerate(zip(pens, labels, strict=True))]

    def _over_time(self, snapshot: Snapshot, labels: tuple[str, ...]) -> list[Shown]:
        values = np.array([self.trail.values(field) for field in FIELDS])
        x, layers = self.timeline.places(self.trail.steps), values.shape[3]
        subject = self._subject.within(len(labels), layers)
        colors = [self.theme.runs[run.color] for run in snapshot.settings.runs]
        if subject.kind == "layer":
            name = layer_words(subject.place % layers, layers)
            return [
                Shown(self.pen(color, 2), f"{label}, {name}", x, values[:, :, run, subject.place])
                for run, (color, label) in enumerate(zip(colors, labels, strict=True))
            ]
        picked = np.unique(np.linspace(0, layers - 1, min(layers, MOST_LINES)).round().astype(int))
        shown = []
        for layer, share in zip(picked.tolist(), np.linspace(0, 1, len(picked)), strict=True):
            color = mix(self.theme.panel, colors[subject.place], PALEST + (1 - PALEST) * float(share))
            pen = self.pen(color, THINNEST + (WIDEST - THINNEST) * float(share))
            shown.append(Shown(pen, layer_words(layer, layers), x, values[:, :, subject.place, layer]))
        return shown

    def _draw(self, over_time: bool, layers: int) -> None:
        mark = 0.0 if over_time else MARK if layers <= MANY else SMALL_MARK
        ends = ends_of(layers)
        if over_time:
            end = self.timeline.extend(self.trail.steps)
            ends = (-MARGIN * end, end)
        for row, (field, panel) in enumerate(self.plots.items()):
            with np.errstate(all="ignore"):
                drawn = [np.log10(one.values[row]) if row == 0 else one.values[row] for one in self.shown]
            self.lines[field].set_lines(
                [Line(one.x, y, one.pen, mark) for one, y in zip(self.shown, drawn, strict=True)]
            )
            bounds = self._bounds(row, np.concatenate(drawn))
            panel.home(ends, self.frames[field].around(*bounds))
            if over_time:
                self.timeline.dress(panel, self.trail.steps)
            else:
                dress_layers(panel, "bottom", layers, self.scale)
        self._fit()
        spots = [(float(x), one.pen) for one in self.shown for x in one.x[one.values[0] == 0]]
        self.zeros.set_spots(spots)
        measured = any(np.isfinite(one.values[0]).any() for one in self.shown)
        wanting = "no update is a finite number" if self.trail.steps[-1] > 0 else "measured from the first step on"
        self.note.set_words("" if measured or spots else wanting)

    def _fit(self, *_: Any) -> None:
        """Names of axes as long as there is room for."""
        over_time = self.over_box.currentData() == TIME
        along = WORDS[self.timeline.mode] if over_time else ("layer",)
        fit_label(self.bottom, "bottom", along, self.theme, self.scale)
        for field, panel in self.plots.items():
            fit_label(panel, "left", FIELDS[field], self.theme, self.scale)
            make_room(panel, self.scale)
            if panel is not self.bottom:
                hide_words(panel)

    @staticmethod
    def _bounds(row: int, drawn: Array) -> tuple[float, float]:
        if row == 0:
            low, high = decades(np.append(drawn, HEALTHY))
            return (low - 0.5 * bool(np.isneginf(drawn).any()), high)
        low, high = nice_range(np.append(drawn, 0.0), 1e-3)
        # A deviation is never below 0.
        return (low, high) if row == 1 else (-0.06 * high, high)

    def table(self) -> Table:
        """Every run, layer and recorded step with its ratio, mean and standard deviation."""
        if self.snapshot is None:
            return Table((), ())
        measured = {words: self.trail.values(field) for words, field in zip(COLUMNS, FIELDS, strict=True)}
        return course_table(run_labels(self.snapshot.settings), self.trail.steps, measured, {})

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """Ratio, mean and standard deviation of every line at the layer or step nearest to the cursor."""
        if self.snapshot is None or not self.shown:
            return ""
        near = int(np.abs(self.shown[0].x - x).argmin())
        steps = self.trail.steps
        over_time = self.over_box.currentData() == TIME
        step = grouped(int(steps[near if over_time else -1]))
        head = f"step {step}" if over_time else f"{layer_words(near, self.snapshot.shape.layers)}, step {step}"
        cells = "".join(f"<td align=right>&nbsp;&nbsp;{words}</td>" for words in ("update ÷ weights", "mean", "std"))
        rows = [f"<tr><td>{head}</td>{cells}</tr>"]
        for one in self.shown:
            cells = "".join(f"<td align=right>&nbsp;&nbsp;{number(float(v))}</td>" for v in one.values[:, near])
            rows.append(f"<tr><td>{swatch(one.pen.color().name(), escape(one.words))}</td>{cells}</tr>")
        return f"<table cellspacing=0>{''.join(rows)}</table>"
