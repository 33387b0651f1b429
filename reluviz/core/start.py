"""Where every run starts: one stream of random draws, turned into parameters by each run's initialiser."""

from typing import Any

import numpy as np

from reluviz.core.initializer_base import SPARE
from reluviz.core.initializers import Initializer
from reluviz.core.shape import Shape

Array = np.ndarray[Any, np.dtype[Any]]


def draws(shape: Shape, seed: int) -> Array:
    """Standard normal draws, float64: one for every parameter, then SPARE for every neuron, layer by layer."""
    return np.random.default_rng([seed, 0]).standard_normal(shape.parameters + SPARE * shape.neurons)


def initial(shape: Shape, initializer: Initializer, shared: Array, dtype: Any = np.float32) -> Array:
    """The first weights and biases of a run, shape (parameters,), from the shared draws of `draws`.

    The output layer's biases start at zero unless the law is one for every layer.
    """
    theta = np.zeros(shape.parameters)
    spare = shape.parameters
    for layer in range(shape.layers):
        units = shape.sizes[layer + 1]
        extra = shared[spare : spare + SPARE * units].reshape(SPARE, units)
        spare += SPARE * units
        weights, biases = initializer.layer(shape.weights(shared, layer), shape.biases(shared, layer), extra)
        shape.weights(theta, layer)[:] = weights
        if layer < shape.layers - 1 or initializer.every_layer:
            shape.biases(theta, layer)[:] = biases
    return theta.astype(dtype)
