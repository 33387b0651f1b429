"""What the mouse does in a network diagram: a click selects, dragging moves, the wheel scrolls or zooms."""

from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from reluviz.core.surgery import BIAS
from reluviz.ui.views.diagram import Diagram

Place = tuple[int, int]
# The mouse may move so far in a click, in pixels.
CLICK = 4
ZOOM = 1.25


class Mouse:
    """Follows the left button and the wheel over the canvas of a diagram."""

    def __init__(
        self,
        diagram: Diagram,
        canvas: pg.GraphicsLayoutWidget,
        select: Callable[[Place | None], None],
        edit: Callable[[Place, int], None],
    ) -> None:
        """`select` gets the block and node that was clicked; `edit` a node and which of its sources, or BIAS."""
        self._diagram, self._canvas = diagram, canvas
        self._select, self._edit = select, edit
        self._pressed: QPointF | None = None
        self._dragged: QPointF | None = None

    @property
    def dragging(self) -> bool:
        """Whether the diagram is being moved."""
        return self._dragged is not None

    def inside(self, position: QPointF) -> QPointF | None:
        """A place of the canvas as a point of the diagram, None outside."""
        point = self._diagram.mapFromScene(self._canvas.mapToScene(position.toPoint()))
        return point if self._diagram.words.inner(self._diagram.rect()).contains(point) else None

    def takes(self, event: QEvent) -> bool:
        """Act on an event of the canvas; True if nobody else shall."""
        kind = event.type()
        if kind == QEvent.Type.Wheel and isinstance(event, QWheelEvent):
            self._wheel(event)
            return True
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent) and self._pressed is not None:
            self._drag(event.position())
            return True
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return False
        acts = {
            QEvent.Type.MouseButtonPress: self._press,
            QEvent.Type.MouseButtonRelease: self._release,
            QEvent.Type.MouseButtonDblClick: self._double,
        }
        if kind in acts:
            acts[kind](event.position())
        return kind in acts

    def _wheel(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._diagram.scroll(-turned / 2)
            return
        point = self.inside(event.position())
        if point is not None:
            self._diagram.zoom(ZOOM ** (turned / 120), point)

    def _press(self, position: QPointF) -> None:
        self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed, self._dragged = position, None

    def _drag(self, position: QPointF) -> None:
        assert self._pressed is not None
        before = self._dragged
        if before is None:
            if (position - self._pressed).manhattanLength() < CLICK:
                return
            before = self._pressed
        self._diagram.pan(position.x() - before.x(), position.y() - before.y())
        self._dragged = position

    def _release(self, position: QPointF) -> None:
        dragged, self._dragged, pressed, self._pressed = self._dragged, None, self._pressed, None
        point = self.inside(position)
        if dragged is None and pressed is not None and point is not None:
            self._select(self._diagram.node_at(point))

    def _double(self, position: QPointF) -> None:
        """Edit the weight or the bias under the cursor, or see everything."""
        point = self.inside(position)
        if point is None:
            return
        place, edge = self._diagram.node_at(point), self._diagram.edge_at(point)
        if place is not None and place[0]:
            self._edit(place, BIAS)
        elif place is None and edge is not None:
            self._edit((edge.layer + 1, edge.unit), edge.source)
        elif place is None:
            self._diagram.fit()
