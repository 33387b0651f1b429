"""Every activation and its derivative with 30 digits, written as in the papers: the references for all other forms.

`exact_f(activation, x)` and `exact_df(activation, x)` take an activation with its parameters and a number, and give an
mpmath number; the caller sets the precision, or asks `reference` for float64 arrays of correctly rounded values.
Where a formula cancels, the digits that it loses are worked with on top.
"""

import mpmath
import numpy as np
from mpmath import mpf

DIGITS = 30
# f of the tails is a number near 1e-324 beside terms near 1: no difference is taken in these forms that would lose it,
# but slopes near their zeros lose up to 17 digits.
SPARE = 25
# Klambauer et al. 2017; texts, because a number would be rounded to the precision of the moment of import.
SELU_ALPHA = "1.6732632423543772848170429916717"
SELU_LAMBDA = "1.0507009873554804934193349852946"
# Where f′ of SiLU, Mish, GELU-tanh and GELU is zero, where the parabola's is, and where cos x is.
SLOPE_ROOTS = (-1.2784645427610737, -1.1924312145154952, -0.7524614220710163, -0.7517915246935645, -1.5, np.pi / 2)
# Where a form gives way to another.
JOINS = (0.25, 0.5, 1.0, 1.25, 1.5, 2.0, 4.0, 8.0, 25.3, 35.8, 37.0, 40.0, 320.0, 640.0, 708.4, 745.1, 1e4, 1e5, 1e100)
EDGES = (
    0.0,
    5e-324,
    -5e-324,
    1e-310,
    -1e-310,
    1e-290,
    -1e-290,
    1e30,
    -1e30,
    1e155,
    -1e155,
    1e160,
    -1e160,
    1.7e308,
    -1.7e308,
)


def exact_f(activation, x):
    """f(x) as an mpmath number."""
    return F[activation.key](mpf(float(x)), *_exact(activation))


def exact_df(activation, x):
    """f′(x) as an mpmath number; at a kink the value of the table of conventions."""
    return DF[activation.key](mpf(float(x)), *_exact(activation))


def reference(activation, z):
    """f and f′ at all of z, as two lists of mpmath numbers with 30 digits or more."""
    with mpmath.workdps(DIGITS + SPARE):
        return [exact_f(activation, x) for x in z], [exact_df(activation, x) for x in z]


def hard_points(activation, count):
    """About `count` float64 inputs: the whole range, both tails, zeros of f and f′, kinks and joins of series."""
    draw = np.random.default_rng(35)
    share = count // 8
    signs = draw.choice([-1.0, 1.0], (3, share))
    near = np.array(SLOPE_ROOTS)[draw.integers(0, len(SLOPE_ROOTS), share)]
    joins = np.array([sign * join for join in JOINS for sign in (-1, 1)] + list(activation.kinks))
    return np.concatenate(
        [
            draw.uniform(-10, 10, share),
            draw.uniform(-2, 2, share),
            draw.uniform(-45, -5, share),
            draw.uniform(-800, 40, share),
            draw.uniform(-40, 800, share),
            signs[0] * 10.0 ** draw.uniform(-300, 300, share),
            signs[1] * 10.0 ** draw.uniform(-20, 3, share),
            near + signs[2] * 10.0 ** draw.uniform(-17, -0.3, share),
            joins,
            np.nextafter(joins, -np.inf),
            np.nextafter(joins, np.inf),
            EDGES,
        ]
    )


def errors_in_ulps(got, wanted):
    """How far each float64 lies from an exact value, in units in the last place of that value; shape of got."""
    with mpmath.workdps(DIGITS):
        return np.array([_ulps(float(g), w) for g, w in zip(got, wanted, strict=True)])


def _ulps(got, wanted):
    nearest = float(wanted)
    if got == nearest:
        return float(abs(wanted - nearest) / mpf(float(np.spacing(abs(nearest))))) if np.isfinite(nearest) else 0.0
    if not (np.isfinite(got) and np.isfinite(nearest)):
        return np.inf
    return float(abs(wanted - mpf(got)) / mpf(float(np.spacing(abs(nearest)))))


