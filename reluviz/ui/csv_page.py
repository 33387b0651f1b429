"""The choices for a table of text: how it is written, what is learnt from what, and the rows to use."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from reluviz.core.contents import DataError
from reluviz.core.csvguess import Sketch, guess_answer, guess_target, sketch
from reluviz.core.files import CSV
from reluviz.core.param import parameters
from reluviz.ui.column_list import ColumnList
from reluviz.ui.data_preview import PreviewTable, Use
from reluviz.ui.data_words import ENCODINGS
from reluviz.ui.editors import ChoiceEditor, Editor
from reluviz.ui.form import LABEL_LETTERS, Form, caption
from reluviz.ui.inputs import Combo
from reluviz.ui.theme import Theme
from reluviz.ui.wording import choice_label, lowered

WRITTEN = ("separator", "decimal", "header")
MEANT = ("answer", "missing")
COMMON = ("samples", "test_fraction")
SIDE_LETTERS = 35


class CsvPage(QWidget):
    """Edits a CSV source; `source` is what holds now, `problem` why it cannot be one."""

    lines = 40
    changed = Signal()

    def __init__(self, source: CSV) -> None:
        super().__init__()
        self.source = source
        self.problem = ""
        self._sketch: Sketch | None = None
        self._editors: dict[str, Editor] = {}
        self._kinds = {parameter.name: parameter.kind for parameter in parameters(CSV)}
        self.table = PreviewTable()
        self.target = Combo()
        self.target.setAccessibleName("Target")
        self.target.setToolTip("The column that the networks learn to predict")
        self.target.currentIndexChanged.connect(self._choose_target)
        self.inputs = ColumnList()
        self.inputs.changed.connect(self._choose_inputs)
        self.form = Form(CSV, "data", tuple(name for name in self._kinds if name not in COMMON))
        self.form.edited.connect(self._take_common)
        self._arrange()
        self.setFocusProxy(self.target)
        self._look()

    def editor(self, name: str) -> Editor:
        """The editor of a choice."""
        return self._editors[name]

    def facts(self) -> str:
        """What was found about the text itself."""
        if self._sketch is None:
            return ""
        encoding = self._sketch.layout.encoding
        return ENCODINGS.get(encoding, encoding)

    def show_theme(self, theme: Theme) -> None:
        """Exchange the colours of the marks."""
        self.table.rows.show_theme(theme)

    def _arrange(self) -> None:
        written = QGridLayout()
        written.setHorizontalSpacing(12)
        written.setVerticalSpacing(4)
        for place, name in enumerate(WRITTEN):
            editor = self._make(name)
            written.addWidget(label_for(editor.kind.title, editor.targets()[0]), 0, place)
            written.addWidget(editor, 1, place)
            written.setColumnStretch(place, 1)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addLayout(written)
        left.addWidget(self.table, 1)
        side = QWidget()
        side.setFixedWidth(self.fontMetrics().averageCharWidth() * SIDE_LETTERS)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._meaning())
        column.addWidget(self.inputs, 1)
        column.addWidget(self.form)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(side)

    def _meaning(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        # As wide as in the form below.
        grid.setColumnMinimumWidth(0, self.fontMetrics().averageCharWidth() * LABEL_LETTERS)
        grid.addWidget(label_for("Target", self.target), 0, 0)
        grid.addWidget(self.target, 0, 1)
        for row, name in enumerate(MEANT, 1):
            editor = self._make(name)
            grid.addWidget(caption(editor.kind, editor), row, 0)
            grid.addWidget(editor, row, 1)
        return grid

    def _make(self, name: str) -> Editor:
        editor = ChoiceEditor(self._kinds[name], self._kinds[name].help)  # type: ignore[arg-type]
        editor.setObjectName(name)
        editor.show_value(getattr(self.source, name))
        editor.edited.connect(self._take)
        self._editors[name] = editor
        return editor

    def _take(self, value: object, gesture: object) -> None:
        del gesture
        name = self.sender().objectName()
        self.source = self.source.evolve(**{name: value})
        if name in WRITTEN:
            self._look()
        else:
            self._mark()
        self.changed.emit()

    def _take_common(self, source: Any, gesture: object) -> None:
        del gesture
        self.source = source
        self.form.show_value(source)
        self.changed.emit()

    def _choose_target(self, index: int) -> None:
        # What the old target meant says nothing about the new one.
        self.source = self.source.evolve(target=self.target.itemData(index), inputs=(), answer="auto")
        self._editors["answer"].show_value("auto")
        self.inputs.show_target(self.source.target)
        self._choose_inputs()

    def _choose_inputs(self) -> None:
        self.source = self.source.evolve(inputs=self.inputs.columns.chosen())
        self._mark()
        self.changed.emit()

    def _look(self) -> None:
        """Read the first rows anew and keep the choices that still make sense."""
        held = self.source
        try:
            self._sketch = sketch(Path(held.path), held.separator, held.decimal, held.header)
            self.problem = ""
        except DataError as error:
            self._sketch, self.problem = None, str(error)
        columns = self._sketch.columns if self._sketch is not None else ()
        names = {column.name for column in columns}
        target = held.target if held.target in names else guess_target(columns) if columns else ""
        chosen = [name for name in held.inputs if name in names] or None
        self.target.blockSignals(True)
        self.target.clear()
        for column in columns:
            if column.kind != "empty":
                self.target.addItem(column.name, column.name)
        self.target.blockSignals(False)
        self.target.show_item(target)
        self.target.setEnabled(bool(columns))
        self.inputs.show_columns(columns, target, chosen)
        self.source = held.evolve(target=target, inputs=self.inputs.columns.chosen())
        self.form.show_value(self.source)
        self.table.show_sketch(self._sketch, Use())
        self._mark()

    def _mark(self) -> None:
        """Say in words and colours what was understood."""
        if self._sketch is None:
            return
        if not self.source.inputs:
            self.problem = "No input is chosen: tick at least one column of numbers."
        else:
            self.problem = ""
        answer = self._guess("answer", self._answer())
        self._guess("separator", self._sketch.layout.separator)
        self._guess("decimal", self._sketch.layout.decimal)
        self._guess("header", "yes" if self._sketch.layout.header else "no")
        self.table.rows.show_use(Use(self.source.target, frozenset(self.source.inputs), answer == "number"))

    def _answer(self) -> str:
        found = [column for column in self._sketch.columns if column.name == self.source.target] if self._sketch else []
        return guess_answer(found[0]) if found else "number"

    def _guess(self, name: str, found: str) -> str:
        """Show what "auto" stands for; returns what holds."""
        editor = self._editors[name]
        assert isinstance(editor, ChoiceEditor)
        words = f"Auto: {lowered(choice_label(editor.kind, found))}"
        editor.combo.setItemText(editor.combo.findData("auto"), words)
        held = str(getattr(self.source, name))
        return found if held == "auto" else held


def label_for(title: str, widget: QWidget) -> QLabel:
    """A label whose buddy is a widget."""
    label = QLabel(title)
    label.setObjectName("caption")
    label.setBuddy(widget)
    label.setToolTip(widget.toolTip())
    return label
