"""The data part of the left panel: a built-in set with its parameters, or a person's own file with its choices."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from reluviz.core.datasets import DataSource
from reluviz.core.files import FileSource
from reluviz.core.param import Entry, parameters
from reluviz.core.settings import Settings
from reluviz.ui.data_words import summary
from reluviz.ui.edits import new_sample, restarts, with_data
from reluviz.ui.form import EntryEditor, Form
from reluviz.ui.lab import Lab
from reluviz.ui.wording import tooltip

SOURCE = Entry("Data set", "dataset", "What the networks learn.")
COMMON = ("samples", "noise", "test_fraction", "seed")
# Two items of the combo box that are no entries of the catalog: the file in use, and the way to another one.
IN_USE, OWN = "file in use", "own data"


class DataEditor(EntryEditor):
    """The data sets, and at the end a person's own data; a file in use has an item of its own."""

    file_wanted = Signal()
    """The person chose "Own data…"."""

    def __init__(self) -> None:
        super().__init__(SOURCE, tooltip(SOURCE, ..., restarts("lab", "data")), "data")
        self.combo.insertSeparator(self.combo.count())
        self.combo.addItem("Own data…", OWN)
        self.combo.setItemData(
            self.combo.count() - 1, "A CSV table, an npz file, or IDX images of yours", Qt.ItemDataRole.ToolTipRole
        )

    def show_file(self, source: FileSource) -> None:
        """Show that a file is in use."""
        self._entry = source
        with QSignalBlocker(self.combo):
            place = self.combo.findData(IN_USE)
            if place < 0:
                place = self.combo.findData(OWN)
                self.combo.insertItem(place, "", IN_USE)
            self.combo.setItemText(place, source.label)
            self.combo.setItemData(place, source.path, Qt.ItemDataRole.ToolTipRole)
            self.combo.setCurrentIndex(place)
        self.combo.setToolTip(f"{source.path}\n\n{self.help_text}")
        self.body.hide()

    def show_value(self, value: Any) -> None:
        """Show a built-in set."""
        with QSignalBlocker(self.combo):
            place = self.combo.findData(IN_USE)
            if place >= 0:
                self.combo.removeItem(place)
        super().show_value(value)

    def show_again(self) -> None:
        """Take back a choice that came to nothing."""
        if isinstance(self._entry, FileSource):
            self.show_file(self._entry)
        else:
            self.show_value(self._entry)

    def _choose(self, index: int) -> None:
        chosen = self.combo.itemData(index)
        if chosen == OWN:
            # The combo box is still in the middle of its own change.
            QTimer.singleShot(0, self, self._ask)
        elif chosen not in (None, IN_USE):
            super()._choose(index)

    def _ask(self) -> None:
        self.show_again()
        self.file_wanted.emit()


class FileCard(QFrame):
    """What is used of a file: its name, rows, inputs, target and classes, and two ways to change that."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.lines: dict[str, QLabel] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        for row, title in enumerate(("File", "Rows", "Inputs", "Target")):
            caption = QLabel(title)
            caption.setObjectName("caption")
            line = QLabel()
            line.setTextFormat(Qt.TextFormat.PlainText)
            # A long name must not widen the panel; the tooltip has all of it.
            line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._grid.addWidget(caption, row, 0)
            self._grid.addWidget(line, row, 1)
            self.lines[title] = line
        self.choices = _button("Change choices…", "Choose target, inputs and rows of this file anew")
        self.other = _button("Other file…", "Use another file of yours")
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.choices, 1)
        buttons.addWidget(self.other, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 10)
        column.setSpacing(8)
        column.addLayout(self._grid)
        column.addLayout(buttons)

    def show_source(self, source: FileSource) -> None:
        """Show a settled source."""
        for title, (text, more) in summary(source).items():
            line = self.lines[title]
            line.setText(text)
            line.setToolTip(more)
            line.setAccessibleName(f"{title}: {text}")


class DataPanel(QWidget):
    """The source of the samples, its parameters, and a button for another sample."""

    file_wanted = Signal()
    """The person wants to choose a file."""
    choices_wanted = Signal()
    """The person wants to choose anew how the file in use is used."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self.editor = DataEditor()
        self.editor.edited.connect(self._edit)
        self.editor.file_wanted.connect(self.file_wanted)
        self.card = FileCard()
        self.card.choices.clicked.connect(self.choices_wanted)
        self.card.other.clicked.connect(self.file_wanted)
        self.card.hide()
        self.common: Form | None = None
        self.sample = _button("New sample", "Draw other samples of the same kind: the next data seed.")
        self.sample.clicked.connect(self._draw_again)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        for widget in (self.editor, self.editor.body, self.card, self.sample):
            self._column.addWidget(widget)
        lab.settings_changed.connect(self._show)
        self._show(lab.settings)

    def _show(self, settings: Settings) -> None:
        source = settings.data
        own = isinstance(source, FileSource)
        if isinstance(source, FileSource):
            self.editor.show_file(source)
            self.card.show_source(source)
            self._common_form(source).show_value(source)
        else:
            self.editor.show_value(source)
        self.card.setVisible(own)
        if self.common is not None:
            self.common.setVisible(own)
        words = "Draw and split the rows anew" if own else "Draw other samples of the same kind"
        self.sample.setToolTip(f"{words}: the next data seed.\nA change restarts the runs.")

    def _common_form(self, source: FileSource) -> Form:
        # Made when first needed: most labs never use a file. All kinds of file share these fields.
        if self.common is None:
            skipped = tuple(parameter.name for parameter in parameters(FileSource) if parameter.name not in COMMON)
            self.common = Form(FileSource, "data", skipped)
            self.common.edited.connect(self._edit)
            self._column.insertWidget(self._column.indexOf(self.sample), self.common)
        return self.common

    def _edit(self, source: DataSource, gesture: object) -> None:
        self._lab.edit(with_data(self._lab.settings, source), gesture=gesture)

    def _draw_again(self) -> None:
        self._lab.edit(new_sample(self._lab.settings))


def _button(text: str, help_text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(text)
    button.setToolTip(help_text)
    return button
