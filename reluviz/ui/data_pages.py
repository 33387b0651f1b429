"""The choices for files of arrays, and the table of pages: one for each kind of file."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from reluviz.core import idxread, npzread
from reluviz.core.contents import DataError
from reluviz.core.files import CSV, IDX, NPZ, FileSource
from reluviz.core.param import parameters
from reluviz.ui.csv_page import COMMON, SIDE_LETTERS, CsvPage, label_for
from reluviz.ui.data_words import shape_text
from reluviz.ui.form import LABEL_LETTERS, Form
from reluviz.ui.inputs import Combo
from reluviz.ui.theme import Theme

Array = tuple[str, tuple[int, ...], Any]
"""Name, shape and dtype."""
IDX_FILTERS = "IDX files (*ubyte *ubyte.gz *.idx *.idx.gz *.gz);;All files (*)"


class ArraysPage(QWidget):
    """What both kinds of array files share: a table of what is there, and the rows to use."""

    lines = 26
    changed = Signal()

    def __init__(self, source: FileSource) -> None:
        super().__init__()
        self.source: Any = source
        self.problem = ""
        self.table = QTableWidget(0, 4)
        self.table.setHorizontalHeaderLabels(["Array", "Shape", "Numbers", "Use"])
        self.table.setAccessibleName("What the file holds")
        self.table.setToolTip("What the file holds, and what is used")
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionsClickable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(8)
        self.grid.setVerticalSpacing(8)
        self.grid.setColumnStretch(1, 1)
        # As wide as in the form below.
        self.grid.setColumnMinimumWidth(0, self.fontMetrics().averageCharWidth() * LABEL_LETTERS)
        shown = (*COMMON, "answer")
        skipped = tuple(kind.name for kind in parameters(type(source)) if kind.name not in shown)
        self.form = Form(type(source), "data", skipped)
        self.form.edited.connect(self._take_common)
        self.form.show_value(source)
        side = QWidget()
        side.setFixedWidth(self.fontMetrics().averageCharWidth() * SIDE_LETTERS)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self.grid)
        column.addWidget(self.form)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.table, 1)
        row.addWidget(side)

    def facts(self) -> str:
        """Nothing more than the table says."""
        return ""

    def show_theme(self, theme: Theme) -> None:
        """The table wears the style sheet, and nothing else has colours of its own."""

    def fill(self, rows: list[tuple[str, str, str, str]]) -> None:
        """Show what the file holds: name, shape, numbers and use."""
        self.table.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, column, item)

    def _take_common(self, source: Any, gesture: object) -> None:
        del gesture
        self.source = source
        self.form.show_value(source)
        self.changed.emit()


class NpzPage(ArraysPage):
    """Which array of an npz file holds the inputs, and which the target."""

    def __init__(self, source: NPZ) -> None:
        super().__init__(source)
        self.combos: dict[str, Combo] = {}
        self._arrays: tuple[Array, ...] = ()
        try:
            self._arrays = npzread.arrays(Path(source.path))
            self.source = likely(source, self._arrays)
        except DataError as error:
            self.problem = str(error)
        for row, (field, title, help_text) in enumerate(
            (
                ("inputs_name", "Inputs", "The array of inputs: one row for each sample"),
                ("target_name", "Target", "The array that the networks learn to predict: one value for each sample"),
            )
        ):
            self.combos[field] = self._make_combo(field, title, help_text)
            self.grid.addWidget(label_for(title, self.combos[field]), row, 0)
            self.grid.addWidget(self.combos[field], row, 1)
        self.setFocusProxy(self.combos["inputs_name"])
        self._tell()

    def _make_combo(self, field: str, title: str, help_text: str) -> Combo:
        combo = Combo()
        combo.setObjectName(field)
        combo.setAccessibleName(title)
        combo.setToolTip(help_text)
        for name, shape, dtype in self._arrays:
            combo.addItem(name, name)
            combo.setItemData(combo.count() - 1, f"{shape_text(shape)}, {dtype}", Qt.ItemDataRole.ToolTipRole)
        combo.show_item(getattr(self.source, field))
        combo.currentIndexChanged.connect(self._choose)
        return combo

    def _choose(self, index: int) -> None:
        combo = self.sender()
        assert isinstance(combo, Combo)
        self.source = self.source.evolve(**{combo.objectName(): combo.itemData(index)})
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        if self._arrays:
            same = self.source.inputs_name == self.source.target_name
            self.problem = "One array cannot be both the inputs and the target: choose two." if same else ""
        uses = {self.source.target_name: "target", self.source.inputs_name: "inputs"}
        self.fill(
            [(name, shape_text(shape), str(dtype), uses.get(name, "not used")) for name, shape, dtype in self._arrays]
        )


class IdxPage(ArraysPage):
    """Where the labels of IDX images are."""

    def __init__(self, source: IDX) -> None:
        super().__init__(source)
        self.labels = QLabel()
        self.labels.setTextFormat(Qt.TextFormat.PlainText)
        # A long name must not widen the column; the tooltip has all of it.
        self.labels.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.choose = QPushButton("Choose…")
        self.choose.setAutoDefault(False)
        self.choose.setAccessibleName("Choose the labels")
        self.choose.setToolTip("Choose the IDX file with one label for each image")
        self.choose.clicked.connect(self._ask)
        self.grid.addWidget(label_for("Labels", self.choose), 0, 0)
        self.grid.addWidget(self.labels, 0, 1)
        self.grid.addWidget(self.choose, 1, 1)
        self.setFocusProxy(self.choose)
        self._tell()

    def take_labels(self, name: str) -> None:
        """Use another file of labels."""
        self.source = self.source.evolve(labels=str(Path(name).absolute()))
        self._tell()
        self.changed.emit()

    def _ask(self) -> None:
        start = str(Path(self.source.labels or self.source.path).parent)
        asking = QFileDialog(self, "Labels of the images", start, IDX_FILTERS)
        asking.setFileMode(QFileDialog.FileMode.ExistingFile)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.fileSelected.connect(self.take_labels)
        asking.open()

    def _tell(self) -> None:
        rows = []
        self.problem = ""
        for name, use in ((self.source.path, "inputs"), (self.source.labels, "target")):
            if not name:
                continue
            try:
                shape, dtype = idxread.header(Path(name))
            except DataError as error:
                self.problem = self.problem or str(error)
                continue
            rows.append((Path(name).name, shape_text(shape), str(dtype), use))
        self.labels.setText(Path(self.source.labels).name if self.source.labels else "none chosen")
        self.labels.setToolTip(self.source.labels)
        self.fill(rows)


def likely(source: NPZ, arrays: tuple[Array, ...]) -> NPZ:
    """The source with arrays that are there: a table of inputs, and one value for each of its rows."""
    known = {name: shape for name, shape, _ in arrays}
    names = [name for name, shape in known.items() if len(shape) > 1] or list(known)
    inputs = source.inputs_name if source.inputs_name in known else names[0]
    rows = known[inputs][:1]
    fitting = [name for name, shape in known.items() if name != inputs and shape[:1] == rows and len(shape) < 2]
    others = fitting or [name for name in known if name != inputs] or [inputs]
    target = source.target_name if source.target_name in known else others[0]
    return source.evolve(inputs_name=inputs, target_name=target)


PAGES: dict[type[Any], Any] = {CSV: CsvPage, NPZ: NpzPage, IDX: IdxPage}
