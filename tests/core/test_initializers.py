"""Every initialiser: the statistics that it promises, exact structure, and the draws that all of them share."""

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reluviz.core.initializer_asymmetric import DEVIATION
from reluviz.core.initializer_base import SPARE, rank
from reluviz.core.initializer_orthogonal import orthonormal
from reluviz.core.initializers import (
    INITIALIZERS,
    GlorotUniform,
    HeBias,
    HeNormal,
    HeUniform,
    MeanField,
    Orthogonal,
    PlainNormal,
    PyTorchLinear,
    RandomisedAsymmetric,
    UniformHalf,
    Zeros,
)

entries = pytest.mark.parametrize("kind", INITIALIZERS.values(), ids=list(INITIALIZERS))
# The fans of a square, a narrow and a wide layer.
fans = pytest.mark.parametrize(("inputs", "units"), [(300, 300), (400, 60), (50, 500)])
SAMPLES = [kind() for kind in INITIALIZERS.values()] + [
    MeanField(sigma_w=1.3, sigma_b=0.4),
    PlainNormal(sigma=0.2, bias=-1.5),
    Orthogonal(gain=1.0),
    HeBias(bias=0.1),
]
samples = pytest.mark.parametrize("law", SAMPLES, ids=repr)


def drawn(law, inputs, units, seed=0):
    """Weights (inputs, units), biases (units,) and the draws that they are made of."""
    rng = np.random.default_rng(seed)
    draws = [rng.standard_normal(shape) for shape in ((inputs, units), units, (SPARE, units))]
    return *law.layer(*draws), draws


def assert_mean(values, expected):
    """The mean of independent values lies within 4 standard errors of what is expected."""
    error = np.std(values) / math.sqrt(np.size(values))
    assert abs(np.mean(values) - expected) <= 4 * error + 1e-15


@entries
def test_an_entry_can_be_stored(kind):
    assert msgspec.json.decode(msgspec.json.encode(kind()), type=kind) == kind()
    assert msgspec.to_builtins(kind())["name"] == kind.key
    assert kind.__doc__


@samples
@fans
def test_weights_have_the_promised_mean_and_variance(law, inputs, units):
    weights, _, _ = drawn(law, inputs, units)
    assert weights.shape == (inputs, units)
    mean = 2 / 3 / (inputs + 1) if isinstance(law, RandomisedAsymmetric) else 0.0
    assert_mean(weights, mean)
    assert_mean((weights - mean) ** 2, law.variance(inputs, units))


@samples
def test_biases_have_the_promised_mean_and_variance(law):
    inputs, units = 7, 20_000
    _, biases, _ = drawn(law, inputs, units)
    assert biases.shape == (units,)
    if law.bias_variance(inputs) == 0:
        np.testing.assert_array_equal(biases, law.start_bias())
        return
    mean = 2 / 3 / (inputs + 1) if isinstance(law, RandomisedAsymmetric) else 0.0
    assert_mean(biases, mean)
    assert_mean((biases - mean) ** 2, law.bias_variance(inputs))


@pytest.mark.parametrize(
    ("law", "variance", "bias_variance"),
    [
        (HeNormal(), 2 / 12, 0.0),
        (HeUniform(), 2 / 12, 0.0),
        (INITIALIZERS["glorot_normal"](), 2 / 16, 0.0),
        (INITIALIZERS["lecun_uniform"](), 1 / 12, 0.0),
        (Orthogonal(gain=3.0), 9 / 12, 0.0),
        (PyTorchLinear(), 1 / 36, 1 / 36),
        (MeanField(sigma_w=3.0, sigma_b=0.5), 9 / 12, 0.25),
        (HeBias(), 2 / 12, 0.0),
        (PlainNormal(sigma=0.5), 0.25, 0.0),
        (UniformHalf(), 1 / 12, 0.0),
        (Zeros(), 0.0, 0.0),
    ],
    ids=lambda value: getattr(value, "key", None),
)
def test_variances_of_a_layer_with_12_inputs_and_4_units(law, variance, bias_variance):
    assert law.variance(12, 4) == pytest.approx(variance, rel=1e-15)
    assert law.bias_variance(12) == pytest.approx(bias_variance, rel=1e-15)


def test_orthogonal_layers_spread_over_the_longer_side():
    assert Orthogonal(gain=2.0).variance(4, 16) == Orthogonal(gain=2.0).variance(16, 4) == 4 / 16


@pytest.mark.parametrize("kind", [k for k in INITIALIZERS.values() if k.uniform], ids=lambda kind: kind.key)
def test_uniform_laws_fill_their_interval(kind):
    weights, _, _ = drawn(kind(), 300, 300)
    bound = math.sqrt(3 * kind().variance(300, 300))
    share = np.sort(np.abs(weights).ravel()) / bound
    assert share[-1] <= 1 + 1e-15
    # Kolmogorov-Smirnov: 1.95 / √n is exceeded once in a thousand.
    assert np.abs(share - (np.arange(share.size) + 0.5) / share.size).max() < 1.95 / math.sqrt(share.size)


def test_pytorch_bounds():
    weights, biases, _ = drawn(PyTorchLinear(), 25, 4000)
    for values in (weights, biases):
        assert 0.199 < np.abs(values).max() <= 0.2 * (1 + 1e-15)


@pytest.mark.parametrize(("inputs", "units"), [(1, 1), (5, 5), (64, 8), (8, 64), (1, 9), (9, 1), (300, 300)])
def test_orthogonal_layers_are_orthogonal(inputs, units):
    for gain in (1.0, math.sqrt(2)):
        weights, biases, _ = drawn(Orthogonal(gain=gain), inputs, units)
        gram = weights @ weights.T if inputs < units else weights.T @ weights
        np.testing.assert_allclose(gram, gain**2 * np.eye(min(inputs, units)), rtol=0, atol=1e-12)
        assert not biases.any()


