"""Label noise: wrong targets on purpose, the same ones for every run, more of them the larger the share."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def with_label_noise(y: Array, share: float, seed: int, task: str) -> Array:
    """Targets y (samples, outputs) with noise; a copy in the dtype of y.

    Classes: each sample gets a random class with probability `share`; the samples that are wrong at a small share are
    wrong at a larger one, too. Regression: adds normal noise of `share` standard deviations of every output.
    """
    if share == 0:
        return y.copy()
    rng = np.random.default_rng([seed, 2])
    if task == "regression":
        noise = rng.standard_normal(y.shape) * y.std(axis=0)
        return np.asarray((y + share * noise).astype(y.dtype))
    chosen = rng.random(len(y)) < share
    outputs = y.shape[1]
    guesses = rng.integers(0, max(2, outputs), len(y))
    wrong = np.eye(outputs)[guesses] if outputs > 1 else guesses[:, None]
    return np.where(chosen[:, None], wrong, y).astype(y.dtype)
