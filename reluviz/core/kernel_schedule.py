"""The compiled twin of the schedules: the learning rate of a step from a run's row of hyper-parameters."""

import math

import numpy as np

from reluviz.core.jit import plain
from reluviz.core.kernel_plan import RATE, SCHEDULE, SCHEDULE_FIRST, WARMUP

# The codes of schedules.py.
CONSTANT, STEP, COSINE, EXPONENTIAL = 0, 1, 2, 3


@plain
def schedule_factor(code, first, second, step):  # type: ignore[no-untyped-def]
    """The factor of the schedule `code` with its first two values at a step counted from 0, in float64."""
    if code == STEP:
        # A whole exponent would be multiplied out, with more rounding than the reference's power.
        return np.float64(second) ** np.float64(math.floor(step / first))
    if code == COSINE:
        share = min(np.float64(step), first) / first
        return second + (1.0 - second) * (1.0 + math.cos(math.pi * share)) / 2.0
    if code == EXPONENTIAL:
        return 2.0 ** (-step / first)
    return 1.0


@plain
def rate_at(hyper, step):  # type: ignore[no-untyped-def]
    """The rate of one run at a step counted from 0, linear warm-up included.

    hyper: (HYPER,) of float32 or float64. All is computed in float64 and rounded once, to the type of hyper.
    """
    code = np.int64(hyper[SCHEDULE])
    first, second = np.float64(hyper[SCHEDULE_FIRST]), np.float64(hyper[SCHEDULE_FIRST + 1])
    rate = np.float64(hyper[RATE]) * schedule_factor(code, first, second, step)
    warmup = np.float64(hyper[WARMUP])
    if step + 1 < warmup:
        rate *= (step + 1) / warmup
    return hyper.dtype.type(rate)
