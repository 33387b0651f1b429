"""Experiments on running networks: harm one on purpose, or try what may help from the same state, side by side."""

from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QPushButton, QWidget

from reluviz.core.labels import run_labels
from reluviz.core.param import Choice, Described, Integer, Number, parameters
from reluviz.core.settings import MOST_RUNS, Settings
from reluviz.core.snapshot import Snapshot
from reluviz.core.surgery import ALL, STARTS, AddNoise, Edit, RedrawWeights, ScaleWeights, ShiftBiases, SpikeRate
from reluviz.core.variants import VARIANTS, Variant, branched
from reluviz.ui.form import make_editor
from reluviz.ui.inputs import Combo
from reluviz.ui.lab import Lab

FULL = f"A lab holds at most {MOST_RUNS} runs: remove one first."
# How far below zero a killed layer ends: so many times its largest input.
BELOW = 1.5


class Amounts(Described, frozen=True):
    """How strong each experiment is."""

    shift: Annotated[
        float, Number("Bias shift", -100.0, 100.0, "What every bias of the layer gains.", decimals=2)
    ] = -3.0  # fmt: skip
    scale: Annotated[
        float, Number("Weight factor", 0.0, 100.0, "What all weights into the layer are multiplied by.", decimals=2)
    ] = 3.0  # fmt: skip
    noise: Annotated[
        float, Number("Noise", 0.0, 10.0, "The noise's standard deviation, in root mean squares of the weights.")
    ] = 0.5  # fmt: skip
    spike: Annotated[
        float, Number("Rate factor", 0.0, 1000.0, "What the run's learning rate is multiplied by.", decimals=1)
    ] = 30.0  # fmt: skip
    steps: Annotated[int, Integer("For steps", 1, 10_000, "For how many steps the rate is multiplied.", log=True)] = 5
    start: Annotated[
        str,
        Choice(
            "Start", STARTS, "The law that scales the new weights; biases become 0.",
            ("He normal", "Glorot normal", "LeCun normal", "Orthogonal"),
        ),
    ] = STARTS[0]  # fmt: skip


def killing(snapshot: Snapshot, run: int, layer: int) -> ShiftBiases:
    """The shift after which no neuron of a hidden layer has a positive input on any training sample."""
    neurons = snapshot.runs[run].neurons
    highest = neurons.highest[neurons.layer == layer]
    reach = float(np.max(highest[np.isfinite(highest)], initial=0.0))
    return ShiftBiases(run=run, layer=layer, amount=-round(min(999.0, BELOW * reach + 1.0), 1))


