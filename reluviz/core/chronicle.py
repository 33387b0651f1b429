"""Keyframes of a course: states from which any of its steps is reached by exact repetition, in bounded memory.

Keyframes lie so close that training from one to the next takes some ten milliseconds, until they fill the memory that
they may take; then every other one is let go, and from then on they are taken half as often.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reluviz.core.course import Standing
from reluviz.core.hands import Grip
from reluviz.core.history import Recorder
from reluviz.core.moment import Moment
from reluviz.core.settings import Settings
from reluviz.core.snapshot import Record as Recorded
from reluviz.core.trail import Trail

MOST_BYTES = 100_000_000
LEAST_KEYFRAMES = 8
# Multiplications between two keyframes, about ten milliseconds, and what a step of a run costs beside its own.
WORK, STEP_WORK = 20_000_000, 2_000


@dataclass(frozen=True, slots=True)
class Keyframe:
    """All that training depends on, on arrival at a step; `done` entries of the record had happened before."""

    step: int
    moment: Moment
    done: int
    grip: Grip
    standing: Standing

    @property
    def nbytes(self) -> int:
        """The memory that it takes in bytes, about; what it shares with others apart."""
        accounts = sum(each.died_at.nbytes * 2 + each.cause.nbytes for each in self.standing.accounts)
        return self.moment.nbytes + accounts + self.grip.frozen.nbytes

    def mapped(self, rows: Sequence[int]) -> "Keyframe":
        """The same where run i of now is what run rows[i] was."""
        return replace(
            self, moment=self.moment.mapped(rows), grip=self.grip.mapped(rows), standing=self.standing.mapped(rows)
        )


@dataclass(frozen=True, slots=True)
class Chapter:
    """What was recorded of a course before the number of its runs changed, by entry `done` of the record."""

    done: int
    records: tuple[Recorded, ...]
    trail: Trail
    history: Recorder


class Chronicle:
    """The keyframes of one course."""

    def __init__(self, work: int) -> None:
        """`work` are the multiplications of a step of all runs."""
        self.gap = max(1, WORK // max(1, work))
        self._keyframes: list[Keyframe] = []
        self._bytes = 0
        self.next = 0

    def __len__(self) -> int:
        return len(self._keyframes)

    @property
    def nbytes(self) -> int:
        """The memory that all keyframes take, about."""
        before = {id(each.standing.before): each.standing.before.nbytes for each in self._keyframes}
        orders = {id(each.moment.order): each.moment.order.nbytes for each in self._keyframes}
        return self._bytes + sum(before.values()) + sum(orders.values())

    def add(self, keyframe: Keyframe) -> None:
        """Keep one more; the last one of all."""
        if self._keyframes:
            keyframe = replace(keyframe, moment=keyframe.moment.beside(self._keyframes[-1].moment))
        self._keyframes.append(keyframe)
        self._bytes += keyframe.nbytes
        if self._full():
            self._keyframes = self._keyframes[::2]
            self._bytes = sum(each.nbytes for each in self._keyframes)
            self.gap *= 2
        self.next = keyframe.step + self.gap

    def at(self, step: int) -> Keyframe:
        """The last one at a step or before it."""
        return self._keyframes[bisect_right(self._keyframes, step, key=lambda each: each.step) - 1]

    def until(self, step: int) -> "Chronicle":
        """A chronicle of its own that shares the keyframes up to a step."""
        copy = Chronicle(1)
        copy.gap = self.gap
        copy._keyframes = self._keyframes[: bisect_right(self._keyframes, step, key=lambda each: each.step)]
        copy._bytes = sum(each.nbytes for each in copy._keyframes)
        copy.next = step + copy.gap
        return copy

    def _full(self) -> bool:
        """Whether all take too much memory: looked at closely only where it may be."""
        if len(self._keyframes) <= LEAST_KEYFRAMES or len(self._keyframes) % 4:
            return False
        return self.nbytes > MOST_BYTES


def work_of(parameters: int, settings: Settings) -> int:
    """The multiplications of a step of all runs: forward, back, and the gradient."""
    return len(settings.runs) * (3 * parameters * settings.training.batch_size + STEP_WORK)
