"""Loss landscapes beside training: the loop goes on, tells how far it is, and can be told to stop."""

import numpy as np
from test_loop import Desk

from reluviz.core.activations import ReLU, Sigmoid
from reluviz.core.landscape import PATH, PLANE, Wish
from reluviz.core.settings import Network, Run, Settings
from reluviz.core.snapshot import LANDSCAPE, NEEDS
from reluviz.core.survey import Losses
from reluviz.core.trainer import Trainer
from reluviz.engine.messages import FASTEST, Adopt, Advance, Explore, Failed, Look, Play, Playing, Refused, Restart
from reluviz.engine.messages import SetSpeed as Speed

WISH = Wish(1, PLANE, 101)


def turned(desk, wanted):
    """Turn until the snapshot is as wanted: now and then one is left out, for they take time."""
    for _ in range(5000):
        if wanted(desk.turn().snapshot):
            return desk
    raise AssertionError("it never came")


def found(snapshot):
    """Whether there is a landscape."""
    return snapshot.landscape is not None


def surveying(snapshot):
    """Whether one is being computed."""
    return snapshot.survey >= 0


def goes_on(desk):
    """Whether training does."""
    step = desk.snapshot.step
    return turned(desk, lambda snapshot: snapshot.step > step)


def test_a_paused_lab_computes_a_landscape_and_tells_how_far_it_is():
    desk = turned(Desk().tell(Advance(30)).until(30).tell(Explore(WISH)), surveying)
    assert 0 < desk.snapshot.survey < 1
    assert desk.snapshot.landscape is None
    shares = []
    while desk.snapshot.survey >= 0:
        shares.append(desk.turn().snapshot.survey)
    assert len(set(shares)) > 5
    assert shares[:-1] == sorted(shares[:-1])
    seen = desk.snapshot.landscape
    assert (seen.run, seen.kind, seen.step) == (1, PLANE, 30)
    trainer = Trainer(Settings())
    trainer.train(30)
    survey = trainer.survey(WISH)
    survey.advance(101**2)
    np.testing.assert_array_equal(seen.losses, survey.landscape.losses)
    assert not next(desk.loop)


def test_training_goes_on_meanwhile_and_after_a_cancel():
    desk = turned(Desk().tell(Speed(FASTEST), Play()).until(100).tell(Explore(WISH)), surveying)
    assert surveying(goes_on(desk).snapshot)
    turned(desk.tell(Explore(None)), lambda snapshot: not surveying(snapshot))
    assert desk.snapshot.landscape is None
    goes_on(desk)
    assert desk.events == [Playing(True)]


def test_a_restart_drops_what_was_found_and_what_was_not():
    desk = turned(Desk().tell(Advance(9), Explore(Wish(0, PLANE, 11))), found)
    desk.tell(Explore(WISH)).turn().tell(Restart()).turn(2)
    assert desk.snapshot.survey == -1
    assert desk.snapshot.landscape is None


def test_an_exchanged_activation_ends_the_survey_and_keeps_the_landscape():
    lab = Settings(network=Network(hidden=(4,)), runs=(Run(activation=Sigmoid()),))
    desk = turned(Desk(lab).tell(Advance(9), Explore(Wish(0, PLANE, 11))), found)
    desk.tell(Explore(Wish(0, PLANE, 101))).turn()
    desk.tell(Adopt(lab.evolve(runs=(Run(activation=ReLU()),)), swap=True)).turn(2)
    assert desk.snapshot.survey == -1
    assert desk.snapshot.landscape is not None


def test_what_cannot_be_computed_is_refused():
    desk = Desk().tell(Explore(Wish(0, PATH))).turn(2)
    assert [type(event) for event in desk.events] == [Refused]
    assert desk.snapshot.survey == -1


def test_a_failing_survey_is_an_event_and_training_goes_on(monkeypatch):
    def broken(self, theta):
        raise MemoryError("no room for a landscape")

    monkeypatch.setattr(Losses, "at", broken)
    desk = Desk().tell(Speed(FASTEST), Play(), Explore(WISH)).turn(3)
    failed = [event for event in desk.events if isinstance(event, Failed)]
    assert "no room for a landscape" in failed[0].sentence
    assert "Traceback" in failed[0].trace
    assert Playing(False) not in desk.events
    goes_on(desk)


def test_a_view_that_needs_a_landscape_does_not_make_the_loop_wait(monkeypatch):
    def never(self, theta):
        raise AssertionError("computed on the way to a snapshot")

    monkeypatch.setattr(Losses, "at", never)
    desk = Desk().tell(Look((), None, NEEDS | {LANDSCAPE})).turn(2)
    assert desk.snapshot.landscape is None
    assert not desk.events
