"""The float32 forms of kernel_math: free of branches and of libm, so that LLVM computes eight at a time.

Polynomials are minimax fits (Remez 1934) of ours; the tests hold every error against 30-digit references.
"""

import math

import numpy as np

from reluviz.core.jit import inlined_exact
from reluviz.core.kernel_bits import MAGIC, exponent_of, mantissa_of, power_half, power_rest

LOG2E = np.float32(1.44269504088896341)
# Ten bits of ln 2, so that n · LN2_HIGH is exact, and the rest (Cody & Waite 1980).
LN2_HIGH = np.float32(0.693359375)
LN2_LOW = np.float32(-2.12194440e-4)
SHIFT = np.float32(MAGIC)
EXP_MOST = np.float32(89)
EXP_LEAST = np.float32(-150)
# n + SHIFT of EXP_LEAST; LLVM would compare the exponent itself in float64 where it comes from there.
SHIFTED_LEAST = np.float32(MAGIC - 216)
# More than the last digit of any exponent between the two; for one far outside it keeps polynomials finite.
LOW_MOST = np.float32(0.001)
LEAST_NORMAL = np.float32(1.17549435e-38)
INFINITE = np.float32(np.inf)
NOT_A_NUMBER = np.float32(np.nan)
ROOT_HALF_LESS_ONE = np.float32(-0.2928)
ROOT_TWO_LESS_ONE = np.float32(0.4142)
ZERO = np.float32(0)
HALF = np.float32(0.5)
ONE = np.float32(1)
TWO = np.float32(2)
FOUR = np.float32(4)


@inlined_exact
def reduced(x, low):  # type: ignore[no-untyped-def]
    """(e^r - 1, n + SHIFT) of x + low = n ln 2 + r, |r| <= ln 2 / 2, n an integer."""
    clipped = min(max(x, EXP_LEAST), EXP_MOST)
    shifted = clipped * LOG2E + SHIFT
    n = shifted - SHIFT
    r = clipped - n * LN2_HIGH
    r = r - n * LN2_LOW + low
    # In pairs (Estrin 1960): the chain of dependent products, not their number, sets the time of a loop.
    square = r * r
    first = np.float32(0.166666667619) * r + np.float32(0.500000008578)
    second = np.float32(0.00833328410342) * r + np.float32(0.0416662233954)
    third = np.float32(0.000199089063265) * r + np.float32(0.00139497829234)
    p = (third * square + second) * square + first
    return p * square + r, shifted


@inlined_exact
def exp_parts32(x):  # type: ignore[no-untyped-def]
    """(m, s) with m s = e^x: a factor times m, then times s, is rounded once even far out; s = 0 past every factor."""
    return exp_sum_parts32(x, ZERO)


@inlined_exact
def exp_sum_parts32(x, y):  # type: ignore[no-untyped-def]
    """The same of x + y, y below the last digit of x: an exponent in one number would lose the last digits of e^x."""
    near, shifted = reduced(x, min(max(y, -LOW_MOST), LOW_MOST))
    return (near + ONE) * power_half(shifted), ZERO if shifted <= SHIFTED_LEAST else power_rest(shifted)


@inlined_exact
def exp32(x):  # type: ignore[no-untyped-def]
    """e^x with gradual underflow; infinity above 88.72."""
    m, s = exp_parts32(x)
    return m * s


@inlined_exact
def expm1_32(x):  # type: ignore[no-untyped-def]
    """e^x - 1."""
    return expm1_sum32(x, ZERO)


@inlined_exact
def expm1_sum32(x, y):  # type: ignore[no-untyped-def]
    """e^(x + y) - 1 = 2^n (e^r - 1) + (2^n - 1), which cancels nowhere; y is below the last digit of x."""
    near, shifted = reduced(x, min(max(y, -LOW_MOST), LOW_MOST))
    # Half of everything, because 2^128 has no float32.
    scale = power_half(shifted) * (power_rest(shifted) * HALF)
    value = TWO * (scale * near + (scale - HALF))
    # Half of a subnormal number would lose its last digit.
    return near if shifted == SHIFT else value


@inlined_exact
def log_sum32(f, e, low):  # type: ignore[no-untyped-def]
    """log(1 + f) + e ln 2 + low for f in [√½ - 1, √2 - 1]."""
    square = f * f
    first = np.float32(-0.250008209699) * f + np.float32(0.333333316924)
    second = np.float32(-0.166233597974) * f + np.float32(0.200012280321)
    third = np.float32(-0.131601423957) * f + np.float32(0.142017358848)
    fourth = np.float32(-0.0763473662913) * f + np.float32(0.12761701891)
    p = (fourth * square + third) * (square * square) + (second * square + first)
    tail = square * (p * f) + (e * LN2_LOW + low)
    return e * LN2_HIGH + (f + (tail - HALF * square))


