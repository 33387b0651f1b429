"""The linear regions of a run on the plane: cells tinted by how steep the network is there, and folds by layer."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from reluviz.core.collapse import loss_in_force
from reluviz.core.regions import Regions
from reluviz.core.snapshot import Snapshot
from reluviz.ui.theme import Theme, mix
from reluviz.ui.views.answers import point_colors
from reluviz.ui.views.plot import Panel

Array = np.ndarray[Any, np.dtype[Any]]
# Steepness falls into so many tints, from the panel's colour to this share of the run's.
TINTS, DEEPEST = 7, 0.42
# Less than this share of the steepest cell's is rounding.
FLAT = 1e-12
# Widths in pixels, and shares of the text's colour, of the folds of layers 1, 2, 3 and all behind.
WIDTHS, STRENGTHS = (1.9, 1.3, 0.9, 0.7), (0.9, 0.66, 0.5, 0.38)
EDGE = 2.6


class CellsItem(pg.GraphicsObject):
    """All cells and folds in a few paths, and one cell that stands out."""

    def __init__(self) -> None:
        super().__init__()
        self._rect = QRectF(-1, -1, 2, 2)
        self._fills: list[tuple[QPainterPath, QColor]] = []
        self._lines: list[tuple[QPainterPath, QPen]] = []
        self._marked: QPainterPath | None = None
        self._mark = (QColor(), QPen())

    def set_paths(
        self, rect: QRectF, fills: list[tuple[QPainterPath, QColor]], lines: list[tuple[QPainterPath, QPen]]
    ) -> None:
        """Show these; what stood out does so no longer."""
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        self._fills, self._lines, self._marked = fills, lines, None
        self.update()

    def mark(self, corners: Array | None, fill: QColor, pen: QPen) -> None:
        """Let the cell with these corners (places, 2) stand out, or none."""
        if corners is None and self._marked is None:
            return
        self._marked = None if corners is None else outline(corners[None])
        self._mark = (fill, pen)
        self.update()

    def boundingRect(self) -> QRectF:
        """The box."""
        return self._rect

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Cells without smoothing, so that no seams show between them; then folds."""
        painter.setClipRect(self._rect, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for path, color in self._fills:
            painter.fillPath(path, color)
        if self._marked is not None:
            painter.fillPath(self._marked, self._mark[0])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for path, pen in self._lines:
            painter.setPen(pen)
            painter.drawPath(path)
        if self._marked is not None:
            painter.setPen(self._mark[1])
            painter.drawPath(self._marked)


class PlaneDrawing:
    """What one panel shows of a run on the plane."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.item = CellsItem()
        self.item.setZValue(-50)
        self.samples = pg.ScatterPlotItem(pxMode=True, size=6, antialias=True)
        self.samples.setZValue(5)
        for item in (self.item, self.samples):
            panel.plot.addItem(item, ignoreBounds=True)
        self.found: Regions | None = None
        self._samples_of: Any = None

    def restyle(self) -> None:
        """Colours are set with the next snapshot."""
        self._samples_of = None

    @property
    def drawn(self) -> bool:
        """Whether there are regions."""
        return self.found is not None

    def hide(self) -> None:
        """Show nothing."""
        self.found = None
        self.item.hide()
        self.samples.hide()

    def show(self, view: Any, snapshot: Snapshot, color: str, found: Regions) -> None:
        """Draw the cells and folds in the run's colour."""
        self.found = found
        self.item.show()
        side = found.high - found.low
        lines = [
            (pg.arrayToQPath(ends[:, 0], ends[:, 1], connect="pairs"), fold_pen(view, layer))
            for layer, ends in enumerate(folds_by_layer(found))
        ]
        # The outermost layers first, so that the strong lines of the first lie on top.
        lines.reverse()
        if snapshot.dataset.task == "binary":
            ends = found.level(0, loss_in_force(snapshot.settings, "binary").threshold).reshape(-1, 2)
            lines.append((pg.arrayToQPath(ends[:, 0], ends[:, 1], connect="pairs"), boundary_pen(view)))
        rect = QRectF(found.low, found.low, side, side)
        self.item.set_paths(rect, fills(found, view.theme, color), lines)

    def show_samples(self, view: Any, snapshot: Snapshot, wanted: bool) -> None:
        """The training samples by class or value."""
        self.samples.setVisible(wanted)
        dataset = snapshot.dataset
        shown = (id(dataset), view.theme.name, view.pen_scale)
        if not wanted or self._samples_of == shown:
            return
        self._samples_of = shown
        tints = point_colors(dataset, dataset.y_train, dataset.labels_train, view.theme)
        x = dataset.x_train
        edge = view.pen(mix(view.theme.panel, view.theme.text, 0.12), 1)
        self.samples.setData(x[:, 0], x[:, 1], brush=[pg.mkBrush(tint) for tint in tints], pen=edge)

    def mark(self, view: Any, x: float, y: float) -> None:
        """Let the cell at a place stand out."""
        cell = self.found.cell_at(x, y) if self.found is not None and self.found.complete else -1
        corners = self.found.corners[cell, : self.found.counts[cell]] if self.found is not None and cell >= 0 else None
        fill = QColor(mix(view.theme.panel, view.theme.accent, 0.35))
        self.item.mark(corners, fill, view.pen(view.theme.accent, 2.2))

    def unmark(self, view: Any) -> None:
        """No cell stands out."""
        self.item.mark(None, QColor(), view.pen(view.theme.accent))


def fills(found: Regions, theme: Theme, color: str) -> list[tuple[QPainterPath, QColor]]:
    """A path for each tint: the steeper all outputs together are in a cell, the deeper."""
    if not found.complete:
        return [(outline(found.corners), QColor(mix(theme.panel, color, DEEPEST / 3)))]
    level = tints(steepness(found))
    made = []
    for tint in np.unique(level):
        share = DEEPEST * tint / (TINTS - 1)
        made.append((outline(found.corners[level == tint]), QColor(mix(theme.panel, color, float(share)))))
    return made


def steepness(found: Regions) -> Array:
    """The length of the outputs' slopes in each cell, shape (cells,)."""
    largest = np.abs(found.maps[:, :2]).max(axis=(1, 2))
    # Deep networks can be as flat or as steep as float64 can say: squares could not.
    scale = np.where(largest > 0, largest, 1.0)
    return np.asarray(largest * np.sqrt(((found.maps[:, :2] / scale[:, None, None]) ** 2).sum(axis=(1, 2))))


def tints(steep: Array) -> Array:
    """The tint of each cell, 0 only where it is flat: the cells in order of steepness, in parts of equal size."""
    flat = steep <= FLAT * float(steep.max(initial=0.0))
    rising = np.sort(steep[~flat])
    share = np.searchsorted(rising, steep, side="right") / max(1, len(rising))
    return np.where(flat, 0, np.clip(np.ceil(share * (TINTS - 1)), 1, TINTS - 1)).astype(int)


def outline(corners: Array) -> QPainterPath:
    """Polygons (cells, places, 2) as one path."""
    closed = np.concatenate([corners, corners[:, :1]], axis=1)
    connect = np.ones(closed.shape[:2], np.int32)
    connect[:, -1] = 0
    x, y = (np.ascontiguousarray(part) for part in closed.reshape(-1, 2).T)
    return pg.arrayToQPath(x, y, connect=connect.ravel())


def folds_by_layer(found: Regions) -> list[Array]:
    """The ends (2 · folds, 2) of the folds of layers 1, 2, 3 and all behind, as many as there are."""
    group = np.minimum(found.layers, len(WIDTHS) - 1)
    return [found.folds[group == layer].reshape(-1, 2) for layer in range(int(group.max(initial=-1)) + 1)]


def fold_pen(view: Any, layer: int) -> QPen:
    """Strong for the first hidden layer, thinner and paler for those behind."""
    place = min(layer, len(WIDTHS) - 1)
    return view.pen(mix(view.theme.panel, view.theme.text, STRENGTHS[place]), WIDTHS[place])


def boundary_pen(view: Any) -> QPen:
    """Where the network is undecided between two classes."""
    return view.pen(view.theme.accent, EDGE)
