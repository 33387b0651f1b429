"""Activations that multiply the input by a gate between 0 and 1: GELU, SiLU and their relatives.

Each dips below zero on the left, so its slope passes through zero there; the forms used are written around that root,
where the plain sums lose all their digits.
"""

from typing import Annotated, ClassVar

import numpy as np

from reluviz.core.activation_base import Activation, Array
from reluviz.core.activation_normal import half_square, scaled_balance, scaled_tail
from reluviz.core.param import Number
from reluviz.core.stable import bounded, offset, times_exp, two_product, two_sum

# Every gate is 0 or 1 to the last digit of float64 long before.
FAR = 1e4
# The roots of the slopes, in three parts, and e^root.
SILU_ROOT = (-1.2784645427610737, -1.0946994183093437e-16, -3.907766676128665e-33)
SILU_EXP = 0.2784645427610738
MISH_ROOT = (-1.1924312145154952, -4.8484829848031044e-17, -1.898915114090381e-33)
MISH_EXP = 0.3034825352815289
MISH_MIXED = 0.3733670191691929
MISH_DOUBLE = 0.3684065968836178
MISH_TRIPLE = 0.027951242009170138
GELU_TANH_ROOT = (-0.7524614220710163, 3.635560509207687e-17, -2.5415595389660457e-33)
GELU_TANH_EXP = 0.29195521191476714
# 2√(2/π) and the same times 0.044715, in two parts.
LINEAR = (1.5957691216057308, -9.96930880911092e-17)
CUBIC = (0.07135481627260025, -6.175149918155315e-19)


class GELU(Activation, frozen=True, tag="gelu"):
    """The input times the chance that a standard normal lies below it (Hendrycks & Gimpel 2016)."""

    key: ClassVar[str] = "gelu"
    title: ClassVar[str] = "GELU"
    formula: ClassVar[str] = "f(x) = x Φ(x)"

    def _f(self, x: Array) -> Array:
        a = np.minimum(np.abs(x), FAR)
        high, low = half_square(a)
        tail = times_exp(-scaled_tail(a, np.where(x < 0, a, 1.0)), -high, -low)
        return np.where(x < 0, tail, x * (1.0 + tail))

    def _df(self, x: Array) -> Array:
        a = np.minimum(np.abs(x), FAR)
        high, low = half_square(a)
        # Φ(x) + xφ(x) for x < 0; what it lacks to 1 on the other side is the same number.
        tail = times_exp(scaled_balance(a), -high, -low)
        return np.where(x < 0, tail, 1.0 - tail)


class GELUTanh(Activation, frozen=True, tag="gelu_tanh"):
    """GELU with a tanh in place of the normal law, off by at most 4.8e-4 (Hendrycks & Gimpel 2016)."""

    key: ClassVar[str] = "gelu_tanh"
    title: ClassVar[str] = "GELU (tanh)"
    formula: ClassVar[str] = "f(x) = ½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))"

    def _f(self, x: Array) -> Array:
        near = bounded(x, FAR)
        high, low = _twice_inner(-np.abs(near))
        below = 1.0 + np.exp(high)
        return np.where(x < 0, times_exp(near / below, high, low), x / below)

    def _df(self, x: Array) -> Array:
        near = bounded(x, FAR)
        high, low = _twice_inner(-np.abs(near))
        t = np.exp(high)
        # For x > 0, with t = e^-2u: s + 2u′ x s(1 - s).
        square = near * near
        right = 1.0 + t * (1.0 + near * (LINEAR[0] + 3.0 * CUBIC[0] * square))
        d = offset(near, GELU_TANH_ROOT)
        mixed = square + near * GELU_TANH_ROOT[0] + GELU_TANH_ROOT[0] ** 2
        inner = np.minimum(d * (LINEAR[0] + CUBIC[0] * mixed), 2.0)
        left = d * (LINEAR[0] + 3.0 * CUBIC[0] * mixed) + GELU_TANH_EXP * np.expm1(inner)
        return np.where(x < 0, times_exp(left, high, low), right) / (1.0 + t) ** 2


def _twice_inner(x: Array) -> tuple[Array, Array]:
    # 2√(2/π) (x + 0.044715 x³) in two parts.
    square, square_low = two_product(x, x)
    cubic, cubic_low = two_product(square, CUBIC[0])
    total, total_low = two_sum(LINEAR[0], cubic)
    total_low = total_low + cubic_low + square_low * CUBIC[0] + square * CUBIC[1] + LINEAR[1]
    high, low = two_product(total, x)
    return high, low + total_low * x


