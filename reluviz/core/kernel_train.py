"""The compiled training loop: every run of a lab on the same batches, many steps per call, without the GIL."""

import math

import numpy as np

from reluviz.core.jit import entry, fast, plain
from reluviz.core.kernel_dense import backward, forward, output_delta
from reluviz.core.kernel_math import ONE, ZERO
from reluviz.core.kernel_order import shuffle
from reluviz.core.kernel_record import EPOCH, POSITION, SHUFFLED, SINCE, STEP, STRIDE, record
from reluviz.core.kernel_updates import CLIP, L1, L2, clip, penalise, update

# Every so many steps all weights are looked at: a silent neuron can hide an infinite weight from the output.
LOOK_EVERY = 64


@fast
def finite(values, begin, end):  # type: ignore[no-untyped-def]
    """Whether all are finite: x · 0 is NaN for infinity and NaN, and sums keep it."""
    total = ZERO
    for i in range(begin, end):
        total += values[i] * ZERO
    return total == ZERO


@plain
def sick_layer(sizes, starts, offsets, theta, z, rows):  # type: ignore[no-untyped-def]
    """The first layer whose weights, biases or values are not finite."""
    layers = sizes.size - 1
    for layer in range(layers):
        count = (sizes[layer] + 1) * sizes[layer + 1]
        begin = offsets[layer] * rows
        if not finite(theta, starts[layer], starts[layer] + count):
            return layer
        if not finite(z, begin, begin + sizes[layer + 1] * rows):
            return layer
    return layers - 1


@plain
def gather(x, y, order, begin, rows, xb, yb):  # type: ignore[no-untyped-def]
    """Copy the batch into contiguous rows."""
    inputs, outputs = x.shape[1], y.shape[1]
    for i in range(rows):
        sample = order[begin + i]
        for k in range(inputs):
            xb[i * inputs + k] = x[sample, k]
        for j in range(outputs):
            yb[i * outputs + j] = y[sample, j]


@fast
def note_updates(sizes, starts, theta, before, ratio):  # type: ignore[no-untyped-def]
    """ratio[layer] = length of the layer's last update over length of its weights before it."""
    for layer in range(sizes.size - 1):
        moved, length = 0.0, 0.0
        for i in range(starts[layer], starts[layer] + sizes[layer] * sizes[layer + 1]):
            moved += np.float64(theta[i] - before[i]) ** 2
            length += np.float64(before[i]) ** 2
        ratio[layer] = np.float32(math.sqrt(moved / length)) if length > 0 else np.float32(np.nan)


@plain
def step_run(  # type: ignore[no-untyped-def]
    sizes, starts, offsets, theta, codes, params, first, second, optimizer, hyper, loss, xb, yb, rows, values, deltas,
    grad, count,
):  # fmt: skip
    """One step of one run on the gathered batch; False if the outputs are no longer finite."""
    z, a = values[0], values[1]
    forward(sizes, starts, offsets, theta, codes, params, xb, rows, z, a)
    top = offsets[-1] * rows
    if not finite(z, top, top + sizes[-1] * rows):
        return False
    output_delta(loss, z, top, yb, rows, sizes[-1], ONE / np.float32(rows), deltas[0])
    for i in range(grad.size):
        grad[i] = ZERO
    backward(sizes, starts, offsets, theta, codes, params, xb, rows, z, a, deltas, grad)
    penalise(sizes, starts, theta, hyper[L1], hyper[L2], grad)
    clip(grad, hyper[CLIP])
    update(optimizer, hyper, theta, grad, first, second, count)
    return True


@plain
def advance(state, rows, samples):  # type: ignore[no-untyped-def]
    """Count the step, and the epoch when all samples have been used."""
    state[STEP] += 1
    state[POSITION] += rows
    if state[POSITION] >= samples:
        state[POSITION] = 0
        state[EPOCH] += 1
        state[SHUFFLED] = 0


@entry
def train(  # type: ignore[no-untyped-def]
    sizes, starts, offsets, theta, first, second, codes, params, optimizers, hyper, loss, batch, seed, x, y, xt, yt,
    order, state, fate, places, history, values, deltas, grad, xb, yb, ratios, steps,
):  # fmt: skip
    """Train every living run `steps` steps, all on the same batches, and write the history on the way."""
    for k in range(steps):
        if state[SHUFFLED] == 0:
            shuffle(order, seed, state[EPOCH])
            state[SHUFFLED] = 1
        rows = min(batch, len(x) - state[POSITION])
        gather(x, y, order, state[POSITION], rows, xb, yb)
        look = (state[STEP] + 1) % LOOK_EVERY == 0
        for r in range(len(theta)):
            if fate[r, 0] >= 0:
                continue
            if k == steps - 1:
                deltas[3, : grad.size] = theta[r]
            fine = step_run(
                sizes, starts, offsets, theta[r], codes[r], params[r], first[r], second[r], optimizers[r], hyper[r],
                loss, xb, yb, rows, values, deltas, grad, state[STEP] + 1 - state[SINCE],
            )  # fmt: skip
            if not fine or (look and not finite(theta[r], 0, grad.size)):
                fate[r, 0] = state[STEP] + 1
                fate[r, 1] = sick_layer(sizes, starts, offsets, theta[r], values[0], rows)
            elif k == steps - 1:
                note_updates(sizes, starts, theta[r], deltas[3], ratios[r])
        advance(state, rows, len(x))
        if state[STEP] % state[STRIDE] == 0:
            record(
                sizes, starts, offsets, theta, codes, params, loss, x, y, xt, yt, fate, state, places, history,
                values[0], values[1],
            )  # fmt: skip
