"""Forward and backward of one network in compiled code, over flat vectors.

Layout: sizes (layers + 1,) int64 holds the widths, input first. The parameters of layer l lie in one flat vector:
its weights, shape (inputs, units) row by row, then its biases; `starts[l]` is where they begin. Values of all
layers lie one after another in z and a, layer l from offsets[l] · rows on.
"""

import numpy as np

from reluviz.core.jit import exact, fast
from reluviz.core.kernel_activations import activate, slope
from reluviz.core.kernel_math import ONE, TWO, ZERO, exp32, sigmoid32

# From this many weights on, BLAS is quicker than written-out loops (measured with 8, 16, 32 and 64 units).
BLAS_FROM = 300


@fast
def dense(x, rows, inputs, units, theta, start, z):  # type: ignore[no-untyped-def]
    """z = x W + b for `rows` samples."""
    bias = start + inputs * units
    if inputs * units >= BLAS_FROM:
        out = z[: rows * units].reshape(rows, units)
        weights = theta[start:bias].reshape(inputs, units)
        np.dot(x[: rows * inputs].reshape(rows, inputs), weights, out)
        for i in range(rows):
            for j in range(units):
                z[i * units + j] += theta[bias + j]
        return
    for i in range(rows):
        row = i * units
        for j in range(units):
            z[row + j] = theta[bias + j]
        for k in range(inputs):
            value = x[i * inputs + k]
            weight = start + k * units
            for j in range(units):
                z[row + j] += value * theta[weight + j]


@fast
def dense_gradient(x, rows, inputs, units, delta, start, grad):  # type: ignore[no-untyped-def]
    """Add the gradient of a layer's weights and biases, x (rows, inputs) and delta (rows, units) flat."""
    bias = start + inputs * units
    if inputs * units >= BLAS_FROM:
        left = x[: rows * inputs].reshape(rows, inputs)
        right = delta[: rows * units].reshape(rows, units)
        product = np.dot(left.T, right)
        for k in range(inputs):
            for j in range(units):
                grad[start + k * units + j] += product[k, j]
    else:
        for i in range(rows):
            for k in range(inputs):
                value = x[i * inputs + k]
                weight = start + k * units
                for j in range(units):
                    grad[weight + j] += value * delta[i * units + j]
    for i in range(rows):
        for j in range(units):
            grad[bias + j] += delta[i * units + j]


@fast
def dense_backward(delta, rows, inputs, units, theta, start, below):  # type: ignore[no-untyped-def]
    """below = delta Wᵀ: the gradient by the layer's input."""
    if inputs * units >= BLAS_FROM:
        weights = theta[start : start + inputs * units].reshape(inputs, units)
        out = below[: rows * inputs].reshape(rows, inputs)
        np.dot(delta[: rows * units].reshape(rows, units), weights.T, out)
        return
    for i in range(rows):
        for k in range(inputs):
            total = ZERO
            weight = start + k * units
            for j in range(units):
                total += delta[i * units + j] * theta[weight + j]
            below[i * inputs + k] = total


@fast
def forward(sizes, starts, offsets, theta, codes, params, x, rows, z, a):  # type: ignore[no-untyped-def]
    """All layers for `rows` samples; the output layer has code 0, its activation belongs to the loss."""
    layers = sizes.size - 1
    source = x
    for layer in range(layers):
        units = sizes[layer + 1]
        begin = offsets[layer] * rows
        end = begin + units * rows
        dense(source, rows, sizes[layer], units, theta, starts[layer], z[begin:end])
        activate(codes[layer], params[layer], z[begin:end], a[begin:end])
        source = a[begin:end]


@exact
def output_delta(loss, z, y, rows, outputs, scale, delta):  # type: ignore[no-untyped-def]
    """delta = scale times the derivative of the summed loss by the outputs, all flat (rows, outputs)."""
    if loss == 0:
        for i in range(rows * outputs):
            delta[i] = (TWO * scale / np.float32(outputs)) * (z[i] - y[i])
    elif loss == 1:
        for i in range(rows * outputs):
            delta[i] = scale * (sigmoid32(z[i]) - y[i])
    else:
        for i in range(rows):
            softmax(z[i * outputs : (i + 1) * outputs], delta[i * outputs : (i + 1) * outputs])
        for i in range(rows * outputs):
            delta[i] = scale * (delta[i] - y[i])


@exact
def softmax(z, out):  # type: ignore[no-untyped-def]
    """Softmax of one row, the largest logit taken out first."""
    most = z[0]
    for value in z:
        most = max(most, value)
    total = ZERO
    for i in range(z.size):
        out[i] = exp32(z[i] - most)
        total += out[i]
    for i in range(z.size):
        out[i] *= ONE / total


@fast
def backward(sizes, starts, offsets, theta, codes, params, x, rows, z, a, delta, below, grad):  # type: ignore[no-untyped-def]
    """Add all gradients to `grad`; `delta` holds the outputs' on entry and is used up, as is `below`."""
    for layer in range(sizes.size - 2, -1, -1):
        inputs, units = sizes[layer], sizes[layer + 1]
        if layer == 0:
            dense_gradient(x, rows, inputs, units, delta, starts[layer], grad)
            return
        begin = offsets[layer - 1] * rows
        end = begin + inputs * rows
        dense_gradient(a[begin:end], rows, inputs, units, delta, starts[layer], grad)
        dense_backward(delta, rows, inputs, units, theta, starts[layer], below)
        slope(codes[layer - 1], params[layer - 1], z[begin:end], delta[: inputs * rows])
        for i in range(inputs * rows):
            delta[i] *= below[i]
