"""The table of passports on the screen: names stay in sight, headers sort and choose columns."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from reluviz.ui.passport_marks import ROOM
from reluviz.ui.passport_model import COLUMNS, KEY, TITLE, PassportOrder

Index = QModelIndex | QPersistentModelIndex
# The longest figure there is, and the width of a name in letters: both follow the size of the text.
FIGURE, NAME = "−0.000000", 21
PADDING = 20


class Grid(QTableView):
    """A table of rows that are selected whole, with a header that sorts; a third click brings back the lab's order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setIconSize(ROOM)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setSortingEnabled(True)


class PassportTable(Grid):
    """All columns, with the names in a second grid laid over them that does not scroll sideways."""

    copy_requested = Signal()
    """The selected rows are wanted on the clipboard."""

    def __init__(self, order: PassportOrder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names = Grid(self)
        self.setModel(order)
        self.setAccessibleName("Activation passports")
        self.setAccessibleDescription("One row for each activation; arrow keys move, Ctrl+C copies the selected rows")
        self.setTabKeyNavigation(False)
        self.names.setModel(order)
        self.names.setSelectionModel(self.selectionModel())
        self.names.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.names.setObjectName("names")
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.names.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for place in range(len(COLUMNS)):
            self.names.setColumnHidden(place, place != TITLE)
        self.setColumnHidden(KEY, True)
        # The names come first in either grid, so that one lies over the other.
        self.horizontalHeader().moveSection(self.horizontalHeader().visualIndex(TITLE), 0)
        self._join()
        self.fit()

    def _join(self) -> None:
        mine, other = self.horizontalHeader(), self.names.horizontalHeader()
        self.verticalScrollBar().valueChanged.connect(self.names.verticalScrollBar().setValue)
        self.names.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        mine.sortIndicatorChanged.connect(self._sorted)
        other.sortIndicatorChanged.connect(self._sorted)
        other.sectionResized.connect(self._name_resized)
        mine.sectionResized.connect(self._resized)
        for header in (mine, other):
            header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            header.customContextMenuRequested.connect(self._choose_columns)
            header.setToolTipDuration(20_000)

    def fit(self) -> None:
        """Give rows and columns the room that the present size of the text needs."""
        metrics = self.fontMetrics()
        for grid in (self, self.names):
            grid.verticalHeader().setDefaultSectionSize(round(1.75 * metrics.height()))
            grid.verticalHeader().setMinimumSectionSize(metrics.height())
        letter = metrics.averageCharWidth()
        for place, column in enumerate(COLUMNS):
            widest = max(metrics.horizontalAdvance(column.title), metrics.horizontalAdvance(column.unit))
            if column.kind == "number":
                widest = max(widest, metrics.horizontalAdvance(FIGURE))
            self.setColumnWidth(place, widest + PADDING)
        self.setColumnWidth(TITLE, NAME * letter + ROOM.width())
        self.names.setColumnWidth(TITLE, self.columnWidth(TITLE))
        height = 2 * metrics.height() + 12
        for grid in (self, self.names):
            grid.horizontalHeader().setFixedHeight(height)
        self._lay()

    def header_menu(self) -> QMenu:
        """Which columns are shown; the names always are."""
        menu = QMenu(self)
        for place, column in enumerate(COLUMNS):
            if place == TITLE:
                continue
            action = menu.addAction(f"{column.title} ({column.unit})")
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(place))
            action.setData(place)
            action.setToolTip(column.help)
        menu.setToolTipsVisible(True)
        menu.triggered.connect(self._toggle_column)
        return menu

    def shown_columns(self) -> list[int]:
        """The columns that are not hidden, from left to right."""
        header = self.horizontalHeader()
        places = sorted(range(len(COLUMNS)), key=header.visualIndex)
        return [place for place in places if not self.isColumnHidden(place)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The names keep the height of the rows beside them."""
        super().resizeEvent(event)
        self._lay()

    def updateGeometries(self) -> None:
        """The scroll bar came or went."""
        super().updateGeometries()
        if hasattr(self, "names"):
            self._lay()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """The names are in sight already: scrolling to one moves up or down only."""
        across = self.horizontalScrollBar().value()
        super().scrollTo(index, hint)
        if index.column() == TITLE:
            self.horizontalScrollBar().setValue(across)
        # Qt scrolls while a table is being made, too.
        if index.column() == TITLE or not index.isValid():
            return
        hidden = self.names.width() - (self.columnViewportPosition(index.column()) + 1)
        if hidden > 0:
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - hidden)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies rows, not the cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def _lay(self) -> None:
        """Put the names over the first column."""
        frame = self.frameWidth()
        height = self.viewport().height() + self.horizontalHeader().height()
        self.names.setGeometry(frame, frame, self.columnWidth(TITLE), height)

    def _sorted(self, place: int, way: Qt.SortOrder) -> None:
        """Both headers show the same arrow."""
        for grid in (self, self.names):
            header = grid.horizontalHeader()
            if (header.sortIndicatorSection(), header.sortIndicatorOrder()) != (place, way):
                header.setSortIndicator(place, way)

    def _name_resized(self, place: int, before: int, width: int) -> None:
        if place == TITLE:
            self.setColumnWidth(place, width)
            self._lay()

    def _resized(self, place: int, before: int, width: int) -> None:
        if place == TITLE and self.names.columnWidth(TITLE) != width:
            self.names.setColumnWidth(TITLE, width)
            self._lay()

    def _choose_columns(self, place: QPoint) -> None:
        header = self.sender()
        assert isinstance(header, QHeaderView)
        menu = self.header_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(header.mapToGlobal(place))

    def _toggle_column(self, action: QAction) -> None:
        self.setColumnHidden(int(action.data()), not action.isChecked())
