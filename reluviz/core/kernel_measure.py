"""Compiled probes and measures: what a snapshot shows of every neuron and layer."""

import math

import numpy as np

from reluviz.core.jit import entry, plain
from reluviz.core.kernel_activations import slope
from reluviz.core.kernel_dense import backward, forward, output_delta, softmax
from reluviz.core.kernel_math import ONE, ZERO, sigmoid32
from reluviz.core.kernel_record import CHUNK

# Columns of the table of neurons: sums over the training samples, and the largest abs slope.
SUM, SQUARES, FIRES, ZEROS, SATURATED, SLOPE = 0, 1, 2, 3, 4, 5
COLUMNS = 6
# A slope below this share of the largest possible one counts as saturated.
SATURATION = np.float32(0.05)


@plain
def predict(loss, z, top, rows, outputs, out):  # type: ignore[no-untyped-def]
    """What the outputs mean: a value, a probability, or one for each class; flat, from `top` on."""
    if loss == 2:
        for i in range(rows):
            softmax(z, top + i * outputs, outputs, out, top + i * outputs)
    elif loss == 1:
        for i in range(top, top + rows * outputs):
            out[i] = sigmoid32(z[i])
    else:
        for i in range(top, top + rows * outputs):
            out[i] = z[i]


@entry
def probe(sizes, starts, offsets, theta, codes, params, loss, x, from_layer, values, deltas, out):  # type: ignore[no-untyped-def]
    """out (neurons, points): f(z) of every neuron from `from_layer` on at x (points, inputs); outputs as predicted."""
    layers = sizes.size - 1
    z, a = values[0], values[1]
    for begin in range(0, len(x), CHUNK):
        rows = min(CHUNK, len(x) - begin)
        forward(sizes, starts, offsets, theta, codes, params, x[begin : begin + rows].reshape(-1), rows, z, a)
        top = offsets[-1] * rows
        predict(loss, z, top, rows, sizes[-1], a)
        for layer in range(from_layer, layers):
            units = sizes[layer + 1]
            row = offsets[layer] - offsets[from_layer]
            source = offsets[layer] * rows
            for i in range(rows):
                for j in range(units):
                    out[row + j, begin + i] = a[source + i * units + j]


@plain
def tally(a, d, rows, units, saturated_below, table):  # type: ignore[no-untyped-def]
    """Add one chunk of a layer to the table (units, COLUMNS)."""
    for i in range(rows):
        for j in range(units):
            value, steep = a[i * units + j], abs(d[i * units + j])
            table[j, SUM] += value
            table[j, SQUARES] += np.float64(value) * value
            table[j, FIRES] += value > ZERO
            table[j, ZEROS] += value == ZERO
            table[j, SATURATED] += steep < saturated_below
            # NaN must win, so that a diverged neuron is not called dead.
            table[j, SLOPE] = table[j, SLOPE] if steep <= table[j, SLOPE] else steep


@entry
def measure(  # type: ignore[no-untyped-def]
    sizes, starts, offsets, theta, codes, params, steepest, loss, x, y, values, deltas, grad, table, norms
):
    """Fill table (neurons, COLUMNS) over the samples x and norms (layers,) with the gradient's length by layer.

    `steepest` (layers,) holds the largest abs slope of each layer's activation.
    """
    layers = sizes.size - 1
    z, a, delta = values[0], values[1], deltas[0]
    table[:] = 0.0
    for i in range(grad.size):
        grad[i] = ZERO
    for begin in range(0, len(x), CHUNK):
        rows = min(CHUNK, len(x) - begin)
        xs = x[begin : begin + rows].reshape(-1)
        ys = y[begin : begin + rows].reshape(-1)
        forward(sizes, starts, offsets, theta, codes, params, xs, rows, z, a)
        for layer in range(layers):
            units, row = sizes[layer + 1], offsets[layer]
            slope(codes[layer], params, layer, z, delta, row * rows, (row + units) * rows)
            limit = SATURATION * steepest[layer]
            tally(a[row * rows :], delta, rows, units, limit, table[row : row + units])
        output_delta(loss, z, offsets[-1] * rows, ys, rows, sizes[-1], ONE / np.float32(len(x)), delta)
        backward(sizes, starts, offsets, theta, codes, params, xs, rows, z, a, deltas, grad)
    for layer in range(layers):
        total = 0.0
        for i in range(starts[layer], starts[layer] + (sizes[layer] + 1) * sizes[layer + 1]):
            total += np.float64(grad[i]) * np.float64(grad[i])
        norms[layer] = math.sqrt(total)
    for row in range(len(table)):
        for column in range(SLOPE):
            table[row, column] /= len(x)
