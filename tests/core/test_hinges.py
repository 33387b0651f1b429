"""Hinges of networks of one input: their places, their number, and the parts that add up to the curve."""

import numpy as np
import pytest
from networks import random_network

from reluviz.core import activations as table
from reluviz.core.hinges import contributions, hinges
from reluviz.core.layers import BatchNorm, Dense, Residual
from reluviz.core.network import Model, forward
from reluviz.core.shape import Shape


def tent(times):
    """t(x) = 2 relu(x) - 4 relu(x - ½), composed: two neurons a layer."""
    shape = Shape((1, *(2,) * times, 1))
    theta = np.zeros(shape.total)
    for layer in range(times):
        shape.weights(theta, layer)[:] = [[1, 1]] if layer == 0 else [[2, 2], [-4, -4]]
        shape.biases(theta, layer)[:] = [0, -0.5]
    shape.weights(theta, times)[:] = [[2], [-4]]
    return Model(shape, (table.ReLU(),) * times), theta, None


@pytest.mark.parametrize("times", [1, 2, 5, 9])
def test_a_tent_composed_has_twice_the_pieces_each_time(times):
    found = hinges(*tent(times), 0.0, 1.0)
    assert found.pieces == 2**times
    assert found.edges.tolist() == (np.arange(2**times + 1) / 2**times).tolist()
    assert np.unique(np.abs(found.maps[:, 0])).tolist() == [2.0**times]
    assert np.bincount(found.layers).tolist() == [2**layer for layer in range(times)]
    assert set(found.neurons) == {1}


@pytest.mark.parametrize("layer", [Dense(), Residual(), BatchNorm(residual=True)], ids=str)
@pytest.mark.parametrize("key", ["relu", "relu6", "hard_tanh", "abs", "prelu", "binary_step", "identity"])
def test_the_pieces_are_the_network(key, layer):
    model, theta, running = random_network((1, 6, 6, 2), table.ACTIVATIONS[key](), layer)
    found = hinges(model, theta, running, -2.0, 2.0)
    x = np.random.default_rng(1).uniform(-2, 2, 200)
    assert found.values(x) == pytest.approx(forward(model, theta, x[:, None], running).before[-1], abs=1e-9)


def test_every_hinge_is_at_a_kink_of_its_neuron_and_bends_the_curve():
    model, theta, running = random_network((1, 8, 5, 1))
    found = hinges(model, theta, running, -4.0, 4.0)
    assert len(found.places) > 8
    before = forward(model, theta, found.places[:, None], running).before
    for place, (layer, neuron) in enumerate(zip(found.layers, found.neurons, strict=True)):
        assert before[layer][place, neuron] == pytest.approx(0, abs=1e-9)
    left, right = found.slopes()
    far = 1e-6
    values = [forward(model, theta, (found.places + k * far)[:, None], running).before[-1] for k in (-2, -1, 1, 2)]
    assert left == pytest.approx((values[1] - values[0]) / far, abs=1e-5)
    assert right == pytest.approx((values[3] - values[2]) / far, abs=1e-5)


def test_one_layer_bends_where_its_neurons_say():
    model, theta, _ = random_network((1, 7, 1))
    found = hinges(model, theta, None, -50.0, 50.0)
    expected = -model.shape.biases(theta, 0) / model.shape.weights(theta, 0)[0]
    assert found.places == pytest.approx(np.sort(expected), rel=1e-12)
    assert found.neurons.tolist() == np.argsort(expected).tolist()


def test_hinges_of_several_neurons_at_one_place():
    model, theta, _ = random_network((1, 5, 1))
    model.shape.biases(theta, 0)[:] = 0
    found = hinges(model, theta, None, -1.0, 1.0)
    assert found.pieces == 2
    assert found.places.tolist() == [0.0] * 5
    assert (found.slopes()[0] != found.slopes()[1]).all()


@pytest.mark.parametrize("key", ["relu", "sigmoid"])
def test_contributions_and_the_bias_add_up(key):
    model, theta, running = random_network((1, 6, 6, 2), table.ACTIVATIONS[key](), Residual())
    x = np.linspace(-2, 2, 31)
    parts, bias = contributions(model, theta, running, x, output=1)
    assert parts.shape == (6, 31)
    assert parts.sum(axis=0) + bias == pytest.approx(forward(model, theta, x[:, None]).before[-1][:, 1])


def test_too_many_hinges_are_left_out():
    found = hinges(*tent(8), 0.0, 1.0, most=20)
    assert not found.complete
    assert found.pieces == 16
