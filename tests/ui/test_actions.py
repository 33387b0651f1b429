"""What makes sense when, and in which words: decisions without a window."""

import math

import pytest

from reluviz.engine.messages import DEFAULT_SPEED
from reluviz.ui.actions import DEEDS, Situation, enabled_actions, play_words
from reluviz.ui.appearance import chosen_dark
from reluviz.ui.lab import SPEEDS
from reluviz.ui.status import Moment, Rate, rate_text, state_words
from reluviz.ui.toolbar import nearest_stop, speed_text


def test_shortcuts_are_given_once():
    keys = [key for deed in DEEDS for key in deed.shortcuts]
    assert len(keys) == len(set(keys))
    assert len({deed.key for deed in DEEDS}) == len(DEEDS)
    assert all(deed.help and deed.title for deed in DEEDS)


def test_steps_make_sense_only_while_paused():
    assert {"step", "epoch", "play", "reset"} <= enabled_actions(Situation())
    assert not {"step", "epoch"} & enabled_actions(Situation(playing=True))
    assert {"play", "reset", "new_seed"} <= enabled_actions(Situation(playing=True))


@pytest.mark.parametrize("undo", [True, False])
@pytest.mark.parametrize("redo", [True, False])
def test_undo_and_redo_follow_the_stack(undo, redo):
    found = enabled_actions(Situation(can_undo=undo, can_redo=redo))
    assert ("undo" in found, "redo" in found) == (undo, redo)


def test_the_play_button_says_what_it_will_do():
    assert play_words(False)[0] == "&Train"
    assert play_words(True)[0] == "&Pause"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (Moment(), "Starting the engine"),
        (Moment(preparing=(3, 7)), "Preparing the engine, once per machine: 3 of 7"),
        (Moment(ready=True, preparing=(7, 7)), "Paused · press Space to train"),
        (Moment(ready=True, playing=True), "Training"),
        (Moment(ready=True, playing=True, diverged=("ReLU diverged",)), "ReLU diverged; the other runs go on"),
        (Moment(ready=True, diverged=("A diverged", "B diverged")), "A diverged; B diverged"),
    ],
)
def test_the_state_in_words(moment, words):
    assert state_words(moment)[0] == words


def test_a_rate_is_measured_and_starts_anew_after_a_reset():
    rate = Rate()
    rate.note(0, 10.0)
    rate.note(150, 10.5)
    assert rate.value == 300
    rate.note(3, 11.0)
    rate.note(53, 11.5)
    assert rate.value == 100


@pytest.mark.parametrize(("rate", "text"), [(0, "0"), (299.6, "300"), (1234, "1\u202f234"), (432_100, "432\u202fk")])
def test_rates_in_words(rate, text):
    assert rate_text(rate) == text


def test_every_speed_is_a_stop_with_a_name():
    assert DEFAULT_SPEED in SPEEDS
    assert [nearest_stop(speed) for speed in SPEEDS] == list(range(len(SPEEDS)))
    assert nearest_stop(250.0) == SPEEDS.index(300.0)
    assert speed_text(1.0) == "1 step/s"
    assert speed_text(10_000.0) == "10\u202f000 steps/s"
    assert speed_text(math.inf) == "as fast as possible"


@pytest.mark.parametrize(
    ("choice", "scheme", "palette_dark", "dark"),
    [
        ("dark", "light", False, True),
        ("light", "dark", True, False),
        ("system", "dark", False, True),
        ("system", "light", True, False),
        ("system", "unknown", True, True),
        ("system", "unknown", False, False),
    ],
)
def test_light_or_dark(choice, scheme, palette_dark, dark):
    assert chosen_dark(choice, scheme, palette_dark) is dark
