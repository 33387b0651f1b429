"""Fixed points, gradient factors and the edge of chaos: science.md sections 2 to 4, to all digits given."""

import math
from typing import ClassVar

import numpy as np
import pytest

from reluviz.core.activations import ACTIVATIONS, Activation
from reluviz.core.meanfield import (
    critical_bias_variance,
    critical_line,
    critical_points,
    critical_weight_variance,
    depth_scale,
    fixed_point,
    susceptibility,
    variance_map,
)
from reluviz.core.quadrature import mesh

LEAKY = 0.01


def build(key, **fields):
    return ACTIVATIONS[key](**fields)


# T5: key, σ_w², q*, √χ.
SETTLED = [
    ("sigmoid", 1 / 3, 0.085034, 0.141449),
    ("sigmoid", 1, 0.264687, 0.236052),
    ("sigmoid", 2, 0.555290, 0.317769),
    ("tanh", 1 / 3, 0, 0.577350),
    ("tanh", 1, 0, 1),
    ("tanh", 2, 0.617965, 1.051441),
    ("lecun_tanh", 1 / 3, 0, 0.66045),
    ("lecun_tanh", 1, 0.382441, 1.009579),
    ("lecun_tanh", 2, 2.383775, 1.090229),
    ("softsign", 1 / 3, 0, 0.577350),
    ("softsign", 1, 0, 1),
    ("softsign", 2, 0.079479, 1.020956),
    ("relu", 1 / 3, 0, 0.408248),
    ("relu", 1, 0, 0.707107),
    ("leaky_relu", 1 / 3, 0, 0.408269),
    ("leaky_relu", 1, 0, 0.707142),
    ("leaky_relu", 2, math.inf, 1.000050),
    ("selu", 1 / 3, 0, 0.836),
    ("selu", 1, 1.000000, 1.035169),
    ("selu", 2, math.inf, None),
    ("softplus", 1 / 3, 0.186773, 0.294792),
    ("softplus", 1, 0.856305, 0.537328),
    *[(key, 1 / 3, 0, 0.288675) for key in ("gelu", "silu")],
    *[(key, 1, 0, 0.5) for key in ("gelu", "silu")],
    *[(key, 2, 0, 0.707107) for key in ("gelu", "silu")],
    ("mish", 1 / 3, 0, 0.6 / math.sqrt(3)),
    ("mish", 1, 0, 0.6),
    ("mish", 2, 0, 0.848528),
]


@pytest.mark.parametrize(("key", "weight_variance", "q", "factor"), SETTLED)
def test_the_table_of_gradient_factors(key, weight_variance, q, factor):
    point = fixed_point(build(key), weight_variance)
    assert point.q == (pytest.approx(q, abs=6e-7) if 0 < q < math.inf else q)
    if factor is not None:
        tolerance = {0.836: 5e-4, 0.66045: 6e-6}.get(factor, 6e-7)
        assert point.gradient_factor == pytest.approx(factor, abs=tolerance)


def test_he_keeps_every_size_of_signal_for_relu():
    point = fixed_point(build("relu"), 2.0)
    assert point.kept
    assert point.gradient_factor == pytest.approx(1, abs=1e-14)
    assert point.depth_scale == math.inf
    leaky = fixed_point(build("leaky_relu", slope=LEAKY), 2 / (1 + LEAKY**2))
    assert leaky.kept
    assert leaky.chi == pytest.approx(1, abs=1e-14)


@pytest.mark.parametrize("key", ["softplus", "elu", "squareplus"])
def test_softplus_grows_without_end_at_twice_the_inputs(key):
    """E f² exceeds q/2 at every q, so no variance is fixed; 416.459 in T5 is where softplus is after 3000 layers."""
    point = fixed_point(build(key), 2.0)
    assert point.q == math.inf
    assert point.chi == pytest.approx(1, abs=1e-9)
    q = 1.0
    if key == "softplus":
        for _ in range(3000):
            q = float(variance_map(build(key), q, 2.0))
        assert q == pytest.approx(416.459, abs=6e-4)
        assert math.sqrt(susceptibility(build(key), q, 2.0)) == pytest.approx(0.980334, abs=6e-7)


