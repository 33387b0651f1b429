"""The compiled twins of the optimisers, with penalties, weight decay and clipping.

The type of the arrays, float32 or float64, is the type of all arithmetic, so rates and limits come in it too; only
what happens once a step, and the gradient's length, is computed in float64. The loops are `exact`: estimates of
the square root, which `fast` allows, make NaN of infinity and save nothing here (104 against 101 ns for 209).
"""

import math

import numpy as np

from reluviz.core.jit import exact, fast, inlined_exact, plain
from reluviz.core.kernel_math import ONE, ZERO
from reluviz.core.kernel_plan import FIRST, INPUTS, START, UNITS

# The codes of optimizers.py.
SGD, MOMENTUM, ADAM, NESTEROV, ADAGRAD, RMSPROP, ADAMW, LION = 0, 1, 2, 3, 4, 5, 6, 7


@inlined_exact
def sign(value):  # type: ignore[no-untyped-def]
    """-1, 0 or 1; NaN stays NaN."""
    return ONE if value > ZERO else (-ONE if value < ZERO else value)


@inlined_exact
def normal(value, least):  # type: ignore[no-untyped-def]
    """0 for what is below the smallest normal number.

    The moments of a dead unit fade into subnormal numbers and stay there, because 0.9 of the smallest rounds to the
    smallest; every later update would take two to four times as long. The test costs a tenth of one.
    """
    return ZERO if abs(value) < least else value


@inlined_exact
def weights_of(plan, layer, theta):  # type: ignore[no-untyped-def]
    """A view of one layer's weights, flat.

    A place counted from START on could be negative for all the compiler knows, and the loop takes five times as long.
    """
    begin = plan[layer, START]
    return theta[begin : begin + plan[layer, INPUTS] * plan[layer, UNITS]]


@exact
def penalise(plan, theta, l1, l2, grad):  # type: ignore[no-untyped-def]
    """Add the gradient of l1 Σ|w| + l2/2 Σ w²; biases and gains are left alone. plan: (layers, COLUMNS)."""
    if l1 == ZERO and l2 == ZERO:
        return
    for layer in range(len(plan)):
        weights, slopes = weights_of(plan, layer, theta), weights_of(plan, layer, grad)
        for i in range(weights.size):
            slopes[i] += l2 * weights[i] + l1 * sign(weights[i])


@exact
def decay(plan, theta, amount):  # type: ignore[no-untyped-def]
    """Decoupled weight decay, before the update: every weight loses `amount` = rate · λ of itself."""
    if amount == ZERO:
        return
    for layer in range(len(plan)):
        weights = weights_of(plan, layer, theta)
        for i in range(weights.size):
            weights[i] -= amount * weights[i]


@fast
def sum_of_squares(grad, count):  # type: ignore[no-untyped-def]
    """Σ g² in float64, where no square of a float32 overflows."""
    total = 0.0
    for i in range(count):
        total += np.float64(grad[i]) * np.float64(grad[i])
    return total


@exact
def clip(grad, count, limit):  # type: ignore[no-untyped-def]
    """Shorten the gradient to the length `limit` (Pascanu et al. 2013); 0 means no limit."""
    if limit == ZERO:
        return
    length = math.sqrt(sum_of_squares(grad, count))
    if length > limit:
        factor = grad.dtype.type(limit / length)
        for i in range(count):
            grad[i] *= factor


@exact
def clip_values(grad, count, limit):  # type: ignore[no-untyped-def]
    """Move every entry of the gradient into [-limit, limit]; 0 means no limit, NaN stays."""
    if limit == ZERO:
        return
    for i in range(count):
        value = grad[i]
        grad[i] = limit if value > limit else (-limit if value < -limit else value)


@exact
def sgd(rate, theta, grad, count):  # type: ignore[no-untyped-def]
    """θ ← θ - η g."""
    for i in range(count):
        theta[i] -= rate * grad[i]


