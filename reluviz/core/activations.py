"""Activations: each with f, its exact derivative f′, its parameters, and the words to show.

Stable forms after the notes beside them; f and df keep the dtype of their input, NaN stays NaN.
`code` is the activation's case in the compiled kernel (kernel_activations.py), which reads up to
four parameters in the order of the class's fields.
"""

import importlib
from typing import Annotated, Any, ClassVar

import numpy as np

from reluviz.core.catalog import Catalog
from reluviz.core.param import Described, Number, parameters

Array = np.ndarray[Any, np.dtype[Any]]
SLOPE_GRID = np.linspace(-10.0, 10.0, 4001)


class Activation(Described, frozen=True, tag_field="name"):
    """What every activation tells of itself."""

    key: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    code: ClassVar[int]
    kinks: ClassVar[tuple[float, ...]] = ()

    def f(self, z: Array) -> Array:
        """The activation at z; any shape, same shape and dtype out."""
        raise NotImplementedError

    def df(self, z: Array) -> Array:
        """The exact derivative at z; at a kink the value of the table of conventions."""
        raise NotImplementedError

    @property
    def max_slope(self) -> float:
        """The largest abs f′ on [-10, 10]."""
        return float(np.abs(self.df(SLOPE_GRID)).max())

    def values(self) -> tuple[float, ...]:
        """The parameters in the order in which the kernel reads them."""
        return tuple(float(getattr(self, p.name)) for p in parameters(type(self)))


def _erfc(z: Array) -> Array:
    # scipy.special costs 0.15 s to import, which every start of the window would pay for one activation.
    return np.asarray(importlib.import_module("scipy.special").erfc(z))


def _logistic(z: Array) -> Array:
    t = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + t), t / (1 + t))


def _logistic_slope(z: Array) -> Array:
    # s(1 - s) cancels to 0 from z = 17 on in float32; this form does not.
    t = np.exp(-np.abs(z))
    return t / (1 + t) ** 2


class Identity(Activation, frozen=True, tag="identity"):
    """No activation at all: whatever the depth, the network stays one linear map, which is linear regression."""

    key: ClassVar[str] = "identity"
    title: ClassVar[str] = "Identity"
    formula: ClassVar[str] = "f(x) = x"
    code: ClassVar[int] = 0

    def f(self, z: Array) -> Array:
        return z.copy()

    def df(self, z: Array) -> Array:
        return np.where(np.isnan(z), z, np.ones_like(z))


class BinaryStep(Activation, frozen=True, tag="binary_step"):
    """Fires or does not. Its slope is 0 everywhere, so gradient descent learns nothing below it."""

    key: ClassVar[str] = "binary_step"
    title: ClassVar[str] = "Binary step"
    formula: ClassVar[str] = "f(x) = 1 if x > 0, else 0"
    code: ClassVar[int] = 1
    kinks: ClassVar[tuple[float, ...]] = (0.0,)

    def f(self, z: Array) -> Array:
        return np.where(np.isnan(z), z, (z > 0).astype(z.dtype))

    def df(self, z: Array) -> Array:
        return np.where(np.isnan(z), z, np.zeros_like(z))


class Sigmoid(Activation, frozen=True, tag="sigmoid"):
    """Squeezes every input into (0, 1). Its slope is at most 1/4 and vanishes on both sides: it saturates."""

    key: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "Sigmoid"
    formula: ClassVar[str] = "f(x) = 1 / (1 + e⁻ˣ)"
    code: ClassVar[int] = 2

    def f(self, z: Array) -> Array:
        return _logistic(z)

    def df(self, z: Array) -> Array:
        return _logistic_slope(z)


class Tanh(Activation, frozen=True, tag="tanh"):
    """A sigmoid centred at zero, with slope 1 there; it saturates at -1 and 1."""

    key: ClassVar[str] = "tanh"
    title: ClassVar[str] = "Tanh"
    formula: ClassVar[str] = "f(x) = tanh x"
    code: ClassVar[int] = 3

    def f(self, z: Array) -> Array:
        return np.tanh(z)

    def df(self, z: Array) -> Array:
        # 1 - tanh² cancels in the tails; 4t/(1 + t)² with t = e^(-2|x|) does not.
        return 4 * _logistic_slope(2 * z)


class ReLU(Activation, frozen=True, tag="relu"):
    """Passes what is positive, blocks the rest. Slope 1 for every positive input, so gradients do not shrink."""

    key: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    formula: ClassVar[str] = "f(x) = max(0, x)"
    code: ClassVar[int] = 4
    kinks: ClassVar[tuple[float, ...]] = (0.0,)

    def f(self, z: Array) -> Array:
        return np.where(z <= 0, np.zeros_like(z), z)

    def df(self, z: Array) -> Array:
        # f′(0) = 0, as in PyTorch and TensorFlow (Bertoin et al. 2021).
        return np.where(np.isnan(z), z, (z > 0).astype(z.dtype))


