"""The bins in which the values of a layer are counted: fixed, so that steps and runs can be compared.

Signed quantities are spread by asinh(10 v): even around zero, logarithmic far out. Sizes of gradients are spread by
their logarithm; the first bin holds what is smaller than all others, zero among it.
"""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

BINS = 96
QUANTITIES = ("pre-activations z", "activities", "gradients by z", "weights")
Z, ACTIVITY, GRADIENT, WEIGHT = 0, 1, 2, 3
# The ends of the two axes, on their own scales: asinh(10 v), and log10 |v|.
SIGNED_REACH = 8.0
SMALLEST, LARGEST = -18.0, 3.0


def position(values: Any, quantity: int) -> Array:
    """Where values lie on a quantity's axis; a size of 0 lies at its lower end."""
    values = np.asarray(values, float)
    if quantity != GRADIENT:
        return np.asarray(np.arcsinh(10 * values))
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(np.log10(np.abs(values)), SMALLEST))


def value_at(places: Any, quantity: int) -> Array:
    """The value at a place on a quantity's axis: the inverse of `position`."""
    places = np.asarray(places, float)
    return np.asarray(10.0**places if quantity == GRADIENT else np.sinh(places) / 10)


def axis(quantity: int) -> Array:
    """The ends of all bins on a quantity's axis, shape (BINS + 1,)."""
    ends = (SMALLEST, LARGEST) if quantity == GRADIENT else (-SIGNED_REACH, SIGNED_REACH)
    return np.linspace(*ends, BINS + 1)


def edges() -> Array:
    """The values between the bins, shape (2, BINS - 1): of signed quantities, and of sizes of gradients."""
    return np.array([value_at(axis(quantity)[1:-1], quantity) for quantity in (Z, GRADIENT)])
