"""The recorded course of a lab: exact losses at steps that depend on the settings alone, bounded in number."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from reluviz.core.kernel_record import CALM, EAGER, RECORDED, STRIDE
from reluviz.core.snapshot import History, frozen

Array = np.ndarray[Any, np.dtype[Any]]
POINTS = 512
# An evaluation may cost this many multiplications before it is thinned from the start, ...
FREE_WORK = 1_000_000
# ... and then at most so many times what the steps between cost, for the first points and in the long run.
OVERHEAD = 8.0
CALM_OVERHEAD = 0.15


class Recorder:
    """Arrays that the kernel fills: places (points, 3) holds step, epoch, seconds; values (runs, points, 4).

    `scored` says whether accuracies mean anything.
    The first points lie close together, since most happens there; then the stride doubles until evaluation costs
    little. When all points are used, the kernel keeps every other one and doubles the stride again.
    """

    def __init__(self, runs: int, state: Array, parameters: int, batches: float, scored: bool) -> None:
        self._state = state
        self._scored = scored
        self.places = np.zeros((POINTS, 3))
        self.values = np.zeros((runs, POINTS, 4), np.float32)
        self._first = state[STRIDE] = first_stride(parameters, batches)
        state[CALM] = stride_for(batches, CALM_OVERHEAD)
        self._stamped = (0, 0.0)

    def stamp(self, step: int, seconds: float) -> None:
        """Say at how many seconds of training a step was reached; points since the last stamp lie in between."""
        count = int(self._state[RECORDED])
        fresh = np.isnan(self.places[:count, 2])
        if fresh.any():
            before, then = self._stamped
            share = (self.places[:count, 0][fresh] - before) / max(1, step - before)
            self.places[:count, 2][fresh] = then + share * (seconds - then)
        self._stamped = (step, seconds)

    def take_over(self, other: "Recorder", step: int, rows: Sequence[int]) -> None:
        """Hold what another one has recorded up to a step, where run i of now is what run rows[i] was."""
        count = int(np.searchsorted(other.places[: int(other._state[RECORDED]), 0], step, "right"))
        self.places[:count] = other.places[:count]
        self.values[:, :count] = other.values[list(rows), :count]
        stride = int(other._state[STRIDE])
        if stride == other._stride_after(int(other._state[RECORDED])):
            # It has not been thinned yet, so its stride then is known.
            stride = other._stride_after(count)
        self._first = other._first
        self._state[[RECORDED, STRIDE, CALM]] = count, stride, other._state[CALM]
        self._stamped = (step, other.seconds_at(step))

    def seconds_at(self, step: int) -> float:
        """How many seconds of training it took to a step."""
        count = int(self._state[RECORDED])
        known = ~np.isnan(self.places[:count, 2])
        steps, seconds = self.places[:count][known, 0], self.places[:count][known, 2]
        return float(np.interp(step, [0.0, *steps, self._stamped[0]], [0.0, *seconds, self._stamped[1]]))

    def _stride_after(self, count: int) -> int:
        """The stride when so many points had been recorded for the first time; mirrors `record` of the kernel."""
        stride = self._first
        for _ in range(count // EAGER):
            stride *= 2 if stride < self._state[CALM] else 1
        return stride

    def frozen(self) -> History:
        """A copy of what has been recorded."""
        count = int(self._state[RECORDED])
        places, values = self.places[:count], self.values[:, :count].copy()
        if not self._scored:
            # What the kernel counts as right answers means nothing for a regression.
            values[:, :, 2:] = np.nan
        return History(
            frozen(places[:, 0], np.int64),
            frozen(places[:, 1], np.float64),
            frozen(places[:, 2], np.float64),
            frozen(values),
        )


def first_stride(parameters: int, batches: float) -> int:
    """The steps between the first points, a power of two: 1 for small networks, more where evaluation is dear."""
    if parameters * batches * 10 <= FREE_WORK:
        return 1
    return stride_for(batches, OVERHEAD)


def stride_for(batches: float, overhead: float) -> int:
    """The least power of two with which evaluation costs `overhead` times what the steps between do, or less."""
    # A step goes forward and back, which is three times the work of going forward.
    return 1 << max(0, int(np.ceil(np.log2(batches / (3 * overhead)))))
