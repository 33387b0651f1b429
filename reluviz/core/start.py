"""Where every run starts: one stream of random draws, scaled by each run's initialiser."""

from typing import Any

import numpy as np

from reluviz.core.initializers import Initializer
from reluviz.core.network import Shape

Array = np.ndarray[Any, np.dtype[Any]]


def draws(shape: Shape, seed: int) -> Array:
    """Standard normal draws, one for every parameter; float64, shape (parameters,)."""
    return np.random.default_rng([seed, 0]).standard_normal(shape.parameters)


def initial(shape: Shape, initializer: Initializer, shared: Array) -> Array:
    """The first parameters of a run, float32: hidden biases at the initialiser's bias, output biases at zero."""
    theta = np.zeros(shape.parameters)
    for layer in range(shape.layers):
        inputs, units = shape.sizes[layer], shape.sizes[layer + 1]
        shape.weights(theta, layer)[:] = initializer.weights(shape.weights(shared, layer), inputs, units)
        if layer < shape.layers - 1:
            shape.biases(theta, layer)[:] = initializer.start_bias()
    return theta.astype(np.float32)
