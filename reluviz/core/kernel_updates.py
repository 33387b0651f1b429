"""The compiled twins of the optimisers, with penalties and clipping."""

import math

import numpy as np

from reluviz.core.jit import fast
from reluviz.core.kernel_math import ONE, ZERO

# Places in the row of hyper-parameters of a run.
RATE, L1, L2, CLIP, FIRST = 0, 1, 2, 3, 4
HYPER = 8


@fast
def penalise(sizes, starts, theta, l1, l2, grad):  # type: ignore[no-untyped-def]
    """Add the gradient of l1 Σ|w| + l2/2 Σ w²; biases are left alone."""
    if l1 == ZERO and l2 == ZERO:
        return
    for layer in range(sizes.size - 1):
        begin = starts[layer]
        for i in range(begin, begin + sizes[layer] * sizes[layer + 1]):
            sign = (ONE if theta[i] > ZERO else ZERO) - (ONE if theta[i] < ZERO else ZERO)
            grad[i] += l2 * theta[i] + l1 * sign


@fast
def clip(grad, limit):  # type: ignore[no-untyped-def]
    """Shorten the gradient to the length `limit` (Pascanu et al. 2013); 0 means no limit."""
    if limit == ZERO:
        return
    total = 0.0
    for value in grad:
        total += np.float64(value) * np.float64(value)
    length = math.sqrt(total)
    if length > limit:
        factor = np.float32(limit / length)
        for i in range(grad.size):
            grad[i] *= factor


@fast
def update(code, hyper, theta, grad, first, second, count):  # type: ignore[no-untyped-def]
    """One step of the optimiser `code`; `count` is 1 for the first."""
    rate = hyper[RATE]
    if code == 0:
        for i in range(theta.size):
            theta[i] -= rate * grad[i]
    elif code == 1:
        keep = hyper[FIRST]
        for i in range(theta.size):
            first[i] = keep * first[i] + grad[i]
            theta[i] -= rate * first[i]
    else:
        keep, keep2, tiny = hyper[FIRST], hyper[FIRST + 1], hyper[FIRST + 2]
        unbias = np.float32(1.0 / (1.0 - np.float64(keep) ** count))
        unbias2 = np.float32(1.0 / (1.0 - np.float64(keep2) ** count))
        for i in range(theta.size):
            first[i] = keep * first[i] + (ONE - keep) * grad[i]
            second[i] = keep2 * second[i] + (ONE - keep2) * grad[i] * grad[i]
            theta[i] -= rate * first[i] * unbias / (math.sqrt(second[i] * unbias2) + tiny)
