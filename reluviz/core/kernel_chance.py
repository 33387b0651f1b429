"""The compiled twin of chance.py: dropout and randomised slopes."""

import numpy as np
from numba import uint64

from reluviz.core.jit import exact, plain
from reluviz.core.kernel_order import GOLDEN, splitmix

FACTOR = np.uint32(0x9E3779B9)
MIX1 = np.uint32(0x21F0AAAD)
MIX2 = np.uint32(0x735A2D97)
UNIT = np.float32(2.0**-24)


@plain
def stream(seed, step, layer, purpose):  # type: ignore[no-untyped-def]
    """The 32-bit key of a layer's draws at a step."""
    inner = splitmix(uint64(2 * layer + purpose) + GOLDEN)
    middle = splitmix(uint64(step) * GOLDEN + inner)
    return np.uint32(splitmix(uint64(seed) * GOLDEN + middle) >> np.uint64(32))


@plain
def uniform(key, place):  # type: ignore[no-untyped-def]
    """A number in [0, 1) for one place, float32 and exact: it has 24 bits."""
    h = np.uint32(np.uint32(place) * FACTOR + key)
    h = np.uint32((h ^ (h >> np.uint32(16))) * MIX1)
    h = np.uint32((h ^ (h >> np.uint32(15))) * MIX2)
    h = np.uint32(h ^ (h >> np.uint32(15)))
    return np.float32(np.int32(h >> np.uint32(8))) * UNIT


@exact
def drop(key, rate, a, ao, d, do, count):  # type: ignore[no-untyped-def]
    """Inverted dropout of values and slopes (Srivastava et al. 2014): 0, or divided by 1 - rate."""
    one = a.dtype.type(1.0)
    scale = one / (one - rate)
    for i in range(count):
        factor = scale if uniform(key, i) >= rate else one - one
        a[ao + i] *= factor
        d[do + i] *= factor


@exact
def random_slopes(key, z, zo, a, ao, d, do, count, p, po):  # type: ignore[no-untyped-def]
    """Randomised leaky ReLU in training (Xu et al. 2015): a slope of its own for every negative number."""
    low, high, at_zero = p[po], p[po + 1], p[po + 2]
    one = a.dtype.type(1.0)
    for i in range(count):
        x = z[zo + i]
        slope = low + (high - low) * uniform(key, i)
        a[ao + i] = x if x > 0 else slope * x
        steep = one if x > 0 else slope
        steep = slope + at_zero * (one - slope) if x == 0 else steep
        d[do + i] = steep if x == x else x
