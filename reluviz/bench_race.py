"""Racing: several programs take turns on the same cores, so that a change of the clock hits all of them alike."""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

SHORTEST = 0.02


@dataclass(frozen=True, slots=True)
class Pace:
    """How long one turn of a racer takes, in seconds, and how many turns it has."""

    seconds: float = 0.7
    rounds: int = 5


FULL, QUICK = Pace(), Pace(0.06, 3)


class Racer(Protocol):
    """What can be measured: steps are a multiple of `block`, the answer is in seconds."""

    block: int

    def measure(self, steps: int) -> float:
        """Train that many steps."""


class Local:
    """A racer of this process: whatever has `train(steps)`."""

    def __init__(self, trained: Any) -> None:
        self._trained = trained
        self.block: int = getattr(trained, "block", 1)

    def measure(self, steps: int) -> float:
        """Train that many steps."""
        start = time.perf_counter()
        self._trained.train(steps)
        return time.perf_counter() - start


def race(racers: Mapping[str, Racer], pace: Pace) -> dict[str, list[float]]:
    """Steps per second of every racer in every round; the first measurements, which warm up, are not among them."""
    laps = {key: _lap(racer, pace.seconds) for key, racer in racers.items()}
    rates: dict[str, list[float]] = {key: [] for key in racers}
    for _ in range(pace.rounds):
        for key, racer in racers.items():
            rates[key].append(laps[key] / racer.measure(laps[key]))
    return rates


def _lap(racer: Racer, seconds: float) -> int:
    """How many steps take about that long; at least one block."""
    blocks = 1
    racer.measure(racer.block)
    while (taken := racer.measure(blocks * racer.block)) < min(SHORTEST, seconds / 2):
        blocks *= 4
    return max(1, round(blocks * seconds / taken)) * racer.block


@contextlib.contextmanager
def pinned(count: int) -> Iterator[int]:
    """Keep this thread, and the processes that it starts, on `count` cores, where the system can; gives how many.

    Systems without such a call, macOS and Windows, leave the processes to the scheduler.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield min(count, os.cpu_count() or 1)
        return
    before = os.sched_getaffinity(0)
    chosen = set(sorted(before)[:count])
    os.sched_setaffinity(0, chosen)
    try:
        yield len(chosen)
    finally:
        os.sched_setaffinity(0, before)
