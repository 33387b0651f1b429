"""Published figures of activations: extrema, distances between relatives, steepest slopes."""

import numpy as np
import pytest
from scipy.optimize import brentq

from reluviz.core.activations import ACTIVATIONS


def value(key, x, **parameters):
    """f at one number."""
    return float(ACTIVATIONS[key](**parameters).f(np.array([x]))[0])


def slope(key, x, **parameters):
    """f′ at one number."""
    return float(ACTIVATIONS[key](**parameters).df(np.array([x]))[0])


@pytest.mark.parametrize(
    ("key", "place", "least"),
    [
        # Hendrycks & Gimpel 2016; Elfwing et al. 2017; Misra 2019: ten digits each.
        ("gelu", -0.7517915247, -0.1699712075),
        ("gelu_tanh", -0.7524614221, -0.1700407506),
        ("silu", -1.2784645428, -0.2784645428),
        ("mish", -1.1924312145, -0.3088434130),
    ],
)
def test_the_dip_of_gated_activations(key, place, least):
    root = brentq(lambda x: slope(key, x), -1.5, -0.5, xtol=1e-15)
    assert root == pytest.approx(place, abs=6e-11)
    assert value(key, root) == pytest.approx(least, abs=6e-11)
    grid = np.linspace(-10, 10, 100_001)
    assert ACTIVATIONS[key]().f(grid).min() == pytest.approx(least, abs=1e-8)


@pytest.mark.parametrize(
    ("key", "lowest", "highest", "place"),
    [
        ("gelu", -0.1289041452, 1.1289041452, np.sqrt(2)),
        ("silu", -0.0998393201, 1.0998393201, 2.39935731),
        ("mish", -0.1125261224, 1.0884981613, 1.49057118),
    ],
)
def test_the_range_of_slopes(key, lowest, highest, place):
    grid = np.linspace(-10, 10, 400_001)
    slopes = ACTIVATIONS[key]().df(grid)
    assert slopes.min() == pytest.approx(lowest, abs=3e-10)
    assert slopes.max() == pytest.approx(highest, abs=3e-10)
    assert slope(key, place) == pytest.approx(highest, abs=6e-11)
    assert ACTIVATIONS[key]().max_slope == pytest.approx(highest, abs=6e-11)


@pytest.mark.parametrize(
    ("first", "second", "distance", "place"),
    [
        ("gelu", "gelu_tanh", 4.7324e-4, 2.699),
        ("hard_sigmoid", "sigmoid", 0.06918, 1.317),
        ("hard_swish", "silu", 0.14228, 3.0),
    ],
)
def test_distances_between_relatives(first, second, distance, place):
    grid = np.linspace(-8, 8, 160_001)
    apart = np.abs(ACTIVATIONS[first]().f(grid) - ACTIVATIONS[second]().f(grid))
    assert apart.max() == pytest.approx(distance, rel=1e-4)
    assert abs(grid[apart.argmax()]) == pytest.approx(place, abs=1e-3)


def test_swish_with_sharpness_1_702_is_near_gelu():
    grid = np.linspace(-8, 8, 160_001)
    apart = np.abs(ACTIVATIONS["gelu"]().f(grid) - ACTIVATIONS["swish"](beta=1.702).f(grid))
    assert apart.max() == pytest.approx(2.0335e-2, rel=1e-4)
    assert abs(grid[apart.argmax()]) == pytest.approx(2.270, abs=1e-3)


def test_slopes_of_gelu_and_its_tanh_form():
    grid = np.linspace(-8, 8, 160_001)
    apart = np.abs(ACTIVATIONS["gelu"]().df(grid) - ACTIVATIONS["gelu_tanh"]().df(grid))
    assert apart.max() == pytest.approx(8.68e-4, rel=1e-3)


@pytest.mark.parametrize("beta", [0.1, 1.0, 3.0, 10.0])
def test_softplus_is_ln_2_over_beta_above_relu(beta):
    grid = np.linspace(-20, 20, 40_001)
    above = ACTIVATIONS["softplus"](beta=beta).f(grid) - ACTIVATIONS["relu"]().f(grid)
    assert above.max() == pytest.approx(np.log(2) / beta, rel=1e-15)
    assert (above >= 0).all()
    assert (above[grid < 0] > 0).all()


def test_swish_goes_from_half_the_identity_to_relu():
    # Ramachandran et al. 2017.
    grid = np.linspace(-5, 5, 1001)
    np.testing.assert_array_equal(ACTIVATIONS["swish"](beta=0.0).f(grid), grid / 2)
    np.testing.assert_allclose(ACTIVATIONS["swish"](beta=10.0).f(grid), np.maximum(grid, 0), atol=0.0279)
    np.testing.assert_array_equal(ACTIVATIONS["swish"]().df(grid), ACTIVATIONS["silu"]().df(grid))


def test_lecun_tanh_meets_plus_and_minus_one():
    # LeCun et al. 1998.
    assert value("lecun_tanh", 1.0) == pytest.approx(0.99999726, abs=5e-9)
    assert slope("lecun_tanh", 0.0) == pytest.approx(1.143933, abs=5e-7)
    grid = np.linspace(0, 3, 300_001)
    bend = np.abs(np.diff(ACTIVATIONS["lecun_tanh"]().df(grid)))
    assert grid[bend.argmax()] == pytest.approx(0.987718, abs=1e-3)


def test_selu_ends_at_minus_lambda_alpha():
    assert value("selu", -1e3) == pytest.approx(-1.7580993408473768599, rel=2e-16)


def test_binary_units_add_up_to_softplus():
    # Nair & Hinton 2010: a stack of shifted sigmoids is close to ln(1 + e^x).
    x = np.linspace(-20, 25, 9001)
    stack = sum(ACTIVATIONS["sigmoid"]().f(x - i + 0.5) for i in range(1, 51))
    assert np.abs(stack - ACTIVATIONS["softplus"]().f(x))[x < 20].max() == pytest.approx(0.01058, abs=2e-5)


@pytest.mark.parametrize(
    ("key", "parameters", "steepest"),
    [
        ("sigmoid", {}, 0.25),
        ("hard_sigmoid", {}, 1 / 6),
        ("binary_step", {}, 0.0),
        ("selu", {}, 1.7580993408473768),
        ("elu", {"alpha": 3.0}, 3.0),
        ("hard_swish", {}, 1.5),
        ("relu_squared", {}, 20.0),
        # Narrow places, between the points of any plain grid.
        ("hard_tanh", {"low": 0.0011, "high": 0.0012}, 1.0),
        ("gaussian", {}, np.sqrt(2 / np.e)),
        ("swish", {"beta": 10.0}, 1.0998393201288),
    ],
)
def test_the_steepest_slope_is_found(key, parameters, steepest):
    assert ACTIVATIONS[key](**parameters).max_slope == pytest.approx(steepest, rel=1e-10)
