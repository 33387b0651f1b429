"""The trail: where all runs were at earlier steps, in bounded memory."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

MOST_POINTS = 256
MOST_BYTES = 24_000_000
# Fewer than these are no path.
LEAST_POINTS = 4


class Trail:
    """Earlier parameters; when it is full, every other point is let go, and from then on every other one is kept."""

    def __init__(self, runs: int, total: int) -> None:
        """For so many runs of `total` parameters each; float32, which a picture of the path can do with."""
        size = np.dtype(np.float32).itemsize * runs * total
        room = min(MOST_POINTS, MOST_BYTES // size)
        # Of a network too large for even a few points nothing is kept.
        self._room = room - room % 2 if room >= LEAST_POINTS else 0
        self._theta = np.zeros((self._room, runs, total), np.float32)
        self._steps = np.zeros(self._room, np.int64)
        self._count, self._offered, self._stride = 0, 0, 1

    def add(self, step: int, theta: Array) -> None:
        """Offer theta (runs, total) as it is at a step."""
        offered, self._offered = self._offered, self._offered + 1
        if offered % self._stride or not self._room:
            return
        if self._count == self._room:
            half = self._room // 2
            self._theta[:half], self._steps[:half] = self._theta[::2].copy(), self._steps[::2].copy()
            self._count = half
            # The room is even, so this point is one of those that are kept.
            self._stride *= 2
        self._theta[self._count], self._steps[self._count] = theta, step
        self._count += 1

    def taken(self, step: int, rows: Sequence[int]) -> "Trail":
        """A copy up to a step, where run i of now is what run rows[i] was."""
        copy = Trail(len(rows), self._theta.shape[2])
        count = int(np.searchsorted(self._steps[: self._count], step, "right"))
        stride = 1
        # More runs may have less room.
        while count and (count - 1) // stride + 1 > max(copy._room, 1):
            stride *= 2
        some = slice(0, count, stride)
        copy._count = min(len(range(count)[some]), copy._room)
        copy._theta[: copy._count] = self._theta[some][: copy._count, list(rows)]
        copy._steps[: copy._count] = self._steps[some][: copy._count]
        copy._stride, copy._offered = self._stride * stride, count * self._stride
        return copy

    def of(self, run: int) -> tuple[Array, Array]:
        """Steps int64 (points,) and parameters float32 (points, total) of a run, the first first; copies."""
        return self._steps[: self._count].copy(), self._theta[: self._count, run].copy()

    @property
    def nbytes(self) -> int:
        """The memory that it takes at most, in bytes."""
        return self._theta.nbytes + self._steps.nbytes
