"""Live changes of the engine: activations exchanged with the weights kept, groups of runs trained at a time."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from reluviz.core.activations import ELU, Formula, PReLU, ReLU, Sigmoid, SiLU, Tanh
from reluviz.core.datasets import Circles, Iris
from reluviz.core.initializers import PyTorchLinear
from reluviz.core.layers import BatchNorm, LayerNorm
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.trainer import Trainer


def lab(*activations, **run):
    runs = tuple(Run(activation=one, color=place, **run) for place, one in enumerate(activations))
    return Settings(data=Circles(samples=80), network=Network(hidden=(6, 6)), runs=runs)


def with_activation(settings, place, activation):
    runs = list(settings.runs)
    runs[place] = runs[place].evolve(activation=activation)
    return settings.evolve(runs=tuple(runs))


def test_a_swap_keeps_weights_step_and_history():
    trainer = Trainer(lab(Sigmoid(), ReLU()))
    trainer.train(300)
    theta = trainer._stack.theta.copy()
    swapped = trainer.adopt(with_activation(trainer.settings, 0, ReLU()), swap=True)
    assert swapped is trainer
    assert trainer.step == 300
    np.testing.assert_array_equal(trainer._stack.theta, theta)
    before = trainer.snapshot(looked=()).history.steps
    trainer.train(100)
    assert not np.array_equal(trainer._stack.theta[0], theta[0])
    np.testing.assert_array_equal(trainer.snapshot(looked=()).history.steps[: len(before)], before)


def test_a_swapped_run_goes_on_as_its_new_activation_would():
    sigmoid = Trainer(lab(Sigmoid()))
    sigmoid.train(200)
    tanh = Trainer(lab(Tanh()))
    tanh.train(200)
    tanh._stack.theta[:] = sigmoid._stack.theta
    sigmoid.adopt(lab(Tanh()), swap=True)
    for trainer in (sigmoid, tanh):
        trainer.train(100)
    np.testing.assert_array_equal(sigmoid._stack.theta, tanh._stack.theta)


def test_without_the_wish_an_activation_starts_over():
    trainer = Trainer(lab(Sigmoid()))
    trainer.train(50)
    fresh = trainer.adopt(lab(Tanh()))
    assert fresh is not trainer
    assert fresh.step == 0


@pytest.mark.parametrize(
    "changed",
    [
        lab(Sigmoid()).evolve(network=Network(hidden=(6, 7))),
        lab(Sigmoid()).evolve(network=Network(hidden=(6, 6), precision="float64")),
        lab(Sigmoid(), layer=LayerNorm()),
        lab(Sigmoid()).evolve(training=Training(loss="hinge")),
        lab(Sigmoid(), ReLU()),
    ],
)
def test_a_swap_is_of_activations_only(changed):
    trainer = Trainer(lab(Sigmoid()))
    trainer.train(5)
    assert trainer.adopt(changed, swap=True).step == 0


def test_a_swap_to_a_learned_slope_starts_it_where_the_settings_say():
    trainer = Trainer(lab(ReLU()))
    trainer.train(50)
    trainer.adopt(lab(PReLU(slope=0.3)), swap=True)
    slopes = list(trainer._stack.shape.slopes)
    np.testing.assert_allclose(trainer._stack.theta[0, slopes], 0.3)
    trainer.train(200)
    learned = trainer._stack.theta[0, slopes].copy()
    assert (learned != np.float32(0.3)).all()
    trainer.adopt(trainer.settings.evolve(training=Training(learning_rate=0.01)))
    np.testing.assert_array_equal(trainer._stack.theta[0, slopes], learned)


def test_layers_may_mix_activations():
    mixed = lab(ReLU(), layer_activations=(Tanh(), ELU()))
    same = lab(Tanh(), layer_activations=(Tanh(), ELU(), Sigmoid()))
    trainers = [Trainer(mixed), Trainer(same)]
    for trainer in trainers:
        trainer.train(100)
    np.testing.assert_array_equal(trainers[0]._stack.theta, trainers[1]._stack.theta)
    assert not np.array_equal(trainers[0]._stack.theta, trained(lab(Tanh())))


def trained(settings, steps=100):
    trainer = Trainer(settings)
    trainer.train(steps)
    return trainer._stack.theta


def test_a_typed_formula_trains_as_its_built_in_twin():
    typed = lab(Formula(expression="x*sigmoid(x)"), Formula(expression="where(x > 0, x, a*expm1(x))"))
    np.testing.assert_allclose(trained(typed), trained(lab(SiLU(), ELU())), rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("layer", [None, BatchNorm()])
def test_runs_trained_at_a_time_have_the_same_bits(layer):
    settings = lab(Sigmoid(), ReLU(), Tanh(), ELU(), PReLU(), **({"layer": layer} if layer else {}))
    one, several = Trainer(settings), Trainer(settings)
    with ThreadPoolExecutor(3) as pool:
        for steps in (1, 137, 300):
            one.train(steps)
            several.train(steps, pool.map, 3)
    np.testing.assert_array_equal(one._stack.theta, several._stack.theta)
    mine, theirs = (trainer.snapshot(looked=()).history for trainer in (one, several))
    np.testing.assert_array_equal(mine.steps, theirs.steps)
    np.testing.assert_array_equal(mine.values, theirs.values)


def test_double_precision_sees_gradients_that_single_precision_loses():
    deep = Settings(
        data=Iris(), network=Network(hidden=(8,) * 60), runs=(Run(activation=Sigmoid(), initializer=PyTorchLinear()),)
    )
    single = Trainer(deep).snapshot().runs[0].layers.gradient_norm
    double = Trainer(deep.evolve(network=deep.network.evolve(precision="float64"))).snapshot().runs[0].layers
    assert single[0] == 0
    assert 0 < double.gradient_norm[0] < 1e-37
    np.testing.assert_allclose(single[-3:], double.gradient_norm[-3:], rtol=1e-4)


def test_another_convention_at_zero_keeps_what_a_slope_has_learned():
    trainer = Trainer(lab(PReLU()))
    trainer.train(100)
    learned = trainer._stack.theta[0, list(trainer._stack.shape.slopes)].copy()
    trainer.adopt(lab(PReLU(at_zero="1")))
    np.testing.assert_array_equal(trainer._stack.theta[0, list(trainer._stack.shape.slopes)], learned)
    trainer.adopt(lab(PReLU(at_zero="1", slope=0.5)))
    np.testing.assert_array_equal(trainer._stack.theta[0, list(trainer._stack.shape.slopes)], 0.5)


@pytest.mark.parametrize("runs", [1, 3])
def test_a_large_network_has_the_same_bits_with_two_threads(runs):
    large = Settings(
        data=Iris(),
        network=Network(hidden=(400, 300)),
        training=Training(batch_size=16),
        runs=lab(*(ReLU(),) * runs).runs,
    )
    one, two = Trainer(large), Trainer(large)
    with ThreadPoolExecutor(2) as pool:
        for steps in (1, 20):
            one.train(steps)
            two.train(steps, pool.map, 2)
    np.testing.assert_array_equal(one._stack.theta, two._stack.theta)
    assert np.isfinite(one._stack.theta).all()


def test_a_large_network_that_diverges_says_where_with_two_threads_too():
    large = Settings(
        data=Iris(),
        network=Network(hidden=(400, 300)),
        runs=(Run(learning_rate=10.0),),
        training=Training(loss="squared"),
    )
    found = []
    with ThreadPoolExecutor(2) as pool:
        for spread in (None, pool.map):
            trainer = Trainer(large)
            trainer.train(300, spread, 2)
            found.append(trainer.divergence(0))
    assert found[0] is not None
    assert found[0] == found[1]
