"""Slices of the loss around a network: what is asked for, the directions, and what a slice holds.

Random directions mean little where a rectifier's weights can be scaled without changing the network, so each is as
long, neuron by neuron, as the weights themselves: d ← d/‖d‖ · ‖θ‖ for all weights that lead into a neuron, zero for
biases and the like (Li, Xu, Taylor, Studer, Goldstein 2018, "Visualizing the Loss Landscape of Neural Nets", §4).
A random direction hardly sees the way that training took; the principal directions of that way do (the same, §7).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.shape import Shape

Array = np.ndarray[Any, np.dtype[Any]]

LINE, PLANE, PATH = "line", "plane", "path"
KINDS = (LINE, PLANE, PATH)
LEAST_POINTS, MOST_POINTS = 11, 101
USUAL_POINTS = {LINE: 101, PLANE: 51, PATH: 51}
# A slice takes at most about this many multiplications, half a minute's work, unless it has the least of points.
MOST_WORK = 3e11
# At most so many training samples, the first ones, make the loss of a slice.
MOST_SAMPLES = 4096
# The plane along the path reaches this share of the path's extent beyond it, and is at least so narrow for its length.
MARGIN, NARROWEST = 0.2, 0.25


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see: a run's loss along a direction, over a plane, or over the plane of its path.

    points: along each axis, odd, 11 to 101, so that the present parameters are one of them. span: how far a random
    slice reaches on either side, 1 for the length of the weights. seed: of the random directions.
    """

    run: int = 0
    kind: str = PLANE
    points: int = 51
    span: float = 1.0
    seed: int = 0

    def check(self, runs: int) -> None:
        """Raise ValueError with one sentence for what cannot be."""
        if self.kind not in KINDS:
            raise ValueError(f"a loss landscape is a {', a '.join(KINDS[:-1])} or a {KINDS[-1]}, not {self.kind!r}")
        if not (LEAST_POINTS <= self.points <= MOST_POINTS and self.points % 2):
            raise ValueError(f"a loss landscape has an odd number of points, {LEAST_POINTS} to {MOST_POINTS} a side")
        if not 0 <= self.run < runs:
            raise ValueError(f"there is no run {self.run + 1} whose loss landscape could be computed")
        if not 0 < self.span < np.inf:
            raise ValueError(f"a loss landscape cannot reach {self.span:g} to either side")


@dataclass(frozen=True, slots=True)
class Landscape:
    """The mean training loss of one run around its parameters at a step; all arrays are float64 and read-only.

    axis_a (points,), axis_b (points,), of a line (1,): places along the directions, 0 is the parameters themselves;
    of a random direction 1 is the length of the weights, of the path's plane it is a distance between parameters.
    losses (len(axis_b), len(axis_a)). path (steps, 2), of a line (steps, 1): the training path, projected;
    path_steps int64 (steps,); path_losses (steps,): at the path's true parameters.
    unexplained: the share of the path's length that the slice does not show, NaN for none.
    """

    run: int
    kind: str
    step: int
    axis_a: Array
    axis_b: Array
    losses: Array
    path: Array
    path_steps: Array
    path_losses: Array
    unexplained: float


def usual_points(kind: str, parameters: int, samples: int) -> int:
    """The points along each axis that a network of this size and so many samples can afford."""
    work = float(parameters) * min(samples, MOST_SAMPLES)
    afford = MOST_WORK / work if kind == LINE else (MOST_WORK / work) ** 0.5
    points = int(min(max(afford, LEAST_POINTS), USUAL_POINTS[kind]))
    return points if points % 2 else points - 1


def axis(points: int, low: float, high: float) -> Array:
    """An odd number of places from low < 0 to high > 0, evenly spaced on either side of an exact 0 in the middle."""
    half = points // 2
    steps = np.arange(half + 1) / half
    return np.concatenate([low * steps[:0:-1], high * steps])


def raw_direction(shape: Shape, random: np.random.Generator) -> Array:
    """A normal draw for every weight and 0 for all else, float64 (total,)."""
    direction = np.zeros(shape.total)
    for layer in range(shape.layers):
        weights = shape.weights(direction, layer)
        weights[:] = random.standard_normal(weights.shape)
    return direction


def filter_normalised(shape: Shape, direction: Array, theta: Array) -> Array:
    """The direction with each neuron's incoming weights as long as those of theta (Li et al. 2018, §4)."""
    normalised = np.zeros(shape.total)
    for layer in range(shape.layers):
        drawn, weights = shape.weights(direction, layer), shape.weights(theta, layer)
        length = np.linalg.norm(drawn, axis=0)
        wanted = np.linalg.norm(weights, axis=0)
        shape.weights(normalised, layer)[:] = drawn * np.divide(wanted, length, where=length > 0, out=0 * wanted)
    return normalised


def principal_directions(steps: Array) -> Array:
    """The two directions (2, total), of length 1, of the plane through 0 that lies nearest to steps (points, total).

    Principal components about the present parameters, not about the mean: the plane must go through them. From the
    small matrix of products (points, points), for there are many more parameters than points.
    """
    values, vectors = np.linalg.eigh(steps @ steps.T)
    leading = vectors[:, [-1, -2]].T @ steps
    lengths = np.linalg.norm(leading, axis=1)
    if values[-2] <= 1e-12 * values[-1] or not (lengths > 0).all():
        raise ValueError("the training path is a straight line so far: train further before looking along it")
    found = leading / lengths[:, None]
    # The way that has been gone comes from the left, and bends to one side only by chance.
    signs = np.where(found @ steps[0] > 0, -1.0, 1.0)
    return np.asarray(found * signs[:, None])


def project(steps: Array, directions: Array) -> Array:
    """Coordinates (points, directions) of the nearest places in the plane of the directions: least squares.

    steps (points, total) are relative to the centre. A direction of length 0 gets the coordinate 0.
    """
    products = directions @ directions.T
    return np.asarray(steps @ directions.T @ np.linalg.pinv(products, hermitian=True))


def unexplained(steps: Array, path: Array, directions: Array) -> float:
    """The share of the path's length that is lost in its projection path (points, directions)."""
    whole = float(np.linalg.norm(np.diff(steps, axis=0), axis=1).sum())
    if not whole > 0:
        return float("nan")
    factor = directions @ directions.T
    moves = np.diff(path, axis=0)
    seen = float(np.sqrt(np.maximum(np.einsum("ki,ij,kj->k", moves, factor, moves), 0)).sum())
    return max(0.0, 1.0 - seen / whole)


def around(path: Array) -> tuple[tuple[float, float], tuple[float, float]]:
    """The ends of both axes that show a path (points, 2) with room around it, the centre 0 within."""
    low, high = np.minimum(path.min(axis=0), 0.0), np.maximum(path.max(axis=0), 0.0)
    extent = high - low
    room = MARGIN * extent + np.maximum(NARROWEST * extent[::-1] - extent, 0.0) / 2
    low, high = low - room, high + room
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))
