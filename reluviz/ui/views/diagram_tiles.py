"""The pictures in the tiles of a network diagram: every node's activity over the probe, all of a block at once."""

from functools import lru_cache
from typing import Any

import numpy as np
from PySide6.QtGui import QImage

from reluviz.core.snapshot import RunState, Snapshot
from reluviz.ui.theme import Theme, diverging, mix
from reluviz.ui.views.diagram_layout import EIGHTHS, FRAMED, DiagramLayout
from reluviz.ui.views.mosaic_tiles import round_up, sample_cells
from reluviz.ui.views.raster import colors

Array = np.ndarray[Any, np.dtype[Any]]
# A curve wants more pixels than a map; where there are many nodes both have fewer.
FEW_NODES, FINE_SIDE, USUAL_SIDE, SMALL_SIDE = 160, 64, 32, 16
SHADES = 64
# A curve's line in pixels of a tile of FINE_SIDE, and how far its ends are from the border.
HALF_LINE, REACH = 0.9, 0.44

# The square that shows a bias, in pixels of the screen.
LEAST_MARK, MOST_MARK = 5.0, 9.0


def side_of(layout: DiagramLayout, kind: str) -> int:
    """How many pixels a side a tile's picture has: a multiple of 8, so that gaps are whole pixels too."""
    if kind == "line" and sum(layout.counts) <= FEW_NODES and layout.tile > USUAL_SIDE:
        return FINE_SIDE
    return USUAL_SIDE if layout.tile > SMALL_SIDE else SMALL_SIDE if layout.tile >= FRAMED else EIGHTHS


def values_of(snapshot: Snapshot, state: RunState, places: Array) -> tuple[Array, list[float]]:
    """(nodes, pixels) of activity on the scale of the colours, inputs first, and for each block the end of its scale.

    places: as `thin` gives them. The outputs of classes are probabilities: 1/2 is neutral. Without activity only the
    inputs are there.
    """
    shape, shown = snapshot.shape, np.maximum(places, 0)
    reaches = [round_up(float(np.abs(snapshot.probe.inputs).max(initial=0.0)))]
    inputs = snapshot.probe.inputs[shown].T / np.float32(reaches[0])
    if not len(state.activity):
        return inputs, reaches
    scales = np.ones((shape.neurons, 1), np.float32)
    for layer, begin in enumerate(shape.offsets):
        rows = slice(begin, begin + shape.sizes[layer + 1])
        largest = state.neurons.scale[rows]
        reaches.append(round_up(float(largest[np.isfinite(largest)].max(initial=0.0))))
        scales[rows] = reaches[-1]
    few = state.activity[:, shown]
    # What is not finite, and what lies far beyond the scale, has the colours of its ends.
    with np.errstate(all="ignore"):
        if snapshot.dataset.task != "regression":
            begin, reaches[-1], scales[begin:] = shape.offsets[-1], 1.0, 1.0
            few[begin:] = 2 * few[begin:] - 1
        values = np.clip(few / scales, -2.0, 2.0)
    return np.concatenate([inputs, values]), reaches


def thin(snapshot: Snapshot, side: int) -> Array:
    """The probe's points that the pixels of a tile show, the upper row first: int64 (pixels,), -1 for none.

    side × side pixels; of a line only `side` of them, its points from left to right.
    """
    probe = snapshot.probe
    if probe.kind == "line":
        return np.linspace(0, probe.side - 1, side).round().astype(np.int64)
    if probe.kind == "plane":
        across = spread(probe.side, side)
        return (across[::-1, None] * probe.side + across[None, :]).ravel()
    cells = sample_cells(snapshot)
    down, across = spread(cells.shape[0], side), spread(cells.shape[1], side)
    return np.asarray(cells[np.ix_(down, across)].ravel(), np.int64)


def spread(count: int, pixels: int) -> Array:
    """Which of `count` cells each pixel shows, int64 (pixels,)."""
    return np.asarray(((np.arange(pixels) + 0.5) * count / pixels).astype(np.int64))


def pictures(snapshot: Snapshot, values: Array, places: Array, theme: Theme, color: str) -> Array:
    """ARGB (nodes, side, side) of values (nodes, pixels), first row on top."""
    if snapshot.probe.kind == "line":
        return curves(values, theme, color)
    side = round(len(places) ** 0.5)
    tiles = colors(values, diverging(theme)).reshape(-1, side, side)
    if snapshot.probe.kind == "samples":
        tiles[:, places.reshape(side, side) < 0] = argb(theme.grid)
    return tiles


