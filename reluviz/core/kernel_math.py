"""Functions of one number for compiled code, for float32 and float64 alike: the type of the argument decides.

float32 gets forms of our own without branches and without libm, which LLVM computes eight at a time; libm's tanh
alone costs 11-18 ns an element and stops that. float64 gets libm, arranged so that no digits are lost. The functions
have no meaning outside compiled code; errors are stated and held in the tests.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from reluviz.core import kernel_math32 as single
from reluviz.core import kernel_math64 as double
from reluviz.core import kernel_waves32 as waves
from reluviz.core.jit import EXACT
from reluviz.core.kernel_bits import real
from reluviz.core.kernel_math32 import HALF, ONE, TWO, ZERO
from reluviz.core.kernel_power32 import power32

__all__ = ["HALF", "ONE", "TWO", "ZERO", "real"]

OPTIONS: dict[str, Any] = {"error_model": "numpy", "fastmath": EXACT, "forceinline": True}
Real = Any
LARGEST32 = np.finfo(np.float32).max
LARGEST64 = float(np.finfo(np.float64).max)


class CompiledOnlyError(TypeError):
    """Raised when a function of this module is called by the interpreter."""

    def __init__(self) -> None:
        super().__init__("this function exists in compiled code only")


def exp(x: Real) -> Real:
    """e^x, with gradual underflow."""
    raise CompiledOnlyError


def exp_parts(x: Real) -> Real:
    """(m, s) with m s = e^x and both normal: (factor m) s is rounded once where e^x alone is subnormal."""
    raise CompiledOnlyError


def exp_sum_parts(x: Real, y: Real) -> Real:
    """exp_parts of x + y, y below the last digit of x: an exponent in one number would lose the last digits."""
    raise CompiledOnlyError


def expm1_sum(x: Real, y: Real) -> Real:
    """e^(x + y) - 1, y below the last digit of x; shares its work with exp_sum_parts."""
    raise CompiledOnlyError


def inverse_sum(x: Real) -> Real:
    """1 / (1 + x) for 0 <= x <= 1, rounded once in float32."""
    raise CompiledOnlyError


def expm1(x: Real) -> Real:
    """e^x - 1, precise near 0."""
    raise CompiledOnlyError


def log(x: Real) -> Real:
    """Natural logarithm: -infinity at 0, not a number below."""
    raise CompiledOnlyError


def log1p(x: Real) -> Real:
    """log(1 + x), precise near 0."""
    raise CompiledOnlyError


def log1p_unit(x: Real) -> Real:
    """log(1 + x) for 0 <= x <= 1, which is quicker."""
    raise CompiledOnlyError


def sqrt(x: Real) -> Real:
    """Square root; not a number below 0."""
    raise CompiledOnlyError


def sigmoid(x: Real) -> Real:
    """1 / (1 + e^-x)."""
    raise CompiledOnlyError


def sigmoid_slope(x: Real) -> Real:
    """The derivative of sigmoid, precise in both tails."""
    raise CompiledOnlyError


def tanh(x: Real) -> Real:
    """Hyperbolic tangent."""
    raise CompiledOnlyError


def tanh_slope(x: Real) -> Real:
    """The derivative of tanh, precise in both tails."""
    raise CompiledOnlyError


def softplus(x: Real) -> Real:
    """log(1 + e^x), precise in the left tail."""
    raise CompiledOnlyError


def sin(x: Real) -> Real:
    """Sine, for every finite x."""
    raise CompiledOnlyError


def cos(x: Real) -> Real:
    """Cosine, for every finite x."""
    raise CompiledOnlyError


def atan(x: Real) -> Real:
    """Inverse tangent."""
    raise CompiledOnlyError


def product(x: Real, y: Real) -> Real:
    """(high, low) with high + low = x y nearly exactly, high the rounded product: an exponent of e needs both."""
    raise CompiledOnlyError


def quotient(x: Real, y: Real) -> Real:
    """(high, low) with high + low = x / y nearly exactly."""
    raise CompiledOnlyError


def power(x: Real, y: Real) -> Real:
    """x^y as C's pow: 1 for y = 0, not a number for a negative x with a broken y."""
    raise CompiledOnlyError


def sign(x: Real) -> Real:
    """-1, 0 or 1; not a number stays."""
    raise CompiledOnlyError


def largest(x: Real) -> Real:
    """The largest finite number of the type of x: in its place infinity can be multiplied by 0."""
    raise CompiledOnlyError


def minimum(x: Real, y: Real) -> Real:
    """The smaller one; not a number if either is."""
    raise CompiledOnlyError


def maximum(x: Real, y: Real) -> Real:
    """The larger one; not a number if either is."""
    raise CompiledOnlyError


def root(x):  # type: ignore[no-untyped-def]
    return math.sqrt(x)


def sign_of(x):  # type: ignore[no-untyped-def]
    one = real(1.0, x)
    value = one if x > ZERO else -one
    return value if abs(x) > ZERO else x


def smaller(x, y):  # type: ignore[no-untyped-def]
    value = x if x < y else y
    return value if x == x else x


def larger(x, y):  # type: ignore[no-untyped-def]
    value = x if x > y else y
    return value if x == x else x


def python_of(function: Any) -> Any:
    return getattr(function, "py_func", function)


def bind(function: Callable[..., Real], narrow: Any, wide: Any) -> None:
    """Compile `function` as `narrow` for float32 and as `wide` for everything else."""

    @overload(function, jit_options=OPTIONS, strict=False)
    def choose(x: Any) -> Any:
        return python_of(narrow if x == types.float32 else wide)


def bind_two(function: Callable[..., Real], narrow: Any, wide: Any, options: dict[str, Any] = OPTIONS) -> None:
    """The same for two arguments: both float32, or everything else."""

    @overload(function, jit_options=options, strict=False)
    def choose(x: Any, y: Any) -> Any:
        return python_of(narrow if x == types.float32 and y == types.float32 else wide)


bind(exp, single.exp32, double.exp64)
bind(exp_parts, single.exp_parts32, double.exp_parts64)
bind_two(exp_sum_parts, single.exp_sum_parts32, double.exp_sum_parts64)
bind_two(expm1_sum, single.expm1_sum32, double.expm1_sum64)
bind(inverse_sum, single.inverse_sum32, double.inverse_sum64)
bind(expm1, single.expm1_32, double.expm1_64)
bind(log, single.log32, double.log64)
bind(log1p, single.log1p32, double.log1p64)
bind(log1p_unit, single.log1p_unit32, double.log1p64)
bind(sqrt, root, root)
bind(sigmoid, single.sigmoid32, double.sigmoid64)
bind(sigmoid_slope, single.sigmoid_slope32, double.sigmoid_slope64)
bind(tanh, single.tanh32, double.tanh64)
bind(tanh_slope, single.tanh_slope32, double.tanh_slope64)
bind(softplus, single.softplus32, double.softplus64)
bind(sin, waves.sine32, double.sine64)
bind(cos, waves.cosine32, double.cosine64)
bind(atan, waves.arctan32, double.arctan64)
bind_two(power, power32, double.power64)
bind_two(product, single.product32, double.product64, double.PRODUCTS)
bind_two(quotient, single.quotient32, double.quotient64, double.PRODUCTS)
bind(sign, sign_of, sign_of)
bind(largest, lambda x: LARGEST32, lambda x: LARGEST64)
bind_two(minimum, smaller, smaller)
bind_two(maximum, larger, larger)
