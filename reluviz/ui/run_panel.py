"""The runs: one card for each, with its activations, kind of layer, initialiser and own learning rate."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from reluviz.core.labels import is_mixed, run_labels
from reluviz.core.settings import MOST_RUNS, Run, Settings
from reluviz.ui.appearance import Appearance
from reluviz.ui.editors import OptionalEditor
from reluviz.ui.edits import add_run, can_add, duplicate_run, following, remove_run, restarts, with_run
from reluviz.ui.elided import ElidedLabel
from reluviz.ui.form import EntryEditor, Form
from reluviz.ui.lab import Lab
from reluviz.ui.layer_activations import LayerActivations
from reluviz.ui.output_words import output_words

KEEP = (
    "An activation chosen now goes on from the present weights, step and optimiser state.\n"
    "Off: all runs start over when an activation is exchanged."
)
FULL = f"A lab holds at most {MOST_RUNS} runs: remove one first."


class Swatch(QWidget):
    """A dot in the run's colour."""

    def __init__(self) -> None:
        super().__init__()
        self._color = QColor()
        self.setFixedSize(QSize(14, 14))

    def show_color(self, color: str) -> None:
        """Change the colour."""
        self._color = QColor(color)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color)
        painter.drawEllipse(self.rect().adjusted(1, 1, -1, -1))


class RunCard(QFrame):
    """Edits one run."""

    edited = Signal(int, object, object)
    duplicated = Signal(int)
    removed = Signal(int)

    def __init__(self, index: int, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName("card")
        self._index = index
        self._appearance = appearance
        self._color = 0
        self.swatch = Swatch()
        self._run: Run | None = None
        self.title = ElidedLabel()
        self.title.setObjectName("cardTitle")
        self.mixed = QLabel("mixed")
        self.mixed.setObjectName("tag")
        self.mixed.setToolTip("The hidden layers of this run have different activations, see By layer.")
        self.duplicate = self._button("Duplicate this run", self._duplicate)
        self.remove = self._button("Remove this run", self._remove)
        self.form = Form(Run, "run", skip=("color", "layer_activations"))
        self.form.edited.connect(self._edit)
        self.layers = LayerActivations()
        self.layers.edited.connect(self._edit_layers)
        activation = self.form.editors["activation"]
        if isinstance(activation, EntryEditor):
            activation.attach(self.layers)
        head = QHBoxLayout()
        head.setSpacing(6)
        for widget, stretch in (
            (self.swatch, 0), (self.title, 1), (self.mixed, 0), (self.duplicate, 0), (self.remove, 0),
        ):  # fmt: skip
            head.addWidget(widget, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 8, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.form)
        self.dress()

    def show_run(self, settings: Settings, title: str) -> None:
        """Show the card's run of these settings."""
        run, count = settings.runs[self._index], len(settings.runs)
        self._run = run
        for name in ("learning_rate", "clip_norm"):
            own = self.form.editors[name]
            if isinstance(own, OptionalEditor):
                own.fallback = getattr(settings.training, name)
        self.title.setText(title)
        self.mixed.setVisible(is_mixed(run, len(settings.network.hidden)))
        self._color = run.color
        self.swatch.show_color(self._appearance.theme.runs[run.color])
        self.remove.setEnabled(count > 1)
        self.remove.setToolTip("Remove this run" if count > 1 else "The last run stays: a lab needs one.")
        self.duplicate.setEnabled(count < MOST_RUNS)
        self.duplicate.setToolTip("Duplicate this run" if count < MOST_RUNS else FULL)
        self.form.show_value(run)
        self.layers.show_run(run, settings)

    def tell_restart(self, keeps: bool) -> None:
        """Say what an exchange of activations does."""
        restart = restarts("run", "activation") and not keeps
        self.form.tell_restart("activation", restart)
        self.layers.tell_restart(restart)

    def dress(self) -> None:
        """Follow the theme."""
        self.duplicate.setIcon(self._appearance.icon("duplicate"))
        self.remove.setIcon(self._appearance.icon("remove"))
        self.swatch.show_color(self._appearance.theme.runs[self._color])

    def _button(self, tip: str, slot: object) -> QToolButton:
        button = QToolButton()
        button.setObjectName("small")
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(slot)
        return button

    def _edit(self, run: Run, gesture: object) -> None:
        if self._run is not None:
            self.edited.emit(self._index, following(self._run, run), gesture)

    def _edit_layers(self, run: Run, gesture: object) -> None:
        self.edited.emit(self._index, run, gesture)

    def _duplicate(self) -> None:
        self.duplicated.emit(self._index)

    def _remove(self) -> None:
        self.removed.emit(self._index)


class RunPanel(QWidget):
    """All cards and the button that adds one; cards are hidden and reused, never rebuilt."""

    def __init__(self, lab: Lab, appearance: Appearance) -> None:
        super().__init__()
        self._lab = lab
        self._appearance = appearance
        self.cards: list[RunCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.keep = QCheckBox("Keep weights")
        self.keep.setToolTip(KEEP)
        self.keep.setAccessibleName("Keep weights")
        self.keep.setAccessibleDescription(KEEP)
        self.keep.toggled.connect(lab.set_keep_weights)
        self._column.addWidget(self.keep)
        self.output = ElidedLabel()
        self.output.setObjectName("caption")
        self._column.addWidget(self.output)
        self.add = QPushButton("Add a run")
        self.add.setAccessibleName("Add a run")
        self.add.clicked.connect(self._add)
        self._column.addWidget(self.add)
        lab.settings_changed.connect(self._show)
        lab.keep_weights_changed.connect(self._show_keeping)
        appearance.changed.connect(self._dress)
        self._dress()
        self._show(lab.settings)

    def _show(self, settings: Settings) -> None:
        while len(self.cards) < len(settings.runs):
            self._build_card()
        titles = run_labels(settings)
        for place, card in enumerate(self.cards):
            card.setVisible(place < len(settings.runs))
            if place < len(settings.runs):
                card.show_run(settings, titles[place])
        words, tip = output_words(settings)
        self.output.setText(f"Output: {words}")
        self.output.setToolTip(tip)
        self.add.setEnabled(can_add(settings))
        tip = "Add a run with another activation and the initialiser that fits it.\nA change restarts the runs."
        self.add.setToolTip(tip if can_add(settings) else FULL)
        self.add.setAccessibleDescription(self.add.toolTip())

    def _build_card(self) -> None:
        card = RunCard(len(self.cards), self._appearance)
        card.edited.connect(self._edit)
        card.duplicated.connect(self._duplicate)
        card.removed.connect(self._remove)
        card.tell_restart(self._lab.keep_weights)
        self._column.insertWidget(self._column.indexOf(self.output), card)
        self.cards.append(card)

    def _show_keeping(self, keeps: bool) -> None:
        with QSignalBlocker(self.keep):
            self.keep.setChecked(keeps)
        for card in self.cards:
            card.tell_restart(keeps)

    def _dress(self) -> None:
        self.add.setIcon(self._appearance.icon("add"))
        for card in self.cards:
            card.dress()

    def _edit(self, index: int, run: Run, gesture: object) -> None:
        self._lab.edit(with_run(self._lab.settings, index, run), gesture=gesture)

    def _duplicate(self, index: int) -> None:
        self._lab.edit(duplicate_run(self._lab.settings, index))

    def _remove(self, index: int) -> None:
        # The others go on, as they are.
        others = tuple(place for place in range(len(self._lab.settings.runs)) if place != index)
        self._lab.edit(remove_run(self._lab.settings, index), rows=others)

    def _add(self) -> None:
        self._lab.edit(add_run(self._lab.settings))
