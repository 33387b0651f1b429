"""The first rows of a table, with what each column is used for and the cells that cannot be used."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from reluviz.core.csvguess import Sketch, clean, is_missing, is_number
from reluviz.core.csvread import NO_CLASS
from reluviz.ui.theme import LIGHT, Theme, mix

Index = QModelIndex | QPersistentModelIndex
NONE = QModelIndex()
WIDEST_LETTERS = 26
MEASURED_ROWS = 40
MOST_MEASURED = 200
MARGIN = 22


@dataclass(frozen=True, slots=True)
class Use:
    """What the columns are for; `numeric` says whether the target must be a number too."""

    target: str = ""
    inputs: frozenset[str] = frozenset()
    numeric: bool = False


def fault(cell: str, numeric: bool, decimal: str) -> str:
    """What keeps a cell from being used: "missing", "no number" or nothing."""
    if not numeric:
        return "missing" if clean(cell).lower() in NO_CLASS else ""
    if is_missing(cell):
        return "missing"
    return "" if is_number(cell, decimal) else "no number"


class PreviewModel(QAbstractTableModel):
    """The rows of a sketch and the use of its columns."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.sketch: Sketch | None = None
        self.use = Use()
        self.theme = LIGHT

    def show_sketch(self, sketch: Sketch | None, use: Use) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.sketch, self.use = sketch, use
        self.endResetModel()

    def show_use(self, use: Use) -> None:
        """Mark the columns anew."""
        self.use = use
        self.repaint_all()

    def show_theme(self, theme: Theme) -> None:
        """Exchange the colours."""
        self.theme = theme
        self.repaint_all()

    def repaint_all(self) -> None:
        """Tell the view that cells and headers look different."""
        if self.rowCount() and self.columnCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
        if self.columnCount():
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def rowCount(self, parent: Index = NONE) -> int:
        """The rows of the sketch."""
        return len(self.sketch.rows) if self.sketch is not None and not parent.isValid() else 0

    def columnCount(self, parent: Index = NONE) -> int:
        """The columns of the sketch."""
        return len(self.sketch.columns) if self.sketch is not None and not parent.isValid() else 0

    def line_of(self, row: int) -> int:
        """The line of a row in the file; empty lines and cells of several lines are rare enough not to count."""
        return row + (2 if self.sketch is not None and self.sketch.layout.header else 1)

    def role_of(self, column: int) -> str:
        """What a column is for: "target", "input" or "not used"."""
        name = self._columns()[column].name
        if name == self.use.target:
            return "target"
        return "input" if name in self.use.inputs else "not used"

    def fault_of(self, row: int, column: int) -> str:
        """What keeps a cell from being used; nothing for columns that are not used."""
        role = self.role_of(column)
        if self.sketch is None or role == "not used":
            return ""
        return fault(self._cell(row, column), role == "input" or self.use.numeric, self.sketch.layout.decimal)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell: its text, and a mark if it cannot be used."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                text = self._cell(row, column)
                return text or ("missing" if self.fault_of(row, column) else "")
            case Qt.ItemDataRole.TextAlignmentRole:
                right = self._columns()[column].kind == "number"
                side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.BackgroundRole | Qt.ItemDataRole.ForegroundRole:
                return self._color(row, column, role == Qt.ItemDataRole.BackgroundRole)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._explain(row, column)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A column's name and use; the line of a row, as refusals name it."""
        if orientation == Qt.Orientation.Vertical:
            return self.line_of(section) if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 <= section < self.columnCount():
            return None
        column = self._columns()[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{column.name}\n{self.role_of(section)}"
            case Qt.ItemDataRole.ForegroundRole:
                shades = {"target": self.theme.accent, "input": self.theme.text, "not used": self.theme.dim}
                return QColor(shades[self.role_of(section)])
            case Qt.ItemDataRole.FontRole:
                font = QFont()
                font.setBold(self.role_of(section) == "target")
                return font
            case Qt.ItemDataRole.ToolTipRole:
                missing = f", {column.missing} missing" if column.missing else ""
                return f"{column.name}: {column.kind}, {column.different} different values{missing} in the first rows"
        return None

    def _columns(self) -> Any:
        return self.sketch.columns if self.sketch is not None else ()

    def _cell(self, row: int, column: int) -> str:
        cells = self.sketch.rows[row] if self.sketch is not None else ()
        return cells[column] if column < len(cells) else ""

    def _color(self, row: int, column: int, background: bool) -> QColor | None:
        theme = self.theme
        wrong, role = self.fault_of(row, column), self.role_of(column)
        shade = theme.warning if wrong == "missing" else theme.error
        if background:
            if wrong:
                return QColor(mix(theme.panel, shade, 0.22))
            return QColor(mix(theme.panel, theme.accent, 0.1)) if role == "target" else None
        if wrong:
            return QColor(mix(shade, theme.text, 0.25))
        return QColor(theme.dim) if role == "not used" else None

    def _explain(self, row: int, column: int) -> str | None:
        wrong = self.fault_of(row, column)
        if not wrong:
            return None
        where = f"Line {self.line_of(row)}, column {self._columns()[column].name}"
        if wrong == "missing":
            return f"{where}: the cell is missing."
        return f"{where}: “{self._cell(row, column)[:40]}” is not a number."


class PreviewTable(QTableView):
    """Shows the first rows; nothing in it can be edited."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preview")
        self.rows = PreviewModel(self)
        self.setModel(self.rows)
        self.setAccessibleName("First rows of the file")
        self.setToolTip("The first rows of the file; cells that cannot be used are marked.")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        self.verticalHeader().setHighlightSections(False)
        self.verticalHeader().setSectionsClickable(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def show_sketch(self, sketch: Sketch | None, use: Use) -> None:
        """Show other rows, each column as wide as its text."""
        self.rows.show_sketch(sketch, use)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        if sketch is not None:
            for column in range(min(len(sketch.columns), MOST_MEASURED)):
                self.setColumnWidth(column, self._wide_enough(sketch, column))

    def _wide_enough(self, sketch: Sketch, column: int) -> int:
        """The width for the first cells and the header; Qt would ask the model for every role of every cell."""
        cells = [row[column] for row in sketch.rows[:MEASURED_ROWS] if column < len(row)]
        texts = max((sketch.columns[column].name, "not used", "missing", *cells), key=len)
        bold = QFont(self.font())
        bold.setBold(True)
        letters = self.fontMetrics().averageCharWidth() * WIDEST_LETTERS
        return min(QFontMetrics(bold).horizontalAdvance(texts) + MARGIN, letters)
