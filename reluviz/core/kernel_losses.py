"""Losses in compiled code, over flat arrays of float32 or float64: gradient, value and prediction.

z holds the outputs, row by row (rows, outputs), from an offset on; y the targets. The codes are those of the table of
losses, and the cases agree with its classes; not-a-number comes through in all of them. Terms are computed in the
arrays' type and added up in float64.

Every case is a loop of its own, because a small network spends no longer in its layers than here. LLVM vectorises a
loop over range(n) with offsets that it knows not to be negative (see `place`), but none over range(begin, end).
"""

import math

import numpy as np

from reluviz.core.jit import inlined, inlined_exact
from reluviz.core.kernel_math import HALF, ONE, TWO, ZERO, exp, maximum, minimum, real, sigmoid, sign, softplus

SQUARED, LOGISTIC, SOFTMAX, ABSOLUTE, HUBER, HINGE = 0, 1, 2, 3, 4, 5


@inlined_exact
def place(offset):  # type: ignore[no-untyped-def]
    """The offset, known to the compiler not to be negative: a negative index would count from the array's end."""
    return max(offset, 0)


@inlined_exact
def step(x):  # type: ignore[no-untyped-def]
    """1 above 0, else 0; not a number stays."""
    value = real(1.0, x) if x > ZERO else real(0.0, x)
    return value if x == x else x


@inlined_exact
def logistic_term(z, y):  # type: ignore[no-untyped-def]
    """ln(1 + e^-tz) for a target y of 0 or 1, t = ±1."""
    return softplus((ONE - TWO * y) * z)


@inlined_exact
def huber_term(e):  # type: ignore[no-untyped-def]
    """½e² up to |e| = 1, |e| - ½ beyond: c (|e| - c/2) with c = min(|e|, 1)."""
    size = abs(e)
    near = minimum(size, real(1.0, e))
    return near * (size - HALF * near)


@inlined_exact
def huber_slope(e):  # type: ignore[no-untyped-def]
    """e up to |e| = 1, ±1 beyond."""
    return e if abs(e) <= ONE else sign(e)


@inlined_exact
def missed(z, y):  # type: ignore[no-untyped-def]
    """1 - t z for a target of 0 or 1, t = ±1: positive where the margin is missed."""
    return ONE - (TWO * y - ONE) * z


@inlined
def softmax(z, zo, rows, outputs, out, o):  # type: ignore[no-untyped-def]
    """Softmax of every row of logits, z from zo on, into out from o on; a row's largest logit is taken out first.

    All powers are taken in one loop: a row is too short to be computed eight at a time.
    """
    zo, o = place(zo), place(o)
    for i in range(rows):
        first, row = zo + i * outputs, o + i * outputs
        most = z[first]
        for j in range(1, outputs):
            most = max(most, z[first + j])
        for j in range(outputs):
            out[row + j] = z[first + j] - most
    for i in range(rows * outputs):
        out[o + i] = exp(out[o + i])
    for i in range(rows):
        row = o + i * outputs
        total = out[row]
        for j in range(1, outputs):
            total += out[row + j]
        share = ONE / total
        for j in range(outputs):
            out[row + j] *= share


@inlined_exact
def hottest(y, yo, outputs):  # type: ignore[no-untyped-def]
    """The place of the largest of `outputs` values from yo on, the first of equals."""
    best = 0
    for j in range(1, outputs):
        if y[yo + j] > y[yo + best]:
            best = j
    return best


@inlined
def hinge_row(z, zo, wanted, outputs, share, delta, o):  # type: ignore[no-untyped-def]
    """`share` times the slopes of Σ max(0, 1 + (z_j - z_wanted)), j ≠ wanted, of one row, into delta from o on."""
    right = z[zo + wanted]
    total = real(0.0, right)
    for j in range(outputs):
        short = step(ONE + (z[zo + j] - right)) if j != wanted else real(0.0, right)
        delta[o + j] = share * short
        total += short
    delta[o + wanted] = -share * total


@inlined
def output_delta(loss, z, zo, y, rows, outputs, scale, delta):  # type: ignore[no-untyped-def]
    """delta = scale times the derivative of the summed loss by the outputs, flat; z from zo on, y and delta from 0.

    `scale` has the arrays' type; 1 / rows gives the derivative of the mean.
    """
    zo, count = place(zo), rows * outputs
    share = scale / np.float32(outputs)
    if loss == SQUARED:
        for i in range(count):
            delta[i] = (TWO * share) * (z[zo + i] - y[i])
    elif loss == LOGISTIC:
        for i in range(count):
            delta[i] = scale * (sigmoid(z[zo + i]) - y[i])
    elif loss == ABSOLUTE:
        for i in range(count):
            delta[i] = share * sign(z[zo + i] - y[i])
    elif loss == HUBER:
        for i in range(count):
            delta[i] = share * huber_slope(z[zo + i] - y[i])
    elif loss == SOFTMAX:
        softmax(z, zo, rows, outputs, delta, 0)
        for i in range(count):
            delta[i] = scale * (delta[i] - y[i])
    elif outputs == 1:
        for i in range(rows):
            delta[i] = scale * ((ONE - TWO * y[i]) * step(missed(z[zo + i], y[i])))
    else:
        for i in range(rows):
            o = i * outputs
            hinge_row(z, zo + o, hottest(y, o, outputs), outputs, share, delta, o)


