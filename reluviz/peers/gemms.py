"""The bare matrix products of a training step: what is left if everything else were free."""

import numpy as np

from reluviz.bench_work import Array, Problem


class Peer:
    """Every product of a step, with the same shapes and transpositions, into memory that exists already."""

    name = f"BLAS of NumPy {np.__version__}"
    block = 1

    def __init__(self, problem: Problem, threads: int) -> None:
        # The number of threads is the business of the BLAS library, which reads it from the environment.
        rows, rng = problem.batch, np.random.default_rng(1)
        self._layers: list[tuple[Array, ...]] = []
        for weights in problem.weights:
            inputs, units = weights.shape
            signals = rng.standard_normal((rows, inputs), dtype=np.float32)
            deltas = rng.standard_normal((rows, units), dtype=np.float32)
            out = np.empty((rows, units), np.float32), np.empty_like(weights), np.empty_like(signals)
            self._layers.append((signals, weights, deltas, *out))

    def weights(self) -> list[Array]:
        """The weights of each layer, (inputs, units), which never change."""
        return [layer[1] for layer in self._layers]

    def train(self, steps: int) -> None:
        """Forward, gradient of the weights, and back to the inputs, except for those of the first layer."""
        for _ in range(steps):
            for layer, (signals, weights, deltas, z, grad, back) in enumerate(self._layers):
                np.dot(signals, weights, out=z)
                np.dot(signals.T, deltas, out=grad)
                if layer:
                    np.dot(deltas, weights.T, out=back)
