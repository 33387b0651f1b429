"""The shape of a network in one flat vector of parameters."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Shape:
    """Widths from the inputs to the outputs, and where each layer lies in the flat parameter vector.

    Layer l has weights (sizes[l], sizes[l + 1]), stored row by row from starts[l] on, then its biases. Behind the
    parameters of all layers lies what only some runs use: of every hidden layer its gains and shifts, then of every
    hidden layer the slope that it learns.
    """

    sizes: tuple[int, ...]

    @cached_property
    def layers(self) -> int:
        """The number of layers with weights, the output included."""
        return len(self.sizes) - 1

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each layer's weights begin."""
        starts = [0]
        for inputs, units in zip(self.sizes[:-1], self.sizes[1:], strict=True):
            starts.append(starts[-1] + (inputs + 1) * units)
        return tuple(starts[:-1])

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """How many neurons lie before each layer."""
        return tuple(int(n) for n in np.cumsum((0, *self.sizes[1:-1])))

    @cached_property
    def neurons(self) -> int:
        """All neurons, the outputs included."""
        return sum(self.sizes[1:])

    @cached_property
    def parameters(self) -> int:
        """All weights and biases."""
        return sum((i + 1) * u for i, u in zip(self.sizes[:-1], self.sizes[1:], strict=True))

    @cached_property
    def gains(self) -> tuple[int, ...]:
        """Where each hidden layer's gains begin; its shifts follow."""
        return tuple(self.parameters + 2 * offset for offset in self.offsets[: self.layers - 1])

    @cached_property
    def slopes(self) -> tuple[int, ...]:
        """Where each hidden layer's learned slope lies."""
        begin = self.parameters + 2 * sum(self.sizes[1:-1])
        return tuple(range(begin, begin + self.layers - 1))

    @cached_property
    def total(self) -> int:
        """The length of a run's whole vector."""
        return self.parameters + 2 * sum(self.sizes[1:-1]) + self.layers - 1

    def weights(self, theta: Array, layer: int) -> Array:
        """A view of the layer's weights, shape (inputs, units)."""
        inputs, units = self.sizes[layer], self.sizes[layer + 1]
        start = self.starts[layer]
        return theta[start : start + inputs * units].reshape(inputs, units)

    def biases(self, theta: Array, layer: int) -> Array:
        """A view of the layer's biases, shape (units,)."""
        start = self.starts[layer] + self.sizes[layer] * self.sizes[layer + 1]
        return theta[start : start + self.sizes[layer + 1]]

    def gain(self, theta: Array, layer: int) -> Array:
        """A view of a hidden layer's gains, shape (units,)."""
        return theta[self.gains[layer] : self.gains[layer] + self.sizes[layer + 1]]

    def shift(self, theta: Array, layer: int) -> Array:
        """A view of a hidden layer's shifts, shape (units,)."""
        start = self.gains[layer] + self.sizes[layer + 1]
        return theta[start : start + self.sizes[layer + 1]]
