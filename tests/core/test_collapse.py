"""Without an activation depth is nothing: folded networks against least squares and logistic regression; dead nets."""

import numpy as np
import pytest

from reluviz.core.activations import Identity, ReLU
from reluviz.core.collapse import (
    Linear,
    angle,
    best_linear,
    centred,
    folded,
    is_linear,
    least_squares,
    logistic_regression,
    targets,
)
from reluviz.core.datasets import DATASETS
from reluviz.core.initializers import PlainNormal
from reluviz.core.layers import BatchNorm, Dense, LayerNorm, Residual
from reluviz.core.network import forward
from reluviz.core.plan import model_of
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.trainer import Trainer


def lab(data, run, steps, *, hidden=(4, 4), **training):
    """A float64 lab trained on all samples at once, with its snapshot and model."""
    settings = Settings(
        data=data,
        network=Network(hidden=hidden, precision="float64"),
        training=Training(batch_size=1024, **training),
        runs=(run,),
    )
    trainer = Trainer(settings)
    trainer.train(steps)
    picture = trainer.snapshot()
    return picture, model_of(picture.shape, settings, 0)


@pytest.mark.parametrize("layer", [Dense(), Residual(), BatchNorm(), BatchNorm(residual=True)], ids=str)
def test_one_map_does_what_all_layers_do(layer):
    run = Run(activation=Identity(), layer=layer)
    picture, model = lab(DATASETS["plane"](samples=100), run, 20, hidden=(4, 4, 3, 3))
    assert is_linear(model)
    state, x = picture.runs[0], picture.dataset.x_test.astype(float)
    one = folded(model, state.theta, state.running)
    assert one.weights.shape == (2, 1)
    assert one.outputs(x) == pytest.approx(forward(model, state.theta, x, state.running).after[-1], abs=1e-12)
    assert one.outputs(x) == pytest.approx(state.test_predictions, abs=1e-5)


@pytest.mark.parametrize("name", ["sine", "plane"])
def test_a_converged_network_without_activation_is_the_least_squares_solution(name):
    data = DATASETS[name](samples=400, noise=0.2)
    picture, model = lab(data, Run(activation=Identity()), 4000, learning_rate=0.1)
    one = folded(model, picture.runs[0].theta, None)
    x, y = picture.dataset.x_train.astype(float), picture.dataset.y_train.astype(float)
    # The normal equations, not the code under test.
    design = np.hstack([x, np.ones((len(x), 1))])
    exact = np.linalg.solve(design.T @ design, design.T @ y)
    assert np.abs(one.weights - exact[:-1]).max() <= 1e-6
    assert np.abs(one.biases - exact[-1]).max() <= 1e-6
    best = best_linear(picture.settings, picture.dataset)
    assert best.optimal
    assert best.weights == pytest.approx(exact[:-1], abs=1e-9)
    assert best.biases == pytest.approx(exact[-1], abs=1e-9)


def test_a_converged_classifier_without_activation_is_logistic_regression():
    data = DATASETS["moons"](samples=200, noise=0.3)
    picture, model = lab(data, Run(activation=Identity()), 2500, learning_rate=0.5)
    one, best = folded(model, picture.runs[0].theta, None), best_linear(picture.settings, picture.dataset)
    assert best.optimal
    assert not best.separable
    assert angle(one, best) < 1e-3
    assert one.weights == pytest.approx(best.weights, abs=1e-4)
    assert one.biases == pytest.approx(best.biases, abs=1e-4)


@pytest.mark.parametrize("name", ["moons", "wine"])
def test_logistic_regression_agrees_with_scikit_learn(name):
    from sklearn.linear_model import LogisticRegression

    data = DATASETS[name]().load()
    x, y = data.x_train.astype(float), data.y_train.astype(float)
    if name == "wine":
        # A few inputs do not separate the three classes.
        x = x[:, :2]
    one = logistic_regression(x, y)
    peer = LogisticRegression(C=1e10, tol=1e-10, max_iter=5000).fit(x, data.labels_train)
    told = centred(Linear(peer.coef_.T, peer.intercept_, "scikit-learn"))
    assert one.weights == pytest.approx(told.weights, abs=1e-3)
    assert one.biases == pytest.approx(told.biases, abs=1e-3)
    # Its gradient vanishes: no peer needed.
    z = one.outputs(x)
    said = 1 / (1 + np.exp(-z)) if name == "moons" else np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    assert np.abs(x.T @ (said - y)).max() < 1e-5


def test_separable_classes_are_said_to_be():
    x = np.array([[-2.0], [-1.0], [1.0], [2.0]])
    one = logistic_regression(x, (x > 0).astype(float))
    assert one.separable
    assert ((one.outputs(x) > 0) == (x > 0)).all()


def test_large_problems_are_solved_by_their_gram_matrix(monkeypatch):
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(60, 5)), rng.normal(size=(60, 2))
    one = least_squares(x, y)
    monkeypatch.setattr("reluviz.core.collapse.FEW", 0)
    other = least_squares(x, y)
    assert other.weights == pytest.approx(one.weights, abs=1e-10)
    assert other.biases == pytest.approx(one.biases, abs=1e-10)


def test_what_bends_or_looks_at_single_samples_is_not_linear():
    for run in (Run(activation=Identity(), layer=LayerNorm()), Run(activation=ReLU())):
        assert not is_linear(lab(DATASETS["sine"](samples=50), run, 0)[1])
    mixed = Run(activation=Identity(), layer_activations=(Identity(), ReLU()))
    assert not is_linear(lab(DATASETS["sine"](samples=50), mixed, 0)[1])


@pytest.mark.parametrize("loss", ["squared", "absolute"])
def test_a_dead_network_answers_the_mean_or_the_median(loss):
    """Lu, Shin, Su & Karniadakis 2020, theorem 3.1: only the last bias learns."""
    # Its targets are skewed: mean and median are apart.
    data = DATASETS["diabetes"](samples=400)
    run = Run(activation=ReLU(), initializer=PlainNormal(sigma=0.1, bias=-20.0))
    picture, _ = lab(data, run, 3000, hidden=(6, 6), loss=loss, learning_rate=0.1 if loss == "squared" else 0.02)
    state, y = picture.runs[0], targets(picture.settings, picture.dataset)
    assert state.neurons.dead[:-1].all()
    assert np.ptp(state.test_predictions) == 0
    answer, middle = float(state.test_predictions[0, 0]), {"squared": np.mean, "absolute": np.median}[loss](y)
    assert answer == pytest.approx(middle, abs=1e-6 if loss == "squared" else 0.03)
    constant = np.mean((y - y.mean()) ** 2) if loss == "squared" else np.mean(np.abs(y - np.median(y)))
    assert state.metrics.train_loss == pytest.approx(constant, rel=1e-6 if loss == "squared" else 1e-3)
    assert abs(np.mean(y) - np.median(y)) > 0.05