def burn_states(tiles: Array, state: RunState, theme: Theme) -> None:
    """Crosses, bars and frames in tiles (neurons, side, side) that are too small for lines."""
    side = tiles.shape[1]
    along = np.arange(1, side - 1)
    dead = np.asarray(state.neurons.dead, bool)
    crosses = ((np.asarray(state.neurons.silent, bool) & ~dead, theme.dim), (dead, theme.error))
    for rows, color in crosses:
        where = np.flatnonzero(rows)[:, None]
        tiles[where, along, along] = tiles[where, along, side - 1 - along] = argb(color)
    killed, frozen = (np.flatnonzero(rows)[:, None] for rows in (state.killed, state.frozen))
    whole = np.arange(side)
    tiles[killed, whole, side - 1 - whole] = argb(theme.text)
    for edge in (0, side - 1):
        tiles[frozen, whole, edge] = tiles[frozen, edge, whole] = argb(theme.text)


def curves(values: Array, theme: Theme, color: str) -> Array:
    """ARGB (nodes, side, side) of the curves through values (nodes, side); zero lies in the middle."""
    side = values.shape[1]
    half = max(0.6, HALF_LINE * side / FINE_SIDE)
    with np.errstate(all="ignore"):
        y = (0.5 - REACH * np.clip(np.nan_to_num(values), -1.05, 1.05)) * side - 0.5
    following = np.concatenate([y[:, 1:], y[:, -1:]], axis=1)
    low, high = np.minimum(y, following)[:, None, :], np.maximum(y, following)[:, None, :]
    row = np.arange(side, dtype=np.float32)[None, :, None]
    away = np.maximum(low - row, row - high) - half
    shade = (np.clip(1 - away, 0, 1) * (SHADES - 1)).astype(np.uint8)
    tiles = ramp(theme, color)[shade]
    axis = tiles[:, side // 2]
    axis[shade[:, side // 2] == 0] = argb(mix(theme.dim, theme.panel, 0.55))
    return tiles


@lru_cache(maxsize=12)
def ramp(theme: Theme, color: str) -> Array:
    """ARGB (SHADES,) from the ground of a tile to a colour."""
    return np.array([argb(mix(theme.raised, color, k / (SHADES - 1))) for k in range(SHADES)], np.uint32)


def argb(color: str) -> np.uint32:
    """An opaque colour as the number that a pixel is."""
    return np.uint32(0xFF000000 | int(color[1:], 16))


def stitch(
    tiles: Array,
    layout: DiagramLayout,
    block: int,
    colors_around: tuple[int, int],
    marks: tuple[Array, np.uint32] | None,
) -> tuple[QImage, Array]:
    """All tiles of a block with the gaps between them in one picture; the array is the image's memory.

    colors_around: ARGB of the gaps, and of places without a tile. marks: ARGB (nodes,) of the small square of each
    bias, and of its frame: below its tile where there is room for it, else in its lower left corner.
    """
    count, side, _ = tiles.shape
    rows, columns = layout.rows[block], layout.columns[block]
    down, across = side * layout.eighths // EIGHTHS, side // EIGHTHS
    cells = np.full((columns * rows, side + down, side + across), colors_around[0], np.uint32)
    cells[count:] = colors_around[1]
    cells[:count, :side, :side] = tiles
    if marks is not None:
        size = max(2, round(side * mark_side(layout) / layout.tile))
        top, framed = (side + 2, 1) if below(layout) else (side - size, int(layout.tile >= FRAMED))
        cells[:count, top : top + size, :size] = marks[1]
        cells[:count, top + framed : top + size - framed, framed : size - framed] = marks[0][:, None, None]
    apart = cells.reshape(columns, rows, side + down, side + across).transpose(1, 2, 0, 3)
    grid = apart.reshape(rows * (side + down), columns * (side + across))
    pixels = np.ascontiguousarray(grid[:, : grid.shape[1] - across])
    height, width = pixels.shape
    kind = QImage.Format.Format_RGB32 if colors_around[1] else QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, 4 * width, kind), pixels


def below(layout: DiagramLayout) -> bool:
    """Whether the gap below a tile has room for the square of its bias."""
    return layout.gap >= LEAST_MARK + 2


def mark_side(layout: DiagramLayout) -> float:
    """The side of a bias's square in pixels of the screen."""
    return min(MOST_MARK, layout.gap - 3) if below(layout) else layout.tile / 4
