"""Activations that go up and down again."""

from typing import ClassVar

import numpy as np

from reluviz.core.activation_base import Activation, Array
from reluviz.core.stable import bounded, times_exp, two_product

# e^-x² is 0 long before.
FAR = 1e4


class Gaussian(Activation, frozen=True, tag="gaussian"):
    """A bump: answers to inputs near 0 only, as the units of radial basis functions do (Broomhead & Lowe 1988)."""

    key: ClassVar[str] = "gaussian"
    title: ClassVar[str] = "Gaussian"
    formula: ClassVar[str] = "f(x) = e^(-x²)"
    initializer: ClassVar[str] = "glorot_normal"

    def _f(self, x: Array) -> Array:
        high, low = two_product(bounded(x, FAR), bounded(x, FAR))
        return times_exp(1.0, -high, -low)

    def _df(self, x: Array) -> Array:
        near = bounded(x, FAR)
        high, low = two_product(near, near)
        return times_exp(-2.0 * near, -high, -low)


class Sine(Activation, frozen=True, tag="sine"):
    """Periodic: it never saturates, repeats its answers and has no limit at infinity (Sitzmann et al. 2020)."""

    key: ClassVar[str] = "sine"
    title: ClassVar[str] = "Sine"
    formula: ClassVar[str] = "f(x) = sin x"
    initializer: ClassVar[str] = "glorot_normal"

    def _f(self, x: Array) -> Array:
        return np.sin(x)

    def _df(self, x: Array) -> Array:
        return np.cos(x)