class Experiments(QWidget):
    """Which run and layer, and a button for everything that can be done to them."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._amounts = Amounts()
        self.run, self.layer = Combo(), Combo()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._pick("Run", self.run, "The run that is experimented on")
        self._pick("Layer", self.layer, "The layer whose biases or incoming weights are changed")
        self.buttons: dict[str, QPushButton] = {}
        self.editors: dict[str, Any] = {}
        rows: tuple[tuple[str, str, str, Callable[[], object], tuple[str, ...]], ...] = (
            ("shift", "Shift biases", "Add the same to all biases of the layer", self._shift, ("shift",)),
            ("scale", "Scale weights", "Multiply all weights that lead into the layer", self._scale, ("scale",)),
            ("noise", "Add noise", "Add normal noise to the weights that lead into the layer", self._noise, ("noise",)),
            ("spike", "Spike the rate", "Multiply the learning rate for a few steps", self._spike, ("spike", "steps")),
            ("redraw", "Draw anew", "Draw the weights that lead into the layer again", self._redraw, ("start",)),
            ("kill", "Kill the layer", "Shift its biases until no neuron fires on any sample", self._kill, ()),
        )  # fmt: skip
        for row in rows:
            self._experiment(*row)
        self.remedies = self._remedies()
        lab.settings_changed.connect(self._show)
        self._show(lab.settings)

    def choose(self, run: int, layer: int) -> None:
        """Experiment on this run and layer, 0 the first hidden one; ALL: all of them."""
        self.run.setCurrentIndex(run)
        self.layer.setCurrentIndex(self.layer.findData(layer))

    def _pick(self, title: str, combo: Combo, help_text: str) -> None:
        caption = QLabel(title)
        caption.setObjectName("caption")
        caption.setBuddy(combo)
        combo.setAccessibleName(f"Experiment: {title.lower()}")
        combo.setToolTip(help_text)
        row = self._grid.rowCount()
        self._grid.addWidget(caption, row, 0)
        self._grid.addWidget(combo, row, 1)

    def _experiment(
        self, key: str, title: str, help_text: str, deed: Callable[[], object], amounts: tuple[str, ...]
    ) -> None:
        """A button, and the editors of how strong it is."""
        button = QPushButton(title)
        button.setToolTip(f"{help_text}. It is recorded with its step, and can be undone.")
        button.setAccessibleName(title)
        button.clicked.connect(deed)
        self.buttons[key] = button
        row = self._grid.rowCount()
        self._grid.addWidget(button, row, 0, Qt.AlignmentFlag.AlignTop)
        described = {each.name: each for each in parameters(Amounts)}
        for place, name in enumerate(amounts):
            editor = make_editor(described[name].kind, described[name].kind.help, f"experiments.{name}")
            editor.setObjectName(name)
            editor.show_value(getattr(self._amounts, name))
            editor.edited.connect(self._take)
            self.editors[name] = editor
            self._grid.addWidget(editor, row + place, 1)
            if place:
                caption = QLabel(described[name].kind.title.lower())
                caption.setObjectName("caption")
                caption.setBuddy(editor)
                self._grid.addWidget(caption, row + place, 0, Qt.AlignmentFlag.AlignRight)

    def _remedies(self) -> QPushButton:
        """The menu of what can be tried in a copy of the run."""
        button = QPushButton("Try remedies side by side")
        button.setAccessibleName("Try remedies side by side")
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        for variant in VARIANTS.values():
            action = menu.addAction(variant.title)
            action.setToolTip(variant.why)
            action.setData(variant.key)
        menu.addSeparator()
        several = menu.addAction("As many as there is room for")
        several.setToolTip(f"One copy for each, in this order, until the lab holds {MOST_RUNS} runs")
        several.setData("")
        menu.triggered.connect(self._branch)
        button.setMenu(menu)
        self._grid.addWidget(button, self._grid.rowCount(), 0, 1, 2)
        return button

    def _show(self, settings: Settings) -> None:
        """Offer the runs and layers of these settings, and keep the choice where it is still there."""
        run, layer = max(0, self.run.currentIndex()), self.layer.currentData()
        titles = run_labels(settings)
        depth = len(settings.network.hidden)
        layers = [(f"Layer {place + 1}", place) for place in range(depth)] + [("All layers", ALL)]
        if [self.run.itemText(place) for place in range(self.run.count())] != list(titles):
            self.run.clear()
            self.run.addItems(list(titles))
            self.run.setCurrentIndex(min(run, len(titles) - 1))
        if self.layer.count() != len(layers):
            self.layer.clear()
            for words, place in layers:
                self.layer.addItem(words, place)
            self.layer.setCurrentIndex(max(0, self.layer.findData(layer)))
        full = len(settings.runs) >= MOST_RUNS
        self.remedies.setEnabled(not full)
        usual = "Go on with copies of the run that differ in one thing each, from the same state"
        self.remedies.setToolTip(FULL if full else usual)

    def _take(self, value: object, gesture: object) -> None:
        self._amounts = self._amounts.evolve(**{self.sender().objectName(): value})

    @property
    def _place(self) -> dict[str, int]:
        return {"run": self.run.currentIndex(), "layer": self.layer.currentData()}

    def _do(self, edit: Edit) -> None:
        self._lab.operate(edit)

    def _shift(self) -> None:
        self._do(ShiftBiases(**self._place, amount=self._amounts.shift))

    def _scale(self) -> None:
        self._do(ScaleWeights(**self._place, factor=self._amounts.scale))

    def _noise(self) -> None:
        # Another noise each time, and the same one when the session is repeated.
        self._do(AddNoise(**self._place, size=self._amounts.noise, seed=self._lab.undo_stack.index()))

    def _spike(self) -> None:
        self._do(SpikeRate(run=self.run.currentIndex(), factor=self._amounts.spike, steps=self._amounts.steps))

    def _redraw(self) -> None:
        self._do(RedrawWeights(**self._place, initializer=self._amounts.start, seed=self._lab.undo_stack.index()))

    def _kill(self) -> None:
        shot, place = self._lab.latest, self._place
        if shot is None or place["run"] >= len(shot.runs):
            return
        depth = len(shot.settings.network.hidden)
        layers = range(depth) if place["layer"] == ALL else (place["layer"],)
        edits = [killing(shot, place["run"], layer) for layer in layers]
        stack = self._lab.undo_stack
        stack.beginMacro("kill all layers" if len(edits) > 1 else f"kill layer {edits[0].layer + 1}")
        for edit in edits:
            self._do(edit)
        stack.endMacro()

    def _branch(self, action: Any) -> None:
        key = action.data()
        try_variants(self._lab, self.run.currentIndex(), (VARIANTS[key],) if key else tuple(VARIANTS.values()))


def try_variants(lab: Lab, run: int, variants: tuple[Variant, ...]) -> None:
    """Go on with copies of a run beside it, one for each variant that there is room for, as one undo step."""
    settings, rows, edits = branched(lab.settings, run, variants)
    added = len(rows) - len(lab.settings.runs)
    if not added:
        return
    lab.undo_stack.beginMacro("try " + ", ".join(each.title for each in variants[:added]))
    lab.edit(settings, rows=rows)
    for edit in edits:
        lab.operate(edit)
    lab.undo_stack.endMacro()
