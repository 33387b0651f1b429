"""What part of a page may be drawn on, kept as one outline in the page's own coordinates."""

from itertools import pairwise

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QTransform

EDGE = 2.0


class Clip:
    """Follows a painter's clips."""

    def __init__(self) -> None:
        self.enabled = False
        self._path: QPainterPath | None = None

    @property
    def path(self) -> QPainterPath | None:
        """The outline in force; None where everything may be drawn."""
        return self._path if self.enabled else None

    def holds(self, room: QRectF) -> bool:
        """Whether nothing of a rectangle is cut off, but for the edge of a letter."""
        path = self.path
        return path is None or path.contains(room.adjusted(EDGE, EDGE, -EDGE, -EDGE))

    def combine(self, path: QPainterPath, matrix: QTransform, operation: Qt.ClipOperation) -> None:
        """Replace the outline, narrow it, or take it away."""
        if operation == Qt.ClipOperation.NoClip:
            self._path, self.enabled = None, False
            return
        before, outline = self.path, matrix.map(path)
        if operation == Qt.ClipOperation.IntersectClip and before is not None:
            outline = intersection(before, outline)
        self._path, self.enabled = outline, True


def intersection(first: QPainterPath, second: QPainterPath) -> QPainterPath:
    """What two outlines share; two upright rectangles, the usual case, are exact."""
    if not (is_upright(first) and is_upright(second)):
        return first.intersected(second)
    shared = QPainterPath()
    shared.addRect(first.boundingRect().intersected(second.boundingRect()))
    return shared


def is_upright(path: QPainterPath) -> bool:
    """Whether a path is one rectangle with upright sides."""
    if path.elementCount() != 5:
        return False
    corners = [(path.elementAt(place).x, path.elementAt(place).y) for place in range(5)]
    straight = all(abs(a[0] - b[0]) < 1e-6 or abs(a[1] - b[1]) < 1e-6 for a, b in pairwise(corners))
    return straight and corners[0] == corners[-1] and not any(path.elementAt(i).isCurveTo() for i in range(5))
