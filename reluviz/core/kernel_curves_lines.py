"""Curves made of straight lines, in compiled code: steps, clips, rectifiers and shrinks.

Each function takes x and four parameters of its type and gives a number of that type; NaN stays NaN. The values at
kinks are those of PyTorch where it has the function; `w` is the person's choice of f′(0) (Bertoin et al. 2021).
"""

from reluviz.core.jit import inlined_exact
from reluviz.core.kernel_math import HALF, ONE, TWO, ZERO, real


@inlined_exact
def with_nan(x, value):  # type: ignore[no-untyped-def]
    """The value, in the type of x, or NaN where x is NaN."""
    return real(value, x) if x == x else x


@inlined_exact
def two_lines(x, left):  # type: ignore[no-untyped-def]
    """x on the right of 0, left · x elsewhere; a left slope of 0 gives 0 at -infinity too."""
    value = real(0.0, x) if (left == ZERO) & (x < ZERO) else left * x
    return x if x > ZERO else value


@inlined_exact
def two_slopes(x, left, w):  # type: ignore[no-untyped-def]
    """left, 1, or between them at 0: left + w (1 - left)."""
    value = real(1.0, x) if x > ZERO else (left if x < ZERO else left + w * (ONE - left))
    return value if x == x else x


@inlined_exact
def identity(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return x


@inlined_exact
def identity_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return with_nan(x, 1.0)


@inlined_exact
def binary_step(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return with_nan(x, 1.0 if x > ZERO else 0.0)


@inlined_exact
def flat_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return with_nan(x, 0.0)


@inlined_exact
def hard_sigmoid(x, p, q, r, s):  # type: ignore[no-untyped-def]
    # x / 6 + ½ would cancel near -3; x + 3 is exact there.
    return min(max((x + real(3.0, x)) * real(1 / 6, x), ZERO), ONE)


@inlined_exact
def hard_sigmoid_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return with_nan(x, 1 / 6 if abs(x) < real(3.0, x) else 0.0)


@inlined_exact
def hard_tanh(x, low, high, r, s):  # type: ignore[no-untyped-def]
    return min(max(x, low), high)


@inlined_exact
def hard_tanh_slope(x, low, high, r, s):  # type: ignore[no-untyped-def]
    return with_nan(x, 1.0 if (x > low) & (x < high) else 0.0)


@inlined_exact
def relu(x, w, q, r, s):  # type: ignore[no-untyped-def]
    return max(x, ZERO)


@inlined_exact
def relu_slope(x, w, q, r, s):  # type: ignore[no-untyped-def]
    return two_slopes(x, real(0.0, x), w)


@inlined_exact
def relu6(x, w, q, r, s):  # type: ignore[no-untyped-def]
    return min(max(x, ZERO), real(6.0, x))


@inlined_exact
def relu6_slope(x, w, q, r, s):  # type: ignore[no-untyped-def]
    return real(0.0, x) if x >= real(6.0, x) else two_slopes(x, real(0.0, x), w)


@inlined_exact
def leaky_relu(x, left, w, r, s):  # type: ignore[no-untyped-def]
    return two_lines(x, left)


@inlined_exact
def leaky_relu_slope(x, left, w, r, s):  # type: ignore[no-untyped-def]
    return two_slopes(x, left, w)


@inlined_exact
def rrelu(x, lower, upper, w, s):  # type: ignore[no-untyped-def]
    return two_lines(x, HALF * (lower + upper))


@inlined_exact
def rrelu_slope(x, lower, upper, w, s):  # type: ignore[no-untyped-def]
    return two_slopes(x, HALF * (lower + upper), w)


@inlined_exact
def relu_squared(x, p, q, r, s):  # type: ignore[no-untyped-def]
    positive = max(x, ZERO)
    return positive * positive


@inlined_exact
def relu_squared_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return TWO * max(x, ZERO)


@inlined_exact
def absolute(x, p, q, r, s):  # type: ignore[no-untyped-def]
    return abs(x)


@inlined_exact
def absolute_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    value = real(1.0, x) if x > ZERO else real(-1.0, x)
    return value if abs(x) > ZERO else x


@inlined_exact
def softshrink(x, width, q, r, s):  # type: ignore[no-untyped-def]
    value = x - width if x > width else x + width
    return value if (abs(x) > width) | (x != x) else real(0.0, x)


@inlined_exact
def shrink_slope(x, width, q, r, s):  # type: ignore[no-untyped-def]
    return with_nan(x, 1.0 if abs(x) > width else 0.0)


@inlined_exact
def hardshrink(x, width, q, r, s):  # type: ignore[no-untyped-def]
    return real(0.0, x) if abs(x) <= width else x


@inlined_exact
def threshold(x, least, value, r, s):  # type: ignore[no-untyped-def]
    return value if x <= least else x


@inlined_exact
def threshold_slope(x, least, value, r, s):  # type: ignore[no-untyped-def]
    return with_nan(x, 1.0 if x > least else 0.0)


@inlined_exact
def hard_swish(x, p, q, r, s):  # type: ignore[no-untyped-def]
    three = real(3.0, x)
    value = x if x >= three else x * ((x + three) * real(1 / 6, x))
    return real(0.0, x) if x <= -three else value


@inlined_exact
def hard_swish_slope(x, p, q, r, s):  # type: ignore[no-untyped-def]
    # The parabola's slope at both ends, as PyTorch's scalar loop; 2x + 3 is exact near its root.
    three = real(3.0, x)
    value = real(1.0, x) if x > three else (TWO * x + three) / real(6.0, x)
    return real(0.0, x) if x < -three else value
