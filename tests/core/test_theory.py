"""Gains, gradients by depth and bounds: T10 and the gains of science.md section 2, and the lines that plots draw."""

import math

import numpy as np
import pytest

from reluviz.core.activations import ACTIVATIONS
from reluviz.core.initializers import INITIALIZERS, PlainNormal
from reluviz.core.theory import (
    backward_gain,
    depth_profile,
    gradient_factor,
    moments,
    slope_bound,
    start_profile,
    variance_curve,
    variance_preserving_gain,
    weight_gain,
)

GAINS = {
    "tanh": 1.59254,
    "relu": 1.41421,
    "selu": 1.00000,
    "elu": 1.24520,
    "gelu": 1.53353,
    "silu": 1.67653,
    "mish": 1.48685,
    "softsign": 2.33753,
    "hard_tanh": 1.39204,
    "sigmoid": 1.84623,
}
# n Var(w): He, Glorot at equal widths, the default of PyTorch's Linear; and their RMS factors on ReLU (T10).
LAWS = {"he": (2.0, 1.0), "glorot": (1.0, 1 / math.sqrt(2)), "pytorch": (1 / 3, 1 / math.sqrt(6))}


def build(key, **fields):
    return ACTIVATIONS[key](**fields)


@pytest.mark.parametrize(("key", "gain"), GAINS.items())
def test_gains_that_preserve_the_variance(key, gain):
    assert variance_preserving_gain(build(key)) == pytest.approx(gain, abs=5.1e-6)


def test_lecuns_tanh():
    """LeCun et al. 1998: f(±1) = ±1 to 3e-6, slope 1.143933 at 0, and E f² = .750430."""
    activation = build("lecun_tanh")
    one, zero = np.array([1.0]), np.array([0.0])
    assert activation.f(one)[0] == pytest.approx(0.99999726, abs=6e-9)
    assert activation.df(zero)[0] == pytest.approx(1.143933, abs=6e-7)
    assert moments(activation).square == pytest.approx(0.750430, abs=6e-7)


@pytest.mark.parametrize(("gain", "factor"), LAWS.values(), ids=LAWS)
def test_relu_factors_per_layer_forward_and_backward(gain, factor):
    """He et al. 2015."""
    assert gradient_factor(build("relu"), gain) == pytest.approx(factor, rel=1e-13)
    profile = depth_profile(build("relu"), [gain] * 31)
    assert profile.gradient[:-1] / profile.gradient[1:] == pytest.approx(factor, rel=1e-12)
    assert profile.activity[1:] / profile.activity[:-1] == pytest.approx(factor, rel=1e-12)


def test_thirty_layers_of_relu():
    glorot, default = (depth_profile(build("relu"), [LAWS[law][0]] * 31) for law in ("glorot", "pytorch"))
    assert glorot.gradient[8] == pytest.approx(4.88e-4, rel=1e-3)
    assert glorot.gradient[0] == pytest.approx(3.05e-5, rel=1e-3)
    assert default.gradient[0] == pytest.approx(2.1e-12, rel=2e-2)


def test_ten_layers_of_sigmoid():
    for gain, ratio in [(1.0, 5.4e-7), (2.0, 1.0e-5), (1 / 3, 3.2e-9)]:
        assert gradient_factor(build("sigmoid"), gain) ** 10 == pytest.approx(ratio, rel=0.06)


def test_a_small_deviation_starves_a_deep_convolutional_network():
    """He et al. 2015: in VGG-B with σ = .01 the gradient shrinks 16 728.8 times from conv10 to conv2."""
    inputs = [64, *[128] * 2, *[256] * 2, *[512] * 4]
    factors = [gradient_factor(build("relu"), 9 * d * 0.01**2) for d in inputs]
    assert 1 / math.prod(factors) == pytest.approx(16728.8, abs=0.06)


def test_parametric_relu_has_its_own_law():
    """He et al. 2015: ½ (1 + a²) n Var(w) = 1."""
    assert gradient_factor(build("prelu", slope=0.25), 2 / (1 + 0.25**2)) == pytest.approx(1, abs=1e-14)


def test_gains_of_the_initialisers():
    assert weight_gain(INITIALIZERS["he_normal"](), 40, 10) == pytest.approx(2)
    assert backward_gain(INITIALIZERS["he_normal"](), 40, 10) == pytest.approx(0.5)
    assert weight_gain(INITIALIZERS["glorot_uniform"](), 40, 10) == pytest.approx(1.6)
    assert backward_gain(INITIALIZERS["glorot_uniform"](), 40, 10) == pytest.approx(0.4)
    assert weight_gain(INITIALIZERS["lecun_normal"](), 40, 10) == pytest.approx(1)
    assert weight_gain(PlainNormal(sigma=0.1), 40, 10) == pytest.approx(0.4)


