"""The affine map of a layer against the readable network."""

import numpy as np
import pytest

from reluviz.core.activations import ReLU
from reluviz.core.folding import effective
from reluviz.core.layers import BatchNorm, Dense, LayerNorm, Residual
from reluviz.core.network import Model, forward
from reluviz.core.shape import Shape

SHAPE = Shape((3, 5, 5, 2))


def network(layer):
    """A model with random parameters and statistics: (model, theta, running)."""
    rng = np.random.default_rng(4)
    running = np.stack([rng.normal(size=SHAPE.neurons), rng.uniform(0.1, 3, SHAPE.neurons)])
    return Model(SHAPE, (ReLU(), ReLU()), layer), rng.normal(size=SHAPE.total), running


@pytest.mark.parametrize("layer", [Dense(), Residual(), BatchNorm(), BatchNorm(residual=True)], ids=str)
def test_the_map_of_every_layer_gives_the_pre_activations_of_the_network(layer):
    model, theta, running = network(layer)
    theta.setflags(write=False)
    x = np.random.default_rng(5).normal(size=(7, 3))
    done = forward(model, theta, x, running)
    for place, given in enumerate([x, *done.after[:-1]]):
        weights, biases = effective(model, theta, running, place)
        assert weights.shape == (SHAPE.sizes[place], SHAPE.sizes[place + 1])
        assert given @ weights + biases == pytest.approx(done.before[place], abs=1e-12)


def test_what_is_not_affine_is_refused_with_one_sentence():
    model, theta, running = network(LayerNorm())
    with pytest.raises(ValueError, match="layer normalisation is not an affine map"):
        effective(model, theta, running, 0)
    weights, _ = effective(model, theta, running, 2)
    assert weights == pytest.approx(SHAPE.weights(theta, 2))


def test_batch_normalisation_without_its_statistics_is_refused():
    model, theta, _ = network(BatchNorm())
    for nothing in (None, np.zeros((0, 0))):
        with pytest.raises(ValueError, match="needs running statistics"):
            effective(model, theta, nothing, 0)
