"""Born dead: the chance that a fresh ReLU network answers every input with the same constant.

Formulas and bounds of Lu, Shin, Su & Karniadakis (2019, arXiv 1903.06733), and simulation beside them.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Law = Literal["normal", "uniform", "asymmetric"]

# Nets drawn at a time are limited by the weights of one layer that they need together.
MOST_WEIGHTS = 4_000_000
# The standard deviation of randomised asymmetric initialisation times √fan_in (Lu et al. 2019).
ASYMMETRIC = 0.6007
PANELS = 400


@dataclass(frozen=True, slots=True)
class Simulation:
    """The share of nets born dead among `nets` drawn, and its standard error √(p(1 - p) / nets)."""

    share: float
    nets: int

    @property
    def standard_error(self) -> float:
        """One standard deviation of the share."""
        return math.sqrt(self.share * (1 - self.share) / self.nets)


@dataclass(frozen=True, slots=True)
class ConstantFit:
    """The best that a dead net can learn on x uniform over an interval: a constant.

    mean minimises the squared loss, which stays at variance; median minimises the absolute loss, which stays at
    deviation (Lu et al. 2019).
    """

    mean: float
    variance: float
    median: float
    deviation: float


def born_dead_probability(widths: Sequence[int]) -> float:
    """P(the last of the ReLU layers is all 0 at one given x ≠ 0) = 1 - Π (1 - 2^-N_l).

    For zero biases and independent, symmetric, continuous weights of any variance. Raises ValueError for a width
    below 1.
    """
    if any(width < 1 for width in widths):
        raise ValueError("a layer has at least one neuron")
    return -math.expm1(sum(_log_alive(width) for width in widths))


def born_dead_bounds(width: int, layers: int) -> tuple[float, float]:
    """Lower and upper bound of P(born dead) of `layers` ReLU layers of one width, for inputs on the line, zero biases.

    Such a net is two rays, x < 0 and x > 0, and dead when both are; the lower bound is the greater of the two known.
    """
    alive, rays = 1 - 2.0**-width, 1 - 2.0 ** (1 - width)
    one = 1 - alive ** (layers - 1)
    simple = 2.0 ** (1 - width) * one + rays * one**2
    lone = rays - (width - 1) * 2.0 ** (-2 * width)
    share = rays * alive / (1 + (width - 1) * 2.0**-width)
    tight = one + share * (lone ** (layers - 1) - alive ** (layers - 1))
    return max(simple, tight), born_dead_probability([width] * layers)


def safe_width(layers: int, probability: float) -> int:
    """The smallest width N with layers · 2^-N ≤ probability, which bounds the chance of being born dead."""
    return max(1, math.ceil(math.log2(layers / probability)))


def simulate_born_dead(
    widths: Sequence[int], points: Array, nets: int, seed: int | Sequence[int], law: Law = "normal"
) -> Simulation:
    """Draw nets of ReLU layers and count those with a layer that is 0 at every one of the points (points, inputs).

    normal and uniform: variance 2 / fan_in, zero biases. asymmetric: randomised asymmetric initialisation. One point
    is the case of `born_dead_probability`, the points -1 and 1 on the line that of `born_dead_bounds`.
    """
    rng = np.random.default_rng(seed)
    inputs = np.atleast_2d(np.asarray(points, float))
    sizes = [inputs.shape[1], *widths]
    most = max((a + 1) * b for a, b in pairwise(sizes))
    batch = max(1, MOST_WEIGHTS // most)
    dead = sum(_count_dead(rng, widths, inputs, min(batch, nets - done), law) for done in range(0, nets, batch))
    return Simulation(dead / nets, nets)


def constant_fit(function: Callable[[Array], Array], low: float, high: float) -> ConstantFit:
    """What a dead net learns of a function on x uniform over (low, high); the function takes and returns (nodes,)."""
    x, weights = _even(low, high)
    values = np.asarray(function(x))
    mean = float(weights @ values)
    order = np.argsort(values)
    median = float(values[order][np.searchsorted(np.cumsum(weights[order]), 0.5)])
    return ConstantFit(mean, float(weights @ (values - mean) ** 2), median, float(weights @ np.abs(values - median)))


def _log_alive(width: int) -> float:
    return math.log1p(-(2.0**-width))


def _even(low: float, high: float) -> tuple[Array, Array]:
    """Nodes and weights of the uniform law, as panels of Gauss-Legendre on both halves."""
    nodes, weights = np.polynomial.legendre.leggauss(10)
    edges = np.linspace(low, high, 2 * PANELS + 1)
    half = (high - low) / (4 * PANELS)
    x = edges[:-1, None] + half * (1 + nodes)
    return x.ravel(), np.tile(weights * half / (high - low), 2 * PANELS)


def _count_dead(rng: np.random.Generator, widths: Sequence[int], inputs: Array, nets: int, law: Law) -> int:
    """How many of freshly drawn nets are dead; those that die are not followed further."""
    signal = np.broadcast_to(inputs, (nets, *inputs.shape))
    for width in widths:
        weights, biases = _draw(rng, (len(signal), signal.shape[2], width), law)
        signal = np.maximum(signal @ weights + biases, 0)
        # Whatever follows a layer that is 0 everywhere is constant, biases or not.
        signal = signal[signal.any(axis=(1, 2))]
    return nets - len(signal)


def _draw(rng: np.random.Generator, shape: tuple[int, int, int], law: Law) -> tuple[Array, Array | float]:
    """Weights (nets, inputs, width) and biases (nets, 1, width) of one layer."""
    nets, fan_in, width = shape
    if law == "normal":
        return rng.standard_normal(shape) * math.sqrt(2 / fan_in), 0.0
    if law == "uniform":
        reach = math.sqrt(6 / fan_in)
        return rng.uniform(-reach, reach, shape), 0.0
    both = rng.standard_normal((nets, fan_in + 1, width)) * (ASYMMETRIC / math.sqrt(fan_in))
    place = rng.integers(0, fan_in + 1, (nets, 1, width))
    np.put_along_axis(both, place, rng.beta(2, 1, (nets, 1, width)), axis=1)
    return both[:, :-1], both[:, -1:]