def _exact(activation):
    return [mpf(value) for value in activation.values()]


def sigmoid(x):
    """1 / (1 + e⁻ˣ)."""
    return 1 / (1 + mpmath.exp(-x))


def sigmoid_slope(x):
    """s (1 - s), as s(x) s(-x)."""
    t = mpmath.exp(-abs(x))
    return t / (1 + t) ** 2


def log1p_exp(x):
    """ln(1 + eˣ)."""
    return x + mpmath.log1p(mpmath.exp(-x)) if x > 0 else mpmath.log1p(mpmath.exp(x))


def density(x):
    """The standard normal density."""
    return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)


def cumulative(x):
    """The standard normal's Φ."""
    # Beyond 100 the other tail is below 1e-2100; erfc itself refuses arguments that are larger still.
    return mpf(x > 0) if abs(x) > 100 else mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def tanh_slope(x):
    """1 - tanh²."""
    return 4 * sigmoid_slope(2 * x)


def lines(x, left, at_zero, right=1):
    """The slope of two lines that meet at 0."""
    return right if x > 0 else left if x < 0 else left + at_zero * (right - left)


def _inner(x):
    return 2 * mpmath.sqrt(2 / mpmath.pi) * (x + mpf("0.044715") * x**3)


def _inner_slope(x):
    return 2 * mpmath.sqrt(2 / mpmath.pi) * (1 + mpf("0.134145") * x**2)


def _tanh_softplus(x):
    n = mpmath.exp(-abs(x))
    return (1 + 2 * n) / (1 + 2 * n + 2 * n * n) if x > 0 else n * (n + 2) / (n * (n + 2) + 2)


def _mish_slope(x):
    t = _tanh_softplus(x)
    return t + x * sigmoid(x) * (1 - t) * (1 + t)


def _tanhshrink(x):
    # x - tanh x loses two thirds of the digits of a small x.
    if abs(x) > mpf("1e-3"):
        return x - mpmath.tanh(x)
    series = ((3, 1, 3), (5, -2, 15), (7, 17, 315), (9, -62, 2835), (11, 1382, 155925), (13, -21844, 6081075))
    return sum(x**power * up / down for power, up, down in series)


def _bent(x):
    return x * x / (2 * (mpmath.sqrt(x * x + 1) + 1)) + x


def _selu(x):
    return mpf(SELU_LAMBDA) * (x if x > 0 else mpf(SELU_ALPHA) * mpmath.expm1(x))


def _selu_slope(x):
    return mpf(SELU_LAMBDA) * (1 if x > 0 else mpf(SELU_ALPHA) * mpmath.exp(x))


def _squareplus_slope(x, b):
    root = mpmath.sqrt(x * x + b)
    smaller = b / (2 * root * (root + abs(x)))
    return smaller if x < 0 else 1 - smaller


def _squareplus(x, b):
    larger = (abs(x) + mpmath.sqrt(x * x + b)) / 2
    return b / (4 * larger) if x < 0 else larger


def _swish_slope(x, beta):
    y = beta * x
    return sigmoid(y) + y * sigmoid_slope(y)


def _clip(x, low, high):
    return min(max(x, low), high)


