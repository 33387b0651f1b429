"""What a layer does before its activation, as one affine map; the statistics of batch normalisation folded in."""

from typing import Any

import numpy as np

from reluviz.core.kernel_plan import BATCH_NORM, EPSILON, LAYER_NORM
from reluviz.core.network import Model

Array = np.ndarray[Any, np.dtype[Any]]


def effective(model: Model, theta: Array, running: Array | None, layer: int) -> tuple[Array, Array]:
    """W (inputs, units) and b (units,), float64, with z = x W + b in evaluation, x being what the layer is given.

    theta (total,) and running (2, neurons) as a snapshot holds them; layer 0 is the first hidden one, the last is the
    output. Batch normalisation's γ (x W + b - μ) / √(σ² + ε) + β is an affine map, too (Ioffe & Szegedy 2015, section
    3.1). The input that a residual layer adds after its activation is not in it. Raises ValueError for layer
    normalisation, which divides by what depends on the sample.
    """
    shape = model.shape
    weights = np.array(shape.weights(theta, layer), float)
    biases = np.array(shape.biases(theta, layer), float)
    if layer == shape.layers - 1:
        return weights, biases
    if model.layer.norm == LAYER_NORM:
        raise ValueError("layer normalisation is not an affine map: it divides every sample by its own deviation")
    if model.layer.norm != BATCH_NORM:
        return weights, biases
    if running is None or not running.size:
        raise ValueError("batch normalisation needs running statistics, shape (2, neurons)")
    begin = shape.offsets[layer]
    mean, variance = np.asarray(running[:, begin : begin + shape.sizes[layer + 1]], float)
    factor = shape.gain(theta, layer) / np.sqrt(variance + EPSILON)
    return weights * factor, (biases - mean) * factor + shape.shift(theta, layer)
