"""The linear regions of a network on a plane of inputs: exact folds, cells and local affine maps.

In a network of piecewise linear activations every neuron folds the plane where its sum crosses a kink; inside the
cells between the folds the network is one affine map (Pascanu et al. 2014, Montúfar et al. 2014). Cells are split
layer by layer and neuron by neuron, each along the straight line that the neuron's sum draws in it; there is no grid.
"""

from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np

from reluviz.core.network import Model
from reluviz.core.piecewise import Stage, stages
from reluviz.core.polygons import Cells, chords, crossings

Array = np.ndarray[Any, np.dtype[Any]]
MOST_CELLS = 20_000
# Shares of the box: a corner so near to a fold lies on it, and no cell has less area.
NEAR, LEAST = 1e-10, 1e-15
# A sum that changes by less than this share of what it is made of does not change but by rounding.
ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class Local:
    """The network around one input: outputs = weights · x + biases; weights (outputs, 2), biases (outputs,).

    pieces: of every hidden layer the piece on which each neuron is (0 the leftmost). on: how many of all hidden neurons
    are where their activation is steepest.
    """

    weights: Array
    biases: Array
    pieces: tuple[Array, ...]
    on: int


@dataclass(frozen=True, slots=True)
class Regions:
    """Cells of the box from low to high, the folds between them, and the affine map of the outputs in each.

    corners (cells, places, 2) and counts (cells,) as in Cells. maps (cells, 3, outputs): the slopes by x₁ and x₂ and
    the constant; on (cells,): neurons that are on; parity (cells,): 0 or 1, different on both sides of a fold. folds
    (folds, 2, 2): pieces of folds from end to end, made by neuron `neurons` (folds,) of hidden layer `layers`
    (folds,), 0 the first. Where there are more cells than `most`, `complete` is False: some folds are missing, maps,
    on and parity are empty. Outputs are before the sigmoid or softmax that makes them probabilities.
    """

    low: float
    high: float
    corners: Array
    counts: Array
    maps: Array
    on: Array
    parity: Array
    folds: Array
    layers: Array
    neurons: Array
    complete: bool
    most: int
    network: tuple[Stage, ...]
    embedding: Array

    @property
    def count(self) -> int:
        """The number of cells."""
        return len(self.counts)

    @property
    def hidden(self) -> int:
        """The number of hidden neurons."""
        return sum(stage.weights.shape[1] for stage in self.network[:-1])

    @property
    def sentence(self) -> str:
        """How many there are, in words."""
        number = f"{self.count if self.complete else self.most:,}".replace(",", "\u202f")
        if not self.complete:
            return f"more than {number} regions"
        return "1 region" if self.count == 1 else f"{number} regions"

    def at(self, x1: float, x2: float) -> Local:
        """The affine map and the pieces at a point of the plane."""
        maps, places = self.embedding[None], []
        point = np.array([x1, x2, 1.0])
        on = 0
        for stage in self.network[:-1]:
            before = stage.before(maps)
            places.append(stage.pieces.at(point @ before[0]))
            on += int(stage.steep(places[-1]).sum())
            maps = stage.after(maps, before, places[-1][None])
        last = self.network[-1].before(maps)[0]
        return Local(last[:2].T, last[2], tuple(places), on)

    def cell_at(self, x1: float, x2: float) -> int:
        """The number of the cell that holds a point, -1 outside the box."""
        along = np.roll(self.corners, -1, axis=1) - self.corners
        away = np.array([x1, x2]) - self.corners
        inside = (along[:, :, 0] * away[:, :, 1] - along[:, :, 1] * away[:, :, 0] >= 0).all(axis=1)
        return int(inside.argmax()) if inside.any() else -1

    def level(self, output: int, value: float) -> Array:
        """Where an output takes a value, such as the threshold of a decision: straight pieces (pieces, 2, 2)."""
        if not self.complete:
            return np.zeros((0, 2, 2))
        own = self.maps[:, :, output]
        length = np.hypot(own[:, 0], own[:, 1])
        near = NEAR * (self.high - self.low)
        away = (self.corners * own[:, None, :2]).sum(axis=2) + (own[:, 2:] - value)
        away /= np.where(length > 0, length, 1.0)[:, None]
        crossed = (away.max(axis=1) > near) & (away.min(axis=1) < -near) & (length > 0)
        if not crossed.any():
            return np.zeros((0, 2, 2))
        places, _, on = crossings(self.corners[crossed], self.counts[crossed], away[crossed], near)
        return chords(places, on)


def arrangement(lines: int, dimensions: int = 2) -> int:
    """The most regions into which so many hyperplanes cut space, reached in general position (Zaslavsky 1975)."""
    return sum(comb(lines, j) for j in range(dimensions + 1))


