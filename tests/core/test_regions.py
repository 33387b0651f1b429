"""Linear regions: counted, located and mapped exactly, against the readable network and the theory of arrangements."""

import numpy as np
import pytest
from networks import random_network

from reluviz.core import activations as table
from reluviz.core.layers import BatchNorm, Dense, LayerNorm, Residual
from reluviz.core.network import Model, forward
from reluviz.core.piecewise import pieces_of
from reluviz.core.plan import model_of
from reluviz.core.polygons import areas
from reluviz.core.regions import arrangement, regions
from reluviz.core.settings import Network, Run, Settings
from reluviz.core.shape import Shape
from reluviz.core.surgery import Kill
from reluviz.core.trainer import Trainer

STRAIGHT = {
    "identity": 1, "binary_step": 2, "hard_sigmoid": 3, "hard_tanh": 3, "relu": 2, "relu6": 3, "leaky_relu": 2,
    "prelu": 2, "rrelu": 2, "softshrink": 3, "hardshrink": 3, "threshold": 2, "abs": 2, "formula": 2,
}  # fmt: skip


def one_layer(normals, biases):
    """One hidden layer of ReLUs with these lines (units, 2), (units,)."""
    shape = Shape((2, len(biases), 1))
    theta = np.ones(shape.total)
    shape.weights(theta, 0)[:] = np.asarray(normals, float).T
    shape.biases(theta, 0)[:] = biases
    return Model(shape, (table.ReLU(),)), theta, None


def tangents(count):
    """Lines that touch circles of slightly different size at even angles: no two parallel, no three in a point."""
    angles = np.pi * (np.arange(count) + 0.25) / count
    radii = 1 + 0.3 * np.random.default_rng(count).uniform(-1, 1, count)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1), -radii


def test_which_activations_are_made_of_straight_pieces():
    found = {key: pieces_of(kind()) for key, kind in table.ACTIVATIONS.items()}
    assert {key: len(pieces.slopes) for key, pieces in found.items() if pieces is not None} == STRAIGHT


@pytest.mark.parametrize(("count", "most"), [(5, 16), (10, 56), (20, 211), (40, 821)])
def test_one_generic_layer_makes_as_many_regions_as_lines_can(count, most):
    found = regions(*one_layer(*tangents(count)), -200.0, 200.0)
    assert found.count == arrangement(count) == most
    assert found.complete
    assert areas(found.corners).sum() == pytest.approx(400**2, rel=1e-12)


def test_without_biases_all_folds_meet_in_one_point():
    normals, biases = tangents(12)
    assert regions(*one_layer(normals, 0 * biases), -3.0, 3.0).count == 24


def test_the_network_that_solves_xor():
    # Goodfellow et al. 2016, section 6.1.
    shape = Shape((2, 2, 1))
    theta = np.zeros(shape.total)
    theta[: shape.parameters] = [1, 1, 1, 1, 0, -1, 1, -2, 0]
    found = regions(Model(shape, (table.ReLU(),)), theta, None, -1.0, 2.0)
    assert found.count == 3
    for x1, x2, answer in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
        here = found.at(x1, x2)
        assert here.weights @ [x1, x2] + here.biases == pytest.approx(answer, abs=1e-15)
    assert found.at(0.2, 0.3).weights[0].tolist() == [1, 1]
    assert found.at(0.9, 0.9).weights[0].tolist() == [-1, -1]
    assert found.at(-0.5, 0.2).on == 0


@pytest.mark.parametrize("layer", [Dense(), Residual(), BatchNorm(residual=True)], ids=str)
@pytest.mark.parametrize("key", STRAIGHT)
def test_the_local_affine_map_is_the_network(key, layer):
    model, theta, running = random_network((2, 6, 6, 4, 2), table.ACTIVATIONS[key](), layer)
    found = regions(model, theta, running, -2.0, 2.0)
    points = np.random.default_rng(1).uniform(-2, 2, (40, 2))
    outputs = forward(model, theta, points, running).before[-1]
    for point, output in zip(points, outputs, strict=True):
        here, own = found.at(*point), found.maps[found.cell_at(*point)]
        assert here.weights @ point + here.biases == pytest.approx(output, abs=1e-9)
        assert point @ own[:2] + own[2] == pytest.approx(output, abs=1e-9)
        assert found.on[found.cell_at(*point)] == here.on
    assert areas(found.corners).sum() == pytest.approx(16, rel=1e-12)


def test_a_fine_grid_never_sees_more_regions_and_misses_only_the_smallest():
    model, theta, running = random_network((2, 6, 6, 1))
    found = regions(model, theta, running, -2.0, 2.0)
    axis = np.linspace(-2, 2, 601)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    done = forward(model, theta, grid, running)
    signs = np.concatenate([z > 0 for z in done.before[:-1]], axis=1)
    seen = len(np.unique(signs @ (1 << np.arange(signs.shape[1]))))
    # A convex cell in which a disc of the grid's diagonal fits holds a point; no cell of a large area is so thin here.
    large = int((areas(found.corners) > 60 * (4 / 600) ** 2).sum())
    assert large <= seen <= found.count
    assert seen > 0.9 * found.count


