"""Losses of the error e = output - target, averaged over samples and outputs: squared, absolute, Huber."""

import numpy as np

from reluviz.core.loss_base import Array, Loss

ALL_TASKS = ("regression", "binary", "classes")


class SquaredError(Loss):
    """The mean of (prediction - target)²; the output is the last layer itself."""

    key = "squared"
    title = "Squared error"
    formula = "L = mean (ŷ - y)²"
    code = 0
    tasks = ALL_TASKS

    def value(self, outputs: Array, targets: Array) -> float:
        return float(np.mean((outputs - targets) ** 2))

    def gradient(self, outputs: Array, targets: Array) -> Array:
        return 2 * (outputs - targets) / outputs.size


class AbsoluteError(Loss):
    """The mean of |prediction - target|: outliers pull no harder than the rest; the slope at an exact hit is 0."""

    key = "absolute"
    title = "Absolute error"
    formula = "L = mean |ŷ - y|"
    code = 3
    tasks = ALL_TASKS

    def value(self, outputs: Array, targets: Array) -> float:
        return float(np.mean(np.abs(outputs - targets)))

    def gradient(self, outputs: Array, targets: Array) -> Array:
        return np.asarray(np.sign(outputs - targets) / outputs.size)


class Huber(Loss):
    """Half the squared error up to 1, straight beyond: smooth at a hit, calm about outliers (Huber 1964, δ = 1)."""

    key = "huber"
    title = "Huber"
    formula = "L = mean (½e² if |e| ≤ 1, else |e| - ½), e = ŷ - y"
    code = 4
    tasks = ALL_TASKS

    def value(self, outputs: Array, targets: Array) -> float:
        error = np.abs(outputs - targets)
        # With c = min(|e|, 1) both branches are c (|e| - c/2), and nothing large is squared.
        near = np.minimum(error, 1)
        return float(np.mean(near * (error - near / 2)))

    def gradient(self, outputs: Array, targets: Array) -> Array:
        return np.asarray(np.clip(outputs - targets, -1, 1) / outputs.size)
