"""The health of all hidden neurons: active, dormant, saturated or dead; now, over time, and who died of what."""

from html import escape
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QWidget

from reluviz.core.health import STATES, UNKNOWN, Thresholds, fate_words, grouped, states
from reluviz.core.labels import run_labels
from reluviz.core.settings import MOST_RUNS
from reluviz.core.snapshot import SATURATION_LEVELS, USUAL_LEVEL, Snapshot
from reluviz.ui.views.base import View, swatch
from reluviz.ui.views.boxes import ChoiceBox, whole
from reluviz.ui.views.fitting import fit_label
from reluviz.ui.views.health_bars import LOST, Bars, HealthBars, state_colors
from reluviz.ui.views.health_course import ALL, SHOWN, HealthCourse, bends, health_table
from reluviz.ui.views.health_deaths import Death, DeathList, deaths
from reluviz.ui.views.line_key import LineKey
from reluviz.ui.views.marked_axis import give_marks, set_marks
from reluviz.ui.views.plot import Panel
from reluviz.ui.views.table import Table

GROWTH = 1.25
# Ends of the axis of shares: it grows to the next, and does not shrink while the lab is the same.
TOPS = (0.1, 0.25, 0.5, 1.0)
STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
WIDTHS = (2.0, 1.5, 1.8)
# The list of deaths takes no more than this share of the height.
LIST_SHARE = 0.4
MOST_LAYERS = 64