def regions(
    model: Model, theta: Array, running: Array | None, low: float, high: float, *, embedding: Array | None = None,
    most: int = MOST_CELLS,
) -> Regions:  # fmt: skip
    """The regions of the box from low to high on both axes; theta and running as a snapshot holds them.

    embedding (3, inputs): the input at (u, v) is u · row 0 + v · row 1 + row 2, a plane through a larger space. Raises
    ValueError with one sentence for a network that has no linear regions: curved activations, layer normalisation,
    numbers that are not finite.
    """
    network = stages(model, theta, running)
    if embedding is None:
        embedding = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    cells = Cells.box(low, high)
    maps = np.asarray(embedding, float)[None]
    found, complete = _Folds([], [], []), True
    on, parity = np.zeros(1, np.int64), np.zeros(1, np.int64)
    with np.errstate(all="ignore"):
        for layer, stage in enumerate(network[:-1]):
            before = stage.before(maps)
            if not np.isfinite(before).all():
                raise ValueError("No linear regions: the numbers in the network are too large.")
            complete = _split(cells, layer, stage, before, _reach(stage, maps, low, high), high - low, most, found)
            if not complete:
                break
            parents, centers = cells.parents, cells.centers()
            before = before[parents]
            places = stage.pieces.at((before[:, :2] * centers[:, :, None]).sum(axis=1) + before[:, 2])
            maps = stage.after(maps[parents], before, places)
            on = on[parents] + stage.steep(places).sum(axis=1)
            parity = (parity[parents] + places.sum(axis=1)) % 2
        if complete:
            maps = network[-1].before(maps)
        else:
            maps, on, parity = np.zeros((0, 3, model.shape.sizes[-1])), on[:0], parity[:0]
    return Regions(
        low, high, cells.corners, cells.counts, maps, on, parity, *found.arrays(), complete, most, network, embedding
    )  # fmt: skip


@dataclass(slots=True)
class _Folds:
    """The folds found so far, as lists of arrays."""

    ends: list[Array]
    layers: list[Array]
    neurons: list[Array]

    def arrays(self) -> tuple[Array, Array, Array]:
        if not self.ends:
            return np.zeros((0, 2, 2)), np.zeros(0, np.int64), np.zeros(0, np.int64)
        return np.concatenate(self.ends), np.concatenate(self.layers), np.concatenate(self.neurons)


def _reach(stage: Stage, maps: Array, low: float, high: float) -> Array:
    """How large the numbers are that a neuron's sum is made of, in each cell: (cells, units)."""
    far = max(abs(low), abs(high))
    sizes = np.abs(maps[:, 0]) * far + np.abs(maps[:, 1]) * far + np.abs(maps[:, 2])
    return np.asarray(sizes @ np.abs(stage.weights) + np.abs(stage.biases))


def _split(
    cells: Cells, layer: int, stage: Stage, before: Array, reach: Array, side: float, most: int, found: _Folds
) -> bool:
    """Split all cells at the kinks of one layer; False when there are more than `most` and it stopped.

    Every cell has a queue of the lines that cross it. All first lines of the queues cut at once, then all second ones:
    both halves of a cell share the rest of its queue.
    """
    kinks, units = stage.pieces.kinks, before.shape[2]
    lengths = np.hypot(before[:, 0], before[:, 1])
    # A neuron whose sum is a constant folds nothing, whatever rounding has left of its slope; nor one nobody hears.
    alive = (lengths * side > ROUNDING * reach) & stage.heard
    heights = cells.corners @ before[:, :2]
    lowest, highest = heights.min(axis=1) + before[:, 2], heights.max(axis=1) + before[:, 2]
    crossed = [(lowest < kink) & (kink < highest) & alive for kink in kinks]
    rows, planes = np.nonzero(np.concatenate(crossed, axis=1)) if crossed else (np.zeros(0, int), np.zeros(0, int))
    lengthy = np.bincount(rows, minlength=len(before))
    firsts = lengthy.cumsum() - lengthy
    cells.parents = np.arange(len(before))
    for turn in range(int(lengthy.max(initial=0))):
        some = np.flatnonzero(lengthy[cells.parents] > turn)
        parents = cells.parents[some]
        kink, neurons = np.divmod(planes[firsts[parents] + turn], units)
        lines = before[parents, :, neurons]
        lines[:, 2] -= kinks[kink]
        lines /= lengths[parents, neurons][:, None]
        cut, cuts = cells.cut(some, lines, NEAR * side, LEAST * side * side)
        if len(cuts):
            found.ends.append(cuts)
            found.layers.append(np.full(len(cuts), layer))
            found.neurons.append(neurons[cut])
        if len(cells.counts) > most:
            return False
    return True
