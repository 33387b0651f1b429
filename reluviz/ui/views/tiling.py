"""Where the small maps of a network's neurons go: rows of tiles, layer by layer. No Qt."""

from dataclasses import dataclass

GAP = 4
LAYER_GAP = 10
LEAST_TILE = 14
# On paper nothing scrolls: there tiles may be as small as this.
LEAST_PAPER_TILE = 2
MOST_TILE = 110


@dataclass(frozen=True)
class Tiling:
    """Tiles of one size; layer l begins at tops[l] and has rows of columns[l]; `height` is what all need together."""

    tile: int
    columns: tuple[int, ...]
    tops: tuple[int, ...]
    widths: tuple[int, ...]
    left: int
    height: int

    def rows(self, layer: int) -> int:
        """How many rows of tiles a layer takes."""
        return -(-self.widths[layer] // self.columns[layer])

    def place(self, layer: int, unit: int) -> tuple[int, int]:
        """The left upper corner of a neuron's tile."""
        pitch = self.tile + GAP
        columns = self.columns[layer]
        return (self.left + unit % columns * pitch, self.tops[layer] + unit // columns * pitch)

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """The layer and unit under a point, or None."""
        pitch = self.tile + GAP
        for layer, top in enumerate(self.tops):
            if not top <= y < top + self.rows(layer) * pitch:
                continue
            column, row = int((x - self.left) // pitch), int((y - top) // pitch)
            columns = self.columns[layer]
            unit = row * columns + column
            if 0 <= column < columns and unit < self.widths[layer]:
                return layer, unit
        return None


def arrange(widths: tuple[int, ...], room: tuple[int, int], left: int, least: int = LEAST_TILE) -> Tiling:
    """The largest tiles with which all layers fit into `room` (width, height); below `least` it scrolls."""
    width, height = max(1, room[0] - left), room[1]
    best = _stack(widths, least, width, left)
    low, high = least, min(MOST_TILE, max(least, width))
    while low <= high:
        tile = (low + high) // 2
        tried = _stack(widths, tile, width, left)
        if tried.height <= height:
            best, low = tried, tile + 1
        else:
            high = tile - 1
    return best


def _stack(widths: tuple[int, ...], tile: int, width: int, left: int) -> Tiling:
    pitch = tile + GAP
    most = max(1, (width + GAP) // pitch)
    tops, columns, y = [], [], 0
    for units in widths:
        rows = -(-units // most)
        tops.append(y)
        # Rows of equal length: 4 and 4 rather than 7 and 1.
        columns.append(-(-units // rows))
        y += rows * pitch - GAP + LAYER_GAP
    return Tiling(tile, tuple(columns), tuple(tops), widths, left, y - LAYER_GAP)
