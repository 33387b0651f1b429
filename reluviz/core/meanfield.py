"""Mean-field theory of wide random networks: where a signal's size settles, and whether gradients survive depth.

Weights N(0, σ_w²/n), biases N(0, σ_b²), width n to infinity. A pre-activation's variance goes from layer to layer by
q ← σ_w² E f(√q z)² + σ_b², and the squared length of a back-propagated gradient by the factor
χ = σ_w² E f′(√q z)² (Poole et al. 2016; Schoenholz et al. 2017).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.activations import Activation
from reluviz.core.quadrature import VARIANCES, Mesh, mesh

Array = np.ndarray[Any, np.dtype[Any]]

# The place of variance 1 in the table.
ONE_AT = 96
# Where q stands for "close to 0" and for "without bound".
VANISHING, ENDLESS = 1e-30, 1e30
# Relative changes of q below this are rounding.
ROUNDING = 1e-11
# The size of a signal at which a critical point with q* = 0 is asked whether signals shrink to it.
SMALL = 1e-4
# A variance below this is on its way to 0; a χ at 0 below this is 0.
NEGLIGIBLE, NO_SLOPE = 1e-9, 1e-40


@dataclass(frozen=True, slots=True)
class FixedPoint:
    """Where the pre-activation variance settles when the signal starts at variance 1.

    q: the variance q*, 0 when signals die out, inf when they grow for ever, NaN when f is not a number somewhere.
    kept: q and its neighbours stay as they are, to 1e-11 per layer (ReLU at σ_w² = 2: every q, and 1 stands for them
    all; ReLU6: all below its ceiling). chi: χ at q*, at 0 and inf its limit. decay: the factor by which a small
    difference from q* changes per layer.
    """

    q: float
    kept: bool
    chi: float
    decay: float

    @property
    def gradient_factor(self) -> float:
        """√χ: what the gradient's root mean square is multiplied by per layer, going back."""
        return math.sqrt(self.chi) if self.chi >= 0 else math.nan

    @property
    def depth_scale(self) -> float:
        """ξ_c in layers."""
        return depth_scale(self.chi)

    @property
    def variance_scale(self) -> float:
        """ξ_q in layers: over how many the difference from q* shrinks by e."""
        return depth_scale(abs(self.decay))


@dataclass(frozen=True, slots=True)
class CriticalPoint:
    """A pair (σ_w², σ_b²) with χ = 1 at the fixed point q; stable: signals of a slightly different size come to it."""

    weight_variance: float
    bias_variance: float
    q: float
    stable: bool


def depth_scale(chi: float) -> float:
    """Layers over which a squared gradient, or 1 minus a correlation, changes by the factor e: 1 / abs ln χ.

    For χ < 1 this is ξ_c = -1 / ln χ (Schoenholz et al. 2017), and networks train up to about 6 ξ_c layers; for χ > 1
    gradients grow at this scale. inf at χ = 1, 0 at χ = 0.
    """
    if not chi >= 0:
        return math.nan
    if chi in (0.0, math.inf):
        return 0.0
    log = math.log(chi)
    return math.inf if abs(log) <= ROUNDING else 1 / abs(log)


def variance_map(activation: Activation, q: float | Array, weight_variance: float, bias_variance: float = 0.0) -> Array:
    """The pre-activation variance one layer on, σ_w² E f(√q z)² + σ_b²; same shape as q."""
    return np.asarray(weight_variance * mesh(activation).averages(q)[1] + bias_variance)


def susceptibility(activation: Activation, q: float | Array, weight_variance: float) -> Array:
    """χ = σ_w² E f′(√q z)² at variance q; same shape as q. At q = 0 the limit, the mean over both sides of a kink."""
    clipped = np.clip(np.asarray(q, float), VANISHING, ENDLESS)
    return np.asarray(weight_variance * mesh(activation).averages(clipped)[2])


def fixed_point(activation: Activation, weight_variance: float, bias_variance: float = 0.0) -> FixedPoint:
    """q* of (σ_w², σ_b²) and what follows from it; the signal starts at variance 1.

    Raises ValueError for a negative variance.
    """
    if weight_variance < 0 or bias_variance < 0:
        raise ValueError("a variance is never negative")
    return _fixed_point(mesh(activation), float(weight_variance), float(bias_variance))


def critical_points(activation: Activation, bias_variance: float = 0.0) -> tuple[CriticalPoint, ...]:
    """All σ_w² with χ = 1 for this σ_b², by rising σ_w²; where every q is critical (ReLU) there is one with q = 1."""
    curve = mesh(activation)
    square, slope = curve.table[1:3]
    with np.errstate(all="ignore"):
        excess = 1 - square / (slope * VARIANCES) - bias_variance / VARIANCES
    if bias_variance == 0 and (np.abs(excess[ONE_AT - 4 : ONE_AT + 5]) <= ROUNDING).all():
        return (CriticalPoint(float(1 / slope[ONE_AT]), 0.0, 1.0, True),)

    def difference(q: float) -> float:
        _, squared, sloped, _ = curve.averages(q)
        return float(1 - squared / (sloped * q) - bias_variance / q)

    roots = [_root(difference, *VARIANCES[i : i + 2]) for i in _changes(excess)]
    points = [_critical(curve, q, bias_variance) for q in roots]
    if bias_variance == 0:
        points += _critical_at_zero(curve)
    return tuple(sorted(points, key=lambda point: point.weight_variance))


