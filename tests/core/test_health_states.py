"""The states of neurons on hand-made measurements, and deaths in words."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from reluviz.core.fates import BORN, CAUSES, LARGE_STEP
from reluviz.core.health import STATES, UNKNOWN, Thresholds, fate_words, recorded_states, states
from reluviz.core.snapshot import Fates, Neurons, Record

# Rows: fires, zeros, saturated at each level, dead; the last is the output.
ROWS = (
    (0.5, 0.5, (0.5, 0.5, 0.5), False),
    (0.0, 1.0, (1.0, 1.0, 1.0), True),
    (0.005, 0.995, (0.995, 0.995, 0.995), False),
    (1.0, 0.0, (0.3, 0.95, 1.0), False),
    (0.05, 0.95, (0.95, 0.95, 0.95), False),
    (0.0, 0.0, (1.0, 1.0, 1.0), False),
    (0.0, 1.0, (1.0, 1.0, 1.0), False),
)
EXPECTED = ["active", "dead", "dormant", "saturated", "active", "dormant"]


def neurons():
    fires, zeros, saturated, dead = (np.array(column) for column in zip(*ROWS, strict=True))
    blank = np.zeros(len(ROWS), np.float32)
    return Neurons(
        layer=np.array([0] * 6 + [1]), bias=blank, mean=blank, fires=fires.astype(np.float32), largest_slope=blank,
        dead=dead, silent=dead, scale=blank, zeros=zeros.astype(np.float32), saturated=saturated.astype(np.float32),
        highest=blank,
    )  # fmt: skip


def measured(runs, *lost):
    """Layers of so many runs, of which only the mean activity counts: NaN in the runs that are lost."""
    means = ([np.nan if run in lost else 0.0, 0.0] for run in range(runs))
    return tuple(SimpleNamespace(activation_mean=np.array(mean)) for mean in means)


def named(found):
    return [STATES[state] for state in found]


def test_states_go_by_the_thresholds():
    assert named(states(neurons(), 1, Thresholds())) == EXPECTED
    assert named(states(neurons(), 1, Thresholds(level=0)))[3] == "active"
    assert named(states(neurons(), 1, Thresholds(share=0.96)))[3] == "active"
    assert named(states(neurons(), 1, Thresholds(level=2, share=1.0)))[3] == "saturated"
    assert named(states(neurons(), 1, Thresholds(dormant=0.1)))[4] == "dormant"
    assert named(states(neurons(), 1, Thresholds(dormant=0.0)))[2:] == ["active", "saturated", "active", "saturated"]
    assert named(states(neurons(), 1, Thresholds(dormant=0.0)))[1] == "dead"


def test_a_record_gives_the_same_states():
    now = neurons()
    both = [np.array([field, field[::-1]]) for field in (now.fires, now.zeros, now.saturated[:, 1], now.dead)]
    fires, zeros, saturated = (field.astype(np.float16) for field in both[:3])
    record = Record(0, 0.0, measured(2), fires, zeros, saturated, both[3], np.zeros(0))
    found = recorded_states(record, now.layer, Thresholds())
    assert found.shape == (2, 6)
    assert found.dtype == np.int8
    assert named(found[0]) == EXPECTED
    assert named(found[1]) == ["dormant", *EXPECTED[:0:-1]]


@pytest.mark.parametrize("revivable", [True, False])
def test_fates_in_words(revivable):
    fates = Fates(np.array([1234, 0, -1]), np.array([1233, -1, -1]), np.array([LARGE_STEP, BORN, -1]),
                  np.array([revivable, False, False]))  # fmt: skip
    hope = "an earlier layer can revive it" if revivable else "no earlier layer can revive it"
    assert fate_words(fates, 0) == f"died at step 1\u202f234 (alive at 1\u202f233): one large step; {hope}"
    assert fate_words(fates, 1) == f"born dead: {CAUSES[BORN]}"
    assert fate_words(fates, 2) == ""


def test_a_share_that_equals_a_threshold_is_the_same_in_a_record_and_now():
    """Every share of 400 samples as a threshold, against whole numbers of samples."""
    count = np.arange(401)
    blank = np.zeros(401, np.float32)
    zeros = np.where(count > 200, 7, 0)
    flat = np.maximum(count, zeros)
    now = Neurons(
        layer=np.append(np.zeros(400, int), 1), bias=blank, mean=blank, fires=(count / 400).astype(np.float32),
        largest_slope=blank, dead=np.zeros(401, bool), silent=np.zeros(401, bool), scale=blank,
        zeros=(zeros / 400).astype(np.float32),
        saturated=np.stack([flat / 400] * 3, axis=1).astype(np.float32), highest=blank,
    )  # fmt: skip
    half = [field.astype(np.float16)[None] for field in (now.fires, now.zeros, now.saturated[:, 1])]
    record = Record(0, 0.0, measured(1), *half, now.dead[None], np.zeros(0))
    for least in range(1, 401):
        thresholds = Thresholds(dormant=least / 400, share=least / 400)
        expected = np.where(count < least, "dormant", np.where(flat - zeros >= least, "saturated", "active"))
        assert named(states(now, 1, thresholds)) == expected[:-1].tolist()
        assert named(recorded_states(record, now.layer, thresholds)[0]) == expected[:-1].tolist()


@pytest.mark.parametrize("wrong", [{"dormant": -0.1}, {"dormant": 1.5}, {"dormant": float("nan")}, {"level": 3},
                                   {"level": -1}, {"share": 0.0}, {"share": 1.01}])  # fmt: skip
def test_thresholds_that_mean_nothing_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Thresholds(**wrong)


def test_what_is_not_a_number_has_no_state():
    """It fires on no sample, for NaN is above nothing, but that makes it neither dormant nor silent."""
    now = neurons()
    mean = np.array([0, 0, 0, 0, 0, np.nan, 0], np.float32)
    assert states(replace(now, mean=mean), 1, Thresholds()).tolist()[-1] == UNKNOWN
    assert UNKNOWN not in states(now, 1, Thresholds())
    fields = [np.array([field, field]) for field in (now.fires, now.zeros, now.saturated[:, 1], now.dead)]
    record = Record(0, 0.0, measured(2, 1), *fields, np.zeros(0))
    found = recorded_states(record, now.layer, Thresholds())
    assert (found[0] != UNKNOWN).all()
    assert (found[1] == UNKNOWN).all()
