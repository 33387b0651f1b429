"""A readable float64 network, forward and backward: the reference with which the compiled kernels must agree.

It is written to be read, not to be fast.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from reluviz.core import chance
from reluviz.core.activations import Activation, PReLU, RReLU
from reluviz.core.kernel_plan import BATCH_NORM, LAYER_NORM, MASK_DRAWS, NO_NORM, SLOPE_DRAWS
from reluviz.core.layers import Dense, Layer
from reluviz.core.losses import Loss
from reluviz.core.normalisation import Normalised, batch_statistics, layer_statistics, normalise, through_norm
from reluviz.core.shape import Shape

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Model:
    """What a run's settings say of its network: its shape, the activation of every hidden layer, their kind."""

    shape: Shape
    activations: tuple[Activation, ...]
    layer: Layer = field(default_factory=Dense)

    @property
    def used(self) -> int:
        """How many entries of the parameter vector mean something to this network."""
        learned = any(isinstance(activation, PReLU) for activation in self.activations)
        return self.shape.total if learned or self.layer.norm != NO_NORM else self.shape.parameters

    def skips(self, layer: int) -> bool:
        """Whether a hidden layer adds its input to its output."""
        return self.layer.skips and self.shape.sizes[layer] == self.shape.sizes[layer + 1]


@dataclass(frozen=True, slots=True)
class Moment:
    """What a step of training depends on besides parameters and batch: where its random numbers are drawn."""

    seed: int = 0
    step: int = 0
    dropout: float = 0.0


@dataclass(slots=True)
class Pass:
    """What a forward pass leaves behind for the way back; every list has an entry for each layer.

    before, after: (samples, units), z and what the layer passes on. slopes: f′(z), the dropout's factors in it.
    kept: those factors. norms: of a normalised layer.
    """

    before: list[Array] = field(default_factory=list)
    after: list[Array] = field(default_factory=list)
    slopes: list[Array] = field(default_factory=list)
    kept: list[Array] = field(default_factory=list)
    norms: list[Normalised | None] = field(default_factory=list)


def forward(model: Model, theta: Array, x: Array, running: Array | None = None, moment: Moment | None = None) -> Pass:
    """All layers at x (samples, inputs); the output layer has no activation.

    With a moment as in training: batch statistics, which `running` (2, neurons) then follows, dropout and random
    slopes. Without, as in evaluation: running statistics.
    """
    shape, done = model.shape, Pass()
    signal = x
    for layer in range(shape.layers):
        z = signal @ shape.weights(theta, layer) + shape.biases(theta, layer)
        hidden = layer < shape.layers - 1
        norm = _normalised(model, theta, layer, z, running, moment is not None) if hidden else None
        z = z if norm is None else norm.hat * norm.gain + shape.shift(theta, layer)
        value, slope, kept = _activated(model, theta, layer, z, moment) if hidden else (z, np.ones_like(z), 1.0)
        done.before.append(z)
        done.slopes.append(slope * kept)
        done.kept.append(np.broadcast_to(kept, z.shape))
        done.norms.append(norm)
        signal = value * kept + (signal if hidden and model.skips(layer) else 0.0)
        done.after.append(signal)
    return done


def gradient(
    model: Model,
    theta: Array,
    loss: Loss,
    x: Array,
    y: Array,
    running: Array | None = None,
    moment: Moment | None = None,
) -> Array:
    """The gradient of the mean loss by all parameters, flat; back-propagation (Rumelhart et al. 1986)."""
    shape = model.shape
    done = forward(model, theta, x, running, moment)
    grad = np.zeros_like(theta)
    delta = loss.gradient(done.before[-1], y)
    passed = delta
    for layer in reversed(range(shape.layers)):
        source = done.after[layer - 1] if layer else x
        norm = done.norms[layer]
        if norm is not None:
            shape.gain(grad, layer)[:] = (delta * norm.hat).sum(axis=0)
            shape.shift(grad, layer)[:] = delta.sum(axis=0)
            delta = through_norm(norm, delta)
        shape.weights(grad, layer)[:] = source.T @ delta
        # A batch's mean takes every bias out again: what rounding leaves of its gradient would be noise.
        shape.biases(grad, layer)[:] = 0.0 if norm is not None and norm.axis == 0 else delta.sum(axis=0)
        if layer:
            skipped = passed if layer < shape.layers - 1 and model.skips(layer) else 0.0
            passed = delta @ shape.weights(theta, layer).T + skipped
            activation = model.activations[layer - 1]
            if isinstance(activation, PReLU):
                negative = activation.slope_gradient(done.before[layer - 1]) * done.kept[layer - 1]
                grad[shape.slopes[layer - 1]] = (passed * negative).sum()
            delta = passed * done.slopes[layer - 1]
    return grad


