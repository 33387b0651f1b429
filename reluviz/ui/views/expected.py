"""What theory expects of gradient norms at the start, laid at what was measured of the last hidden layer."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from reluviz.core.activations import Activation
from reluviz.core.initializers import RandomisedAsymmetric
from reluviz.core.kernel_plan import NO_NORM
from reluviz.core.settings import Run
from reluviz.core.snapshot import Snapshot
from reluviz.core.theory import backward_gain, depth_profile, slope_bound, weight_gain

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Expected:
    """log10 of gradient norms, shape (layers,), NaN where theory says nothing, as of the output layer.

    theory: the mean-field start profile (Poole et al. 2016, Schoenholz et al. 2017). bound: the largest slope to the
    power of the distance to the last hidden layer, which holds where no layer's weights stretch a vector (Pascanu et
    al. 2013). steepest: that slope where all layers share it, else NaN.
    """

    theory: Array
    bound: Array
    steepest: float


def expected(snapshot: Snapshot, place: int) -> Expected:
    """The lines of one run, through the norm of the last hidden layer at the first record.

    None after an activation was exchanged with the weights kept: the theory is of weights as they were drawn, which
    trained ones no longer are, so no later norm could anchor it, and the first was measured of another function.
    """
    run, sizes = snapshot.settings.runs[place], snapshot.shape.sizes
    hidden = len(sizes) - 2
    theory, bound = np.full(hidden + 1, np.nan), np.full(hidden + 1, np.nan)
    activations = tuple(run.activation_of(layer) for layer in range(hidden))
    steepest = tuple(_steepest(activation) for activation in activations)
    shared = steepest[0] if len(set(steepest)) == 1 else np.nan
    norms = snapshot.course[0].layers[place].gradient_norm if snapshot.course else np.zeros(hidden + 1)
    anchor = float(norms[hidden - 1])
    if exchanged(snapshot, place):
        return Expected(theory, bound, shared)
    if 0 < anchor < np.inf and run.layer.norm == NO_NORM and not run.layer.skips:
        with np.errstate(all="ignore"):
            square = float(np.square(snapshot.dataset.x_train, dtype=float).mean())
        theory[:hidden] = np.log10(anchor) + start_norms(run, activations, sizes[:-1], square)
        if all(0 < slope < 1 for slope in steepest):
            bound[:hidden] = np.log10(anchor) + bounds(steepest)
    return Expected(theory, bound, shared)


def exchanged(snapshot: Snapshot, place: int) -> bool:
    """Whether a run has other activations than it began with, its weights kept."""
    if not snapshot.began:
        return False
    now, then = snapshot.settings.runs[place], snapshot.began[place]
    return any(now.activation_of(k) != then.activation_of(k) for k in range(len(snapshot.settings.network.hidden)))


def start_norms(run: Run, activations: tuple[Activation, ...], sizes: tuple[int, ...], square: float) -> Array:
    """log10 of each hidden layer's gradient norm over that of the last, (layers,); NaN where theory does not reach.

    sizes: the inputs, then every hidden layer; square: the mean square of the inputs. Theory speaks of a single weight:
    the norm of a layer is that times the root of the number of its weights.
    """
    law = run.initializer
    # Mean field wants weights without a mean, and biases that are drawn or zero.
    if isinstance(law, RandomisedAsymmetric) or law.start_bias() != 0:
        return np.full(len(activations), np.nan)
    return _start_norms(activations, law, sizes, square)


@lru_cache(maxsize=64)
def _start_norms(activations: tuple[Activation, ...], law: Any, sizes: tuple[int, ...], square: float) -> Array:
    pairs = list(pairwise(sizes))
    try:
        # As start_profile does, but with biases whose variance follows each layer's inputs, as PyTorch's.
        profile = depth_profile(
            activations,
            [weight_gain(law, *pair) for pair in pairs],
            backward_gains=[backward_gain(law, *pair) for pair in pairs],
            bias_variances=np.array([law.bias_variance(inputs) for inputs, _ in pairs]),
            input_square=square,
        )
    except (ValueError, ArithmeticError):
        return np.full(len(activations), np.nan)
    weights = np.log(np.array(sizes[:-1], float) * np.array(sizes[1:], float)) / 2
    log_norm = (profile.log_weight_gradient + weights - weights[-1]) / np.log(10)
    return np.where(np.isfinite(log_norm), log_norm, np.nan)


def bounds(steepest: tuple[float, ...]) -> Array:
    """log10 of the product of the largest slopes from each hidden layer to the last, whose own does not count."""
    logs = np.log10(np.array(steepest[:-1], float))
    return np.append(np.cumsum(logs[::-1])[::-1], 0.0)


@lru_cache(maxsize=256)
def _steepest(activation: Activation) -> float:
    return slope_bound(activation, 1)