def test_folds_lie_where_their_neuron_is_at_its_kink():
    model, theta, running = random_network((2, 6, 6, 4, 1), table.ReLU6())
    found = regions(model, theta, running, -2.0, 2.0)
    assert set(found.layers) == {0, 1, 2}
    assert len(found.folds) == found.count - 1
    middles = found.folds.mean(axis=1)
    before = forward(model, theta, middles, running).before
    for place, (layer, neuron) in enumerate(zip(found.layers, found.neurons, strict=True)):
        z = before[layer][place, neuron]
        assert min(abs(z), abs(z - 6)) < 1e-8


def test_neighbours_across_a_fold_differ_in_parity():
    model, theta, running = random_network((2, 6, 6, 1))
    found = regions(model, theta, running, -2.0, 2.0)
    across = found.folds[:, 1] - found.folds[:, 0]
    normals = np.stack([across[:, 1], -across[:, 0]], axis=1) / np.linalg.norm(across, axis=1)[:, None]
    points = found.folds[:, 0] + 0.37 * across
    sides = [[found.cell_at(*(p + s * 1e-7 * n)) for p, n in zip(points, normals, strict=True)] for s in (-1, 1)]
    assert (found.parity[sides[0]] != found.parity[sides[1]]).all()


def test_the_level_of_an_output_is_where_it_takes_the_value():
    model, theta, running = random_network((2, 6, 6, 2))
    found = regions(model, theta, running, -2.0, 2.0)
    level = found.level(1, 0.3)
    assert len(level) > 3
    outputs = forward(model, theta, level.reshape(-1, 2), running).before[-1]
    assert outputs[:, 1] == pytest.approx(0.3, abs=1e-8)


def test_a_plane_through_a_larger_space():
    model, theta, running = random_network((7, 6, 6, 2))
    embedding = np.random.default_rng(2).normal(size=(3, 7))
    found = regions(model, theta, running, -1.0, 1.0, embedding=embedding)
    for u, v in np.random.default_rng(3).uniform(-1, 1, (20, 2)):
        here = found.at(u, v)
        output = forward(model, theta, (np.array([u, v, 1.0]) @ embedding)[None], running).before[-1][0]
        assert here.weights @ [u, v] + here.biases == pytest.approx(output, abs=1e-9)


def test_a_linear_network_has_one_region():
    found = regions(*random_network((2, 8, 8, 1), table.Identity()), -1.0, 1.0)
    assert (found.count, len(found.folds), found.sentence) == (1, 0, "1 region")


def test_too_many_regions_are_said_not_computed():
    found = regions(*random_network((2, 16, 16, 1)), -3.0, 3.0, most=100)
    assert not found.complete
    assert found.sentence == "more than 100 regions"
    assert 100 < found.count < 250
    here = found.at(0.3, 0.4)
    model, theta, running = random_network((2, 16, 16, 1))
    output = forward(model, theta, np.array([[0.3, 0.4]]), running).before[-1][0]
    assert here.weights @ [0.3, 0.4] + here.biases == pytest.approx(output, abs=1e-9)


def test_networks_without_regions_say_why():
    for activation, words in ((table.Tanh(), "Tanh is curved"), (table.GELU(), "GELU is curved")):
        with pytest.raises(ValueError, match=words):
            regions(*random_network((2, 4, 1), activation), -1.0, 1.0)
    model, theta, running = random_network((2, 4, 4, 1))
    mixed = Model(model.shape, (table.ReLU(), table.Sigmoid()))
    with pytest.raises(ValueError, match="Sigmoid in layer 2 is curved"):
        regions(mixed, theta, running, -1.0, 1.0)
    with pytest.raises(ValueError, match="layer normalisation is not an affine map"):
        regions(*random_network((2, 4, 1), layer=LayerNorm()), -1.0, 1.0)
    theta[3] = np.nan
    with pytest.raises(ValueError, match="diverged"):
        regions(model, theta, running, -1.0, 1.0)
    with pytest.raises(ValueError, match="too large"):
        regions(model, np.full_like(theta, 1e200), running, -1.0, 1.0)


def test_neurons_that_nobody_hears_fold_nothing():
    trainer = Trainer(Settings(network=Network(hidden=(6, 5)), runs=(Run(),)))
    trainer.train(200)

    def found():
        snapshot = trainer.snapshot()
        state = snapshot.runs[0]
        return regions(model_of(snapshot.shape, snapshot.settings, 0), state.theta, state.running, -3.0, 3.0)

    before = found()
    assert set(before.neurons[before.layers == 0]) >= {1}
    trainer.operate(Kill(run=0, layer=0, unit=1))
    after = found()
    assert 1 not in set(after.neurons[after.layers == 0])
    assert after.count < before.count
    # A killed neuron of the last layer, and through all of them those before.
    for unit in range(5):
        trainer.operate(Kill(run=0, layer=1, unit=unit))
    assert found().count == 1
