"""Compiled probes and measures: what a snapshot shows of every neuron and layer."""

import math

import numpy as np

from reluviz.core.jit import entry, plain
from reluviz.core.kernel_calls import BACKWARD, FORWARD, backward, forward
from reluviz.core.kernel_losses import output_delta, predict
from reluviz.core.kernel_math import ZERO
from reluviz.core.kernel_network import EVALUATE, INSPECT, MEASURE, TRAIN
from reluviz.core.kernel_plan import INPUTS, OFFSET, START, UNITS
from reluviz.core.kernel_record import CHUNK
from reluviz.core.snapshot import SATURATION_LEVELS

# Columns of the table of neurons: sums over the training samples, and the largest abs slope.
SUM, SQUARES, FIRES, ZEROS, SATURATED, SLOPE, HIGHEST = 0, 1, 2, 3, 4, 7, 8
COLUMNS = 9
# A slope below one of these shares of the largest possible one counts as saturated: three columns.
FEW, SOME, MANY = SATURATION_LEVELS


@entry
def probe(code, plan, theta, params, running, loss, x, from_layer, values, spread, out):  # type: ignore[no-untyped-def]
    """out (neurons, points): what every neuron from `from_layer` on passes on at x (points, inputs).

    Outputs are as predicted.
    """
    z, a, d, hat = values[0], values[1], values[2], values[3]
    zero = theta.dtype.type(ZERO)
    last = plan[len(plan) - 1]
    for begin in range(0, len(x), CHUNK):
        rows = min(CHUNK, len(x) - begin)
        xs = x[begin : begin + rows].reshape(-1)
        forward(code[FORWARD], plan, theta, params, running, xs, rows, z, a, d, hat, spread, EVALUATE, zero, zero, 0, 0)
        predict(loss, z, last[OFFSET] * rows, rows, last[UNITS], a)
        for layer in range(from_layer, len(plan)):
            units = plan[layer, UNITS]
            place = plan[layer, OFFSET] - plan[from_layer, OFFSET]
            source = plan[layer, OFFSET] * rows
            for i in range(rows):
                for j in range(units):
                    out[place + j, begin + i] = a[source + i * units + j]


@plain
def tally(z, a, d, begin, rows, units, steepest, table):  # type: ignore[no-untyped-def]
    """Add one chunk of a layer, from `begin` on, to the table (units, COLUMNS)."""
    for i in range(rows):
        for j in range(units):
            value, steep = a[begin + i * units + j], abs(d[begin + i * units + j])
            before = z[begin + i * units + j]
            table[j, SUM] += value
            table[j, SQUARES] += np.float64(value) * value
            table[j, FIRES] += value > ZERO
            table[j, ZEROS] += value == ZERO
            table[j, SATURATED] += steep < FEW * steepest
            table[j, SATURATED + 1] += steep < SOME * steepest
            table[j, SATURATED + 2] += steep < MANY * steepest
            # NaN must win, so that a diverged neuron is not called dead.
            table[j, SLOPE] = table[j, SLOPE] if steep <= table[j, SLOPE] else steep
            table[j, HIGHEST] = table[j, HIGHEST] if before <= table[j, HIGHEST] else before


@plain
def as_identity(z, begin, count, a, d):  # type: ignore[no-untyped-def]
    """The output layer's values and slopes: it has no activation of its own."""
    for i in range(begin, begin + count):
        a[i] = z[i]
        d[i] = z[i] * ZERO + 1


@entry
def measure(  # type: ignore[no-untyped-def]
    code, plan, theta, params, running, steepest, loss, x, y, values, spread, deltas, grad, table, norms
):
    """Fill table (neurons, COLUMNS) over the samples x and norms (layers,) with the gradient's length by layer.

    `steepest` (layers,) holds the largest abs slope of each layer's activation.
    """
    z, a, d, hat = values[0], values[1], values[2], values[3]
    zero = theta.dtype.type(ZERO)
    scale = theta.dtype.type(1.0 / len(x))
    last = plan[len(plan) - 1]
    outputs = last[UNITS]
    table[:] = 0.0
    table[:, HIGHEST] = -np.inf
    for i in range(grad.size):
        grad[i] = ZERO
    for begin in range(0, len(x), CHUNK):
        rows = min(CHUNK, len(x) - begin)
        xs = x[begin : begin + rows].reshape(-1)
        ys = y[begin : begin + rows].reshape(-1)
        forward(code[FORWARD], plan, theta, params, running, xs, rows, z, a, d, hat, spread, MEASURE, zero, zero, 0, 0)
        top = last[OFFSET] * rows
        as_identity(z, top, outputs * rows, a, d)
        for layer in range(len(plan)):
            units, row = plan[layer, UNITS], plan[layer, OFFSET]
            tally(z, a, d, row * rows, rows, units, steepest[layer], table[row : row + units])
        output_delta(loss, z, top, ys, rows, outputs, scale, deltas[0])
        backward(code[BACKWARD], plan, theta, xs, rows, z, a, d, hat, spread, MEASURE, zero, 0, 0, deltas, grad, 1)
    for layer in range(len(plan)):
        total, start = 0.0, plan[layer, START]
        for i in range(start, start + (plan[layer, INPUTS] + 1) * plan[layer, UNITS]):
            total += np.float64(grad[i]) * np.float64(grad[i])
        norms[layer] = math.sqrt(total)
    for row in range(len(table)):
        for column in range(SLOPE):
            table[row, column] /= len(x)


