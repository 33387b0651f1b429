"""When a neuron died, of what, and whether anything can bring it back.

A neuron is dead while f′(z) = 0 on every training sample that is measured: nothing that it learns from reaches it.
The course notices at its next record and trains the steps between once more, from a copy and to the same bits, until
the step is found.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.kernel_measure import COLUMNS, HIGHEST, SLOPE
from reluviz.core.moment import Moment
from reluviz.core.snapshot import Fates, Neurons, frozen
from reluviz.core.stack import Stack

Array = np.ndarray[Any, np.dtype[Any]]

CAUSES = (
    "its input was never in the active part",
    "one large step",
    "its bias drifted",
    "its weights or their inputs drifted",
    "an edit by hand",
)
BORN, LARGE_STEP, BIAS, WEIGHTS, EDIT = 0, 1, 2, 3, 4
# What one cause must explain of the way that the largest z has gone.
MAJOR = 0.5


@dataclass(slots=True)
class Sight:
    """What is known of a run's neurons at one step: dead (neurons,), highest (neurons,), biases (neurons,)."""

    step: int
    dead: Array
    highest: Array
    biases: Array


def sight(stack: Stack, moment: Moment, run: int, samples: int) -> Sight:
    """Measure a run as it was at a moment."""
    shape = stack.shape
    table, norms = np.zeros((shape.neurons, COLUMNS)), np.zeros(shape.layers)
    stack.measure(run, samples, table, norms, moment)
    hidden = np.arange(shape.neurons) < shape.neurons - shape.sizes[-1]
    biases = stack.offsets(run, moment.theta[run]).astype(float)
    return Sight(moment.step, hidden & (table[:, SLOPE] == 0), table[:, HIGHEST], biases)


def seen(step: int, neurons: Neurons) -> Sight:
    """The same of what a snapshot has measured."""
    return Sight(step, neurons.dead, neurons.highest.astype(float), neurons.bias.astype(float))


@dataclass(frozen=True, slots=True)
class Account:
    """What a ledger holds at one step; the arrays as in Fates."""

    died_at: Array
    alive_at: Array
    cause: Array
    last: Sight | None


class Ledger:
    """The deaths of one run's neurons."""

    def __init__(self, stack: Stack, run: int, samples: int) -> None:
        self._stack, self._run, self._samples = stack, run, samples
        neurons = stack.shape.neurons
        self.died_at = np.full(neurons, -1, np.int64)
        self.alive_at = np.full(neurons, -1, np.int64)
        self.cause = np.full(neurons, -1, np.int8)
        self._last: Sight | None = None

    def account(self) -> Account:
        """A copy of what it holds."""
        return Account(self.died_at.copy(), self.alive_at.copy(), self.cause.copy(), self._last)

    def take_over(self, account: Account) -> None:
        """Hold what was held then."""
        self.died_at[:], self.alive_at[:], self.cause[:] = account.died_at, account.alive_at, account.cause
        self._last = account.last

    def look(self, before: Moment, now: Sight, *, edited: bool = False, budget: int = 0) -> int:
        """Compare with the last look, which was at `before` or earlier; return how many steps were trained again.

        At most `budget` steps are: without it, a death is only known to lie between two looks.
        """
        last, self._last = self._last, now
        back = ~now.dead
        self.died_at[back], self.cause[back] = -1, -1
        fresh = now.dead & (self.died_at < 0)
        if not fresh.any():
            return 0
        if last is None or edited:
            self._note(fresh, now.step, -1 if last is None else last.step, BORN if last is None else EDIT)
            return 0
        if before.step != last.step or budget < now.step - last.step:
            self._settle(fresh, last, last, now)
            return 0
        return self._search(fresh, before, last, last, now)

    def _search(self, fresh: Array, before: Moment, first: Sight, low: Sight, high: Sight) -> int:
        """Halve the steps between low and high until they are neighbours."""
        if high.step - low.step <= 1:
            self._settle(fresh, first, low, high)
            return 0
        steps = (high.step - low.step) // 2
        middle = self._stack.rehearse(before, self._run, steps)
        between = sight(self._stack, middle, self._run, self._samples)
        trained = steps
        if (early := fresh & between.dead).any():
            trained += self._search(early, before, first, low, between)
        if (late := fresh & ~between.dead).any():
            trained += self._search(late, middle, first, between, high)
        return trained

    def _settle(self, fresh: Array, first: Sight, low: Sight, high: Sight) -> None:
        """Dead at high, alive at low; first is where the present stretch began."""
        way = first.highest - high.highest
        last_step = low.highest - high.highest
        drift = first.biases - high.biases
        with np.errstate(invalid="ignore"):
            sudden = (high.step - low.step == 1) & (np.abs(last_step) >= MAJOR * np.abs(way))
            biased = np.where(way >= 0, drift, -drift) >= MAJOR * np.abs(way)
        for some, cause in ((sudden, LARGE_STEP), (~sudden & biased, BIAS), (~sudden & ~biased, WEIGHTS)):
            self._note(fresh & some, high.step, low.step, cause)

    def _note(self, some: Array, died: int, alive: int, cause: int) -> None:
        self.died_at[some], self.alive_at[some], self.cause[some] = died, alive, cause

    def fates(self, gradient_norms: Array) -> Fates:
        """What is known now; gradient_norms (layers,) say which layers still learn."""
        return Fates(
            frozen(self.died_at, np.int64),
            frozen(self.alive_at, np.int64),
            frozen(self.cause, np.int8),
            frozen(self._revivable(gradient_norms), bool),
        )

    def _revivable(self, gradient_norms: Array) -> Array:
        """Dead neurons whose inputs an earlier layer that still learns can move, through a neuron that lives."""
        shape, theta = self._stack.shape, self._stack.theta[self._run]
        dead = self.died_at >= 0
        found = np.zeros(shape.neurons, bool)
        for layer in range(1, shape.layers - 1):
            begin, below = shape.offsets[layer], shape.offsets[layer - 1]
            units, inputs = shape.sizes[layer + 1], shape.sizes[layer]
            some = dead[begin : begin + units]
            if some.any() and (gradient_norms[:layer] > 0).any():
                living = ~dead[below : below + inputs]
                found[begin : begin + units] = some & (shape.weights(theta, layer)[living] != 0).any(axis=0)
        return found
