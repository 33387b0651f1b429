"""Activations of two or three straight lines: ReLU and its relatives."""

from typing import Annotated, ClassVar

import numpy as np

from reluviz.core.activation_base import Activation, Array, AtZero, two_slopes, with_nan
from reluviz.core.param import Number, refusal


class ReLU(Activation, frozen=True, tag="relu"):
    """Passes what is positive, blocks the rest; slope 1 for positive input, so gradients last (Nair & Hinton 2010)."""

    key: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    formula: ClassVar[str] = "f(x) = max(0, x)"
    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    at_zero: AtZero = "0"

    def _f(self, x: Array) -> Array:
        return np.where(x <= 0, 0.0, x)

    def _df(self, x: Array) -> Array:
        return two_slopes(x, 0.0, 1.0, self.at_zero)


class ReLU6(Activation, frozen=True, tag="relu6"):
    """ReLU that stops at 6, so that numbers of few bits hold its values (Krizhevsky 2010)."""

    key: ClassVar[str] = "relu6"
    title: ClassVar[str] = "ReLU6"
    formula: ClassVar[str] = "f(x) = min(max(0, x), 6)"
    kinks: ClassVar[tuple[float, ...]] = (0.0, 6.0)
    at_zero: AtZero = "0"

    def _f(self, x: Array) -> Array:
        return np.where(x <= 0, 0.0, np.minimum(x, 6.0))

    def _df(self, x: Array) -> Array:
        return np.where(x >= 6.0, 0.0, two_slopes(x, 0.0, 1.0, self.at_zero))


class LeakyReLU(Activation, frozen=True, tag="leaky_relu"):
    """ReLU with a small slope on the left, so that a silent neuron can recover (Maas et al. 2013)."""

    key: ClassVar[str] = "leaky_relu"
    title: ClassVar[str] = "Leaky ReLU"
    formula: ClassVar[str] = "f(x) = x if x > 0, else slope · x"
    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    slope: Annotated[float, Number("Slope", 0.0, 0.5, "The gradient for negative input.")] = 0.01
    at_zero: AtZero = "0"

    def _f(self, x: Array) -> Array:
        return np.where(x > 0, x, self.slope * x) if self.slope else np.where(x <= 0, 0.0, x)

    def _df(self, x: Array) -> Array:
        return two_slopes(x, self.slope, 1.0, self.at_zero)


class PReLU(Activation, frozen=True, tag="prelu"):
    """Leaky ReLU that learns its slope, one for each hidden layer, along with the weights (He et al. 2015)."""

    key: ClassVar[str] = "prelu"
    title: ClassVar[str] = "PReLU"
    formula: ClassVar[str] = "f(x) = x if x > 0, else a · x, with a learned"
    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    slope: Annotated[float, Number("Slope", -2.0, 2.0, "The slope a from which learning starts.")] = 0.25
    at_zero: AtZero = "0"

    def _f(self, x: Array) -> Array:
        return np.where(x > 0, x, self.slope * x) if self.slope else np.where(x <= 0, 0.0, x)

    def _df(self, x: Array) -> Array:
        return two_slopes(x, self.slope, 1.0, self.at_zero)

    def slope_gradient(self, z: Array) -> Array:
        """∂f/∂a = min(0, z), by which the slope learns (He et al. 2015); any shape, same shape and dtype out."""
        return np.minimum(z, z.dtype.type(0))


class RReLU(Activation, frozen=True, tag="rrelu"):
    """Leaky ReLU whose slope is drawn anew in training and is the mean of its law otherwise (Xu et al. 2015)."""

    key: ClassVar[str] = "rrelu"
    title: ClassVar[str] = "RReLU"
    formula: ClassVar[str] = "f(x) = x if x > 0, else a · x, with a drawn from [lower, upper]"
    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    lower: Annotated[float, Number("Lower", 0.0, 1.0, "The smallest slope that is drawn.")] = 1 / 8
    upper: Annotated[float, Number("Upper", 0.0, 1.0, "The largest slope that is drawn.")] = 1 / 3
    at_zero: AtZero = "0"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.lower <= self.upper:
            raise ValueError(refusal("lower", self.lower, f"at most upper = {self.upper:g}"))

    @property
    def mean_slope(self) -> float:
        """The slope outside training."""
        return (self.lower + self.upper) / 2

    def _f(self, x: Array) -> Array:
        return np.where(x > 0, x, self.mean_slope * x) if self.upper else np.where(x <= 0, 0.0, x)

    def _df(self, x: Array) -> Array:
        return two_slopes(x, self.mean_slope, 1.0, self.at_zero)


class Threshold(Activation, frozen=True, tag="threshold"):
    """Passes what lies above a threshold and puts one fixed value in place of the rest (Konda et al. 2014)."""

    key: ClassVar[str] = "threshold"
    title: ClassVar[str] = "Threshold"
    formula: ClassVar[str] = "f(x) = x if x > threshold, else value"
    threshold: Annotated[float, Number("Threshold", -5.0, 5.0, "Input above it passes.")] = 0.1
    value: Annotated[float, Number("Value", -5.0, 5.0, "The output for all other input.")] = 0.0

    @property
    def kinks(self) -> tuple[float, ...]:  # type: ignore[override]
        """The threshold."""
        return (self.threshold,)

    def _f(self, x: Array) -> Array:
        return np.where(x <= self.threshold, self.value, x)

    def _df(self, x: Array) -> Array:
        return with_nan(x, np.where(x > self.threshold, 1.0, 0.0))


class SquaredReLU(Activation, frozen=True, tag="relu_squared"):
    """The square of ReLU: no jump of the slope at 0, but the slope grows with the input (So et al. 2021)."""

    key: ClassVar[str] = "relu_squared"
    title: ClassVar[str] = "Squared ReLU"
    formula: ClassVar[str] = "f(x) = max(0, x)²"

    def _f(self, x: Array) -> Array:
        return np.where(x <= 0, 0.0, x * x)

    def _df(self, x: Array) -> Array:
        return np.where(x <= 0, 0.0, 2.0 * x)


class Absolute(Activation, frozen=True, tag="abs"):
    """Folds the line at 0: both sides pass with slopes -1 and 1, and no neuron can die (Jarrett et al. 2009)."""

    key: ClassVar[str] = "abs"
    title: ClassVar[str] = "Absolute value"
    formula: ClassVar[str] = "f(x) = |x|"
    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    # E x² passes through |x| unchanged, as through the identity.
    initializer: ClassVar[str] = "lecun_normal"

    def _f(self, x: Array) -> Array:
        return np.abs(x)

    def _df(self, x: Array) -> Array:
        return np.sign(x)
