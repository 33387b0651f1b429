"""Values of a tape in NumPy: every operation once, in float64.

A comparison is 1 or 0; of what is not a number it is not a number. `where` selects: what the other branch gives does
not matter.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reluviz.core.activation_normal import DENSITY_AT_ZERO, scaled_tail
from reluviz.core.formula_tape import Tape
from reluviz.core.stable import logistic, logistic_slope, polynomial

Array = np.ndarray[Any, np.dtype[Any]]
# Below this abs x the series of the error function, above it the tail of the normal law.
SERIES_UP_TO = 0.5
ERF_SERIES = [2 / math.sqrt(math.pi) * (-1) ** n / (math.factorial(n) * (2 * n + 1)) for n in range(14)]


def values(tape: Tape, x: Array, constants: Sequence[float]) -> list[Array]:
    """The value of every operation for x (float64, any shape) and the parameters; numbers have no shape."""
    results: list[Array] = []
    with np.errstate(all="ignore"):
        for node in tape.nodes:
            if node.name == "x":
                results.append(x)
            elif node.name == "number":
                results.append(np.asarray(node.value))
            elif node.name == "parameter":
                results.append(np.asarray(float(constants[int(node.value)])))
            else:
                results.append(OPERATIONS[node.name](*[results[part] for part in node.parts]))
    return results


def evaluate(tape: Tape, x: Array, constants: Sequence[float]) -> Array:
    """f(x), float64 in the shape of x; NaN where x is NaN."""
    return np.where(np.isnan(x), x, values(tape, x, constants)[-1])


def _comparison(compare: Callable[[Array, Array], Any]) -> Callable[[Array, Array], Array]:
    def compared(a: Array, b: Array) -> Array:
        return np.where(np.isnan(a) | np.isnan(b), np.nan, compare(a, b))

    return compared


def _where(condition: Array, a: Array, b: Array) -> Array:
    return np.where(np.isnan(condition), np.nan, np.where(condition != 0, a, b))


def _softplus(x: Array) -> Array:
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def _normal(x: Array) -> Array:
    """The chance that a standard normal lies below x; to the last digits on the left too."""
    x = np.asarray(x)
    a = np.minimum(np.abs(x), 40.0)
    tail = scaled_tail(a) * np.exp(-0.5 * a * a)
    return np.where(x > 0, 1.0 - tail, tail)


def _erf(x: Array) -> Array:
    x = np.asarray(x)
    near = x * polynomial(np.square(np.clip(x, -SERIES_UP_TO, SERIES_UP_TO)), ERF_SERIES)
    far = np.sign(x) * (1.0 - 2.0 * _normal(-np.abs(x) * math.sqrt(2.0)))
    return np.where(np.abs(x) < SERIES_UP_TO, near, far)


def _density(x: Array) -> Array:
    return DENSITY_AT_ZERO * np.exp(-0.5 * x * x)


def _tanh_slope(x: Array) -> Array:
    # 1 - tanh² cancels in the tails.
    return logistic_slope(2.0 * x, factor=4.0)


OPERATIONS: dict[str, Callable[..., Any]] = {
    "negative": np.negative,
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "power": np.power,
    "max": np.maximum,
    "min": np.minimum,
    ">": _comparison(np.greater),
    ">=": _comparison(np.greater_equal),
    "<": _comparison(np.less),
    "<=": _comparison(np.less_equal),
    "==": _comparison(np.equal),
    "!=": _comparison(np.not_equal),
    "where": _where,
    "abs": np.abs,
    "sign": np.sign,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "atan": np.arctan,
    "sigmoid": logistic,
    "softplus": _softplus,
    "erf": _erf,
    "Phi": _normal,
    # What only slopes need.
    "density": _density,
    "sigmoid_slope": logistic_slope,
    "tanh_slope": _tanh_slope,
}
