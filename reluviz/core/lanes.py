"""Scratch memory for training: one set for each group of runs that is trained at the same time."""

import itertools
from typing import Any

import numpy as np

from reluviz.core import kernels
from reluviz.core.kernel_team import SIZE
from reluviz.core.kernel_vector import LANES
from reluviz.core.shape import Shape

Array = np.ndarray[Any, np.dtype[Any]]


class Lane:
    """What one call of the training kernel needs for itself: values, gradients, its batch and its place in the data.

    values (4, rows · neurons and a few): z, a, f′(z) and x̂. deltas (5, …): the way back. other and team: the second
    half of a large network's batch (kernel_team.py). Lanes other than the first follow copies of the order, state and
    places of the history, which all lanes move in the same way.
    """

    def __init__(self, shape: Shape, rows: int, dtype: Any) -> None:
        widest = rows * max(shape.sizes)
        self.values = np.zeros((4, rows * shape.neurons + LANES), dtype)
        self.spread = np.zeros(shape.neurons + shape.layers * rows, dtype)
        self.deltas = np.zeros((5, max(widest, shape.total)), dtype)
        self.grad = np.zeros(shape.total, dtype)
        self.other = np.zeros(shape.total, dtype)
        self.team = np.zeros(SIZE, np.int64)
        self.batch_x = np.zeros(rows * shape.sizes[0], dtype)
        self.batch_y = np.zeros(rows * shape.sizes[-1], dtype)

    @staticmethod
    def rows(batch_size: int, samples: int) -> int:
        """The most samples at once: a batch, or a chunk of evaluation."""
        return max(kernels.CHUNK, min(batch_size, samples))


def shares(runs: int, lanes: int) -> list[slice]:
    """The runs of each lane, as equal as can be."""
    ends = [round(runs * lane / lanes) for lane in range(lanes + 1)]
    return [slice(begin, end) for begin, end in itertools.pairwise(ends) if end > begin]
