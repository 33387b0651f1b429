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
    SPLIT,
    START,
    UNITS,
)
from reluviz.core.kernel_record import EPOCH, POSITION, SHUFFLED, SINCE, STEP, STRIDE, record
from reluviz.core.kernel_schedule import rate_at
from reluviz.core.kernel_team import (
    FIRST_ROW,
    IDLE,
    ROWS,
    RUN,
    STATE,
    STOP,
    hand_in,
    let_go,
    offer,
    read,
    take,
    wait,
    write,
)
from reluviz.core.kernel_team import STEP as JOB_STEP
from reluviz.core.kernel_updates import clip, clip_values, decay, penalise, update
from reluviz.core.kernel_vector import view

# Every so many steps all weights are looked at: a silent neuron can hide an infinite weight from the output.
LOOK_EVERY = 64


@fast
def finite(values, begin, end):  # type: ignore[no-untyped-def]
    """Whether all are finite: x · 0 is NaN for infinity and NaN, and sums keep it."""
    total = ZERO
    some = view(values, begin, end - begin)
    for i in range(end - begin):
        total += some[i] * ZERO
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
def batch_gradient(  # type: ignore[no-untyped-def]
    code, plan, theta, params, running, drop, count, loss, xb, yb, rows, share, values, spread, deltas, grad, seed, step
):
    """The gradient of `rows` samples, each with weight `share`; False if the outputs are no longer finite."""
    z, a, d, hat = values[0], values[1], values[2], values[3]
    real = theta.dtype.type
    new = real(MOMENTUM)
    forward(code[FORWARD], plan, theta, params, running, xb, rows, z, a, d, hat, spread, TRAIN, new, drop, seed, step)
    last = plan[len(plan) - 1]
    top, outputs = last[OFFSET] * rows, last[UNITS]
    if not finite(z, top, top + outputs * rows):
        return False
    output_delta(loss, z, top, yb, rows, outputs, real(share), deltas[0])
    for i in range(last[START] + (last[INPUTS] + 1) * outputs, count):
        grad[i] = ZERO
    backward(code[BACKWARD], plan, theta, xb, rows, z, a, d, hat, spread, TRAIN, drop, seed, step, deltas, grad, 0)
    return True


@plain
def halves(  # type: ignore[no-untyped-def]
    code, run, plan, theta, params, running, count, loss, xb, yb, rows, values, spread, deltas, grad, other, team, step
):
    """The gradient of a batch as the sum of two halves, the second perhaps from another thread, into `other`."""
    first, none = rows // 2, theta.dtype.type(0.0)
    share = 1.0 / rows
    offer(team, run, first, rows, step)
    fine = batch_gradient(
        code, plan, theta, params, running, none, count, loss, xb, yb, first, share, values, spread, deltas, grad,
        0, step,
    )  # fmt: skip
    if take(team):
        also = second_half(
            code, plan, theta, params, running, count, loss, xb, yb, first, rows, values, spread, deltas, other, step
        )
    else:
        also = wait(team)
    write(team, STATE, IDLE)
    mine, theirs = grad[:count], other[:count]
    for i in range(count):
        mine[i] += theirs[i]
    return fine and also


@plain
def second_half(  # type: ignore[no-untyped-def]
    code, plan, theta, params, running, count, loss, xb, yb, first, rows, values, spread, deltas, grad, step
):
    """The gradient of the rows from `first` on."""
    none = theta.dtype.type(0.0)
    x, y = xb[first * plan[0, INPUTS] :], yb[first * plan[len(plan) - 1, UNITS] :]
    return batch_gradient(
        code, plan, theta, params, running, none, count, loss, x, y, rows - first, 1.0 / rows, values, spread, deltas,
        grad, 0, step,
    )  # fmt: skip


@entry
def assist(  # type: ignore[no-untyped-def]
    code, plan, theta, params, running, counts, loss, xb, yb, values, spread, deltas, grad, team
):
    """The follower of `train`: take second halves until the leader stops; only its scratch is its own."""
    while read(team, STOP) == 0:
        if take(team):
            r = team[RUN]
            fine = second_half(
                code, plan[r], theta[r], params[r], running[r], counts[r], loss, xb, yb, team[FIRST_ROW], team[ROWS],
                values, spread, deltas, grad, team[JOB_STEP],
            )  # fmt: skip
            hand_in(team, fine)
        else:
            let_go()


@plain
def hold(theta, held, kept):  # type: ignore[no-untyped-def]
    """Put what a person holds back in its place: theta[held[k]] = kept[k], up to the first negative place."""
    for k in range(len(held)):
        if held[k] < 0:
            break
        theta[held[k]] = kept[k]


@plain
def step_run(  # type: ignore[no-untyped-def]
    code, run, plan, theta, params, running, first, second, optimizer, hyper, count, loss, xb, yb, rows, values, spread,
    deltas, grad, other, team, seed, step, since, held, kept,
):  # fmt: skip
    """One step of one run on the gathered batch, the step-th from 0; False if the outputs are no longer finite."""
    drop, fine = hyper[DROPOUT], False
    if plan[0, SPLIT] and drop == ZERO and rows > 1:
        fine = halves(
            code, run, plan, theta, params, running, count, loss, xb, yb, rows, values, spread, deltas, grad, other,
            team, step,
        )  # fmt: skip
    if not fine:
        # Not only for what is not split: a split batch that failed leaves its values where `sick_layer` looks.
        fine = batch_gradient(
            code, plan, theta, params, running, drop, count, loss, xb, yb, rows, 1.0 / rows, values, spread, deltas,
            grad, seed, step,
        )  # fmt: skip
    if fine:
        penalise(plan, theta, hyper[L1], hyper[L2], grad)
        clip_values(grad, count, hyper[CLIP_VALUE])
        clip(grad, count, hyper[CLIP])
        rate = rate_at(hyper, step)
        decay(plan, theta, rate * hyper[DECAY])
        update(optimizer, hyper, rate, theta, grad, first, second, count, since)
        hold(theta, held, kept)
    return fine


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
    order, state, fate, places, history, values, spread, deltas, grad, other, team, xb, yb, ratios, held, kept, steps,
):  # fmt: skip
    """Train every living run `steps` steps, all on the same batches, and write the history on the way.

    held (runs, places): places in theta that stay at the values of kept, same shape; negative ones end a row.
    """
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
                code, r, plan[r], theta[r], params[r], running[r], first[r], second[r], optimizers[r], hyper[r],
                counts[r], loss, xb, yb, rows, values, spread, deltas, grad, other, team, seed, state[STEP],
                state[STEP] + 1 - state[SINCE], held[r], kept[r],
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
    write(team, STOP, 1)
