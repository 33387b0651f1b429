"""Randomised asymmetric initialisation: a remedy against ReLU networks that are born dead."""

from typing import ClassVar

import numpy as np

from reluviz.core.initializer_base import Array, Initializer, rank

# The deviation of Lu et al. 2020; a weight's is this / √inputs.
DEVIATION = 0.6007


class RandomisedAsymmetric(Initializer, frozen=True, tag="rai"):
    """Normal, with one entry of each neuron drawn positive: fewer networks are born dead (Lu et al. 2020).

    A neuron's weights and its bias are N(0, 0.6007² / inputs); one of these inputs + 1 entries, chosen at
    random, is drawn from Beta(2, 1) instead. As in the paper's code this holds for every layer, the output included.
    The choice and the draw come from the ranks of the neuron's two spare draws.
    """

    key: ClassVar[str] = "rai"
    title: ClassVar[str] = "Randomised asymmetric"
    every_layer: ClassVar[bool] = True

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Var(w) about its mean 2/3 / (inputs + 1); the second moment of Beta(2, 1) is ½, its mean ⅔."""
        square = (fan_in * DEVIATION**2 / fan_in + 0.5) / (fan_in + 1)
        return square - (2 / 3 / (fan_in + 1)) ** 2

    def bias_variance(self, fan_in: int) -> float:
        return self.variance(fan_in, 1)

    def layer(self, weights: Array, biases: Array, spare: Array) -> tuple[Array, Array]:
        fan_in, units = weights.shape
        neurons = np.vstack([weights, biases]) * (DEVIATION / np.sqrt(fan_in))
        chosen, level = rank(spare)
        # A rank of exactly 1 has no place of its own.
        place = np.minimum((chosen * (fan_in + 1)).astype(np.intp), fan_in)
        # Beta(2, 1) has the distribution function x².
        neurons[place, np.arange(units)] = np.sqrt(level)
        return neurons[:-1], neurons[-1]
