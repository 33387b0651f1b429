"""One named parameter of a typed formula: the ends of its slider, the slider, and its value."""

import math

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from reluviz.core.formula import LARGEST, Constant
from reluviz.core.param import Number
from reluviz.ui.editors import AmountEditor
from reluviz.ui.inputs import Field
from reluviz.ui.scales import parse, show

END_LETTERS = 4
NAME_LETTERS = 4
MOST_DECIMALS = 9
_WIDE = Number("Value", -LARGEST, LARGEST, "", decimals=6)
HELP = "A parameter of the typed formula.\nA change applies at once, without a restart."


class ValueEditor(AmountEditor):
    """A value whose range can change; a value typed beyond it is offered all the same."""

    beyond = Signal(float)

    def set_range(self, low: float, high: float) -> None:
        """Let the slider reach from low to high."""
        # Four digits of the range: with more, a slider from 0 would favour small values.
        decimals = min(max(4 - math.floor(math.log10(high - low)), 0), MOST_DECIMALS)
        self.kind = Number(self.kind.title, low, high, self.kind.help, decimals=decimals)

    def _commit(self, text: str) -> None:
        try:
            value = float(parse(_WIDE, text))
        except ValueError as problem:
            self.field.refuse(str(problem))
            return
        if self.kind.accepts(value):
            super()._commit(text)
        else:
            self.field.setModified(False)
            self.beyond.emit(value)


class ConstantRow(QWidget):
    """Edits one parameter."""

    edited = Signal(object, object)
    """The new `Constant`, and the gesture it belongs to."""

    def __init__(self) -> None:
        super().__init__()
        self._constant = Constant("a")
        self.name = QLabel()
        self.name.setObjectName("constantName")
        self.low, self.high = self._end("Lowest value of the slider"), self._end("Highest value of the slider")
        self.value = ValueEditor(Number("Parameter", -1.0, 1.0, HELP), HELP)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self.name)
        row.addWidget(self.low)
        # The other end stands at the other end of the slider.
        inner = self.value.layout()
        assert isinstance(inner, QHBoxLayout)
        inner.setSpacing(5)
        inner.insertWidget(1, self.high)
        row.addWidget(self.value, 1)
        self.value.edited.connect(self._change)
        self.value.beyond.connect(self._widen)
        self.low.committed.connect(self._set_low)
        self.high.committed.connect(self._set_high)

    def show_constant(self, constant: Constant) -> None:
        """Show a parameter; emits nothing."""
        if constant.name != self.name.text():
            self.name.setText(constant.name)
            self.value.field.setAccessibleName(f"Value of {constant.name}")
            self.low.setAccessibleName(f"Lowest {constant.name} of its slider")
            self.high.setAccessibleName(f"Highest {constant.name} of its slider")
            if self.value.slider is not None:
                self.value.slider.setAccessibleName(f"Parameter {constant.name}")
        self._constant = constant
        self.value.set_range(constant.low, constant.high)
        self.value.show_value(constant.value)
        self.low.show_text(show(_WIDE, constant.low))
        self.high.show_text(show(_WIDE, constant.high))

    def changeEvent(self, event: QEvent) -> None:
        """Keep the columns as wide as their numbers, whatever the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            letter = self.fontMetrics().averageCharWidth()
            self.name.setMinimumWidth(letter * NAME_LETTERS)
            for end in (self.low, self.high):
                end.setFixedWidth(letter * END_LETTERS + 12)

    def _end(self, help_text: str) -> Field:
        field = Field()
        field.setObjectName("end")
        field.setMaxLength(24)
        field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        field.set_help(help_text)
        field.setAccessibleDescription(help_text)
        return field

    def _change(self, value: float, gesture: object) -> None:
        self.edited.emit(self._constant.evolve(value=float(value)), gesture)

    def _widen(self, value: float) -> None:
        """Move the nearer end to a value that was typed beyond it."""
        low, high = min(self._constant.low, value), max(self._constant.high, value)
        self.edited.emit(self._constant.evolve(value=value, low=low, high=high), None)

    def _set_low(self, text: str) -> None:
        self._set_end(self.low, "low", text)

    def _set_high(self, text: str) -> None:
        self._set_end(self.high, "high", text)

    def _set_end(self, field: Field, name: str, text: str) -> None:
        constant = self._constant
        try:
            end = float(parse(_WIDE, text))
            # The value goes along with an end that is moved past it.
            value = max(constant.value, end) if name == "low" else min(constant.value, end)
            changed = constant.evolve(**{name: end, "value": value})
        except ValueError as problem:
            field.refuse(str(problem))
            return
        field.setModified(False)
        self.edited.emit(changed, None)
