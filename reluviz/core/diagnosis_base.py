"""What a diagnosis is made of: thresholds, findings, rules, and what a rule looks at."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from reluviz.core.diagnosis_measures import Measures
from reluviz.core.param import Described, Integer, Number
from reluviz.core.settings import Run
from reluviz.core.shape import Shape
from reluviz.core.snapshot import RunState, Snapshot

HEALTHY, NOTE, ILL, SEVERE = range(4)
# A fall of the loss counts when it is so many times as large as the swing.
CLEARLY = 2.0
SEVERITIES = ("healthy", "note", "ill", "severe")


class Thresholds(Described, frozen=True):
    """Where a measure begins to be a complaint. Losses count as shares of that of the best constant answer."""

    learned: Annotated[
        float,
        Number(
            "Learned", 0.01, 1.0, "A run whose training loss is below this share of a constant answer's has learned."
        ),
    ] = 0.7
    falling: Annotated[
        float,
        Number(
            "Falling", 0.0, 1.0, "A training loss that falls by less over the later half of the steps stands still."
        ),
    ] = 0.02
    patience: Annotated[
        int, Integer("Patience", 0, 1_000_000, "No word about the course of the losses before so many steps.", log=True)
    ] = 200
    vanishing: Annotated[
        float,
        Number(
            "Vanishing", 1e-12, 1.0,
            "A layer that gets less than this share of the last hidden layer's gradient starves.", True, 12,
        ),
    ] = 0.01  # fmt: skip
    exploding: Annotated[
        float,
        Number(
            "Exploding", 1.0, 1e9, "A layer that gets more than so many times the last hidden layer's gradient.", True
        ),
    ] = 100.0
    saturated: Annotated[
        float, Number("Saturated", 0.01, 1.0, "A layer of which this share of all values lies where f is almost flat.")
    ] = 0.8
    dead: Annotated[
        float, Number("Dead", 0.01, 1.0, "A layer that fails as a whole when this share of its neurons is dead.")
    ] = 0.5
    dormant: Annotated[
        float, Number("Dormant", 0.01, 1.0, "A layer that fails as a whole when this share is dormant or dead.")
    ] = 0.5
    fires: Annotated[
        float, Number("Fires", 0.0, 1.0, "A neuron that fires on a smaller share of the training samples is dormant.")
    ] = 0.01
    swing: Annotated[
        float, Number("Swing", 0.001, 10.0, "A training loss that goes up and down by more than this each time.", True)
    ] = 0.1
    stuck_swing: Annotated[
        float,
        Number(
            "Swing at a standstill", 0.001, 10.0, "The same for a run that has learned nothing and stands still.", True
        ),
    ] = 0.03
    blown_up: Annotated[
        float,
        Number(
            "Blown up", 1.0, 1e6, "So many times a constant answer's loss, and so many times that of the start.", True
        ),
    ] = 3.0
    update: Annotated[
        float,
        Number("Update", 1e-9, 1.0, "An update that moves every layer by less than this share is short.", True, 9),
    ] = 3e-5
    pull: Annotated[
        float,
        Number("Pull", 0.001, 100.0, "A slope, times weights over loss, from which longer steps would get on.", True),
    ] = 0.3
    rise: Annotated[
        float, Number("Rise", 0.001, 10.0, "A test loss that lies so far above its lowest has turned round.", log=True)
    ] = 0.2
    gap: Annotated[
        float, Number("Gap", 0.001, 10.0, "A test loss that lies so far above the training loss.", log=True)
    ] = 0.3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is the case with a run.

    rule: key in RULES. severity: place in SEVERITIES. sentence: what is the case, with the number. value, threshold:
    that number, and the one it was compared with, if there is one. view: key of the view that shows it. layer: 0 the
    first hidden one; neuron: place in Neurons; both None where they do not fit. remedies: keys in REMEDIES, the most
    promising first.
    """

    run: int
    rule: str
    severity: int
    sentence: str
    value: float
    threshold: float | None
    view: str
    layer: int | None = None
    neuron: int | None = None
    remedies: tuple[str, ...] = ()

    @property
    def accuses(self) -> bool:
        """Whether it says that something is wrong; a note does not."""
        return self.severity >= ILL


@dataclass(frozen=True, slots=True)
class Symptom:
    """What a rule has found, as Finding; remedies are named only where they differ from the rule's."""

    severity: int
    sentence: str
    value: float
    threshold: float | None = None
    layer: int | None = None
    neuron: int | None = None
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """A run under a rule's eyes; `measures` mean nothing once it has diverged."""

    snapshot: Snapshot
    shape: Shape
    run: int
    measures: Measures
    limits: Thresholds

    @property
    def state(self) -> RunState:
        """The run at this snapshot."""
        return self.snapshot.runs[self.run]

    @property
    def settings(self) -> Run:
        """The run's settings."""
        return self.snapshot.settings.runs[self.run]

    @property
    def learned(self) -> bool:
        """Whether the run answers clearly better than a constant."""
        return self.measures.train < self.limits.learned

    @property
    def falling(self) -> bool:
        """Whether its training loss goes down, by more than it swings; not before the course of the loss is known."""
        trend = self.measures.trend
        return trend.fall >= max(self.limits.falling, CLEARLY * trend.swing)

    @property
    def creeping(self) -> bool:
        """Whether its training loss goes down steadily, if slowly, on a slope: such a run stands on no plateau."""
        trend = self.measures.trend
        return self.measures.pull >= self.limits.pull and trend.fall > CLEARLY * trend.swing

    @property
    def stuck(self) -> bool:
        """Whether it has learned nothing, has had the time, and gets no further."""
        trend = self.measures.trend
        return not (self.learned or self.falling or self.creeping or math.isnan(trend.fall))

    @property
    def rate(self) -> float:
        """The run's learning rate, before any schedule."""
        own = self.settings.learning_rate
        return self.snapshot.settings.training.learning_rate if own is None else own


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table of rules.

    key, title, help: for the panel. thresholds: the names in Thresholds that it reads. view: key of the view that shows
    its number. remedies: keys in REMEDIES, most promising first. judge: looks at a run. alone: asked only where no
    other rule accuses. last_word: what it says makes all other measures meaningless.
    """

    key: str
    title: str
    help: str
    thresholds: tuple[str, ...]
    view: str
    remedies: tuple[str, ...]
    judge: Callable[[Look], Symptom | None]
    alone: bool = False
    last_word: bool = False


def number(value: float) -> str:
    """A measure for a sentence: two digits, with a power of ten only where it is very small or large."""
    return f"{value:.0f}" if 10 <= abs(value) < 10_000 else f"{value:.2g}"


def percent(share: float) -> str:
    """A share for a sentence."""
    return f"{100 * share:.2g} %" if share < 0.095 else f"{100 * share:.0f} %"
