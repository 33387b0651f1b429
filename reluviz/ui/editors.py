"""One editor for each kind of tunable; the form asks EDITORS[type(kind)]."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from reluviz.core.param import Choice, Integer, Kind, Number, Toggle, Widths
from reluviz.ui.inputs import Combo, Field, Slider
from reluviz.ui.scales import NOTCHES, from_notch, parse, show, slidable, to_notch
from reluviz.ui.widths import WidthsEditor
from reluviz.ui.wording import choice_label

FIELD_LETTERS = 7


class Editor(QWidget):
    """Shows one value and says when a person changed it; `show_value` never emits."""

    # The value, and the gesture it belongs to: None for a finished edit, an object shared by a drag's edits.
    edited = Signal(object, object)

    def __init__(self, kind: Any, help_text: str) -> None:
        super().__init__()
        self.kind = kind
        self.help_text = help_text

    def show_value(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError

    def refuse(self, value: Any, sentence: str) -> None:
        """A change was refused: go back to the value that holds, and say why where there is room for it."""
        self.show_value(value)

    def explain(self, help_text: str) -> None:
        """Exchange the help."""
        self.help_text = help_text
        self.describe()

    def targets(self) -> tuple[QWidget, ...]:
        """The widgets that take the focus, the first one being the label's buddy."""
        raise NotImplementedError

    def describe(self) -> None:
        """Give every part its name and help."""
        for widget in self.targets():
            widget.setAccessibleName(self.kind.title)
            widget.setAccessibleDescription(self.help_text)
            widget.setToolTip(self.help_text)


class AmountEditor(Editor):
    """A number: slider and field together."""

    def __init__(self, kind: Number | Integer, help_text: str) -> None:
        super().__init__(kind, help_text)
        self._value: float | int = kind.low
        self._gesture: object = None
        self.field = Field()
        self.field.setMaxLength(24)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.slider = Slider(NOTCHES) if slidable(kind) else None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        if self.slider is not None:
            row.addWidget(self.slider, 1)
            self.slider.sliderPressed.connect(self._begin)
            self.slider.sliderReleased.connect(self._end)
            self.slider.valueChanged.connect(self._slide)
        row.addWidget(self.field, 0 if self.slider is not None else 1)
        self._row = row
        self.field.committed.connect(self._commit)
        self.field.turned.connect(self._turn)
        self.describe()
        self.field.set_help(help_text)

    def show_value(self, value: Any) -> None:
        self._value = value
        self.field.show_text(show(self.kind, value))
        if self.slider is not None and not self.slider.isSliderDown():
            self.slider.show_value(to_notch(self.kind, value))

    def targets(self) -> tuple[QWidget, ...]:
        return (self.field,) if self.slider is None else (self.field, self.slider)

    def refuse(self, value: Any, sentence: str) -> None:
        """What was typed stays in sight, marked, until the field is left; a slider goes back."""
        typed = self.field.text()
        self.show_value(value)
        if self._gesture is None and self.field.hasFocus():
            self.field.show_refused(typed, sentence)

    def leave_out_slider(self) -> None:
        """Show the field alone, at the right: beside a check box a slider would be too short to be of use."""
        if self.slider is not None:
            self.slider.hide()
            self._row.setAlignment(self.field, Qt.AlignmentFlag.AlignRight)

    def changeEvent(self, event: Any) -> None:
        """Keep the field as wide as its numbers, whatever the font."""
        super().changeEvent(event)
        if event.type() in (event.Type.FontChange, event.Type.StyleChange):
            self._size_field()

    def _size_field(self) -> None:
        if self.slider is not None:
            self.field.setFixedWidth(self.field.fontMetrics().averageCharWidth() * FIELD_LETTERS + 18)

    def _begin(self) -> None:
        self._gesture = object()

    def _end(self) -> None:
        self._gesture = None
        self.show_value(self._value)

    def _slide(self, notch: int) -> None:
        value = from_notch(self.kind, notch)
        if value != self._value:
            self.edited.emit(value, self._gesture)

    def _turn(self, steps: int) -> None:
        if isinstance(self.kind, Integer) and not self.kind.log:
            value: float | int = min(max(int(self._value) + steps, self.kind.low), self.kind.high)
        else:
            notch = to_notch(self.kind, self._value) + steps
            value = from_notch(self.kind, min(max(notch, 0), NOTCHES))
        if value != self._value:
            self.edited.emit(value, None)

    def _commit(self, text: str) -> None:
        try:
            value = parse(self.kind, text)
        except ValueError as problem:
            self.field.refuse(str(problem))
            return
        self.field.setModified(False)
        if value != self._value:
            self.edited.emit(value, None)
        else:
            self.show_value(value)


