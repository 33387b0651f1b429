"""The exact derivative of a tape by forward mode: beside every value its slope, by the chain rule.

Conventions at a kink: where max or min tie, the slope of smaller size counts, the mean of two of the same size; so
max(0, x) has 0 at 0, max(0.1*x, x) has 0.1, clip has 0 at its ends and abs has 0 at 0, as the named activations.
`where` has the slope of the branch that it takes. Comparisons, sign and step have slope 0 everywhere.

A slope that is 0 for every x is None and takes part in nothing, so that 0·∞ cannot arise from it.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reluviz.core.formula_tape import COMPARISONS, Tape
from reluviz.core.formula_values import values
from reluviz.core.stable import logistic, logistic_slope

Array = np.ndarray[Any, np.dtype[Any]]
Slope = Array | None
FLAT = (*COMPARISONS, "sign")


def derivative(tape: Tape, x: Array, constants: Sequence[float]) -> Array:
    """f′(x), float64 in the shape of x; NaN where x is NaN."""
    slope = slopes(tape, x, constants)[-1]
    return np.where(np.isnan(x), x, 0.0 if slope is None else slope)


def slopes(tape: Tape, x: Array, constants: Sequence[float]) -> list[Slope]:
    """The slope of every operation for x (float64, any shape); None for one that is 0 everywhere."""
    found = values(tape, x, constants)
    results: list[Slope] = []
    with np.errstate(all="ignore"):
        for node, value in zip(tape.nodes, found, strict=True):
            inner = [results[part] for part in node.parts]
            if node.name == "x":
                results.append(np.asarray(1.0))
            elif node.name in FLAT or all(slope is None for slope in inner):
                results.append(None)
            elif node.name in CHAIN:
                results.append(CHAIN[node.name](found[node.parts[0]], value) * inner[0])
            else:
                results.append(RULES[node.name](value, [found[part] for part in node.parts], inner))
    return results


def full(slope: Slope) -> Array:
    """A slope as a number."""
    return np.asarray(0.0) if slope is None else slope


def total(a: Slope, b: Slope) -> Slope:
    """a + b."""
    return b if a is None else a if b is None else a + b


def scaled(factor: Array, slope: Slope) -> Slope:
    """factor · slope."""
    return None if slope is None else factor * slope


def _negative(value: Array, parts: list[Array], inner: list[Slope]) -> Slope:
    return -full(inner[0])


def _add(value: Array, parts: list[Array], inner: list[Slope]) -> Slope:
    return total(*inner)


def _subtract(value: Array, parts: list[Array], inner: list[Slope]) -> Slope:
    return total(inner[0], scaled(np.asarray(-1.0), inner[1]))


def _multiply(value: Array, parts: list[Array], inner: list[Slope]) -> Slope:
    return total(scaled(parts[1], inner[0]), scaled(parts[0], inner[1]))


def _divide(value: Array, parts: list[Array], inner: list[Slope]) -> Slope:
    above = None if inner[0] is None else inner[0] / parts[1]
    if inner[1] is None:
        return above
    # 1 / (1 + exp(-x)) far on the left: the quotient is 0, and ∞/∞ beside it does not count.
    below = np.where(value == 0, 0.0, value * (inner[1] / parts[1]))
    return total(above, -below)


def _power(value: Array, parts: list[Array], inner: list[Slope]) -> Slope:
    base, exponent = parts
    by_base = by_exponent = None
    if inner[0] is not None:
        flat = (exponent == 0) | (inner[0] == 0)
        by_base = np.where(flat, 0.0, exponent * np.power(base, exponent - 1.0) * inner[0])
    if inner[1] is not None:
        by_exponent = np.where(value == 0, 0.0, value * np.log(base) * inner[1])
    return total(by_base, by_exponent)


def _max(value: Array, parts: list[Array], inner: list[Slope]) -> Slope:
    a, b = full(inner[0]), full(inner[1])
    return _chosen(parts[0] > parts[1], parts[0] < parts[1], a, b, value)


def _min(value: Array, parts: list[Array], inner: list[Slope]) -> Slope:
    a, b = full(inner[0]), full(inner[1])
    return _chosen(parts[0] < parts[1], parts[0] > parts[1], a, b, value)


def _chosen(first: Array, second: Array, a: Array, b: Array, value: Array) -> Array:
    smaller = np.where(np.abs(a) < np.abs(b), a, np.where(np.abs(a) > np.abs(b), b, 0.5 * (a + b)))
    chosen = np.where(first, a, np.where(second, b, smaller))
    return np.where(np.isnan(value), np.nan, chosen)


def _where(value: Array, parts: list[Array], inner: list[Slope]) -> Slope:
    chosen = np.where(parts[0] != 0, full(inner[1]), full(inner[2]))
    return np.where(np.isnan(parts[0]), np.nan, chosen)


def _sqrt(value: Array, parts: list[Array], inner: list[Slope]) -> Slope:
    # sqrt(abs(x)) at 0: an infinite slope of what does not move.
    slope = full(inner[0])
    return np.where((slope == 0) & (value == 0), 0.0, 0.5 / value * slope)


RULES: dict[str, Callable[[Array, list[Array], list[Slope]], Slope]] = {
    "negative": _negative,
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "power": _power,
    "max": _max,
    "min": _min,
    "where": _where,
    "sqrt": _sqrt,
}


def _bell(x: Array) -> Array:
    return np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)


def _tanh_slope(x: Array, value: Array) -> Array:
    # 1 - tanh² cancels in the tails.
    return logistic_slope(2.0 * x, factor=4.0)


# f′(u) of the functions of one argument, from u and f(u).
CHAIN: dict[str, Callable[[Array, Array], Array]] = {
    "abs": lambda u, f: np.sign(u),
    "exp": lambda u, f: f,
    "expm1": lambda u, f: np.exp(u),
    "log": lambda u, f: 1.0 / u,
    "log1p": lambda u, f: 1.0 / (1.0 + u),
    "sin": lambda u, f: np.cos(u),
    "cos": lambda u, f: -np.sin(u),
    "tan": lambda u, f: 1.0 + f * f,
    "sinh": lambda u, f: np.cosh(u),
    "cosh": lambda u, f: np.sinh(u),
    "tanh": _tanh_slope,
    "atan": lambda u, f: 1.0 / (1.0 + u * u),
    "sigmoid": lambda u, f: logistic_slope(u),
    "softplus": lambda u, f: logistic(u),
    "erf": lambda u, f: 2 / math.sqrt(math.pi) * np.exp(-u * u),
    "Phi": lambda u, f: _bell(u),
}