def penalty_gradient(shape: Shape, theta: Array, l1: float, l2: float) -> Array:
    """The gradient of l1 Σ|w| + l2/2 Σ w² over the weights, biases left alone; flat."""
    grad = np.zeros_like(theta)
    for layer in range(shape.layers):
        weights = shape.weights(theta, layer)
        shape.weights(grad, layer)[:] = l2 * weights + l1 * np.sign(weights)
    return grad


def clipped(grad: Array, clip_value: float, clip_norm: float) -> Array:
    """Every entry cut to ± clip_value, then all shortened to clip_norm (Pascanu et al. 2013); 0 means no limit."""
    if clip_value:
        grad = np.clip(grad, -clip_value, clip_value)
    length = np.linalg.norm(grad)
    return grad * (clip_norm / length) if clip_norm and length > clip_norm else grad


def decay(shape: Shape, theta: Array, amount: float) -> None:
    """Decoupled weight decay (Loshchilov & Hutter 2019): every weight loses `amount` of itself, biases nothing."""
    for layer in range(shape.layers):
        shape.weights(theta, layer)[:] *= 1 - amount


def _activated(
    model: Model, theta: Array, layer: int, z: Array, moment: Moment | None
) -> tuple[Array, Array, Array | float]:
    """f(z), f′(z) and the factors of dropout of a hidden layer."""
    activation = model.activations[layer]
    if isinstance(activation, PReLU):
        value, slope = _leaky(z, theta[model.shape.slopes[layer]], activation.at_zero)
    elif isinstance(activation, RReLU) and moment is not None:
        key = chance.stream(moment.seed, moment.step, layer, SLOPE_DRAWS)
        share = chance.uniforms(key, z.size).reshape(z.shape)
        steep = activation.lower + (activation.upper - activation.lower) * share
        value, slope = _leaky(z, steep, activation.at_zero)
    else:
        value, slope = activation.f(z), activation.df(z)
    if moment is None or not moment.dropout:
        return value, slope, 1.0
    key = chance.stream(moment.seed, moment.step, layer, MASK_DRAWS)
    kept = chance.uniforms(key, z.size).reshape(z.shape) >= moment.dropout
    return value, slope, kept / (1 - moment.dropout)


def _leaky(z: Array, slope: Any, at_zero: str) -> tuple[Array, Array]:
    """A rectifier with a slope on the left that training changes: learned, or drawn for every number."""
    steep = np.where(z > 0, 1.0, slope)
    steep = np.where(z == 0, slope + float(at_zero) * (1 - slope), steep)
    return np.where(z > 0, z, slope * z), np.where(np.isnan(z), z, steep)


def _normalised(
    model: Model, theta: Array, layer: int, z: Array, running: Array | None, training: bool
) -> Normalised | None:
    """The layer's normalisation at z, or None; in training `running` follows the batch."""
    gain = model.shape.gain(theta, layer)
    if model.layer.norm == LAYER_NORM:
        return normalise(z, layer_statistics(z), gain, axis=1)
    if model.layer.norm != BATCH_NORM:
        return None
    begin = model.shape.offsets[layer]
    if running is None:
        raise ValueError("batch normalisation needs running statistics, shape (2, neurons)")
    kept = running[:, begin : begin + z.shape[1]]
    if training:
        return normalise(z, batch_statistics(z, kept), gain, axis=0)
    return normalise(z, (kept[0], kept[1]), gain, axis=None)
