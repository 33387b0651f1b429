"""The columns that can be inputs, as a list to tick, with a filter when there are many."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from reluviz.core.csvguess import Column
from reluviz.ui.wording import spaced

Index = QModelIndex | QPersistentModelIndex
NONE = QModelIndex()
MANY = 12
HELP = "The columns that the networks get. Space ticks or clears one."


class ColumnModel(QAbstractListModel):
    """Columns with a tick each; the target and columns without numbers cannot be ticked."""

    ticked = Signal()
    """A person ticked or cleared something."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._target = ""
        self._off: set[str] = set()

    def show_columns(self, columns: tuple[Column, ...], target: str, chosen: Iterable[str] | None) -> None:
        """Show other columns; `chosen` None ticks all that can be inputs. Emits nothing."""
        self.beginResetModel()
        self._columns, self._target = columns, target
        kept = None if chosen is None else set(chosen)
        self._off = set() if kept is None else {column.name for column in columns} - kept
        self.endResetModel()

    def show_target(self, target: str) -> None:
        """Mark another column as the target; the old one becomes what it was before."""
        self._target = target
        self._tell()

    def usable(self) -> tuple[str, ...]:
        """The columns that can be inputs."""
        return tuple(column.name for column in self._columns if self._can(column))

    def chosen(self) -> tuple[str, ...]:
        """The columns that are inputs, in the order of the file."""
        return tuple(name for name in self.usable() if name not in self._off)

    def set_all(self, rows: Iterable[int], on: bool) -> None:
        """Tick or clear several rows at once."""
        names = {self._columns[row].name for row in rows}
        self._off = self._off - names if on else self._off | names
        self._tell()
        self.ticked.emit()

    def rowCount(self, parent: Index = NONE) -> int:
        """One row a column."""
        return 0 if parent.isValid() else len(self._columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """What cannot be an input cannot be ticked, but can be read."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self._can(self._columns[index.row()]):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
        return Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The name, why it cannot be ticked, and the tick."""
        if not index.isValid():
            return None
        column = self._columns[index.row()]
        reason = "target" if column.name == self._target else column.kind
        usable = self._can(column)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.name if usable else f"{column.name} ({reason})"
            case Qt.ItemDataRole.CheckStateRole:
                on = usable and column.name not in self._off
                return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole:
                words = {"target": "What the networks learn cannot be an input.", "text": "An input must be numbers."}
                return column.name if usable else words.get(reason, "The column has no values.")
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick or clear one."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.set_all([index.row()], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _can(self, column: Column) -> bool:
        return column.kind == "number" and column.name != self._target

    def _tell(self) -> None:
        if self._columns:
            self.dataChanged.emit(self.index(0), self.index(len(self._columns) - 1))


class ColumnList(QWidget):
    """The list, how many are ticked, All and None, and the filter."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.columns = ColumnModel(self)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self.columns)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.view = QListView()
        self.view.setObjectName("columns")
        self.view.setModel(self._proxy)
        self.view.setAccessibleName("Inputs")
        self.view.setToolTip(HELP)
        self.view.setUniformItemSizes(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.count = QLabel()
        self.count.setObjectName("caption")
        self.all = _button("All", "Tick every column that is shown")
        self.none = _button("None", "Clear every column that is shown")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Filter the inputs")
        self.filter.setToolTip("Show only the columns whose name holds this text")
        self._arrange()
        self.columns.ticked.connect(self._note)
        self.all.clicked.connect(self._tick_all)
        self.none.clicked.connect(self._clear_all)
        self.filter.textChanged.connect(self._proxy.setFilterFixedString)

    def show_columns(self, columns: tuple[Column, ...], target: str, chosen: Iterable[str] | None) -> None:
        """Show other columns; emits nothing."""
        self.columns.show_columns(columns, target, chosen)
        self.filter.setVisible(len(columns) > MANY)
        self.filter.clear()
        self._count()

    def show_target(self, target: str) -> None:
        """Mark another column as the target; emits nothing."""
        self.columns.show_target(target)
        self._count()

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.count, 1)
        line.addWidget(self.all)
        line.addWidget(self.none)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.filter)
        column.addWidget(self.view, 1)

    def _shown(self) -> list[int]:
        rows = range(self._proxy.rowCount())
        return [self._proxy.mapToSource(self._proxy.index(row, 0)).row() for row in rows]

    def _tick_all(self) -> None:
        self.columns.set_all(self._shown(), True)

    def _clear_all(self) -> None:
        self.columns.set_all(self._shown(), False)

    def _note(self) -> None:
        self._count()
        self.changed.emit()

    def _count(self) -> None:
        chosen, usable = len(self.columns.chosen()), len(self.columns.usable())
        self.count.setText(f"Inputs: {spaced(chosen)} of {spaced(usable)}")


def _button(text: str, help_text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setAccessibleName(help_text)
    button.setToolTip(help_text)
    return button
