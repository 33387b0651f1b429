"""A network of one input as a sum of hinges: where exactly its curve bends, and what each neuron adds to it.

A hidden neuron with a kink bends the curve where its sum crosses the kink: one hidden layer of n ReLUs draws a line
with at most n bends, deeper networks fold lines onto themselves and bend them more often (Montúfar et al. 2014).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.network import Model, forward
from reluviz.core.piecewise import Stage, stages

Array = np.ndarray[Any, np.dtype[Any]]
MOST_HINGES = 20_000
# Shares of the line: hinges so near to each other are one place of the curve.
NEAR = 1e-12
# A sum that changes by less than this share of what it is made of does not change but by rounding.
ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class Hinges:
    """The bends of the outputs between low and high, from left to right.

    places (hinges,): x, made by neuron `neurons` (hinges,) of hidden layer `layers` (hinges,), 0 the first. Several
    may have their hinge at one place. edges (pieces + 1,): the ends of the straight pieces; maps (pieces, 2, outputs):
    slope and constant of each. Where there are too many, `complete` is False, the last layers' are missing and maps
    hold in the middle of pieces only. Outputs are before the sigmoid or softmax that makes them probabilities.
    """

    places: Array
    layers: Array
    neurons: Array
    edges: Array
    maps: Array
    complete: bool

    @property
    def pieces(self) -> int:
        """The number of straight pieces."""
        return len(self.edges) - 1

    def piece_at(self, x: float | Array) -> Any:
        """The number of the piece that holds x; where two meet, the left one."""
        return np.clip(np.searchsorted(self.edges, x) - 1, 0, self.pieces - 1)

    def values(self, x: Array) -> Array:
        """The outputs at x (points,): (points, outputs)."""
        own = self.maps[self.piece_at(x)]
        return own[:, 0] * x[:, None] + own[:, 1]

    def slopes(self) -> tuple[Array, Array]:
        """The outputs' slopes on the left and on the right of every hinge: two arrays (hinges, outputs)."""
        side = NEAR * (self.edges[-1] - self.edges[0]) * 4
        left, right = self.piece_at(self.places - side), self.piece_at(self.places + side)
        return self.maps[left, 0], self.maps[right, 0]


def hinges(
    model: Model, theta: Array, running: Array | None, low: float, high: float, most: int = MOST_HINGES
) -> Hinges:
    """All hinges of a network of one input; theta and running as a snapshot holds them.

    Raises ValueError with one sentence for a network that is not piecewise linear.
    """
    network = stages(model, theta, running)
    edges, maps = np.array([low, high], float), np.array([[[1.0], [0.0]]])
    found: list[tuple[Array, Array, Array]] = []
    complete = True
    for layer, stage in enumerate(network[:-1]):
        with np.errstate(all="ignore"):
            before = stage.before(maps)
        if not np.isfinite(before).all():
            raise ValueError("No linear regions: the numbers in the network are too large.")
        if complete:
            places, neurons = _bends(stage, maps, before, edges)
            complete = len(edges) + len(places) <= most
        if complete and len(places):
            found.append((places, np.full(len(places), layer), neurons))
            finer = _merged(edges, places)
            parents = np.searchsorted(edges, 0.5 * (finer[1:] + finer[:-1])) - 1
            edges, before, maps = finer, before[parents], maps[parents]
        middles = 0.5 * (edges[1:] + edges[:-1])
        maps = stage.after(maps, before, stage.pieces.at(before[:, 0] * middles[:, None] + before[:, 1]))
    places, layers, neurons = (np.concatenate(part) for part in zip(_NOTHING, *found, strict=True))
    order = np.argsort(places, kind="stable")
    return Hinges(places[order], layers[order], neurons[order], edges, network[-1].before(maps), complete)


_NOTHING = (np.zeros(0), np.zeros(0, np.int64), np.zeros(0, np.int64))


def _bends(stage: Stage, maps: Array, before: Array, edges: Array) -> tuple[Array, Array]:
    """Where a layer's sums cross a kink inside a piece, and by which neuron."""
    slopes, constants = before[:, 0], before[:, 1]
    far = np.abs(edges[[0, -1]]).max()
    reach = (np.abs(maps[:, 0]) * far + np.abs(maps[:, 1])) @ np.abs(stage.weights) + np.abs(stage.biases)
    near = NEAR * (edges[-1] - edges[0])
    alive = np.abs(slopes) * (edges[-1] - edges[0]) > ROUNDING * reach
    alive &= stage.heard
    places, neurons = [np.zeros(0)], [np.zeros(0, np.int64)]
    for kink in stage.pieces.kinks:
        with np.errstate(all="ignore"):
            crossing = (kink - constants) / slopes
        inside = alive & (crossing > edges[:-1, None] + near) & (crossing < edges[1:, None] - near)
        places.append(crossing[inside])
        neurons.append(np.nonzero(inside)[1])
    return np.concatenate(places), np.concatenate(neurons)


def _merged(edges: Array, places: Array) -> Array:
    """All ends of pieces in order; places that all but coincide are one."""
    ends = np.sort(np.concatenate([edges, places]))
    apart = np.diff(ends, prepend=-np.inf) > NEAR * (edges[-1] - edges[0])
    return ends[apart]


def contributions(model: Model, theta: Array, running: Array | None, x: Array, output: int = 0) -> tuple[Array, float]:
    """What every neuron of the last hidden layer adds to an output at x (points,): w · a, and the output's bias.

    (neurons, points); with the bias they add up to the output. Of any activation.
    """
    theta = np.asarray(theta, float)
    last = model.shape.layers - 1
    with np.errstate(all="ignore"):
        done = forward(model, theta, np.asarray(x, float)[:, None], running)
        parts = done.after[last - 1].T * model.shape.weights(theta, last)[:, output : output + 1]
    return parts, float(model.shape.biases(theta, last)[output])
