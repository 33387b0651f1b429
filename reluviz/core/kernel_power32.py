"""x^y in float32 for compiled code, free of branches and of libm."""

import numpy as np

from reluviz.core.jit import inlined_exact
from reluviz.core.kernel_bits import exponent_of, mantissa_of, power_half, power_rest
from reluviz.core.kernel_math32 import HALF, INFINITE, LEAST_NORMAL, NOT_A_NUMBER, ONE, SHIFT, ZERO

# From 2^LEAST to 2^MOST, zero and infinity included.
LEAST, MOST = -250.0, 130.0
ROUND = 6755399441055744.0


@inlined_exact
def binary_logarithm(a):  # type: ignore[no-untyped-def]
    """log2 a of a float32 a >= 0 as a float64 with an error of 4e-12: y times it keeps the digits of x^y."""
    small = a < LEAST_NORMAL
    scaled = a * np.float32(8388608) if small else a
    e = exponent_of(scaled) - (np.float32(23) if small else ZERO)
    m = np.float64(mantissa_of(scaled))
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = 0.34077274217551216
    p = p * z + 0.41167051974361529
    p = p * z + 0.57708361969486209
    p = p * z + 0.96179667317115558
    p = p * z + 2.8853900817902119
    value = np.float64(e) + p * s
    value = value if a < INFINITE else np.float64(a)
    return -np.inf if a == ZERO else value


@inlined_exact
def binary_power(z):  # type: ignore[no-untyped-def]
    """2^z of a float64 as a float32."""
    clipped = min(max(z, LEAST), MOST)
    n = (clipped + ROUND) - ROUND
    r = np.float32(clipped - n)
    shifted = np.float32(n) + SHIFT
    p = np.float32(0.000154697319755)
    p = p * r + np.float32(0.00134100009658)
    p = p * r + np.float32(0.00961803078251)
    p = p * r + np.float32(0.055502973142)
    p = p * r + np.float32(0.240226510841)
    p = p * r + np.float32(0.693147225395)
    return (p * r + ONE) * power_half(shifted) * power_rest(shifted)


@inlined_exact
def power32(x, y):  # type: ignore[no-untyped-def]
    """x^y as C's pow: 1 for y = 0 and for x = 1, not a number for a negative x with a broken y."""
    value = binary_power(np.float64(y) * binary_logarithm(abs(x)))
    whole = np.floor(y) == y
    odd = whole & (np.floor(HALF * y) != HALF * y)
    signed = -value if odd else (value if whole else NOT_A_NUMBER)
    value = signed if (x < ZERO) & (x > -INFINITE) else value
    value = -value if odd & (x == -INFINITE) else value
    value = ONE if (x == -ONE) & (abs(y) == INFINITE) else value
    return ONE if (y == ZERO) | (x == ONE) else value
