"""Where the pre-activations of some neurons lie on their curves: bins of z, and how many lie in which part."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from reluviz.core.activations import Activation
from reluviz.core.shape import Shape
from reluviz.core.snapshot import SATURATION_LEVELS, USUAL_LEVEL, Snapshot
from reluviz.ui.views.curves import JUMP, as_learned, sides

Array = np.ndarray[Any, np.dtype[Any]]

BINS = 64
SATURATION = SATURATION_LEVELS[USUAL_LEVEL]
LEAST_REACH, MOST_REACH = 4.0, 2.0**30
# The share of z that may lie beyond the ends of the axis.
BEYOND = 0.005
# The ends of the axis are looked for among so many values; then all are counted.
FEW = 20_000
POINTS = 257
ZONE_POINTS = 1601


class Part(NamedTuple):
    """Which neurons: a run, a hidden layer from 0 or None for all, a neuron of the layer from 0 or None for all."""

    run: int
    layer: int | None = None
    unit: int | None = None


class Places(NamedTuple):
    """How many values lie where: all of them, without f and slope, and in which part of the curve."""

    values: int
    zero: int
    saturated: int
    active: int
    unknown: int

    @property
    def shares(self) -> tuple[float, float, float]:
        """The shares of the zero, saturated and active part, of the values that are numbers."""
        known = max(1, self.values - self.unknown)
        return self.zero / known, self.saturated / known, self.active / known


@lru_cache(maxsize=8)
def _known(shape: Shape) -> Shape:
    """The same shape, with what it has already worked out."""
    return shape


def layers_of(snapshot: Snapshot, part: Part) -> range:
    """The hidden layers that a part covers."""
    return range(len(snapshot.settings.network.hidden)) if part.layer is None else range(part.layer, part.layer + 1)


def rows_of(shape: Shape, layer: int, unit: int | None) -> slice:
    """The rows of Inside that belong to a layer, or to one of its neurons."""
    begin = shape.offsets[layer]
    return slice(begin, begin + shape.sizes[layer + 1]) if unit is None else slice(begin + unit, begin + unit + 1)


def inside_rows(snapshot: Snapshot, part: Part) -> slice:
    """The rows of Inside that a part covers."""
    layers, shape = layers_of(snapshot, part), _known(snapshot.shape)
    first, last = rows_of(shape, layers[0], part.unit), rows_of(shape, layers[-1], part.unit)
    return slice(first.start, last.stop)


def values_of(snapshot: Snapshot, part: Part) -> Array:
    """z of a part on the batch, float32 (values,); empty where nobody has measured it."""
    return snapshot.runs[part.run].inside.z[inside_rows(snapshot, part)].ravel()


def activation_at(snapshot: Snapshot, run: int, layer: int) -> Activation:
    """The activation of a hidden layer, with the slope that it has learned."""
    slope = float(snapshot.runs[run].layers.learned_slope[layer])
    return as_learned(snapshot.settings.runs[run].activation_of(layer), slope)


def activations_of(snapshot: Snapshot, part: Part) -> tuple[Activation, ...]:
    """The different activations of a part, in the order of its layers."""
    return tuple(dict.fromkeys(activation_at(snapshot, part.run, layer) for layer in layers_of(snapshot, part)))


@lru_cache(maxsize=256)
def faint_slope(activation: Activation) -> float:
    """The size of f′ below which a neuron is saturated: 5 % of the largest one that is a number."""
    largest = activation.max_slope
    if not np.isfinite(largest):
        slopes = np.abs(activation.df(np.linspace(-10.0, 10.0, 4001)))
        largest = float(np.max(slopes, initial=0.0, where=np.isfinite(slopes)))
    return SATURATION * largest


def places_of(snapshot: Snapshot, part: Part) -> Places:
    """Count a part's values on the batch: from what was measured, not from the curve.

    In the zero part f and f′ are exactly 0; in the saturated part f′ is faint, or 0 where f is not; all else is active.
    """
    inside, shape = snapshot.runs[part.run].inside, _known(snapshot.shape)
    rows = inside_rows(snapshot, part)
    z, slopes = inside.z[rows], inside.slopes[rows]
    unknown = 0
    # A sum is a number only if all of it is: nearly always one look is enough.
    with np.errstate(all="ignore"):
        if np.isnan(z.sum() + slopes.sum()):
            unknown = int(np.count_nonzero(np.isnan(z) | np.isnan(slopes)))
    zero = faint = 0
    for layer in layers_of(snapshot, part):
        some = rows_of(shape, layer, part.unit)
        steep, limit = np.abs(inside.slopes[some]), faint_slope(activation_at(snapshot, part.run, layer))
        if unknown:
            steep[np.isnan(inside.z[some])] = np.nan
        flat = steep == 0
        if flat.any():
            zero += int(np.count_nonzero(flat & silent(snapshot, part, layer, shape)))
        faint += int(np.count_nonzero(steep < limit if limit > 0 else flat))
    return Places(z.size, zero, faint - zero, z.size - unknown - faint, unknown)


def silent(snapshot: Snapshot, part: Part, layer: int, shape: Shape) -> Array:
    """Where f(z) = 0 exactly, bool (neurons, samples): a layer that skips passes on just its input there."""
    inside = snapshot.runs[part.run].inside
    some = rows_of(shape, layer, part.unit)
    skips = snapshot.settings.runs[part.run].layer.skips and shape.sizes[layer] == shape.sizes[layer + 1]
    if not skips:
        return np.asarray(inside.activity[some] == 0)
    if layer:
        return np.asarray(inside.activity[some] == inside.activity[rows_of(shape, layer - 1, part.unit)])
    samples = snapshot.dataset.x_train[: inside.z.shape[1]].astype(np.float32).T
    return np.asarray(inside.activity[some] == (samples if part.unit is None else samples[part.unit]))


def round_reach(least: float) -> float:
    """The first of 4, 6, 8, 12, 16, 24, … that is not smaller."""
    reach = LEAST_REACH
    while reach < least and reach < MOST_REACH:
        reach *= 2
    return 0.75 * reach if reach > LEAST_REACH and 0.75 * reach >= least else reach


def reach_of(z: Array, present: float = 0.0) -> float:
    """The end of a symmetrical axis that holds the central 99.5 % of z (values,).

    It grows from `present` at once and shrinks only by half or more, so that the axis does not tremble.
    """
    sizes = np.abs(z)
    few = sizes[:: max(1, sizes.size // FEW)]
    few = few[~np.isnan(few)]
    if not few.size:
        return max(present, LEAST_REACH)
    place = min(few.size - 1, int((1 - BEYOND) * few.size))
    reach = round_reach(float(np.partition(few, place)[place]))
    allowed = int(BEYOND * sizes.size)
    while reach < MOST_REACH and np.count_nonzero(sizes > reach) > allowed:
        reach = round_reach(reach * 1.01)
    return present if reach <= present < 2 * reach else reach


def histogram(z: Array, reach: float) -> Array:
    """Counts of z in BINS equal bins of [-reach, reach], int64 (BINS,); what lies beyond is counted in the outermost.

    What is not a number is not counted.
    """
    counts = np.zeros(BINS, np.int64)
    scale = np.float32(BINS / (2 * reach))
    # In pieces that stay in the processor's cache.
    for begin in range(0, z.size, 65536):
        with np.errstate(over="ignore"):
            places = np.floor(z[begin : begin + 65536] * scale)
        np.clip(places, -BINS // 2, BINS // 2 - 1, out=places)
        if np.isnan(places.sum()):
            places = places[~np.isnan(places)]
        counts += np.bincount((places + BINS // 2).astype(np.intp), minlength=BINS)
    return counts


@lru_cache(maxsize=64)
def curve(activation: Activation, reach: float, slope: bool) -> tuple[Array, Array]:
    """f, or f′ where `slope`, over [-reach, reach]: x and y (points,), NaN where the line breaks at a kink."""
    function = activation.df if slope else activation.f
    kinks = [kink for kink in activation.kinks if abs(kink) < reach]
    near = np.linspace(-min(reach, 4.0), min(reach, 4.0), POINTS // 2)
    x = np.unique(np.concatenate([np.linspace(-reach, reach, POINTS), near, np.array(kinks)]))
    y = function(x)
    for kink in kinks:
        left, right = sides(function, kink)
        if abs(right - left) > JUMP * max(1.0, abs(left), abs(right)):
            at = int(np.searchsorted(x, kink))
            x = np.concatenate([x[:at], [kink, kink, kink], x[at + 1 :]])
            y = np.concatenate([y[:at], [left, np.nan, right], y[at + 1 :]])
    return x, y


@lru_cache(maxsize=64)
def zones(activation: Activation, reach: float) -> tuple[tuple[float, float, bool], ...]:
    """The intervals of [-reach, reach] that are no active part: (low, high, whether it is the zero part)."""
    kinks = np.array([kink for kink in activation.kinks if abs(kink) < reach])
    beside = np.concatenate([np.nextafter(kinks, -np.inf), kinks, np.nextafter(kinks, np.inf)])
    x = np.unique(np.concatenate([np.linspace(-reach, reach, ZONE_POINTS), beside]))
    slopes, limit = np.abs(activation.df(x)), faint_slope(activation)
    faint = slopes < limit if limit > 0 else slopes == 0
    zero = (slopes == 0) & (activation.f(x) == 0)
    kind = np.where(zero, 2, np.where(faint, 1, 0))
    cuts = np.flatnonzero(np.diff(kind)) + 1
    found = []
    for begin, end in zip((0, *cuts), (*cuts, len(x)), strict=True):
        # A single point, such as a kink, is no interval.
        if kind[begin] and x[end - 1] - x[begin] > 1e-6 * reach:
            found.append((float(x[begin]), float(x[end - 1]), bool(kind[begin] == 2)))
    return tuple(found)
