"""The shape of an activation's curve: range, steepest slope, monotone or not, kinks, zeros and saturation."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from reluviz.core.activations import Activation
from reluviz.core.quadrature import Mesh, evaluate, jumps_at, mesh
from reluviz.core.snapshot import SATURATION_LEVELS, USUAL_LEVEL

Array = np.ndarray[Any, np.dtype[Any]]
Smoothness = Literal["smooth", "kinked", "jumps"]

# An input saturates a neuron where abs f′ is below this share of its maximum, as in the snapshots' measures.
SATURATION = SATURATION_LEVELS[USUAL_LEVEL]
# Arguments far out, where a curve shows its limits.
FAR = np.array([1e3, 1e4, 1e6, 1e8, 1e15, 1e30])
UNBOUNDED = 1e14
# A closer look cuts an interval into pieces; so many looks find a peak's height and a crossing's place to all digits.
PIECES, PEAK_LOOKS, CROSSING_LOOKS = 16, 8, 14
BETWEEN = np.linspace(-10, 10, 601)


@dataclass(frozen=True, slots=True)
class Shape:
    """low, high: inf f and sup f over the line, ±inf where unbounded. lipschitz: sup abs f′. monotone: rises or falls
    throughout. smoothness: smooth when f′ is continuous, kinked when f′ jumps, jumps when f itself does.
    """

    low: float
    high: float
    lipschitz: float
    monotone: bool
    smoothness: Smoothness


def shape(activation: Activation) -> Shape:
    """The shape of an activation; NaN where f is not a number at all."""
    curve = mesh(activation)
    x, f, df = _samples(curve)
    low, high = _range(activation, x, f)
    return Shape(
        low=low,
        high=high,
        lipschitz=_steepest(activation, x, df),
        monotone=_monotone(f),
        smoothness=_smoothness(activation, curve.kinks),
    )


def zeros_share(activation: Activation, q: float = 1.0) -> float:
    """The expected share of exact zeros, P(f(z) = 0), z ~ N(0, q): 1/2 for ReLU (Glorot, Bordes & Bengio 2011)."""
    curve = mesh(activation)
    return curve.average((curve.f == 0).astype(float), q)


def saturated_share(activation: Activation, q: float = 1.0) -> float:
    """The expected share of inputs z ~ N(0, q) with abs f′(z) below 5 % of `max_slope`, as snapshots measure it.

    NaN where f′ is unbounded there.
    """
    limit = SATURATION * activation.max_slope
    if not math.isfinite(limit):
        return math.nan
    edges = _crossings(mesh(activation), limit, math.sqrt(q))
    middle = np.concatenate([edges[:1] - 1, (edges[1:] + edges[:-1]) / 2, edges[-1:] + 1])
    below = np.abs(slope(activation, middle)) < limit
    bounds = np.concatenate([[-np.inf], edges, [np.inf]]) / math.sqrt(2 * q)
    # The complementary error function keeps the digits of small tails on either side.
    return float(sum(_between(bounds[i], bounds[i + 1]) for i in np.flatnonzero(below)))


def _between(a: float, b: float) -> float:
    """P(a < t < b) for t of density e^(-t²)/√π."""
    if a >= 0:
        return (math.erfc(a) - math.erfc(b)) / 2
    if b <= 0:
        return (math.erfc(-b) - math.erfc(-a)) / 2
    return (math.erf(b) - math.erf(a)) / 2


def _samples(curve: Mesh) -> tuple[Array, Array, Array]:
    """The nodes, both sides of every kink, and arguments far out, ascending, with f and f′."""
    kinks = np.array(curve.kinks)
    gap = 2e-13 * np.maximum(1.0, np.abs(kinks))
    declared = np.array([k for k in curve.activation.kinks if math.isfinite(k)])
    beside = [np.nextafter(declared, -np.inf), declared, np.nextafter(declared, np.inf), kinks - gap, kinks + gap]
    more = np.concatenate([-FAR, *beside, FAR, [0.0]])
    f, df = evaluate(curve.activation, more)
    x, f, df = np.append(curve.x, more), np.append(curve.f, f), np.append(curve.df, df)
    order = np.argsort(x, kind="stable")
    return x[order], f[order], df[order]


def _range(activation: Activation, x: Array, f: Array) -> tuple[float, float]:
    if not np.isfinite(f).any():
        return math.nan, math.nan
    ends = value(activation, np.array([-np.inf, np.inf]))
    low = -_highest(lambda t: -value(activation, t), x, -f)
    high = _highest(lambda t: value(activation, t), x, f)
    low, high = min(low, float(np.nanmin([low, *ends]))), max(high, float(np.nanmax([high, *ends])))
    return (-math.inf if low < -UNBOUNDED else low), (math.inf if high > UNBOUNDED else high)


def _steepest(activation: Activation, x: Array, df: Array) -> float:
    if not np.isfinite(df).any():
        return math.nan
    steepest = _highest(lambda t: np.abs(slope(activation, t)), x, np.abs(df))
    return math.inf if steepest > UNBOUNDED else steepest


def _highest(function: Callable[[Array], Array], x: Array, values: Array) -> float:
    """The supremum over samples and the peak around the best of them, by ever closer looks."""
    values = np.where(np.isnan(values), -np.inf, values)
    best = int(values.argmax())
    highest = float(values[best])
    left, right = x[max(best - 1, 0)], x[min(best + 1, len(x) - 1)]
    # Beyond 1e-8 of a smooth peak's width nothing changes in its height.
    for _ in range(PEAK_LOOKS if math.isfinite(highest) else 0):
        closer = np.linspace(left, right, PIECES + 1)
        at = function(closer)
        at = np.where(np.isnan(at), -np.inf, at)
        place = int(at.argmax())
        highest = max(highest, float(at[place]))
        left, right = closer[max(place - 1, 0)], closer[min(place + 1, PIECES)]
    return highest


def _monotone(f: Array) -> bool:
    """Whether values in ascending order never turn, beyond rounding."""
    finite = f[np.isfinite(f)]
    rise = np.diff(finite)
    slack = 8 * np.finfo(float).eps * np.maximum(np.abs(finite[1:]), np.abs(finite[:-1]))
    return bool((rise >= -slack).all() or (rise <= slack).all())


def _smoothness(activation: Activation, kinks: tuple[float, ...]) -> Smoothness:
    """From both sides of the kinks, declared or found: an ELU with α = 1 has one only in f″."""
    if not kinks:
        return "smooth"
    of_value, of_slope = jumps_at(activation, np.array(kinks))
    return "jumps" if of_value.any() else "kinked" if of_slope.any() else "smooth"


def _crossings(curve: Mesh, limit: float, width: float) -> Array:
    """The places within reach of N(0, width²) where abs f′ crosses the limit, and the kinks, ascending; at least one.

    f′ is looked at against +limit and -limit, so that a dip through 0 between two samples is seen.
    """
    near = np.abs(curve.x) <= 40 * width
    more = np.concatenate([width * BETWEEN, curve.kinks])
    x, df = np.append(curve.x[near], more), np.append(curve.df[near], slope(curve.activation, more))
    order = np.argsort(x, kind="stable")
    x, df = x[order], df[order]
    sides = [df >= limit, df > -limit]
    at = [np.flatnonzero(side[1:] != side[:-1]) for side in sides]
    left, right = (np.concatenate([x[i + shift] for i in at]) for shift in (0, 1))
    found = _bisect(curve.activation, left, right, np.repeat([limit, -limit], [len(i) for i in at]))
    edges = np.unique(np.concatenate([curve.kinks, found]))
    return edges if edges.size else np.zeros(1)


def _bisect(activation: Activation, left: Array, right: Array, level: Array) -> Array:
    """Where f′ crosses the level of each interval, cutting all of them into pieces until floats have no more."""
    rows = np.arange(len(left))
    for _ in range(CROSSING_LOOKS if len(left) else 0):
        x = np.linspace(left, right, PIECES + 1, axis=1)
        df = slope(activation, x)
        above = np.where(level[:, None] > 0, df >= level[:, None], df > level[:, None])
        turn = (above[:, 1:] != above[:, :-1]).argmax(axis=1)
        left, right = x[rows, turn], x[rows, turn + 1]
    return (left + right) / 2


def value(activation: Activation, x: Array) -> Array:
    """f in float64 at x, without warnings; any shape."""
    with np.errstate(all="ignore"):
        return np.asarray(activation.f(x), float)


def slope(activation: Activation, x: Array) -> Array:
    """f′ in float64 at x, without warnings; any shape."""
    with np.errstate(all="ignore"):
        return np.asarray(activation.df(x), float)
