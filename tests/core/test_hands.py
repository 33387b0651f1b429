"""Edits by hand: what is held stays, the killed are silent, the revived fire, and all can be taken back."""

import numpy as np
import pytest

from reluviz.core.activations import ReLU, Sigmoid
from reluviz.core.fates import CAUSES, EDIT
from reluviz.core.initializers import PlainNormal
from reluviz.core.layers import LAYERS
from reluviz.core.optimizers import OPTIMIZERS
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.surgery import BIAS, Freeze, Kill, Revive, SetParameter
from reluviz.core.trainer import Trainer

RELU = Run(activation=ReLU(), color=0)


def lab(run=RELU, **training):
    return Trainer(Settings(network=Network(hidden=(5, 4)), training=Training(**training), runs=(run,)))


def incoming(trainer, layer, unit):
    """Weights and bias that lead into a neuron."""
    snapshot = trainer.snapshot()
    shape, theta = snapshot.shape, snapshot.runs[0].theta
    return np.append(shape.weights(theta, layer)[:, unit], shape.biases(theta, layer)[unit])


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=list(OPTIMIZERS))
def test_a_frozen_neuron_stays_and_the_others_learn(optimizer):
    trainer = lab(optimizer=optimizer(), learning_rate=0.01, l2=0.01)
    trainer.train(20)
    before, other = incoming(trainer, 1, 2), incoming(trainer, 1, 1)
    trainer.operate(Freeze(0, 1, 2, True, number=1))
    trainer.train(50)
    assert (incoming(trainer, 1, 2) == before).all()
    assert (incoming(trainer, 1, 1) != other).any()
    assert trainer.snapshot().runs[0].frozen.tolist() == [False] * 7 + [True] + [False] * 2
    trainer.operate(Freeze(0, 1, 2, False, number=2))
    trainer.train(50)
    assert (incoming(trainer, 1, 2) != before).any()


def test_undoing_a_freeze_takes_back_the_freeze_and_no_learning():
    trainer = lab()
    trainer.operate(Freeze(0, 0, 1, True, number=7))
    trainer.train(30)
    theta = trainer.snapshot().runs[0].theta
    assert trainer.take_back(7)
    assert (trainer.snapshot().runs[0].theta == theta).all()
    assert not trainer.snapshot().runs[0].frozen.any()
    assert not trainer.take_back(7)


@pytest.mark.parametrize("activation", [ReLU(), Sigmoid()], ids=["relu", "sigmoid"])
def test_a_killed_neuron_says_nothing_until_it_is_revived(activation):
    trainer = lab(Run(activation=activation))
    trainer.train(30)
    before = trainer.snapshot().runs[0]
    trainer.operate(Kill(0, 0, 3, number=1))
    after = trainer.snapshot()
    weights = after.shape.weights(after.runs[0].theta, 1)
    assert (weights[3] == 0).all()
    assert after.runs[0].killed[3]
    # What the next layer sees is what it saw, less this neuron's part.
    part = np.outer(before.inside.activity[3], after.shape.weights(before.theta, 1)[3])
    assert pytest.approx(before.inside.z[5:9].T - part, abs=2e-6) == after.runs[0].inside.z[5:9].T
    trainer.train(40)
    assert (trainer.snapshot().shape.weights(trainer.snapshot().runs[0].theta, 1)[3] == 0).all()
    trainer.operate(Revive(0, 0, 3, number=2))
    revived = trainer.snapshot()
    assert (revived.shape.weights(revived.runs[0].theta, 1)[3] == after.shape.weights(before.theta, 1)[3]).all()
    assert not revived.runs[0].killed.any()
    assert trainer.take_back(2)
    assert trainer.snapshot().runs[0].killed[3]


@pytest.mark.parametrize("layer", LAYERS.values(), ids=list(LAYERS))
def test_a_dead_neuron_that_is_revived_fires_on_half_of_the_samples(layer):
    trainer = lab(Run(activation=ReLU(), layer=layer(), initializer=PlainNormal(sigma=0.5, bias=0.0)))
    trainer.operate(SetParameter(0, 0, 2, BIAS, -50.0, number=1))
    assert trainer.snapshot().runs[0].neurons.dead[2]
    fates = trainer.snapshot().runs[0].fates
    assert (fates.died_at[2], CAUSES[fates.cause[2]]) == (0, CAUSES[EDIT])
    trainer.operate(Revive(0, 0, 2, number=2))
    state = trainer.snapshot().runs[0]
    assert not state.neurons.dead[2]
    assert state.fates.died_at[2] == -1
    assert (state.inside.activity[2] > 0).mean() == pytest.approx(0.5, abs=0.02)


def test_a_weight_is_set_taken_back_and_set_again_at_any_step():
    trainer = lab()
    trainer.train(10)
    before = trainer.snapshot().runs[0].theta
    edit = SetParameter(0, 1, 3, 4, 0.625, number=5)
    trainer.operate(edit)
    snapshot = trainer.snapshot()
    place = snapshot.shape.starts[1] + 4 * 4 + 3
    changed = np.flatnonzero(snapshot.runs[0].theta != before)
    assert changed.tolist() == [place]
    assert snapshot.runs[0].theta[place] == 0.625
    trainer.train(10)
    assert trainer.take_back(5)
    assert trainer.snapshot().runs[0].theta[place] == before[place]
    trainer.operate(edit)
    assert trainer.snapshot().runs[0].theta[place] == 0.625


def test_edits_of_one_run_leave_the_other_bit_for_bit():
    two = Settings(network=Network(hidden=(5, 4)))
    edited, plain = Trainer(two), Trainer(two)
    for trainer in (edited, plain):
        trainer.train(25)
    edited.operate(Kill(1, 1, 0, number=1))
    edited.operate(Freeze(1, 0, 0, True, number=2))
    for trainer in (edited, plain):
        trainer.train(75)
    assert (edited.snapshot().runs[0].theta == plain.snapshot().runs[0].theta).all()
    assert (edited.snapshot().runs[1].theta != plain.snapshot().runs[1].theta).any()


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Kill(0, 2, 0), "an output cannot be killed"),
        (Kill(1, 0, 0), "the lab has 1"),
        (Freeze(0, 3, 0, True), "no such layer"),
        (Freeze(0, 0, 5, True), "there is none"),
        (SetParameter(0, 0, 0, 2, 1.0), "there is none"),
    ],
)
def test_what_is_not_there_is_refused_and_nothing_changes(edit, words):
    trainer = lab()
    before = trainer.snapshot().runs[0].theta
    with pytest.raises(ValueError, match=words):
        trainer.operate(edit)
    assert (trainer.snapshot().runs[0].theta == before).all()
    assert not trainer.take_back(1)
