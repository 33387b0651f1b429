"""The next update of a run, step by step: forward, loss, backward, update, with the numbers at every neuron."""

from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from reluviz.core.labels import run_labels
from reluviz.core.settings import MOST_RUNS
from reluviz.core.snapshot import PHASES as NEED
from reluviz.core.snapshot import Snapshot
from reluviz.ui.views.base import View
from reluviz.ui.views.boxes import ChoiceBox, whole
from reluviz.ui.views.key import ColorKey
from reluviz.ui.views.phases_map import PhaseMap
from reluviz.ui.views.phases_words import BACKWARD, FORWARD, LOSS, NAMES, PHASES, UPDATE, Reading, heads, phases_table
from reluviz.ui.views.table import Table
from reluviz.ui.views.text_lines import TextLines

TOO_LARGE = "This network or its batch is too large to be taken apart, or it has left the finite numbers."
WAITING = "Waiting for the next measurement"
MOST_SAMPLES = 1024
# Lines of words below the network: where there is room, where there is little.
LINES, FEW_LINES, ROOMY = 5, 3, 330.0
# With the canvas in focus; a focused button of a phase has them from Qt.
ARROWS: dict[int, int] = {Qt.Key.Key_Left.value: -1, Qt.Key.Key_Right.value: 1}
# What colours mean in each phase.
COLORED = {
    FORWARD: "positive; nodes: what they pass on, lines: weights",
    LOSS: "positive; outputs: prediction − target, lines: weights",
    BACKWARD: "positive; nodes: δ, lines: gradients of the weights",
    UPDATE: "positive; nodes: change of the bias, lines: change of the weights",
}


