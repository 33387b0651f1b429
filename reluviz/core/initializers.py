"""Initialisers: each scales the same standard normal draws, so that runs differ only by their law.

Normal laws stretch a draw z; uniform laws stretch its rank Φ(z), which is uniform on (0, 1): two runs with different
initialisers still share every single random draw.
"""

import importlib
from typing import Annotated, Any, ClassVar

import numpy as np

from reluviz.core.catalog import Catalog
from reluviz.core.param import Described, Number

Array = np.ndarray[Any, np.dtype[Any]]

Bias = Annotated[
    float,
    Number("Bias", -20.0, 20.0, "Where every bias starts; a large negative one kills ReLU neurons.", decimals=2),
]


class Initializer(Described, frozen=True, tag_field="name"):
    """What every initialiser tells of itself."""

    key: ClassVar[str]
    title: ClassVar[str]
    uniform: ClassVar[bool] = False

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Var(w) of a layer with `fan_in` inputs and `fan_out` outputs."""
        raise NotImplementedError

    def weights(self, draws: Array, fan_in: int, fan_out: int) -> Array:
        """Weights from standard normal draws; any shape, same shape out."""
        deviation = np.sqrt(self.variance(fan_in, fan_out))
        if self.uniform:
            # scipy.special costs 0.15 s to import; the first lab starts from normal laws and does without.
            rank = importlib.import_module("scipy.special").ndtr(draws)
            return np.asarray((2 * rank - 1) * (np.sqrt(3.0) * deviation))
        return draws * deviation

    def start_bias(self) -> float:
        """The value at which every hidden bias starts."""
        return float(getattr(self, "bias", 0.0))


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


class Zeros(Initializer, frozen=True, tag="zeros"):
    """All weights zero: every neuron of a layer stays the same as its neighbours, for ever."""

    key: ClassVar[str] = "zeros"
    title: ClassVar[str] = "Zeros"

    def variance(self, fan_in: int, fan_out: int) -> float:
        return 0.0


INITIALIZERS: Catalog[type[Initializer]] = Catalog(
    "initialiser", HeNormal, HeUniform, GlorotNormal, GlorotUniform, LeCunNormal, LeCunUniform, PlainNormal, Zeros
)
