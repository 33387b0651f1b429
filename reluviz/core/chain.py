"""The chain rule at one sample, layer by layer: what each layer may at most do to the gradient, and what it does.

δ_l = f′(z_l) ∘ W_{l+1} δ_{l+1}, hence ‖δ_l‖ <= max|f′(z_l)| · ‖W_{l+1}‖₂ · ‖δ_{l+1}‖ (Glorot & Bengio 2010; Pascanu,
Mikolov & Bengio 2013).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.folding import effective
from reluviz.core.kernel_plan import LAYER_NORM
from reluviz.core.network import Model
from reluviz.core.normalisation import layer_statistics, normalise
from reluviz.core.plan import model_of
from reluviz.core.snapshot import Snapshot
from reluviz.core.spectral import SpectralNorms

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Chain:
    """One run at one sample; every field has shape (layers,), float64, the first hidden layer first, the output last.

    mean, median, least, largest: of abs f′(z) over the layer's neurons (of the output: 1). norms: of the map from this
    layer to the next one's z, normalisation included, NaN for the output. factors: rms f′ · norm, the bound for a
    gradient that is spread evenly over the neurons. bounds: the most that the length of the gradient by z can be, given
    that of the last hidden layer; NaN for the output. measured: that length.
    """

    mean: Array
    median: Array
    least: Array
    largest: Array
    norms: Array
    factors: Array
    bounds: Array
    measured: Array

    @property
    def products(self) -> Array:
        """The bounds as shares of the last hidden layer's gradient: Π max|f′| · ‖W‖; NaN where there is none."""
        return self._share(self.bounds)

    @property
    def ratios(self) -> Array:
        """The measured lengths as shares of the last hidden layer's; NaN where there is none."""
        return self._share(self.measured)

    def _share(self, lengths: Array) -> Array:
        last = self.measured[-2]
        return lengths / last if last > 0 else np.full(len(lengths), np.nan)


def chain_at(snapshot: Snapshot, run: int, sample: int, known: SpectralNorms | None = None) -> Chain:
    """The chain of a run at a sample of the batch, 0 the first; the snapshot must hold INSIDE and WEIGHTS.

    `known` remembers spectral norms from look to look.
    """
    shape, state = snapshot.shape, snapshot.runs[run]
    model, begins, units = model_of(shape, snapshot.settings, run), shape.offsets, np.array(shape.sizes[1:])
    deltas = np.abs(state.inside.deltas[:, sample])
    with np.errstate(all="ignore"):
        slopes = np.abs(state.inside.slopes[:, sample].astype(float))
        # In the middle of each layer's sorted slopes; the average of two where their number is even.
        ordered = slopes[np.lexsort((slopes, np.repeat(np.arange(shape.layers), units)))]
        norms = np.append(_norms(snapshot, model, run, sample, known or SpectralNorms()), np.nan)
        largest = np.maximum.reduceat(slopes, begins)
        measured = _lengths(deltas, begins, units)
        signed = state.inside.deltas[begins[-1] :, sample]
        top = float(np.linalg.norm(shape.weights(state.theta, shape.layers - 1) @ signed))
        return Chain(
            mean=np.add.reduceat(slopes, begins) / units,
            median=(ordered[begins + (units - 1) // 2] + ordered[begins + units // 2]) / 2,
            least=np.minimum.reduceat(slopes, begins),
            largest=largest,
            norms=norms,
            factors=_lengths(slopes, begins, units) / np.sqrt(units) * norms,
            bounds=_bounds(model, largest, norms, measured, top),
            measured=measured,
        )


def _bounds(model: Model, largest: Array, norms: Array, measured: Array, top: float) -> Array:
    """The bounds from the last hidden layer down; `top` is the length of the gradient by what that layer passes on.

    A layer that adds its input to its output hands the gradient by its output down unchanged as well (He et al. 2016).
    """
    bounds = np.full(len(measured), np.nan)
    last = len(measured) - 2
    bounds[last] = measured[last]
    passed = top
    for layer in reversed(range(last)):
        passed = norms[layer] * bounds[layer + 1] + (passed if model.skips(layer + 1) else 0.0)
        bounds[layer] = largest[layer] * passed
    return bounds


def _norms(snapshot: Snapshot, model: Model, run: int, sample: int, known: SpectralNorms) -> Array:
    """Of every hidden layer the norm of the map from it to the next layer's z, (layers - 1,)."""
    shape, state = snapshot.shape, snapshot.runs[run]
    above = range(1, shape.layers)
    if model.layer.norm != LAYER_NORM:
        return known.bounds([effective(model, state.theta, state.running, layer)[0] for layer in above])
    norms = known.bounds([np.array(shape.weights(state.theta, layer)) for layer in above])
    # Through the statistics of a sample a gradient grows by no more than the largest gain over the deviation.
    for layer in above[:-1]:
        begin, end = shape.offsets[layer - 1], shape.offsets[layer]
        given = state.inside.activity[begin:end, sample].astype(float)
        before = (given @ shape.weights(state.theta, layer) + shape.biases(state.theta, layer))[None]
        gain = shape.gain(state.theta, layer)
        norms[layer - 1] *= np.abs(gain).max() * normalise(before, layer_statistics(before), gain, axis=1).inverse[0, 0]
    return norms


def _lengths(sizes: Array, begins: tuple[int, ...], units: Array) -> Array:
    """The Euclidean length of each layer's part of sizes (neurons,), also where squares would be too small."""
    largest = np.maximum.reduceat(sizes, begins)
    unit = np.where(largest > 0, largest, 1.0)
    return np.asarray(unit * np.sqrt(np.add.reduceat((sizes / np.repeat(unit, units)) ** 2, begins)))