@inlined_exact
def log32(x):  # type: ignore[no-untyped-def]
    """Natural logarithm; -infinity at 0, not a number below."""
    small = x < LEAST_NORMAL
    scaled = x * np.float32(8388608) if small else x
    e = exponent_of(scaled) - (np.float32(23) if small else ZERO)
    value = log_sum32(mantissa_of(scaled) - ONE, e, ZERO)
    value = value if x < INFINITE else x
    value = value if x > ZERO else -INFINITE
    return value if x >= ZERO else NOT_A_NUMBER


@inlined_exact
def log1p32(x):  # type: ignore[no-untyped-def]
    """log(1 + x) without loss for small x; what 1 + x loses to rounding comes back as a correction."""
    total = ONE + x
    lost = ONE - (total - x) if x >= ONE else x - (total - ONE)
    near = (x > ROOT_HALF_LESS_ONE) & (x < ROOT_TWO_LESS_ONE)
    f = x if near else mantissa_of(total) - ONE
    e = ZERO if near else exponent_of(total)
    value = log_sum32(f, e, ZERO if near else lost / total)
    value = value if x < INFINITE else x
    value = value if x > -ONE else -INFINITE
    return value if x >= -ONE else NOT_A_NUMBER


@inlined_exact
def log1p_unit32(x):  # type: ignore[no-untyped-def]
    """log(1 + x) for 0 <= x <= 1."""
    near = x < ROOT_TWO_LESS_ONE
    f = x if near else HALF * (x - ONE)
    return log_sum32(f, ZERO if near else ONE, ZERO)


@inlined_exact
def inverse_sum32(x):  # type: ignore[no-untyped-def]
    """1 / (1 + x) for 0 <= x <= 1, rounded once: the sum's lost digits and the quotient's come back by Newton."""
    total = ONE + x
    inverse = ONE / total
    rest = ONE - total * inverse - (x - (total - ONE)) * inverse
    return inverse + inverse * rest


@inlined_exact
def sigmoid32(x):  # type: ignore[no-untyped-def]
    """1 / (1 + e^-x) from t = e^-|x|, which never overflows."""
    t = exp32(-abs(x))
    # The inverse is shared with the slope: one division for both.
    inverse = inverse_sum32(t)
    return inverse if x >= ZERO else t * inverse


@inlined_exact
def sigmoid_slope32(x):  # type: ignore[no-untyped-def]
    """t / (1 + t)²: right in the tails, where s(1 - s) cancels to 0 from x = 17 on."""
    t = exp32(-abs(x))
    inverse = inverse_sum32(t)
    return t * inverse * inverse


@inlined_exact
def tanh32(x):  # type: ignore[no-untyped-def]
    """(1 - t) / (1 + t) with t = e^-2|x|, 1 - t without cancellation."""
    twice = -TWO * abs(x)
    value = -expm1_32(twice) * inverse_sum32(exp32(twice))
    return math.copysign(value, x) if x == x else x


@inlined_exact
def tanh_slope32(x):  # type: ignore[no-untyped-def]
    """4t / (1 + t)² with t = e^-2|x|, right in the tails."""
    m, s = exp_parts32(-TWO * abs(x))
    inverse = inverse_sum32(m * s)
    return FOUR * m * (inverse * inverse) * s


@inlined_exact
def softplus32(x):  # type: ignore[no-untyped-def]
    """max(x, 0) + log(1 + e^-|x|)."""
    return max(x, ZERO) + log1p_unit32(exp32(-abs(x)))


@inlined_exact
def product32(x, y):  # type: ignore[no-untyped-def]
    """(high, low) with high + low = x y, high the rounded product."""
    wide = np.float64(x) * np.float64(y)
    high = np.float32(wide)
    return high, np.float32(wide - np.float64(high))


@inlined_exact
def quotient32(x, y):  # type: ignore[no-untyped-def]
    """(high, low) with high + low = x / y to 48 bits."""
    # The inverse of a parameter is taken once, before the loop.
    wide = np.float64(x) * (1.0 / np.float64(y))
    high = np.float32(wide)
    return high, np.float32(wide - np.float64(high))
