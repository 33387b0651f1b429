"""One run as a diagram: its neurons as small maps, its weights as lines, and what a neuron computes in numbers."""

from typing import Any

from PySide6.QtCore import QEvent, QPointF, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSpinBox, QVBoxLayout, QWidget

from reluviz.core.labels import run_labels
from reluviz.core.settings import MOST_RUNS
from reluviz.core.snapshot import ACTIVITY, INSIDE, WEIGHTS, Snapshot
from reluviz.core.spelling import spell
from reluviz.ui.views.base import View
from reluviz.ui.views.boxes import ChoiceBox
from reluviz.ui.views.diagram import Diagram
from reluviz.ui.views.diagram_editor import Editor
from reluviz.ui.views.diagram_formula import FormulaStrip, edge_words, node_name, node_words, states
from reluviz.ui.views.diagram_mouse import Mouse
from reluviz.ui.views.diagram_table import parameter_table
from reluviz.ui.views.key import ColorKey
from reluviz.ui.views.table import Table

MOST_SAMPLES = 256
# A panel that is lower than this, in pixels at the usual size of text, leaves out the colour key.
LOW = 250


class NetworkDiagram(View):
    """The network of one run."""

    key = "network_diagram"
    title = "Network"
    help = (
        "One run as a network: every neuron with its activity over the inputs, every weight as a line, wide and bright"
        " for a large one, and a small square for the bias. Point at a neuron to see its own weights and the formula"
        " that it computes; click it to edit it. Ctrl and the wheel zoom, dragging moves, a double click shows all."
    )
    needs = frozenset({ACTIVITY, INSIDE, WEIGHTS})
    every = 2

    def build(self) -> None:
        """The diagram, the formula below it, the colour key, and the row of the editor."""
        self.diagram, self.strip, self.words = Diagram(), FormulaStrip(), ColorKey()
        for row, item in enumerate((self.diagram, self.strip, self.words)):
            self.canvas.ci.addItem(item, row, 0)
        self.editor = Editor(self.edit_wanted.emit)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.setSpacing(0)
        layout.addWidget(self.editor)
        self.run_box = ChoiceBox("The run whose network is drawn", self._choose_run)
        self.sample_box = QSpinBox()
        self.sample_box.setPrefix("Sample ")
        self.sample_box.setRange(1, MOST_SAMPLES)
        self.sample_box.setToolTip("The training sample with which the formula is written out")
        self.sample_box.setAccessibleName("Sample")
        self.sample_box.valueChanged.connect(self._choose_sample)
        self._run, self._sample, self._selected = 0, 1, -1
        self._asked: int | None = None
        self._named: tuple[Any, tuple[str, ...]] | None = None
        self.mouse = Mouse(self.diagram, self.canvas, self.select, self._edit)

    def tools(self) -> list[QWidget]:
        """Which sample and which run."""
        return [self.sample_box, self.run_box]

    def options(self) -> dict[str, Any]:
        """What was chosen; neuron -1 is none."""
        return {"run": self._run, "sample": self._sample, "neuron": self._selected}

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again."""
        run, sample, neuron = (options.get(name) for name in ("run", "sample", "neuron"))
        if type(run) is int and 0 <= run < MOST_RUNS:
            self._run = run
        if type(sample) is int and 1 <= sample <= MOST_SAMPLES:
            self._sample = sample
        if type(neuron) is int and neuron >= -1:
            self._selected = neuron

    @property
    def run(self) -> int:
        """The run that is drawn: the chosen one, or the first where there are fewer."""
        return self._run if self.snapshot is not None and self._run < len(self.snapshot.runs) else 0

    def _choose_run(self) -> None:
        self._run = int(self.run_box.currentData())
        self.redraw()

    def _choose_sample(self, sample: int) -> None:
        self._sample = sample
        self.redraw()

    def restyle(self) -> None:
        """Take the theme's colours."""
        pen = self.pen_scale * self.devicePixelRatioF()
        self.diagram.set_theme(self.theme, self.scale, pen, clear=self.clear, paper=self.paper)
        self.strip.set_theme(self.theme, self.scale)
        self.words.set_theme(self.theme, self.scale)
        self.run_box.narrow()
        # A figure has no controls.
        self.editor.setVisible(not self.paper)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The diagram fills the room that there is, also while nothing is trained."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.redraw)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the chosen run."""
        labels, run = self._labels(snapshot), self.run
        self.run_box.fill([(label, place) for place, label in enumerate(labels)], run)
        self.run_box.setVisible(len(labels) > 1)
        self._ask(run)
        self.diagram.choose(self._place(snapshot))
        self._divide()
        state = snapshot.runs[run]
        samples = state.inside.z.shape[1] or MOST_SAMPLES
        self.sample_box.blockSignals(True)
        self.sample_box.setMaximum(samples)
        self.sample_box.setValue(min(self._sample, samples))
        self.sample_box.blockSignals(False)
        self.diagram.show_run(snapshot, run, labels[run])
        self.diagram.words.note = self._note(snapshot, run)
        self._spell()
        place = self._place(snapshot)
        self.editor.show_neuron(snapshot, (run, place[0] - 1, place[1]) if place is not None else None)

    def _labels(self, snapshot: Snapshot) -> tuple[str, ...]:
        """What the runs are called; many layers have many activations to name."""
        if self._named is None or self._named[0] is not snapshot.settings:
            self._named = (snapshot.settings, run_labels(snapshot.settings))
        return self._named[1]

    def _place(self, snapshot: Snapshot) -> tuple[int, int] | None:
        """The block and node of the selected neuron; None where there is no such."""
        shape = snapshot.shape
        if not 0 <= self._selected < shape.neurons:
            return None
        layer = max(k for k, offset in enumerate(shape.offsets) if offset <= self._selected)
        return layer + 1, self._selected - shape.offsets[layer]

    def _note(self, snapshot: Snapshot, run: int) -> str:
        """What the picture does not show."""
        state = snapshot.runs[run]
        if not state.theta.size:
            return "waiting for the next measurement"
        drawn = sum(len(one.values) for one in self.diagram.edges)
        words = ""
        if not self.diagram.all_edges:
            words = "weights not drawn" if self.paper else "point at a neuron to see its weights"
        elif drawn < self.diagram.weights:
            words = f"strongest {drawn:,} of {self.diagram.weights:,} weights".replace(",", "\u202f")
        lost = state.divergence.sentence if state.divergence is not None else ""
        return " · ".join(part for part in (lost, words) if part)

    def _ask(self, run: int) -> None:
        """Have this run's activity measured."""
        if run != self._asked:
            self._asked = run
            self.look_changed.emit(((run,), None))

    def _divide(self) -> None:
        """A low panel has no colour key, and a short formula."""
        height = self.canvas.height()
        tall = height >= LOW * self.scale
        self.words.setVisible(tall)
        # A figure has nothing to invite to.
        self.strip.set_room(0.0 if self.paper and self.diagram.focus is None else height)
        if tall:
            self.words.set_theme(self.theme, self.scale)
        else:
            self.words.setMinimumHeight(0)
            self.words.setMaximumHeight(0)
        kind = self.snapshot.probe.kind if self.snapshot is not None else "plane"
        if kind == "line":
            self.words.set_words("negative", "square: bias", "positive weight; curves: activity along x")
        else:
            self.words.set_words("negative", "square: bias", "positive weight or activity")
        # Tiles are arranged in the room that the diagram has: it must have it before.
        self.canvas.ci.layout.activate()

    def _spell(self) -> None:
        """Write out the neuron that is pointed at, else the selected one."""
        snapshot, place = self.snapshot, self.diagram.focus
        if snapshot is None or place is None or place[0] >= len(snapshot.shape.sizes):
            self.strip.set_words("", "", None)
            return
        block, node = place
        state, name = snapshot.runs[self.run], node_name(snapshot, block, node)
        sample = self.sample_box.value()
        if not block or not state.inside.z.size or not state.theta.size:
            value = float(snapshot.dataset.x_train[sample - 1, node]) if not block else None
            self.strip.set_words(name, f"{value:.3g} for sample {sample}".replace("-", "−") if value is not None else
                                 "waiting for the next measurement", None)  # fmt: skip
            return
        neuron = snapshot.shape.offsets[block - 1] + node
        spelling = spell(snapshot, self.run, neuron, sample - 1)
        words = [f"sample {sample}", *(each.split(":")[0] for each in states(state, neuron))]
        if block > 1:
            words.append(f"h: what layer {block - 1} passes on")
        if spelling.folded:
            words.append("batch normalisation is folded into the numbers")
        if spelling.norm is not None:
            words.append("norm: to mean 0 and variance 1 over the layer")
        self.strip.set_words(name, " · ".join(words), spelling)

    def pick(self, run: int, neuron: int) -> None:
        """Select the neuron that was picked in another view."""
        if (run, neuron) != (self.run, self._selected):
            self._run, self._selected = run, neuron
            self.redraw()

    def select(self, place: tuple[int, int] | None) -> None:
        """Select a node of the diagram, None: nothing; an input is no neuron."""
        if self.snapshot is None or (place is not None and not place[0]):
            return
        self._selected = -1 if place is None else self.snapshot.shape.offsets[place[0] - 1] + place[1]
        self.redraw()
        if place is not None:
            self.picked.emit((self.run, self._selected))

    def table(self) -> Table:
        """A row for each weight and each bias of the run that is drawn."""
        return Table((), ()) if self.snapshot is None else parameter_table(self.snapshot, self.run)

    def leave(self) -> None:
        """Nothing is pointed at any more."""
        super().leave()
        self.diagram.point_at(None)
        self._spell()

    def _hover(self, position: QPointF) -> None:
        """Let a node's weights stand out and say what it is; between nodes say what the weight is."""
        if self.snapshot is None or self.mouse.dragging:
            return
        point = self.mouse.inside(position)
        place = self.diagram.node_at(point) if point is not None else None
        if place != self.diagram.focus:
            self.diagram.point_at(place)
            self._spell()
        words = ""
        if place is not None:
            words = node_words(self.snapshot, self.run, *place, self.sample_box.value() - 1)
        elif point is not None:
            edge = self.diagram.edge_at(point)
            words = edge_words(self.snapshot, edge) if edge is not None else ""
        self._place_readout(words, position)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """The mouse selects, edits, moves and zooms."""
        if self.mouse.takes(event):
            if self.mouse.dragging:
                self.readout.hide()
            return True
        return super().eventFilter(watched, event)

    def _edit(self, place: tuple[int, int], source: int) -> None:
        """Select a neuron and go to the value of one of its weights, or of its bias."""
        self.select(place)
        self.editor.edit(source)
