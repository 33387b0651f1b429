"""Losses with their output unit: value, gradient and prediction on one screen.

`outputs` is what the last layer computes, shape (samples, outputs); `targets` has the same shape: a value,
0 or 1, or one-hot rows. Every loss is the mean over samples; `code` is its case in the kernel.
"""

from typing import Any, ClassVar

import numpy as np

from reluviz.core.catalog import Catalog

Array = np.ndarray[Any, np.dtype[Any]]


class Loss:
    """What every loss tells of itself."""

    key: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    code: ClassVar[int]
    task: ClassVar[str]

    def value(self, outputs: Array, targets: Array) -> float:
        """The mean loss."""
        raise NotImplementedError

    def gradient(self, outputs: Array, targets: Array) -> Array:
        """The derivative of the mean loss by the outputs, same shape."""
        raise NotImplementedError

    def predict(self, outputs: Array) -> Array:
        """What the network says: a value, or a probability for each class."""
        raise NotImplementedError


class SquaredError(Loss):
    """The mean of (prediction - target)²; the output is the last layer itself."""

    key = "squared"
    title = "Squared error"
    formula = "L = mean (ŷ - y)²"
    code = 0
    task = "regression"

    def value(self, outputs: Array, targets: Array) -> float:
        return float(np.mean((outputs - targets) ** 2))

    def gradient(self, outputs: Array, targets: Array) -> Array:
        return 2 * (outputs - targets) / outputs.size

    def predict(self, outputs: Array) -> Array:
        return outputs


class Logistic(Loss):
    """Cross-entropy of a sigmoid output, for two classes."""

    key = "logistic"
    title = "Logistic"
    formula = "L = mean ln(1 + e^(-±z))"
    code = 1
    task = "binary"

    def value(self, outputs: Array, targets: Array) -> float:
        # max(z, 0) - z·y + ln(1 + e^-|z|) never overflows.
        terms = np.maximum(outputs, 0) - outputs * targets + np.log1p(np.exp(-np.abs(outputs)))
        return float(np.mean(terms))

    def gradient(self, outputs: Array, targets: Array) -> Array:
        return (self.predict(outputs) - targets) / len(outputs)

    def predict(self, outputs: Array) -> Array:
        t = np.exp(-np.abs(outputs))
        return np.where(outputs >= 0, 1 / (1 + t), t / (1 + t))


class SoftmaxCrossEntropy(Loss):
    """Cross-entropy of a softmax output, for several classes."""

    key = "softmax_cross_entropy"
    title = "Softmax cross-entropy"
    formula = "L = mean -ln softmax(z)ᵧ"
    code = 2
    task = "classes"

    def value(self, outputs: Array, targets: Array) -> float:
        shifted = outputs - outputs.max(axis=1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return float(-np.mean((targets * logs).sum(axis=1)))

    def gradient(self, outputs: Array, targets: Array) -> Array:
        return (self.predict(outputs) - targets) / len(outputs)

    def predict(self, outputs: Array) -> Array:
        powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


LOSSES: Catalog[Loss] = Catalog("loss", SquaredError(), Logistic(), SoftmaxCrossEntropy())