def test_a_fixed_point_reproduces_itself():
    for key, weight_variance, bias_variance in [("tanh", 1.5, 0.05), ("sigmoid", 7.0, 0.3), ("sine", 3.0, 0.1)]:
        point = fixed_point(build(key), weight_variance, bias_variance)
        assert variance_map(build(key), point.q, weight_variance, bias_variance) == pytest.approx(point.q, rel=1e-12)
        near = float(variance_map(build(key), point.q * 1.001, weight_variance, bias_variance))
        assert (near - point.q) / (0.001 * point.q) == pytest.approx(point.decay, rel=5e-3)


def test_selu_keeps_mean_zero_and_variance_one():
    """Klambauer et al. 2017: the fixed point (0, 1), its Jacobian, and the way back to it."""
    selu = build("selu")
    curve = mesh(selu)
    mean, square, slope, bend = curve.averages(1.0)
    assert [mean, square] == pytest.approx([0, 1], abs=1e-14)
    shift = curve.average(curve.f * (curve.x**2 - 1) / 2, 1.0)
    assert [shift, bend] == pytest.approx([0.088834, 0.782648], abs=1.1e-6)
    assert math.hypot(shift, bend) == pytest.approx(0.7877, abs=5e-5)
    # χ(1) in closed form; Gauss-Hermite nodes, which do not see the kink, give 1.0718.
    scale, alpha = 1.0507009873554804934, 1.6732632423543772848
    chi = scale**2 * (1 + alpha**2 * math.exp(2) * math.erfc(math.sqrt(2))) / 2
    assert slope == pytest.approx(chi, rel=1e-14)
    assert chi == pytest.approx(1.071575, abs=6e-7)
    for start, steps, last in [(1.5, [1.3715, 1.2794, 1.2120], 1.0212), (0.8, [0.8393, 0.8715], 0.9881)]:
        mean, variance, path = 0.0, start, []
        for _ in range(12):
            # The paper's weights have sum 0 and squares that sum to 1: the mean does not pass, the variance does.
            mean, square = curve.averages(variance)[:2]
            variance = float(square - mean**2)
            path.append(variance)
        assert path[: len(steps)] == pytest.approx(steps, abs=6e-5)
        assert path[-1] == pytest.approx(last, abs=6e-5)


def test_the_sigmoid_needs_a_hundred_times_the_weights():
    points = critical_points(build("sigmoid"))
    assert points[0].weight_variance == pytest.approx(103.008, abs=6e-4)
    assert math.sqrt(points[0].weight_variance) == pytest.approx(10.149, abs=6e-4)
    assert fixed_point(build("sigmoid"), points[0].weight_variance).chi == pytest.approx(1, abs=1e-10)


def test_the_edge_of_chaos_of_tanh():
    """Poole et al. 2016, Schoenholz et al. 2017, Pennington et al. 2017."""
    tanh = build("tanh")
    biases = np.array([0.001, 0.01, 0.05, 0.1, 0.3, 1])
    line = critical_line(tanh, biases)
    assert line == pytest.approx([1.18919, 1.42421, 1.76095, 1.98607, 2.50513, 3.44321], abs=6e-6)
    assert critical_weight_variance(tanh) == pytest.approx(1, abs=1e-12)
    assert critical_bias_variance(tanh, 1.05) == pytest.approx(2.01e-5, abs=6e-8)
    for bias_variance, weight_variance in zip(biases, line, strict=True):
        assert critical_bias_variance(tanh, float(weight_variance)) == pytest.approx(bias_variance, rel=1e-9)
        assert fixed_point(tanh, weight_variance, bias_variance).chi == pytest.approx(1, abs=1e-10)


@pytest.mark.parametrize(
    ("weight_variance", "q", "scale"),
    [(1.0, 0.19359, 3.627), (1.3, 0.31532, 7.834), (1.5, 0.41804, 15.79), (1.7, 0.53308, 74.9)],
)
def test_depth_scales_of_tanh(weight_variance, q, scale):
    point = fixed_point(build("tanh"), weight_variance, 0.05)
    assert point.q == pytest.approx(q, abs=6e-6)
    assert point.depth_scale == pytest.approx(scale, rel=4e-4)
    assert point.variance_scale < point.depth_scale


