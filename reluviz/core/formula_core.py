"""A tape in few operations: numbers computed beforehand, functions that others express written out, whole powers as
products.

What is left: number, x, parameter and the operations of formula_values.py.
"""

import math
from collections.abc import Callable

from reluviz.core.formula_fold import Folder
from reluviz.core.formula_tape import MOST_FACTORS, Node, Tape
from reluviz.core.formula_text import text_of
from reluviz.core.formula_words import FormulaError

CONSTANTS = {"pi": math.pi, "e": math.e}
MOST_SHOWN = 40


def core(tape: Tape) -> Tape:
    """The same function in few operations; raises FormulaError where a number in it is not finite."""
    writer = Folder()
    places: list[int] = []
    for old, node in enumerate(tape.nodes):
        parts = [places[part] for part in node.parts]
        place = _written(writer, node, parts)
        if place is None:
            text = text_of(tape, old)
            short = text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 3] + "..."
            raise FormulaError(f"{short} is not a number that a float64 can hold")
        places.append(place)
    return writer.tape(places[-1], tape.names)


def _written(writer: Folder, node: Node, parts: list[int]) -> int | None:
    """The place of the operation in core operations; None where it is a number that is not finite."""
    if node.name in CONSTANTS:
        return writer.number(CONSTANTS[node.name])
    if not parts:
        return writer.add(node.name, value=node.value)
    if node.name in _LOWERED:
        return _LOWERED[node.name](writer, *parts)
    value = writer.folded(node.name, *parts)
    if value is not None and not math.isfinite(value):
        return None
    return writer.put(node.name, *parts)


def _step(writer: Folder, x: int) -> int:
    return writer.put(">", x, writer.number(0.0))


def _relu(writer: Folder, x: int) -> int:
    return writer.put("max", x, writer.number(0.0))


def _clip(writer: Folder, x: int, low: int, high: int) -> int:
    return writer.put("min", writer.put("max", x, low), high)


def _power(writer: Folder, base: int, exponent: int) -> int | None:
    value = writer.folded("power", base, exponent)
    if value is not None and not math.isfinite(value):
        return None
    node = writer.nodes[exponent]
    n = node.value if node.name == "number" else math.nan
    if value is None and n == 0.5:
        return writer.put("sqrt", base)
    if value is not None or not (n.is_integer() and abs(n) <= MOST_FACTORS):
        return writer.put("power", base, exponent)
    if n == 0:
        return writer.number(1.0)
    product = _product(writer, base, int(abs(n)))
    return product if n > 0 else writer.put("divide", writer.number(1.0), product)


def _product(writer: Folder, base: int, n: int) -> int:
    if n == 1:
        return base
    half = _product(writer, base, n // 2)
    square = writer.put("multiply", half, half)
    return writer.put("multiply", base, square) if n % 2 else square


_LOWERED: dict[str, Callable[..., int | None]] = {"step": _step, "relu": _relu, "clip": _clip, "power": _power}