class LeakyReLU(Activation, frozen=True, tag="leaky_relu"):
    """ReLU with a small slope on the left, so that a silent neuron can recover (Maas et al. 2013)."""

    key: ClassVar[str] = "leaky_relu"
    title: ClassVar[str] = "Leaky ReLU"
    formula: ClassVar[str] = "f(x) = x if x > 0, else slope · x"
    code: ClassVar[int] = 5
    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    slope: Annotated[float, Number("Slope", 0.0, 0.5, "The gradient for negative input.")] = 0.01

    def f(self, z: Array) -> Array:
        return np.where(z > 0, z, z.dtype.type(self.slope) * z)

    def df(self, z: Array) -> Array:
        one = z.dtype.type(1)
        return np.where(np.isnan(z), z, np.where(z > 0, one, z.dtype.type(self.slope)))


class ELU(Activation, frozen=True, tag="elu"):
    """Smooth on the left, down to -α: it pushes the mean activity towards zero (Clevert et al. 2015)."""

    key: ClassVar[str] = "elu"
    title: ClassVar[str] = "ELU"
    formula: ClassVar[str] = "f(x) = x if x > 0, else α (eˣ - 1)"
    code: ClassVar[int] = 6
    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    alpha: Annotated[float, Number("α", 0.1, 3.0, "The depth of the left plateau: f tends to -α.")] = 1.0

    def f(self, z: Array) -> Array:
        left = z.dtype.type(self.alpha) * np.expm1(np.minimum(z, 0))
        return np.where(z > 0, z, left)

    def df(self, z: Array) -> Array:
        left = z.dtype.type(self.alpha) * np.exp(np.minimum(z, 0))
        return np.where(z > 0, np.ones_like(z), left)


class GELU(Activation, frozen=True, tag="gelu"):
    """The input times the chance that a standard normal lies below it (Hendrycks & Gimpel 2016)."""

    key: ClassVar[str] = "gelu"
    title: ClassVar[str] = "GELU"
    formula: ClassVar[str] = "f(x) = x Φ(x)"
    code: ClassVar[int] = 7

    def f(self, z: Array) -> Array:
        # ½x(1 + erf) cancels on the left; erfc does not. -∞ · 0 has the limit 0.
        half = z.dtype.type(0.5)
        value = half * z * _erfc(-z * z.dtype.type(np.sqrt(0.5)))
        return np.where(np.isneginf(z), np.zeros_like(z), value) if np.isneginf(z).any() else value

    def df(self, z: Array) -> Array:
        x = np.clip(z, -40, 40)
        half = z.dtype.type(0.5)
        cumulative = half * _erfc(-x * z.dtype.type(np.sqrt(0.5)))
        return cumulative + x * z.dtype.type(1 / np.sqrt(2 * np.pi)) * np.exp(-half * x * x)


class SiLU(Activation, frozen=True, tag="silu"):
    """The input times its sigmoid, also called Swish: smooth, dips a little below zero (Elfwing et al. 2017)."""

    key: ClassVar[str] = "silu"
    title: ClassVar[str] = "SiLU"
    formula: ClassVar[str] = "f(x) = x / (1 + e⁻ˣ)"
    code: ClassVar[int] = 8

    def f(self, z: Array) -> Array:
        return np.maximum(z, z.dtype.type(-1e4)) * _logistic(z)

    def df(self, z: Array) -> Array:
        x = np.clip(z, -1e4, 1e4)
        return _logistic(x) + x * _logistic_slope(x)


class Softplus(Activation, frozen=True, tag="softplus"):
    """A smooth ReLU; its derivative is the sigmoid (Glorot et al. 2011). A larger β makes the corner sharper."""

    key: ClassVar[str] = "softplus"
    title: ClassVar[str] = "Softplus"
    formula: ClassVar[str] = "f(x) = ln(1 + e^(βx)) / β"
    code: ClassVar[int] = 9
    beta: Annotated[float, Number("β", 0.1, 10.0, "The sharpness of the corner.")] = 1.0

    def f(self, z: Array) -> Array:
        beta = z.dtype.type(self.beta)
        return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(beta * z))) / beta

    def df(self, z: Array) -> Array:
        return _logistic(z.dtype.type(self.beta) * z)


ACTIVATIONS: Catalog[type[Activation]] = Catalog(
    "activation", Identity, BinaryStep, Sigmoid, Tanh, ReLU, LeakyReLU, ELU, GELU, SiLU, Softplus
)
