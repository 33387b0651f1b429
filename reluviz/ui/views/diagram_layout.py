"""Where the nodes of a network diagram go: a block of tiles for the inputs and for every layer. No Qt."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
LEAST_TILE = 10.0
# Multiples of 8 wherever gaps of whole pixels can be seen; on paper nothing scrolls, and tiles may be smaller still.
SIDES = (56.0, 48.0, 40.0, 32.0, 24.0, 16.0, 13.0, 10.0)
PAPER_SIDES = (*SIDES, 8.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0)
# The gap below a tile in eighths of its side, and the least tile for which it is tried: roomy gaps hold the biases.
GAPS = ((4, 32.0), (3, 24.0), (2, 16.0), (1, 0.0))
# Up to so many nodes stand in one column, even if tiles of two columns were larger, down to the least such tile.
MOST_SINGLE, LEAST_SINGLE = 24, 16.0
MOST_EIGHTHS = 7
EIGHTHS = 8
# The least tile with a frame and marks of lines; smaller ones have them in their pixels.
FRAMED = 14.0
# The gap between two layers: at least this share of a tile and so many pixels.
BETWEEN, LEAST_BETWEEN = 0.4, 6.0
# Nor are columns so far apart that their edges have no direction any more, in tiles.
MOST_BETWEEN = 7.0


@dataclass(frozen=True)
class Margins:
    """What the words around the tiles need, in pixels."""

    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True)
class DiagramLayout:
    """Tiles of one side; `eighths` of it lie below each. Block 0 holds the inputs, block l + 1 layer l.

    counts: the nodes of each block; columns, rows: its grid, filled column by column; lefts, tops: its corner.
    width and height: what all of it needs, margins included.
    """

    tile: float
    eighths: int
    counts: tuple[int, ...]
    columns: tuple[int, ...]
    rows: tuple[int, ...]
    lefts: tuple[float, ...]
    tops: tuple[float, ...]
    width: float
    height: float

    @property
    def gap(self) -> float:
        """The gap below a tile, in pixels."""
        return self.tile * self.eighths / EIGHTHS

    @property
    def side_gap(self) -> float:
        """The gap between two columns of one block, in pixels."""
        return self.tile / EIGHTHS

    @property
    def between(self) -> float:
        """The smallest gap between two blocks."""
        gaps = [self.lefts[k + 1] - self.lefts[k] - self.block_width(k) for k in range(len(self.counts) - 1)]
        return min(gaps)

    def block_width(self, block: int) -> float:
        """How wide the tiles of a block are together."""
        return block_width(self.tile, self.columns[block])

    @cached_property
    def corners(self) -> tuple[Array, ...]:
        """The left upper corners of every block's tiles, each (nodes, 2)."""
        found = []
        for block, count in enumerate(self.counts):
            column, row = np.divmod(np.arange(count), self.rows[block])
            x = self.lefts[block] + column * (self.tile + self.side_gap)
            y = self.tops[block] + row * (self.tile + self.gap)
            found.append(np.stack([x, y], axis=1))
        return tuple(found)

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """The block and node under a point; the gap below a tile belongs to it."""
        for block, left in enumerate(self.lefts):
            if not left <= x < left + self.block_width(block):
                continue
            column = int((x - left) // (self.tile + self.side_gap))
            row = (y - self.tops[block]) // (self.tile + self.gap)
            node = column * self.rows[block] + int(row)
            if 0 <= row < self.rows[block] and node < self.counts[block]:
                return block, node
        return None


def block_width(tile: float, columns: int) -> float:
    """How wide so many columns of tiles are."""
    return columns * tile + (columns - 1) * tile / EIGHTHS


def arrange_diagram(
    counts: tuple[int, ...], room: tuple[float, float], margins: Margins, *, paper: bool = False, zoom: float = 1.0
) -> DiagramLayout:
    """The largest tiles with which all blocks fit into `room` (width, height); below the least it overflows.

    Zooming enlarges tiles, and the room that they are spread over, but no margins.
    """
    wide, high = max(1.0, room[0] - margins.left - margins.right), max(1.0, room[1] - margins.top - margins.bottom)
    tile, eighths = _largest(counts, wide, high, PAPER_SIDES if paper else SIDES)
    rows = _rows(counts, tile, eighths, high)
    while eighths < MOST_EIGHTHS and max(rows) * tile * (1 + (eighths + 1) / EIGHTHS) <= high:
        eighths += 1
    tile, wide, high = tile * zoom, wide * zoom, high * zoom
    columns = tuple(-(-count // each) for count, each in zip(counts, rows, strict=True))
    blocks = [block_width(tile, each) for each in columns]
    gaps = len(counts) - 1
    gap = max(_between(tile), min(MOST_BETWEEN * tile, (wide - sum(blocks)) / gaps))
    whole = sum(blocks) + gap * gaps
    left = margins.left + max(0.0, (wide - whole) / 2)
    lefts = [float(round(left + sum(blocks[:k]) + gap * k)) for k in range(len(counts))]
    heights = [each * tile * (1 + eighths / EIGHTHS) for each in rows]
    tall = max(high, *heights)
    tops = [float(round(margins.top + (tall - own) / 2)) for own in heights]
    return DiagramLayout(
        tile, eighths, counts, columns, tuple(rows), tuple(lefts), tuple(tops),
        margins.left + max(wide, whole) + margins.right, margins.top + tall + margins.bottom,
    )  # fmt: skip


def _between(tile: float) -> float:
    return max(LEAST_BETWEEN if tile >= LEAST_TILE else 1.0, BETWEEN * tile)


def _rows(counts: tuple[int, ...], tile: float, eighths: int, high: float) -> list[int]:
    """How many rows each block has: its columns are of equal length, 4 and 4 rather than 7 and 1."""
    most = max(1, int(high / (tile * (1 + eighths / EIGHTHS)) + 1e-9))
    return [-(-count // -(-count // most)) for count in counts]


def _fits(counts: tuple[int, ...], tile: float, eighths: int, wide: float, high: float, *, single: bool) -> bool:
    """Whether all blocks have room; `single`: with the small ones in one column each."""
    rows = _rows(counts, tile, eighths, high)
    blocks = sum(block_width(tile, -(-count // each)) for count, each in zip(counts, rows, strict=True))
    tall = tile * (1 + eighths / EIGHTHS) <= high
    divided = any(each < count <= MOST_SINGLE for count, each in zip(counts, rows, strict=True))
    return tall and not (single and divided) and blocks + _between(tile) * (len(counts) - 1) <= wide


def _largest(counts: tuple[int, ...], wide: float, high: float, sides: tuple[float, ...]) -> tuple[float, int]:
    """The side of a tile and the eighths below it: the roomiest gap whose tiles are not too small for it."""
    for single, lowest in ((True, LEAST_SINGLE), (False, 0.0)):
        for eighths, smallest in GAPS:
            fitting = (side for side in sides if _fits(counts, side, eighths, wide, high, single=single))
            tile = next(fitting, 0.0)
            if tile and tile >= max(smallest, lowest):
                return tile, eighths
    return sides[-1], GAPS[-1][0]
