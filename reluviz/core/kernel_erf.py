"""The normal distribution in compiled code, for float32 and float64: tail, cumulative probability and density.

Φ(-a) = e^(-a²/2) R(a), where R falls slowly: (a + k) R(a) is a polynomial in (a - k) / (a + k), after Shepherd and
Laframboise (1981, Math. Comp. 36:249). The coefficients are minimax fits of ours on 0 <= a <= FAR.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from reluviz.core.jit import inlined_exact
from reluviz.core.kernel_math import (
    HALF,
    ONE,
    OPTIONS,
    ZERO,
    CompiledOnlyError,
    Real,
    exp_sum_parts,
    product,
    real,
)

# e^(-a²/2) times anything here is 0 from here on.
FAR32, FAR64 = np.float32(15), 39.0
CENTRE32, CENTRE64 = np.float32(2), 5.0
TAIL32 = tuple(
    np.float32(c)
    for c in (
        0.67240799268, -0.33140457772, 0.02879840793, 0.036721916222, -0.00048323771404, -0.0067536539433,
        -0.0018912027066, 0.00088925351083, 0.00072680439549, 2.6671159381e-5, -7.9179871471e-5,
    )
)  # fmt: skip
TAIL64 = (
    0.7691930497500629595, -0.6653825028900568482, 0.4953056159699760791, -0.3135331566712878621,
    0.1650203661704066809, -0.06911863870686406601, 0.02079506679927553669, -0.002993376762086848757,
    -0.0007978693895396296901, 0.0005448989946092296844, -5.93758051493259492e-05, -4.976246551782630626e-05,
    1.668162742098110989e-05, 3.979833888349727086e-06, -2.770678185110315448e-06, -3.346280456862124117e-07,
    4.361999380855780165e-07, 4.023285130210708991e-08, -7.001765848448873574e-08, -8.572764706428002946e-09,
    1.070366458912956631e-08, 2.204409019411889085e-09, -1.130712588616290518e-09, -3.696342833949847381e-10,
)  # fmt: skip
DENSITY = 0.3989422804014326779


def far(x: Real) -> Real:
    """The abs x from which the tail is 0, in the type of x."""
    raise CompiledOnlyError


def tail_ratio(a: Real) -> Real:
    """R(a) = Φ(-a) e^(a²/2) for 0 <= a <= far."""
    raise CompiledOnlyError


def ratio32(a):  # type: ignore[no-untyped-def]
    total = a + CENTRE32
    u = ONE / total
    # What the sum lost to rounding, and Newton's step: u is rounded once.
    lost = min(a, CENTRE32) - (total - max(a, CENTRE32))
    u = u + u * (ONE - total * u - lost * u)
    t = (a - CENTRE32) * u
    # In pairs (Estrin 1960), so that fewer products wait for each other.
    square = t * t
    low = (TAIL32[3] * t + TAIL32[2]) * square + (TAIL32[1] * t + TAIL32[0])
    middle = (TAIL32[7] * t + TAIL32[6]) * square + (TAIL32[5] * t + TAIL32[4])
    high = TAIL32[10] * square + (TAIL32[9] * t + TAIL32[8])
    fourth = square * square
    p = (high * fourth + middle) * fourth + low
    return p * u


def ratio64(a):  # type: ignore[no-untyped-def]
    u = 1.0 / (a + CENTRE64)
    t = (a - CENTRE64) * u
    p = 0.0
    for k in range(len(TAIL64) - 1, -1, -1):
        p = p * t + TAIL64[k]
    return p * u


@overload(tail_ratio, jit_options=OPTIONS, strict=False)
def choose_ratio(a: Any) -> Any:
    return ratio32 if a == types.float32 else ratio64


@overload(far, jit_options=OPTIONS, strict=False)
def choose_far(x: Any) -> Any:
    if x == types.float32:
        return lambda x: FAR32
    return lambda x: FAR64


@inlined_exact
def normal_parts(x):  # type: ignore[no-untyped-def]
    """(a, m, s) with a = |x|, at most far, and m s = e^(-a²/2), the exponent in two parts."""
    a = min(abs(x), far(x))
    high, low = product(a, -HALF * a)
    m, s = exp_sum_parts(high, low)
    return a, m, s


@inlined_exact
def cdf(x):  # type: ignore[no-untyped-def]
    """Φ(x), the chance that a standard normal lies below x; precise in the left tail."""
    a, m, s = normal_parts(x)
    tail = m * tail_ratio(a) * s
    return tail if x < ZERO else ONE - tail


@inlined_exact
def density(x):  # type: ignore[no-untyped-def]
    """φ(x) = e^(-x²/2) / √(2π); precise in both tails."""
    _, m, s = normal_parts(x)
    return m * real(DENSITY, x) * s