F = {
    "identity": lambda x: x,
    "binary_step": lambda x: mpf(x > 0),
    "sigmoid": sigmoid,
    "hard_sigmoid": lambda x: _clip(x / 6 + mpf(1) / 2, 0, 1),
    "log_sigmoid": lambda x: -log1p_exp(-x),
    "tanh": mpmath.tanh,
    "hard_tanh": lambda x, low, high: _clip(x, low, high),
    "lecun_tanh": lambda x: mpf("1.7159") * mpmath.tanh(2 * x / 3),
    "relu": lambda x, at_zero: max(x, 0),
    "relu6": lambda x, at_zero: _clip(x, 0, 6),
    "leaky_relu": lambda x, slope, at_zero: x if x > 0 else slope * x,
    "prelu": lambda x, slope, at_zero: x if x > 0 else slope * x,
    "rrelu": lambda x, lower, upper, at_zero: x if x > 0 else (lower + upper) / 2 * x,
    "elu": lambda x, alpha: x if x > 0 else alpha * mpmath.expm1(x),
    "selu": _selu,
    "celu": lambda x, alpha: x if x > 0 else alpha * mpmath.expm1(x / alpha),
    "gelu": lambda x: x * cumulative(x),
    "gelu_tanh": lambda x: x * sigmoid(_inner(x)),
    "silu": lambda x: x * sigmoid(x),
    "swish": lambda x, beta: x * sigmoid(beta * x),
    "hard_swish": lambda x: x * _clip(x + 3, 0, 6) / 6,
    "mish": lambda x: x * _tanh_softplus(x),
    "softplus": lambda x, beta: log1p_exp(beta * x) / beta,
    "softsign": lambda x: x / (1 + abs(x)),
    "tanhshrink": _tanhshrink,
    "softshrink": lambda x, width: mpmath.sign(x) * max(abs(x) - width, 0),
    "hardshrink": lambda x, width: x if abs(x) > width else mpf(0),
    "threshold": lambda x, threshold, value: x if x > threshold else value,
    "gaussian": lambda x: mpmath.exp(-x * x),
    "sine": mpmath.sin,
    "relu_squared": lambda x: max(x, 0) ** 2,
    "abs": abs,
    "bent_identity": _bent,
    "squareplus": _squareplus,
    "arctan": mpmath.atan,
}
DF = {
    "identity": lambda x: mpf(1),
    "binary_step": lambda x: mpf(0),
    "sigmoid": sigmoid_slope,
    "hard_sigmoid": lambda x: mpf(1) / 6 if abs(x) < 3 else mpf(0),
    "log_sigmoid": lambda x: sigmoid(-x),
    "tanh": tanh_slope,
    "hard_tanh": lambda x, low, high: mpf(low < x < high),
    "lecun_tanh": lambda x: mpf("1.7159") * 2 / 3 * tanh_slope(2 * x / 3),
    "relu": lambda x, at_zero: mpf(lines(x, 0, at_zero)),
    "relu6": lambda x, at_zero: mpf(lines(x, 0, at_zero)) if x < 6 else mpf(0),
    "leaky_relu": lambda x, slope, at_zero: mpf(lines(x, slope, at_zero)),
    "prelu": lambda x, slope, at_zero: mpf(lines(x, slope, at_zero)),
    "rrelu": lambda x, lower, upper, at_zero: mpf(lines(x, (lower + upper) / 2, at_zero)),
    "elu": lambda x, alpha: mpf(1) if x > 0 else alpha * mpmath.exp(x),
    "selu": _selu_slope,
    "celu": lambda x, alpha: mpf(1) if x > 0 else mpmath.exp(x / alpha),
    "gelu": lambda x: cumulative(x) + x * density(x),
    "gelu_tanh": lambda x: sigmoid(_inner(x)) + x * sigmoid_slope(_inner(x)) * _inner_slope(x),
    "silu": lambda x: _swish_slope(x, 1),
    "swish": _swish_slope,
    "hard_swish": lambda x: x / 3 + mpf(1) / 2 if -3 <= x <= 3 else mpf(x > 0),
    "mish": _mish_slope,
    "softplus": lambda x, beta: sigmoid(beta * x),
    "softsign": lambda x: 1 / (1 + abs(x)) ** 2,
    "tanhshrink": lambda x: mpmath.tanh(x) ** 2,
    "softshrink": lambda x, width: mpf(abs(x) > width),
    "hardshrink": lambda x, width: mpf(abs(x) > width),
    "threshold": lambda x, threshold, value: mpf(x > threshold),
    "gaussian": lambda x: -2 * x * mpmath.exp(-x * x),
    "sine": mpmath.cos,
    "relu_squared": lambda x: 2 * max(x, 0),
    "abs": mpmath.sign,
    "bent_identity": lambda x: x / (2 * mpmath.sqrt(x * x + 1)) + 1,
    "squareplus": _squareplus_slope,
    "arctan": lambda x: 1 / (1 + x * x),
}
