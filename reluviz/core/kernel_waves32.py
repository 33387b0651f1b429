"""Sine, cosine and arctangent in float32 for compiled code, free of branches and of libm."""

import math

import numpy as np

from reluviz.core.jit import inlined_exact
from reluviz.core.kernel_bits import exponent_bits
from reluviz.core.kernel_math32 import HALF, ONE, ZERO

# floor(2/π · 2^224): the float32 2^127 needs 127 places of it before the ones that count.
DIGITS = 224
TWO_OVER_PI = 0xA2F9836E4E441529FC2757D1F534DDC0DB6295993C439041FE5163AB
PIECE = 29
ROUND = 6755399441055744.0
QUARTER_TURN = math.pi / 2
EIGHTH_TANGENT = np.float32(0.41421356)
THREE_EIGHTHS_TANGENT = np.float32(2.41421356)


def turns() -> tuple[np.ndarray, np.ndarray]:
    """For each exponent e of float32, two float64 with x (high + low) = x 2/π less a multiple of 4, |x| < 2^(e - 126).

    x is an integer below 2^24 times 2^(e - 150), so whole turns of that power of two drop out (Payne & Hanek 1983);
    high has 29 bits, so that x · high is exact. Infinity and its kin get a row of not-a-number.
    """
    high, low = np.full(256, np.nan), np.full(256, np.nan)
    for exponent in range(255):
        power = max(exponent, 1) - 150
        places = DIGITS - power
        value = TWO_OVER_PI % (1 << (places + 2)) if power > 0 else TWO_OVER_PI
        cut = max(value.bit_length() - PIECE, 0)
        top = value >> cut << cut
        high[exponent] = math.ldexp(top, -DIGITS)
        low[exponent] = math.ldexp(value - top, -DIGITS)
    return high, low


HIGH, LOW = turns()


@inlined_exact
def quarter32(x):  # type: ignore[no-untyped-def]
    """(q, r) with x = (q + 4k) π/2 + r, q in {-2 … 2}, |r| <= π/4."""
    row = exponent_bits(x)
    wide = np.float64(x)
    product = wide * HIGH[row]
    turn = product * 0.25 + ROUND
    product = product - (turn - ROUND) * 4.0 + wide * LOW[row]
    q = (product + ROUND) - ROUND
    return np.float32(q), np.float32((product - q) * QUARTER_TURN)


@inlined_exact
def sine_near(r):  # type: ignore[no-untyped-def]
    """sin r for |r| <= π/4."""
    z = r * r
    p = np.float32(-0.000195039631267)
    p = p * z + np.float32(0.00833210095314)
    p = p * z + np.float32(-0.166666546743)
    return p * z * r + r


@inlined_exact
def cosine_near(r):  # type: ignore[no-untyped-def]
    """cos r for |r| <= π/4."""
    z = r * r
    p = np.float32(2.44638374387e-5)
    p = p * z + np.float32(-0.00138876543845)
    p = p * z + np.float32(0.0416666546518)
    return p * (z * z) + (ONE - HALF * z)


@inlined_exact
def sine32(x):  # type: ignore[no-untyped-def]
    """Sine for every finite x."""
    q, r = quarter32(x)
    value = cosine_near(r) if abs(q) == ONE else sine_near(r)
    return -value if (q == -ONE) | (abs(q) > ONE) else value


@inlined_exact
def cosine32(x):  # type: ignore[no-untyped-def]
    """Cosine for every finite x."""
    q, r = quarter32(x)
    value = sine_near(r) if abs(q) == ONE else cosine_near(r)
    return -value if (q == ONE) | (abs(q) > ONE) else value


@inlined_exact
def arctan32(x):  # type: ignore[no-untyped-def]
    """Inverse tangent: |x| is turned back by π/4 or π/2, which leaves at most tan π/8 (Moshier 1989)."""
    size = abs(x)
    far = size > THREE_EIGHTHS_TANGENT
    middle = size > EIGHTH_TANGENT
    above = -ONE if far else (size - ONE if middle else size)
    below = size if far else (size + ONE if middle else ONE)
    start = np.float32(math.pi / 2) if far else (np.float32(math.pi / 4) if middle else ZERO)
    f = above / below
    z = f * f
    p = np.float32(-0.0598659225675)
    p = p * z + np.float32(0.105635651756)
    p = p * z + np.float32(-0.142406742338)
    p = p * z + np.float32(0.199984239427)
    p = p * z + np.float32(-0.333333172496)
    value = start + (p * z * f + f)
    return math.copysign(value, x) if x == x else x
