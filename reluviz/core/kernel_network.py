"""Forward and backward of one network in compiled code, over flat arrays and the plan of kernel_plan.py.

They are compiled once and called by address (kernel_calls.py): whatever contains them is optimised with them anew.

Values of all layers lie one after another: z before the activation, a after it, d = f′(z), and for normalised layers
hat; layer l from OFFSET · rows on. The output layer's activation belongs to the loss, so it has no a and d.
"""

from reluviz.core.jit import fast
from reluviz.core.kernel_chance import drop, random_slopes, stream, uniform
from reluviz.core.kernel_dense import dense, dense_backward, dense_gradient
from reluviz.core.kernel_functions import call
from reluviz.core.kernel_math import ZERO
from reluviz.core.kernel_norm import (
    batch_backward,
    by_batch,
    by_layer,
    by_running,
    layer_backward,
    parameter_gradients,
    running_backward,
)
from reluviz.core.kernel_plan import (
    BATCH_NORM,
    BLAS,
    FIXED,
    FUNCTION,
    GAIN,
    INPUTS,
    KIND,
    LAYER_NORM,
    LEARNED,
    MASK_DRAWS,
    NO_NORM,
    NORM,
    OFFSET,
    RANDOM,
    SKIP,
    SLOPE,
    SLOPE_DRAWS,
    START,
    UNITS,
)
from reluviz.core.kernel_vector import at, view

# How a pass behaves: values only; slopes too, with fixed statistics; as in training. The last is for the way back:
# as measured, and the gradient by z of every hidden layer takes the place of its slopes.
EVALUATE, MEASURE, TRAIN, INSPECT = 0, 1, 2, 3


@fast
def spread_start(layer, row, rows, plan):  # type: ignore[no-untyped-def]
    """Where a layer's 1 / √(variance + ε) begin: one for a unit of a batch, one for a row of a layer."""
    last = len(plan) - 1
    neurons = plan[last, OFFSET] + plan[last, UNITS]
    return neurons + layer * rows if row[NORM] == LAYER_NORM else row[OFFSET]


@fast
def normalise(layer, row, plan, theta, running, rows, z, hat, spread, mode, share):  # type: ignore[no-untyped-def]
    """The layer's normalisation, in place."""
    begin, units, gain = row[OFFSET] * rows, row[UNITS], row[GAIN]
    place = spread_start(layer, row, rows, plan)
    if row[NORM] == LAYER_NORM:
        by_layer(z, begin, rows, units, theta, gain, hat, spread, place)
    elif mode == TRAIN:
        by_batch(z, begin, rows, units, theta, gain, hat, spread, place, running, row[OFFSET], share)
    else:
        by_running(z, begin, rows, units, theta, gain, hat, spread, place, running, row[OFFSET])


@fast
def activate(layer, row, theta, params, rows, z, a, d, mode, seed, step):  # type: ignore[no-untyped-def]
    """a = f(z) of a hidden layer, and d = f′(z) unless only values are wanted."""
    begin, count = row[OFFSET] * rows, row[UNITS] * rows
    if row[KIND] == LEARNED:
        params[4 * layer] = theta[row[SLOPE]]
    if row[KIND] == RANDOM and mode == TRAIN:
        key = stream(seed, step, layer, SLOPE_DRAWS)
        random_slopes(key, z, begin, a, begin, d, begin, count, params, 4 * layer)
    else:
        call(row[FUNCTION], at(z, begin), at(a, begin), at(d, begin), count, at(params, 4 * layer), mode)


def forward_once(plan, theta, params, running, x, rows, z, a, d, hat, spread, mode, share, rate, seed, step):  # type: ignore[no-untyped-def]
    """All layers for `rows` samples of x, flat.

    `params` holds four parameters of every layer's activation, `rate` is that of dropout, `share` the weight of the
    batch in the running statistics.
    """
    source, begin = x, 0
    for layer in range(len(plan)):
        row = plan[layer]
        inputs, units = row[INPUTS], row[UNITS]
        target = row[OFFSET] * rows
        dense(row[BLAS], source, begin, rows, inputs, units, theta, row[START], z, target)
        if layer == len(plan) - 1:
            break
        if row[NORM] != NO_NORM:
            normalise(layer, row, plan, theta, running, rows, z, hat, spread, mode, share)
        if row[KIND] == FIXED:
            count = units * rows
            call(row[FUNCTION], at(z, target), at(a, target), at(d, target), count, at(params, 4 * layer), mode)
        else:
            activate(layer, row, theta, params, rows, z, a, d, mode, seed, step)
        if rate > ZERO and mode == TRAIN:
            drop(stream(seed, step, layer, MASK_DRAWS), rate, a, target, d, target, units * rows)
        if row[SKIP]:
            out, given = view(a, target, units * rows), view(source, begin, units * rows)
            for i in range(units * rows):
                out[i] += given[i]
        source, begin = a, target


