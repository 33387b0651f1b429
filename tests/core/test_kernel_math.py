"""The functions of the compiled code against NumPy in float64 and 30-digit references, for both types."""

import mpmath
import numpy as np
import pytest
from numba import njit

from reluviz.core import kernel_math as km
from reluviz.core.kernel_erf import cdf, density

SINGLE, DOUBLE = 3e-7, 3e-15
# Each type is compiled anew; the quick tests keep to the one that networks train in.
BOTH = [np.float32, pytest.param(np.float64, marks=pytest.mark.slow)]
ONES = [
    "exp",
    "expm1",
    "log",
    "log1p",
    "log1p_unit",
    "sqrt",
    "sigmoid",
    "sigmoid_slope",
    "tanh",
    "tanh_slope",
    "softplus",
    "sin",
    "cos",
    "atan",
    "sign",
]
TWOS = ["power", "minimum", "maximum"]
ENDS = [0.0, -0.0, 1e-45, -1e-45, 1e-40, 1e30, -1e30, np.inf, -np.inf, np.nan]


@njit(error_model="numpy")
def one(x, out):
    for i in range(x.size):
        out[0, i] = km.exp(x[i])
        out[1, i] = km.expm1(x[i])
        out[2, i] = km.log(x[i])
        out[3, i] = km.log1p(x[i])
        out[4, i] = km.log1p_unit(x[i])
        out[5, i] = km.sqrt(x[i])
        out[6, i] = km.sigmoid(x[i])
        out[7, i] = km.sigmoid_slope(x[i])
        out[8, i] = km.tanh(x[i])
        out[9, i] = km.tanh_slope(x[i])
        out[10, i] = km.softplus(x[i])
        out[11, i] = km.sin(x[i])
        out[12, i] = km.cos(x[i])
        out[13, i] = km.atan(x[i])
        out[14, i] = km.sign(x[i])
        out[15, i] = cdf(x[i])
        out[16, i] = density(x[i])


@njit(error_model="numpy")
def two(x, y, out):
    for i in range(x.size):
        out[0, i] = km.power(x[i], y[i])
        out[1, i] = km.minimum(x[i], y[i])
        out[2, i] = km.maximum(x[i], y[i])
        high, low = km.product(x[i], y[i])
        out[3, i] = high
        out[4, i] = low
        high, low = km.quotient(x[i], y[i])
        out[5, i] = high
        out[6, i] = low


def ones_at(x):
    out = np.empty((17, x.size), x.dtype)
    one(x, out)
    return dict(zip([*ONES, "cdf", "density"], out, strict=True))


def twos_at(x, y):
    out = np.empty((7, x.size), x.dtype)
    two(x, y, out)
    return dict(zip([*TWOS, "high", "low", "quotient", "rest"], out, strict=True))


def points(dtype):
    draw = np.random.default_rng(7)
    sizes = 10.0 ** draw.uniform(-37, 37, 300)
    x = np.concatenate(
        [draw.uniform(-110, 95, 600), draw.uniform(-2, 2, 400), draw.uniform(-14, 0, 200), sizes, -sizes]
    )
    return x.astype(dtype)


def sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


EXACT = {
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "log": mpmath.log,
    "log1p": mpmath.log1p,
    "log1p_unit": mpmath.log1p,
    "sqrt": mpmath.sqrt,
    "sigmoid": sigmoid,
    "sigmoid_slope": lambda x: sigmoid(x) * sigmoid(-x),
    "tanh": mpmath.tanh,
    "tanh_slope": lambda x: 4 * sigmoid(2 * x) * sigmoid(-2 * x),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)) if x < 60 else x + mpmath.exp(-x),
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "atan": mpmath.atan,
    "sign": mpmath.sign,
    "cdf": lambda x: mpmath.mpf(x > 0) if abs(x) > 100 else mpmath.erfc(-x / mpmath.sqrt(2)) / 2,
    "density": lambda x: mpmath.npdf(x),
}
DOMAIN = {"log": (0, np.inf), "sqrt": (0, np.inf), "log1p": (-1, np.inf), "log1p_unit": (0, 1)}


