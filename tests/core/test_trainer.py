"""Fairness, reproducibility, divergence and bounded history."""

import numpy as np
import pytest

from reluviz.core.activations import Sigmoid, Tanh
from reluviz.core.datasets import DATASETS, Circles, Digits, Spiral
from reluviz.core.history import POINTS
from reluviz.core.initializers import GlorotNormal, HeNormal, HeUniform, PlainNormal, Zeros
from reluviz.core.optimizers import Adam
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.trainer import Trainer


def parameters(trainer):
    return trainer._stack.theta.copy()


def history(trainer):
    return trainer.snapshot(looked=()).history


def test_equal_runs_stay_bit_identical():
    trainer = Trainer(Settings(runs=(Run(), Run(color=1), Run(activation=Sigmoid(), color=2))))
    trainer.train(2000)
    theta = parameters(trainer)
    np.testing.assert_array_equal(theta[0], theta[1])
    values = history(trainer).values
    np.testing.assert_array_equal(values[0], values[1])
    assert not np.array_equal(theta[0], theta[2])


def test_a_run_does_not_depend_on_its_neighbours():
    alone = Trainer(Settings(runs=(Run(),)))
    company = Trainer(Settings(runs=(Run(activation=Tanh(), color=3), Run())))
    alone.train(500)
    company.train(500)
    np.testing.assert_array_equal(parameters(alone)[0], parameters(company)[1])


@pytest.mark.parametrize("cuts", [[1] * 300, [7] * 42 + [6], [300], [299, 1]])
def test_the_course_does_not_depend_on_how_steps_are_cut(cuts):
    whole = Trainer(Settings())
    whole.train(300)
    pieces = Trainer(Settings())
    for steps in cuts:
        pieces.train(steps)
        pieces.snapshot(looked=None if steps > 6 else ())
    np.testing.assert_array_equal(parameters(whole), parameters(pieces))
    np.testing.assert_array_equal(history(whole).values, history(pieces).values)
    np.testing.assert_array_equal(history(whole).steps, history(pieces).steps)


def test_initialisers_scale_the_same_draws():
    laws = (HeNormal(), GlorotNormal(), HeUniform())
    runs = tuple(Run(initializer=law, color=color) for color, law in enumerate(laws))
    trainer = Trainer(Settings(network=Network(hidden=(6, 6)), runs=runs))
    stack = trainer._stack
    he, glorot, uniform = (stack.shape.weights(theta, 1) for theta in stack.theta)
    np.testing.assert_allclose(he / glorot, np.sqrt(2.0), rtol=1e-5)
    assert (np.sign(he) == np.sign(uniform)).all()
    order = np.argsort(he.ravel())
    assert (np.diff(uniform.ravel()[order]) >= 0).all()


def test_initialisers_have_their_variance():
    trainer = Trainer(Settings(network=Network(hidden=(256, 256)), runs=(Run(), Run(initializer=HeUniform(), color=1))))
    for theta in trainer._stack.theta:
        weights = trainer._stack.shape.weights(theta, 1)
        assert weights.var() == pytest.approx(2 / 256, rel=0.03)


def test_a_large_negative_bias_kills_relu_and_is_measured():
    dead = Run(initializer=PlainNormal(sigma=0.1, bias=-20.0))
    trainer = Trainer(Settings(runs=(dead,)))
    trainer.train(200)
    state = trainer.snapshot().runs[0]
    assert state.neurons.dead[:24].all()
    assert state.neurons.silent[:24].all()
    assert not state.neurons.dead[24]
    np.testing.assert_array_equal(state.layers.dead, [1, 1, 1, 0])
    np.testing.assert_array_equal(state.layers.zeros[:3], 1)
    assert (state.layers.gradient_norm[:3] == 0).all()


def test_zeros_keep_neurons_alike():
    trainer = Trainer(Settings(runs=(Run(activation=Tanh(), initializer=Zeros()),)))
    trainer.train(100)
    weights = trainer._stack.shape.weights(trainer._stack.theta[0], 1)
    assert (weights == weights[0, 0]).all()


def test_divergence_names_step_and_layer_and_leaves_the_others_running():
    wild = Run(learning_rate=10.0, color=1)
    deep = Network(hidden=(64,) * 4)
    settings = Settings(data=DATASETS["x_sin_5x"](), network=deep, runs=(Run(learning_rate=1e-3), wild))
    trainer = Trainer(settings)
    trainer.train(400)
    divergence = trainer.divergence(1)
    assert divergence is not None
    assert 1 <= divergence.step <= 400
    assert 1 <= divergence.layer <= 5
    assert f"step {divergence.step}" in divergence.sentence
    assert trainer.divergence(0) is None
    assert trainer.living
    snapshot = trainer.snapshot()
    assert np.isfinite(snapshot.runs[0].metrics.train_loss)
    frozen = parameters(trainer)[1]
    trainer.train(50)
    np.testing.assert_array_equal(parameters(trainer)[1], frozen)


