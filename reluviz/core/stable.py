"""Arithmetic that does not lose digits: products in two parts, exponentials without early underflow, series.

All of it works on float64 arrays of any shape and relies on IEEE rounding, as the classics do: a product's rounding
error is itself a number of the same format (Dekker 1971, with Veltkamp's split).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
# 2²⁷ + 1 splits 53 bits into two halves whose products are exact (Veltkamp 1968).
SPLITTER = 134217729.0
# Beyond this the split would overflow; every saturating formula has long reached its limit there.
HUGE = 1e290
# exp(x) loses digits below -708 and is 0 below -745; a factor before it may lift the product back into the range.
# 64 ln 2 is LIFT + LIFT_REST, and LIFT has so few digits that adding it to such an exponent is exact.
LIFT = 44.361419555836505
LIFT_REST = -5.62123739673937e-15
LIFTED_BELOW = -640.0
LOWEST_EXPONENT = -1000.0


def bounded(x: Array, most: float = HUGE) -> Array:
    """x between -most and most: infinity becomes a large number that arithmetic can bear; NaN stays."""
    return np.clip(x, -most, most)


def two_product(a: Array | float, b: Array | float) -> tuple[Array, Array]:
    """a·b as high + low, exactly, while neither over- nor underflows (Dekker 1971); abs a, abs b <= HUGE."""
    high = np.asarray(a * b)
    (a1, a2), (b1, b2) = _halves(a), _halves(b)
    return high, ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2


def two_sum(a: Array | float, b: Array | float) -> tuple[Array, Array]:
    """a + b as high + low, exactly, whichever is larger (Knuth 1969)."""
    high = np.asarray(a + b)
    back = high - a
    return high, (a - (high - back)) + (b - back)


def _halves(a: Array | float) -> tuple[Array | float, Array | float]:
    shifted = SPLITTER * a
    high = shifted - (shifted - a)
    return high, a - high


def two_quotient(a: Array, b: float) -> tuple[Array, Array]:
    """a / b as high + low with about twice the digits; abs a <= HUGE, b != 0."""
    high = a / b
    product, rest = two_product(high, b)
    return high, ((a - product) - rest) / b


def times_exp(factor: Array | float, high: Array, low: Array | float = 0.0) -> Array:
    """factor · e^(high + low), right also where the exponential alone is subnormal or 0.

    `low` holds the digits that `high` had no place for: a rounding error of the exponent is multiplied by the exponent.
    high must not be positive infinity, factor must be finite.
    """
    high = np.maximum(high, LOWEST_EXPONENT)
    far = high < LIFTED_BELOW
    power = np.exp(high + np.where(far, LIFT, 0.0))
    power = power + power * (low + np.where(far, LIFT_REST, 0.0))
    return factor * power * np.where(far, 2.0**-64, 1.0)


def polynomial(x: Array, coefficients: Sequence[float]) -> Array:
    """Σ coefficients[k] xᵏ by Horner's rule."""
    total = np.full_like(x, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        total = total * x + coefficient
    return total


def offset(high: Array, place: tuple[float, float, float], low: Array | float = 0.0) -> Array:
    """high + low minus a place known to three times the digits: beside it the difference keeps all of its own."""
    near, rest = two_sum(low, -place[1])
    total, more = two_sum(high - place[0], near)
    return total + (more + (rest - place[2]))


def logistic(high: Array, low: Array | float = 0.0) -> Array:
    """1 / (1 + e^-(high + low)) to the last digits in both tails."""
    t = np.exp(-np.abs(high))
    return np.where(high >= 0, 1.0 / (1.0 + t), times_exp(1.0, np.minimum(high, 0.0), low) / (1.0 + t))


def logistic_slope(high: Array, low: Array | float = 0.0, factor: float = 1.0) -> Array:
    """factor · s(1 - s) with s = 1 / (1 + e^-(high + low)); s(1 - s) itself cancels to 0 from 17 on in float32."""
    t = np.exp(-np.abs(high))
    return times_exp(factor, -np.abs(high), -np.sign(high) * low) / (1.0 + t) ** 2
