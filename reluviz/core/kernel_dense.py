"""Forward and backward of one network in compiled code, over flat vectors.

Layout: sizes (layers + 1,) int64 holds the widths, input first. The parameters of layer l lie in one flat vector:
its weights, shape (inputs, units) row by row, then its biases; `starts[l]` is where they begin. Values of all
layers lie one after another in z and a, layer l from offsets[l] · rows on.
"""

import numpy as np

from reluviz.core.jit import exact, fast, inlined
from reluviz.core.kernel_activations import activate, slope
from reluviz.core.kernel_math import ONE, TWO, ZERO, exp32, sigmoid32
from reluviz.core.kernel_vector import LANES, dot, products

# From this many weights on, BLAS is quicker than the vector tiles (measured with 16, 32, 64 and 128 units).
BLAS_FROM = 8192


@inlined
def dense(x, xo, rows, inputs, units, theta, start, z, zo):  # type: ignore[no-untyped-def]
    """z = x W + b for `rows` samples; x begins at xo, z at zo. Offsets instead of slices: a slice costs 10 ns."""
    bias = start + inputs * units
    if inputs * units >= BLAS_FROM:
        out = z[zo : zo + rows * units].reshape(rows, units)
        np.dot(x[xo : xo + rows * inputs].reshape(rows, inputs), theta[start:bias].reshape(inputs, units), out)
        for i in range(rows):
            for j in range(units):
                z[zo + i * units + j] += theta[bias + j]
    elif units == 1:
        whole = inputs - inputs % LANES
        for i in range(rows):
            total = theta[bias] + dot(x, xo + i * inputs, theta, start, whole)
            for k in range(whole, inputs):
                total += x[xo + i * inputs + k] * theta[start + k]
            z[zo + i] = total
    else:
        products(rows, units, inputs, z, zo, units, theta, bias, 0, x, xo, inputs, 1, theta, start, units)


@inlined
def dense_gradient(x, xo, rows, inputs, units, delta, start, grad):  # type: ignore[no-untyped-def]
    """Add the gradient of a layer's weights and biases, x (rows, inputs) from xo on and delta (rows, units) flat."""
    bias = start + inputs * units
    if inputs * units >= BLAS_FROM:
        left = x[xo : xo + rows * inputs].reshape(rows, inputs)
        product = np.dot(left.T, delta[: rows * units].reshape(rows, units))
        for k in range(inputs):
            for j in range(units):
                grad[start + k * units + j] += product[k, j]
    elif units == 1:
        # One column is too narrow for a vector; its transpose, one row of `inputs`, is not.
        products(1, inputs, rows, grad, start, 0, grad, start, 0, delta, 0, 0, 1, x, xo, inputs)
    else:
        products(inputs, units, rows, grad, start, units, grad, start, units, x, xo, 1, inputs, delta, 0, units)
    for i in range(rows):
        for j in range(units):
            grad[bias + j] += delta[i * units + j]


@inlined
def dense_backward(delta, rows, inputs, units, theta, start, turned, below):  # type: ignore[no-untyped-def]
    """below = delta Wᵀ: the gradient by the layer's input; `turned` is scratch for Wᵀ."""
    if inputs * units >= BLAS_FROM:
        weights = theta[start : start + inputs * units].reshape(inputs, units)
        out = below[: rows * inputs].reshape(rows, inputs)
        np.dot(delta[: rows * units].reshape(rows, units), weights.T, out)
        return
    for k in range(inputs):
        for j in range(units):
            turned[j * inputs + k] = theta[start + k * units + j]
    for i in range(rows * inputs):
        below[i] = ZERO
    products(rows, inputs, units, below, 0, inputs, below, 0, inputs, delta, 0, units, 1, turned, 0, inputs)


@fast
def forward(sizes, starts, offsets, theta, codes, params, x, rows, z, a):  # type: ignore[no-untyped-def]
    """All layers for `rows` samples; the output layer has code 0, its activation belongs to the loss."""
    source, begin = x, 0
    for layer in range(sizes.size - 1):
        inputs, units = sizes[layer], sizes[layer + 1]
        target = offsets[layer] * rows
        dense(source, begin, rows, inputs, units, theta, starts[layer], z, target)
        activate(codes[layer], params, layer, z, a, target, target + units * rows)
        source, begin = a, target


@exact
def output_delta(loss, z, zo, y, rows, outputs, scale, delta):  # type: ignore[no-untyped-def]
    """delta = scale times the derivative of the summed loss by the outputs, all flat (rows, outputs); z from zo on."""
    if loss == 0:
        for i in range(rows * outputs):
            delta[i] = (TWO * scale / np.float32(outputs)) * (z[zo + i] - y[i])
    elif loss == 1:
        for i in range(rows * outputs):
            delta[i] = scale * (sigmoid32(z[zo + i]) - y[i])
    else:
        for i in range(rows):
            softmax(z, zo + i * outputs, outputs, delta, i * outputs)
        for i in range(rows * outputs):
            delta[i] = scale * (delta[i] - y[i])


@exact
def softmax(z, zo, outputs, out, o):  # type: ignore[no-untyped-def]
    """Softmax of one row of logits, z from zo on, into out from o on; the largest logit is taken out first."""
    most = z[zo]
    for j in range(outputs):
        most = max(most, z[zo + j])
    total = ZERO
    for j in range(outputs):
        out[o + j] = exp32(z[zo + j] - most)
        total += out[o + j]
    for j in range(outputs):
        out[o + j] *= ONE / total


@fast
def backward(sizes, starts, offsets, theta, codes, params, x, rows, z, a, work, grad):  # type: ignore[no-untyped-def]
    """Add all gradients to `grad`; work[0] holds the outputs' on entry, the rest is scratch."""
    delta, below, turned = work[0], work[1], work[2]
    for layer in range(sizes.size - 2, 0, -1):
        inputs, units = sizes[layer], sizes[layer + 1]
        begin = offsets[layer - 1] * rows
        dense_gradient(a, begin, rows, inputs, units, delta, starts[layer], grad)
        dense_backward(delta, rows, inputs, units, theta, starts[layer], turned, below)
        slope(codes[layer - 1], params, layer - 1, z, delta, begin, begin + inputs * rows)
        for i in range(inputs * rows):
            delta[i] *= below[i]
    dense_gradient(x, 0, rows, sizes[0], sizes[1], delta, starts[0], grad)
