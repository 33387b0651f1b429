"""A small form below a button: any described value, changed at once, with a way back to the usual one."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from reluviz.core.param import Described
from reluviz.ui.form import Form

# No higher than this share of the screen: what is longer scrolls.
MOST_SHARE = 0.7
WIDTH_LETTERS = 46


class ValuePopup(QFrame):
    """Opens below a widget and closes with a click beside it, or Escape."""

    def __init__(
        self, title: str, value: Described, usual: Described, taken: Callable[[Any], None], parent: QWidget
    ) -> None:
        """`taken` is called with every value that the person makes."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("valuePopup")
        self.setAccessibleName(title)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._usual, self._taken = usual, taken
        self.form = Form(type(value), "diagnosis")
        self.form.edited.connect(self._take)
        name = QLabel(title)
        name.setObjectName("dockName")
        self.usual = QPushButton("Usual")
        self.usual.setToolTip("Go back to the usual values")
        self.usual.clicked.connect(self._go_back)
        head = QHBoxLayout()
        head.addWidget(name, 1)
        head.addWidget(self.usual)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 10, 0)
        column.addWidget(self.form)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 8, 12)
        layout.addLayout(head)
        layout.addWidget(self.area)
        self._show_value(value)

    def open_below(self, anchor: QWidget) -> None:
        """Open with the right edges together, within the screen."""
        room = anchor.screen().availableGeometry()
        wanted = self.form.sizeHint().height() + self.sizeHint().height() - self.area.sizeHint().height()
        size = QSize(
            min(self.fontMetrics().averageCharWidth() * WIDTH_LETTERS, room.width()),
            min(wanted, round(MOST_SHARE * room.height())),
        )
        self.resize(size)
        corner = anchor.mapToGlobal(QPoint(anchor.width() - size.width(), anchor.height() + 2))
        x = min(max(corner.x(), room.left()), room.right() - size.width())
        self.move(x, min(max(corner.y(), room.top()), room.bottom() - size.height()))
        self.show()

    def _show_value(self, value: Described) -> None:
        self.form.show_value(value)
        self.usual.setEnabled(value != self._usual)

    def _take(self, value: Described, gesture: object) -> None:
        self._show_value(value)
        self._taken(value)

    def _go_back(self) -> None:
        self._take(self._usual, None)