@fast
def normalise_backward(layer, row, plan, theta, rows, delta, hat, spread, mode, grad):  # type: ignore[no-untyped-def]
    """Gradients of gains and shifts, and delta from behind the normalisation to before it."""
    begin, units, gain = row[OFFSET] * rows, row[UNITS], row[GAIN]
    place = spread_start(layer, row, rows, plan)
    parameter_gradients(delta, rows, units, gain, hat, begin, grad)
    if row[NORM] == LAYER_NORM:
        layer_backward(delta, rows, units, theta, gain, hat, begin, spread, place)
    elif row[NORM] == BATCH_NORM and mode == TRAIN:
        batch_backward(delta, rows, units, theta, gain, hat, begin, spread, place)
    else:
        running_backward(delta, rows, units, theta, gain, spread, place)


@fast
def still_biases(row, mode, grad):  # type: ignore[no-untyped-def]
    """A batch's mean takes every bias out again: what rounding leaves of its gradient would be noise."""
    if row[NORM] == BATCH_NORM and mode == TRAIN:
        begin = row[START] + row[INPUTS] * row[UNITS]
        for j in range(begin, begin + row[UNITS]):
            grad[j] = ZERO


@fast
def slope_gradient(layer, row, rows, z, below, rate, mode, seed, step, grad):  # type: ignore[no-untyped-def]
    """Add the gradient of a learned slope: Σ min(0, z) times the gradient by f(z) (He et al. 2015)."""
    begin, count = row[OFFSET] * rows, row[UNITS] * rows
    total = 0.0
    if rate > ZERO and mode == TRAIN:
        key = stream(seed, step, layer, MASK_DRAWS)
        for i in range(count):
            if uniform(key, i) >= rate:
                total += min(z[begin + i], ZERO) * below[i]
        total /= 1.0 - rate
    else:
        for i in range(count):
            total += min(z[begin + i], ZERO) * below[i]
    grad[row[SLOPE]] += total


def backward_once(plan, theta, x, rows, z, a, d, hat, spread, mode, rate, seed, step, work, grad, add):  # type: ignore[no-untyped-def]
    """All gradients into `grad`; work[0] holds the outputs' on entry, the rest is scratch.

    Without `add` the gradients of weights and biases replace what `grad` holds; those of the parameters behind them
    are always added.
    """
    delta, below, turned, carry = work[0], work[1], work[2], work[3]
    carried = False
    for layer in range(len(plan) - 1, 0, -1):
        row, lower = plan[layer], plan[layer - 1]
        inputs, units = row[INPUTS], row[UNITS]
        if row[NORM] != NO_NORM:
            normalise_backward(layer, row, plan, theta, rows, delta, hat, spread, mode, grad)
        begin = lower[OFFSET] * rows
        dense_gradient(row[BLAS], a, begin, rows, inputs, units, delta, row[START], grad, add)
        still_biases(row, mode, grad)
        dense_backward(row[BLAS], delta, rows, inputs, units, theta, row[START], turned, below)
        if carried:
            for i in range(inputs * rows):
                below[i] += carry[i]
        carried = lower[SKIP] != 0
        if carried:
            for i in range(inputs * rows):
                carry[i] = below[i]
        if lower[KIND] == LEARNED:
            slope_gradient(layer - 1, lower, rows, z, below, rate, mode, seed, step, grad)
        slopes = view(d, begin, inputs * rows)
        for i in range(inputs * rows):
            delta[i] = below[i] * slopes[i]
        if mode == INSPECT:
            for i in range(inputs * rows):
                slopes[i] = delta[i]
    row = plan[0]
    if row[NORM] != NO_NORM:
        normalise_backward(0, row, plan, theta, rows, delta, hat, spread, mode, grad)
    dense_gradient(row[BLAS], x, 0, rows, row[INPUTS], row[UNITS], delta, row[START], grad, add)
    still_biases(row, mode, grad)
