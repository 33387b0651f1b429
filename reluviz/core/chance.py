"""Random numbers as a function of where they are used: seed, step, layer and place. The readable twin.

Dropout and randomised slopes draw from here, so that runs of one shape draw the same and any moment can be repeated.
The compiled twin is kernel_chance.py.
"""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def splitmix(state: int) -> int:
    """A well-mixed 64-bit number from a counter (Steele, Lea & Flood 2014)."""
    mask = (1 << 64) - 1
    z = state & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return z ^ (z >> 31)


def stream(seed: int, step: int, layer: int, purpose: int) -> int:
    """The 32-bit key of a layer's draws at a step."""
    golden = int(GOLDEN)
    return splitmix(seed * golden + splitmix(step * golden + splitmix(2 * layer + purpose + golden))) >> 32


def uniforms(key: int, count: int) -> Array:
    """`count` numbers in [0, 1) with 24 bits each; float64, shape (count,). A 32-bit mix of key and place."""
    h = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(key)
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x21F0AAAD)
    h = (h ^ (h >> np.uint32(15))) * np.uint32(0x735A2D97)
    h = h ^ (h >> np.uint32(15))
    return np.asarray((h >> np.uint32(8)) * 2.0**-24)
