"""Networks of straight pieces: activations as a table of pieces, and layers as affine maps between them.

Between its kinks a piecewise linear activation is slope · z + offset; where every neuron keeps to one piece, the whole
network is one affine map (Montúfar et al. 2014). Affine maps of d coordinates are arrays (…, d + 1, units): d rows of
slopes, and a last row of constants.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from reluviz.core.activations import Activation, PReLU
from reluviz.core.folding import effective
from reluviz.core.network import Model

Array = np.ndarray[Any, np.dtype[Any]]
# Where pieces are checked for being straight: 4001 points from -1000 to 1000, finest around 0; so many inside a piece.
FAR = 1e3
GRID = np.sinh(np.linspace(-np.arcsinh(20 * FAR), np.arcsinh(20 * FAR), 4001)) / 20
INSIDE = 101
STRAIGHT = 1e-12


@dataclass(frozen=True, slots=True)
class Pieces:
    """slope · z + offset on every piece: kinks (k,) in ascending order, slopes and offsets (k + 1,)."""

    kinks: Array
    slopes: Array
    offsets: Array

    def at(self, z: Array) -> Array:
        """The number of the piece on which each z lies, 0 the leftmost; a kink belongs to the left. Shape of z."""
        return np.searchsorted(self.kinks, z)


@lru_cache(256)
def pieces_of(activation: Activation) -> Pieces | None:
    """The pieces of an activation, or None where it is curved: checked by its values, not by its name."""
    kinks = np.unique(np.array(activation.kinks, float))
    ends = np.concatenate([[-FAR], kinks, [FAR]])
    middles = 0.5 * (ends[:-1] + ends[1:])
    # Beside a kink the constants of the outer pieces come out without rounding.
    middles[0] = kinks[0] - 1 if len(kinks) else 0.0
    middles[-1] = kinks[-1] + 1 if len(kinks) else 0.0
    values, slopes = activation.f(middles), activation.df(middles)
    with np.errstate(all="ignore"):
        offsets = values - slopes * middles
    between = np.linspace(ends[:-1], ends[1:], INSIDE)[1:-1].ravel()
    z = np.concatenate([GRID, between])
    z = z[~np.isin(z, kinks)]
    place = np.searchsorted(kinks, z)
    with np.errstate(all="ignore"):
        away = np.abs(activation.f(z) - (slopes[place] * z + offsets[place]))
    if not (away <= STRAIGHT * np.maximum(1.0, np.abs(z))).all():
        return None
    return _merged(Pieces(kinks, slopes, offsets))


def _merged(pieces: Pieces) -> Pieces:
    """Without kinks at which nothing changes."""
    real = (np.diff(pieces.slopes) != 0) | (np.diff(pieces.offsets) != 0)
    kept = np.concatenate([[True], real])
    return Pieces(pieces.kinks[real], pieces.slopes[kept], pieces.offsets[kept])


@dataclass(frozen=True, slots=True)
class Stage:
    """One layer: z = x W + b, then the pieces; `skips` adds x. The output layer has one piece, the identity.

    heard (units,): whether anything listens to a neuron. One whose outgoing weights are all 0, such as one that was
    killed by hand, bends nothing.
    """

    weights: Array
    biases: Array
    pieces: Pieces
    skips: bool
    heard: Array

    def before(self, maps: Array) -> Array:
        """The affine maps of z (cells, d + 1, units) for those of the layer's input (cells, d + 1, inputs)."""
        cells, rows, inputs = maps.shape
        made = (maps.reshape(cells * rows, inputs) @ self.weights).reshape(cells, rows, -1)
        made[:, -1] += self.biases
        return made

    def after(self, maps: Array, before: Array, places: Array) -> Array:
        """The affine maps of what is passed on, every neuron on the piece `places` (cells, units) says."""
        passed = before * self.pieces.slopes[places][:, None]
        passed[:, -1] += self.pieces.offsets[places]
        return passed + maps if self.skips else passed

    def steep(self, places: Array) -> Array:
        """Whether neurons on these pieces are on: where their activation is steepest, or past a step's only jump."""
        sizes = np.abs(self.pieces.slopes)
        on = sizes == sizes.max() if sizes.max() > 0 else np.arange(len(sizes)) == len(sizes) - 1
        return np.asarray(on[places])


def stages(model: Model, theta: Array, running: Array | None) -> tuple[Stage, ...]:
    """All layers of a network, the output last; theta and running as a snapshot holds them.

    Raises ValueError with one sentence for a network that is not piecewise linear or not finite.
    """
    layers = model.shape.layers
    if not np.isfinite(theta[: model.used]).all():
        raise ValueError("The run has diverged: its weights are no longer finite numbers.")
    # The activations first: of all reasons they are the one that the person chose.
    pieces = [_layer_pieces(model, theta, layer) for layer in range(layers - 1)]
    pieces.append(Pieces(np.zeros(0), np.ones(1), np.zeros(1)))
    made: list[Stage] = []
    heard = np.ones(model.shape.sizes[-1], bool)
    for layer in reversed(range(layers)):
        try:
            weights, biases = effective(model, theta, running, layer)
        except ValueError as error:
            raise ValueError(f"No linear regions: {error}.") from None
        skips = layer < layers - 1 and model.skips(layer)
        made.append(Stage(weights, biases, pieces[layer], skips, heard))
        # What is only heard by neurons that nobody hears is not heard either; what is added as it is goes on.
        heard = (weights[:, heard] != 0).any(axis=1) | (heard if skips else False)
    return tuple(reversed(made))


def _layer_pieces(model: Model, theta: Array, layer: int) -> Pieces:
    activation = model.activations[layer]
    if isinstance(activation, PReLU):
        learned = float(theta[model.shape.slopes[layer]])
        return _merged(Pieces(np.zeros(1), np.array([learned, 1.0]), np.zeros(2)))
    pieces = pieces_of(activation)
    if pieces is None:
        where = "" if len(set(model.activations)) == 1 else f" in layer {layer + 1}"
        raise ValueError(f"No linear regions: {activation.caption}{where} is curved, not made of straight pieces.")
    return pieces
