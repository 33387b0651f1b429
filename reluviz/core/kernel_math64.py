"""The float64 forms of kernel_math: libm's functions in arrangements that lose nothing in the tails."""

import math
from typing import Any

import numpy as np
from numba import njit

from reluviz.core.jit import inlined_exact

# No fused multiply-add: it would take x y unrounded where the rounding error of x y is asked for.
PRODUCTS: dict[str, Any] = {"error_model": "numpy", "forceinline": True}
exact_products: Any = njit(**PRODUCTS)
# Beyond it no exponential needs the low part of its argument.
SPLIT_MOST = 1e18


@inlined_exact
def exp64(x):  # type: ignore[no-untyped-def]
    """e^x."""
    return math.exp(x)


@inlined_exact
def exp_parts64(x):  # type: ignore[no-untyped-def]
    """(m, s) with m s = e^x, both normal: a factor times m, then times s, is rounded once even far out."""
    half = math.exp(0.5 * x)
    return half, half


@inlined_exact
def exp_sum_parts64(x, y):  # type: ignore[no-untyped-def]
    """The same of x + y, y below the last digit of x: an exponent in one number would lose the last digits of e^x."""
    half = math.exp(0.5 * x)
    return half + half * y, half


@inlined_exact
def expm1_sum64(x, y):  # type: ignore[no-untyped-def]
    """e^(x + y) - 1; y, below the last digit of x, does not matter here."""
    return math.expm1(x)


@inlined_exact
def inverse_sum64(x):  # type: ignore[no-untyped-def]
    """1 / (1 + x)."""
    return 1.0 / (1.0 + x)


@inlined_exact
def expm1_64(x):  # type: ignore[no-untyped-def]
    """e^x - 1."""
    return math.expm1(x)


@inlined_exact
def log64(x):  # type: ignore[no-untyped-def]
    """Natural logarithm; -infinity at 0, not a number below."""
    return np.log(x)


@inlined_exact
def log1p64(x):  # type: ignore[no-untyped-def]
    """log(1 + x)."""
    return np.log1p(x)


@inlined_exact
def sigmoid64(x):  # type: ignore[no-untyped-def]
    """1 / (1 + e^-x) from t = e^-|x|, which never overflows."""
    t = math.exp(-abs(x))
    return (1.0 if x >= 0.0 else t) / (1.0 + t)


@inlined_exact
def sigmoid_slope64(x):  # type: ignore[no-untyped-def]
    """t / (1 + t)² with t = e^-|x|."""
    t = math.exp(-abs(x))
    return t / ((1.0 + t) * (1.0 + t))


@inlined_exact
def tanh64(x):  # type: ignore[no-untyped-def]
    """Hyperbolic tangent."""
    return math.tanh(x)


@inlined_exact
def tanh_slope64(x):  # type: ignore[no-untyped-def]
    """4t / (1 + t)² with t = e^-2|x|."""
    m, s = exp_parts64(-2.0 * abs(x))
    total = 1.0 + m * s
    return 4.0 * m / (total * total) * s


@inlined_exact
def softplus64(x):  # type: ignore[no-untyped-def]
    """max(x, 0) + log(1 + e^-|x|)."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


@inlined_exact
def sine64(x):  # type: ignore[no-untyped-def]
    """Sine; not a number at ±infinity."""
    return math.sin(x)


@inlined_exact
def cosine64(x):  # type: ignore[no-untyped-def]
    """Cosine; not a number at ±infinity."""
    return math.cos(x)


@inlined_exact
def arctan64(x):  # type: ignore[no-untyped-def]
    """Inverse tangent."""
    return math.atan(x)


@inlined_exact
def power64(x, y):  # type: ignore[no-untyped-def]
    """x^y."""
    return math.pow(x, y)


@exact_products
def halves64(x):  # type: ignore[no-untyped-def]
    """(high, low) with high + low = x and 24 bits in high, for |x| < 3e38."""
    high = np.float64(np.float32(x))
    return high, x - high


@exact_products
def product64(x, y):  # type: ignore[no-untyped-def]
    """(high, low) with high + low = x y, high the rounded product (Dekker 1971); low is 0 where the exponent ends."""
    high = x * y
    xh, xl = halves64(x)
    yh, yl = halves64(y)
    low = ((xh * yh - high) + xh * yl + xl * yh) + xl * yl
    return high, low if abs(high) < SPLIT_MOST else 0.0


@exact_products
def quotient64(x, y):  # type: ignore[no-untyped-def]
    """(high, low) with high + low = x / y to about 100 bits."""
    high = x / y
    product, low = product64(high, y)
    rest = ((x - product) - low) / y
    return high, rest if abs(high) < SPLIT_MOST else 0.0
