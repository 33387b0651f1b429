"""A form for any described value, built from the value's own descriptions."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from reluviz.core.activations import ACTIVATIONS
from reluviz.core.catalog import Catalog
from reluviz.core.datasets import DATASETS
from reluviz.core.initializers import INITIALIZERS
from reluviz.core.layers import LAYERS
from reluviz.core.optimizers import OPTIMIZERS
from reluviz.core.param import Described, Entry, Kind, Parameter, parameters
from reluviz.core.schedules import SCHEDULES
from reluviz.ui.activation_combo import ActivationCombo
from reluviz.ui.editors import EDITORS, Editor, OptionalEditor
from reluviz.ui.edits import restarts
from reluviz.ui.formula_editor import FormulaForm
from reluviz.ui.inputs import Combo
from reluviz.ui.wording import about, tooltip

CATALOGS: dict[str, Catalog[Any]] = {
    "dataset": DATASETS,
    "activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "optimizer": OPTIMIZERS,
    "layer": LAYERS,
    "schedule": SCHEDULES,
}
# A catalog that is too long for a plain list.
COMBOS: dict[str, Callable[[str], Combo]] = {"activation": ActivationCombo}
# An entry that is more than a few numbers.
FORMS: dict[str, Callable[[], Any]] = {"formula": FormulaForm}
# Entries whose formula is what everybody expects: the tooltip has it.
PLAIN = frozenset({"dense", "constant"})
# The label column is this many letters wide in every form, so that nested forms line up; the cards are narrower.
LABEL_LETTERS, CARD_LETTERS = 13, 11


class Form(QWidget):
    """Shows a described value and emits the edited one; `scope` says which part of the settings it is."""

    # The new value, and the gesture it belongs to.
    edited = Signal(object, object)

    def __init__(self, owner: type[Described], scope: str, skip: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._scope = scope
        self._described = {parameter.name: parameter for parameter in parameters(owner)}
        self._value: Any = None
        self.captions: dict[str, QLabel] = {}
        self.editors: dict[str, Editor] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        for parameter in self._described.values():
            # What no editor is made for, such as a path, is chosen elsewhere.
            if parameter.name not in skip and type(parameter.kind) in (*EDITORS, Entry):
                self._add(parameter)
        self._size_labels()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to edit."""
        return not self.editors

    def show_value(self, value: Any) -> None:
        """Show a value of the form's class; emits nothing, keeps every widget and the focus."""
        self._value = value
        for name, editor in self.editors.items():
            editor.show_value(getattr(value, name))

    def tell_restart(self, name: str, restart: bool) -> None:
        """Say whether a change of this field restarts the runs, where that is not always so."""
        parameter = self._described[name]
        help_text = tooltip(parameter.kind, parameter.default, restart)
        self.editors[name].explain(help_text)
        self.captions[name].setToolTip(help_text)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._size_labels()

    def _size_labels(self) -> None:
        letters = CARD_LETTERS if self._scope.startswith("run") else LABEL_LETTERS
        self._grid.setColumnMinimumWidth(0, self.fontMetrics().averageCharWidth() * letters)

    def _add(self, parameter: Parameter) -> None:
        restart = restarts(self._scope, parameter.name)
        help_text = tooltip(parameter.kind, parameter.default, restart)
        editor = make_editor(parameter.kind, help_text, f"{self._scope}.{parameter.name}")
        editor.setObjectName(parameter.name)
        editor.edited.connect(self._take)
        self.editors[parameter.name] = editor
        row = self._grid.rowCount()
        self.captions[parameter.name] = caption(parameter.kind, editor)
        self._grid.addWidget(self.captions[parameter.name], row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(editor, row, 1)
        if isinstance(editor, EntryEditor):
            self._grid.addWidget(editor.body, row + 1, 0, 1, 2)

    def _take(self, value: object, gesture: object) -> None:
        editor = self.sender()
        if self._value is None or editor is None:
            return
        name = editor.objectName()
        try:
            changed = self._value.evolve(**{name: value})
        except ValueError as problem:
            # Refused by the value itself, as a lower limit above the upper one.
            self.editors[name].refuse(getattr(self._value, name), str(problem))
            return
        self.edited.emit(changed, (id(self), name, gesture) if gesture is not None else None)


class EntryEditor(Editor):
    """One entry of a catalog: a combo box of titles, and below it the entry's formula and own parameters."""

    def __init__(self, kind: Entry, help_text: str, scope: str) -> None:
        super().__init__(kind, help_text)
        self._scope = scope
        self._catalog = CATALOGS[kind.kind]
        self._entry: Any = None
        self._forms: dict[str, Any] = {}
        self.combo = COMBOS[kind.kind](kind.title) if kind.kind in COMBOS else Combo()
        self._fill()
        self.combo.currentIndexChanged.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.combo)
        self.formula = QLabel()
        self.formula.setObjectName("formula")
        self.formula.setWordWrap(True)
        self.formula.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.body = QWidget()
        self._stack = QVBoxLayout(self.body)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(8)
        self._stack.addWidget(self.formula)
        self._below = 0
        self.describe()

    def attach(self, widget: QWidget) -> None:
        """Put a widget below the entry's own parameters."""
        self._stack.addWidget(widget)
        self._below += 1

    def show_value(self, value: Any) -> None:
        self._entry = value
        entry = type(value)
        self.combo.show_item(entry.key)
        if isinstance(self.combo, ActivationCombo):
            self.combo.show_curve(value)
        self.combo.setToolTip(self._tip())
        form = self._form(entry)
        formula = "" if entry.key in FORMS or entry.key in PLAIN else getattr(entry, "formula", "")
        self.formula.setText(formula)
        self.formula.setToolTip(about(entry))
        self.formula.setVisible(bool(formula))
        for other in self._forms.values():
            other.setVisible(other is form and not form.empty)
        form.show_value(value)
        self.body.setVisible(bool(formula or self._below) or not form.empty)

    def explain(self, help_text: str) -> None:
        super().explain(help_text)
        self.combo.setToolTip(self._tip())

    def targets(self) -> tuple[QWidget, ...]:
        return (self.combo,)

    def current_form(self) -> Any:
        """The form of the entry that is shown: a `Form`, or one made for this entry."""
        return self._form(type(self._entry))

    def _fill(self) -> None:
        for key, entry in self._catalog.items():
            self.combo.addItem(entry.title, key)
            self.combo.setItemData(self.combo.count() - 1, about(entry), Qt.ItemDataRole.ToolTipRole)

    def _tip(self) -> str:
        entry = type(self._entry)
        if self._entry is None:
            return self.help_text
        formula = f"{entry.formula}\n" if entry.key in PLAIN else ""
        return f"{entry.title}: {about(entry)}\n{formula}\n{self.help_text}"

    def _form(self, entry: Any) -> Any:
        # Forms are made when first shown: sixteen data sets in advance would cost start-up time.
        if entry.key not in self._forms:
            form = FORMS[entry.key]() if entry.key in FORMS else Form(entry, self._scope)
            form.edited.connect(self.edited)
            self._forms[entry.key] = form
            self._stack.insertWidget(self._stack.count() - self._below, form)
        return self._forms[entry.key]

    def _choose(self, index: int) -> None:
        entry = self._catalog[self.combo.itemData(index)]
        if entry is type(self._entry):
            return
        self.edited.emit(entry(), None)
        if entry.key in FORMS and type(self._entry) is entry:
            # The combo box still has the focus until its own change is done.
            QTimer.singleShot(0, self.current_form(), self.current_form().begin)


def make_editor(kind: Kind, help_text: str, scope: str) -> Editor:
    """The editor for a description."""
    if isinstance(kind, Entry):
        return EntryEditor(kind, help_text, scope)
    editor = EDITORS[type(kind)](kind, help_text)
    return OptionalEditor(kind, help_text, editor) if kind.optional else editor


def caption(kind: Kind, editor: Editor) -> QLabel:
    """The label of an editor: its buddy, with the unit."""
    unit = getattr(kind, "unit", "")
    label = QLabel(f"{kind.title} ({unit})" if unit else kind.title)
    label.setObjectName("caption")
    label.setBuddy(editor.targets()[0])
    label.setToolTip(editor.help_text)
    label.setWordWrap(True)
    # As tall as the first row of its editor, so that both share a line.
    label.setMinimumHeight(max(widget.sizeHint().height() for widget in editor.targets()[:2]))
    return label
