"""The functions that a typed formula may call, in compiled code, for float32 and float64 alike."""

import math
from typing import Any

from reluviz.core import kernel_erf, kernel_math
from reluviz.core.formula_values import ERF_SERIES, SERIES_UP_TO
from reluviz.core.jit import inlined_exact
from reluviz.core.kernel_math import HALF, ONE, TWO, ZERO, real

SERIES = tuple(ERF_SERIES)
ROOT_TWO = math.sqrt(2)
# Above it e^a - 1 = e^a, whose inverse is nothing beside it.
LARGE = 1e17


@inlined_exact
def size(x):  # type: ignore[no-untyped-def]
    """Absolute value."""
    return abs(x)


@inlined_exact
def tan(x):  # type: ignore[no-untyped-def]
    """Tangent."""
    return kernel_math.sin(x) / kernel_math.cos(x)


@inlined_exact
def sinh(x):  # type: ignore[no-untyped-def]
    """Hyperbolic sine: (e + e / (e + 1)) / 2 with e = e^|x| - 1, which does not cancel near 0."""
    e = kernel_math.expm1(abs(x))
    rest = e / (e + ONE) if e < real(LARGE, x) else ONE
    value = HALF * (e + rest)
    return math.copysign(value, x) if x == x else x


@inlined_exact
def cosh(x):  # type: ignore[no-untyped-def]
    """Hyperbolic cosine."""
    e = kernel_math.exp(abs(x))
    return HALF * e + HALF / e


@inlined_exact
def erf(x):  # type: ignore[no-untyped-def]
    """Error function: its series near 0, the tail of the normal law outside."""
    a = abs(x)
    square = min(a, real(SERIES_UP_TO, x)) * min(a, real(SERIES_UP_TO, x))
    near = real(SERIES[13], x)
    for k in range(12, -1, -1):
        near = near * square + real(SERIES[k], x)
    far = ONE - TWO * kernel_erf.cdf(-a * real(ROOT_TWO, x))
    far = far if x > ZERO else -far
    value = x * near if a < real(SERIES_UP_TO, x) else far
    return value if x == x else x


FUNCTIONS: dict[str, Any] = {
    "abs": size,
    "sign": kernel_math.sign,
    "power": kernel_math.power,
    "sqrt": kernel_math.sqrt,
    "exp": kernel_math.exp,
    "expm1": kernel_math.expm1,
    "log": kernel_math.log,
    "log1p": kernel_math.log1p,
    "sin": kernel_math.sin,
    "cos": kernel_math.cos,
    "tan": tan,
    "sinh": sinh,
    "cosh": cosh,
    "tanh": kernel_math.tanh,
    "tanh_slope": kernel_math.tanh_slope,
    "atan": kernel_math.atan,
    "sigmoid": kernel_math.sigmoid,
    "sigmoid_slope": kernel_math.sigmoid_slope,
    "softplus": kernel_math.softplus,
    "erf": erf,
    "Phi": kernel_erf.cdf,
    "density": kernel_erf.density,
}
