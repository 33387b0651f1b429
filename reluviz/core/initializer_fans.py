"""Initialisers that scale with a layer's width: He, Glorot, LeCun, PyTorch's, mean field, He with a bias."""

import math
from typing import Annotated, ClassVar

from reluviz.core.initializer_base import Array, Bias, Initializer
from reluviz.core.param import Number


class HeNormal(Initializer, frozen=True, tag="he_normal"):
    """Normal with variance 2 / inputs: keeps the signal's size through ReLU layers (He et al. 2015)."""

    key: ClassVar[str] = "he_normal"
    title: ClassVar[str] = "He normal"

    def variance(self, fan_in: int, fan_out: int) -> float:
        return 2 / fan_in


class HeUniform(HeNormal, frozen=True, tag="he_uniform"):
    """Uniform with variance 2 / inputs (He et al. 2015)."""

    key: ClassVar[str] = "he_uniform"
    title: ClassVar[str] = "He uniform"
    uniform: ClassVar[bool] = True


class GlorotNormal(Initializer, frozen=True, tag="glorot_normal"):
    """Normal with variance 2 / (inputs + outputs): made for tanh (Glorot & Bengio 2010)."""

    key: ClassVar[str] = "glorot_normal"
    title: ClassVar[str] = "Glorot normal"

    def variance(self, fan_in: int, fan_out: int) -> float:
        return 2 / (fan_in + fan_out)


class GlorotUniform(GlorotNormal, frozen=True, tag="glorot_uniform"):
    """Uniform with variance 2 / (inputs + outputs) (Glorot & Bengio 2010)."""

    key: ClassVar[str] = "glorot_uniform"
    title: ClassVar[str] = "Glorot uniform"
    uniform: ClassVar[bool] = True


class LeCunNormal(Initializer, frozen=True, tag="lecun_normal"):
    """Normal with variance 1 / inputs (LeCun et al. 1998)."""

    key: ClassVar[str] = "lecun_normal"
    title: ClassVar[str] = "LeCun normal"

    def variance(self, fan_in: int, fan_out: int) -> float:
        return 1 / fan_in


class LeCunUniform(LeCunNormal, frozen=True, tag="lecun_uniform"):
    """Uniform with variance 1 / inputs (LeCun et al. 1998)."""

    key: ClassVar[str] = "lecun_uniform"
    title: ClassVar[str] = "LeCun uniform"
    uniform: ClassVar[bool] = True


class PyTorchLinear(Initializer, frozen=True, tag="pytorch_linear"):
    """What PyTorch's Linear layer does unasked: weights and biases uniform in ±1/√inputs.

    The variance, 1 / (3 inputs), is a sixth of He's: a signal through ReLU layers shrinks by √6 in each. The output
    layer's biases are drawn too, as PyTorch does.
    """

    key: ClassVar[str] = "pytorch_linear"
    title: ClassVar[str] = "PyTorch Linear"
    uniform: ClassVar[bool] = True
    every_layer: ClassVar[bool] = True

    def variance(self, fan_in: int, fan_out: int) -> float:
        return 1 / (3 * fan_in)

    def bias_variance(self, fan_in: int) -> float:
        return 1 / (3 * fan_in)

    def biases(self, draws: Array, fan_in: int) -> Array:
        return self._stretched(draws, self.bias_variance(fan_in))


class MeanField(Initializer, frozen=True, tag="mean_field"):
    """Normal weights of variance σ_w² / inputs and normal biases of variance σ_b²: the plane of order and chaos.

    Every layer, the output included, follows the law (Poole et al. 2016; Schoenholz et al. 2017).
    """

    key: ClassVar[str] = "mean_field"
    title: ClassVar[str] = "Mean field N(0, σ_w²/n)"
    every_layer: ClassVar[bool] = True
    sigma_w: Annotated[
        float, Number("σ_w", 0.01, 20.0, "The standard deviation of a weight times √inputs; √2 keeps ReLU's signal.")
    ] = math.sqrt(2)
    sigma_b: Annotated[
        float, Number("σ_b", 0.0, 10.0, "The standard deviation of a bias; 0 starts all biases at zero.")
    ] = 0.0

    def variance(self, fan_in: int, fan_out: int) -> float:
        return self.sigma_w**2 / fan_in

    def bias_variance(self, fan_in: int) -> float:
        return self.sigma_b**2

    def biases(self, draws: Array, fan_in: int) -> Array:
        # Adding 0 makes a plain zero of -0.
        return draws * self.sigma_b + 0.0


class HeBias(HeNormal, frozen=True, tag="he_bias"):
    """He normal weights with one bias for all hidden neurons: a large negative one kills ReLU neurons on purpose."""

    key: ClassVar[str] = "he_bias"
    title: ClassVar[str] = "He normal with a bias"
    bias: Bias = -3.0