@inlined
def summed_loss(loss, z, zo, y, yo, rows, outputs):  # type: ignore[no-untyped-def]
    """The loss of `rows` samples, added up over samples; squared, absolute and Huber: averaged over outputs."""
    zo, yo, count = place(zo), place(yo), rows * outputs
    total = 0.0
    if loss == SQUARED:
        for i in range(count):
            error = z[zo + i] - y[yo + i]
            total += np.float64(error * error)
    elif loss == LOGISTIC:
        for i in range(count):
            total += np.float64(logistic_term(z[zo + i], y[yo + i]))
        return total
    elif loss == ABSOLUTE:
        for i in range(count):
            total += np.float64(abs(z[zo + i] - y[yo + i]))
    elif loss == HUBER:
        for i in range(count):
            total += np.float64(huber_term(z[zo + i] - y[yo + i]))
    elif loss == SOFTMAX:
        for i in range(rows):
            total += cross_entropy(z, zo + i * outputs, y, yo + i * outputs, outputs)
        return total
    elif outputs == 1:
        for i in range(rows):
            total += np.float64(maximum(missed(z[zo + i], y[yo + i]), real(0.0, z[zo])))
    else:
        for i in range(rows):
            total += hinge_sum(z, zo + i * outputs, y, yo + i * outputs, outputs)
    return total / outputs


@inlined
def cross_entropy(z, zo, y, yo, outputs):  # type: ignore[no-untyped-def]
    """-ln softmax(z) of the class that is right, of one row, in float64."""
    most = z[zo + hottest(z, zo, outputs)]
    powers = 0.0
    for j in range(outputs):
        powers += np.float64(exp(z[zo + j] - most))
    return math.log(powers) + (np.float64(most) - np.float64(z[zo + hottest(y, yo, outputs)]))


@inlined
def hinge_sum(z, zo, y, yo, outputs):  # type: ignore[no-untyped-def]
    """Σ max(0, 1 + (z_j - z_right)) over the other classes, of one row, in float64."""
    wanted = hottest(y, yo, outputs)
    right = z[zo + wanted]
    total = 0.0
    for j in range(outputs):
        if j != wanted:
            total += np.float64(maximum(ONE + (z[zo + j] - right), real(0.0, right)))
    return total


@inlined
def right_answers(loss, z, zo, y, yo, rows, outputs):  # type: ignore[no-untyped-def]
    """How many samples have the right class: the largest output, or a single one on the right side."""
    zo, yo, right = place(zo), place(yo), 0
    if outputs == 1:
        threshold = ZERO if loss in (LOGISTIC, HINGE) else HALF
        for i in range(rows):
            right += (z[zo + i] > threshold) == (y[yo + i] > HALF)
    else:
        for i in range(rows):
            right += hottest(z, zo + i * outputs, outputs) == hottest(y, yo + i * outputs, outputs)
    return right


@inlined
def batch_loss(loss, z, zo, y, yo, rows, outputs):  # type: ignore[no-untyped-def]
    """(loss added up over samples, number of right answers) of `rows` samples; z from zo on, y from yo on."""
    total = summed_loss(loss, z, zo, y, yo, rows, outputs)
    return total, right_answers(loss, z, zo, y, yo, rows, outputs)


@inlined
def predict(loss, z, top, rows, outputs, out):  # type: ignore[no-untyped-def]
    """What the outputs mean: a value, a probability, or one for each class; flat, z and out from `top` on."""
    top = place(top)
    if loss == SOFTMAX or (loss == HINGE and outputs > 1):
        softmax(z, top, rows, outputs, out, top)
    elif loss == LOGISTIC:
        for i in range(rows):
            out[top + i] = sigmoid(z[top + i])
    elif loss == HINGE:
        for i in range(rows):
            out[top + i] = minimum(maximum(HALF * (z[top + i] + ONE), real(0.0, z[top])), real(1.0, z[top]))
    else:
        for i in range(rows * outputs):
            out[top + i] = z[top + i]
