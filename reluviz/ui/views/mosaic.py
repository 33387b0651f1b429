"""All neurons of one run as small maps in one picture."""

import math
from typing import Any, NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from reluviz.core.snapshot import Probe, RunState, Snapshot
from reluviz.ui.theme import Theme, diverging, dress_font, mix
from reluviz.ui.views.hand_marks import HELD, KILLED, paint_hand_words, paint_hands
from reluviz.ui.views.marks import NONE, marks_of, paint_marks, paint_words
from reluviz.ui.views.mosaic_tiles import SAMPLE_PIXELS, compose, curve, sample_cells, scaled
from reluviz.ui.views.raster import colors, fine
from reluviz.ui.views.tiling import GAP, LEAST_PAPER_TILE, LEAST_TILE, Tiling, arrange

Array = np.ndarray[Any, np.dtype[Any]]
HEAD = 22.0
LABELS = 58
# Maps with more than so many points for each pixel across are thinned to one for each.
THIN = 1.5


class Drawn(NamedTuple):
    """A layer as it is painted: what its colours stand for, and its picture with its memory, or its curves."""

    words: str
    picture: tuple[QImage, Array] | None
    paths: list[QPainterPath]


class Mosaic(pg.GraphicsWidget):
    """One run's neurons, hidden layers first: maps over the plane, curves over the line, strips over samples."""

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None
        self._font, self._bold, self._small = QFont(), QFont(), QFont()
        self._title, self._color = "", "#000000"
        self._tiling: Tiling | None = None
        self._snapshot: Snapshot | None = None
        self._each = self._paper = False
        self._ratio = 1.0
        # What has been seen of the snapshot, by layer.
        self._drawn: dict[int, Drawn] = {}
        # Of every neuron: views/marks.py.
        self.marks: Array = np.zeros(0, np.int8)
        self._state: RunState | None = None
        self._offset = 0
        self._scale = 1.0
        self._clear = False
        self._least = LEAST_TILE
        self.hovered: int | None = None
        self.setFlag(self.GraphicsItemFlag.ItemClipsToShape)
        self.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Expanding)

    def set_theme(
        self, theme: Theme, scale: float, ratio: float = 1.0, *, clear: bool = False, paper: bool = False
    ) -> None:
        """Take colours and fonts; `ratio` is the width of a logical pixel in the screen's.

        `clear` leaves the gaps between the tiles without a colour; `paper` never scrolls, and thins nothing.
        """
        self._theme, self._scale, self._ratio, self._clear, self._paper = theme, scale, ratio, clear, paper
        self._least = LEAST_PAPER_TILE if paper else LEAST_TILE
        for font, size in ((self._font, 8.0), (self._bold, 8.5), (self._small, 7.0)):
            dress_font(font, theme, size * scale)
        self._bold.setWeight(QFont.Weight.DemiBold)

    def mark(self, state: RunState, outputs: int) -> Array:
        """Find the marks of a run's neurons, once for each snapshot."""
        if state is not self._state:
            self._state, self.marks = state, marks_of(state, outputs)
        return self.marks

    def show_run(self, snapshot: Snapshot, run: int, title: str, each: bool) -> None:
        """Draw a run's activity; `each` scales every neuron by itself instead of by its layer."""
        assert self._theme is not None
        state = snapshot.runs[run]
        self.mark(state, snapshot.dataset.outputs)
        self._title = title
        self._color = self._theme.runs[snapshot.settings.runs[run].color]
        widths = (*snapshot.settings.network.hidden, snapshot.dataset.outputs)
        room = self.rect()
        head = HEAD * self._scale
        space = (int(room.width()), int(room.height() - head))
        self._tiling = arrange(widths, space, int(LABELS * self._scale), self._least)
        self._offset = max(0, min(self._offset, int(self._tiling.height - room.height() + head)))
        self._snapshot, self._each, self._drawn = snapshot, each, {}
        self.update()

    def _draw_layer(self, layer: int, first: int) -> Drawn:
        """A layer, its first neuron's number given; made when it is first seen: what is out of view costs nothing."""
        if layer not in self._drawn:
            self._drawn[layer] = self._make_layer(layer, first)
        return self._drawn[layer]

    def _make_layer(self, layer: int, first: int) -> Drawn:
        assert self._snapshot is not None
        assert self._state is not None
        assert self._tiling is not None
        assert self._theme is not None
        snapshot, tiling = self._snapshot, self._tiling
        if not len(self._state.activity):
            return Drawn("", None, [])
        rows = slice(first, first + tiling.widths[layer])
        probable = layer == len(tiling.widths) - 1 and snapshot.dataset.task != "regression"
        points = self._points(snapshot.probe)
        values, words = scaled(self._state, rows, points, each=self._each, probable=probable)
        if snapshot.probe.kind == "line":
            return Drawn(words, None, [curve(row, tiling.tile) for row in values])
        tiles = self._as_tiles(snapshot, values)
        return Drawn(words, compose(tiles, tiling, layer, self._theme, clear=self._clear), [])

    def _points(self, probe: Probe) -> Array | None:
        """Which points of the probe are seen, int64, where a tile has far fewer pixels than a map; None: all."""
        assert self._tiling is not None
        pixels = math.ceil(self._tiling.tile * self._ratio)
        if probe.kind != "plane" or self._paper or probe.side < THIN * pixels:
            return None
        across = ((np.arange(pixels) + 0.5) * probe.side / pixels).astype(np.int64)
        return np.asarray((across[:, None] * probe.side + across).ravel(), np.int64)

    def _as_tiles(self, snapshot: Snapshot, values: Array) -> Array:
        """ARGB (units, side, side), first row on top."""
        assert self._theme is not None
        table, probe = diverging(self._theme), snapshot.probe
        if probe.kind == "plane":
            side = math.isqrt(values.shape[1])
            return colors(values, table).reshape(-1, side, side)[:, ::-1]
        cells = sample_cells(snapshot)
        empty = np.uint32(0xFF000000 | int(self._theme.grid[1:], 16))
        tiles = np.where(cells >= 0, colors(values, table)[:, cells], empty)
        # Each cell becomes several pixels, so that smoothing keeps its edges.
        across, down = (-(-SAMPLE_PIXELS // count) for count in (cells.shape[1], cells.shape[0]))
        return tiles.repeat(down, axis=1).repeat(across, axis=2)

    def scroll(self, pixels: int) -> None:
        """Move through a network that is too large for the panel."""
        if self._tiling is not None:
            most = max(0, int(self._tiling.height - self.rect().height() + HEAD * self._scale))
            self._offset = max(0, min(self._offset + pixels, most))
            self.update()

    def neuron_at(self, point: QPointF) -> int | None:
        """The number of the neuron under a point of this item."""
        if self._tiling is None:
            return None
        found = self._tiling.at(point.x(), point.y() - HEAD * self._scale + self._offset)
        return None if found is None else sum(self._tiling.widths[: found[0]]) + found[1]

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Title, then layer by layer what lies in view."""
        if self._tiling is None or self._theme is None:
            return
        theme, tiling, head = self._theme, self._tiling, HEAD * self._scale
        painter.setFont(self._bold)
        painter.setPen(QColor(self._color))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        room = QRectF(LABELS * self._scale, 0, self.rect().width() - LABELS * self._scale, head - 2)
        title = QFontMetricsF(self._bold).elidedText(self._title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(flags), title)
        painter.setClipRect(QRectF(0, head, self.rect().width(), self.rect().height() - head))
        painter.translate(0, head - self._offset)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        view = (self._offset, self._offset + self.rect().height())
        first = 0
        for layer, units in enumerate(tiling.widths):
            top = tiling.tops[layer]
            bottom = top + tiling.rows(layer) * (tiling.tile + GAP)
            if bottom >= view[0] and top <= view[1]:
                self._paint_layer(painter, layer, first, theme)
            first += units

    def _paint_layer(self, painter: QPainter, layer: int, first: int, theme: Theme) -> None:
        assert self._tiling is not None
        tiling, top, drawn = self._tiling, self._tiling.tops[layer], self._draw_layer(layer, first)
        last = layer == len(tiling.widths) - 1
        painter.setFont(self._font)
        name = "Output" if last else f"Layer {layer + 1}"
        height = painter.fontMetrics().height()
        painter.setPen(QColor(theme.text))
        painter.drawText(QPointF(0, top + height - 3), name)
        painter.setPen(QColor(theme.dim))
        if tiling.tile >= 2 * height:
            painter.drawText(QPointF(0, top + 2 * height - 3), drawn.words)
        if drawn.picture is not None:
            pitch = tiling.tile + GAP
            columns = tiling.columns[layer]
            size = QRectF(tiling.left, top, columns * pitch, tiling.rows(layer) * pitch)
            painter.drawImage(size, fine(drawn.picture[0], self))
        tiles = self._tiles_in_view(layer)
        for unit, tile in tiles.items() if drawn.paths else ():
            self._paint_curve(painter, tile, drawn.paths[unit], theme)
        marks = self.marks[first : first + tiling.widths[layer]]
        for mark in np.unique(marks[marks != NONE]).tolist():
            some = [tiles[unit] for unit in np.flatnonzero(marks == mark).tolist() if unit in tiles]
            if some:
                paint_marks(painter, mark, some, theme)
                paint_words(painter, mark, some, self._small, theme)
        self._paint_hands(painter, first, tiles, theme)
        if self.hovered is not None and self.hovered - first in tiles:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(tiles[self.hovered - first].adjusted(-1, -1, 1, 1))

    def _paint_hands(self, painter: QPainter, first: int, tiles: dict[int, QRectF], theme: Theme) -> None:
        """What a person has done, above all that the neurons did by themselves."""
        assert self._state is not None
        for kind, chosen in ((HELD, self._state.frozen), (KILLED, self._state.killed)):
            some = [tiles[unit] for unit in tiles if chosen[first + unit]] if chosen.any() else []
            if some:
                paint_hands(painter, kind, some, theme)
                paint_hand_words(painter, kind, some, self._small, theme)

    def _tiles_in_view(self, layer: int) -> dict[int, QRectF]:
        """Where the neurons of a layer are that are not scrolled away, by their number in it."""
        assert self._tiling is not None
        tiling, columns = self._tiling, self._tiling.columns[layer]
        pitch, above = tiling.tile + GAP, self._offset - tiling.tops[layer]
        begin = max(0, int(above // pitch)) * columns
        end = (int((above + self.rect().height()) // pitch) + 1) * columns
        places = {unit: tiling.place(layer, unit) for unit in range(begin, min(end, tiling.widths[layer]))}
        return {unit: QRectF(x, y, tiling.tile, tiling.tile) for unit, (x, y) in places.items()}

    def _paint_curve(self, painter: QPainter, tile: QRectF, path: QPainterPath, theme: Theme) -> None:
        """A neuron's activity along the line."""
        painter.fillRect(tile, QColor(theme.raised))
        painter.setPen(pg.mkPen(mix(theme.dim, theme.panel, 0.5)))
        painter.drawLine(QPointF(tile.left(), tile.center().y()), QPointF(tile.right(), tile.center().y()))
        painter.setPen(pg.mkPen(self._color, width=1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.save()
        painter.translate(tile.topLeft())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPath(path)
        painter.restore()
