"""The loop without a thread: what it is told, what it says, what it leaves in the mailbox."""

import numpy as np
import pytest

from reluviz.core.datasets import DATASETS
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.trainer import Trainer
from reluviz.engine.loop import training_loop
from reluviz.engine.messages import (
    FASTEST,
    Adopt,
    Advance,
    Diverged,
    Failed,
    Look,
    Pause,
    Play,
    Playing,
    Restart,
    Restarted,
    SetSpeed,
    Stop,
)
from reluviz.engine.wires import Wires


class Desk:
    """A loop with its wires, and the last snapshot seen."""

    def __init__(self, settings=None):
        self.wires = Wires()
        self.loop = training_loop(self.wires, settings or Settings())
        self.snapshot = None
        self.events = []

    def tell(self, *commands):
        for command in commands:
            self.wires.commands.put(command)
        return self

    def turn(self, turns=1):
        for _ in range(turns):
            next(self.loop, None)
            self.snapshot = self.wires.frames.take() or self.snapshot
            while not self.wires.events.empty():
                self.events.append(self.wires.events.get())
        return self

    def until(self, step):
        while self.snapshot is None or self.snapshot.step < step:
            self.turn()
        return self


def test_a_paused_lab_shows_step_zero_once():
    desk = Desk().turn(3)
    assert desk.snapshot.step == 0
    assert desk.wires.frames.empty
    assert desk.events == []


def test_one_step_and_one_epoch():
    desk = Desk().tell(Advance(1)).turn(3)
    assert desk.snapshot.step == 1
    desk.tell(Advance(epoch=True)).until(30)
    assert desk.snapshot.step == 30
    assert desk.snapshot.epoch == 1.0
    assert desk.events == [Playing(True), Playing(False)] * 2


def test_play_pause_and_restart():
    desk = Desk().tell(SetSpeed(FASTEST), Play()).until(500)
    desk.tell(Pause()).turn(2)
    step = desk.snapshot.step
    assert desk.turn(3).snapshot.step == step
    desk.tell(Restart()).turn(2)
    assert desk.snapshot.step == 0
    assert Restarted("reset to the same start") in desk.events


@pytest.mark.parametrize("speed", [100_000.0, FASTEST])
def test_any_speed_gives_the_same_course_as_the_library(speed):
    desk = Desk().tell(SetSpeed(speed), Play()).until(300)
    desk.tell(Pause()).turn(2)
    trainer = Trainer(Settings())
    trainer.train(desk.snapshot.step)
    wanted = trainer.snapshot()
    np.testing.assert_array_equal(desk.snapshot.history.values, wanted.history.values)
    np.testing.assert_array_equal(desk.snapshot.runs[0].activity, wanted.runs[0].activity)
    assert desk.snapshot.runs[1].metrics == wanted.runs[1].metrics


def test_slow_speed_keeps_its_pace():
    desk = Desk().tell(SetSpeed(1.0), Play()).turn(50)
    assert desk.snapshot.step <= 2


def test_a_fast_slider_costs_one_rebuild():
    desk = Desk().turn()
    base = Settings()
    edits = [Adopt(base.evolve(network=Network(hidden=(n,)))) for n in range(1, 40)]
    desk.tell(*edits).turn(2)
    assert desk.snapshot.settings.network.hidden == (39,)
    assert [event for event in desk.events if isinstance(event, Restarted)] == [Restarted("the hidden layers changed")]


def test_live_settings_do_not_restart():
    desk = Desk().tell(Advance(20)).until(20)
    desk.tell(Adopt(Settings().evolve(training=Training(learning_rate=0.5)))).turn(2)
    assert desk.snapshot.step == 20
    assert desk.snapshot.settings.training.learning_rate == 0.5
    assert not any(isinstance(event, Restarted) for event in desk.events)


def test_divergence_is_said_once_and_the_others_go_on():
    wild = Settings(data=DATASETS["plane"](), runs=(Run(learning_rate=1e-3), Run(learning_rate=10.0, color=1)))
    desk = Desk(wild).tell(SetSpeed(FASTEST), Play()).until(2000)
    said = [event for event in desk.events if isinstance(event, Diverged)]
    assert len(said) == 1
    assert said[0].run == 1
    assert Playing(False) not in desk.events
    assert desk.snapshot.runs[1].divergence is not None


def test_play_stops_when_nothing_is_left_to_train():
    wild = Settings(data=DATASETS["plane"](), runs=(Run(learning_rate=10.0),))
    desk = Desk(wild).tell(SetSpeed(FASTEST), Play()).turn(50)
    assert desk.events[-1] == Playing(False)


def test_only_the_runs_looked_at_are_probed():
    desk = Desk().tell(Look((1,), (1, 5))).turn(2)
    assert desk.snapshot.runs[0].activity.shape == (0, 0)
    assert desk.snapshot.runs[0].field.shape == (2500, 1)
    assert desk.snapshot.runs[1].activity.shape == (25, 2500)
    assert desk.snapshot.closeup.neuron == 5


def test_a_failure_is_an_event_and_the_loop_survives_it(monkeypatch):
    desk = Desk().turn()

    def broken(self, steps):
        raise RuntimeError("the disk of numbers is full")

    monkeypatch.setattr(Trainer, "train", broken)
    desk.tell(Advance(1)).turn()
    failed = [event for event in desk.events if isinstance(event, Failed)]
    assert "the disk of numbers is full" in failed[0].sentence
    assert "Traceback" in failed[0].trace
    monkeypatch.undo()
    assert desk.tell(Advance(1)).turn(3).snapshot.step == 1


def test_stop_ends_the_loop():
    desk = Desk().tell(Stop()).turn()
    assert list(desk.loop) == []
