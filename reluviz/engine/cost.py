"""What one element of an activation costs on this machine: nanoseconds for f and f′, by the clock."""

import time
from collections.abc import Callable

from reluviz.core.activations import Activation
from reluviz.core.cost import NUMBERS, Work

# The best of so many turns, each of so many seconds: long beside the clock's step, short beside a person's patience.
TURNS, TURN_S = 7, 1e-3
FIRST = 4
NS = 1e9


def nanoseconds(activation: Activation, clock: Callable[[], float] = time.perf_counter) -> float:
    """The least time for f and f′ of one float32 element, over numbers in the nearest cache; takes about 10 ms.

    The kernels for float32 must have been loaded: compiling them would take a minute. What else runs on the machine
    makes single turns slower, so the best one counts.
    """
    work = Work(activation)
    work.run(1)
    times = FIRST
    while (spent := _spent(work, times, clock)) < TURN_S / 2:
        times = max(2 * times, int(times * TURN_S / max(spent, TURN_S / 100)))
    best = min(_spent(work, times, clock) for _ in range(TURNS))
    return NS * best / (times * NUMBERS)


def _spent(work: Work, times: int, clock: Callable[[], float]) -> float:
    start = clock()
    work.run(times)
    return clock() - start
