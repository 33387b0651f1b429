"""Smooth relatives of ReLU whose left side is an exponential or a root."""

from typing import Annotated, ClassVar

import numpy as np

from reluviz.core.activation_base import Activation, Array
from reluviz.core.param import Number
from reluviz.core.stable import bounded, logistic, times_exp, two_product, two_quotient

# Klambauer et al. 2017: the constants that make mean 0 and variance 1 a fixed point.
SELU_ALPHA = 1.6732632423543772
SELU_LAMBDA = 1.0507009873554805
# Their product, rounded once.
SELU_DEPTH = 1.7580993408473768
# Exponentials with any allowed parameter have reached their limit there.
FAR = 1e5
# Below it ln(1 + t) is t to the last digit, t = e^y.
LOG1P_IS_EXP = -40.0

Depth = Annotated[float, Number("α", 0.1, 3.0, "The depth of the left plateau: f tends to -α.")]


class ELU(Activation, frozen=True, tag="elu"):
    """Smooth on the left, down to -α: it pushes the mean activity towards zero (Clevert et al. 2015)."""

    key: ClassVar[str] = "elu"
    title: ClassVar[str] = "ELU"
    formula: ClassVar[str] = "f(x) = x if x > 0, else α (eˣ - 1)"
    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    alpha: Depth = 1.0

    def _f(self, x: Array) -> Array:
        return np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0.0)))

    def _df(self, x: Array) -> Array:
        return np.where(x > 0, 1.0, times_exp(self.alpha, np.minimum(x, 0.0)))


class SELU(Activation, frozen=True, tag="selu"):
    """ELU with two constants for which mean 0 and variance 1 keep themselves through layers (Klambauer et al. 2017)."""

    key: ClassVar[str] = "selu"
    title: ClassVar[str] = "SELU"
    formula: ClassVar[str] = "f(x) = λ x if x > 0, else λ α (eˣ - 1)"
    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    initializer: ClassVar[str] = "lecun_normal"

    def _f(self, x: Array) -> Array:
        return np.where(x > 0, SELU_LAMBDA * x, SELU_DEPTH * np.expm1(np.minimum(x, 0.0)))

    def _df(self, x: Array) -> Array:
        return np.where(x > 0, SELU_LAMBDA, times_exp(SELU_DEPTH, np.minimum(x, 0.0)))


class CELU(Activation, frozen=True, tag="celu"):
    """ELU stretched so that the slope has no jump at 0 whatever α is (Barron 2017)."""

    key: ClassVar[str] = "celu"
    title: ClassVar[str] = "CELU"
    formula: ClassVar[str] = "f(x) = x if x > 0, else α (e^(x/α) - 1)"
    kinks: ClassVar[tuple[float, ...]] = (0.0,)
    alpha: Depth = 1.0

    def _f(self, x: Array) -> Array:
        left = self.alpha * np.expm1(np.minimum(x, 0.0) / self.alpha)
        # A subnormal x has no digits to lose in a division.
        return np.where(x > -1e-290, x, left)

    def _df(self, x: Array) -> Array:
        return np.where(x > 0, 1.0, times_exp(1.0, *two_quotient(bounded(np.minimum(x, 0.0), FAR), self.alpha)))


class Softplus(Activation, frozen=True, tag="softplus"):
    """A smooth ReLU; its derivative is the sigmoid, and a larger β makes the corner sharper (Dugas et al. 2001)."""

    key: ClassVar[str] = "softplus"
    title: ClassVar[str] = "Softplus"
    formula: ClassVar[str] = "f(x) = ln(1 + e^(βx)) / β"
    beta: Annotated[float, Number("β", 0.1, 10.0, "The sharpness of the corner.")] = 1.0

    def _f(self, x: Array) -> Array:
        # PyTorch passes x unchanged from βx = 20 on, which leaves a jump of 2e-9.
        high, low = two_product(bounded(-np.abs(x), FAR), self.beta)
        curve = np.log1p(times_exp(1.0, high, low)) / self.beta
        curve = np.where(high < LOG1P_IS_EXP, times_exp(1.0 / self.beta, high, low), curve)
        return np.maximum(x, 0.0) + curve

    def _df(self, x: Array) -> Array:
        return logistic(*two_product(bounded(x, FAR), self.beta))


class Squareplus(Activation, frozen=True, tag="squareplus"):
    """A smooth ReLU that needs a square root only; b sets how round the corner is (Barron 2021)."""

    key: ClassVar[str] = "squareplus"
    title: ClassVar[str] = "Squareplus"
    formula: ClassVar[str] = "f(x) = (x + √(x² + b)) / 2"
    b: Annotated[float, Number("b", 0.01, 16.0, "The roundness of the corner: f(0) = √b / 2.")] = 4.0

    def _f(self, x: Array) -> Array:
        # The sum of both roots of f² - xf = b/4 cancels on the left; their product does not.
        larger = 0.5 * np.abs(x) + 0.5 * np.hypot(x, np.sqrt(self.b))
        return np.where(x < 0, 0.25 * self.b / larger, larger)

    def _df(self, x: Array) -> Array:
        root = np.hypot(x, np.sqrt(self.b))
        smaller = 0.5 * (self.b / (root + np.abs(x))) / root
        return np.where(x < 0, smaller, 1.0 - smaller)


class BentIdentity(Activation, frozen=True, tag="bent_identity"):
    """The identity with a smooth bend at 0 (from lists, no paper): slopes from 1/2 on the left to 3/2 on the right."""

    key: ClassVar[str] = "bent_identity"
    title: ClassVar[str] = "Bent identity"
    formula: ClassVar[str] = "f(x) = (√(x² + 1) - 1) / 2 + x"
    initializer: ClassVar[str] = "glorot_normal"

    def _f(self, x: Array) -> Array:
        # √(x² + 1) - 1 = x² / (√(x² + 1) + 1) without the cancelling.
        near = bounded(x)
        return x * (1.0 + 0.5 * near / (np.hypot(near, 1.0) + 1.0))

    def _df(self, x: Array) -> Array:
        near = bounded(x)
        return 1.0 + 0.5 * near / np.hypot(near, 1.0)
