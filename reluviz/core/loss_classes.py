"""Losses for classes: logistic, softmax cross-entropy, hinge."""

import numpy as np

from reluviz.core.loss_base import Array, Loss


def softmax(outputs: Array) -> Array:
    """Softmax of every row of (samples, outputs); the largest output is taken out first."""
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


class Logistic(Loss):
    """Cross-entropy of a sigmoid output, for two classes."""

    key = "logistic"
    title = "Logistic"
    formula = "L = mean ln(1 + e^(-±z))"
    code = 1
    tasks = ("binary",)
    output = "sigmoid"
    output_help = "The prediction is the probability σ(z) of the second class."
    threshold = 0.0

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
    tasks = ("classes",)
    output = "softmax"
    output_help = "The predictions are the probabilities softmax(z) of the classes."

    def value(self, outputs: Array, targets: Array) -> float:
        shifted = outputs - outputs.max(axis=1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return float(-np.mean((targets * logs).sum(axis=1)))

    def gradient(self, outputs: Array, targets: Array) -> Array:
        return (self.predict(outputs) - targets) / len(outputs)

    def predict(self, outputs: Array) -> Array:
        return softmax(outputs)


class Hinge(Loss):
    """Asks for a margin of 1 and no more: nothing is learned from samples that have it.

    One output: max(0, 1 - t z), t = ±1 (Cortes & Vapnik 1995). Several: the mean over all classes of
    max(0, 1 - zᵧ + zⱼ), j ≠ y (Weston & Watkins 1999, scaled as PyTorch's MultiMarginLoss). The slope at a hinge is 0.
    """

    key = "hinge"
    title = "Hinge"
    formula = "L = mean max(0, 1 - t z), t = ±1; several classes: mean Σⱼ max(0, 1 - zᵧ + zⱼ) / C"
    code = 5
    tasks = ("binary", "classes")
    output_help = (
        "The sign of z, or the largest z, is the answer; shown are (z + 1) / 2 within 0 and 1, or softmax(z), "
        "which are no probabilities."
    )
    threshold = 0.0

    def value(self, outputs: Array, targets: Array) -> float:
        return float(np.sum(np.maximum(self._margins(outputs, targets), 0)) / outputs.size)

    def gradient(self, outputs: Array, targets: Array) -> Array:
        short = np.heaviside(self._margins(outputs, targets), 0)
        if outputs.shape[1] == 1:
            return np.asarray((1 - 2 * targets) * short / outputs.size)
        return np.where(_chosen(targets), -short.sum(axis=1, keepdims=True), short) / outputs.size

    def predict(self, outputs: Array) -> Array:
        if outputs.shape[1] == 1:
            return np.clip((outputs + 1) / 2, 0, 1)
        return softmax(outputs)

    @staticmethod
    def _margins(outputs: Array, targets: Array) -> Array:
        """By how much each output misses its margin; -1 for the class that is right, which has none."""
        if outputs.shape[1] == 1:
            return 1 - (2 * targets - 1) * outputs
        chosen = _chosen(targets)
        right = np.sum(outputs, axis=1, keepdims=True, where=chosen)
        return np.where(chosen, -1.0, 1 + (outputs - right))


def _chosen(targets: Array) -> Array:
    """Where one-hot rows are hot; booleans of the same shape."""
    return np.arange(targets.shape[1]) == targets.argmax(axis=1)[:, None]
