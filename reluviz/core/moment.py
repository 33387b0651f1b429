"""The whole state of all runs at one step, from which training can be repeated to the same bits."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Moment:
    """Copies of what training changes: parameters, the optimiser's moments, running statistics, order and place.

    The moments of an optimiser that has none are zeros that take no memory.

    theta, first, second (runs, total); running (runs, 2, neurons); fate (runs, 2); ratios (runs, layers); order
    (samples,); state as in kernel_record.py. Of a rehearsed moment only the rehearsed run has moved.
    """

    step: int
    theta: Array
    first: Array
    second: Array
    running: Array
    fate: Array
    ratios: Array
    order: Array
    state: Array

    @property
    def nbytes(self) -> int:
        """The memory that it takes in bytes, without the order, which many moments of an epoch share."""
        parts = (self.theta, self.first, self.second, self.running, self.fate, self.ratios, self.state)
        return sum(part.nbytes if part.strides != (0,) * part.ndim else part.itemsize for part in parts)

    def mapped(self, rows: Sequence[int]) -> "Moment":
        """The same where run i of now is what run rows[i] was."""
        parts = (self.theta, self.first, self.second, self.running, self.fate, self.ratios)
        theta, first, second, running, fate, ratios = (part[list(rows)] for part in parts)
        return Moment(self.step, theta, first, second, running, fate, ratios, self.order, self.state)

    def beside(self, other: "Moment") -> "Moment":
        """The same, sharing the order of another moment where it is equal."""
        return replace(self, order=other.order) if np.array_equal(self.order, other.order) else self

    def writable(self) -> "Moment":
        """A copy to train."""
        names = (item.name for item in fields(self) if item.name != "step")
        return Moment(self.step, *(np.array(getattr(self, name)) for name in names))


def kept(part: Array) -> Array:
    """A copy; of nothing but zeros, one that takes no memory and cannot be written to."""
    return part.copy() if part.any() else np.broadcast_to(part.dtype.type(0), part.shape)
