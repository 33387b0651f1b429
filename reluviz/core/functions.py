"""The compiled activations by address: built-in ones from the cached table, typed formulas compiled when first used."""

from functools import cache, lru_cache
from typing import Any

import numpy as np

from reluviz.core import kernel_table, kernels
from reluviz.core.activations import Activation
from reluviz.core.formula import Formula, Tape
from reluviz.core.kernel_formula import curves
from reluviz.core.kernel_functions import Compiled, compile_pair

# Typed formulas whose code is kept, 2 MB each; a lab has at most 6 runs of 64 layers, so a used one is never let go.
MOST_FORMULAS = 400


def address(activation: Activation, dtype: Any) -> int:
    """Where the function over arrays of `dtype` (float32 or float64) lies; a new formula is compiled first."""
    name = np.dtype(dtype).name
    if isinstance(activation, Formula):
        return compiled(activation.tape, name).address
    return built_in(name)[activation.key]


@cache
def built_in(dtype: str) -> dict[str, int]:
    """The addresses of all built-in activations by key."""
    places = np.zeros(len(kernel_table.KEYS), np.int64)
    kernel_table.addresses(places, np.zeros(1, dtype))
    return {key: int(place) for key, place in zip(kernel_table.KEYS, places, strict=True)}


@cache
def code(dtype: str) -> tuple[int, ...]:
    """The addresses of forward and backward."""
    places = np.zeros(kernels.CODES, np.int64)
    kernels.network(places, np.zeros(1, dtype))
    return tuple(int(place) for place in places)


@lru_cache(MOST_FORMULAS)
def compiled(tape: Tape, dtype: str) -> Compiled:
    """The compiled case of a typed formula."""
    f, df = curves(tape)
    return compile_pair(f, df, dtype)
