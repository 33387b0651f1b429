"""The course of a lab: what was measured of layers and neurons at earlier steps, and when neurons died.

Steps are recorded by a rule that depends on the settings alone, so that a window, a script and a repeated run see the
same course: every few steps at first, then at gaps that grow with the steps.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reluviz.core import kernels
from reluviz.core.fates import Account, Ledger, Sight, seen, sight
from reluviz.core.histograms import BINS, QUANTITIES, edges
from reluviz.core.moment import Moment
from reluviz.core.snapshot import USUAL_LEVEL, Fates, Layers, Neurons, Record, frozen
from reluviz.core.stack import Stack
from reluviz.core.trail import Trail

Array = np.ndarray[Any, np.dtype[Any]]
# A look at one run: its neurons and layers, and the batch inside it as Stack.inspect gives it.
Measured = tuple[Neurons, Layers, Array, Array]

# Gaps are a 64th of the steps so far, once that is more than the usual gap.
SHARE = 64
USUAL_GAP = 20
# Where measuring costs more than this many multiplications, the gap makes it cost a tenth of training.
FREE_WORK = 2_000_000
# What the records of deep or wide networks may take in memory; this many are kept of any.
MOST_BYTES, LEAST_RECORDS = 64_000_000, 64
# Of a neuron: three shares of two bytes and a truth.
CELL_BYTES = 7
# Steps that may be trained again to find when neurons died: a share of all, and some for the start.
REPEATED_SHARE, REPEATED_FREE = 0.1, 2000


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a course stands at a step: all but what it has recorded."""

    accounts: tuple[Account, ...]
    before: Moment
    next: int
    repeated: int
    stride: int
    count: int

    def mapped(self, rows: Sequence[int]) -> "Standing":
        """The same where run i of now is what run rows[i] was."""
        return replace(self, accounts=tuple(self.accounts[row] for row in rows), before=self.before.mapped(rows))


class Course:
    """Records of a stack, and the ledgers of its neurons' deaths."""

    def __init__(
        self, stack: Stack, look: Callable[[int], Measured], samples: int, standing: Standing | None = None
    ) -> None:
        """`look` measures a run over the first `samples` training samples.

        With a standing it goes on from there, but records nothing until it is given what was recorded before.
        """
        self._stack, self._look, self._samples = stack, look, samples
        self._edges = edges()
        self._ledgers = [Ledger(stack, run, samples) for run in range(len(stack.settings.runs))]
        self._gap = usual_gap(stack.shape.parameters, samples, stack.settings.training.batch_size)
        # All numbers of a record, of all runs.
        cells = stack.shape.neurons * CELL_BYTES + len(QUANTITIES) * stack.shape.layers * BINS * 4
        self._most = max(LEAST_RECORDS, MOST_BYTES // (cells * len(self._ledgers)))
        self._repeated, self._stride, self._count, self.next = 0, 1, 0, 0
        self.records: tuple[Record, ...] = ()
        self._before = stack.moment()
        self._trail: Trail | None = None
        if standing is None:
            self._trail = Trail(len(stack.settings.runs), stack.shape.total)
            self.reach(0)
        else:
            self._stand(standing)

    def standing(self) -> Standing:
        """Where it stands."""
        accounts = tuple(ledger.account() for ledger in self._ledgers)
        return Standing(accounts, self._before, self.next, self._repeated, self._stride, self._count)

    def _stand(self, standing: Standing) -> None:
        for ledger, account in zip(self._ledgers, standing.accounts, strict=True):
            ledger.take_over(account)
        self._before, self.next, self._repeated = standing.before, standing.next, standing.repeated
        self._stride, self._count = standing.stride, standing.count

    def remember(self, records: tuple[Record, ...], trail: Trail | None = None) -> None:
        """These were the records until now; with a trail, record again from here on."""
        self.records = records
        if trail is not None:
            self._trail, self._count = trail, len(records)

    def reach(self, step: int) -> None:
        """Record, if it is time; after every stretch of training."""
        if step < self.next:
            return
        measured = [self._look(run) for run in range(len(self._ledgers))]
        self._find_deaths([seen(step, found[0]) for found in measured])
        if self._trail is not None:
            self._record(step, measured)
            self._trail.add(step, self._stack.theta)
        self._thin()
        self.next = step + self._stride * max(step // SHARE, min(max(step, 1), self._gap))

    def _thin(self) -> None:
        """Keep every other record when they take too much memory, and record half as often from then on."""
        self._count += 1
        if self._count > self._most:
            self.records = self.records[::2]
            self._count = -(-self._count // 2)
            self._stride *= 2

    @property
    def path(self) -> Trail:
        """The way that the runs have gone; raises ValueError with one sentence where the past is only looked at."""
        if self._trail is None:
            raise ValueError("a loss landscape is computed of the present: return to now, or continue from here")
        return self._trail

    def interrupt(self, *, edited: bool = False) -> None:
        """Something changes, or has been edited, at this step: what follows cannot be repeated from before it."""
        if edited:
            now = self._stack.moment()
            sights = [sight(self._stack, now, run, self._samples) for run in range(len(self._ledgers))]
            self._find_deaths(sights, edited=True)
        else:
            self._before = self._stack.moment()

    def fates(self, run: int, gradient_norms: Array) -> Fates:
        """What is known of a run's neurons as of the last record."""
        return self._ledgers[run].fates(gradient_norms)

    def _find_deaths(self, sights: list[Sight], *, edited: bool = False) -> None:
        """`sights` are of the present step; what follows can be repeated from it."""
        for ledger, now in zip(self._ledgers, sights, strict=True):
            budget = REPEATED_FREE + int(REPEATED_SHARE * now.step) - self._repeated
            self._repeated += ledger.look(self._before, now, edited=edited, budget=budget)
        self._before = self._stack.moment()

    def _record(self, step: int, measured: list[Measured]) -> None:
        stack = self._stack
        neurons = [found[0] for found in measured]
        counts = np.zeros((len(measured), len(QUANTITIES), stack.shape.layers, BINS), np.int64)
        for run, (_, _, out, gradients) in enumerate(measured):
            stack.distribute(run, out, gradients, self._edges, counts[run])
        self.records += (
            Record(
                step=step,
                epoch=float(stack.state[kernels.EPOCH] + stack.state[kernels.POSITION] / len(stack.x)),
                layers=tuple(found[1] for found in measured),
                fires=frozen([each.fires for each in neurons], np.float16),
                zeros=frozen([each.zeros for each in neurons], np.float16),
                saturated=frozen([each.saturated[:, USUAL_LEVEL] for each in neurons], np.float16),
                dead=frozen([each.dead for each in neurons], bool),
                histograms=frozen(counts, np.uint32),
            ),
        )


def usual_gap(parameters: int, samples: int, batch_size: int) -> int:
    """The steps between records at first: few, unless measuring is dear beside training."""
    if parameters * samples <= FREE_WORK:
        return USUAL_GAP
    return max(USUAL_GAP, 10 * -(-samples // batch_size))


def copied(record: Record, rows: Sequence[int]) -> Record:
    """The same record where run i of now is what run rows[i] was."""
    some = list(rows)
    return replace(
        record,
        layers=tuple(record.layers[row] for row in rows),
        fires=frozen(record.fires[some], np.float16),
        zeros=frozen(record.zeros[some], np.float16),
        saturated=frozen(record.saturated[some], np.float16),
        dead=frozen(record.dead[some], bool),
        histograms=frozen(record.histograms[some], np.uint32),
    )