def critical_weight_variance(activation: Activation, bias_variance: float = 0.0) -> float:
    """The smallest σ_w² at which gradients keep their size (χ = 1) for this σ_b²; NaN where there is none."""
    stable = (point.weight_variance for point in critical_points(activation, bias_variance) if point.stable)
    return next(stable, math.nan)


def critical_bias_variance(activation: Activation, weight_variance: float) -> float:
    """The smallest σ_b² at which χ = 1 for this σ_w²; NaN where there is none."""
    curve = mesh(activation)
    excess = weight_variance * curve.table[2] - 1

    def difference(q: float) -> float:
        return float(weight_variance * curve.averages(q)[2] - 1)

    roots = [_root(difference, *VARIANCES[i : i + 2]) for i in _changes(excess)]
    biases = [q - weight_variance * float(curve.averages(q)[1]) for q in roots]
    biases += [0.0 for p in critical_points(activation) if abs(p.weight_variance - weight_variance) <= 1e-9]
    return min((b for b in biases if b >= 0), default=math.nan)


def critical_line(activation: Activation, bias_variances: Array) -> Array:
    """The edge of chaos: σ_w² with χ = 1 for each σ_b²; same shape, NaN where there is none."""
    found = [critical_weight_variance(activation, float(b)) for b in np.ravel(bias_variances)]
    return np.reshape(np.array(found), np.shape(bias_variances))


def _fixed_point(curve: Mesh, weight_variance: float, bias_variance: float) -> FixedPoint:
    q, kept = _settle(curve, weight_variance, bias_variance)
    near = min(max(q, VANISHING), ENDLESS)
    _, square, slope, bend = curve.averages(near)
    with np.errstate(all="ignore"):
        chi = weight_variance * float(slope)
        decay = weight_variance * float(bend if VANISHING < near < ENDLESS else square / near)
    return FixedPoint(q, kept, 0.0 if chi < NO_SLOPE else math.inf if chi > ENDLESS else chi, decay)


def _settle(curve: Mesh, weight_variance: float, bias_variance: float) -> tuple[float, bool]:
    """The first fixed point on the way that q takes from 1, and whether every q is one."""

    def growth(q: float) -> float:
        return float((weight_variance * curve.averages(q)[1] + bias_variance) / q - 1)

    with np.errstate(all="ignore"):
        table = (weight_variance * curve.table[1] + bias_variance) / VARIANCES - 1
    if np.isnan(table[ONE_AT]):
        return math.nan, False
    if abs(table[ONE_AT]) <= ROUNDING:
        around = table[ONE_AT - 4 : ONE_AT + 5]
        return 1.0, bool((np.abs(around) <= ROUNDING).all())
    if table[ONE_AT] > 0:
        # Growth that only sinks into rounding goes on for ever: softplus at σ_w² = 2 grows like l^(2/3).
        ends = ONE_AT + np.flatnonzero(table[ONE_AT:] < -ROUNDING)
        if not ends.size:
            return math.inf, False
        begin = int(np.flatnonzero(table[: ends[0]] > ROUNDING)[-1])
        return _root(growth, VARIANCES[begin], VARIANCES[ends[0]]), False
    stops = np.flatnonzero(~(table[:ONE_AT] < -ROUNDING))
    if not stops.size:
        return 0.0, False
    first = int(stops[-1])
    if table[first] <= ROUNDING:
        # Losses below rounding: near 0 a tanh at σ_w² = 1 still shrinks, a ReLU6 far below its ceiling does not.
        return (0.0, False) if VARIANCES[first] < NEGLIGIBLE else (float(VARIANCES[first]), True)
    return _root(growth, VARIANCES[first], VARIANCES[first + 1]), False


def _changes(values: Array) -> list[int]:
    """The places i where finite values change their sign, by more than rounding, between i and i + 1."""
    sign = np.where(np.abs(values) <= ROUNDING, 0, np.sign(values))
    with np.errstate(invalid="ignore"):
        return np.flatnonzero(sign[:-1] * sign[1:] < 0).tolist()


def _critical(curve: Mesh, q: float, bias_variance: float) -> CriticalPoint:
    _, _, slope, bend = curve.averages(q)
    return CriticalPoint(float(1 / slope), bias_variance, q, bool(bend / slope <= 1 + 1e-9))


def _critical_at_zero(curve: Mesh) -> list[CriticalPoint]:
    """The critical point whose signals die out: σ_w² = 1 / f′(0)², where f(0) = 0."""
    _, square, slope, _ = curve.averages(VANISHING)
    if not (square <= 1e-10 * slope and 0 < slope < ENDLESS):
        return []
    shrinks = curve.averages(SMALL)[1] / (slope * SMALL) <= 1 + 1e-9
    return [CriticalPoint(float(1 / slope), 0.0, 0.0, bool(shrinks))]


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """The root between two variances of which the function has different signs, by Illinois steps in ln q."""
    a, b = math.log(low), math.log(high)
    fa, fb = function(low), function(high)
    for _ in range(100):
        c = b - fb * (b - a) / (fb - fa) if fa != fb else (a + b) / 2
        fc = function(math.exp(c))
        if fc == 0 or abs(c - b) <= 1e-15:
            return math.exp(c)
        if (fc > 0) != (fb > 0):
            a, fa = b, fb
        else:
            fa /= 2
        b, fb = c, fc
    return math.exp(b)
