"""Compiled evaluation over whole data sets, and the bounded history it is written to."""

import numpy as np

from reluviz.core.jit import entry, plain
from reluviz.core.kernel_calls import FORWARD, forward
from reluviz.core.kernel_losses import batch_loss
from reluviz.core.kernel_math import ZERO
from reluviz.core.kernel_network import EVALUATE
from reluviz.core.kernel_plan import OFFSET, UNITS

# Rows that evaluation, probes and measures push through the network at once.
CHUNK = 128
# Places in the state vector; SINCE is the step at which the optimiser was last changed, CALM the stride at which
# evaluation costs little beside training.
STEP, EPOCH, POSITION, SHUFFLED, STRIDE, RECORDED, SINCE, CALM = 0, 1, 2, 3, 4, 5, 6, 7
STATE = 8
# The start of a course is recorded densely: so many points before the stride doubles, until it is calm.
EAGER = 64


@plain
def mean_loss(code, plan, theta, params, running, loss, x, y, values, spread):  # type: ignore[no-untyped-def]
    """Mean loss and accuracy over x (samples, inputs), y (samples, outputs)."""
    z, a, d, hat = values[0], values[1], values[2], values[3]
    last = plan[len(plan) - 1]
    zero = theta.dtype.type(ZERO)
    total, right = 0.0, 0
    for begin in range(0, len(x), CHUNK):
        rows = min(CHUNK, len(x) - begin)
        xs = x[begin : begin + rows].reshape(-1)
        forward(code[FORWARD], plan, theta, params, running, xs, rows, z, a, d, hat, spread, EVALUATE, zero, zero, 0, 0)
        ys = y[begin : begin + rows].reshape(-1)
        some, good = batch_loss(loss, z, last[OFFSET] * rows, ys, 0, rows, last[UNITS])
        total += some
        right += good
    return total / len(x), right / len(x)


@plain
def record(  # type: ignore[no-untyped-def]
    code, plan, theta, params, running, loss, x, y, xt, yt, fate, state, places, history, values, spread
):
    """Write one point of history; when it is full, keep every other point and double the stride."""
    if state[RECORDED] == len(places):
        for i in range(len(places) // 2):
            places[i] = places[2 * i]
            history[:, i] = history[:, 2 * i]
        state[RECORDED] = len(places) // 2
        state[STRIDE] *= 2
        if state[STEP] % state[STRIDE] != 0:
            return
    n = state[RECORDED]
    places[n, 0] = state[STEP]
    places[n, 1] = state[EPOCH] + state[POSITION] / len(x)
    places[n, 2] = np.nan
    for r in range(len(theta)):
        history[r, n] = np.float32(np.nan)
        if fate[r, 0] < 0:
            history[r, n, 0], history[r, n, 2] = mean_loss(
                code, plan[r], theta[r], params[r], running[r], loss, x, y, values, spread
            )
            history[r, n, 1], history[r, n, 3] = mean_loss(
                code, plan[r], theta[r], params[r], running[r], loss, xt, yt, values, spread
            )
    state[RECORDED] = n + 1
    if state[STRIDE] < state[CALM] and state[RECORDED] % EAGER == 0:
        state[STRIDE] *= 2


@entry
def note(code, plan, theta, params, running, loss, x, y, xt, yt, fate, state, places, history, values, spread):  # type: ignore[no-untyped-def]
    """Record the present step: the first point of a history."""
    record(code, plan, theta, params, running, loss, x, y, xt, yt, fate, state, places, history, values, spread)
