"""The dense layer in compiled code, over flat arrays of float32 or float64: forward and backward.

A layer's weights, shape (inputs, units) row by row, begin at `start` in the flat vector of parameters; its biases
follow. Offsets instead of slices: a slice costs 10 ns. `blas` is the address of gemm for layers that are large enough
for it, else 0.
"""

from reluviz.core.jit import fast
from reluviz.core.kernel_blas import gemm
from reluviz.core.kernel_math import ZERO
from reluviz.core.kernel_vector import LANES, at, dot, products, view

# From this many weights on, BLAS is quicker than the vector tiles (measured with 16, 32, 64 and 128 units).
BLAS_FROM = 8192


@fast
def dense(blas, x, xo, rows, inputs, units, theta, start, z, zo):  # type: ignore[no-untyped-def]
    """z = x W + b for `rows` samples; x begins at xo, z at zo."""
    bias = start + inputs * units
    source, weights = at(x, xo), at(theta, start)
    if blas:
        biases = view(theta, bias, units)
        for i in range(rows):
            sums = view(z, zo + i * units, units)
            for j in range(units):
                sums[j] = biases[j]
        gemm(blas, 0, 0, rows, units, inputs, source, weights, 1, at(z, zo))
    elif units == 1:
        whole = inputs - inputs % LANES
        for i in range(rows):
            total = theta[bias] + dot(at(x, xo + i * inputs), weights, whole)
            for k in range(whole, inputs):
                total += x[xo + i * inputs + k] * theta[start + k]
            z[zo + i] = total
    else:
        products(rows, units, inputs, at(z, zo), units, at(theta, bias), 0, source, inputs, 1, weights, units)


@fast
def dense_gradient(blas, x, xo, rows, inputs, units, delta, start, grad, add):  # type: ignore[no-untyped-def]
    """The gradient of a layer's weights and biases, x (rows, inputs) from xo on and delta (rows, units) flat.

    With `add` (0 or 1) it is added to what `grad` holds, without it takes its place.
    """
    bias = start + inputs * units
    source, right, out = at(x, xo), at(delta, 0), at(grad, start)
    if not add:
        begin = bias if blas else start
        fresh = view(grad, begin, bias + units - begin)
        for j in range(bias + units - begin):
            fresh[j] = ZERO
    if blas:
        gemm(blas, 1, 0, inputs, units, rows, source, right, add, out)
    elif units == 1:
        # One column is too narrow for a vector; its transpose, one row of `inputs`, is not.
        products(1, inputs, rows, out, 0, out, 0, right, 0, 1, source, inputs)
    else:
        products(inputs, units, rows, out, units, out, units, source, 1, inputs, right, units)
    total = view(grad, bias, units)
    for i in range(rows):
        row = view(delta, i * units, units)
        for j in range(units):
            total[j] += row[j]


@fast
def dense_backward(blas, delta, rows, inputs, units, theta, start, turned, below):  # type: ignore[no-untyped-def]
    """below = delta Wᵀ: the gradient by the layer's input; `turned` is scratch for Wᵀ."""
    out = at(below, 0)
    if blas:
        gemm(blas, 0, 1, rows, inputs, units, at(delta, 0), at(theta, start), 0, out)
        return
    for k in range(inputs):
        for j in range(units):
            turned[j * inputs + k] = theta[start + k * units + j]
    for i in range(rows * inputs):
        below[i] = ZERO
    products(rows, inputs, units, out, inputs, out, inputs, at(delta, 0), units, 1, at(turned, 0), inputs)
