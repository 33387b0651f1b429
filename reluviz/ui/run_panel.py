"""The runs: one card for each, with its activation, initialiser and own learning rate."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from reluviz.core.labels import run_labels
from reluviz.core.settings import MOST_RUNS, Run, Settings
from reluviz.ui.appearance import Appearance
from reluviz.ui.editors import OptionalEditor
from reluviz.ui.edits import add_run, can_add, duplicate_run, remove_run, with_run
from reluviz.ui.form import Form
from reluviz.ui.lab import Lab

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
        self.title = QLabel()
        self.title.setObjectName("cardTitle")
        self.duplicate = self._button("Duplicate this run", self._duplicate)
        self.remove = self._button("Remove this run", self._remove)
        self.form = Form(Run, "run", skip=("color",))
        self.form.edited.connect(self._edit)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.swatch)
        head.addWidget(self.title, 1)
        head.addWidget(self.duplicate)
        head.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 8, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.form)
        self.dress()

    def show_run(self, run: Run, title: str, rate: float, count: int) -> None:
        """Show a run; `rate` is the lab's learning rate, `count` the number of runs."""
        own = self.form.editors["learning_rate"]
        if isinstance(own, OptionalEditor):
            own.fallback = rate
        self.title.setText(title)
        self._color = run.color
        self.swatch.show_color(self._appearance.theme.runs[run.color])
        self.remove.setEnabled(count > 1)
        self.remove.setToolTip("Remove this run" if count > 1 else "The last run stays: a lab needs one.")
        self.duplicate.setEnabled(count < MOST_RUNS)
        self.duplicate.setToolTip("Duplicate this run" if count < MOST_RUNS else FULL)
        self.form.show_value(run)

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

    def _edit(self, run: object, gesture: object) -> None:
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
        self.add = QPushButton("Add a run")
        self.add.setAccessibleName("Add a run")
        self.add.clicked.connect(self._add)
        self._column.addWidget(self.add)
        lab.settings_changed.connect(self._show)
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
                rate = settings.training.learning_rate
                card.show_run(settings.runs[place], titles[place], rate, len(settings.runs))
        self.add.setEnabled(can_add(settings))
        tip = "Add a run with another activation and the initialiser that fits it.\nA change restarts the runs."
        self.add.setToolTip(tip if can_add(settings) else FULL)
        self.add.setAccessibleDescription(self.add.toolTip())

    def _build_card(self) -> None:
        card = RunCard(len(self.cards), self._appearance)
        card.edited.connect(self._edit)
        card.duplicated.connect(self._duplicate)
        card.removed.connect(self._remove)
        self._column.insertWidget(len(self.cards), card)
        self.cards.append(card)

    def _dress(self) -> None:
        self.add.setIcon(self._appearance.icon("add"))
        for card in self.cards:
            card.dress()

    def _edit(self, index: int, run: Run, gesture: object) -> None:
        self._lab.edit(with_run(self._lab.settings, index, run), gesture=gesture)

    def _duplicate(self, index: int) -> None:
        self._lab.edit(duplicate_run(self._lab.settings, index))

    def _remove(self, index: int) -> None:
        self._lab.edit(remove_run(self._lab.settings, index))

    def _add(self) -> None:
        self._lab.edit(add_run(self._lab.settings))