class ChoiceEditor(Editor):
    """One of a few words: a combo box."""

    def __init__(self, kind: Choice, help_text: str) -> None:
        super().__init__(kind, help_text)
        self.combo = Combo()
        for option in kind.options:
            self.combo.addItem(choice_label(kind, option), option)
        _fill(self, self.combo)
        self.combo.currentIndexChanged.connect(self._choose)
        self.describe()

    def show_value(self, value: Any) -> None:
        self.combo.show_item(value)

    def targets(self) -> tuple[QWidget, ...]:
        return (self.combo,)

    def _choose(self, index: int) -> None:
        self.edited.emit(self.combo.itemData(index), None)


class ToggleEditor(Editor):
    """Yes or no: a check box."""

    def __init__(self, kind: Toggle, help_text: str) -> None:
        super().__init__(kind, help_text)
        self.box = QCheckBox()
        _fill(self, self.box)
        self.box.toggled.connect(self._toggle)
        self.describe()

    def show_value(self, value: Any) -> None:
        with QSignalBlocker(self.box):
            self.box.setChecked(value)

    def targets(self) -> tuple[QWidget, ...]:
        return (self.box,)

    def _toggle(self, checked: bool) -> None:
        self.edited.emit(checked, None)


class OptionalEditor(Editor):
    """A check box in front of another editor; off means None."""

    def __init__(self, kind: Any, help_text: str, inner: Editor) -> None:
        super().__init__(kind, help_text)
        self.inner = inner
        # What the editor starts from when it is switched on.
        self.fallback: Any = getattr(kind, "low", None)
        self.box = QCheckBox()
        if isinstance(inner, AmountEditor):
            inner.leave_out_slider()
        row = _fill(self, self.box)
        row.addWidget(inner, 1)
        self.box.toggled.connect(self._toggle)
        inner.edited.connect(self.edited)
        self.box.setAccessibleName(f"{kind.title}: on")
        self.box.setAccessibleDescription(help_text)
        self.box.setToolTip(help_text)

    def show_value(self, value: Any) -> None:
        with QSignalBlocker(self.box):
            self.box.setChecked(value is not None)
        self.inner.setEnabled(value is not None)
        shown = self.fallback if value is None else value
        if shown is not None:
            self.inner.show_value(shown)

    def targets(self) -> tuple[QWidget, ...]:
        return (self.box, *self.inner.targets())

    def _toggle(self, checked: bool) -> None:
        self.edited.emit(self.fallback if checked else None, None)


class WidthsAdapter(Editor):
    """The row of layer widths."""

    def __init__(self, kind: Widths, help_text: str) -> None:
        super().__init__(kind, help_text)
        self.row = WidthsEditor(kind, help_text)
        _fill(self, self.row)
        self.row.edited.connect(self._pass_on)

    def show_value(self, value: Any) -> None:
        self.row.show_value(tuple(value))

    def targets(self) -> tuple[QWidget, ...]:
        return self.row.targets()

    def _pass_on(self, widths: object) -> None:
        self.edited.emit(widths, None)


def _fill(owner: QWidget, widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout(owner)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(widget, 0 if isinstance(widget, QCheckBox) else 1)
    return row


# Entry is missing on purpose: an entry holds a form of its own, so the form builds it.
EDITORS: dict[type[Kind], Callable[[Any, str], Editor]] = {
    Number: AmountEditor,
    Integer: AmountEditor,
    Choice: ChoiceEditor,
    Toggle: ToggleEditor,
    Widths: WidthsAdapter,
}