class SiLU(Activation, frozen=True, tag="silu"):
    """The input times its sigmoid, also called Swish: smooth, dips a little below zero (Elfwing et al. 2017)."""

    key: ClassVar[str] = "silu"
    title: ClassVar[str] = "SiLU"
    formula: ClassVar[str] = "f(x) = x / (1 + e⁻ˣ)"

    def _f(self, x: Array) -> Array:
        return _gated(x, bounded(x, FAR), 0.0)

    def _df(self, x: Array) -> Array:
        return _gated_slope(bounded(x, FAR), 0.0)


class Swish(Activation, frozen=True, tag="swish"):
    """SiLU with a sharpness: x/2 for β = 0, close to ReLU for a large β (Ramachandran et al. 2017)."""

    key: ClassVar[str] = "swish"
    title: ClassVar[str] = "Swish"
    formula: ClassVar[str] = "f(x) = x / (1 + e^(-βx))"
    beta: Annotated[float, Number("β", 0.0, 10.0, "The sharpness of the gate.")] = 1.0

    def _f(self, x: Array) -> Array:
        return _gated(x, *two_product(bounded(x), self.beta))

    def _df(self, x: Array) -> Array:
        return _gated_slope(*two_product(bounded(x), self.beta))


def _gated(x: Array, high: Array, low: Array | float) -> Array:
    # x / (1 + e^-(high + low)).
    t = np.exp(-np.abs(high))
    return np.where(high >= 0, x / (1.0 + t), times_exp(bounded(x) / (1.0 + t), np.minimum(high, 0.0), low))


def _gated_slope(high: Array, low: Array | float) -> Array:
    # s(1 + y(1 - s)) with y = high + low and s its sigmoid.
    high = bounded(high, FAR)
    t = np.exp(-np.abs(high))
    # 1 + y + e^y is d + e^root (e^d - 1) with d = y - root: no difference of large terms.
    d = offset(high, SILU_ROOT, low)
    left = d + SILU_EXP * np.expm1(np.minimum(d, 2.0))
    right = 1.0 + t * (1.0 + high)
    return np.where(high >= 0, right, times_exp(left, np.minimum(high, 0.0), low)) / (1.0 + t) ** 2


class HardSwish(Activation, frozen=True, tag="hard_swish"):
    """Swish with straight lines for its gate: a parabola between -3 and 3 (Howard et al. 2019)."""

    key: ClassVar[str] = "hard_swish"
    title: ClassVar[str] = "Hard swish"
    formula: ClassVar[str] = "f(x) = x · min(max(x + 3, 0), 6) / 6"
    kinks: ClassVar[tuple[float, ...]] = (-3.0, 3.0)

    def _f(self, x: Array) -> Array:
        return np.where(x <= -3.0, 0.0, np.where(x >= 3.0, x, x * (x + 3.0) / 6.0))

    def _df(self, x: Array) -> Array:
        # The parabola's slope at both ends, as PyTorch's scalar loop. 2x + 3 is exact near its root, x/3 + ½ is not.
        return np.where(x < -3.0, 0.0, np.where(x > 3.0, 1.0, (2.0 * x + 3.0) / 6.0))


class Mish(Activation, frozen=True, tag="mish"):
    """The input times the tanh of its softplus: like SiLU, with a deeper dip (Misra 2019)."""

    key: ClassVar[str] = "mish"
    title: ClassVar[str] = "Mish"
    formula: ClassVar[str] = "f(x) = x tanh(ln(1 + eˣ))"

    def _f(self, x: Array) -> Array:
        # tanh(ln(1 + n)) = n(n + 2) / (n(n + 2) + 2); for x > 0 in t = 1/n, which does not overflow.
        near = bounded(x, FAR)
        t = np.exp(-np.abs(near))
        left = times_exp(near / (t + 2.0 / (t + 2.0)), np.minimum(near, 0.0))
        return np.where(x < 0, left, x * ((1.0 + 2.0 * t) / (1.0 + 2.0 * t + 2.0 * t * t)))

    def _df(self, x: Array) -> Array:
        # e^x ω / δ² with ω = 4(x + 1) + 4e^2x + e^3x + (4x + 6)e^x and δ = 2 + 2e^x + e^2x (Misra 2019).
        near = bounded(x, FAR)
        t = np.exp(-np.abs(near))
        right = 1.0 + t * (4.0 + t * (4.0 * near + 6.0 + 4.0 * t * (near + 1.0)))
        # ω minus its value at the root, 0, term by term: all terms have the sign of d.
        d = np.minimum(offset(near, MISH_ROOT), 2.0)
        left = 4.0 * d * (1.0 + t) + MISH_MIXED * np.expm1(d)
        left = left + MISH_DOUBLE * np.expm1(2.0 * d) + MISH_TRIPLE * np.expm1(3.0 * d)
        left = times_exp(left, np.minimum(near, 0.0)) / (2.0 + t * (2.0 + t)) ** 2
        return np.where(x < 0, left, right / (1.0 + 2.0 * t + 2.0 * t * t) ** 2)
