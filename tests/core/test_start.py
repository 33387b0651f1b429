"""The start of a run: the same draws for all, the layout of the parameters, and the output layer's biases."""

import numpy as np
import pytest

from reluviz.core.initializer_base import SPARE
from reluviz.core.initializers import INITIALIZERS, HeBias, HeNormal, LeCunUniform, MeanField, PlainNormal, Zeros
from reluviz.core.shape import Shape
from reluviz.core.start import draws, initial

SHAPE = Shape((3, 5, 4, 2))
entries = pytest.mark.parametrize("kind", INITIALIZERS.values(), ids=list(INITIALIZERS))


def test_draws_come_from_the_seed():
    shared = draws(SHAPE, 7)
    assert shared.shape == (SHAPE.parameters + SPARE * SHAPE.neurons,)
    assert shared.dtype == np.float64
    np.testing.assert_array_equal(shared, draws(SHAPE, 7))
    assert not np.any(shared == draws(SHAPE, 8))


def test_the_draws_of_the_parameters_come_first():
    # The spare draws were added later and must not have changed any start.
    expected = np.random.default_rng([7, 0]).standard_normal(SHAPE.parameters)
    np.testing.assert_array_equal(draws(SHAPE, 7)[: SHAPE.parameters], expected)


def test_starts_that_must_never_change():
    theta = initial(SHAPE, HeNormal(), draws(SHAPE, 0))
    stream = np.random.default_rng([0, 0]).standard_normal(SHAPE.parameters)
    np.testing.assert_array_equal(theta[:15], (stream[:15] * np.sqrt(2 / 3)).astype(np.float32))
    np.testing.assert_array_equal(theta[20:40], (stream[20:40] * np.sqrt(2 / 5)).astype(np.float32))
    np.testing.assert_array_equal(theta[44:52], (stream[44:52] * np.sqrt(2 / 4)).astype(np.float32))
    np.testing.assert_array_equal(theta[[*range(15, 20), *range(40, 44), 52, 53]], 0)


@entries
def test_every_start_is_finite_in_the_wanted_precision(kind):
    shared = draws(SHAPE, 1)
    wide = initial(SHAPE, kind(), shared, np.float64)
    narrow = initial(SHAPE, kind(), shared)
    assert (wide.dtype, narrow.dtype) == (np.float64, np.float32)
    assert wide.shape == narrow.shape == (SHAPE.parameters,)
    assert np.isfinite(wide).all()
    np.testing.assert_array_equal(wide.astype(np.float32), narrow)


@entries
def test_every_layer_follows_the_law_from_its_own_draws(kind):
    shared, law = draws(SHAPE, 2), kind()
    theta = initial(SHAPE, law, shared, np.float64)
    spare = shared[SHAPE.parameters :]
    for layer, (inputs, units) in enumerate([(3, 5), (5, 4), (4, 2)]):
        begin = SPARE * sum((5, 4, 2)[:layer])
        extra = spare[begin : begin + SPARE * units].reshape(SPARE, units)
        start = sum((20, 24, 10)[:layer])
        drawn = shared[start : start + inputs * units].reshape(inputs, units)
        weights, biases = law.layer(drawn, shared[start + inputs * units : start + (inputs + 1) * units], extra)
        np.testing.assert_array_equal(SHAPE.weights(theta, layer), weights)
        expected = biases if layer < 2 or law.every_layer else np.zeros(units)
        np.testing.assert_array_equal(SHAPE.biases(theta, layer), expected)


def test_only_some_laws_reach_the_output_biases():
    drawn = {key for key, kind in INITIALIZERS.items() if kind.every_layer}
    assert drawn == {"pytorch_linear", "mean_field", "rai"}
    for law in (HeBias(bias=-3.0), PlainNormal(bias=2.0)):
        theta = initial(SHAPE, law, draws(SHAPE, 3))
        np.testing.assert_array_equal(SHAPE.biases(theta, 1), law.bias)
        np.testing.assert_array_equal(SHAPE.biases(theta, 2), 0)
    assert SHAPE.biases(initial(SHAPE, MeanField(sigma_b=1.0), draws(SHAPE, 3)), 2).all()


def test_runs_differ_only_by_their_law():
    shared = draws(SHAPE, 4)
    normal, uniform = (initial(SHAPE, law, shared, np.float64) for law in (HeNormal(), LeCunUniform()))
    for layer in range(SHAPE.layers):
        one, other = SHAPE.weights(normal, layer), SHAPE.weights(uniform, layer)
        np.testing.assert_array_equal(np.argsort(one, axis=None), np.argsort(other, axis=None))
    assert not initial(SHAPE, Zeros(), shared).any()
