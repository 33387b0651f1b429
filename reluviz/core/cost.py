"""The compiled loop behind the cost of an activation: f and f′ over numbers in the nearest cache; without a clock."""

from typing import Any

import numpy as np

from reluviz.core import functions
from reluviz.core.activations import Activation
from reluviz.core.jit import entry
from reluviz.core.kernel_functions import call
from reluviz.core.kernel_vector import at
from reluviz.core.plan import PARAMETERS

# Three arrays of so many float32 numbers are 24 kB and fit into a first-level cache of 32 kB.
NUMBERS = 2048


@entry
def repeat(place, z, a, d, p, times):  # type: ignore[no-untyped-def]
    """Call the function over arrays at the address `place` (int64) so many times: a = f(z), d = f′(z), all (n,)."""
    for _ in range(times):
        call(place, at(z, 0), at(a, 0), at(d, 0), len(z), at(p, 0), 1)


class Work:
    """The compiled float32 twin of an activation over NUMBERS standard normal numbers, f and f′ together.

    A typed formula that is new is compiled first; the kernels for float32 must have been loaded (kernels.py).
    """

    def __init__(self, activation: Activation) -> None:
        self._place = functions.address(activation, "float32")
        self._z = np.random.default_rng(0).standard_normal(NUMBERS).astype(np.float32)
        self._a, self._d = np.empty_like(self._z), np.empty_like(self._z)
        self._p = np.zeros(PARAMETERS, np.float32)
        values = activation.values()
        self._p[: len(values)] = values

    def run(self, times: int) -> None:
        """Compute all numbers so many times, without the GIL."""
        repeat(self._place, self._z, self._a, self._d, self._p, times)

    @property
    def values(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """z, f(z) and f′(z) of the last run, each (NUMBERS,) float32."""
        return self._z, self._a, self._d
