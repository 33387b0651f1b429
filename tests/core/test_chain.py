"""The chain rule layer by layer: against the readable network, and the bound is a bound."""

import numpy as np
import pytest

from reluviz.core.activations import ReLU, Sigmoid, Tanh
from reluviz.core.chain import chain_at
from reluviz.core.layers import BatchNorm, Dense, LayerNorm, Residual
from reluviz.core.losses import LOSSES
from reluviz.core.network import forward
from reluviz.core.plan import model_of
from reluviz.core.settings import Network, Run, Settings
from reluviz.core.spectral import LANCZOS_STEPS, SpectralNorms, spectral_norm
from reluviz.core.trainer import Trainer

KINDS = (Dense(), Residual(), BatchNorm(), BatchNorm(residual=True), LayerNorm(), LayerNorm(residual=True))


def trained(layer, hidden=(6, 6, 6, 6), steps=30, activations=(Sigmoid, ReLU, Tanh)):
    """A float64 lab after some steps."""
    runs = tuple(Run(activation=one(), layer=layer, color=place) for place, one in enumerate(activations))
    trainer = Trainer(Settings(network=Network(hidden=hidden, precision="float64"), runs=runs))
    trainer.train(steps)
    return trainer.snapshot()


@pytest.mark.parametrize("layer", KINDS, ids=str)
def test_what_is_measured_never_exceeds_the_bound(layer):
    picture = trained(layer)
    for run in range(3):
        for sample in range(0, picture.runs[run].inside.z.shape[1], 7):
            one = chain_at(picture, run, sample)
            assert (one.measured[:-1] <= one.bounds[:-1] * (1 + 1e-6)).all()
            assert one.bounds[-2] == one.measured[-2]


def test_every_number_against_the_readable_network():
    picture = trained(Dense())
    model, theta, sample = model_of(picture.shape, picture.settings, 0), picture.runs[0].theta, 3
    x, y = picture.dataset.x_train[[sample]].astype(float), picture.dataset.y_train[[sample]].astype(float)
    done = forward(model, theta, x)
    one = chain_at(picture, 0, sample)
    delta = LOSSES["logistic"].gradient(done.before[-1], y)
    product = 1.0
    for layer in reversed(range(5)):
        assert one.measured[layer] == pytest.approx(np.linalg.norm(delta), rel=1e-5)
        if layer == 0:
            break
        slope = np.abs(Sigmoid().df(done.before[layer - 1][0]))
        weights = picture.shape.weights(theta, layer)
        norm = np.linalg.norm(weights, 2)
        found = (one.mean, one.median, one.least, one.largest, one.norms, one.factors)
        told = (slope.mean(), np.median(slope), slope.min(), slope.max(), norm, np.sqrt(np.mean(slope**2)) * norm)
        for field, value in zip(found, told, strict=True):
            assert field[layer - 1] == pytest.approx(value, rel=1e-5)
        product *= slope.max() * norm if layer < 4 else 1.0
        assert one.products[layer - 1] == pytest.approx(product, rel=1e-4)
        delta = (delta @ weights.T) * slope
    assert one.ratios == pytest.approx(one.measured / one.measured[3])


def test_a_chain_of_single_neurons_reaches_its_bound():
    one = chain_at(trained(Dense(), hidden=(1,) * 12, steps=0, activations=(Sigmoid,)), 0, 0)
    assert one.measured[:-1] == pytest.approx(one.bounds[:-1], rel=1e-5)
    assert (one.largest[:-1] <= 0.25).all()


def test_norms_of_large_matrices_are_bounded_tightly_from_above():
    rng = np.random.default_rng(1)
    for shape in ((200, 150), (150, 400), (3, 500)):
        matrix = rng.normal(size=shape)
        true = np.linalg.norm(matrix, 2)
        assert true * (1 - 1e-12) <= spectral_norm(matrix) <= true * 1.01
    assert LANCZOS_STEPS < 150
    assert spectral_norm(np.zeros((200, 150))) == 0
    assert np.isnan(spectral_norm(np.full((2, 2), np.inf)))


def test_remembered_norms_stay_bounds_while_the_matrices_move(monkeypatch):
    monkeypatch.setattr("reluviz.core.spectral.WORK", 100)
    rng = np.random.default_rng(2)
    known, matrices = SpectralNorms(), [rng.normal(size=(5, 4)) for _ in range(3)]
    for size in (0.0, 1e-4, 1e-2, 1.0):
        matrices = [matrix + size * rng.normal(size=matrix.shape) for matrix in matrices]
        true = np.array([np.linalg.norm(matrix, 2) for matrix in matrices])
        found = known.bounds(matrices)
        assert (found >= true * (1 - 1e-12)).all()
        assert (found <= true * 1.002).sum() >= 2
    monkeypatch.setattr("reluviz.core.spectral.WORK", 10_000)
    assert known.bounds(matrices) == pytest.approx(true, rel=1e-12)
    matrices[1] = np.full((5, 4), np.nan)
    assert np.isnan(known.bounds(matrices)).tolist() == [False, True, False]