@pytest.mark.parametrize(("weight_variance", "chi"), [(2.0, 1.04767), (3.0, 1.20893), (4.0, 1.34240)])
def test_the_chaotic_side_of_tanh(weight_variance, chi):
    assert fixed_point(build("tanh"), weight_variance, 0.05).chi == pytest.approx(chi, abs=6e-6)


@pytest.mark.parametrize(("key", "solved", "published"), [("elu", 1.2293, 1.227), ("tanh", 1.3042, 1.302)])
def test_published_pairs_on_the_edge(key, solved, published):
    """Hayou et al. 2019 at σ_b = 0.2; their values lie .17 % below the exact ones."""
    deviation = math.sqrt(critical_weight_variance(build(key), 0.2**2))
    assert deviation == pytest.approx(solved, abs=6e-5)
    assert deviation == pytest.approx(published, rel=3e-3)


def test_the_edge_of_relu_is_a_single_point():
    assert critical_weight_variance(build("relu")) == pytest.approx(2, abs=1e-12)
    assert critical_bias_variance(build("relu"), 2.0) == pytest.approx(0, abs=1e-12)
    assert math.isnan(critical_weight_variance(build("relu"), 0.05))
    assert math.isnan(critical_bias_variance(build("relu"), 1.9))


def test_gelu_keeps_gradients_only_where_no_signal_stays():
    (point,) = critical_points(build("gelu"))
    assert (point.weight_variance, point.q, point.stable) == (pytest.approx(4), 0, False)
    assert math.isnan(critical_weight_variance(build("gelu")))


@pytest.mark.parametrize("key", ACTIVATIONS)
@pytest.mark.parametrize("bias_variance", [0.0, 0.05, 1.0])
def test_every_stable_critical_point_is_where_signals_settle(key, bias_variance):
    for point in critical_points(build(key), bias_variance):
        held = variance_map(build(key), max(point.q, 1e-30), point.weight_variance, bias_variance)
        assert held == pytest.approx(point.q, rel=1e-9, abs=1e-25)
        assert susceptibility(build(key), point.q, point.weight_variance) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("key", ACTIVATIONS)
@pytest.mark.parametrize("weight_variance", [0.3, 1.0, 2.0, 5.0])
def test_the_fixed_point_is_where_the_layers_lead(key, weight_variance):
    """Where the plain recursion has come to rest after 300 layers, it rests at q*."""
    activation, q = build(key), 1.0
    for _ in range(300):
        before, q = q, float(variance_map(activation, q, weight_variance))
        if not 1e-20 < q < 1e20:
            break
    found = fixed_point(activation, weight_variance)
    if abs(q - before) <= 1e-12 * q:
        assert found.q == pytest.approx(q, rel=1e-6) or found.kept
    elif q < before:
        assert found.q <= q
    else:
        assert found.q >= q


def test_limits_of_the_depth_scale():
    assert depth_scale(1.0) == math.inf
    assert depth_scale(0.0) == 0
    assert depth_scale(math.inf) == 0
    assert depth_scale(math.exp(-0.1)) == pytest.approx(10)
    assert depth_scale(math.exp(0.1)) == pytest.approx(10)
    assert math.isnan(depth_scale(math.nan))


def test_negative_variances_are_refused():
    with pytest.raises(ValueError, match="never negative"):
        fixed_point(build("tanh"), -1.0)


def test_no_weights_leave_the_biases():
    point = fixed_point(build("tanh"), 0.0, 0.3)
    assert point.q == pytest.approx(0.3, rel=1e-12)
    assert point.chi == 0


class Logarithm(Activation, frozen=True):
    """ln x, which is not a number on the left."""

    key: ClassVar[str] = "logarithm"
    title: ClassVar[str] = "Logarithm"

    def f(self, z):
        return np.log(z)

    def df(self, z):
        return 1 / z


def test_what_is_not_a_number_has_no_fixed_point():
    point = fixed_point(Logarithm(), 1.0)
    assert math.isnan(point.q)
    assert math.isnan(point.chi)
    assert math.isnan(point.depth_scale)
    assert critical_points(Logarithm()) == ()
