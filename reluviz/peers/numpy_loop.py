"""A plain training loop in NumPy, as a person would write it who knows NumPy well."""

import numpy as np

from reluviz.bench_work import RATE, Array, Problem


class Peer:
    """ReLU network of any widths, logistic loss or softmax cross-entropy, SGD."""

    name = f"NumPy {np.__version__}"
    block = 1

    def __init__(self, problem: Problem, threads: int) -> None:
        # The number of threads is the business of the BLAS library, which reads it from the environment.
        self._problem = problem
        self._weights = [weights.copy() for weights in problem.weights]
        self._biases = [np.zeros(weights.shape[1], np.float32) for weights in problem.weights]
        self._rng = np.random.default_rng(1)
        self._left = np.zeros(0, np.int64)

    def train(self, steps: int) -> None:
        """One update after the other."""
        x, y, size = self._problem.x, self._problem.y, self._problem.batch
        for _ in range(steps):
            if len(self._left) < size:
                self._left = self._rng.permutation(len(x))
            batch, self._left = self._left[:size], self._left[size:]
            self._step(x[batch], y[batch])

    def weights(self) -> list[Array]:
        """The weights of each layer, (inputs, units)."""
        return list(self._weights)

    def _step(self, x: Array, y: Array) -> None:
        rate, last = np.float32(RATE), len(self._weights) - 1
        signals = [x]
        for layer, (weights, bias) in enumerate(zip(self._weights, self._biases, strict=True)):
            z = signals[-1] @ weights + bias
            signals.append(np.maximum(z, 0) if layer < last else z)
        delta = (self._answer(signals[-1]) - y) / np.float32(len(x))
        for layer in range(last, -1, -1):
            grad, grad_bias = signals[layer].T @ delta, delta.sum(axis=0)
            if layer:
                delta = (delta @ self._weights[layer].T) * (signals[layer] > 0)
            self._weights[layer] -= rate * grad
            self._biases[layer] -= rate * grad_bias

    def _answer(self, z: Array) -> Array:
        """Probabilities for z (samples, outputs)."""
        if self._problem.one_output:
            return 1 / (1 + np.exp(-z))
        powers = np.exp(z - z.max(axis=1, keepdims=True))
        answer: Array = powers / powers.sum(axis=1, keepdims=True)
        return answer
