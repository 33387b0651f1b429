"""The compiled training loop: every run of a lab on the same batches, many steps per call, without the GIL."""

import math

import numpy as np

from reluviz.core.jit import entry, fast, plain
from reluviz.core.kernel_calls import BACKWARD, FORWARD, backward, forward
from reluviz.core.kernel_losses import output_delta
from reluviz.core.kernel_math import ZERO
from reluviz.core.kernel_network import TRAIN
from reluviz.core.kernel_order import shuffle
from reluviz.core.kernel_plan import (
    CLIP,
    CLIP_VALUE,
    DECAY,
    DROPOUT,
    INPUTS,
    L1,
    L2,
    MOMENTUM,
    OFFSET,
    START,
    UNITS,
)
from reluviz.core.kernel_record import EPOCH, POSITION, SHUFFLED, SINCE, STEP, STRIDE, record
from reluviz.core.kernel_schedule import rate_at
from reluviz.core.kernel_updates import clip, clip_values, decay, penalise, update

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
def sick_layer(plan, theta, z, rows):  # type: ignore[no-untyped-def]
    """The first layer whose weights, biases or values are not finite."""
    for layer in range(len(plan)):
        row = plan[layer]
        begin = row[OFFSET] * rows
        if not finite(theta, row[START], row[START] + (row[INPUTS] + 1) * row[UNITS]):
            return layer
        if not finite(z, begin, begin + row[UNITS] * rows):
            return layer
    return len(plan) - 1


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
def note_updates(plan, theta, before, ratio):  # type: ignore[no-untyped-def]
    """ratio[layer] = length of the layer's last update over length of its weights before it."""
    for layer in range(len(plan)):
        row = plan[layer]
        moved, length = 0.0, 0.0
        for i in range(row[START], row[START] + row[INPUTS] * row[UNITS]):
            moved += np.float64(theta[i] - before[i]) ** 2
            length += np.float64(before[i]) ** 2
        ratio[layer] = np.float32(math.sqrt(moved / length)) if length > 0 else np.float32(np.nan)


@plain
def step_run(  # type: ignore[no-untyped-def]
    code, plan, theta, params, running, first, second, optimizer, hyper, count, loss, xb, yb, rows, values, spread,
    deltas, grad, seed, step, since,
):  # fmt: skip
    """One step of one run on the gathered batch, the step-th from 0; False if the outputs are no longer finite."""
    z, a, d, hat = values[0], values[1], values[2], values[3]
    real = theta.dtype.type
    drop, share = hyper[DROPOUT], real(MOMENTUM)
    forward(code[FORWARD], plan, theta, params, running, xb, rows, z, a, d, hat, spread, TRAIN, share, drop, seed, step)
    last = plan[len(plan) - 1]
    top, outputs = last[OFFSET] * rows, last[UNITS]
    if not finite(z, top, top + outputs * rows):
        return False
    output_delta(loss, z, top, yb, rows, outputs, real(1.0 / rows), deltas[0])
    for i in range(last[START] + (last[INPUTS] + 1) * outputs, count):
        grad[i] = ZERO
    backward(code[BACKWARD], plan, theta, xb, rows, z, a, d, hat, spread, TRAIN, drop, seed, step, deltas, grad, 0)
    penalise(plan, theta, hyper[L1], hyper[L2], grad)
    clip_values(grad, count, hyper[CLIP_VALUE])
    clip(grad, count, hyper[CLIP])
    rate = rate_at(hyper, step)
    decay(plan, theta, rate * hyper[DECAY])
    update(optimizer, hyper, rate, theta, grad, first, second, count, since)
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
    code, plan, theta, params, running, first, second, optimizers, hyper, counts, loss, batch, seed, x, y, xt, yt,
    order, state, fate, places, history, values, spread, deltas, grad, xb, yb, ratios, steps,
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
                deltas[4, : grad.size] = theta[r]
            fine = step_run(
                code, plan[r], theta[r], params[r], running[r], first[r], second[r], optimizers[r], hyper[r], counts[r],
                loss, xb, yb, rows, values, spread, deltas, grad, seed, state[STEP], state[STEP] + 1 - state[SINCE],
            )  # fmt: skip
            if not fine or (look and not finite(theta[r], 0, counts[r])):
                fate[r, 0] = state[STEP] + 1
                fate[r, 1] = sick_layer(plan[r], theta[r], values[0], rows)
            elif k == steps - 1:
                note_updates(plan[r], theta[r], deltas[4], ratios[r])
        advance(state, rows, len(x))
        if state[STEP] % state[STRIDE] == 0:
            record(
                code, plan, theta, params, running, loss, x, y, xt, yt, fate, state, places, history, values, spread
            )  # fmt: skip