class Health(View):
    """Bars by layer on the left, the course on the right, the deaths below."""

    key = "health"
    title = "Neuron health"
    help = (
        "What state every hidden neuron is in, measured on the training samples. A dead one has slope zero on all of"
        " them and learns nothing; a dormant one fires on hardly any; a saturated one is flat on most without being"
        " switched off. Bars count them layer by layer now, lines show their shares over the steps, and the list says"
        " when each dead neuron died, of what, and whether an earlier layer can still revive it."
    )
    every = 3

    def build(self) -> None:
        """Bars, curves for each possible run and state, the list, and the controls."""
        self.bars, self.list, self.names = HealthBars(), DeathList(self._choose_death), LineKey()
        self.canvas.ci.addItem(self.bars, 0, 0, 2, 1)
        self.canvas.ci.addItem(self.names, 0, 1)
        self.panel = self.add_panel(1, 1, x="training steps", y="share of hidden neurons")
        give_marks(self.panel, "left")
        self.canvas.ci.addItem(self.list, 2, 0, 1, 2)
        layout = self.canvas.ci.layout
        for column, stretch in ((0, 4), (1, 5)):
            layout.setColumnStretchFactor(column, stretch)
            layout.setColumnPreferredWidth(column, 100.0 * stretch)
        for row, stretch in ((0, 0), (1, 5), (2, 3)):
            layout.setRowStretchFactor(row, stretch)
        self.curves = [[pg.PlotCurveItem(connect="finite", antialias=True) for _ in SHOWN] for _ in range(MOST_RUNS)]
        for curves in self.curves:
            for place, curve in enumerate(curves):
                # Segment by segment the dashes of a line with many points would join.
                curve.setSegmentedLineMode("off" if place else "on")
                self.panel.plot.addItem(curve, ignoreBounds=True)
        self.course = HealthCourse()
        self._run = self._layer = ALL
        self._extent, self._top = 0.0, 0.0
        self._styled: Any = None
        self._of: Any = None
        self._build_tools()
        self.panel.plot.vb.sigResized.connect(self._fit)

    def _build_tools(self) -> None:
        self.run_box = ChoiceBox("Run whose neurons are counted, or all", self._choose_run)
        self.layer_box = ChoiceBox("Layer whose course is drawn over the steps, or all together", self._choose_layer)
        self.dormant_box = self._spin("Fires < ", 1.0, (0.0, 50.0), 0.5, "Dormant share")
        self.dormant_box.setToolTip("A neuron that fires on a smaller share of the training samples is dormant")
        self.share_box = self._spin("on ≥ ", 90.0, (5.0, 100.0), 5.0, "Share of saturated samples")
        self.share_box.setToolTip("A neuron that is flat on at least this share of the samples is saturated")
        self.level_box = QComboBox()
        for level in SATURATION_LEVELS:
            self.level_box.addItem(f"Slope < {level:.0%}".replace("%", " %"), level)
        self.level_box.setCurrentIndex(USUAL_LEVEL)
        self.level_box.setToolTip(
            "A sample counts as saturated where the slope is below this share of the largest. For bars and table: the"
            " course is recorded at 5 % only"
        )
        self.level_box.setAccessibleName("Saturation level")
        self.level_box.currentIndexChanged.connect(self.redraw)

    def _spin(self, prefix: str, value: float, ends: tuple[float, float], step: float, name: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setPrefix(prefix)
        box.setSuffix(" %")
        box.setDecimals(1)
        box.setRange(*ends)
        box.setSingleStep(step)
        box.setValue(value)
        box.setAccessibleName(name)
        box.valueChanged.connect(self.redraw)
        return box

    def tools(self) -> list[QWidget]:
        """The run, the layer of the course, and what counts as dormant and saturated."""
        return [self.run_box, self.layer_box, self.dormant_box, self.level_box, self.share_box]

    @property
    def thresholds(self) -> Thresholds:
        """What counts as dormant and saturated."""
        return Thresholds(self.dormant_box.value() / 100, self.level_box.currentIndex(), self.share_box.value() / 100)

    def options(self) -> dict[str, Any]:
        """What was chosen; shares in per cent."""
        level = self.level_box.currentIndex()
        return {
            "run": self._run, "layer": self._layer, "dormant": self.dormant_box.value(), "level": level,
            "share": self.share_box.value(),
        }  # fmt: skip

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again."""
        if whole(options.get("run"), ALL, MOST_RUNS - 1):
            self._run = options["run"]
        if whole(options.get("layer"), ALL, MOST_LAYERS - 1):
            self._layer = options["layer"]
        if whole(options.get("level"), 0, len(SATURATION_LEVELS) - 1):
            self.level_box.setCurrentIndex(options["level"])
        for key, box in (("dormant", self.dormant_box), ("share", self.share_box)):
            value = options.get(key)
            if (
                isinstance(value, (int, float))
                and not isinstance(value, bool)
                and box.minimum() <= value <= box.maximum()
            ):
                box.setValue(value)
        self.redraw()

    def _choose_run(self) -> None:
        self._run = self.run_box.currentData()
        self._top = 0.0
        self.redraw()

    def _choose_layer(self) -> None:
        self._layer = self.layer_box.currentData()
        self._top = 0.0
        self.redraw()

    def _choose_death(self, death: Death) -> None:
        self.picked.emit((death.run, death.neuron))

    def restyle(self) -> None:
        """Take colours and fonts; pens are set with the next snapshot, which knows the runs' colours."""
        for item in (self.bars, self.list, self.names):
            item.set_theme(self.theme, self.scale)
        for box in (self.run_box, self.layer_box):
            box.narrow()
        self._styled = None

    def shown_runs(self, runs: int) -> tuple[int, ...]:
        """The chosen run, or all."""
        return (self._run,) if 0 <= self._run < runs else tuple(range(runs))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Count, and set bars, curves and list."""
        labels = run_labels(snapshot.settings)
        colors = [self.theme.runs[run.color] for run in snapshot.settings.runs]
        shown, thresholds = self.shown_runs(len(labels)), self.thresholds
        self.run_box.fill(
            (("All runs", ALL), *((label, run) for run, label in enumerate(labels))),
            self._run if self._run < len(labels) else ALL,
        )
        self.bars.set_columns(
            tuple(Bars(labels[run], colors[run], layer_counts(snapshot, run, thresholds)) for run in shown)
        )
        names = {run: (labels[run], colors[run]) for run in shown}
        self.list.set_deaths(*deaths(snapshot, shown), names)
        self._style(labels, colors, shown)
        self._show_course(snapshot, shown, thresholds)

    def _show_course(self, snapshot: Snapshot, shown: tuple[int, ...], thresholds: Thresholds) -> None:
        of = (snapshot.settings.frame, len(snapshot.runs))
        if of != self._of:
            self._of, self._extent, self._top = of, 0.0, 0.0
        layers = len(snapshot.settings.network.hidden)
        layer = self._layer if self._layer < layers else ALL
        self.layer_box.fill((("All layers", ALL), *((f"Layer {k + 1}", k) for k in range(layers))), layer)
        self.course.read(snapshot, thresholds, layer)
        steps, shares = self.course.steps, self.course.shares
        for run, curves in enumerate(self.curves):
            for place, curve in enumerate(curves):
                curve.setVisible(run in shown)
                if run in shown:
                    values = shares[:, run, place]
                    needed = bends(values)
                    curve.setData(steps[needed], values[needed])
        last = float(steps[-1])
        if self._extent == 0 or last > self._extent or last < self._extent / (2 * GROWTH**2):
            self._extent = max(last * GROWTH, 10.0)
        highest = float(np.nan_to_num(shares[:, shown]).max())
        self._top = max(self._top, next(top for top in TOPS if top >= min(highest, 1.0)))
        set_marks(self.panel, "left", tuple((part * self._top, f"{part * self._top:.3g}") for part in (0.0, 0.5, 1.0)))
        self.panel.home((0.0, self._extent), (-0.03 * self._top, 1.05 * self._top))
        self._fit()

    def _fit(self, *_: Any) -> None:
        """Names of axes as long as there is room for, and a list that leaves most of it to the plots."""
        self.canvas.ci.layout.setRowMaximumHeight(2, LIST_SHARE * self.canvas.height())
        words = ("share of hidden neurons", "share of neurons", "share")
        layer = self.layer_box.currentData()
        if layer is not None and layer != ALL:
            words = (f"share of neurons, layer {layer + 1}", f"share, layer {layer + 1}", "share")
        fit_label(self.panel, "left", words, self.theme, self.scale)
        fit_label(self.panel, "bottom", ("training steps", "steps"), self.theme, self.scale)

    def _style(self, labels: tuple[str, ...], colors: list[str], shown: tuple[int, ...]) -> None:
        shape = (labels, tuple(colors), shown, self.theme.name, self.scale, self.pen_scale)
        if shape == self._styled:
            return
        self._styled = shape
        for color, curves in zip(colors, self.curves, strict=False):
            for curve, width, style in zip(curves, WIDTHS, STYLES, strict=True):
                curve.setPen(self.pen(color, width, style))
        rows = [(self.pen(colors[run], 2), labels[run]) for run in shown]
        for state, width, style in zip(SHOWN, WIDTHS, STYLES, strict=True):
            rows.append((self.pen(self.theme.dim, width, style), STATES[state]))
        self.names.set_entries(rows)

    def table(self) -> Table:
        """Every hidden neuron of every run: its state, what it was judged by, and its death."""
        if self.snapshot is None:
            return Table((), ())
        return health_table(self.snapshot, run_labels(self.snapshot.settings), self.thresholds)

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """The shares of every run shown at the recorded step nearest to the cursor."""
        if self.snapshot is None:
            return ""
        labels = run_labels(self.snapshot.settings)
        near = int(np.argmin(np.abs(self.course.steps - x)))
        head = "".join(f"<td align=right>&nbsp;&nbsp;{STATES[state]}</td>" for state in SHOWN)
        rows = [f"<tr><td>step {grouped(int(self.course.steps[near]))}</td>{head}</tr>"]
        for run in self.shown_runs(len(labels)):
            color = self.theme.runs[self.snapshot.settings.runs[run].color]
            cells = "".join(f"<td align=right>&nbsp;&nbsp;{share_word(v)}</td>" for v in self.course.shares[near, run])
            rows.append(f"<tr><td>{swatch(color, escape(labels[run]))}</td>{cells}</tr>")
        return f"<table cellspacing=0>{''.join(rows)}</table>"

    def _hover(self, position: QPointF) -> None:
        """Bars and deaths have values under the cursor too."""
        super()._hover(position)
        place = self.canvas.mapToScene(position.toPoint())
        words = ""
        if self.snapshot is not None:
            words = self._layer_words(self.bars.mapFromScene(place)) or self._death_words(self.list.mapFromScene(place))
        if words:
            self._place_readout(words, position)

    def _layer_words(self, point: QPointF) -> str:
        found = self.bars.at(point)
        if found is None:
            return ""
        column = self.bars.columns[found[0]]
        counts = column.counts[found[1]]
        colors = state_colors(self.theme)
        rows = [f"<b>{escape(column.name)}</b>, layer {found[1] + 1}"]
        if not any(counts):
            return f"{rows[0]}<br>{LOST}: the run has diverged"
        for state, count in enumerate(counts):
            rows.append(swatch(colors[state], f"{STATES[state]}: {count} of {sum(counts)} ({count / sum(counts):.0%})"))
        return "<br>".join(rows)

    def _death_words(self, point: QPointF) -> str:
        death = self.list.row_at(point)
        if death is None or self.snapshot is None:
            return ""
        name = escape(run_labels(self.snapshot.settings)[death.run])
        words = fate_words(self.snapshot.runs[death.run].fates, death.neuron) or death.why
        return f"<b>{name}</b>, {death.place}<br>{words}"


def layer_counts(snapshot: Snapshot, run: int, thresholds: Thresholds) -> tuple[tuple[int, ...], ...]:
    """How many neurons of each hidden layer are in each of STATES."""
    neurons = snapshot.runs[run].neurons
    found = states(neurons, snapshot.dataset.outputs, thresholds)
    layers, kinds = len(snapshot.settings.network.hidden), len(STATES)
    places = (neurons.layer[: len(found)] * kinds + found)[found != UNKNOWN]
    return tuple(map(tuple, np.bincount(places, minlength=layers * kinds).reshape(layers, kinds).tolist()))


def share_word(share: float) -> str:
    """A share in words; there is none where no neuron has a state."""
    return "none" if np.isnan(share) else f"{share:.1%}"
