"""Networks with random parameters for tests."""

import numpy as np

from reluviz.core.activations import ReLU
from reluviz.core.layers import Dense
from reluviz.core.network import Model
from reluviz.core.shape import Shape


def random_network(sizes, activation=None, layer=None, seed=0):
    """A model, its parameters and statistics: (model, theta, running), everything float64 and generic."""
    rng = np.random.default_rng(seed)
    shape = Shape(sizes)
    model = Model(shape, (activation or ReLU(),) * (shape.layers - 1), layer or Dense())
    theta = rng.normal(size=shape.total)
    for number in range(shape.layers):
        shape.weights(theta, number)[:] *= np.sqrt(2 / sizes[number])
    for place in shape.slopes:
        theta[place] = 0.2
    running = np.stack([rng.normal(size=shape.neurons), rng.uniform(0.3, 2, shape.neurons)])
    return model, theta, running
