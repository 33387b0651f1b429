"""All lines of a plot as one item: polylines with or without marks, drawn in the plot's pixels.

An item for each line costs more to paint than the lines, where they have a few dozen points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

Array = np.ndarray[Any, np.dtype[Any]]


# A longer line is drawn piece by piece: stroking it as a whole takes ever longer the more often it crosses itself.
LONG = 70


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """x and y, both (points,), broken where y is not finite; with a mark of so many pixels at every point, if any."""

    x: Array
    y: Array
    pen: QPen
    mark: float = 0.0


class Lines(pg.GraphicsWidget):
    """Lines over a plot, the first at the back."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(plot.vb)
        self._box = plot.vb
        self._edge = QPen()
        self.lines: tuple[Line, ...] = ()
        self.setZValue(10)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        plot.vb.sigResized.connect(self._settle)
        plot.vb.sigRangeChanged.connect(self._moved)

    def set_edge(self, pen: QPen) -> None:
        """What marks are ringed with, so that each stands out from the lines."""
        self._edge = pen

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Draw these."""
        self.lines = tuple(lines)
        self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Every unbroken stretch as a polyline, then the marks."""
        (left, right), (bottom, top) = self._box.viewRange()
        room = self.rect()
        if room.isEmpty():
            # While a window is arranged there may be no height at all, and minus infinity times 0 is no place.
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line in self.lines:
            points = np.empty((len(line.x), 2))
            points[:, 0] = (line.x - left) * (room.width() / (right - left))
            points[:, 1] = room.height() - (line.y - bottom) * (room.height() / (top - bottom))
            fine = np.isfinite(points[:, 1])
            # Qt's numbers of pixels end somewhere; what is that far away is out of sight.
            np.clip(points, -1e5, 1e5, out=points)
            painter.setPen(line.pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if len(points) > LONG:
                # The painter gets a pointer: what it points to must live as long as the call.
                pieces = segments(points, fine)
                painter.drawLines(*pieces.drawargs())
            else:
                for stretch in stretches(points, fine):
                    painter.drawPolyline(stretch)
            if line.mark:
                painter.setPen(self._edge)
                painter.setBrush(QColor(line.pen.color()))
                for x, y in points[fine]:
                    painter.drawEllipse(QPointF(x, y), line.mark / 2, line.mark / 2)

    def _settle(self, *_: Any) -> None:
        self.setGeometry(QRectF(self._box.rect()))

    def _moved(self, *_: Any) -> None:
        self.update()


def stretches(points: Array, fine: Array) -> list[Any]:
    """The stretches of points (points, 2) that are fine (points,), as polygons; one point alone is none."""
    if fine.all():
        parts = [points] if len(points) > 1 else []
    else:
        turns = np.diff(np.concatenate([[0], fine.astype(np.int8), [0]]))
        ends = zip(np.flatnonzero(turns == 1), np.flatnonzero(turns == -1), strict=True)
        parts = [points[first:last] for first, last in ends if last - first > 1]
    made = []
    for part in parts:
        polygon = pg.functions.create_qpolygonf(len(part))
        pg.functions.ndarray_from_qpolygonf(polygon)[:] = part
        made.append(polygon)
    return made


def segments(points: Array, fine: Array) -> Any:
    """The pieces between neighbouring points that are both fine, as QLineF in one block."""
    pieces = np.hstack([points[:-1], points[1:]])[fine[:-1] & fine[1:]]
    made = pg.Qt.internals.PrimitiveArray(QLineF, 4)
    made.resize(len(pieces))
    made.ndarray()[:] = pieces
    return made