def test_a_profile_is_the_recursion_layer_by_layer():
    tanh, relu = build("tanh"), build("relu")
    gains, back, biases = [1.5, 2.0, 0.7], [9.0, 0.5, 3.0], [0.0, 0.1, 0.2]
    profile = depth_profile([tanh, relu, tanh], gains, backward_gains=back, bias_variances=biases, input_square=0.4)
    first = 1.5 * 0.4
    second = 2.0 * moments(tanh, first).square + 0.1
    third = 0.7 * second / 2 + 0.2
    assert profile.variance == pytest.approx([first, second, third], rel=1e-12)
    assert profile.activity[1] == pytest.approx(math.sqrt(second / 2), rel=1e-12)
    middle = 3.0 * 0.5
    outer = middle * 0.5 * moments(tanh, first).slope_square
    assert profile.gradient**2 == pytest.approx([outer, middle, 1], rel=1e-12)
    signals = np.array([0.4, moments(tanh, first).square, second / 2])
    weights = profile.gradient**2 * signals
    assert profile.weight_gradient**2 == pytest.approx(weights / weights[-1], rel=1e-12)


def test_a_profile_beside_random_networks():
    """Width 400, 24 nets of 6 layers: the mean squares agree within 4 standard errors and 2 % for the finite width."""
    rng = np.random.default_rng(5)
    activation, layers, width, nets = build("tanh"), 6, 400, 24
    squares, gradients = np.empty((nets, layers)), np.empty((nets, layers))
    for net in range(nets):
        signal, slopes, matrices = rng.choice([-1.0, 1.0], width), [], []
        for layer in range(layers):
            matrices.append(rng.standard_normal((width, width)) * math.sqrt(1.5 / width))
            z = matrices[-1] @ signal
            signal = activation.f(z)
            slopes.append(activation.df(z))
            squares[net, layer] = (signal**2).mean()
        delta = rng.standard_normal(width)
        for layer in reversed(range(layers)):
            gradients[net, layer] = (delta**2).mean()
            delta = (matrices[layer].T @ delta) * slopes[layer - 1] if layer else delta
    gradients /= gradients[:, -1:]
    profile = depth_profile(activation, [1.5] * layers)
    for measured, expected in [(squares, profile.activity**2), (gradients, profile.gradient**2)]:
        slack = 4 * measured.std(axis=0) / math.sqrt(nets) + 0.02 * expected
        assert (np.abs(measured.mean(axis=0) - expected) <= slack).all()


def test_a_profile_from_the_widths_of_a_network():
    """Glorot on layers that narrow: each direction has the factor of its own number of neurons."""
    profile = start_profile(build("identity"), INITIALIZERS["glorot_normal"](), [100, 60, 20], input_square=0.5)
    assert profile.variance == pytest.approx([100 / 80 * 0.5, 100 / 80 * 0.5 * 60 / 40], rel=1e-12)
    assert profile.gradient**2 == pytest.approx([20 / 40, 1], rel=1e-12)


def test_deep_sigmoid_networks_leave_the_floats_but_not_the_logarithm():
    profile = depth_profile(build("sigmoid"), [1 / 3] * 500)
    assert profile.gradient[0] == 0
    assert profile.log_gradient[0] == pytest.approx(499 * math.log(0.141449), rel=1e-3)
    assert np.isfinite(profile.log_weight_gradient).all()


def test_a_step_passes_no_gradient():
    assert depth_profile(build("binary_step"), [1.0, 1.0]).gradient == pytest.approx([0, 1])


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="one entry per hidden layer"):
        depth_profile([build("relu")], [1.0, 2.0])


def test_the_bound_of_the_sigmoid():
    assert slope_bound(build("sigmoid"), 10) == pytest.approx(0.25**10, rel=1e-12)
    # With square Gaussian weights of variance 1/n the largest singular value tends to 2 (Geman 1980).
    assert slope_bound(build("sigmoid"), 10, norm=2.0) == pytest.approx(0.5**10, rel=1e-12)
    assert gradient_factor(build("sigmoid"), 1.0) < 0.5
    assert slope_bound(build("binary_step"), 3) == 0


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_no_gradient_factor_exceeds_the_steepest_slope(key):
    steepest = build(key).max_slope
    assert moments(build(key), 0.5).slope_square <= steepest**2 * (1 + 1e-12)


def test_the_curve_of_the_variance_map_meets_the_moments():
    q, after = variance_curve(build("tanh"), 1.5, 0.05)
    assert after[96] == pytest.approx(1.5 * moments(build("tanh"), float(q[96])).square + 0.05, rel=1e-13)
    assert q[96] == pytest.approx(1)
