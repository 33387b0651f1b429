"""What theory expects of a run before it trains: the lines that plots draw beside the measurement.

Wide layers with random weights and no training, after Glorot & Bengio (2010), He et al. (2015), Poole et al. (2016) and
Schoenholz et al. (2017). The averages are quadratures (quadrature.py), never samples.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from reluviz.core.activations import Activation
from reluviz.core.initializers import Initializer
from reluviz.core.meanfield import fixed_point, susceptibility
from reluviz.core.quadrature import VARIANCES, mesh

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Moments:
    """Averages over z ~ N(0, q): mean E f, square E f², slope_square E f′²."""

    mean: float
    square: float
    slope_square: float


@dataclass(frozen=True, slots=True)
class DepthProfile:
    """One entry per hidden layer, float64, shape (layers,).

    variance: q_l of the pre-activations. activity: root mean square of f(z). log_gradient: ln of the root mean square
    of the loss's gradient by the pre-activations, relative to the last hidden layer (0 there). log_weight_gradient: the
    same for the gradient by the weights, relative to the last hidden layer. log because deep sigmoid networks leave
    the range of floats.
    """

    variance: Array
    activity: Array
    log_gradient: Array
    log_weight_gradient: Array

    @property
    def gradient(self) -> Array:
        """The root mean square gradient by the pre-activations, relative to the last hidden layer; may underflow."""
        return np.asarray(np.exp(self.log_gradient))

    @property
    def weight_gradient(self) -> Array:
        """The root mean square gradient by a weight, relative to the last hidden layer; may underflow."""
        return np.asarray(np.exp(self.log_weight_gradient))


def moments(activation: Activation, q: float = 1.0) -> Moments:
    """The averages that a layer's signal and gradient depend on, for pre-activations of variance q > 0."""
    mean, square, slope_square, _ = mesh(activation).averages(q)
    return Moments(float(mean), float(square), float(slope_square))


def variance_preserving_gain(activation: Activation) -> float:
    """1 / √(E f(z)²), z ~ N(0, 1): weights N(0, gain²/n) keep a signal of size 1; inf for f = 0 (Glorot 2010)."""
    square = moments(activation).square
    return 1 / math.sqrt(square) if square > 0 else math.inf if square == 0 else math.nan


def gradient_factor(activation: Activation, weight_variance: float, bias_variance: float = 0.0) -> float:
    """√χ at q*: what the gradient's root mean square is multiplied by per layer, for σ_w² = n Var(w) and σ_b²."""
    return fixed_point(activation, weight_variance, bias_variance).gradient_factor


def weight_gain(initializer: Initializer, fan_in: int, fan_out: int) -> float:
    """σ_w² = n Var(w) of a layer with n = fan_in inputs: the factor of the forward signal (He et al. 2015)."""
    return fan_in * initializer.variance(fan_in, fan_out)


def backward_gain(initializer: Initializer, fan_in: int, fan_out: int) -> float:
    """fan_out · Var(w): the same factor for the gradient on its way back, which sums over the outputs."""
    return fan_out * initializer.variance(fan_in, fan_out)


def slope_bound(activation: Activation, layers: int, norm: float = 1.0) -> float:
    """The most by which a gradient can be multiplied through `layers` layers: (norm · max abs f′)^layers.

    norm is the largest singular value of the weights; 1 for a chain of sigmoid neurons with w = 1 gives 0.25^layers.
    """
    steepest = activation.max_slope * norm
    return float(np.exp(layers * np.log(steepest))) if steepest > 0 else 0.0


def depth_profile(
    activations: Activation | Sequence[Activation],
    weight_gains: Sequence[float] | Array,
    *,
    backward_gains: Sequence[float] | Array | None = None,
    bias_variances: Sequence[float] | Array | float = 0.0,
    input_square: float = 1.0,
) -> DepthProfile:
    """Signal and gradient through the hidden layers of a network at its start.

    weight_gains (layers,): n Var(w) by layer, from `weight_gain`. backward_gains (layers,): from `backward_gain`; entry
    l takes the gradient from layer l to layer l - 1, so the first is not used; by default the same, which is right for
    layers of equal width. bias_variances: (layers,) or one for all. input_square: the mean square of the inputs.
    One activation may stand for all layers. Raises ValueError where the lengths differ.
    """
    gains = np.asarray(weight_gains, float)
    back = gains if backward_gains is None else np.asarray(backward_gains, float)
    chosen = list(activations) if isinstance(activations, Sequence) else [activations] * len(gains)
    if not len(chosen) == len(gains) == len(back):
        raise ValueError("activations and gains must have one entry per hidden layer")
    biases = np.broadcast_to(np.asarray(bias_variances, float), gains.shape)
    layers = len(gains)
    variance, square, log_chi = np.empty(layers), np.empty(layers + 1), np.zeros(layers)
    square[0] = input_square
    with np.errstate(all="ignore"):
        for layer in range(layers):
            variance[layer] = gains[layer] * square[layer] + biases[layer]
            _, square[layer + 1], slope_square, _ = mesh(chosen[layer]).averages(variance[layer])
            if layer + 1 < layers:
                log_chi[layer] = np.log(back[layer + 1] * slope_square)
        log_gradient = np.cumsum(log_chi[::-1])[::-1] / 2
        log_weights = log_gradient + np.log(square[:-1]) / 2
    return DepthProfile(variance, np.sqrt(square[1:]), log_gradient, log_weights - log_weights[-1])


def start_profile(
    activations: Activation | Sequence[Activation],
    initializer: Initializer,
    sizes: Sequence[int],
    *,
    bias_variance: float = 0.0,
    input_square: float = 1.0,
) -> DepthProfile:
    """The profile of a network with the widths `sizes`: the inputs, then every hidden layer; (layers + 1,) entries.

    Holds for normal or uniform weights; a constant bias other than 0 is not in it.
    """
    pairs = list(pairwise(sizes))
    return depth_profile(
        activations,
        [weight_gain(initializer, *pair) for pair in pairs],
        backward_gains=[backward_gain(initializer, *pair) for pair in pairs],
        bias_variances=bias_variance,
        input_square=input_square,
    )


def variance_curve(activation: Activation, weight_variance: float, bias_variance: float = 0.0) -> tuple[Array, Array]:
    """The variance map as a curve: q (161,) over twenty decades and the next layer's q, same shape."""
    return VARIANCES, weight_variance * mesh(activation).table[1] + bias_variance


__all__ = [
    "DepthProfile",
    "Moments",
    "backward_gain",
    "depth_profile",
    "gradient_factor",
    "moments",
    "slope_bound",
    "start_profile",
    "susceptibility",
    "variance_curve",
    "variance_preserving_gain",
    "weight_gain",
]
