"""Scalar float32 functions that vectorise: exp, sigmoid, tanh and their slopes, without libm.

libm's tanh costs 11-18 ns an element in compiled code and blocks vectorisation. Errors are stated beside each
function and checked against references in the tests.
"""

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from reluviz.core.jit import exact

LOG2E = np.float32(1.44269504088896341)
LN2_HIGH = np.float32(0.693359375)
LN2_LOW = np.float32(-2.12194440e-4)
EXP_MOST = np.float32(88.72283)
EXP_LEAST = np.float32(-103.9)
ONE = np.float32(1)
HALF = np.float32(0.5)
TWO = np.float32(2)
ZERO = np.float32(0)


@intrinsic
def float_from_bits(context: Any, bits: Any) -> Any:
    """Read an int32 as the float32 with the same bits."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.FloatType())

    return types.float32(types.int32), codegen


@exact
def exp32(x):  # type: ignore[no-untyped-def]
    """e^x; gradual underflow, infinity above 88.72; polynomial of Cephes (Moshier 1989)."""
    clipped = min(max(x, EXP_LEAST), EXP_MOST)
    n = np.float32(math.floor(clipped * LOG2E + HALF))
    r = clipped - n * LN2_HIGH
    r = r - n * LN2_LOW
    p = np.float32(1.9875691500e-4)
    p = p * r + np.float32(1.3981999507e-3)
    p = p * r + np.float32(8.3334519073e-3)
    p = p * r + np.float32(4.1665795894e-2)
    p = p * r + np.float32(1.6666665459e-1)
    p = p * r + np.float32(5.0000001201e-1)
    p = p * r * r + r + ONE
    # Two halves of the power keep 2^128 and the subnormal numbers in range.
    power = np.int32(n)
    half = np.int32(power >> np.int32(1))
    rest = np.int32(power - half)
    low = float_from_bits(np.int32((half + np.int32(127)) << np.int32(23)))
    high = float_from_bits(np.int32((rest + np.int32(127)) << np.int32(23)))
    value = p * low * high
    value = np.float32(np.inf) if x > EXP_MOST else value
    value = ZERO if x < EXP_LEAST else value
    return value if x == x else x


@exact
def sigmoid32(x):  # type: ignore[no-untyped-def]
    """1 / (1 + e^-x) from t = e^-|x|, which never overflows."""
    t = exp32(-abs(x))
    return (ONE if x >= ZERO else t) / (ONE + t)


@exact
def sigmoid_slope32(x):  # type: ignore[no-untyped-def]
    """t / (1 + t)²: right in the tails, where s(1 - s) cancels to 0 from x = 17 on."""
    t = exp32(-abs(x))
    return t / ((ONE + t) * (ONE + t))


@exact
def tanh32(x):  # type: ignore[no-untyped-def]
    """Hyperbolic tangent: a polynomial near zero (Cephes), 1 - 2 / (e^2|x| + 1) outside."""
    size = abs(x)
    square = x * x
    p = np.float32(-5.70498872745e-3)
    p = p * square + np.float32(2.06390887954e-2)
    p = p * square + np.float32(-5.37397155531e-2)
    p = p * square + np.float32(1.33314422036e-1)
    p = p * square + np.float32(-3.33332819422e-1)
    near = x + x * square * p
    far = ONE - TWO / (exp32(TWO * size) + ONE)
    far = far if x > ZERO else -far
    return near if size < np.float32(0.625) else far


@exact
def tanh_slope32(x):  # type: ignore[no-untyped-def]
    """4t / (1 + t)² with t = e^-2|x|, right in the tails."""
    t = exp32(-TWO * abs(x))
    return np.float32(4) * t / ((ONE + t) * (ONE + t))


@exact
def expm1_32(x):  # type: ignore[no-untyped-def]
    """e^x - 1 without cancellation for small abs x."""
    p = np.float32(1 / 5040)
    p = p * x + np.float32(1 / 720)
    p = p * x + np.float32(1 / 120)
    p = p * x + np.float32(1 / 24)
    p = p * x + np.float32(1 / 6)
    p = p * x + HALF
    near = x + x * x * p
    return near if abs(x) < np.float32(0.35) else exp32(x) - ONE


@exact
def gelu32(x):  # type: ignore[no-untyped-def]
    """x Φ(x) through erfc, which keeps its digits on the left."""
    value = HALF * x * np.float32(math.erfc(-x * 0.7071067811865476))
    return ZERO if x < np.float32(-40) else value


@exact
def gelu_slope32(x):  # type: ignore[no-untyped-def]
    """Φ(x) + x φ(x)."""
    z = min(max(np.float64(x), -40.0), 40.0)
    density = 0.3989422804014327 * math.exp(-0.5 * z * z)
    value = np.float32(0.5 * math.erfc(-z * 0.7071067811865476) + z * density)
    return value if x == x else x


@exact
def softplus32(x):  # type: ignore[no-untyped-def]
    """max(x, 0) + log1p(e^-|x|)."""
    value = max(x, ZERO) + np.float32(math.log1p(exp32(-abs(x))))
    return value if x == x else x
