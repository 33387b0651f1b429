"""The lines of a network diagram: weights by width and colour, frames, and the marks of what became of a neuron."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from reluviz.core.snapshot import RunState
from reluviz.ui.theme import Theme, mix
from reluviz.ui.views.diagram_edges import CLASSES, Edges
from reluviz.ui.views.diagram_layout import FRAMED, DiagramLayout

Array = np.ndarray[Any, np.dtype[Any]]
# The widest edge as a share of a tile, in pixels at most and at least; the faintest has FAINT of the width and colour.
WIDEST, MOST_WIDTH, LEAST_WIDTH = 0.1, 3.6, 1.4
FAINT_WIDTH, FAINT_COLOR = 0.16, 0.3
# What is left of the colour of an edge that does not stand out.
FADED = 0.16
# The least tile that has a padlock.
LOCKED = 22.0
# Up to this width lines are smoothed at little cost.
HAIR = 1.0
# So many lines are drawn without smoothing.
MANY = 700


class Strokes:
    """Batches of lines, one for each class of width and colour."""

    def __init__(self) -> None:
        self._theme: Theme | None = None
        self._pen = 1.0
        self._edges: list[list[QLineF]] = []
        self._own: list[list[QLineF]] = []
        self._frames: list[QRectF] = []
        self._marks: dict[str, list[list[float]]] = {}
        self._tile = 0.0
        self._framed: DiagramLayout | None = None

    def set_theme(self, theme: Theme, pen: float) -> None:
        """Take colours; `pen` is the width of a logical pixel."""
        self._theme, self._pen = theme, pen

    def set_edges(self, layout: DiagramLayout, edges: list[Edges]) -> None:
        """The weights that are drawn while nothing stands out, and behind what does."""
        self._tile = layout.tile
        self._edges = batches(layout, edges)

    def set_own(self, layout: DiagramLayout, edges: list[Edges]) -> None:
        """The weights that stand out."""
        self._own = batches(layout, edges)

    def set_states(self, layout: DiagramLayout, state: RunState) -> None:
        """Where the dead, silent, killed and frozen neurons are."""
        if layout is not self._framed:
            self._framed = layout
            corners = np.concatenate(layout.corners) if layout.tile >= FRAMED else np.zeros((0, 2))
            self._frames = [QRectF(x, y, layout.tile, layout.tile) for x, y in corners.tolist()]
        places = np.concatenate(layout.corners[1:])
        dead, killed = state.neurons.dead, state.killed
        silent = state.neurons.silent & ~dead
        kinds = {"dead": dead, "silent": silent, "killed": killed, "frozen": state.frozen}
        few = layout.tile >= FRAMED
        self._marks = {name: places[np.asarray(rows, bool)].tolist() for name, rows in kinds.items() if few}

    def block_rect(self, layout: DiagramLayout, block: int) -> QRectF:
        """The room of a block's picture."""
        pitch = layout.tile + layout.gap
        width, height = layout.block_width(block), layout.rows[block] * pitch
        return QRectF(layout.lefts[block], layout.tops[block], width, height)

    def distances(self, layout: DiagramLayout, edges: Edges, at: Array) -> Array:
        """How far a point (2,) is from each edge, in pixels; (edges,)."""
        ends = ends_of(layout, edges)
        start, way = ends[:, :2], ends[:, 2:] - ends[:, :2]
        along = ((at - start) * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-9)
        nearest = start + np.clip(along, 0, 1)[:, None] * way
        return np.asarray(np.linalg.norm(nearest - at, axis=1))

    def paint_edges(self, painter: QPainter, *, faded: bool) -> None:
        """All weights, faint ones first, or in nearly the colour of the background where others stand out."""
        many = sum(map(len, self._edges)) > MANY
        self._paint_lines(painter, self._edges, smooth=not many, faded=faded)

    def paint_own(self, painter: QPainter) -> None:
        """The weights that stand out."""
        self._paint_lines(painter, self._own, smooth=True, faded=False)

    def _paint_lines(self, painter: QPainter, groups: list[list[QLineF]], *, smooth: bool, faded: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
        for kind in sorted(range(len(groups)), key=lambda each: each % CLASSES):
            if groups[kind]:
                painter.setPen(self._edge_pen(kind, faded=faded))
                painter.drawLines(groups[kind])

    def _edge_pen(self, kind: int, *, faded: bool) -> QPen:
        assert self._theme is not None
        level, negative = kind % CLASSES / (CLASSES - 1), kind >= CLASSES
        end = self._theme.negative if negative else self._theme.positive
        width = min(MOST_WIDTH, max(LEAST_WIDTH, WIDEST * self._tile))
        width *= FAINT_WIDTH + (1 - FAINT_WIDTH) * level
        width = HAIR if width < 1.3 * HAIR else width
        share = FADED if faded else FAINT_COLOR + (1 - FAINT_COLOR) * level
        return self._line(mix(self._theme.panel, end, share), min(width, 1.0) if faded else width)

    def _line(self, color: str, width: float) -> QPen:
        pen = pg.mkPen(color, width=width * self._pen)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen

    def paint_marks(
        self,
        painter: QPainter,
        layout: DiagramLayout,
        chosen: tuple[int, int] | None,
        pointed: tuple[int, int] | None,
    ) -> None:
        """Frames; crosses for the dead, a bar for the killed, a second frame and a padlock for the frozen."""
        assert self._theme is not None
        theme, tile = self._theme, layout.tile
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._line(theme.axis, 1))
        painter.drawRects(self._frames)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = max(1.0, min(2.0, tile / 14))
        for name, color in (("silent", theme.dim), ("dead", theme.error)):
            painter.setPen(self._line(color, width))
            painter.drawLines(crosses(self._marks.get(name, []), tile))
        bars = [QLineF(x, y + tile, x + tile, y) for x, y in self._marks.get("killed", ())]
        for color, own in ((theme.panel, 2 * width + 2.5), (theme.text, 2 * width)):
            painter.setPen(self._line(color, own))
            painter.drawLines(bars)
        self._paint_frozen(painter, tile)
        for place, color, own in ((chosen, theme.accent, 2.5), (pointed, theme.text, 1.5)):
            if place is not None and place[0] < len(layout.counts) and place[1] < layout.counts[place[0]]:
                x, y = layout.corners[place[0]][place[1]].tolist()
                painter.setPen(self._line(color, own))
                painter.drawRect(QRectF(x - 2, y - 2, tile + 4, tile + 4))

    def _paint_frozen(self, painter: QPainter, tile: float) -> None:
        assert self._theme is not None
        places = self._marks.get("frozen", ())
        inset = max(1.5, tile / 12)
        painter.setPen(self._line(self._theme.text, 1.2))
        painter.drawRects([QRectF(x, y, tile, tile) for x, y in places])
        painter.drawRects([QRectF(x + inset, y + inset, tile - 2 * inset, tile - 2 * inset) for x, y in places])
        if tile < LOCKED:
            return
        size = tile / 4.5
        for x, y in places:
            body = QRectF(x + tile - inset - 1.5 * size, y + inset + size * 0.9, 1.3 * size, size)
            painter.fillRect(body.adjusted(-2, -size * 0.9, 2, 2), QColor(self._theme.panel))
            painter.setPen(self._line(self._theme.text, max(1.2, size / 5)))
            arch = QRectF(body.center().x() - size * 0.38, body.top() - size * 0.6, size * 0.76, size * 1.1)
            painter.drawArc(arch, 0, 180 * 16)
            painter.fillRect(body, QColor(self._theme.text))


