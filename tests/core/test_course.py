"""The course: recorded by the steps alone, and deaths found to the step, by training the same bits again."""

import numpy as np
import pytest

from reluviz.core.activations import ReLU
from reluviz.core.course import LEAST_RECORDS, usual_gap
from reluviz.core.fates import BORN, CAUSES, LARGE_STEP
from reluviz.core.histograms import ACTIVITY, BINS, GRADIENT, WEIGHT, Z, axis, position, value_at
from reluviz.core.initializers import PlainNormal
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.trainer import Trainer

DEADLY = Settings(training=Training(learning_rate=3.0), runs=(Run(activation=ReLU()),))


def test_records_do_not_depend_on_how_the_steps_are_cut():
    whole, cut = Trainer(Settings()), Trainer(Settings())
    whole.train(3000)
    for steps in (1, 2, 3, 500, 7, 987, 1500):
        cut.train(steps)
    one, other = whole.snapshot().course, cut.snapshot().course
    assert [record.step for record in one] == [record.step for record in other]
    for mine, theirs in zip(one, other, strict=True):
        assert (mine.histograms == theirs.histograms).all()
        assert (mine.layers[1].gradient_norm == theirs.layers[1].gradient_norm).all()
        assert (mine.dead == theirs.dead).all()


def test_records_lie_close_at_first_and_grow_apart():
    trainer = Trainer(Settings())
    trainer.train(20_000)
    steps = np.array([record.step for record in trainer.snapshot().course])
    assert steps[:6].tolist() == [0, 1, 2, 4, 8, 16]
    gaps = np.diff(steps)
    assert gaps.max() <= 20_000 // 64 + 1
    assert len(steps) < 400


def test_records_of_deep_networks_are_thinned_before_they_take_too_much_memory(monkeypatch):
    monkeypatch.setattr("reluviz.core.course.MOST_BYTES", 0)
    trainer = Trainer(Settings())
    trainer.train(20_000)
    steps = [record.step for record in trainer.snapshot().course]
    assert len(steps) <= LEAST_RECORDS + 1
    assert steps[0] == 0
    assert steps[-1] > 18_000


def test_measuring_large_networks_costs_a_tenth_of_training():
    assert usual_gap(180, 400, 10) == 20
    assert usual_gap(670_000, 4096, 128) == 320


def test_a_training_is_the_same_whether_deaths_are_looked_for_or_not():
    """The rehearsals that find a death leave no trace in the weights."""
    watched, plain = Trainer(DEADLY), Trainer(DEADLY)
    watched.train(500)
    plain._stack.train(500)
    assert (watched._stack.theta == plain._stack.theta).all()
    assert watched.snapshot().runs[0].fates.died_at.max() > 0


def test_the_step_of_every_death_is_right():
    trainer = Trainer(DEADLY)
    trainer.train(400)
    fates = trainer.snapshot().runs[0].fates
    dead = np.flatnonzero(fates.died_at >= 0)
    assert len(dead) >= 5
    slow = Trainer(DEADLY)
    states = [slow.snapshot().runs[0].neurons.dead]
    for _ in range(int(fates.died_at.max())):
        slow.train(1)
        states.append(slow.snapshot(needs=frozenset()).runs[0].neurons.dead)
    for neuron in dead:
        assert states[fates.died_at[neuron]][neuron]
        assert not states[fates.alive_at[neuron]][neuron]
        assert fates.alive_at[neuron] == fates.died_at[neuron] - 1
    assert CAUSES[LARGE_STEP] in {CAUSES[cause] for cause in fates.cause[dead]}


def test_who_was_born_dead_never_lived():
    trainer = Trainer(Settings(runs=(Run(initializer=PlainNormal(sigma=0.1, bias=-20.0)),)))
    trainer.train(50)
    fates = trainer.snapshot().runs[0].fates
    assert (fates.died_at[:24] == 0).all()
    assert (fates.alive_at[:24] == -1).all()
    assert (fates.cause[:24] == BORN).all()
    # Nothing below them learns either, so nothing can bring them back.
    assert not fates.revivable.any()


def test_only_what_a_living_layer_reaches_can_be_revived():
    trainer = Trainer(Settings(network=Network(hidden=(6, 3)), runs=(Run(),)))
    shape, theta = trainer._stack.shape, trainer._stack.theta[0]
    shape.biases(theta, 1)[0] = -1000
    trainer._gauge.course.interrupt(edited=True)
    fates = trainer.snapshot().runs[0].fates
    assert fates.died_at[6] == 0
    assert fates.revivable[6]
    shape.weights(theta, 1)[:, 0] = 0
    assert not trainer.snapshot().runs[0].fates.revivable[6]


@pytest.mark.parametrize("quantity", [Z, ACTIVITY, GRADIENT, WEIGHT])
def test_histograms_count_what_numpy_counts(quantity):
    trainer = Trainer(Settings())
    trainer.train(52)
    snapshot = trainer.snapshot()
    record = snapshot.course[-1]
    assert record.step == snapshot.step
    for run, state in enumerate(snapshot.runs):
        begin = 0
        for layer, units in enumerate(snapshot.shape.sizes[1:]):
            some = slice(begin, begin + units)
            values = (
                state.inside.z[some], state.inside.activity[some], np.abs(state.inside.deltas[some]),
                snapshot.shape.weights(state.theta, layer),
            )[quantity]  # fmt: skip
            begin += units
            edges = value_at(axis(quantity)[1:-1], quantity)
            counts = np.bincount(np.searchsorted(edges, values.ravel(), side="right"), minlength=BINS)
            assert (record.histograms[run, quantity, layer] == counts).all()


def test_places_and_values_belong_together():
    values = np.array([-30.0, -1.0, 0.0, 0.01, 2.5])
    assert value_at(position(values, Z), Z) == pytest.approx(values)
    assert value_at(position(np.abs(values[:2]), GRADIENT), GRADIENT) == pytest.approx(np.abs(values[:2]))
    assert position(0.0, GRADIENT) == axis(GRADIENT)[0]
