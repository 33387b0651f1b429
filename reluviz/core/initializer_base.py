"""What every initialiser tells of itself, and how it turns the shared draws into a layer."""

import importlib
from typing import Annotated, Any, ClassVar

import numpy as np

from reluviz.core.param import Described, Number

Array = np.ndarray[Any, np.dtype[Any]]

# How many draws each neuron has to spare for laws that need more than one for each parameter.
SPARE = 2

Bias = Annotated[
    float,
    Number("Bias", -20.0, 20.0, "Where every bias starts; a large negative one kills ReLU neurons.", decimals=2),
]


def rank(draws: Array) -> Array:
    """Φ(z), which is uniform on (0, 1) for standard normal draws; any shape, same shape out."""
    # scipy.special costs 0.15 s to import; the first lab starts from normal laws and does without.
    return np.asarray(importlib.import_module("scipy.special").ndtr(draws))


class Initializer(Described, frozen=True, tag_field="name"):
    """A law for the weights and biases of a layer, as a function of standard normal draws that all runs share.

    uniform: the law stretches the ranks Φ(z) of the draws instead of the draws. every_layer: the output layer's
    biases follow the law too; otherwise they start at zero.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    uniform: ClassVar[bool] = False
    every_layer: ClassVar[bool] = False

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Var(w) of a layer with `fan_in` inputs and `fan_out` outputs."""
        raise NotImplementedError

    def bias_variance(self, fan_in: int) -> float:
        """Var(b) of a layer with `fan_in` inputs; 0 where all biases start at one value."""
        return 0.0

    def weights(self, draws: Array, fan_in: int, fan_out: int) -> Array:
        """Weights from standard normal draws of the same shape, for laws whose weights are independent."""
        return self._stretched(draws, self.variance(fan_in, fan_out))

    def biases(self, draws: Array, fan_in: int) -> Array:
        """Biases of a layer with `fan_in` inputs from standard normal draws; any shape, same shape out."""
        return np.full_like(draws, self.start_bias())

    def layer(self, weights: Array, biases: Array, spare: Array) -> tuple[Array, Array]:
        """Weights (inputs, units) and biases (units,) from standard normal draws of these shapes.

        `spare`, (SPARE, units), has further draws for laws that need them.
        """
        fan_in, fan_out = weights.shape
        return self.weights(weights, fan_in, fan_out), self.biases(biases, fan_in)

    def start_bias(self) -> float:
        """The value at which every hidden bias starts, for laws that do not draw it."""
        return float(getattr(self, "bias", 0.0))

    def _stretched(self, draws: Array, variance: float) -> Array:
        deviation = np.sqrt(variance)
        if self.uniform:
            return np.asarray((2 * rank(draws) - 1) * (np.sqrt(3.0) * deviation))
        return draws * deviation
