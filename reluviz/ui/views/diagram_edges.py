"""Which weights of a network diagram are drawn, and in which class of width and colour each is. No Qt."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.shape import Shape

Array = np.ndarray[Any, np.dtype[Any]]
MOST_EDGES = 2000
# Classes of |w| as a share of the layer's largest; negative weights have as many again.
CLASSES = 5


@dataclass(frozen=True, slots=True)
class Edges:
    """Some weights of one layer: sources, units int64, values, their shares of the layer's largest; all (edges,)."""

    layer: int
    sources: Array
    units: Array
    values: Array
    shares: Array

    @property
    def classes(self) -> Array:
        """0 for the faintest to CLASSES - 1 for the strongest, plus CLASSES for negative ones; int64 (edges,)."""
        level = np.clip((self.shares * CLASSES).astype(np.int64), 0, CLASSES - 1)
        return np.asarray(level + CLASSES * (self.values < 0))


def strongest(shape: Shape, theta: Array, most: int = MOST_EDGES) -> tuple[list[Edges], int]:
    """The strongest weights of each layer, at most so many in all, and how many weights there are.

    Layers share them fairly: one that has fewer leaves its part to the others.
    """
    sizes = [inputs * units for inputs, units in zip(shape.sizes[:-1], shape.sizes[1:], strict=True)]
    found: list[Edges | None] = [None] * shape.layers
    left = most
    for place, layer in enumerate(sorted(range(shape.layers), key=sizes.__getitem__)):
        allowed = min(sizes[layer], left // (shape.layers - place))
        left -= allowed
        found[layer] = _of_layer(shape, theta, layer, allowed)
    return [one for one in found if one is not None], sum(sizes)


def of_neuron(shape: Shape, theta: Array, layer: int, unit: int) -> list[Edges]:
    """All weights into a unit of a layer, and all that lead out of it."""
    found = []
    weights = shape.weights(theta, layer)
    count = len(weights)
    found.append(_edges(layer, np.arange(count), np.full(count, unit), weights[:, unit], largest(weights)))
    if layer + 1 < shape.layers:
        above = shape.weights(theta, layer + 1)
        count = above.shape[1]
        found.append(_edges(layer + 1, np.full(count, unit), np.arange(count), above[unit], largest(above)))
    return found


def of_input(shape: Shape, theta: Array, source: int) -> list[Edges]:
    """All weights that lead out of an input."""
    above = shape.weights(theta, 0)
    count = above.shape[1]
    return [_edges(0, np.full(count, source), np.arange(count), above[source], largest(above))]


def largest(values: Array) -> float:
    """The largest finite size, 1 where there is none."""
    with np.errstate(invalid="ignore"):
        peak = max(float(values.max()), -float(values.min()))
    if not np.isfinite(peak):
        sizes = np.abs(values[np.isfinite(values)])
        peak = float(sizes.max(initial=0.0))
    return peak if peak > 0 else 1.0


def _of_layer(shape: Shape, theta: Array, layer: int, allowed: int) -> Edges:
    weights = shape.weights(theta, layer)
    flat, units = weights.ravel(), weights.shape[1]
    if allowed < flat.size:
        # What is not a number is sorted behind the largest: it is among the strongest.
        places = np.argpartition(np.abs(flat), flat.size - allowed)[flat.size - allowed :]
    else:
        places = np.arange(flat.size)
    return _edges(layer, places // units, places % units, flat[places], largest(weights))


def _edges(layer: int, sources: Array, units: Array, values: Array, peak: float) -> Edges:
    shares = np.clip(np.nan_to_num(np.abs(values) / peak, nan=1.0, posinf=1.0), 0.0, 1.0)
    return Edges(layer, sources, units, np.asarray(values), shares)
