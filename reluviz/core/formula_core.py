"""A tape in few operations: numbers computed beforehand, functions that others express written out, whole powers as
products.

What is left: number, x, parameter, negative, add, subtract, multiply, divide, power, max, min, the six comparisons,
where, abs, sign, sqrt and the transcendental functions.
"""

import math
from collections.abc import Callable

import numpy as np

from reluviz.core.formula_tape import MOST_FACTORS, Tape, Writer
from reluviz.core.formula_text import text_of
from reluviz.core.formula_values import OPERATIONS
from reluviz.core.formula_words import FormulaError

CONSTANTS = {"pi": math.pi, "e": math.e}


def core(tape: Tape) -> Tape:
    """The same function in few operations; raises FormulaError where a number in it is not finite."""
    writer = Writer()
    places: list[int] = []
    for old, node in enumerate(tape.nodes):
        parts = [places[part] for part in node.parts]
        value = _folded(writer, node.name, parts)
        if value is not None:
            if not math.isfinite(value):
                text = text_of(tape, old)
                text = text if len(text) <= 40 else text[:37] + "..."
                raise FormulaError(f"{text} is not a number that a float64 can hold")
            places.append(writer.number(value))
        elif node.name in _LOWERED:
            places.append(_LOWERED[node.name](writer, *parts))
        elif node.name in ("number", "parameter"):
            places.append(writer.add(node.name, value=node.value))
        else:
            places.append(writer.add(node.name, *parts))
    return writer.tape(places[-1], tape.names)


def _folded(writer: Writer, name: str, parts: list[int]) -> float | None:
    """The value of an operation whose arguments are all numbers."""
    if name in CONSTANTS:
        return CONSTANTS[name]
    nodes = [writer.nodes[part] for part in parts]
    if not parts or any(node.name != "number" for node in nodes):
        return None
    if name in _LOWERED:
        return _lowered_number(name, [node.value for node in nodes])
    with np.errstate(all="ignore"):
        return float(OPERATIONS[name](*[np.float64(node.value) for node in nodes]))


def _lowered_number(name: str, values: list[float]) -> float:
    if name == "power":
        with np.errstate(all="ignore"):
            return float(OPERATIONS[name](*[np.float64(value) for value in values]))
    if name == "step":
        return float(values[0] > 0)
    if name == "relu":
        return max(values[0], 0.0)
    return min(max(values[0], values[1]), values[2])


def _step(writer: Writer, x: int) -> int:
    return writer.add(">", x, writer.number(0.0))


def _relu(writer: Writer, x: int) -> int:
    return writer.add("max", x, writer.number(0.0))


def _clip(writer: Writer, x: int, low: int, high: int) -> int:
    return writer.add("min", writer.add("max", x, low), high)


def _power(writer: Writer, base: int, exponent: int) -> int:
    node = writer.nodes[exponent]
    n = node.value if node.name == "number" else math.nan
    if n == 0.5:
        return writer.add("sqrt", base)
    if not (n.is_integer() and abs(n) <= MOST_FACTORS):
        return writer.add("power", base, exponent)
    if n == 0:
        return writer.number(1.0)
    product = _product(writer, base, int(abs(n)))
    return product if n > 0 else writer.add("divide", writer.number(1.0), product)


def _product(writer: Writer, base: int, n: int) -> int:
    if n == 1:
        return base
    half = _product(writer, base, n // 2)
    square = writer.add("multiply", half, half)
    return writer.add("multiply", base, square) if n % 2 else square


_LOWERED: dict[str, Callable[..., int]] = {"step": _step, "relu": _relu, "clip": _clip, "power": _power}