def batches(layout: DiagramLayout, edges: list[Edges]) -> list[list[QLineF]]:
    """The lines of each class."""
    groups: list[list[QLineF]] = [[] for _ in range(2 * CLASSES)]
    if not edges:
        return groups
    ends = np.concatenate([ends_of(layout, one) for one in edges])
    kinds = np.concatenate([one.classes for one in edges])
    lines = [QLineF(*row) for row in ends.tolist()]
    for kind in np.unique(kinds).tolist():
        groups[kind] = [lines[place] for place in np.flatnonzero(kinds == kind).tolist()]
    return groups


def ends_of(layout: DiagramLayout, edges: Edges) -> Array:
    """x and y of both ends of each edge, float64 (edges, 4)."""
    start = layout.corners[edges.layer][edges.sources] + (layout.tile, layout.tile / 2)
    end = layout.corners[edges.layer + 1][edges.units] + (0.0, layout.tile / 2)
    return np.concatenate([start, end], axis=1)


def crosses(places: list[list[float]], tile: float) -> list[QLineF]:
    """Two lines over each tile."""
    low, high = 0.24 * tile, 0.76 * tile
    found = []
    for x, y in places:
        found.append(QLineF(QPointF(x + low, y + low), QPointF(x + high, y + high)))
        found.append(QLineF(QPointF(x + low, y + high), QPointF(x + high, y + low)))
    return found
