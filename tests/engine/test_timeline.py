"""Going back through the loop: every earlier step is shown, gone on from or left again; records are told."""

import pytest

from reluviz.core.settings import Settings
from reluviz.core.snapshot import NEEDS
from reluviz.core.surgery import Kill
from reluviz.engine.loop import training_loop
from reluviz.engine.messages import (
    Adopt,
    Advance,
    Branched,
    Continue,
    Look,
    Operate,
    Playing,
    Recorded,
    Refused,
    Restart,
    Reunite,
    Seek,
    SetSpeed,
)
from reluviz.engine.wires import Wires


@pytest.fixture
def ask():
    """Send commands to a loop, turn it until it has nothing to do, and give the events and the last snapshot."""
    wires = Wires()
    loop = training_loop(wires, Settings())

    def tell(*commands):
        for command in commands:
            wires.commands.put(command)
        events, snapshot = [], None
        for _ in range(400):
            busy = next(loop)
            snapshot = wires.frames.take() or snapshot
            while not wires.events.empty():
                events.append(wires.events.get())
            if not busy:
                break
        return [event for event in events if not isinstance(event, Playing)], snapshot

    tell(Look(needs=NEEDS), SetSpeed(float("inf")))
    return tell


def theta(snapshot):
    return snapshot.runs[1].theta


def test_an_earlier_step_is_shown_as_it_was_and_the_present_stays(ask):
    _, early = ask(Advance(120))
    _, late = ask(Advance(200))
    _, shown = ask(Seek(120))
    assert (shown.step, shown.present) == (120, 320)
    assert (theta(shown) == theta(early)).all()
    assert shown.history.steps[-1] <= 120
    _, shown = ask(Advance(3))
    assert (shown.step, shown.present) == (123, 320)
    _, shown = ask(Seek(None))
    assert (shown.step, shown.present) == (320, -1)
    assert (theta(shown) == theta(late)).all()
    _, shown = ask(Seek(318), Advance(9))
    assert (shown.step, shown.present) == (320, -1)


def test_only_the_last_of_many_places_is_gone_to(ask):
    ask(Advance(300))
    _, shown = ask(*(Seek(step) for step in range(300)))
    assert shown.step == 299


def test_going_on_from_an_earlier_step_and_back_to_the_course_that_was_left(ask):
    ask(Advance(100))
    ask(Operate(Kill(0, 0, 1), 4))
    _, late = ask(Advance(100))
    events, shown = ask(Seek(60), Continue(7))
    assert Branched(60) in events
    assert next(event for event in events if isinstance(event, Recorded)).session.record == ()
    assert (shown.step, shown.present) == (60, -1)
    ask(Advance(10))
    events, shown = ask(Reunite(7))
    assert Branched(200) in events
    assert (theta(shown) == theta(late)).all()
    assert len(next(event for event in events if isinstance(event, Recorded)).session.record) == 1
    _, shown = ask(Reunite(7))
    assert shown.step == 70
    for command in (Reunite(8), Continue(9)):
        events, _ = ask(command)
        assert isinstance(events[0], Refused)


def test_what_is_done_to_the_networks_is_told_and_can_be_repeated(ask):
    ask(Advance(50))
    events, _ = ask(Operate(Kill(0, 0, 1), 4))
    session = next(event for event in events if isinstance(event, Recorded)).session
    assert session.record == (Kill(0, 0, 1, step=50, number=4),)
    _, late = ask(Advance(40))
    _, shown = ask(Restart(repeat=True))
    assert shown.step == 0
    _, shown = ask(Advance(90))
    assert (theta(shown) == theta(late)).all()
    assert shown.runs[0].killed[1]
    events, shown = ask(Restart())
    assert next(event for event in events if isinstance(event, Recorded)).session.record == ()
    _, shown = ask(Adopt(session, restart=True), Advance(90))
    assert shown.runs[0].killed[1]


def test_a_change_of_the_settings_while_training_is_told_with_its_step(ask):
    ask(Advance(50))
    training = Settings().training
    events, _ = ask(Adopt(Settings(training=training.evolve(learning_rate=0.3)), serial=3))
    told = next(event for event in events if isinstance(event, Recorded))
    assert told.serial == 3
    assert told.settings.training.learning_rate == 0.3
    assert [(entry.step, entry.training) for entry in told.session.record] == [(50, training)]
    ask(Advance(20))
    _, shown = ask(Seek(49))
    assert shown.settings.training == training
    _, shown = ask(Seek(55))
    assert shown.settings.training.learning_rate == 0.3


def test_runs_branch_off_through_the_loop(ask):
    ask(Advance(50))
    settings = Settings()
    more = settings.evolve(runs=(*settings.runs, settings.runs[1].evolve(color=2, learning_rate=0.01)))
    _, shown = ask(Adopt(more, rows=(0, 1, 1)))
    assert (shown.runs[2].theta == theta(shown)).all()
    _, shown = ask(Advance(50))
    assert (shown.runs[2].theta != theta(shown)).any()
    _, shown = ask(Seek(20))
    assert len(shown.runs) == 2


def test_a_change_that_follows_at_once_does_not_swallow_a_branch_or_a_record(ask):
    ask(Advance(30))
    settings = Settings()
    more = settings.evolve(runs=(*settings.runs, settings.runs[1].evolve(color=2)))
    quick = settings.training.evolve(learning_rate=0.3)
    _, shown = ask(Adopt(more, rows=(0, 1, 1)), Adopt(more.evolve(training=quick)))
    assert (shown.step, len(shown.runs)) == (30, 3)
    assert (shown.runs[2].theta == theta(shown)).all()
    recorded = settings.evolve(record=(Kill(0, 0, 1, step=2),))
    ask(Adopt(recorded, restart=True), Adopt(settings.evolve(training=quick)))
    _, shown = ask(Advance(5))
    assert shown.runs[0].killed[1]
    assert shown.settings.training == quick
