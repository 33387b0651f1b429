"""Compiled evaluation over whole data sets, and the bounded history it is written to."""

import math

import numpy as np

from reluviz.core.jit import entry, exact, plain
from reluviz.core.kernel_dense import forward
from reluviz.core.kernel_math import ZERO, exp32

# Rows that evaluation, probes and measures push through the network at once.
CHUNK = 128
# Places in the state vector; SINCE is the step at which the optimiser was last changed.
STEP, EPOCH, POSITION, SHUFFLED, STRIDE, RECORDED, SINCE = 0, 1, 2, 3, 4, 5, 6
STATE = 7


@exact
def batch_loss(loss, z, y, rows, outputs):  # type: ignore[no-untyped-def]
    """The summed loss and the number of right answers of `rows` samples; z and y flat (rows, outputs)."""
    total, right = 0.0, 0
    for i in range(rows):
        best, wanted = 0, 0
        most = z[i * outputs]
        for j in range(outputs):
            value, target = z[i * outputs + j], y[i * outputs + j]
            if value > most:
                most, best = value, j
            if target > y[i * outputs + wanted]:
                wanted = j
            if loss == 0:
                total += np.float64((value - target) * (value - target)) / outputs
            elif loss == 1:
                total += max(value, ZERO) - value * target + math.log1p(exp32(-abs(value)))
        if loss == 2:
            powers = 0.0
            for j in range(outputs):
                powers += exp32(z[i * outputs + j] - most)
            total += math.log(powers) + most - z[i * outputs + wanted]
        if outputs > 1:
            right += best == wanted
        else:
            right += (z[i] > (ZERO if loss == 1 else np.float32(0.5))) == (y[i] > np.float32(0.5))
    return total, right


@plain
def mean_loss(sizes, starts, offsets, theta, codes, params, loss, x, y, z, a):  # type: ignore[no-untyped-def]
    """Mean loss and accuracy over x (samples, inputs), y (samples, outputs)."""
    outputs = sizes[-1]
    total, right = 0.0, 0
    for begin in range(0, len(x), CHUNK):
        rows = min(CHUNK, len(x) - begin)
        forward(sizes, starts, offsets, theta, codes, params, x[begin : begin + rows].reshape(-1), rows, z, a)
        some, good = batch_loss(loss, z[offsets[-1] * rows :], y[begin : begin + rows].reshape(-1), rows, outputs)
        total += some
        right += good
    return total / len(x), right / len(x)


@plain
def record(  # type: ignore[no-untyped-def]
    sizes, starts, offsets, theta, codes, params, loss, x, y, xt, yt, fate, state, places, values, z, a
):
    """Write one point of history; when it is full, keep every other point and double the stride."""
    if state[RECORDED] == len(places):
        for i in range(len(places) // 2):
            places[i] = places[2 * i]
            values[:, i] = values[:, 2 * i]
        state[RECORDED] = len(places) // 2
        state[STRIDE] *= 2
        if state[STEP] % state[STRIDE] != 0:
            return
    n = state[RECORDED]
    places[n, 0] = state[STEP]
    places[n, 1] = state[EPOCH] + state[POSITION] / len(x)
    places[n, 2] = np.nan
    for r in range(len(theta)):
        values[r, n] = np.float32(np.nan)
        if fate[r, 0] < 0:
            values[r, n, 0], values[r, n, 2] = mean_loss(
                sizes, starts, offsets, theta[r], codes[r], params[r], loss, x, y, z, a
            )
            values[r, n, 1], values[r, n, 3] = mean_loss(
                sizes, starts, offsets, theta[r], codes[r], params[r], loss, xt, yt, z, a
            )
    state[RECORDED] = n + 1


@entry
def note(sizes, starts, offsets, theta, state, codes, params, loss, x, y, xt, yt, fate, places, values, work):  # type: ignore[no-untyped-def]
    """Record the present step: the first point of a history."""
    record(
        sizes, starts, offsets, theta, codes, params, loss, x, y, xt, yt, fate, state, places, values, work[0], work[1]
    )
