"""The shape of a network in one flat vector, and a readable float64 forward and backward: the reference.

The compiled kernels must agree with this file; it is written to be read, not to be fast.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.activations import Activation, Identity
from reluviz.core.losses import Loss

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Shape:
    """Widths from the inputs to the outputs, and where each layer lies in the flat parameter vector.

    Layer l has weights (sizes[l], sizes[l + 1]), stored row by row from starts[l] on, then its biases.
    """

    sizes: tuple[int, ...]

    @property
    def layers(self) -> int:
        """The number of layers with weights, the output included."""
        return len(self.sizes) - 1

    @property
    def starts(self) -> tuple[int, ...]:
        """Where each layer's weights begin."""
        starts = [0]
        for inputs, units in zip(self.sizes[:-1], self.sizes[1:], strict=True):
            starts.append(starts[-1] + (inputs + 1) * units)
        return tuple(starts[:-1])

    @property
    def offsets(self) -> tuple[int, ...]:
        """How many neurons lie before each layer."""
        return tuple(int(n) for n in np.cumsum((0, *self.sizes[1:-1])))

    @property
    def neurons(self) -> int:
        """All neurons, the outputs included."""
        return sum(self.sizes[1:])

    @property
    def parameters(self) -> int:
        """All weights and biases."""
        return sum((i + 1) * u for i, u in zip(self.sizes[:-1], self.sizes[1:], strict=True))

    def weights(self, theta: Array, layer: int) -> Array:
        """A view of the layer's weights, shape (inputs, units)."""
        inputs, units = self.sizes[layer], self.sizes[layer + 1]
        start = self.starts[layer]
        return theta[start : start + inputs * units].reshape(inputs, units)

    def biases(self, theta: Array, layer: int) -> Array:
        """A view of the layer's biases, shape (units,)."""
        start = self.starts[layer] + self.sizes[layer] * self.sizes[layer + 1]
        return theta[start : start + self.sizes[layer + 1]]


def forward(shape: Shape, theta: Array, activation: Activation, x: Array) -> tuple[list[Array], list[Array]]:
    """Pre-activations and activations of every layer, each (samples, units); the output layer has no activation."""
    before: list[Array] = []
    after: list[Array] = []
    signal = x
    for layer in range(shape.layers):
        z = signal @ shape.weights(theta, layer) + shape.biases(theta, layer)
        f: Activation = activation if layer < shape.layers - 1 else Identity()
        signal = f.f(z)
        before.append(z)
        after.append(signal)
    return before, after


def gradient(shape: Shape, theta: Array, activation: Activation, loss: Loss, x: Array, y: Array) -> Array:
    """The gradient of the mean loss by all parameters, flat; back-propagation (Rumelhart et al. 1986)."""
    before, after = forward(shape, theta, activation, x)
    grad = np.zeros_like(theta)
    delta = loss.gradient(before[-1], y)
    for layer in reversed(range(shape.layers)):
        source = after[layer - 1] if layer else x
        shape.weights(grad, layer)[:] = source.T @ delta
        shape.biases(grad, layer)[:] = delta.sum(axis=0)
        if layer:
            delta = (delta @ shape.weights(theta, layer).T) * activation.df(before[layer - 1])
    return grad


def penalty_gradient(shape: Shape, theta: Array, l1: float, l2: float) -> Array:
    """The gradient of l1 Σ|w| + l2/2 Σ w² over the weights, biases left alone; flat."""
    grad = np.zeros_like(theta)
    for layer in range(shape.layers):
        weights = shape.weights(theta, layer)
        shape.weights(grad, layer)[:] = l2 * weights + l1 * np.sign(weights)
    return grad