@exact
def momentum(hyper, rate, theta, grad, first, count):  # type: ignore[no-untyped-def]
    """Polyak 1964."""
    keep, least = hyper[FIRST], np.finfo(theta.dtype).tiny
    for i in range(count):
        first[i] = normal(keep * first[i] + grad[i], least)
        theta[i] -= rate * first[i]


@exact
def nesterov(hyper, rate, theta, grad, first, count):  # type: ignore[no-untyped-def]
    """Sutskever et al. 2013."""
    keep, least = hyper[FIRST], np.finfo(theta.dtype).tiny
    for i in range(count):
        first[i] = normal(keep * first[i] + grad[i], least)
        theta[i] -= rate * (grad[i] + keep * first[i])


@exact
def adagrad(hyper, rate, theta, grad, second, count):  # type: ignore[no-untyped-def]
    """Duchi et al. 2011."""
    tiny = hyper[FIRST]
    for i in range(count):
        second[i] += grad[i] * grad[i]
        theta[i] -= rate * grad[i] / (math.sqrt(second[i]) + tiny)


@exact
def rmsprop(hyper, rate, theta, grad, second, count):  # type: ignore[no-untyped-def]
    """Hinton 2012."""
    keep, tiny, least = hyper[FIRST], hyper[FIRST + 1], np.finfo(theta.dtype).tiny
    for i in range(count):
        second[i] = normal(keep * second[i] + (ONE - keep) * grad[i] * grad[i], least)
        theta[i] -= rate * grad[i] / (math.sqrt(second[i]) + tiny)


@exact
def adam(hyper, rate, theta, grad, first, second, count, step):  # type: ignore[no-untyped-def]
    """Kingma & Ba 2015; both corrections of the bias are taken out of the loop."""
    keep, keep2, tiny, least = hyper[FIRST], hyper[FIRST + 1], hyper[FIRST + 2], np.finfo(theta.dtype).tiny
    # A whole exponent would be multiplied out, which takes longer than pow and rounds more often.
    power = np.float64(step)
    scaled = theta.dtype.type(rate / (1.0 - np.float64(keep) ** power))
    root = theta.dtype.type(math.sqrt(1.0 / (1.0 - np.float64(keep2) ** power)))
    for i in range(count):
        first[i] = normal(keep * first[i] + (ONE - keep) * grad[i], least)
        second[i] = normal(keep2 * second[i] + (ONE - keep2) * grad[i] * grad[i], least)
        theta[i] -= scaled * first[i] / (math.sqrt(second[i]) * root + tiny)


@exact
def lion(hyper, rate, theta, grad, first, count):  # type: ignore[no-untyped-def]
    """Chen et al. 2023."""
    keep, keep2, least = hyper[FIRST], hyper[FIRST + 1], np.finfo(theta.dtype).tiny
    for i in range(count):
        theta[i] -= rate * sign(keep * first[i] + (ONE - keep) * grad[i])
        first[i] = normal(keep2 * first[i] + (ONE - keep2) * grad[i], least)


@plain
def update(code, hyper, rate, theta, grad, first, second, count, step):  # type: ignore[no-untyped-def]
    """One step of the optimiser `code` at the given rate; `step` is 1 for the first.

    theta, grad, first, second: flat arrays, of which the first `count` entries are meant; hyper: (HYPER,).
    """
    if code == SGD:
        sgd(rate, theta, grad, count)
    elif code == MOMENTUM:
        momentum(hyper, rate, theta, grad, first, count)
    elif code == NESTEROV:
        nesterov(hyper, rate, theta, grad, first, count)
    elif code == ADAGRAD:
        adagrad(hyper, rate, theta, grad, second, count)
    elif code == RMSPROP:
        rmsprop(hyper, rate, theta, grad, second, count)
    elif code in (ADAM, ADAMW):
        adam(hyper, rate, theta, grad, first, second, count, step)
    elif code == LION:
        lion(hyper, rate, theta, grad, first, count)
