"""Edits by hand through the loop: made and taken back at once, refused in words, and costing the others nothing."""

import pytest

from reluviz.core.settings import Settings
from reluviz.core.snapshot import INSIDE, NEEDS, WEIGHTS
from reluviz.core.surgery import BIAS, Kill, SetParameter
from reluviz.engine.loop import training_loop
from reluviz.engine.messages import Advance, Edited, Look, Operate, Playing, Recorded, Refused, Restart, TakeBack
from reluviz.engine.wires import Wires


@pytest.fixture
def ask():
    """Send commands to a loop, turn it, and give the events and the last snapshot."""
    wires = Wires()
    loop = training_loop(wires, Settings())

    def tell(*commands, turns=3):
        for command in commands:
            wires.commands.put(command)
        events, snapshot = [], None
        for _ in range(turns):
            next(loop)
            snapshot = wires.frames.take() or snapshot
            while not wires.events.empty():
                events.append(wires.events.get())
        return [event for event in events if not isinstance(event, (Playing, Recorded))], snapshot

    return tell


def test_an_edit_is_seen_in_the_next_snapshot_and_taken_back(ask):
    look = Look(needs=frozenset({WEIGHTS}))
    _, before = ask(look)
    events, snapshot = ask(Operate(SetParameter(1, 3, 0, BIAS, 0.5), 4))
    assert events == [Edited(0)]
    state, shape = snapshot.runs[1], snapshot.shape
    assert shape.biases(state.theta, 3)[0] == 0.5
    events, snapshot = ask(TakeBack(4))
    assert events == [Edited(0, undone=True)]
    assert (snapshot.runs[1].theta == before.runs[1].theta).all()


def test_what_belongs_to_a_course_that_was_started_over_is_not_taken_back(ask):
    ask(Operate(Kill(0, 0, 0), 1), Advance(5))
    events, snapshot = ask(Restart(), TakeBack(1))
    assert Edited(0, undone=True, known=False) in events
    assert not snapshot.runs[0].killed.any()


def test_an_edit_of_what_is_not_there_is_refused_and_training_goes_on(ask):
    events, _ = ask(Operate(Kill(5, 0, 0), 1))
    assert isinstance(events[0], Refused)
    assert "the lab has 2" in events[0].sentence
    _, snapshot = ask(Advance(3), turns=6)
    assert snapshot.step == 3


@pytest.mark.parametrize("needs", [frozenset(), frozenset({INSIDE}), NEEDS], ids=["nothing", "inside", "all"])
def test_a_snapshot_holds_what_some_view_draws_and_no_more(ask, needs):
    _, snapshot = ask(Look(needs=needs))
    state = snapshot.runs[0]
    assert bool(state.inside.z.size) == (INSIDE in needs)
    assert bool(state.theta.size) == (WEIGHTS in needs)
    assert len(snapshot.course) == 1
