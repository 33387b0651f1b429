"""Curves that multiply the input by a gate between 0 and 1, in compiled code: GELU, SiLU, Swish and Mish.

With a = |x| and v the gate's small side, f = max(x, 0) - a v for every x, and f′ = w on the left, 1 - w on the right,
where w belongs to v: both sides share all the work, and nothing cancels in the left tail. f and f′ are written with the
same inverse, so that a loop over both divides once. Each function takes x and four parameters of its type and gives a
number of that type.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from reluviz.core.jit import inlined_exact
from reluviz.core.kernel_erf import DENSITY, normal_parts, tail_ratio
from reluviz.core.kernel_math import (
    ONE,
    OPTIONS,
    TWO,
    ZERO,
    CompiledOnlyError,
    Real,
    exp_parts,
    exp_sum_parts,
    inverse_sum,
    largest,
    product,
    real,
)
from reluviz.core.kernel_math64 import product64

# Beyond it every gate is shut, and products with it stay finite.
SHARPEST = 1e37
# 2√(2/π) and the same times 0.044715, in two parts.
LINEAR, LINEAR_LOW = 1.5957691216057308, -9.96930880911092e-17
CUBIC, CUBIC_LOW = 0.07135481627260025, -6.175149918155315e-19
# The gate of GELU-tanh is 0 or 1 to the last digit from here on.
CUBIC_ENDS = 30.0


@inlined_exact
def gelu(x, p, q, r, s):  # type: ignore[no-untyped-def]
    a, m, scale = normal_parts(x)
    return max(x, ZERO) - a * (m * tail_ratio(a)) * scale


@inlined_exact
def gelu_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    a, m, scale = normal_parts(x)
    w = m * (tail_ratio(a) - a * real(DENSITY, x)) * scale
    return w if x < ZERO else ONE - w


def cubic(a: Real) -> Real:
    """(high, low) with high + low = -2√(2/π) (a + 0.044715 a³): the argument of GELU-tanh, doubled."""
    raise CompiledOnlyError


def cubic32(a):  # type: ignore[no-untyped-def]
    wide = np.float64(a)
    wide = -wide * (LINEAR + CUBIC * (wide * wide))
    high = np.float32(wide)
    return high, np.float32(wide - np.float64(high))


def cubic64(a):  # type: ignore[no-untyped-def]
    square, square_low = product64(a, a)
    third, third_low = product64(square, CUBIC)
    total = LINEAR + third
    # The two come in any order of size: the general two-sum (Knuth 1969).
    back = total - LINEAR
    low = (LINEAR - (total - back)) + (third - back)
    low = low + third_low + square_low * CUBIC + square * CUBIC_LOW + LINEAR_LOW
    high, high_low = product64(total, -a)
    return high, high_low - low * a


@overload(cubic, jit_options=OPTIONS, strict=False)
def choose_cubic(a: Any) -> Any:
    return cubic32 if a == types.float32 else cubic64


@inlined_exact
def cubic_parts(x):  # type: ignore[no-untyped-def]
    """(a, m, s) with m s = e^-2u of a = |x|, at most CUBIC_ENDS."""
    a = min(abs(x), real(CUBIC_ENDS, x))
    high, low = cubic(a)
    m, scale = exp_sum_parts(high, low)
    return a, m, scale


@inlined_exact
def gelu_tanh(x, p, q, r, s):  # type: ignore[no-untyped-def]
    a, m, scale = cubic_parts(x)
    return max(x, ZERO) - a * m * inverse_sum(m * scale) * scale


@inlined_exact
def gelu_tanh_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    a, m, scale = cubic_parts(x)
    t = m * scale
    steep = a * (real(LINEAR, x) + real(3 * CUBIC, x) * (a * a))
    inverse = inverse_sum(t)
    w = m * (((ONE - steep) + t) * inverse * inverse) * scale
    return w if x < ZERO else ONE - w


@inlined_exact
def gate_parts(x, beta):  # type: ignore[no-untyped-def]
    """(y, m, s) with y = β|x| and m s = e^-y."""
    high, low = product(min(abs(x), real(SHARPEST, x)), -beta)
    m, scale = exp_sum_parts(high, low)
    return -high, m, scale


@inlined_exact
def swish(x, beta, q, r, s):  # type: ignore[no-untyped-def]
    _, m, scale = gate_parts(x, beta)
    return max(x, ZERO) - min(abs(x), largest(x)) * m * inverse_sum(m * scale) * scale


@inlined_exact
def swish_slope(x, beta, q, r, s):  # type: ignore[no-untyped-def]
    y, m, scale = gate_parts(x, beta)
    t = m * scale
    inverse = inverse_sum(t)
    w = m * (((ONE - y) + t) * inverse * inverse) * scale
    return w if x < ZERO else ONE - w


@inlined_exact
def silu(x, p, q, r, s):  # type: ignore[no-untyped-def]
    a = min(abs(x), real(SHARPEST, x))
    m, scale = exp_parts(-a)
    return max(x, ZERO) - a * m * inverse_sum(m * scale) * scale


@inlined_exact
def silu_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    a = min(abs(x), real(SHARPEST, x))
    m, scale = exp_parts(-a)
    t = m * scale
    inverse = inverse_sum(t)
    # 1 - a is exact where the sum of all three is small.
    w = m * (((ONE - a) + t) * inverse * inverse) * scale
    return w if x < ZERO else ONE - w


@inlined_exact
def mish_parts(x):  # type: ignore[no-untyped-def]
    """(a, t, m, s, δ) with t = m s = e^-a, a = |x|; δ as in Misra 2019, for x > 0 divided by e^2x."""
    a = min(abs(x), real(SHARPEST, x))
    m, scale = exp_parts(-a)
    t = m * scale
    return a, t, m, scale, (t + TWO) * t + TWO if x < ZERO else TWO * t * (t + ONE) + ONE


@inlined_exact
def mish(x, p, q, r, s):  # type: ignore[no-untyped-def]
    a, t, m, scale, delta = mish_parts(x)
    gate = t + TWO if x < ZERO else TWO * t
    return max(x, ZERO) - a * m * (gate * (ONE / delta)) * scale


@inlined_exact
def mish_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    a, t, m, scale, delta = mish_parts(x)
    four = real(4.0, x)
    # Misra's ω on the left, around 4(1 - a), which is exact near its zero.
    left = four * (ONE - a) + t * ((real(6.0, x) - four * a) + t * (four + t))
    gate = left if x < ZERO else TWO * t * (delta - TWO * a * (ONE + t))
    inverse = ONE / delta
    w = m * (gate * inverse * inverse) * scale
    return w if x < ZERO else ONE - w