def test_orthogonal_layers_prefer_no_direction():
    # Without the signs of R the trace of Q of a uniformly distributed matrix has mean 0 and variance 1 no longer.
    rng = np.random.default_rng(0)
    traces = np.array([np.trace(orthonormal(rng.standard_normal((4, 4)))) for _ in range(4000)])
    determinants = np.array([np.linalg.det(orthonormal(rng.standard_normal((3, 3)))) for _ in range(2000)])
    assert_mean(traces, 0)
    assert_mean(traces**2, 1)
    assert_mean(determinants, 0)


def test_a_stack_of_orthogonal_layers_keeps_every_length():
    signal = np.random.default_rng(5).standard_normal((10, 40))
    before = np.linalg.norm(signal, axis=1)
    for layer in range(30):
        signal = signal @ drawn(Orthogonal(gain=1.0), 40, 40, layer)[0]
    np.testing.assert_allclose(np.linalg.norm(signal, axis=1), before, rtol=1e-12)


def test_asymmetric_neurons_have_one_positive_entry_in_a_random_place():
    inputs, units = 4, 40_000
    weights, biases, draws = drawn(RandomisedAsymmetric(), inputs, units)
    neurons = np.vstack([weights, biases])
    normal = np.vstack(draws[:2]) * (DEVIATION / math.sqrt(inputs))
    replaced = neurons != normal
    np.testing.assert_array_equal(replaced.sum(axis=0), 1)
    for share in replaced:
        assert_mean(share, 1 / (inputs + 1))
    positive = neurons[replaced]
    assert positive.min() > 0
    assert positive.max() <= 1
    # Beta(2, 1): moments 2 / (k + 2), distribution function x².
    for power in (1, 2, 3):
        assert_mean(positive**power, 2 / (power + 2))
    assert_mean(positive <= 0.5, 0.25)
    # What the entry is does not depend on where it lies, nor on the draws that stay.
    place = replaced.argmax(axis=0)
    values = neurons[place, np.arange(units)]
    for where in range(inputs + 1):
        assert_mean(values[place == where], 2 / 3)
    assert_mean(neurons[~replaced] ** 2, DEVIATION**2 / inputs)
    assert abs(np.corrcoef(values, normal[place, np.arange(units)])[0, 1]) < 4 / math.sqrt(units)


def test_asymmetric_neurons_are_seldom_born_dead():
    # At an input x > 0 a neuron with normal entries is off half of the time; one with the asymmetric entry less.
    weights, biases, _ = drawn(RandomisedAsymmetric(), 1, 40_000)
    off = weights[0] + biases <= 0
    # P(N(0, s²) + Beta(2, 1) <= 0) = ∫ 2t Φ(-t / s) dt over (0, 1) with s = .6007.
    t = (np.arange(4000) + 0.5) / 4000
    assert_mean(off, float(np.mean(2 * t * rank(-t / DEVIATION))))
    assert np.mean(off) < 0.2


@entries
def test_a_layer_depends_on_its_draws_only(kind):
    first, second = drawn(kind(), 30, 20, 3), drawn(kind(), 30, 20, 3)
    for one, other in zip(first[:2], second[:2], strict=True):
        np.testing.assert_array_equal(one, other)
    for draws, untouched in zip(first[2], drawn(Zeros(), 30, 20, 3)[2], strict=True):
        np.testing.assert_array_equal(draws, untouched)


INDEPENDENT = [law for law in SAMPLES if not isinstance(law, (Orthogonal, RandomisedAsymmetric, Zeros))]


@pytest.mark.parametrize("law", INDEPENDENT, ids=repr)
def test_independent_weights_keep_the_order_of_the_shared_draws(law):
    weights, biases, draws = drawn(law, 60, 40)
    np.testing.assert_array_equal(np.argsort(weights, axis=None), np.argsort(draws[0], axis=None))
    if law.bias_variance(60):
        np.testing.assert_array_equal(np.argsort(biases), np.argsort(draws[1]))


def test_asymmetric_neurons_keep_the_order_of_the_draws_that_stay():
    weights, _, draws = drawn(RandomisedAsymmetric(), 60, 40)
    kept = weights == draws[0] * (DEVIATION / math.sqrt(60))
    assert kept.sum() >= weights.size - 40
    np.testing.assert_array_equal(np.argsort(weights[kept]), np.argsort(draws[0][kept]))


@given(st.floats(-8, 8))
def test_normal_and_uniform_laws_share_the_rank_of_a_draw(z):
    draw = np.array([[z]])
    normal, uniform = HeNormal().weights(draw, 1, 1), GlorotUniform().weights(draw, 1, 1)
    bound = math.sqrt(3)
    assert rank(normal / math.sqrt(2)) == pytest.approx((uniform / bound + 1) / 2, abs=1e-15)


def test_mean_field_at_the_critical_point_is_he():
    np.testing.assert_allclose(drawn(MeanField(), 20, 30)[0], drawn(HeNormal(), 20, 30)[0], rtol=1e-15)


def test_a_bias_kills_relus_on_purpose():
    weights, biases, _ = drawn(HeBias(), 2, 5000)
    np.testing.assert_array_equal(biases, -3)
    np.testing.assert_array_equal(weights, drawn(HeNormal(), 2, 5000)[0])
    # z is N(-3, 2 x̄²) with x̄² = 1 at this input: on with probability Φ(-3 / √2).
    assert_mean(np.array([1.0, 1.0]) @ weights + biases > 0, float(rank(np.array(-3 / math.sqrt(2)))))
