"""How similar two inputs are, layer by layer: the correlation map c → c′ of wide random networks.

Both pre-activations have the variance q, and c = q₁₂ / q; one layer on, c′ = (σ_w² E f(u₁) f(u₂) + σ_b²) / q (Poole et
al. 2016). The two-dimensional average is a product of panels, cut at the kinks of both arguments.
"""

import math
from typing import Any

import numpy as np

from reluviz.core.activations import Activation
from reluviz.core.meanfield import fixed_point
from reluviz.core.quadrature import ROOT_TAU, Mesh, evaluate, mesh, panel_nodes

Array = np.ndarray[Any, np.dtype[Any]]

# The normal density beyond this many standard deviations does not show in the last digit.
REACH = 9.0
COARSE = np.arange(-REACH, REACH + 0.5, 1.0)
# Around the place where the other argument meets a kink, the inner average turns within one of its widths.
AROUND = np.array([-8.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 8.0])
# Edges of the activation's own mesh closer to 0 than this, seen in standard deviations, are left out.
FINEST = 1 / 40
# From this spread on one set of nodes resolves the inner density wherever its mean lies.
WIDE = 0.08
STEP = 1.5
# Two dimensions take the square of the points, so the panels are leaner than a mesh's; 1e-12 is reached.
RULE = np.polynomial.legendre.leggauss(10)


def relu_angle_map(c: float | Array) -> Array:
    """c′ of ReLU in closed form: (c asin c + √(1 - c²)) / π + c / 2, the arc-cosine kernel (Cho & Saul 2009)."""
    at = np.asarray(c, float)
    return np.asarray((at * np.arcsin(at) + np.sqrt(1 - at * at)) / np.pi + at / 2)


def pair_average(activation: Activation, q: float, c: float) -> float:
    """E f(u₁) f(u₂) for normal u₁, u₂ of variance q > 0 and correlation c. Raises ValueError for abs c > 1."""
    if not abs(c) <= 1:
        raise ValueError("a correlation lies between -1 and 1")
    curve, width = mesh(activation), math.sqrt(q)
    if c == 1:
        return float(curve.averages(q)[1])
    if c == -1:
        z, weights = panel_nodes(_edges(curve, width, np.zeros(0)), *RULE)
        first, second = evaluate(activation, width * z)[0], evaluate(activation, -width * z)[0]
        return float((weights * _density(z) * first * second).sum())
    spread = math.sqrt(1 - c * c)
    turns = np.array(curve.kinks) / width
    # c is 0 for independent inputs: then the inner average is the same everywhere.
    close = ((turns[:, None] + spread * AROUND) / c).ravel() if c else np.zeros(0)
    z, weights = panel_nodes(_edges(curve, width, close), *RULE)
    z, weights = z.ravel(), (weights * _density(z)).ravel()
    outer = evaluate(activation, width * z)[0]
    inner = _inner if spread >= WIDE else _inner_narrow
    return float((weights * outer) @ inner(curve, width, c * z, spread))


def correlation_map(
    activation: Activation, c: float | Array, weight_variance: float, bias_variance: float = 0.0, q: float | None = None
) -> Array:
    """c′ for each c; same shape. q defaults to q* of (σ_w², σ_b²).

    NaN where that is 0 or inf. Where no q is fixed c′ is taken relative to the next layer's variance.
    """
    if q is None:
        q = fixed_point(activation, weight_variance, bias_variance).q
    if not 0 < q < math.inf:
        return np.full(np.shape(c), np.nan)
    scale = weight_variance * pair_average(activation, q, 1.0) + bias_variance
    raw = [weight_variance * pair_average(activation, q, float(one)) + bias_variance for one in np.ravel(c)]
    return np.reshape(np.array(raw) / scale, np.shape(c))


def _density(z: Array) -> Array:
    return np.asarray(np.exp(-0.5 * z * z) / ROOT_TAU)


def _edges(curve: Mesh, width: float, more: Array, reach: float = REACH) -> Array:
    """Panel edges in standard deviations that resolve the density, the activation and what lies in `more`."""
    own = curve.edges / width
    own = own[(np.abs(own) < reach) & (np.abs(own) > FINEST)]
    edges = np.concatenate([COARSE, own, np.array(curve.kinks) / width, more])
    edges = np.unique(edges[np.abs(edges) <= reach])
    return edges[np.concatenate([[True], np.diff(edges) > 1e-12])]


def _inner(curve: Mesh, width: float, means: Array, spread: float) -> Array:
    """E f(√q (mean + spread z)) for each mean; (means,). f is evaluated once, the density moves over it."""
    reach = float(np.abs(means).max()) + REACH * spread
    steps = np.append(np.arange(-reach, reach, STEP * spread), reach)
    x, weights = (part.ravel() for part in panel_nodes(_edges(curve, width, steps, reach), *RULE))
    f = evaluate(curve.activation, width * x)[0]
    return np.asarray(_density((x - means[:, None]) / spread) @ (weights * f) / spread)


def _inner_narrow(curve: Mesh, width: float, means: Array, spread: float) -> Array:
    """E f(√q (mean + spread z)) for each mean; (means,). The panels are cut where f has its own edges."""
    own = _edges(curve, width, np.zeros(0))
    cuts = np.clip((own - means[:, None]) / spread, -REACH, REACH)
    edges = np.sort(np.concatenate([cuts, np.broadcast_to(COARSE, (len(means), len(COARSE)))], axis=1), axis=1)
    out = np.empty(len(means))
    for rows in np.array_split(np.arange(len(means)), max(1, len(means) // 128)):
        z, weights = panel_nodes(edges[rows], *RULE)
        f = evaluate(curve.activation, width * (means[rows, None, None] + spread * z))[0]
        out[rows] = (weights * _density(z) * f).sum(axis=(1, 2))
    return out
