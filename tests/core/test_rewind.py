"""Records, keyframes and the past: what is repeated, looked at again or gone on with is the same bit for bit."""

from itertools import pairwise

import numpy as np
import pytest

from reluviz.core import chronicle
from reluviz.core import trainer as trainer_module
from reluviz.core.activations import ELU, LeakyReLU, ReLU, Sigmoid, Tanh
from reluviz.core.layers import BatchNorm
from reluviz.core.optimizers import SGD, Adam
from reluviz.core.record import MOST_ENTRIES, Change
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.surgery import (
    ALL,
    AddNoise,
    Freeze,
    Kill,
    RedrawWeights,
    Revive,
    ScaleWeights,
    SetParameter,
    ShiftBiases,
    SpikeRate,
)
from reluviz.core.trainer import Trainer

SMALL = Settings(
    network=Network(hidden=(5, 4)), runs=(Run(activation=ReLU(), color=0), Run(activation=Tanh(), color=1))
)
LABS = {
    "sgd": SMALL,
    "adam": SMALL.evolve(training=Training(optimizer=Adam(), learning_rate=0.01, dropout=0.2, label_noise=0.1)),
    "normalised": SMALL.evolve(runs=(Run(activation=ReLU(), layer=BatchNorm()),)),
    "double": SMALL.evolve(network=Network(hidden=(6,), precision="float64")),
}


def same(one, other):
    """Whether two trainers are at the same place, in the same state, with the same fates and measures."""
    assert one.step == other.step
    assert one.settings == other.settings
    a, b = one.snapshot(), other.snapshot()
    for left, right in zip(a.runs, b.runs, strict=True):
        for name in ("theta", "running", "frozen", "killed"):
            assert (getattr(left, name) == getattr(right, name)).all(), name
        for name in ("died_at", "alive_at", "cause"):
            assert (getattr(left.fates, name) == getattr(right.fates, name)).all(), name
    assert [record.step for record in a.course] == [record.step for record in b.course]
    assert (a.history.steps == b.history.steps).all()
    assert np.array_equal(a.history.values, b.history.values, equal_nan=True)


def eventful(settings):
    """A course with every kind of edit, changes of the settings, and steps between."""
    trainer = Trainer(settings)
    runs = len(settings.runs)

    def rate(value):
        now = trainer.settings
        return now.evolve(training=now.training.evolve(learning_rate=value))

    deeds = [
        lambda: trainer.operate(ShiftBiases(0, 0, -2.0, number=1)),
        lambda: trainer.adopt(rate(0.02)),
        lambda: trainer.operate(Kill(0, 0, 1, number=2)),
        lambda: trainer.operate(SpikeRate(runs - 1, 20.0, 7, number=3)),
        lambda: trainer.operate(AddNoise(0, ALL, 0.5, 3, number=4)),
        lambda: trainer.take_back(2),
        lambda: trainer.adopt(trainer.settings.evolve(training=trainer.settings.training.evolve(batch_size=17))),
        lambda: trainer.operate(Freeze(0, 0, 2, True, number=5)),
        lambda: trainer.operate(ScaleWeights(runs - 1, 0, 3.0, number=6)),
        lambda: trainer.adopt(trainer.settings.evolve(training=trainer.settings.training.evolve(optimizer=SGD()))),
        lambda: trainer.operate(RedrawWeights(0, 0, "he_normal", 9, number=7)),
        lambda: trainer.operate(Revive(0, 0, 0, number=8)),
        lambda: trainer.operate(SetParameter(0, 0, 3, 1, 0.25, number=9)),
    ]
    marks = [0]
    for number, deed in enumerate(deeds):
        trainer.train(11 + 3 * number)
        marks.append(trainer.step)
        deed()
    trainer.train(120)
    return trainer, marks


@pytest.fixture(params=LABS.values(), ids=list(LABS))
def course(request, monkeypatch):
    monkeypatch.setattr(chronicle, "WORK", 200_000)
    return eventful(request.param)


