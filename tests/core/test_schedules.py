"""Every schedule against its formula, its compiled twin, and the warm-up before it."""

import math
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reluviz.core.kernel_plan import HYPER, RATE, SCHEDULE, SCHEDULE_FIRST, WARMUP
from reluviz.core.kernel_schedule import rate_at as compiled_rate_at
from reluviz.core.param import parameters
from reluviz.core.schedules import MOST_STEPS, SCHEDULES, Constant, Cosine, Exponential, StepDecay, rate_at

SAMPLES = (
    Constant(),
    StepDecay(every=7, gamma=0.3),
    StepDecay(every=1, gamma=1.0),
    StepDecay(every=100, gamma=0.999),
    Exponential(half_life=13),
    Exponential(half_life=MOST_STEPS),
    Cosine(steps=50),
    Cosine(steps=1, floor=0.25),
    Cosine(steps=333, floor=0.1),
)
samples = pytest.mark.parametrize("schedule", SAMPLES, ids=repr)
entries = pytest.mark.parametrize("kind", SCHEDULES.values(), ids=list(SCHEDULES))
STEPS = (*range(60), 99, 332, 333, 334, 1000, 12_345, 10_000_000)


def row(base, schedule, warmup, dtype):
    """The run's row of hyper-parameters."""
    hyper = np.zeros(HYPER, dtype)
    hyper[RATE], hyper[WARMUP], hyper[SCHEDULE] = base, warmup, schedule.code
    values = schedule.values()
    hyper[SCHEDULE_FIRST : SCHEDULE_FIRST + len(values)] = values
    return hyper


def test_the_table():
    assert list(SCHEDULES) == ["constant", "step", "exponential", "cosine"]
    assert sorted(kind.code for kind in SCHEDULES.values()) == [0, 1, 2, 3]


@entries
def test_an_entry_can_be_stored_and_fits_the_kernel(kind):
    assert msgspec.json.decode(msgspec.json.encode(kind()), type=kind) == kind()
    assert msgspec.to_builtins(kind())["name"] == kind.key
    assert len(parameters(kind)) <= 3
    assert kind().factor(0) == 1.0
    # Every allowed number of steps is exact in the kernel's float32.
    assert np.float32(MOST_STEPS) == MOST_STEPS < 2**24


@samples
def test_a_schedule_never_rises(schedule):
    factors = [schedule.factor(step) for step in STEPS]
    assert all(0 <= later <= earlier <= 1 for earlier, later in pairwise(factors))


def test_step_drops_at_the_multiple():
    schedule = StepDecay(every=10, gamma=0.5)
    assert [schedule.factor(step) for step in (0, 9, 10, 19, 20, 35)] == [1, 1, 0.5, 0.5, 0.25, 0.125]


def test_exponential_halves_in_a_half_life():
    schedule = Exponential(half_life=10)
    assert [schedule.factor(step) for step in (0, 10, 20)] == [1, 0.5, 0.25]
    assert schedule.factor(5) == pytest.approx(math.sqrt(0.5), rel=1e-15)


def test_cosine_follows_the_paper_and_stays_at_the_floor():
    # Loshchilov & Hutter 2017, equation 5: η_min + (η_max - η_min)(1 + cos(π T_cur / T)) / 2.
    schedule = Cosine(steps=12, floor=0.2)
    half = (1 + math.sqrt(0.5)) / 2
    expected = [1, 0.2 + 0.8 * half, 0.2 + 0.8 * 0.75, 0.6, 0.4, 0.2, 0.2, 0.2]
    steps = (0, 3, 4, 6, 8, 12, 13, 10**9)
    np.testing.assert_allclose([schedule.factor(step) for step in steps], expected, rtol=1e-15)
    assert schedule.factor(12) == schedule.factor(10**9) == 0.2
    assert Cosine(steps=3).factor(3) == 0.0


@samples
def test_warm_up_is_a_ramp_under_the_schedule(schedule):
    for step in range(20):
        scheduled = 0.3 * schedule.factor(step)
        assert rate_at(0.3, schedule, 0, step) == scheduled
        assert rate_at(0.3, schedule, 1, step) == scheduled
        assert rate_at(0.3, schedule, 8, step) == pytest.approx(scheduled * min(1, (step + 1) / 8), rel=1e-15)
    assert rate_at(0.4, Constant(), 4, 0) == 0.1


@pytest.mark.parametrize("warmup", [0, 1, 10])
@samples
def test_the_kernel_gives_the_same_rate(schedule, warmup):
    hyper, hyper32 = row(0.1, schedule, warmup, np.float64), row(0.1, schedule, warmup, np.float32)
    for step in STEPS:
        wanted = rate_at(0.1, schedule, warmup, step)
        # math.cos and pow of another library may differ by an ulp.
        assert compiled_rate_at(hyper, step) == pytest.approx(wanted, rel=1e-15, abs=1e-300)
        if step < 100:
            # The rate and γ were rounded to float32 before.
            power = step // schedule.every if isinstance(schedule, StepDecay) else 0
            assert compiled_rate_at(hyper32, step) == pytest.approx(wanted, rel=(2 + power) * 6e-8, abs=1e-12)


@given(st.sampled_from(SAMPLES[:5]), st.sampled_from([0, 5, 1000]), st.integers(0, MOST_STEPS))
def test_the_float32_rate_is_the_rounded_one(schedule, warmup, step):
    base = float(np.float32(0.1))
    if isinstance(schedule, StepDecay):
        schedule = schedule.evolve(gamma=float(np.float32(schedule.gamma)))
    hyper = row(base, schedule, warmup, np.float32)
    wanted = np.float32(rate_at(base, schedule, warmup, step))
    assert abs(np.float32(compiled_rate_at(hyper, step)) - wanted) <= np.spacing(wanted)
