"""Schedules of the learning rate: the readable factor beside the name; the compiled twin is kernel_schedule.py.

A schedule is a pure function of the step, so a run can be continued anywhere. Steps count from 0.
"""

import math
from typing import Annotated, ClassVar

from reluviz.core.catalog import Catalog
from reluviz.core.param import Described, Integer, Number, parameters

# Whole numbers up to 2^24 survive the kernel's float32.
MOST_STEPS = 10_000_000
_GAMMA = Number("Factor γ", 0.001, 1.0, "What the learning rate is multiplied by each time.")
_FLOOR = Number("Floor φ", 0.0, 1.0, "The share of the learning rate that remains in the end.")


class Schedule(Described, frozen=True, tag_field="name"):
    """What every schedule tells of itself; `code` is its case in the kernel."""

    key: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    code: ClassVar[int]

    def factor(self, step: int) -> float:
        """What the learning rate is multiplied by at this step, counted from 0; from 0 to 1."""
        raise NotImplementedError

    def values(self) -> tuple[float, ...]:
        """The parameters, at most three, in the order in which the kernel reads them."""
        return tuple(float(getattr(self, p.name)) for p in parameters(type(self)))


class Constant(Schedule, frozen=True, tag="constant"):
    """The same learning rate from the first step to the last."""

    key: ClassVar[str] = "constant"
    title: ClassVar[str] = "Constant"
    formula: ClassVar[str] = "η(t) = η"
    code: ClassVar[int] = 0

    def factor(self, step: int) -> float:
        return 1.0


class StepDecay(Schedule, frozen=True, tag="step"):
    """Drops the learning rate by a factor every so many steps."""

    key: ClassVar[str] = "step"
    title: ClassVar[str] = "Step"
    formula: ClassVar[str] = "η(t) = η γ^⌊t / T⌋"
    code: ClassVar[int] = 1
    every: Annotated[
        int, Integer("Every", 1, MOST_STEPS, "How many steps T lie between two drops.", log=True, unit="steps")
    ] = 2000
    gamma: Annotated[float, _GAMMA] = 0.5

    def factor(self, step: int) -> float:
        return float(self.gamma ** (step // self.every))


class Exponential(Schedule, frozen=True, tag="exponential"):
    """Lowers the learning rate smoothly: after each half-life one half of it is left."""

    key: ClassVar[str] = "exponential"
    title: ClassVar[str] = "Exponential"
    formula: ClassVar[str] = "η(t) = η 2^(-t / T)"
    code: ClassVar[int] = 3
    half_life: Annotated[
        int, Integer("Half-life", 1, MOST_STEPS, "After how many steps T the rate is halved.", log=True, unit="steps")
    ] = 2000

    def factor(self, step: int) -> float:
        return float(2.0 ** (-step / self.half_life))


class Cosine(Schedule, frozen=True, tag="cosine"):
    """Follows half a wave of the cosine down to a floor and stays there (Loshchilov & Hutter 2017)."""

    key: ClassVar[str] = "cosine"
    title: ClassVar[str] = "Cosine"
    formula: ClassVar[str] = "η(t) = η (φ + (1 - φ) (1 + cos(π t / T)) / 2),  φ η from t = T on"
    code: ClassVar[int] = 2
    steps: Annotated[
        int, Integer("Length", 1, MOST_STEPS, "After how many steps T the floor is reached.", log=True, unit="steps")
    ] = 10_000
    floor: Annotated[float, _FLOOR] = 0.0

    def factor(self, step: int) -> float:
        share = min(step, self.steps) / self.steps
        return self.floor + (1 - self.floor) * (1 + math.cos(math.pi * share)) / 2


SCHEDULES: Catalog[type[Schedule]] = Catalog("schedule", Constant, StepDecay, Exponential, Cosine)


def rate_at(base: float, schedule: Schedule, warmup: int, step: int) -> float:
    """The learning rate at a step counted from 0, after a linear warm-up (Goyal et al. 2017); `warmup` 0 is none.

    Of `warmup` steps the first has 1 / warmup of the scheduled rate and the last has all of it.
    """
    ramp = min(1.0, (step + 1) / warmup) if warmup else 1.0
    return base * schedule.factor(step) * ramp
