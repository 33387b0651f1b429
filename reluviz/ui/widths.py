"""A row of layer widths: as text, and as chips with buttons to add and remove a layer."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from reluviz.core.param import Widths
from reluviz.ui.inputs import Field

# Three are as wide as the rest of the panel; more in a row would widen it.
CHIPS_PER_ROW, CHIP_GAP = 3, 4
# Deeper than this a person edits the text; chips would fill the panel.
MOST_CHIPS = 10


def parse_widths(kind: Widths, text: str) -> tuple[int, ...]:
    """Read `8, 8, 8` (commas, semicolons or spaces); raises ValueError with one sentence."""
    parts = text.replace(",", " ").replace(";", " ").split()
    try:
        widths = tuple(int(part) for part in parts)
    except ValueError:
        raise ValueError(f"“{text.strip()}” is not {kind.allowed}.") from None
    if not kind.accepts(widths):
        raise ValueError(f"“{text.strip()}” is not allowed: it must be {kind.allowed}.")
    return widths


def more_layers(kind: Widths, widths: tuple[int, ...]) -> tuple[int, ...]:
    """One more layer, as wide as the last."""
    return (*widths, widths[-1]) if len(widths) < kind.most else widths


def fewer_layers(widths: tuple[int, ...]) -> tuple[int, ...]:
    """One layer less, never none."""
    return widths[:-1] if len(widths) > 1 else widths


class Chip(Field):
    """The width of one layer: no wider than its widest number needs, so that a row of them does not widen a panel."""

    def __init__(self, widest: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._digits = "0" * len(str(widest))
        self.setObjectName("chip")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def minimumSizeHint(self) -> QSize:
        """Room for the digits, where a field keeps it for the widest letter there is."""
        hint, metrics = super().minimumSizeHint(), self.fontMetrics()
        return QSize(hint.width() - metrics.maxWidth() + metrics.horizontalAdvance(self._digits), hint.height())


class WidthsEditor(QWidget):
    """Edits a tuple of widths; emits `edited` with the new tuple."""

    edited = Signal(object)

    def __init__(self, kind: Widths, help_text: str) -> None:
        super().__init__()
        self._kind = kind
        self._help = help_text
        self._widths: tuple[int, ...] = ()
        self._chips: list[Chip] = []
        self.text = Field()
        self.text.setMaxLength(400)
        self.text.setAccessibleName(kind.title)
        self.text.set_help(f"{help_text}\nType the widths, for example 8, 8, 8.")
        self.text.setAccessibleDescription(help_text)
        self.text.committed.connect(self._commit_text)
        self.less = self._button("−", "Remove the last hidden layer", self._remove)
        self.more = self._button("+", "Add a hidden layer", self._add)
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.text, 1)
        row.addWidget(self.less)
        row.addWidget(self.more)
        self._grid = QGridLayout()
        self._grid.setSpacing(CHIP_GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addLayout(self._grid)
        for place in range(CHIPS_PER_ROW):
            self._grid.setColumnStretch(place, 1)

    def show_value(self, widths: tuple[int, ...]) -> None:
        """Show the widths; chips are reused."""
        self._widths = widths
        self.text.show_text(", ".join(str(width) for width in widths))
        self.less.setEnabled(len(widths) > 1)
        self.more.setEnabled(len(widths) < self._kind.most)
        shown = len(widths) if len(widths) <= MOST_CHIPS else 0
        while len(self._chips) < shown:
            self._chips.append(self._chip(len(self._chips)))
        for place, chip in enumerate(self._chips):
            chip.setVisible(place < shown)
            if place < shown:
                chip.show_text(str(widths[place]))

    def targets(self) -> tuple[QWidget, ...]:
        """The widgets that take the focus."""
        return (self.text, self.less, self.more, *self._chips)

    def _button(self, text: str, tip: str, slot: object) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setObjectName("small")
        button.setToolTip(f"{tip}\nA change restarts the runs.")
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(slot)
        return button

    def _chip(self, place: int) -> Chip:
        chip = Chip(self._kind.high, self)
        chip.setAccessibleName(f"Width of hidden layer {place + 1}")
        chip.set_help(f"Neurons in hidden layer {place + 1}: {self._kind.low} to {self._kind.high}.")
        chip.setAccessibleDescription(chip.toolTip())
        chip.setProperty("place", place)
        chip.committed.connect(self._commit_chip)
        chip.turned.connect(self._turn_chip)
        self._grid.addWidget(chip, place // CHIPS_PER_ROW, place % CHIPS_PER_ROW)
        return chip

    def _commit_text(self, text: str) -> None:
        try:
            self._emit(parse_widths(self._kind, text))
        except ValueError as problem:
            self.text.refuse(str(problem))
        else:
            self.text.setModified(False)

    def _commit_chip(self, text: str) -> None:
        chip = self.sender()
        assert isinstance(chip, Chip)
        try:
            widths = parse_widths(self._kind, text)
        except ValueError as problem:
            chip.refuse(str(problem))
            return
        if len(widths) != 1:
            chip.refuse("One layer has one width; type several in the row above.")
            return
        chip.setModified(False)
        self._set(int(chip.property("place")), widths[0])

    def _turn_chip(self, steps: int) -> None:
        chip = self.sender()
        assert isinstance(chip, Chip)
        place = int(chip.property("place"))
        self._set(place, min(max(self._widths[place] + steps, self._kind.low), self._kind.high))

    def _set(self, place: int, width: int) -> None:
        self._emit((*self._widths[:place], width, *self._widths[place + 1 :]))

    def _add(self) -> None:
        self._emit(more_layers(self._kind, self._widths))

    def _remove(self) -> None:
        self._emit(fewer_layers(self._widths))

    def _emit(self, widths: tuple[int, ...]) -> None:
        if widths != self._widths:
            self.edited.emit(widths)
        else:
            self.show_value(widths)
