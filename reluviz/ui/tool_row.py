"""The small controls of a view in a row; those that find no room go behind a button at its end."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

GAP = 6


class ToolRow(QWidget):
    """Keeps the first tools in sight and offers the others in a small window below."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._tools: list[QWidget] = []
        self._busy = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self.more = QToolButton()
        self.more.setText("⋯")
        self.more.setObjectName("moreTools")
        self.more.setToolTip(f"More controls of {title}")
        self.more.setAccessibleName(f"More controls of {title}")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.clicked.connect(self._open)
        self.more.hide()
        self._row.addWidget(self.more)
        self.popup = QFrame(self, Qt.WindowType.Popup)
        self.popup.setObjectName("toolPopup")
        self._column = QVBoxLayout(self.popup)
        self._column.setContentsMargins(10, 10, 10, 10)
        self._column.setSpacing(GAP)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def set_tools(self, tools: Sequence[QWidget]) -> None:
        """Show these, the most important first."""
        self._tools = list(tools)
        for place, tool in enumerate(tools):
            self._row.insertWidget(place, tool)
            tool.installEventFilter(self)
        self._arrange()

    @property
    def inside(self) -> list[QWidget]:
        """The tools in the row itself."""
        return [tool for tool in self._tools if tool.parent() is self]

    def sizeHint(self) -> QSize:
        """Room for all."""
        return QSize(self._needed(self._wanted()), self._height())

    def minimumSizeHint(self) -> QSize:
        """Room for the button, if there are any tools."""
        return QSize(self.more.sizeHint().width() if self._wanted() else 0, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room out anew."""
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A tool that comes, goes or becomes wider changes who has room."""
        kinds = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent, QEvent.Type.FontChange)
        if not self._busy and event.type() in kinds:
            self._refit()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Follow what the tools ask for."""
        if event.type() == QEvent.Type.LayoutRequest and not self._busy:
            self._refit()
        return super().event(event)

    def _refit(self) -> None:
        self.updateGeometry()
        self._arrange()

    def _wanted(self) -> list[QWidget]:
        """The tools that the view does not hide itself."""
        return [tool for tool in self._tools if not tool.isHidden()]

    def _height(self) -> int:
        return max((tool.sizeHint().height() for tool in self._tools), default=0)

    def _needed(self, tools: Sequence[QWidget]) -> int:
        return sum(_width(tool) + GAP for tool in tools) - (GAP if tools else 0)

    def _arrange(self) -> None:
        """As many tools as fit, in their order; the rest go behind the button."""
        if self._busy:
            return
        self._busy = True
        wanted = self._wanted()
        room, count = self.width(), len(wanted)
        if self._needed(wanted) > room:
            room -= self.more.sizeHint().width() + GAP
            count = next((n for n in reversed(range(count)) if self._needed(wanted[:n]) <= room), 0)
        for place, tool in enumerate(wanted):
            self._move(tool, place, inside=place < count)
        self.more.setVisible(count < len(wanted))
        self._busy = False

    def _move(self, tool: QWidget, place: int, *, inside: bool) -> None:
        if inside and tool.parent() is not self:
            self._row.insertWidget(place, tool)
            tool.show()
        elif not inside and tool.parent() is not self.popup:
            self._column.addWidget(tool)
            tool.show()

    def _open(self) -> None:
        """Show the rest below the button, inside the screen."""
        self.popup.adjustSize()
        corner = self.more.mapToGlobal(QPoint(self.more.width(), self.more.height() + 2))
        room = self.screen().availableGeometry()
        left = max(room.left(), corner.x() - self.popup.width())
        self.popup.move(left, min(corner.y(), room.bottom() - self.popup.height()))
        self.popup.show()
        first = next((tool for tool in self._wanted() if tool.parent() is self.popup), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)


def _width(tool: QWidget) -> int:
    """What a tool needs, within what it may have."""
    return min(max(tool.sizeHint().width(), tool.minimumWidth()), tool.maximumWidth())
