"""What the tiles of a mosaic are made of: activity on the scale of the colours, curves, and a layer's one picture."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QImage, QPainterPath

from reluviz.core.snapshot import RunState, Snapshot
from reluviz.ui.theme import Theme
from reluviz.ui.views.tiling import GAP, Tiling

Array = np.ndarray[Any, np.dtype[Any]]
CURVE_POINTS = 64
SAMPLE_PIXELS = 60
LARGEST = float(np.finfo(np.float32).max)
ROUND = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)


def scaled(
    state: RunState, rows: slice, points: Array | None, *, each: bool, probable: bool
) -> tuple[Array, str]:
    """Activity of some neurons at some points of the probe on the scale of the colours, and what its ends stand for.

    points: their numbers, None for all. `each` scales every neuron by itself. `probable`: they are probabilities.
    """
    whole = state.activity[rows]
    values = np.array(whole) if points is None else whole[:, points]
    if probable:
        return 2 * values - 1, "0 … 1"
    peaks = state.neurons.scale[rows]
    if each:
        own = np.nan_to_num(peaks[:, None], posinf=1.0)
        return values / np.where(own > 0, own, 1), "own scale"
    if not np.isfinite(peaks).all():
        peaks = np.abs(whole[np.isfinite(whole)])
    reach = round_up(float(peaks.max(initial=0.0)))
    return values / min(reach, LARGEST), f"±{reach:g}"


def sample_cells(snapshot: Snapshot) -> Array:
    """Which sample each cell of a tile shows, -1 for none: one row a class, or rows of rising targets."""
    probe = snapshot.probe
    count = len(probe.rows)
    if snapshot.dataset.task == "regression":
        side = int(np.ceil(np.sqrt(count)))
        cells = np.full(side * side, -1)
        cells[:count] = np.arange(count)
        return cells.reshape(side, side)
    rows = [np.flatnonzero(probe.classes == label) for label in range(len(snapshot.dataset.class_names))]
    cells = np.full((len(rows), max(map(len, rows))), -1)
    for place, row in enumerate(rows):
        cells[place, : len(row)] = row
    return cells


def round_up(value: float) -> float:
    """The next round number, so that a layer's scale does not change with every frame."""
    if not value > 0 or not np.isfinite(value):
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(power * step for step in ROUND if value <= power * step * (1 + 1e-6)))


def curve(row: Array, tile: int) -> QPainterPath:
    """A neuron's activity along the line as a path inside a tile; zero lies in the middle."""
    thin = row[np.linspace(0, len(row) - 1, min(len(row), CURVE_POINTS)).astype(int)]
    x = np.linspace(1, tile - 1, len(thin))
    y = (0.5 - 0.46 * np.clip(np.nan_to_num(thin), -1, 1)) * tile
    return pg.arrayToQPath(x, y)


def compose(
    tiles: Array, tiling: Tiling, layer: int, theme: Theme, *, clear: bool = False
) -> tuple[QImage, Array]:
    """All tiles of a layer in one picture, gaps in the panel's colour or clear; the array is the image's memory."""
    units, high, wide = tiles.shape
    columns, rows = tiling.columns[layer], tiling.rows(layer)
    down, across = (max(1, round(side * GAP / tiling.tile)) for side in (high, wide))
    background = np.uint32(0 if clear else 0xFF000000 | int(theme.panel[1:], 16))
    cells = np.full((rows * columns, high + down, wide + across), background, np.uint32)
    cells[:units, :high, :wide] = tiles
    picture = cells.reshape(rows, columns, high + down, wide + across).transpose(0, 2, 1, 3)
    pixels = np.ascontiguousarray(picture).reshape(rows * (high + down), columns * (wide + across))
    height, width = pixels.shape
    # Translucent pixels cost more to draw: only a picture for a file has them.
    kind = QImage.Format.Format_ARGB32_Premultiplied if clear else QImage.Format.Format_RGB32
    return QImage(pixels.data, width, height, 4 * width, kind), pixels
