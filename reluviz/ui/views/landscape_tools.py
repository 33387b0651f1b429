"""The small controls of the loss landscape: of which run, what kind of slice, and the button that computes it."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QSpinBox, QWidget

from reluviz.core.labels import run_labels
from reluviz.core.landscape import KINDS, LINE, MOST_SAMPLES, PATH, PLANE, Wish, usual_points
from reluviz.core.settings import MOST_RUNS
from reluviz.core.snapshot import Snapshot

NAMES = {LINE: "1-D slice", PLANE: "2-D slice", PATH: "Path (PCA)"}
HELP = {
    LINE: "Along one random direction, as long for every neuron as its weights",
    PLANE: "Over the plane of two random directions, as long for every neuron as its weights",
    PATH: "Along the path (PCA): over the plane that lies nearest to the way that training took",
}
BOX_LETTERS, BOX_FRAME = 16, 34
MOST_SEED = 2**31 - 1
# What an evaluation of the loss costs, and how many multiplications a second it does: rough, for a tooltip.
EVALUATION_S, WORK_PER_S = 6e-5, 2e10
LONG_S = 90


class LandscapeTools:
    """Boxes for the run, the kind and the seed, a logarithm for the line, and a button that becomes Cancel."""

    def __init__(self, changed: Callable[[], None], asked: Callable[[Wish | None], None]) -> None:
        """`changed` is called when something else is to be shown, `asked` with what is to be computed, None to stop."""
        self._asked = asked
        self._snapshot: Snapshot | None = None
        self._run, self._kind = 0, PLANE
        self.run_box, self.kind_box = QComboBox(), QComboBox()
        for box, words in ((self.run_box, "Run whose loss is explored"), (self.kind_box, "Kind of slice")):
            box.setToolTip(words)
            box.setAccessibleName(words)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for place, kind in enumerate(KINDS):
            self.kind_box.addItem(NAMES[kind], kind)
            self.kind_box.setItemData(place, HELP[kind], Qt.ItemDataRole.ToolTipRole)
        self.kind_box.setCurrentIndex(KINDS.index(PLANE))
        self.log_box = QCheckBox("Log")
        self.log_box.setToolTip("Show the loss of a 1-D slice on a logarithmic axis, where it spans enough for one")
        self.log_box.setAccessibleName("Logarithmic loss axis")
        self.log_box.setChecked(True)
        # None: the network's, until the person chooses another.
        self._seed: int | None = None
        self.seed_box = _seed_box()
        self.seed_box.valueChanged.connect(self._choose_seed)
        self.button = QPushButton("Compute")
        self.button.setAccessibleName("Compute the loss landscape")
        self.button.setToolTip("Compute the loss around the run's present weights, while training goes on")
        # Before there is a lab there is nothing to compute.
        self.button.setEnabled(False)
        self.run_box.activated.connect(self._choose)
        self.kind_box.activated.connect(self._choose)
        self.log_box.toggled.connect(lambda _on: changed())
        self.button.clicked.connect(self._press)

    @property
    def widgets(self) -> list[QWidget]:
        """What stands in the title bar."""
        # Where there is little room the last ones go: not the button.
        return [self.button, self.run_box, self.kind_box, self.seed_box, self.log_box]

    @property
    def log(self) -> bool:
        """Whether a line's loss is drawn on a logarithmic axis."""
        return self.log_box.isChecked()

    @property
    def kind(self) -> str:
        """The kind of slice that is chosen."""
        return self._kind

    def run(self, runs: int) -> int:
        """The run that is chosen, of so many: the first where there are fewer."""
        return self._run if self._run < runs else 0

    def fit(self) -> None:
        """Keep what is long from widening its box, and the button from changing its width; after a change of font."""
        letters = self.run_box.fontMetrics().averageCharWidth() * BOX_LETTERS
        for box in (self.run_box, self.kind_box):
            box.setMaximumWidth(letters)
        metrics = self.button.fontMetrics()
        widest = max(metrics.horizontalAdvance(words) for words in ("Compute", "Cancel 100 %"))
        self.button.setFixedWidth(widest + 26)

    def show(self, snapshot: Snapshot) -> None:
        """Offer the runs of a snapshot, and say on the button how far the work is."""
        if self._snapshot is None or snapshot.settings is not self._snapshot.settings:
            self._offer(snapshot)
        self._snapshot = snapshot
        self._show_seed()
        self.button.setEnabled(True)
        self.log_box.setVisible((snapshot.landscape.kind if snapshot.landscape else self._kind) == LINE)
        busy = snapshot.survey >= 0
        words = f"Cancel {snapshot.survey:.0%}".replace("%", "\u202f%") if busy else "Compute"
        if words != self.button.text():
            self.button.setText(words)
            self.button.setAccessibleName("Stop computing" if busy else "Compute the loss landscape")
            self.button.setToolTip("Stop computing the loss landscape" if busy else self._promise(snapshot))

    def _offer(self, snapshot: Snapshot) -> None:
        labels = run_labels(snapshot.settings)
        room = max(40, self.run_box.maximumWidth() - BOX_FRAME)
        self.run_box.clear()
        for run, label in enumerate(labels):
            short = self.run_box.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, room)
            self.run_box.addItem(short, run)
            self.run_box.setItemData(run, label, Qt.ItemDataRole.ToolTipRole)
        self.run_box.setCurrentIndex(self.run(len(labels)))
        self.run_box.setVisible(len(labels) > 1)
        self.button.setToolTip(self._promise(snapshot))

    def wish(self, snapshot: Snapshot) -> Wish:
        """What the button asks for."""
        points = usual_points(self._kind, snapshot.shape.parameters, len(snapshot.dataset.x_train))
        seed = snapshot.settings.network.seed if self._seed is None else self._seed
        return Wish(self.run(len(snapshot.runs)), self._kind, points, seed=seed)

    def _promise(self, snapshot: Snapshot) -> str:
        points = self.wish(snapshot).points
        count = points if self._kind == LINE else points**2
        samples = min(len(snapshot.dataset.x_train), MOST_SAMPLES)
        seconds = count * (EVALUATION_S + snapshot.shape.parameters * samples / WORK_PER_S)
        time = f"about {round(seconds)} s" if seconds < LONG_S else f"about {round(seconds / 60)} min"
        time = "less than 1 s" if seconds < 1 else time
        return (
            f"Compute the training loss at {count:,} places around the run's present weights".replace(",", "\u202f")
            + f": {time} of work, beside training"
        )

    def _choose(self, *_: Any) -> None:
        self._run = int(self.run_box.currentData() or 0)
        self._kind = self.kind_box.currentData()
        self._show_seed()
        if self._snapshot is not None:
            self.button.setToolTip(self._promise(self._snapshot))

    def _choose_seed(self, seed: int) -> None:
        self._seed = seed

    def _show_seed(self) -> None:
        """The seed that will be used, which is not a choice; the plane of the path draws no random directions."""
        self.seed_box.setVisible(self._kind != PATH)
        seed = self._seed
        if seed is None and self._snapshot is not None:
            seed = self._snapshot.settings.network.seed
        if seed is not None and seed != self.seed_box.value():
            with QSignalBlocker(self.seed_box):
                self.seed_box.setValue(seed)

    def _press(self) -> None:
        if self._snapshot is not None:
            self._asked(None if self._snapshot.survey >= 0 else self.wish(self._snapshot))

    def options(self) -> dict[str, Any]:
        """What was chosen."""
        chosen = {} if self._seed is None else {"seed": self._seed}
        return {"run": self._run, "kind": self._kind, "log": self.log, **chosen}

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again; wrong values are ignored."""
        run, kind, log = (options.get(name) for name in ("run", "kind", "log"))
        if type(run) is int and 0 <= run < MOST_RUNS:
            self._run = run
            self.run_box.setCurrentIndex(self.run(self.run_box.count()))
        if kind in KINDS:
            self._kind = str(kind)
            self.kind_box.setCurrentIndex(KINDS.index(self._kind))
        if isinstance(log, bool):
            self.log_box.setChecked(log)
        seed = options.get("seed")
        if type(seed) is int and 0 <= seed <= MOST_SEED:
            self._seed = seed
        if self._snapshot is not None:
            self._show_seed()


def _seed_box() -> QSpinBox:
    """A box for the seed of the random directions."""
    box = QSpinBox()
    box.setRange(0, MOST_SEED)
    box.setPrefix("Seed ")
    box.setToolTip("Seed of the random directions: another one shows another slice; the network's start seed at first")
    box.setAccessibleName("Seed of the random directions")
    box.setKeyboardTracking(False)
    return box
