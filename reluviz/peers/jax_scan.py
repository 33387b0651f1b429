"""JAX in its fastest form for a small network: many steps in one compiled `lax.scan` with donated parameters.

The gradient is written out, which is as fast as `jax.grad` or faster; shuffling on the host is faster than
`jax.random.permutation`, and unrolling the scan only costs. All of this was measured.
"""

import importlib
import os
from functools import partial
from typing import Any

import numpy as np

from reluviz.bench_work import RATE, Array, Problem

os.environ["JAX_PLATFORMS"] = "cpu"
# The library is installed where peers are measured, and nowhere else.
jax: Any = importlib.import_module("jax")
jnp: Any = importlib.import_module("jax.numpy")
# One call of the compiled function does so many steps or multiply-adds: a call costs 0.1 ms.
MOST_STEPS, MOST_WORK = 10_000, 100_000_000


class Peer:
    """ReLU network of any widths, logistic loss or softmax cross-entropy, SGD."""

    name = f"JAX {jax.__version__}"

    def __init__(self, problem: Problem, threads: int) -> None:
        # JAX takes as many threads as the process has cores.
        self._problem = problem
        weights = [jnp.asarray(array) for array in problem.weights]
        self._parameters = [(w, jnp.zeros(w.shape[1], jnp.float32)) for w in weights]
        self._rng = np.random.default_rng(1)
        one_step = problem.batch * sum(array.size for array in problem.weights)
        self._epochs = max(1, min(MOST_WORK // one_step, MOST_STEPS) // problem.batches)
        self.block = self._epochs * problem.batches
        step = partial(_step, jnp.asarray(problem.x), jnp.asarray(problem.y), problem.one_output)
        self._scan = jax.jit(lambda state, order: jax.lax.scan(step, state, order)[0], donate_argnums=0)

    def train(self, steps: int) -> None:
        """Whole blocks of steps."""
        for _ in range(steps // self.block):
            self._parameters = self._scan(self._parameters, self._order())
        jax.block_until_ready(self._parameters)

    def weights(self) -> list[Array]:
        """The weights of each layer, (inputs, units)."""
        return [np.asarray(weights) for weights, _ in self._parameters]

    def _order(self) -> Array:
        """The samples of each batch of a block: (steps, batch)."""
        every = np.tile(np.arange(len(self._problem.x), dtype=np.int32), (self._epochs, 1))
        used = self._problem.batches * self._problem.batch
        return self._rng.permuted(every, axis=1)[:, :used].reshape(self.block, self._problem.batch)


def _step(x: Any, y: Any, one_output: bool, parameters: Any, batch: Any) -> tuple[Any, None]:
    signals = [x[batch]]
    for layer, (weights, bias) in enumerate(parameters):
        z = signals[-1] @ weights + bias
        signals.append(jnp.maximum(z, 0) if layer < len(parameters) - 1 else z)
    answer = jax.nn.sigmoid(signals[-1]) if one_output else jax.nn.softmax(signals[-1])
    delta, after = (answer - y[batch]) / len(batch), []
    for layer in range(len(parameters) - 1, -1, -1):
        weights, bias = parameters[layer]
        after.append((weights - RATE * (signals[layer].T @ delta), bias - RATE * delta.sum(axis=0)))
        if layer:
            delta = (delta @ weights.T) * (signals[layer] > 0)
    return after[::-1], None
