"""Batch order as a function of seed and epoch alone, so that it is the same whatever drives the lab."""

import numpy as np
from numba import uint64

from reluviz.core.jit import plain

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX1 = np.uint64(0xBF58476D1CE4E5B9)
MIX2 = np.uint64(0x94D049BB133111EB)


@plain
def splitmix(state):  # type: ignore[no-untyped-def]
    """A well-mixed 64-bit number from a counter (Steele, Lea & Flood 2014)."""
    z = uint64(state)
    z = (z ^ (z >> np.uint64(30))) * MIX1
    z = (z ^ (z >> np.uint64(27))) * MIX2
    return z ^ (z >> np.uint64(31))


@plain
def shuffle(order, seed, epoch):  # type: ignore[no-untyped-def]
    """Fill `order` (samples,) int64 with the permutation of this seed and epoch (Fisher-Yates)."""
    state = splitmix(uint64(seed) * GOLDEN + splitmix(uint64(epoch) + GOLDEN))
    for i in range(order.size):
        order[i] = i
    for i in range(order.size - 1, 0, -1):
        state = uint64(state + GOLDEN)
        high = splitmix(state) >> np.uint64(32)
        j = np.int64((high * uint64(i + 1)) >> np.uint64(32))
        swap = order[i]
        order[i] = order[j]
        order[j] = swap
