"""The correlation map against closed forms (science.md section 4)."""

import math

import numpy as np
import pytest

from reluviz.core.activations import ACTIVATIONS
from reluviz.core.correlation import correlation_map, pair_average, relu_angle_map
from reluviz.core.meanfield import fixed_point, susceptibility

CORRELATIONS = [-1.0, -0.95, -0.3, 0.0, 1e-9, 0.4, 0.9, 0.999, 0.999999, 1.0]


def build(key, **fields):
    return ACTIVATIONS[key](**fields)


def test_the_relu_angle_map_in_closed_form():
    c, path = 0.0, [0.0]
    for _ in range(10_000):
        c = float(relu_angle_map(c))
        path.append(c)
    assert path[1:4] == pytest.approx([0.318310, 0.493731, 0.604826], abs=6e-7)
    assert [path[i] for i in (5, 10, 20, 50)] == pytest.approx([0.735946, 0.871536, 0.948428, 0.987862], abs=6e-7)
    assert [i * i * (1 - path[i]) for i in (100, 1000, 10_000)] == pytest.approx([35.77, 43.13, 44.25], abs=6e-3)


@pytest.mark.parametrize("c", CORRELATIONS)
def test_relu_by_quadrature_follows_its_closed_form(c):
    assert correlation_map(build("relu"), c, 2.0) == pytest.approx(float(relu_angle_map(c)), abs=1e-12)


@pytest.mark.parametrize("c", CORRELATIONS)
def test_sine_and_step_in_closed_form(c):
    for q in (0.3, 9.0):
        expected = math.exp(-q) * math.sinh(q * c)
        assert pair_average(build("sine"), q, c) == pytest.approx(expected, rel=1e-11, abs=1e-14)
        step = 0.25 + math.asin(c) / (2 * math.pi)
        assert pair_average(build("binary_step"), q, c) == pytest.approx(step, rel=1e-11, abs=1e-14)


@pytest.mark.parametrize("key", ["hard_tanh", "relu6", "threshold", "tanh"])
def test_kinks_away_from_zero_keep_the_slope_at_one(key):
    """c′ has the slope χ at c = 1, which the one-dimensional average gives; f with a jump has none."""
    activation, q = build(key), 0.7
    slope = float(susceptibility(activation, q, 1.0))
    near = 1 - 1e-7
    rise = (pair_average(activation, q, 1.0) - pair_average(activation, q, near)) / (q * 1e-7)
    assert (rise > 10 * slope) if key == "threshold" else (rise == pytest.approx(slope, rel=2e-3))


def test_tanh_in_the_ordered_and_the_chaotic_phase():
    """Poole et al. 2016: below the edge all inputs become alike, above it 1 is no longer stable."""
    for weight_variance, alike in [(1.3, True), (3.0, False)]:
        c = 0.5
        q = fixed_point(build("tanh"), weight_variance, 0.05).q
        for _ in range(30):
            c = float(correlation_map(build("tanh"), c, weight_variance, 0.05, q))
        assert (c > 0.99) is alike


def test_shapes_and_limits():
    assert correlation_map(build("relu"), np.zeros((2, 2)), 2.0).shape == (2, 2)
    assert np.isnan(correlation_map(build("tanh"), 0.5, 0.5))
    assert np.isnan(correlation_map(build("relu"), 0.5, 3.0))
    with pytest.raises(ValueError, match="between -1 and 1"):
        pair_average(build("relu"), 1.0, 1.5)
