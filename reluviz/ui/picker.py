"""A combo box for long tables: its list can be searched, shows curves, and explains the item under the cursor."""

from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from reluviz.ui.curve_icons import SIZE
from reluviz.ui.inputs import RETURN, Combo

LEAST_WIDTH = 290
HEIGHT = 470
MOST_OF_SCREEN = 0.8
# What an item says about itself below the list, and the words that find it besides its title.
ABOUT = Qt.ItemDataRole.UserRole + 1
WORDS = Qt.ItemDataRole.UserRole + 2
MOVES = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
Index = QModelIndex | QPersistentModelIndex


class Matches(QSortFilterProxyModel):
    """The items whose title or words contain every part of what was typed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._parts: list[str] = []

    def look_for(self, text: str) -> None:
        """Show what matches."""
        self._parts = text.casefold().replace("-", " ").split()
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        """Whether an item matches."""
        index = self.sourceModel().index(row, 0, parent)
        text = f"{index.data()} {index.data(WORDS) or ''}".casefold().replace("-", " ")
        return all(part in text for part in self._parts)


class Drawer(QFrame):
    """The open list: a line to search with, the items, and what the current one is."""

    chosen = Signal(int)

    def __init__(self, combo: QWidget, model: Any, title: str) -> None:
        super().__init__(combo, Qt.WindowType.Popup)
        self.setObjectName("drawer")
        self.matches = Matches(self)
        self.matches.setSourceModel(model)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search")
        self.search.setClearButtonEnabled(False)
        self.search.setAccessibleName(f"Search in {title}")
        self.search.setToolTip("Type a part of a name; Enter chooses, Escape closes")
        self.search.installEventFilter(self)
        self.list = QListView()
        self.list.setModel(self.matches)
        self.list.setIconSize(SIZE)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.about = QLabel()
        self.about.setObjectName("about")
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setWordWrap(True)
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(6)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.about)
        self.search.textEdited.connect(self._filter)
        self.search.returnPressed.connect(self._choose)
        self.list.clicked.connect(self._choose)
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.selectionModel().currentChanged.connect(self._explain)

    def show_at(self, corner: QPoint, size: QSize, row: int) -> None:
        """Open with everything listed and the row of the combo box's item marked."""
        self.about.setFixedHeight(self.about.fontMetrics().lineSpacing() * 5 + 4)
        self.search.clear()
        self._filter("")
        self.resize(size)
        self.move(corner)
        self.show()
        self.search.setFocus()
        place = self.matches.mapFromSource(self.matches.sourceModel().index(row, 0))
        self.list.setCurrentIndex(place)
        self.list.scrollTo(place, QAbstractItemView.ScrollHint.PositionAtCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and border: no style sheet reaches a child of a combo box that is a window."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows of the search line move through the list."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in MOVES:
            self._move(event.key())
            return True
        return super().eventFilter(watched, event)

    def _move(self, key: int) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}[Qt.Key(key)]
        last = self.matches.rowCount() - 1
        row = min(max(self.list.currentIndex().row() + steps, 0), last)
        self.list.setCurrentIndex(self.matches.index(row, 0))

    def _filter(self, text: str) -> None:
        self.matches.look_for(text)
        self.list.setCurrentIndex(self.matches.index(0, 0))
        if not self.matches.rowCount():
            self.about.setText("Nothing has this name.")

    def _explain(self, index: QModelIndex, before: QModelIndex) -> None:
        self.about.setText(index.data(ABOUT) or "" if index.isValid() else "")

    def _choose(self) -> None:
        index = self.list.currentIndex()
        if index.isValid():
            self.hide()
            self.chosen.emit(self.matches.mapToSource(index).row())


class Picker(Combo):
    """A combo box whose list is a drawer."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.setIconSize(SIZE)
        self.drawer: Drawer | None = None

    def showPopup(self) -> None:
        """Open the drawer below the combo box, or above it where there is no room below."""
        if self.drawer is None:
            self.drawer = Drawer(self, self.model(), self._title)
            self.drawer.chosen.connect(self.setCurrentIndex)
        room = self.screen().availableGeometry()
        size = QSize(max(self.width(), LEAST_WIDTH), min(HEIGHT, round(room.height() * MOST_OF_SCREEN)))
        corner = self.mapToGlobal(QPoint(0, self.height() + 2))
        if corner.y() + size.height() > room.bottom():
            above = self.mapToGlobal(QPoint(0, -2)).y() - size.height()
            corner.setY(above if above >= room.top() else max(room.top(), room.bottom() - size.height()))
        corner.setX(max(room.left(), min(corner.x(), room.right() - size.width())))
        self.drawer.show_at(corner, size, self.currentIndex())

    def hidePopup(self) -> None:
        """Close the drawer."""
        if self.drawer is not None:
            self.drawer.hide()
        super().hidePopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the list, since Space trains."""
        if event.key() in RETURN:
            self.showPopup()
        else:
            super().keyPressEvent(event)