class UpdatePhases(View):
    """One update, taken apart."""

    key = "update_phases"
    title = "One update"
    help = (
        "The next update before it is made: forward, loss, backward, update, with the numbers at every neuron for one"
        " sample of the batch. Click a neuron to have its sum written out. “Do this update” makes it."
    )
    needs = frozenset({NEED})
    every = 4

    def build(self) -> None:
        """The words above, the network, and the picked neuron's sum below."""
        self.heading, self.map, self.text = TextLines(), PhaseMap(), TextLines()
        self.heading.set_lines(2)
        self.colors = ColorKey()
        for row, item in enumerate((self.heading, self.map, self.text, self.colors)):
            self.canvas.ci.addItem(item, row, 0)
        self._phase, self._run, self._sample = 0, 0, 0
        self._picked: tuple[int, int] = (1, 0)
        self._asked: int | None = None
        self.reading: Reading | None = None
        self.group = QButtonGroup(self)
        self.buttons = [self._button(place, title, words) for place, (_, title, words) in enumerate(PHASES)]
        self.buttons[0].setChecked(True)
        self.group.idClicked.connect(self._choose_phase)
        self.sample_box = ChoiceBox("The sample of the batch whose numbers are shown", self._choose_sample)
        self.run_box = ChoiceBox("The run whose update is shown", self._choose_run)
        self.make = QToolButton()
        self.make.setText("Do this update")
        self.make.setToolTip("Train one step, which is this update, and show the next one")
        self.make.setAccessibleName("Do this update")
        self.make.clicked.connect(self.step_wanted)
        self.canvas.installEventFilter(self)

    def _button(self, place: int, title: str, words: str) -> QToolButton:
        button = QToolButton()
        button.setText(title)
        button.setCheckable(True)
        button.setToolTip(words)
        button.setAccessibleName(title)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.group.addButton(button, place)
        return button

    def tools(self) -> list[QWidget]:
        """The phases, the update itself, the sample and the run."""
        return [*self.buttons, self.make, self.sample_box, self.run_box]

    def options(self) -> dict[str, Any]:
        """What was chosen."""
        return {"phase": self._phase, "run": self._run, "sample": self._sample, "node": list(self._picked)}

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again."""
        phase, run, sample, node = (options.get(name) for name in ("phase", "run", "sample", "node"))
        if type(phase) is int and 0 <= phase < len(PHASES):
            self._phase = phase
            self.buttons[phase].setChecked(True)
        if type(run) is int and 0 <= run < MOST_RUNS:
            self._run = run
        if type(sample) is int and -1 <= sample <= MOST_SAMPLES:
            self._sample = sample
        if isinstance(node, list) and len(node) == 2 and all(whole(each, 0, 10_000) for each in node):
            self._picked = (node[0], node[1])

    @property
    def phase(self) -> str:
        """The key of the phase that is shown."""
        return PHASES[self._phase][0]

    def show_phase(self, phase: str) -> None:
        """Go to a phase."""
        self._choose_phase(next(place for place, each in enumerate(PHASES) if each[0] == phase))

    def _choose_phase(self, place: int) -> None:
        self._phase = place
        self.buttons[place].setChecked(True)
        self.redraw()

    def _choose_sample(self) -> None:
        self._sample = int(self.sample_box.currentData())
        self.redraw()

    def _choose_run(self) -> None:
        self._run = int(self.run_box.currentData())
        self.redraw()

    def restyle(self) -> None:
        """Take the theme's colours."""
        for item in (self.heading, self.map, self.text, self.colors):
            item.set_theme(self.theme, self.scale)
        for box in (self.sample_box, self.run_box):
            box.narrow()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the phase of the chosen run."""
        labels = run_labels(snapshot.settings)
        run = self._run if self._run < len(labels) else 0
        self.run_box.fill([(label, place) for place, label in enumerate(labels)], run)
        self.run_box.setVisible(len(labels) > 1)
        if run != self._asked:
            self._asked = run
            self.look_changed.emit(((run,), None))
        phases = snapshot.runs[run].phases
        if phases is None:
            self.reading = None
            self.map.say(TOO_LARGE if snapshot.holds(self.needs) and self._looked(snapshot) else WAITING)
            self.heading.show_words("", "", [])
            self.text.show_words("", "", [])
            return
        self.reading = reading = Reading(snapshot, run, phases, self._sample)
        samples = [(f"Sample {place + 1}", place) for place in range(reading.samples)]
        self.sample_box.fill([("Mean", -1), *samples], reading.sample)
        shape = snapshot.shape
        block, node = self._picked
        if block > shape.layers or node >= shape.sizes[block]:
            block, node = self._picked = (1, 0)
        columns = [
            [reading.node(self.phase, place, unit) for unit in range(shape.sizes[place])]
            for place in range(shape.layers + 1)
        ]
        self.map.show_nodes(heads(snapshot), columns, lambda layer: reading.weights(self.phase, layer), (block, node))
        self._say(reading, labels[run])

    def _looked(self, snapshot: Snapshot) -> bool:
        """Whether the run's activity is there, and so its phases would be."""
        return bool(snapshot.runs[self._run if self._run < len(snapshot.runs) else 0].activity.size)

    def _say(self, reading: Reading, label: str) -> None:
        """What happens above, the picked node below."""
        phases = reading.phases
        _, title, words = PHASES[self._phase]
        facts = f"{label} · step {phases.step} → {phases.step + 1} · {reading.who} · loss {phases.loss:.4g}"
        self.heading.show_words(f"{self._phase + 1}. {title}", facts, [words])
        roomy = self.canvas.height() >= ROOMY * self.scale
        self.text.set_lines(LINES if roomy else FEW_LINES)
        self.colors.setVisible(roomy)
        if roomy:
            self.colors.set_theme(self.theme, self.scale)
        else:
            self.colors.setMinimumHeight(0)
            self.colors.setMaximumHeight(0)
        self.colors.set_words("negative", "", COLORED[self.phase])
        sentences = reading.sentences(self.phase, *self._picked)
        self.text.show_words(reading.name(*self._picked), phases.note, sentences)

    def table(self) -> Table:
        """The numbers of all phases, a row for each neuron."""
        return Table(NAMES, ((),) * len(NAMES)) if self.reading is None else phases_table(self.reading)

    def pick(self, run: int, neuron: int) -> None:
        """Write out the neuron that was picked in another view."""
        if self.snapshot is None or not 0 <= neuron < self.snapshot.shape.neurons:
            return
        offsets = self.snapshot.shape.offsets
        layer = max(place for place, offset in enumerate(offsets) if offset <= neuron)
        self._run, self._picked = run, (layer + 1, neuron - offsets[layer])
        self.redraw()

    def _inside(self, position: QPointF) -> tuple[int, int] | None:
        return self.map.node_at(self.map.mapFromScene(self.canvas.mapToScene(position.toPoint())))

    def _hover(self, position: QPointF) -> None:
        """All numbers of a node in this phase, written out."""
        place = self._inside(position)
        words = ""
        if place is not None and self.reading is not None:
            lines = [escape(line) for line in self.reading.sentences(self.phase, *place)]
            words = "<br>".join([f"<b>{escape(self.reading.name(*place))}</b>", *lines])
        self._place_readout(words, position)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """A click picks a node; the arrow keys go from phase to phase."""
        if watched is self.canvas:
            turn = ARROWS.get(event.key(), 0) if isinstance(event, QKeyEvent) else 0
            if turn and event.type() == QEvent.Type.KeyPress:
                self._choose_phase(min(max(self._phase + turn, 0), len(PHASES) - 1))
            return bool(turn)
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            place = self._inside(event.position())
            if place is not None and self.snapshot is not None:
                self._picked = place
                self.redraw()
                if place[0]:
                    self.picked.emit((self._run, self.snapshot.shape.offsets[place[0] - 1] + place[1]))
        return super().eventFilter(watched, event)
