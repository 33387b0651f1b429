"""The table of activations: each with f, its exact derivative f′, its parameters, and the words to show.

The entries live in files by family (activation_*.py); the two simplest stand here.
"""

from typing import ClassVar

import numpy as np

from reluviz.core.activation_base import Activation, Array, with_nan
from reluviz.core.activation_gated import GELU, GELUTanh, HardSwish, Mish, SiLU, Swish
from reluviz.core.activation_rectifiers import (
    Absolute,
    LeakyReLU,
    PReLU,
    ReLU,
    ReLU6,
    RReLU,
    SquaredReLU,
    Threshold,
)
from reluviz.core.activation_shrink import Hardshrink, Softshrink, Tanhshrink
from reluviz.core.activation_sigmoids import (
    ArcTan,
    HardSigmoid,
    HardTanh,
    LeCunTanh,
    LogSigmoid,
    Sigmoid,
    Softsign,
    Tanh,
)
from reluviz.core.activation_smooth import CELU, ELU, SELU, BentIdentity, Softplus, Squareplus
from reluviz.core.activation_waves import Gaussian, Sine
from reluviz.core.catalog import Catalog
from reluviz.core.formula import Formula


class Identity(Activation, frozen=True, tag="identity"):
    """No activation: whatever the depth, the network stays one linear map, linear regression (Widrow & Hoff 1960)."""

    key: ClassVar[str] = "identity"
    title: ClassVar[str] = "Identity"
    formula: ClassVar[str] = "f(x) = x"
    initializer: ClassVar[str] = "glorot_normal"

    def _f(self, x: Array) -> Array:
        return x.copy()

    def _df(self, x: Array) -> Array:
        return with_nan(x, 1.0)


class BinaryStep(Activation, frozen=True, tag="binary_step"):
    """Fires or does not; its slope is 0, so gradient descent learns nothing below it (McCulloch & Pitts 1943)."""

    key: ClassVar[str] = "binary_step"
    title: ClassVar[str] = "Binary step"
    formula: ClassVar[str] = "f(x) = 1 if x > 0, else 0"
    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    initializer: ClassVar[str] = "glorot_normal"

    def _f(self, x: Array) -> Array:
        return with_nan(x, np.where(x > 0, 1.0, 0.0))

    def _df(self, x: Array) -> Array:
        return with_nan(x, 0.0)


ACTIVATIONS: Catalog[type[Activation]] = Catalog(
    "activation",
    Identity,
    BinaryStep,
    Sigmoid,
    HardSigmoid,
    LogSigmoid,
    Tanh,
    HardTanh,
    LeCunTanh,
    ReLU,
    ReLU6,
    LeakyReLU,
    PReLU,
    RReLU,
    ELU,
    SELU,
    CELU,
    GELU,
    GELUTanh,
    SiLU,
    Swish,
    HardSwish,
    Mish,
    Softplus,
    Softsign,
    Tanhshrink,
    Softshrink,
    Hardshrink,
    Threshold,
    Gaussian,
    Sine,
    SquaredReLU,
    Absolute,
    BentIdentity,
    Squareplus,
    ArcTan,
    Formula,
)

__all__ = [
    "ACTIVATIONS", "CELU", "ELU", "GELU", "SELU", "Absolute", "Activation", "ArcTan",
    "BentIdentity", "BinaryStep", "Formula", "GELUTanh", "Gaussian", "HardSigmoid", "HardSwish", "HardTanh",
    "Hardshrink",
    "Identity", "LeCunTanh", "LeakyReLU", "LogSigmoid", "Mish", "PReLU", "RReLU", "ReLU", "ReLU6", "SiLU", "Sigmoid",
    "Sine", "Softplus", "Softshrink", "Softsign", "SquaredReLU", "Squareplus", "Swish", "Tanh", "Tanhshrink",
    "Threshold",
]  # fmt: skip
