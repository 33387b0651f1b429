"""Orthogonal weights: the one law whose layers stretch every direction alike."""

import math
from typing import Annotated, ClassVar

import numpy as np

from reluviz.core.initializer_base import Array, Initializer
from reluviz.core.param import Number


class Orthogonal(Initializer, frozen=True, tag="orthogonal"):
    """A random rotation times a gain: no direction shrinks or grows more than another (Saxe et al. 2014).

    A layer that is not square keeps orthonormal columns (more inputs than units) or rows (fewer). The gain is 1 for
    linear layers, √2 for ReLU.
    """

    key: ClassVar[str] = "orthogonal"
    title: ClassVar[str] = "Orthogonal"
    gain: Annotated[
        float, Number("Gain", 0.01, 10.0, "By how much every layer stretches its input; √2 keeps ReLU's signal.")
    ] = math.sqrt(2)

    def variance(self, fan_in: int, fan_out: int) -> float:
        """The mean of w²: each of the shorter side's unit vectors spreads gain² over the longer side's entries."""
        return self.gain**2 / max(fan_in, fan_out)

    def weights(self, draws: Array, fan_in: int, fan_out: int) -> Array:
        """Weights from standard normal draws, both of shape (inputs, units)."""
        return self.gain * orthonormal(draws)


def orthonormal(draws: Array) -> Array:
    """The uniformly distributed orthonormal columns, or rows if these are fewer, of normal draws (inputs, units).

    QR with the signs of R's diagonal taken out; without that the law would depend on the algorithm (Mezzadri 2007).
    """
    wide = draws.shape[1] > draws.shape[0]
    q, r = np.linalg.qr(draws.T if wide else draws)
    q = q * np.where(np.diagonal(r) < 0, -1.0, 1.0)
    return q.T if wide else q
