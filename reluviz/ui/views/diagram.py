"""A network as a diagram in one item: its nodes with their pictures, its weights, and what is pointed at."""

from typing import Any, NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from reluviz.core.snapshot import RunState, Snapshot
from reluviz.ui.theme import Theme, diverging
from reluviz.ui.views.diagram_edges import MOST_EDGES, Edges, largest, of_input, of_neuron, strongest
from reluviz.ui.views.diagram_layout import FRAMED, DiagramLayout, arrange_diagram
from reluviz.ui.views.diagram_strokes import Strokes
from reluviz.ui.views.diagram_tiles import argb, burn_states, pictures, side_of, stitch, thin, values_of
from reluviz.ui.views.diagram_words import DiagramWords
from reluviz.ui.views.raster import colors, fine

Array = np.ndarray[Any, np.dtype[Any]]
# In narrower gaps between layers the edges of all neurons are only clutter: those of one are drawn.
LEAST_GAP = 14.0
MOST_ZOOM = 12.0
# How far from an edge the cursor may be, in pixels.
NEAR = 4.0


class Edge(NamedTuple):
    """One weight: its layer, the unit it leads to, its source in the layer before (BIAS: the bias), its value."""

    layer: int
    unit: int
    source: int
    value: float


class Diagram(pg.GraphicsWidget):
    """One run's network; blocks and nodes are counted as in DiagramLayout: block 0 holds the inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme | None = None
        self.snapshot: Snapshot | None = None
        self.state: RunState | None = None
        self.layout_now: DiagramLayout | None = None
        self.words, self.strokes = DiagramWords(), Strokes()
        self.edges: list[Edges] = []
        self.weights = 0
        self.own: list[Edges] = []
        self.reaches: list[float] = []
        # ARGB of all nodes and all biases, and the pictures that have been seen with the memory that they use.
        self._tiles = self._tints = np.zeros(0, np.uint32)
        self._images: dict[int, tuple[QImage, Array]] = {}
        self._theta: Array = np.zeros(0)
        self._clear = self._paper = False
        self._zoom, self._offset = 1.0, QPointF()
        self._arranged: Any = None
        self._thinned: tuple[Any, int, Array] | None = None
        self._pointed: tuple[int, int] | None = None
        self._chosen: tuple[int, int] | None = None
        self._color = "#000000"
        self.setFlag(self.GraphicsItemFlag.ItemClipsToShape)
        self.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Expanding)

    @property
    def focus(self) -> tuple[int, int] | None:
        """The block and node whose edges stand out: the one under the cursor, else the chosen one."""
        return self._pointed if self._pointed is not None else self._chosen

    @property
    def all_edges(self) -> bool:
        """Whether the edges of all neurons are drawn: there is room for them."""
        return self.layout_now is not None and self.layout_now.between >= LEAST_GAP

    def set_theme(self, theme: Theme, scale: float, pen: float, *, clear: bool = False, paper: bool = False) -> None:
        """Take colours and fonts; `pen` is the width of a logical pixel, `clear` and `paper` as in View."""
        self.theme, self._clear, self._paper = theme, clear, paper
        self.words.set_theme(theme, scale)
        self.strokes.set_theme(theme, pen)
        self._arranged = None

    def show_run(self, snapshot: Snapshot, run: int, title: str) -> None:
        """Draw a run; weights that are not in the snapshot stay as they were for the same network."""
        assert self.theme is not None
        before = self.snapshot
        self.snapshot, self.state = snapshot, snapshot.runs[run]
        self._color = self.theme.runs[snapshot.settings.runs[run].color]
        same = before is not None and before.settings.network.hidden == snapshot.settings.network.hidden
        if self.state.theta.size:
            self._theta = np.asarray(self.state.theta)
        elif not same or self._theta.size != snapshot.shape.total:
            self._theta = np.zeros(0)
        self.words.set_run(snapshot, run, title, self._color)
        self._arrange()
        self._picture()
        self._choose_edges()
        self.update()

    def _arrange(self) -> None:
        assert self.snapshot is not None
        counts = self.snapshot.shape.sizes
        room = (self.rect().width(), self.rect().height())
        margins = self.words.margins(room)
        wanted = (counts, room, margins, self._paper, self._zoom)
        if wanted != self._arranged:
            self._arranged = wanted
            self.layout_now = arrange_diagram(counts, room, margins, paper=self._paper, zoom=self._zoom)
            self._limit()

    def _picture(self) -> None:
        """One picture for each block."""
        assert self.snapshot is not None
        assert self.state is not None
        assert self.layout_now is not None
        assert self.theme is not None
        layout, shape, theme = self.layout_now, self.snapshot.shape, self.theme
        places = self._thin(side_of(layout, self.snapshot.probe.kind))
        values, self.reaches = values_of(self.snapshot, self.state, places)
        tiles = pictures(self.snapshot, values, places, theme, self._color)
        inputs, side = shape.sizes[0], tiles.shape[1]
        if len(tiles) == inputs:
            unknown = np.full((shape.neurons, side, side), argb(theme.raised), np.uint32)
            tiles = np.concatenate([tiles, unknown])
        if layout.tile < FRAMED:
            burn_states(tiles[inputs:], self.state, theme)
        self._tiles, self._images = tiles, {}
        biases = np.array(self.state.neurons.bias, np.float32)
        with np.errstate(all="ignore"):
            self._tints = colors(np.clip(biases / largest(biases), -1, 1), diverging(theme))
        self.strokes.set_states(layout, self.state)

    def _image(self, block: int) -> QImage:
        """The picture of a block, made when it is first seen."""
        assert self.snapshot is not None
        assert self.layout_now is not None
        assert self.theme is not None
        if block not in self._images:
            layout, shape, theme = self.layout_now, self.snapshot.shape, self.theme
            empty = 0 if self._clear else int(argb(theme.panel))
            # Small tiles have no frames: the gaps between them have a colour instead.
            around = (int(argb(theme.grid)) if layout.tile < FRAMED else empty, empty)
            first = shape.sizes[0] + shape.offsets[block - 1] if block else 0
            tiles = self._tiles[first : first + shape.sizes[block]]
            before = first - shape.sizes[0]
            marks = (self._tints[before : before + len(tiles)], argb(theme.dim)) if block else None
            self._images[block] = stitch(tiles, layout, block, around, marks)
        return self._images[block][0]

    def _thin(self, side: int) -> Array:
        """The probe's points that are shown; the same for all snapshots of a lab."""
        assert self.snapshot is not None
        probe = self.snapshot.probe
        if self._thinned is None or self._thinned[0] is not probe or self._thinned[1] != side:
            self._thinned = (probe, side, thin(self.snapshot, side))
        return self._thinned[2]

    def _choose_edges(self) -> None:
        """The edges of everything, and of the node that stands out."""
        assert self.snapshot is not None
        assert self.layout_now is not None
        self.edges, self.weights = [], self.snapshot.shape.parameters - self.snapshot.shape.neurons
        if self._theta.size and self.all_edges:
            self.edges, self.weights = strongest(self.snapshot.shape, self._theta, MOST_EDGES)
        self.strokes.set_edges(self.layout_now, self.edges)
        self._stand_out()

    def _stand_out(self) -> None:
        assert self.snapshot is not None
        assert self.layout_now is not None
        own: list[Edges] = []
        if self.focus is not None and self._theta.size:
            block, node = self.focus
            shape = self.snapshot.shape
            if block < len(shape.sizes) and node < shape.sizes[block]:
                own = of_neuron(shape, self._theta, block - 1, node) if block else of_input(shape, self._theta, node)
        self.own = own
        self.strokes.set_own(self.layout_now, own)

    def point_at(self, place: tuple[int, int] | None) -> None:
        """Let the edges of this node stand out, None: of the chosen one."""
        if place != self._pointed:
            self._pointed = place
            self._refocus()

    def choose(self, place: tuple[int, int] | None) -> None:
        """The node that stands out while none is pointed at."""
        if place != self._chosen:
            self._chosen = place
            self._refocus()

    def _refocus(self) -> None:
        if self.layout_now is not None:
            self._stand_out()
            self.update()

    def zoom(self, factor: float, at: QPointF) -> None:
        """Enlarge around a point of this item."""
        if self.layout_now is None:
            return
        zoom = min(MOST_ZOOM, max(1.0, self._zoom * factor))
        before = (self.layout_now.width, self.layout_now.height)
        share = [(at.x() + self._offset.x()) / before[0], (at.y() + self._offset.y()) / before[1]]
        self._zoom = zoom
        self._arrange()
        size = (self.layout_now.width, self.layout_now.height)
        self._offset = QPointF(share[0] * size[0] - at.x(), share[1] * size[1] - at.y())
        self._redo()

    def fit(self) -> None:
        """See everything, or as much of it as there is room for."""
        self._zoom, self._offset = 1.0, QPointF()
        if self.snapshot is not None:
            self._arrange()
            self._redo()

    def pan(self, x: float, y: float) -> None:
        """Move the picture by so many pixels."""
        self._offset -= QPointF(x, y)
        self._limit()
        self.update()

    def scroll(self, pixels: float) -> None:
        """Move along what overflows: down, or to the right where the height fits."""
        if self.layout_now is None:
            return
        tall = self.layout_now.height > self.rect().height() + 1
        self.pan(*((0.0, -pixels) if tall else (-pixels, 0.0)))

    def _redo(self) -> None:
        self._limit()
        self._picture()
        self._choose_edges()
        self.update()

    def _limit(self) -> None:
        if self.layout_now is None:
            return
        most = self.layout_now.width - self.rect().width(), self.layout_now.height - self.rect().height()
        x, y = (min(max(0.0, now), max(0.0, end)) for now, end in zip(self._offset.toTuple(), most, strict=True))
        self._offset = QPointF(round(x), round(y))

    def node_at(self, point: QPointF) -> tuple[int, int] | None:
        """The block and node under a point of this item."""
        if self.layout_now is None:
            return None
        return self.layout_now.at(point.x() + self._offset.x(), point.y() + self._offset.y())

    def edge_at(self, point: QPointF) -> Edge | None:
        """The drawn weight nearest to a point of this item, if it is near."""
        if self.layout_now is None:
            return None
        at = np.array([point.x() + self._offset.x(), point.y() + self._offset.y()])
        best, found = NEAR, None
        for one in (*self.own, *([] if self.own else self.edges)):
            if not len(one.values):
                continue
            distance = self.strokes.distances(self.layout_now, one, at)
            place = int(distance.argmin())
            if distance[place] < best:
                best = float(distance[place])
                found = Edge(one.layer, int(one.units[place]), int(one.sources[place]), float(one.values[place]))
        return found

    def place_of(self, block: int, node: int) -> QPointF:
        """The centre of a node's tile, as a point of this item."""
        assert self.layout_now is not None
        x, y = (self.layout_now.corners[block][node] + self.layout_now.tile / 2).tolist()
        return QPointF(x, y) - self._offset

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Edges below, then pictures, marks and words."""
        layout = self.layout_now
        if layout is None or self.theme is None or self.state is None:
            return
        painter.save()
        painter.setClipRect(self.words.inner(self.rect()))
        painter.translate(-self._offset)
        self.strokes.paint_edges(painter, faded=self.focus is not None)
        if self.all_edges:
            self.strokes.paint_own(painter)
        # Small tiles have too few pixels for smoothing to be worth its time.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, layout.tile >= FRAMED)
        seen = self.rect().translated(self._offset)
        for block in range(len(layout.counts)):
            room = self.strokes.block_rect(layout, block)
            if room.intersects(seen):
                painter.drawImage(room, fine(self._image(block), self))
        if not self.all_edges:
            # In gaps as narrow as these they could not be followed.
            self.strokes.paint_own(painter)
        self.strokes.paint_marks(painter, layout, self._chosen, self._pointed)
        self.words.paint_numbers(painter, layout, self.state, self.own)
        painter.restore()
        painter.save()
        painter.translate(-self._offset.x(), 0)
        self.words.paint_heads(painter, layout, self.reaches, self.rect().width())
        painter.restore()
        self.words.paint_title(painter, self.rect())
