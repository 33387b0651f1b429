"""Where the parameters of neurons and layers lie in a run's vector, for those who change them."""

from typing import Any

import numpy as np

from reluviz.core.kernel_plan import NO_NORM
from reluviz.core.shape import Shape
from reluviz.core.surgery import BIAS

Array = np.ndarray[Any, np.dtype[Any]]


class Places:
    """Places in theta (total,) of one run; layers and units count from 0. `norm` is what its hidden layers have."""

    def __init__(self, shape: Shape, norm: int) -> None:
        self._shape, self._norm = shape, norm

    def normalised(self, layer: int) -> bool:
        """Whether a layer has gains and shifts."""
        return layer < self._shape.layers - 1 and self._norm != NO_NORM

    def weights(self, layer: int) -> Array:
        """All weights that lead into a layer."""
        shape = self._shape
        return shape.starts[layer] + np.arange(shape.sizes[layer] * shape.sizes[layer + 1])

    def biases(self, layer: int) -> Array:
        """What is added just before the activation of each neuron: shifts under normalisation, else biases."""
        shape = self._shape
        units = np.arange(shape.sizes[layer + 1])
        if self.normalised(layer):
            return shape.gains[layer] + len(units) + units
        return self.plain_biases(layer)

    def plain_biases(self, layer: int) -> Array:
        """The biases, whether or not they matter."""
        shape = self._shape
        return shape.starts[layer] + shape.sizes[layer] * shape.sizes[layer + 1] + np.arange(shape.sizes[layer + 1])

    def parameter(self, layer: int, unit: int, source: int) -> int:
        """One weight, or for source BIAS the bias."""
        if source == BIAS:
            return int(self.biases(layer)[unit])
        return self._shape.starts[layer] + source * self._shape.sizes[layer + 1] + unit

    def incoming(self, layer: int, unit: int) -> Array:
        """A neuron's weights, its bias, and under normalisation its gain and shift."""
        shape = self._shape
        units, inputs = shape.sizes[layer + 1], shape.sizes[layer]
        places = shape.starts[layer] + np.arange(inputs + 1) * units + unit
        if self.normalised(layer):
            places = np.append(places, [shape.gains[layer] + unit, self.biases(layer)[unit]])
        return places

    def outgoing(self, layer: int, unit: int) -> Array:
        """The weights that lead out of a neuron; none for an output."""
        shape, above = self._shape, layer + 1
        if above == shape.layers:
            return np.zeros(0, np.int64)
        units = shape.sizes[above + 1]
        return shape.starts[above] + unit * units + np.arange(units)

    def gains(self, layer: int) -> Array:
        """The gains of a hidden layer."""
        return self._shape.gains[layer] + np.arange(self._shape.sizes[layer + 1])