@pytest.mark.parametrize("dtype", BOTH)
def test_functions_of_one_number(dtype):
    x = points(dtype)
    limits = np.finfo(dtype)
    for name, got in ones_at(x).items():
        low, high = DOMAIN.get(name, (-np.inf, np.inf))
        inside = (x >= low) & (x <= high)
        with mpmath.workdps(40):
            wanted = np.array([float(EXACT[name](mpmath.mpf(float(v)))) for v in x[inside]])
        got = got[inside].astype(np.float64)
        beyond = np.abs(wanted) > limits.max
        assert np.isinf(got[beyond]).all(), name
        z, got, wanted = x[inside][~beyond], got[~beyond], wanted[~beyond]
        size = np.maximum(np.abs(wanted), limits.tiny)
        if name in ("sin", "cos"):
            size[np.abs(z) > 1] = 1.0
        off = np.abs(got - wanted) / size
        assert off.max() <= (SINGLE if dtype is np.float32 else DOUBLE), (name, off.max(), z[off.argmax()])


@pytest.mark.parametrize("dtype", BOTH)
def test_ends_of_the_range(dtype):
    x = np.array(ENDS, dtype)
    got = ones_at(x)
    plain = {"exp": np.exp, "expm1": np.expm1, "log": np.log, "log1p": np.log1p, "sqrt": np.sqrt, "tanh": np.tanh,
             "atan": np.arctan, "sign": np.sign}  # fmt: skip
    with np.errstate(all="ignore"):
        for name, function in plain.items():
            assert got[name] == pytest.approx(function(x), rel=2e-6, abs=1e-45, nan_ok=True), name
    far = np.array([np.inf, -np.inf, np.nan], dtype)
    got = ones_at(far)
    limits = {"sigmoid": (1, 0), "sigmoid_slope": (0, 0), "tanh_slope": (0, 0), "softplus": (np.inf, 0), "cdf": (1, 0),
              "density": (0, 0), "sin": (np.nan, np.nan), "cos": (np.nan, np.nan)}  # fmt: skip
    for name, (right, left) in limits.items():
        assert got[name] == pytest.approx([right, left, np.nan], nan_ok=True), name


def test_smallest_numbers_of_float32():
    # e^-100 is subnormal: gradual underflow, not zero.
    assert ones_at(np.float32([-100]))["exp"][0] == np.float32(3.783506e-44)
    assert ones_at(np.float32([-104]))["exp"][0] == 0
    assert ones_at(np.float32([88.72]))["exp"][0] == pytest.approx(3.3931806e38, rel=1e-7)
    assert np.isinf(ones_at(np.float32([88.73]))["exp"][0])


@pytest.mark.parametrize("dtype", BOTH)
def test_powers(dtype):
    draw = np.random.default_rng(8)
    x, y = draw.uniform(0.01, 40, 4000).astype(dtype), draw.uniform(-25, 25, 4000).astype(dtype)
    with np.errstate(all="ignore"):
        wanted = np.power(x.astype(np.float64), y.astype(np.float64))
    normal = (wanted > np.finfo(dtype).tiny) & (wanted < np.finfo(dtype).max)
    assert twos_at(x, y)["power"][normal] == pytest.approx(wanted[normal], rel=1.2e-7 if dtype is np.float32 else 1e-15)


@pytest.mark.parametrize("dtype", BOTH)
def test_two_numbers_at_the_ends(dtype):
    values = np.array([0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 101, np.inf, -np.inf, np.nan], dtype)
    x, y = (grid.ravel().copy() for grid in np.meshgrid(values, values))
    got = twos_at(x, y)
    with np.errstate(all="ignore"):
        assert got["power"] == pytest.approx(np.power(x, y), rel=1e-6, nan_ok=True)
        assert np.array_equal(got["minimum"], np.minimum(x, y), equal_nan=True)
        assert np.array_equal(got["maximum"], np.maximum(x, y), equal_nan=True)


@pytest.mark.parametrize("dtype", BOTH)
def test_products_and_quotients_in_two_parts(dtype):
    digits = 2.0**-45 if dtype is np.float32 else 2.0**-95
    draw = np.random.default_rng(9)
    x, y = draw.uniform(-50, 50, 2000).astype(dtype), draw.uniform(0.1, 9, 2000).astype(dtype)
    got = {name: [mpmath.mpf(float(value)) for value in values] for name, values in twos_at(x, y).items()}
    with mpmath.workprec(200):
        for i, (a, b) in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
            product, quotient = mpmath.mpf(a) * b, mpmath.mpf(a) / b
            assert abs(got["high"][i] + got["low"][i] - product) <= digits * abs(product)
            assert abs(got["quotient"][i] + got["rest"][i] - quotient) <= digits * abs(quotient)


def test_types_are_kept_and_the_interpreter_is_refused():
    for function in (one, two):
        for signature in function.nopython_signatures:
            assert signature.args[0].dtype == signature.args[-1].dtype
    with pytest.raises(km.CompiledOnlyError):
        km.exp(1.0)