@entry
def settle(code, plan, theta, params, running, x, values, spread):  # type: ignore[no-untyped-def]
    """Give batch normalisation's running statistics the values of the samples x (at most CHUNK rows, inputs)."""
    z, a, d, hat = values[0], values[1], values[2], values[3]
    zero = theta.dtype.type(ZERO)
    flat = x.reshape(-1)
    forward(
        code[FORWARD], plan, theta, params, running, flat, len(x), z, a, d, hat, spread, TRAIN, zero + 1, zero, 0, 0
    )


@plain
def scatter(source, place, units, rows, begin, out):  # type: ignore[no-untyped-def]
    """out[j, begin + i] = source[place + i · units + j]: a layer's chunk, neuron by neuron."""
    for i in range(rows):
        for j in range(units):
            out[j, begin + i] = source[place + i * units + j]


@entry
def inspect(code, plan, theta, params, running, loss, x, y, values, spread, deltas, grad, out, gradients):  # type: ignore[no-untyped-def]
    """out (3, neurons, samples): z, what is passed on and f′(z) at x (samples, inputs); of an output z, z and 1.

    gradients float64 (neurons, samples): that of each sample's own loss by z.
    """
    z, a, d, hat = values[0], values[1], values[2], values[3]
    zero = theta.dtype.type(ZERO)
    last = plan[len(plan) - 1]
    outputs = last[UNITS]
    for begin in range(0, len(x), CHUNK):
        rows = min(CHUNK, len(x) - begin)
        xs = x[begin : begin + rows].reshape(-1)
        ys = y[begin : begin + rows].reshape(-1)
        forward(code[FORWARD], plan, theta, params, running, xs, rows, z, a, d, hat, spread, MEASURE, zero, zero, 0, 0)
        top = last[OFFSET] * rows
        as_identity(z, top, outputs * rows, a, d)
        for layer in range(len(plan)):
            units, row = plan[layer, UNITS], plan[layer, OFFSET]
            scatter(z, row * rows, units, rows, begin, out[0, row:])
            scatter(a, row * rows, units, rows, begin, out[1, row:])
            scatter(d, row * rows, units, rows, begin, out[2, row:])
        output_delta(loss, z, top, ys, rows, outputs, zero + 1, deltas[0])
        scatter(deltas[0], 0, outputs, rows, begin, gradients[last[OFFSET] :])
        # This mode leaves each hidden layer's gradient by z in d.
        backward(code[BACKWARD], plan, theta, xs, rows, z, a, d, hat, spread, INSPECT, zero, 0, 0, deltas, grad, 1)
        for layer in range(len(plan) - 1):
            units, row = plan[layer, UNITS], plan[layer, OFFSET]
            scatter(d, row * rows, units, rows, begin, gradients[row:])


@entry
def distribute(plan, theta, out, gradients, edges, counts):  # type: ignore[no-untyped-def]
    """counts (4, layers, bins): how many values of z, activity, gradient size and weights lie in each bin.

    out and gradients as `inspect` fills them. edges (2, bins - 1): those of the signed quantities, those of sizes.
    """
    counts[:] = 0
    for layer in range(len(plan)):
        inputs, units, row, start = plan[layer, INPUTS], plan[layer, UNITS], plan[layer, OFFSET], plan[layer, START]
        for j in range(row, row + units):
            for i in range(out.shape[2]):
                put(np.float64(out[0, j, i]), edges[0], counts[0, layer])
                put(np.float64(out[1, j, i]), edges[0], counts[1, layer])
                put(abs(gradients[j, i]), edges[1], counts[2, layer])
        for k in range(start, start + inputs * units):
            put(np.float64(theta[k]), edges[0], counts[3, layer])


@plain
def put(value, edges, counts):  # type: ignore[no-untyped-def]
    """Count a value in its bin, by bisection; what is not a number is not counted."""
    if value != value:
        return
    low, high = 0, len(edges)
    while low < high:
        middle = (low + high) // 2
        if value < edges[middle]:
            high = middle
        else:
            low = middle + 1
    counts[low] += 1
