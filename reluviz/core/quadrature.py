"""Averages of an activation over a normal pre-activation, by Gauss-Legendre panels instead of samples.

Plain Gauss-Hermite nodes lose all accuracy at a kink. Here the line is cut at 0, at the kinks and at powers of two, and
panels that a polynomial does not fit are halved, so one mesh resolves the activation and normal densities of all widths
from 1e-6 to 1e4. A kink or jump that nobody declared is found on the way, as a panel that no halving helps.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from reluviz.core.activations import Activation

Array = np.ndarray[Any, np.dtype[Any]]

POINTS = 20
NODES, WEIGHTS = np.polynomial.legendre.leggauss(POINTS)
# Panels between these powers of two, on both sides of 0.
LOWEST, HIGHEST = -22, 17
# The widths √q for which the mesh resolves the normal density; outside, the activation is scaled instead.
NARROWEST, WIDEST = 2.0 ** (LOWEST + 2), 2.0**HIGHEST / 13
# A panel is halved while its last Legendre coefficients exceed this share of its values; Gauss's rule does far better.
UNFIT = 1e-9
NOISE = 1e-13
LAST = 4
# Beyond this abs x an activation is taken to be past its features; a sine would ask for endless panels there.
REFINED = 256.0
THINNEST = 1e-13
MOST_PANELS, MOST_LOOKS = 1024, 60
# Densities are computed for so many widths at a time, at the nodes within so many of the largest.
TOGETHER, FARTHEST = 16, 20.0
# How close both sides of a place are looked at, and what counts as a jump between them.
NEAR, JUMP = 1e-9, 1e-6
LARGEST = 1e300
# The variances of the table that searches start from; 8 a decade.
VARIANCES = 10.0 ** np.linspace(-12, 8, 161)
ROOT_TAU = float(np.sqrt(2 * np.pi))


def _legendre_analysis() -> Array:
    """The matrix (POINTS, LAST) that takes values at the nodes to their last Legendre coefficients."""
    basis = np.polynomial.legendre.legvander(NODES, POINTS - 1)
    return (WEIGHTS[:, None] * basis * (2 * np.arange(POINTS) + 1) / 2)[:, -LAST:]


ANALYSIS = _legendre_analysis()


@dataclass(frozen=True)
class Mesh:
    """An activation on nodes x (nodes,), ascending, with quadrature weights; f and df hold its values there.

    kinks are the declared ones inside the mesh and the ones found; edges (panels + 1,) bound the panels.
    """

    activation: Activation
    kinks: tuple[float, ...]
    edges: Array
    x: Array
    weights: Array
    f: Array
    df: Array

    def averages(self, q: float | Array) -> Array:
        """E f, E f², E f′² and d(E f²)/dq for z ~ N(0, q), q > 0: shape (4,) + the shape of q.

        The derivative by q differentiates the density, not f: ½ E[f² (z²/q - 1)] / q, which holds across jumps too.
        f′ at a jump of f counts as the engine's f′ does: without the jump.
        """
        wanted = np.asarray(q, dtype=float)
        flat = np.atleast_1d(wanted).ravel()
        out = np.empty((4, flat.size))
        width = np.sqrt(flat)
        inside = (width >= NARROWEST) & (width <= WIDEST)
        places = np.flatnonzero(inside)
        for first in range(0, len(places), TOGETHER):
            some = places[first : first + TOGETHER]
            out[:, some] = self._on_mesh(width[some])
        for i in np.flatnonzero(~inside):
            out[:, i] = self._scaled(float(width[i]))
        return out.reshape((4, *wanted.shape))

    def average(self, values: Array, q: float) -> float:
        """E of a quantity with `values` at the nodes, (nodes,), for z ~ N(0, q)."""
        width = float(np.sqrt(q))
        density = self.weights * np.exp(-0.5 * (self.x / width) ** 2) / (width * ROOT_TAU)
        return float(density @ values)

    @cached_property
    def table(self) -> Array:
        """The averages at VARIANCES, (4, variances)."""
        return self.averages(VARIANCES)

    @cached_property
    def _columns(self) -> Array:
        with np.errstate(all="ignore"):
            # An infinite value where the density is 0 must not become NaN.
            return np.minimum(np.stack([self.f.clip(-LARGEST), self.f**2, self.df**2]), LARGEST)

    def _on_mesh(self, width: Array) -> Array:
        reach = FARTHEST * float(width.max())
        first, last = np.searchsorted(self.x, [-reach, reach])
        squared = np.square(self.x[first:last] / width[:, None])
        density = self.weights[first:last] * np.exp(-0.5 * squared) / (width[:, None] * ROOT_TAU)
        columns = self._columns[:, first:last]
        bend = (density * (squared - 1)) @ columns[1] / (2 * width**2)
        return np.vstack([columns @ density.T, bend])

    def _scaled(self, width: float) -> Array:
        """The averages for a width that the mesh does not resolve: all features lie at 0, seen from there."""
        z, weights = _standard()
        f, df = evaluate(self.activation, width * z)
        with np.errstate(all="ignore"):
            square = weights @ f**2
            bend = (weights * (z**2 - 1)) @ f**2 / (2 * width**2) if width > 0 else np.nan
            return np.array([weights @ f, square, weights @ df**2, bend])


@lru_cache(maxsize=1)
def _standard() -> tuple[Array, Array]:
    """Nodes and weights for averages over z ~ N(0, 1) with a kink at 0."""
    right = np.array([0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 13.0])
    z, weights = panel_nodes(np.concatenate([-right[:0:-1], right]))
    return z.ravel(), weights.ravel() * np.exp(-0.5 * z.ravel() ** 2) / ROOT_TAU


def evaluate(activation: Activation, x: Array) -> tuple[Array, Array]:
    """f and f′ in float64 at x, without warnings; any shape."""
    with np.errstate(all="ignore"):
        return np.asarray(activation.f(x), float), np.asarray(activation.df(x), float)


def jumps_at(activation: Activation, places: Array) -> Array:
    """Whether f (row 0) and f′ (row 1) jump at the places (places,); (2, places) of bool.

    A jump stays when both sides come a hundred times closer; the change of a steep but smooth curve does not.
    """
    gap = NEAR * np.maximum(1.0, np.abs(places))
    at = np.stack([places - gap, places + gap, places - gap / 100, places + gap / 100])
    values = np.stack(evaluate(activation, at))
    with np.errstate(all="ignore"):
        far, close = np.abs(values[:, 1] - values[:, 0]), np.abs(values[:, 3] - values[:, 2])
        size = np.maximum(1.0, np.abs(values).max(axis=1))
        return np.asarray((close > JUMP * size) & (close > far / 2))


def panel_nodes(edges: Array, nodes: Array = NODES, weights: Array = WEIGHTS) -> tuple[Array, Array]:
    """Nodes and weights, (panels, points), of the panels between ascending edges on the last axis.

    nodes and weights (points,) are a rule on (-1, 1); by default that of the meshes.
    """
    half = (edges[..., 1:] - edges[..., :-1])[..., None] / 2
    return edges[..., :-1, None] + half * (1 + nodes), half * weights


def mesh(activation: Activation) -> Mesh:
    """The mesh of an activation, kept for the activations seen last."""
    try:
        return _kept(activation)
    except TypeError:
        # A value that cannot be hashed works as well, only slower.
        return _build(activation)


@lru_cache(maxsize=128)
def _kept(activation: Activation) -> Mesh:
    return _build(activation)


def _build(activation: Activation) -> Mesh:
    powers = 2.0 ** np.arange(LOWEST, HIGHEST + 1)
    declared = [float(k) for k in activation.kinks if abs(k) < powers[-1]]
    edges = np.unique(np.concatenate([-powers, [0.0], powers, declared]))
    left, right, found = _refine(activation, edges[:-1], edges[1:])
    bounds = np.append(left, right[-1])
    x, weights = panel_nodes(bounds)
    f, df = evaluate(activation, x)
    # A kink on an edge leaves both panels smooth, so the edges are asked one by one.
    inner = bounds[np.abs(bounds) <= REFINED]
    on_edges = inner[jumps_at(activation, inner).any(axis=0)]
    kinks = _apart([*declared, *found, *on_edges.tolist()])
    return Mesh(activation, tuple(kinks), bounds, x.ravel(), weights.ravel(), f.ravel(), df.ravel())


def _refine(activation: Activation, left: Array, right: Array) -> tuple[Array, Array, list[float]]:
    """Halve panels until f and f′ are polynomials on each; also the places where that never happens.

    A curve that turns too often for MOST_PANELS is resolved around 0 only.
    """
    done: list[Array] = []
    found: list[float] = []
    scale, reach = np.zeros(2), REFINED
    for look in range(MOST_LOOKS):
        x, _ = panel_nodes(np.stack([left, right], axis=1))
        values = np.stack(evaluate(activation, x[:, 0]))
        away = np.maximum(-left, right)
        if look == 0:
            scale = _size(values[:, away <= 8])
        rough = _unfit(values, scale)
        thin = rough & (right - left <= THINNEST * np.maximum(1.0, np.abs(left)))
        found += ((left + right) / 2)[thin].tolist()
        rough &= ~thin
        left_over = MOST_PANELS - sum(part.shape[1] for part in done) - len(left)
        while (rough & (away <= reach)).sum() > max(left_over, 0):
            reach /= 2
        split = rough & (away <= reach)
        done.append(np.stack([left, right])[:, ~split])
        middle = (left[split] + right[split]) / 2
        left, right = np.concatenate([left[split], middle]), np.concatenate([middle, right[split]])
        if not left.size:
            break
    panels = np.concatenate([*done, np.stack([left, right])], axis=1)
    panels = panels[:, np.argsort(panels[0], kind="stable")]
    return panels[0], panels[1], found


def _size(values: Array) -> Array:
    """The largest finite abs f and f′, (2,), of values (2, panels, POINTS)."""
    return np.asarray(np.where(np.isfinite(values), np.abs(values), 0).max(axis=(1, 2)))


def _unfit(values: Array, scale: Array) -> Array:
    """Whether f or f′, (2, panels, POINTS), still differs from a polynomial; (panels,)."""
    with np.errstate(all="ignore"):
        tail = np.abs(values @ ANALYSIS).max(axis=2)
        rough = tail > UNFIT * np.abs(values).max(axis=2) + NOISE * scale[:, None]
    return np.asarray((rough & np.isfinite(tail)).any(axis=0))


def _apart(places: list[float]) -> list[float]:
    """Ascending places; of those around one kink only the one named first."""
    kept: list[float] = []
    for place in places:
        if all(abs(place - other) > 4 * NEAR * max(1.0, abs(place)) for other in kept):
            kept.append(place)
    return sorted(kept)
