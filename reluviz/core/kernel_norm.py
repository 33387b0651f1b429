"""Batch and layer normalisation in compiled code, forward and backward (Ioffe & Szegedy 2015; Ba et al. 2016).

Both act between a layer's weights and its activation: x̂ = (x - mean) / √(variance + ε), then z = gain · x̂ + shift.
z is flat (rows, units) from `zo` on, and x̂ lies at the same places of `hat`. `spread` holds 1 / √(variance + ε):
of every unit from `so` on for the batch, of every row for the layer.
"""

import math

from reluviz.core.jit import fast
from reluviz.core.kernel_plan import EPSILON


@fast
def by_batch(z, zo, rows, units, theta, gain, hat, spread, so, running, offset, share):  # type: ignore[no-untyped-def]
    """Normalise every unit over the batch, and move its running mean and variance by `share` towards the batch's."""
    for j in range(units):
        total, squares = 0.0, 0.0
        for i in range(rows):
            total += z[zo + i * units + j]
        mean = total / rows
        for i in range(rows):
            squares += (z[zo + i * units + j] - mean) ** 2
        inverse = 1.0 / math.sqrt(squares / rows + EPSILON)
        running[0, offset + j] += share * (mean - running[0, offset + j])
        # The unbiased variance, as PyTorch keeps it.
        running[1, offset + j] += share * (squares / max(1, rows - 1) - running[1, offset + j])
        spread[so + j] = inverse
        for i in range(rows):
            place = zo + i * units + j
            hat[place] = (z[place] - mean) * inverse
            z[place] = theta[gain + j] * hat[place] + theta[gain + units + j]


@fast
def by_running(z, zo, rows, units, theta, gain, hat, spread, so, running, offset):  # type: ignore[no-untyped-def]
    """Normalise every unit by its running mean and variance: evaluation."""
    for j in range(units):
        spread[so + j] = 1.0 / math.sqrt(running[1, offset + j] + EPSILON)
    for i in range(rows):
        for j in range(units):
            place = zo + i * units + j
            hat[place] = (z[place] - running[0, offset + j]) * spread[so + j]
            z[place] = theta[gain + j] * hat[place] + theta[gain + units + j]


@fast
def by_layer(z, zo, rows, units, theta, gain, hat, spread, so):  # type: ignore[no-untyped-def]
    """Normalise every sample over the layer's units."""
    for i in range(rows):
        total, squares = 0.0, 0.0
        begin = zo + i * units
        for j in range(units):
            total += z[begin + j]
        mean = total / units
        for j in range(units):
            squares += (z[begin + j] - mean) ** 2
        inverse = 1.0 / math.sqrt(squares / units + EPSILON)
        spread[so + i] = inverse
        for j in range(units):
            hat[begin + j] = (z[begin + j] - mean) * inverse
            z[begin + j] = theta[gain + j] * hat[begin + j] + theta[gain + units + j]


@fast
def parameter_gradients(delta, rows, units, gain, hat, zo, grad):  # type: ignore[no-untyped-def]
    """Add the gradients of gains and shifts; delta (rows, units) flat is the gradient by z."""
    for i in range(rows):
        for j in range(units):
            grad[gain + j] += delta[i * units + j] * hat[zo + i * units + j]
            grad[gain + units + j] += delta[i * units + j]


@fast
def batch_backward(delta, rows, units, theta, gain, hat, zo, spread, so):  # type: ignore[no-untyped-def]
    """Turn delta from the gradient by z into that by the layer's own output, through the batch's statistics."""
    for j in range(units):
        total, along = 0.0, 0.0
        for i in range(rows):
            total += delta[i * units + j]
            along += delta[i * units + j] * hat[zo + i * units + j]
        factor = theta[gain + j] * spread[so + j] / rows
        for i in range(rows):
            place = i * units + j
            delta[place] = factor * (rows * delta[place] - total - hat[zo + place] * along)


@fast
def running_backward(delta, rows, units, theta, gain, spread, so):  # type: ignore[no-untyped-def]
    """The same with fixed statistics."""
    for i in range(rows):
        for j in range(units):
            delta[i * units + j] *= theta[gain + j] * spread[so + j]


@fast
def layer_backward(delta, rows, units, theta, gain, hat, zo, spread, so):  # type: ignore[no-untyped-def]
    """Turn delta from the gradient by z into that by the layer's own output, through every sample's statistics."""
    for i in range(rows):
        total, along = 0.0, 0.0
        for j in range(units):
            place = i * units + j
            delta[place] *= theta[gain + j]
            total += delta[place]
            along += delta[place] * hat[zo + place]
        for j in range(units):
            place = i * units + j
            delta[place] = spread[so + i] * (delta[place] - total / units - hat[zo + place] * along / units)