def test_a_session_repeats_what_was_done(course):
    trainer, _ = course
    again = Trainer(Settings.from_toml(trainer.session.to_toml()))
    for steps in (1, 40, 3, trainer.step - 44):
        again.train(steps)
    assert not again.refusals
    same(trainer, again)
    assert again.session == trainer.session


def test_every_earlier_step_is_as_it_was(course):
    trainer, marks = course
    viewer = None
    for step in (*reversed(marks), 7, 8, 30, *(mark + 1 for mark in marks)):
        live = Trainer(trainer.session)
        live.train(step)
        viewer = trainer.past(step, viewer)
        viewer.replay(step, trainer)
        same(live, viewer)


def test_what_goes_on_from_an_earlier_step_is_what_a_course_without_the_rest_would_be(course):
    trainer, marks = course
    step = marks[6]
    viewer = trainer.past(step)
    viewer.replay(step, trainer)
    viewer.resume(trainer)
    viewer.operate(Kill(0, 0, 3, number=77))
    viewer.train(100)
    again = Trainer(viewer.session)
    again.train(viewer.step)
    same(again, viewer)
    early = viewer.past(step - 5)
    early.replay(step - 5, viewer)
    plain = Trainer(viewer.session)
    plain.train(step - 5)
    same(plain, early)


def test_runs_that_branch_off_go_on_from_the_same_state():
    trainer = Trainer(SMALL)
    trainer.train(60)
    trainer.operate(ShiftBiases(0, 0, -5.0, number=1))
    before = trainer.snapshot()
    hurt = trainer.settings.runs[0]
    runs = (
        *trainer.settings.runs,
        hurt.evolve(color=2, activation=LeakyReLU()),
        hurt.evolve(color=3, activation=ELU()),
        hurt.evolve(color=4, learning_rate=0.001),
    )
    rows = (0, 1, 0, 0, 0)
    trainer.adopt(trainer.settings.evolve(runs=runs), rows=rows)
    after = trainer.snapshot()
    for state, row in zip(after.runs, rows, strict=True):
        assert (state.theta == before.runs[row].theta).all()
    assert (after.history.values[3] == before.history.values[0]).all()
    assert (after.course[1].fires[4] == before.course[1].fires[0]).all()
    trainer.take_back(1)
    trainer.operate(Revive(3, 0, 1, number=5))
    trainer.train(90)
    again = Trainer(Settings.from_toml(trainer.session.to_toml()))
    assert len(again.settings.runs) == 2
    again.train(trainer.step)
    same(trainer, again)
    for step in (20, 60, 61, 100):
        live = Trainer(trainer.session)
        live.train(step)
        viewer = trainer.past(step)
        viewer.replay(step, trainer)
        same(live, viewer)
    # The first two have gone on as if nobody had branched off.
    alone = Trainer(SMALL)
    alone.train(60)
    alone.operate(ShiftBiases(0, 0, -5.0, number=1))
    alone.take_back(1)
    alone.train(90)
    for one, other in zip(alone.snapshot().runs, trainer.snapshot().runs[:2], strict=True):
        assert (one.theta == other.theta).all()


def test_runs_that_were_added_can_be_taken_away_again():
    trainer = Trainer(SMALL)
    trainer.train(30)
    more = trainer.settings.evolve(runs=(*trainer.settings.runs, Run(activation=Sigmoid(), color=3)))
    trainer.adopt(more, rows=(0, 1, 1))
    trainer.train(30)
    trainer.adopt(SMALL, rows=(0, 1))
    trainer.train(30)
    plain = Trainer(SMALL)
    plain.train(90)
    for one, other in zip(plain.snapshot().runs, trainer.snapshot().runs, strict=True):
        assert (one.theta == other.theta).all()
    viewer = trainer.past(45)
    viewer.replay(45, trainer)
    assert len(viewer.snapshot().runs) == 3


def test_a_rate_spike_ends_by_itself():
    spiked, slow = Trainer(SMALL), Trainer(SMALL)
    for trainer, factor in ((spiked, 0.0), (slow, 1.0)):
        trainer.train(10)
        trainer.operate(SpikeRate(0, factor, 5))
    before = spiked.snapshot().runs[0].theta
    spiked.train(5)
    assert (spiked.snapshot().runs[0].theta == before).all()
    spiked.train(1)
    assert (spiked.snapshot().runs[0].theta != before).any()


