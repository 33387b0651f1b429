"""Every activation against its golden values, finite differences, its compiled twin and the ends of the range."""

import mpmath
import numpy as np
import pytest

from reluviz.core.activations import ACTIVATIONS, ELU, ReLU, Sigmoid, Tanh
from reluviz.core.kernel_activations import activate, slope
from reluviz.core.param import parameters

GOLDEN = {
    "identity": (-1.5, 1.5),
    "binary_step": (0, 1),
    "sigmoid": (0.1824255238064, 0.8175744761936),
    "tanh": (-0.9051482536449, 0.9051482536449),
    "relu": (0, 1.5),
    "leaky_relu": (-0.015, 1.5),
    "elu": (-0.7768698398516, 1.5),
    "gelu": (-0.1002108019033, 1.399789198097),
    "silu": (-0.2736382857095, 1.22636171429),
    "softplus": (0.2014132779828, 1.701413277983),
}
EXACT = {
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "tanh": mpmath.tanh,
    "elu": lambda x: x if x > 0 else mpmath.expm1(x),
    "gelu": lambda x: x * mpmath.erfc(-x / mpmath.sqrt(2)) / 2,
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
}
entries = pytest.mark.parametrize("kind", ACTIVATIONS.values(), ids=list(ACTIVATIONS))


def compiled(kernel, activation, z):
    """The kernel's float32 answer for a whole array."""
    params = np.zeros((1, 4), np.float32)
    values = activation.values()
    params[0, : len(values)] = values
    out = np.empty_like(z)
    kernel(activation.code, params, 0, z, out, 0, len(z))
    return out


@entries
def test_golden_values(kind):
    np.testing.assert_allclose(kind().f(np.array([-1.5, 1.5])), GOLDEN[kind.key], rtol=1e-11)


@entries
def test_derivative_matches_finite_differences(kind):
    activation, h, z = kind(), 1e-6, np.linspace(-3.05, 3.05, 60)
    numeric = (activation.f(z + h) - activation.f(z - h)) / (2 * h)
    np.testing.assert_allclose(activation.df(z), numeric, atol=2e-9)


@entries
def test_codes_are_distinct_and_parameters_fit_the_kernel(kind):
    assert [other.code for other in ACTIVATIONS.values()].count(kind.code) == 1
    assert len(parameters(kind)) <= 4
    assert kind.formula.startswith("f(x) = ")
    assert kind.__doc__


@entries
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_ends_of_the_range_are_silent_and_keep_the_dtype(kind, dtype):
    z = np.array([np.nan, np.inf, -np.inf, 1e30, -1e30, 1e-42, -1e-42, 0.0], dtype)
    activation = kind()
    with np.errstate(all="ignore"):
        values, slopes = activation.f(z), activation.df(z)
    assert values.dtype == slopes.dtype == dtype
    assert np.isnan(values[0])
    assert np.isnan(slopes[0])
    assert not np.isnan(values[1:]).any()
    assert not np.isnan(slopes[1:]).any()


@entries
def test_kernel_agrees_over_the_whole_range(kind):
    z = np.concatenate([np.linspace(-90, 90, 40001), np.linspace(-1, 1, 20001)]).astype(np.float32)
    activation = kind()
    for kernel, exact in ((activate, activation.f), (slope, activation.df)):
        with np.errstate(all="ignore"):
            wanted = exact(z.astype(np.float64))
        got = compiled(kernel, activation, z)
        # Relative to the value, or absolute where it passes through zero inside a sum.
        error = np.abs(got - wanted) / np.maximum(np.abs(wanted), 1e-37)
        crossing = np.abs(got - wanted) <= 4e-7
        assert ((error <= 8e-7) | crossing).all()


@entries
def test_kernel_passes_nan_and_infinity_as_the_reference_does(kind):
    z = np.array([np.nan, np.inf, -np.inf], np.float32)
    activation = kind()
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(compiled(activate, activation, z), activation.f(z))
        np.testing.assert_array_equal(compiled(slope, activation, z), activation.df(z))


@pytest.mark.parametrize("key", EXACT)
def test_float64_agrees_with_thirty_digits(key):
    z = np.linspace(-30, 30, 241)
    with mpmath.workdps(30):
        wanted = np.array([float(EXACT[key](mpmath.mpf(float(x)))) for x in z])
    # erfc(-x/√2) magnifies the rounding of its argument by about x² on the far left.
    magnified = np.maximum(1, z**2) if key == "gelu" else 1
    assert (np.abs(ACTIVATIONS[key]().f(z) - wanted) <= 1e-15 * 4 * magnified * np.abs(wanted)).all()


def test_tails_do_not_vanish_by_cancellation():
    tail = np.array([17.0], np.float32)
    np.testing.assert_allclose(Sigmoid().df(tail), 4.13994e-8, rtol=1e-5)
    np.testing.assert_allclose(compiled(slope, Sigmoid(), tail), 4.13994e-8, rtol=1e-5)
    np.testing.assert_allclose(compiled(slope, Tanh(), np.array([10.0], np.float32)), 8.2446e-9, rtol=1e-4)


def test_slope_at_the_kink_is_the_convention():
    zero = np.zeros(1)
    assert ReLU().df(zero) == 0
    assert ELU(alpha=2.0).df(zero) == 2
    assert compiled(slope, ReLU(), zero.astype(np.float32)) == 0


def test_parameters_outside_their_range_are_refused_in_one_sentence():
    with pytest.raises(ValueError, match=r"slope = 0.9 is not allowed: it must be a number from 0 to 0.5"):
        ACTIVATIONS["leaky_relu"](slope=0.9)
