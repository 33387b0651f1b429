"""Initialisers that know nothing of a layer's width: a normal and a uniform law, and zeros."""

from typing import Annotated, ClassVar

from reluviz.core.initializer_base import Bias, Initializer
from reluviz.core.param import Number


class PlainNormal(Initializer, frozen=True, tag="normal"):
    """Normal with a standard deviation of your choice, and a constant bias: break the start on purpose."""

    key: ClassVar[str] = "normal"
    title: ClassVar[str] = "Normal N(0, σ²)"
    sigma: Annotated[
        float, Number("σ", 0.001, 10.0, "The standard deviation of every weight, whatever the layer's width.", log=True)
    ] = 1.0
    bias: Bias = 0.0

    def variance(self, fan_in: int, fan_out: int) -> float:
        return self.sigma**2


class UniformHalf(Initializer, frozen=True, tag="uniform_half"):
    """Weights uniform in ±½ whatever the layer's width, biases zero: too small for narrow layers, too big for wide."""

    key: ClassVar[str] = "uniform_half"
    title: ClassVar[str] = "Uniform U(-½, ½)"
    uniform: ClassVar[bool] = True

    def variance(self, fan_in: int, fan_out: int) -> float:
        return 1 / 12


class Zeros(Initializer, frozen=True, tag="zeros"):
    """All weights zero: every neuron of a layer stays the same as its neighbours, for ever."""

    key: ClassVar[str] = "zeros"
    title: ClassVar[str] = "Zeros"

    def variance(self, fan_in: int, fan_out: int) -> float:
        return 0.0
