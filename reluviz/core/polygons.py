"""Convex polygons in the plane, many at once, and how straight lines cut them.

All have the same number of places for corners; behind its last corner a polygon repeats it, so that extremes and
areas need no mask.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
# Numbers of places; a polygon of a network has a dozen corners at most, a few more than the box.
_PLACES = np.arange(4096)


@dataclass(slots=True)
class Cells:
    """corners (cells, places, 2), anticlockwise; counts (cells,): how many are real; parents (cells,): labels that
    both halves of a cell that is cut inherit."""

    corners: Array
    counts: Array
    parents: Array

    @staticmethod
    def box(low: float, high: float) -> "Cells":
        """One square."""
        corners = np.array([[[low, low], [high, low], [high, high], [low, high]]], float)
        return Cells(corners, np.array([4]), np.array([0]))

    def centers(self) -> Array:
        """The mean of each cell's corners, inside it; (cells, 2)."""
        repeated = self.corners.shape[1] - self.counts
        total = self.corners.sum(axis=1) - repeated[:, None] * self.corners[:, -1]
        return np.asarray(total / self.counts[:, None])

    def cut(self, some: Array, lines: Array, near: float, least: float) -> tuple[Array, Array]:
        """Cut the cells `some` (k,), each by its line a x₁ + b x₂ + c = 0, a² + b² = 1; lines (k, 3).

        A corner within `near` of a line lies on it; a cut that would leave an area below `least` is not made. One half
        takes the place of the whole, the other is put at the end. Which places of `some` were cut (cuts,), and the cuts
        (cuts, 2, 2) from end to end.
        """
        corners = self.corners[some]
        away = corners[:, :, 0] * lines[:, :1] + corners[:, :, 1] * lines[:, 1:2] + lines[:, 2:]
        cut = np.flatnonzero((away.max(axis=1) > near) & (away.min(axis=1) < -near))
        if not len(cut):
            return cut, np.zeros((0, 2, 2))
        halves, counts, cuts = _halves(corners[cut], self.counts[some[cut]], away[cut], near)
        fine = (areas(halves) > least).reshape(2, -1).all(axis=0)
        if not fine.all():
            both = np.concatenate([fine, fine])
            cut, halves, counts, cuts = cut[fine], halves[both], counts[both], cuts[fine]
        self._replace(some[cut], halves, counts)
        return cut, cuts

    def _replace(self, some: Array, halves: Array, counts: Array) -> None:
        places = max(self.corners.shape[1], halves.shape[1])
        corners, half = widened(self.corners, places), widened(halves, places)
        corners[some], self.counts[some] = half[: len(some)], counts[: len(some)]
        self.corners = np.concatenate([corners, half[len(some) :]])
        self.counts = np.concatenate([self.counts, counts[len(some) :]])
        self.parents = np.concatenate([self.parents, self.parents[some]])


def widened(corners: Array, places: int) -> Array:
    """The same polygons with more places for corners."""
    missing = places - corners.shape[1]
    return np.concatenate([corners, np.repeat(corners[:, -1:], missing, axis=1)], axis=1) if missing else corners


def areas(corners: Array) -> Array:
    """The area of each polygon; (cells,)."""
    # From the first corner: far from the origin the products would cancel.
    x, y = (corners[:, 1:] - corners[:, :1]).transpose(2, 0, 1)
    return 0.5 * (x[:, :-1] * y[:, 1:] - x[:, 1:] * y[:, :-1]).sum(axis=1)


def crossings(corners: Array, counts: Array, away: Array, near: float) -> tuple[Array, Array, Array]:
    """Corners and, behind each, the crossing of its edge with the line: places (k, 2 places, 2), and two masks of them.

    The masks (k, 2 places): what lies on the positive side or on the line; what lies on the line.
    """
    cells, most = away.shape
    following = np.append(_PLACES[1:most], 0)
    after = away[:, following]
    real = _PLACES[:most] < counts[:, None]
    left, right = away > near, away < -near
    crossing = (left & (after < -near)) | (right & (after > near))
    share = away / np.where(crossing, away - after, 1.0)
    places = np.empty((cells, most, 2, 2))
    places[:, :, 0] = corners
    np.subtract(corners[:, following], corners, out=places[:, :, 1])
    places[:, :, 1] *= share[:, :, None]
    places[:, :, 1] += corners
    kept, on = np.empty((2, cells, most, 2), bool)
    kept[:, :, 0], kept[:, :, 1] = real & ~right, crossing
    on[:, :, 0], on[:, :, 1] = real & ~(left | right), crossing
    return places.reshape(cells, -1, 2), kept.reshape(cells, -1), on.reshape(cells, -1)


def chords(places: Array, on: Array) -> Array:
    """The ends of the part of the line inside each polygon: the first and the last place on it; (k, 2, 2)."""
    ends = np.empty((len(on), 2), np.int64)
    ends[:, 0], ends[:, 1] = on.argmax(axis=1), on.shape[1] - 1 - on[:, ::-1].argmax(axis=1)
    return np.asarray(places[np.arange(len(on))[:, None], ends])


def _halves(corners: Array, counts: Array, away: Array, near: float) -> tuple[Array, Array, Array]:
    """Both sides of each polygon: corners (2 k, places, 2), first all positive ones, counts (2 k,), chords."""
    places, left, on = crossings(corners, counts, away, near)
    # What is not on the positive side is on the negative one; the line belongs to both.
    real = on.copy()
    real[:, ::2] = _PLACES[: corners.shape[1]] < counts[:, None]
    kept = np.concatenate([left, (real & ~left) | on])
    sizes = kept.sum(axis=1)
    rows, columns = np.nonzero(kept)
    ends = sizes.cumsum()
    found = places[rows % len(places), columns]
    halves = np.repeat(found[ends - 1][:, None], int(sizes.max()), axis=1)
    halves[rows, np.arange(len(rows)) - (ends - sizes)[rows]] = found
    return halves, sizes, chords(places, on)
