"""Smooth relatives of ReLU and of the identity in compiled code: exponential and square-root corners.

Each function takes x and four parameters of its type and gives a number of that type.
"""

from reluviz.core.jit import inlined_exact
from reluviz.core.kernel_math import (
    HALF,
    ONE,
    ZERO,
    exp_parts,
    exp_sum_parts,
    expm1,
    expm1_sum,
    log1p_unit,
    product,
    quotient,
    real,
    sqrt,
)

# Klambauer et al. 2017, for the fixed point (0, 1) of mean and variance.
SELU_ALPHA = 1.6732632423543772848
SELU_SCALE = 1.0507009873554804934
LARGEST = 1e37
# Beyond it x² may overflow in float32, and √(x² + b) is |x|.
ROOT_MOST = 1e17


@inlined_exact
def elu(x, alpha, q, r, s):  # type: ignore[no-untyped-def]
    left = alpha * expm1(min(x, ZERO))
    return x if x > ZERO else left


@inlined_exact
def elu_slope(x, alpha, q, r, s):  # type: ignore[no-untyped-def]
    m, scale = exp_parts(min(x, ZERO))
    left = alpha * m * scale
    return real(1.0, x) if x > ZERO else left


@inlined_exact
def selu(x, p, q, r, s):  # type: ignore[no-untyped-def]
    left = real(SELU_SCALE * SELU_ALPHA, x) * expm1(min(x, ZERO))
    return real(SELU_SCALE, x) * x if x > ZERO else left


@inlined_exact
def selu_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    m, scale = exp_parts(min(x, ZERO))
    left = real(SELU_SCALE * SELU_ALPHA, x) * m * scale
    return real(SELU_SCALE, x) if x > ZERO else left


@inlined_exact
def shares(x, alpha):  # type: ignore[no-untyped-def]
    """min(x, 0) / α in two parts."""
    return quotient(max(min(x, ZERO), -real(LARGEST, x)), alpha)


@inlined_exact
def celu(x, alpha, q, r, s):  # type: ignore[no-untyped-def]
    left = alpha * expm1_sum(*shares(x, alpha))
    return x if x > ZERO else left


@inlined_exact
def celu_slope(x, alpha, q, r, s):  # type: ignore[no-untyped-def]
    high, low = shares(x, alpha)
    m, scale = exp_sum_parts(high, low)
    left = m * scale
    return real(1.0, x) if x > ZERO else left


@inlined_exact
def softplus_parts(x, beta):  # type: ignore[no-untyped-def]
    """(m, s) with m s = e^-β|x|."""
    high, low = product(-min(abs(x), real(LARGEST, x)), beta)
    return exp_sum_parts(high, low)


@inlined_exact
def softplus(x, beta, q, r, s):  # type: ignore[no-untyped-def]
    m, scale = softplus_parts(x, beta)
    t = m * scale
    # log(1 + t) is t far out, and t / β may be normal where t is not.
    inverse = ONE / beta
    tail = m * inverse * scale if t < real(1e-17, x) else log1p_unit(t) * inverse
    return max(x, ZERO) + tail


@inlined_exact
def softplus_slope(x, beta, q, r, s):  # type: ignore[no-untyped-def]
    m, scale = softplus_parts(x, beta)
    t = m * scale
    return (t if x < ZERO else ONE) / (ONE + t)


@inlined_exact
def root(a, b):  # type: ignore[no-untyped-def]
    """√(a² + b), without overflow of a²."""
    return a if a > real(ROOT_MOST, a) else sqrt(a * a + b)


@inlined_exact
def squareplus(x, b, q, r, s):  # type: ignore[no-untyped-def]
    # The sum of both roots of f² - x f = b / 4 cancels on the left; their product does not.
    a = abs(x)
    larger = HALF * a + HALF * root(a, b)
    return real(0.25, x) * b / larger if x < ZERO else larger


@inlined_exact
def squareplus_slope(x, b, q, r, s):  # type: ignore[no-untyped-def]
    a = abs(x)
    hypotenuse = root(a, b)
    smaller = HALF * (b / (HALF * a + HALF * hypotenuse)) * HALF / hypotenuse
    return smaller if x < ZERO else ONE - smaller


@inlined_exact
def bend(x):  # type: ignore[no-untyped-def]
    """(near, √(near² + 1)) with near = x within limits beyond which its bend is straight."""
    near = min(max(x, -real(ROOT_MOST, x)), real(ROOT_MOST, x))
    return near, sqrt(near * near + ONE)


@inlined_exact
def bent_identity(x, p, q, r, s):  # type: ignore[no-untyped-def]
    # √(x² + 1) - 1 = x² / (√(x² + 1) + 1), which does not cancel.
    near, hypotenuse = bend(x)
    return x * (ONE + HALF * near / (hypotenuse + ONE))


@inlined_exact
def bent_identity_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    near, hypotenuse = bend(x)
    return ONE + HALF * near / hypotenuse
