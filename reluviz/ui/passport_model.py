"""The table of passports as a model: a row for each activation, filled in as the figures come."""

import math
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QFont

from reluviz.core.activations import Activation
from reluviz.core.passport import Passport, columns
from reluviz.core.passport_rows import Row
from reluviz.ui.passport_marks import row_icon
from reluviz.ui.theme import LIGHT, Theme
from reluviz.ui.views.curves import layer_words

COLUMNS = columns()
TITLE = next(place for place, column in enumerate(COLUMNS) if column.key == "title")
KEY = next(place for place, column in enumerate(COLUMNS) if column.key == "key")
VALUE = Qt.ItemDataRole.UserRole
_NONE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class PassportModel(QAbstractTableModel):
    """Rows in the order given, columns as `columns()` has them. The role VALUE is the raw value, None for none."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self._found: dict[Activation, Passport] = {}
        self._theme: Theme = LIGHT

    def set_rows(self, rows: list[Row]) -> None:
        """Show these rows; figures that are known stay, those of other activations are forgotten."""
        if rows == self.rows:
            return
        self.beginResetModel()
        self.rows = list(rows)
        kept = {row.activation for row in rows}
        self._found = {a: p for a, p in self._found.items() if a in kept}
        self.endResetModel()

    def set_theme(self, theme: Theme) -> None:
        """Draw the small curves in a theme's colours."""
        self._theme = theme
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(COLUMNS) - 1))

    def put(self, activation: Activation, passport: Passport) -> None:
        """Fill in the figures of an activation; one that has no row is forgotten."""
        for place, row in enumerate(self.rows):
            if row.activation == activation:
                self._found[activation] = passport
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(COLUMNS) - 1))

    def passport(self, activation: Activation) -> Passport | None:
        """The figures of an activation, if they are known."""
        return self._found.get(activation)

    def value(self, row: int, column: int) -> Any:
        """A raw value; None while it is not known and for what does not exist."""
        activation, key = self.rows[row].activation, COLUMNS[column].key
        if key in ("key", "title"):
            return activation.key if key == "key" else self.rows[row].label
        found = self._found.get(activation)
        value = getattr(found, key) if found is not None else None
        return None if isinstance(value, float) and math.isnan(value) else value

    def rowCount(self, parent: Index = _NONE) -> int:
        """One for each activation."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NONE) -> int:
        """One for each field of a passport."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title and unit; the tooltip explains the column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{column.title}\n{column.unit}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{column.title} ({column.unit})\n{column.help}\nClick to sort; right-click to choose columns."
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}, {column.unit}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows; what is not known yet is empty, what does not exist a dash."""
        row, section = self.rows[index.row()], index.column()
        if role == VALUE:
            return self.value(index.row(), section)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        if section == TITLE and role == Qt.ItemDataRole.DecorationRole:
            return row_icon(row, self._theme)
        if role == Qt.ItemDataRole.FontRole and row.uses and section == TITLE:
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        if role == Qt.ItemDataRole.ToolTipRole and section == TITLE:
            return "\n".join((row.label, *use_words(row)))
        if role == Qt.ItemDataRole.AccessibleTextRole and section == TITLE:
            return f"{row.label}, used in the lab" if row.uses else row.label
        return None

    def _text(self, row: int, section: int) -> str:
        column, value = COLUMNS[section], self.value(row, section)
        if value is None and (column.kind == "nanoseconds" or self.rows[row].activation not in self._found):
            return ""
        text = column.show(value)
        return text if column.kind == "text" else text.replace("-", "−")


class PassportOrder(QSortFilterProxyModel):
    """Sorts by raw values, what does not exist last in either direction, and filters by name, key and formula."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setSortRole(VALUE)
        self.setDynamicSortFilter(True)
        self._words: list[str] = []

    def look_for(self, text: str) -> None:
        """Show the rows that have all of these words."""
        self._words = text.casefold().split()
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        """Whether a row has all words that are looked for."""
        model = self.sourceModel()
        assert isinstance(model, PassportModel)
        activation = model.rows[row].activation
        shown = getattr(activation, "shown", activation.formula)
        own = f"{model.rows[row].label} {activation.key} {activation.key.replace('_', ' ')} {shown}".casefold()
        return all(word in own for word in self._words)

    def lessThan(self, left: Index, right: Index) -> bool:
        """The order of two values; None is last whichever way the table is sorted."""
        first, second = left.data(VALUE), right.data(VALUE)
        if first is None or second is None:
            # Qt turns the question round to sort downwards, so there the missing one is to be the least.
            least = self.sortOrder() == Qt.SortOrder.DescendingOrder
            return (first is None) == least and (second is None) != least
        if isinstance(first, str):
            return first.casefold() < str(second).casefold()
        return bool(first < second)


def use_words(row: Row) -> list[str]:
    """The runs that use an activation, in words."""
    return [f"used by {use.run}, {layer_words(list(use.layers))}" for use in row.uses]


def _alignment(section: int) -> Qt.AlignmentFlag:
    return _LEFT if COLUMNS[section].kind in ("text", "flag") else _RIGHT
