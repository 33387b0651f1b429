"""Batch and layer normalisation for the reference (Ioffe & Szegedy 2015; Ba et al. 2016); kernel_norm.py compiles them.

x̂ = (x - mean) / √(variance + ε), over the samples of a unit (axis 0) or the units of a sample (axis 1).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.kernel_plan import EPSILON, MOMENTUM

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Normalised:
    """hat: x̂ (samples, units); inverse: 1 / √(variance + ε); gain (units,); axis: what the statistics run over.

    axis is None where they are fixed, as in evaluation.
    """

    hat: Array
    inverse: Array
    gain: Array
    axis: int | None


def batch_statistics(x: Array, running: Array, share: float = MOMENTUM) -> tuple[Array, Array]:
    """Mean and variance of every unit over the batch; running (2, units) moves towards them by `share`."""
    mean, variance = x.mean(axis=0), x.var(axis=0)
    unbiased = variance * len(x) / max(1, len(x) - 1)
    running[0] += share * (mean - running[0])
    running[1] += share * (unbiased - running[1])
    return mean, variance


def layer_statistics(x: Array) -> tuple[Array, Array]:
    """Mean and variance of every sample over the layer, each (samples, 1)."""
    return x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)


def normalise(x: Array, statistics: tuple[Array, Array], gain: Array, axis: int | None) -> Normalised:
    """x̂ at x (samples, units)."""
    mean, variance = statistics
    inverse = 1 / np.sqrt(variance + EPSILON)
    return Normalised((x - mean) * inverse, inverse, gain, axis)


def through_norm(norm: Normalised, delta: Array) -> Array:
    """The gradient by x from the gradient by gain · x̂ + shift, through the statistics unless they are fixed."""
    by_hat = delta * norm.gain
    if norm.axis is None:
        return np.asarray(by_hat * norm.inverse)
    mean = by_hat.mean(axis=norm.axis, keepdims=True)
    along = (by_hat * norm.hat).mean(axis=norm.axis, keepdims=True)
    return np.asarray(norm.inverse * (by_hat - mean - norm.hat * along))
