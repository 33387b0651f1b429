"""Sparsity of rectified activity: exact zeros, and the on/off patterns that a layer makes of the samples.

Glorot, Bordes & Bengio (2011): zeros make a representation that is cheap and easy to separate; a ReLU network is one
linear map for every pattern of the neurons that are on.
"""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def zeros_by_layer(activity: Array, widths: tuple[int, ...]) -> Array:
    """The share of exact zeros in each hidden layer, (layers,); activity (hidden neurons, samples), widths in order.

    NaN for a layer that holds NaN: a run that has diverged has no zeros to count.
    """
    shares = _zeros(activity).mean(axis=1)
    ends = np.cumsum((0, *widths))[:-1]
    return np.asarray(np.add.reduceat(shares, ends) / np.array(widths))


def zeros_by_sample(activity: Array) -> Array:
    """The share of hidden neurons that are exactly 0 on each sample, (samples,); NaN where one of them is NaN."""
    return np.asarray(_zeros(activity).mean(axis=0))


def multiplications_needed(zeros: Array, sizes: tuple[int, ...]) -> float:
    """The share of a forward pass's multiplications of weights that is left when those by exact zeros are left out.

    zeros (hidden layers,): their shares, as of zeros_by_layer. sizes: widths from the inputs to the outputs, whose
    inputs count as not zero. NaN where a share is NaN.
    """
    products = np.array(sizes[:-1], float) * np.array(sizes[1:], float)
    return float((products[0] + (1.0 - zeros) @ products[1:]) / products.sum())


def patterns(activity: Array) -> int:
    """How many different sets of neurons are on (f(z) > 0) among the samples; activity (neurons, samples).

    A sample on which a neuron is NaN has no such set.
    """
    activity = activity[:, ~np.isnan(activity).any(axis=0)]
    packed = np.ascontiguousarray(np.packbits(activity > 0, axis=0).T)
    rows = packed.view(np.dtype((np.void, packed.shape[1])))
    return len(np.unique(rows))


def _zeros(activity: Array) -> Array:
    """1 where the activity is exactly 0, NaN where it is NaN, else 0; float64."""
    return np.where(np.isnan(activity), np.nan, activity == 0)