def test_divergence_does_not_depend_on_the_cuts():
    settings = Settings(data=DATASETS["plane"](), runs=(Run(learning_rate=10.0),))
    found = []
    for cut in (1, 13, 200):
        trainer = Trainer(settings)
        while trainer.step < 200:
            trainer.train(min(cut, 200 - trainer.step))
        found.append(trainer.divergence(0))
    assert found[0] is not None
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("steps", [POINTS, 10 * POINTS, 100 * POINTS])
def test_history_is_bounded_dense_at_the_start_and_even_in_the_long_run(steps):
    trainer = Trainer(Settings(data=Circles(samples=40), network=Network(hidden=(2,)), runs=(Run(),)))
    trainer.train(steps)
    found = history(trainer).steps
    gaps = np.diff(found)
    assert found[0] == 0
    assert POINTS // 4 <= len(found) <= POINTS
    assert gaps[0] == gaps.min()
    assert gaps.max() <= 2 * gaps[-1]
    assert steps - found[-1] < gaps[-1] <= 8 * steps / len(found)


def test_history_holds_the_exact_losses():
    trainer = Trainer(Settings())
    trainer.train(64)
    snapshot = trainer.snapshot()
    assert snapshot.history.steps[-1] == 64
    assert snapshot.history.values[1, -1, 0] == np.float32(snapshot.runs[1].metrics.train_loss)


def test_seconds_grow_between_the_stamps():
    trainer = Trainer(Settings())
    trainer.train(10)
    trainer.stamp(1.0)
    trainer.train(10)
    trainer.stamp(3.0)
    seconds = history(trainer).seconds
    np.testing.assert_allclose(seconds[[0, 5, 10, 15, 20]], [0, 0.5, 1, 2, 3])


def test_live_settings_keep_the_weights_and_model_settings_restart():
    trainer = Trainer(Settings())
    trainer.train(100)
    tuned = Training(learning_rate=0.5, batch_size=300, optimizer=Adam())
    live = trainer.adopt(trainer.settings.evolve(training=tuned))
    assert live is trainer
    assert live.step == 100
    live.train(10)
    assert np.isfinite(parameters(live)).all()
    again = live.adopt(live.settings.evolve(network=Network(hidden=(4,))))
    assert again is not live
    assert again.step == 0


def test_restart_is_the_same_start():
    trainer = Trainer(Settings())
    start = parameters(trainer)
    trainer.train(50)
    np.testing.assert_array_equal(parameters(trainer.restarted()), start)


def test_epochs_use_every_sample_once():
    trainer = Trainer(Settings(training=Training(batch_size=7)))
    assert trainer.steps_to_epoch == 43
    trainer.train(43)
    assert trainer.snapshot().epoch == 1.0
    stack = trainer._stack
    assert sorted(stack.order) == list(range(300))


def test_digits_are_learned_by_relu():
    settings = Settings(data=Digits(), network=Network(hidden=(50, 50)), runs=(Run(),))
    trainer = Trainer(settings)
    trainer.train(2000)
    state = trainer.snapshot().runs[0]
    assert state.metrics.test_accuracy > 0.93
    assert state.confusion.sum() == len(trainer.snapshot().dataset.x_test)
    assert state.activity.shape == (110, 60)


def test_default_lab_shows_the_difference():
    trainer = Trainer(Settings())
    trainer.train(3000)
    sigmoid, relu = (state.metrics.test_accuracy for state in trainer.snapshot().runs)
    assert relu > 0.97
    assert sigmoid < 0.85


def test_large_networks_are_probed_on_a_coarser_grid():
    trainer = Trainer(Settings(data=Spiral(samples=20), network=Network(hidden=(1024,) * 4), runs=(Run(),)))
    trainer.train(1)
    snapshot = trainer.snapshot()
    assert snapshot.runs[0].activity.shape == (4097, snapshot.probe.side**2)
    assert 8 <= snapshot.probe.side < 50


def test_closeup_is_finer_and_agrees():
    trainer = Trainer(Settings())
    snapshot = trainer.snapshot(closeup=(1, 3))
    assert snapshot.closeup.values.shape == (10_000,)
    coarse = snapshot.runs[1].activity[3]
    assert abs(snapshot.closeup.values.max() - coarse.max()) < 0.2
    assert trainer.snapshot(closeup=(9, 3)).closeup is None


def test_a_regression_has_no_accuracy_anywhere():
    trainer = Trainer(Settings(data=DATASETS["sine"](samples=60)))
    trainer.train(20)
    snapshot = trainer.snapshot()
    assert np.isfinite(snapshot.history.values[:, :, :2]).all()
    assert np.isnan(snapshot.history.values[:, :, 2:]).all()
    assert np.isnan(snapshot.runs[0].metrics.train_accuracy)
