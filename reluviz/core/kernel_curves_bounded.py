"""Curves that saturate on both sides or oscillate, in compiled code: the family of the sigmoid, bump and wave.

Each function takes x and four parameters of its type and gives a number of that type; slopes keep their digits in
the tails, where they are far below the rounding error of f.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from reluviz.core.jit import inlined_exact
from reluviz.core.kernel_math import (
    ONE,
    OPTIONS,
    TWO,
    ZERO,
    CompiledOnlyError,
    Real,
    atan,
    cos,
    exp,
    exp_sum_parts,
    expm1_sum,
    inverse_sum,
    largest,
    product,
    quotient,
    real,
    sigmoid,
    sigmoid_slope,
    sin,
    softplus,
    tanh,
    tanh_slope,
)

# x - tanh x = x³ P(x²), a minimax fit of ours on |x| < NEAR32 and on |x| < NEAR64.
NEAR32, NEAR64 = np.float32(1.3), 1.0
SHRINK32 = tuple(
    np.float32(c)
    for c in (
        0.333333326536, -0.133332678426, 0.0539576907773, -0.0218026124512, 0.00864555590755,
        -0.00317800225345, 0.000960633782366, -0.000197695905709, 1.96309177396e-5,
    )
)  # fmt: skip
SHRINK64 = (
    0.3333333333333333286, -0.1333333333333309057, 0.05396825396804674084, -0.02186948852913973849,
    0.008863235404741136542, -0.003592126680867335819, 0.001455824701130294049, -0.0005899793319206789414,
    0.0002389571610553970757, -9.646300516803423671e-05, 3.838995147272348666e-05, -1.460650191780043928e-05,
    4.988038236323319028e-06, -1.37931947597445264e-06, 2.633484806748389387e-07, -2.516044104219940622e-08,
)  # fmt: skip
# LeCun et al. 1998 choose it so that f(±1) is ±1 within 3e-6.
LECUN_SCALE = 1.7159
# Beyond it 1 + x² is x² to the last digit.
SQUARE_MOST = 1e18
# e^-x² is 0 from here on.
GAUSSIAN_ENDS = 40.0


@inlined_exact
def logistic(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return sigmoid(x)


@inlined_exact
def logistic_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return sigmoid_slope(x)


@inlined_exact
def log_sigmoid(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return -softplus(-x)


@inlined_exact
def log_sigmoid_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    t = exp(-abs(x))
    return (t if x >= ZERO else ONE) / (ONE + t)


@inlined_exact
def hyperbolic(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return tanh(x)


@inlined_exact
def hyperbolic_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return tanh_slope(x)


@inlined_exact
def third(x):  # type: ignore[no-untyped-def]
    """-4|x| / 3, twice the argument of LeCun's tanh, in two parts."""
    return quotient(real(-4.0, x) * min(abs(x), real(1e30, x)), real(3.0, x))


@inlined_exact
def lecun_tanh(x, p, q, r, s):  # type: ignore[no-untyped-def]
    high, low = third(x)
    m, scale = exp_sum_parts(high, low)
    value = -real(LECUN_SCALE, x) * expm1_sum(high, low) * inverse_sum(m * scale)
    return -value if x < ZERO else value


@inlined_exact
def lecun_tanh_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    high, low = third(x)
    m, scale = exp_sum_parts(high, low)
    inverse = inverse_sum(m * scale)
    return real(LECUN_SCALE * 8 / 3, x) * m * (inverse * inverse) * scale


@inlined_exact
def softsign(x, p, q, r, s):  # type: ignore[no-untyped-def]
    near = min(max(x, -largest(x)), largest(x))
    return near / (ONE + abs(near))


@inlined_exact
def softsign_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    # Squared last: (1 + |x|)² overflows where the slope is still a number.
    inverse = ONE / (ONE + abs(x))
    return inverse * inverse


@inlined_exact
def arctan(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return atan(x)


@inlined_exact
def arctan_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    # x² would overflow where the slope is still a number.
    far = abs(x) > real(SQUARE_MOST, x)
    inverse = ONE / (abs(x) if far else ONE + x * x)
    return inverse * inverse if far else inverse


def shrink_near(x: Real) -> Real:
    """(x - tanh x, whether x is near enough to 0 for it) by a polynomial."""
    raise CompiledOnlyError


def shrink32(x):  # type: ignore[no-untyped-def]
    z = x * x
    p = SHRINK32[8]
    p = p * z + SHRINK32[7]
    p = p * z + SHRINK32[6]
    p = p * z + SHRINK32[5]
    p = p * z + SHRINK32[4]
    p = p * z + SHRINK32[3]
    p = p * z + SHRINK32[2]
    p = p * z + SHRINK32[1]
    p = p * z + SHRINK32[0]
    return p * z * x, abs(x) < NEAR32


def shrink64(x):  # type: ignore[no-untyped-def]
    z = x * x
    p = 0.0
    for k in range(len(SHRINK64) - 1, -1, -1):
        p = p * z + SHRINK64[k]
    return p * z * x, abs(x) < NEAR64


@overload(shrink_near, jit_options=OPTIONS, strict=False)
def choose_shrink(x: Any) -> Any:
    return shrink32 if x == types.float32 else shrink64


@inlined_exact
def tanhshrink(x, p, q, r, s):  # type: ignore[no-untyped-def]
    value, near = shrink_near(x)
    return value if near else x - tanh(x)


@inlined_exact
def tanhshrink_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    # Near 0 through x - tanh x, which f needs anyway and which is more precise than the quotient.
    shrunk, near = shrink_near(x)
    value = x - shrunk if near else tanh(x)
    return value * value


@inlined_exact
def squared(x):  # type: ignore[no-untyped-def]
    """(near, m, s) with m s = e^-near², near = x within the ends."""
    near = min(max(x, -real(GAUSSIAN_ENDS, x)), real(GAUSSIAN_ENDS, x))
    high, low = product(near, -near)
    m, scale = exp_sum_parts(high, low)
    return near, m, scale


@inlined_exact
def gaussian(x, p, q, r, s):  # type: ignore[no-untyped-def]
    _, m, scale = squared(x)
    return m * scale


@inlined_exact
def gaussian_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    near, m, scale = squared(x)
    return -TWO * near * m * scale


@inlined_exact
def sine(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return sin(x)


@inlined_exact
def sine_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return cos(x)