def test_changes_before_the_first_step_and_changes_of_one_step_make_no_long_record():
    trainer = Trainer(SMALL)
    trainer.adopt(SMALL.evolve(training=Training(learning_rate=0.3)))
    assert trainer.session.record == ()
    trainer.train(5)
    for rate in (0.1, 0.2, 0.4):
        trainer.adopt(SMALL.evolve(training=Training(learning_rate=rate)))
    assert trainer.session.record == (Change(step=5, training=Training(learning_rate=0.3)),)


def test_a_live_change_ends_what_was_to_be_repeated_and_says_so():
    trainer = Trainer(SMALL)
    trainer.train(20)
    trainer.operate(Kill(0, 0, 0))
    again = Trainer(trainer.session)
    again.train(10)
    again.adopt(SMALL.evolve(training=Training(learning_rate=0.3)))
    assert again.refusals == ["1 recorded edits and changes that were still to come are not repeated"]
    again.train(20)
    assert not again.snapshot().runs[0].killed.any()


def test_an_edit_that_is_still_to_be_repeated_can_be_taken_back():
    trainer = Trainer(SMALL)
    trainer.train(20)
    trainer.operate(Kill(0, 0, 0, number=3))
    trainer.operate(Kill(0, 0, 1, number=4))
    again = Trainer(trainer.session)
    again.train(5)
    assert again.take_back(3)
    assert not again.take_back(3)
    assert [entry.number for entry in again.session.record] == [4]
    again.train(20)
    assert again.snapshot().runs[0].killed.nonzero()[0].tolist() == [1]


def test_an_edit_of_a_session_that_does_not_fit_is_named_and_left_out():
    trainer = Trainer(SMALL.evolve(record=(Kill(0, 0, 400, step=3), Kill(0, 0, 1, step=4))))
    trainer.train(10)
    reason = "neuron 401 of layer 1 cannot be edited: there is none"
    assert trainer.refusals == [f"an edit of step 3 could not be repeated: {reason}"]
    assert trainer.snapshot().runs[0].killed.sum() == 1


def test_keyframes_stay_within_their_memory(monkeypatch):
    monkeypatch.setattr(chronicle, "WORK", 20_000)
    monkeypatch.setattr(chronicle, "MOST_BYTES", 150_000)
    trainer = Trainer(SMALL)
    trainer.train(4000)
    kept = trainer._chronicle
    assert kept.nbytes <= 1.2 * chronicle.MOST_BYTES
    steps = [each.step for each in kept._keyframes]
    assert steps[0] == 0
    gaps = [after - before for before, after in pairwise(steps)]
    assert max(gaps) <= 2 * min(gaps) + 64


def test_a_full_record_takes_no_more_and_says_so(monkeypatch):
    monkeypatch.setattr(trainer_module, "MOST_ENTRIES", 20)
    trainer = Trainer(SMALL)
    trainer.train(1)
    for number in range(20):
        trainer.operate(SetParameter(0, 0, 0, 0, float(number), number=number))
    with pytest.raises(ValueError, match="reset to begin anew"):
        trainer.operate(Kill(0, 0, 0))
    with pytest.raises(ValueError, match="reset to begin anew"):
        trainer.adopt(SMALL.evolve(training=Training(learning_rate=0.3)))
    assert trainer.settings == SMALL
    assert len(trainer.session.record) == 20


def test_a_record_that_is_too_long_for_a_file_is_left_out_of_it():
    entries = tuple(SetParameter(0, 0, 0, 0, float(k), step=k, number=k) for k in range(MOST_ENTRIES))
    assert not SMALL.evolve(record=entries).storable
    assert Settings.from_toml(SMALL.evolve(record=entries).to_toml()) == SMALL
    some = SMALL.evolve(record=entries[:2000])
    assert some.storable
    assert Settings.from_toml(some.to_toml()) == some
