"""The exact derivative of a tape, again as a tape: forward mode writes the slope of every operation beside its value
by the chain rule, and shares what both need.

Conventions at a kink: where max or min tie, the slope of smaller size counts, the mean of two of the same size; so
max(0, x) has 0 at 0, max(0.1*x, x) has 0.1, clip has 0 at its ends and abs has 0 at 0, as the named activations.
`where` has the slope of the branch that it takes. Comparisons and sign have slope 0 everywhere.

A slope that is 0 for every x is None and takes part in nothing, so that 0·∞ cannot arise from it.
"""

import math
from collections.abc import Callable
from functools import lru_cache

from reluviz.core.formula_fold import Folder
from reluviz.core.formula_tape import COMPARISONS, Tape

Slope = int | None
FLAT = (*COMPARISONS, "sign", "number", "parameter")


@lru_cache(256)
def slope_tape(tape: Tape) -> Tape:
    """The tape of f′ for the core tape of f, with the same parameters."""
    writer = _SlopeWriter()
    for node in tape.nodes:
        writer.add(node.name, *node.parts, value=node.value)
    slopes: list[Slope] = []
    for place, node in enumerate(tape.nodes):
        inner = [slopes[part] for part in node.parts]
        if node.name == "x":
            slopes.append(writer.number(1.0))
        elif node.name in FLAT or all(slope is None for slope in inner):
            slopes.append(None)
        elif node.name in CHAIN:
            outer = CHAIN[node.name](writer, node.parts[0], place)
            slopes.append(writer.scaled(outer, inner[0]))
        else:
            slopes.append(RULES[node.name](writer, place, node.parts, inner))
    return writer.tape(writer.full(slopes[-1]), tape.names)


class _SlopeWriter(Folder):
    def full(self, slope: Slope) -> int:
        """A slope as a number."""
        return self.number(0.0) if slope is None else slope

    def total(self, a: Slope, b: Slope) -> Slope:
        """a + b."""
        return b if a is None else a if b is None else self.put("add", a, b)

    def scaled(self, factor: int, slope: Slope) -> Slope:
        """factor · slope."""
        return None if slope is None else self.put("multiply", factor, slope)

    def tied(self, a: int, b: int) -> int:
        """The slope of smaller size; the mean of two of the same size."""
        for slope in (a, b):
            if self.is_number(slope, 0.0):
                return slope
        size_a, size_b = self.put("abs", a), self.put("abs", b)
        mean = self.put("multiply", self.number(0.5), self.put("add", a, b))
        otherwise = self.put("where", self.put(">", size_a, size_b), b, mean)
        return self.put("where", self.put("<", size_a, size_b), a, otherwise)


def _negative(w: _SlopeWriter, place: int, parts: tuple[int, ...], inner: list[Slope]) -> Slope:
    return w.put("negative", w.full(inner[0]))


def _add(w: _SlopeWriter, place: int, parts: tuple[int, ...], inner: list[Slope]) -> Slope:
    return w.total(*inner)


def _subtract(w: _SlopeWriter, place: int, parts: tuple[int, ...], inner: list[Slope]) -> Slope:
    return inner[0] if inner[1] is None else w.put("subtract", w.full(inner[0]), inner[1])


def _multiply(w: _SlopeWriter, place: int, parts: tuple[int, ...], inner: list[Slope]) -> Slope:
    return w.total(w.scaled(parts[1], inner[0]), w.scaled(parts[0], inner[1]))


def _divide(w: _SlopeWriter, place: int, parts: tuple[int, ...], inner: list[Slope]) -> Slope:
    above = None if inner[0] is None else w.put("divide", inner[0], parts[1])
    if inner[1] is None:
        return above
    # 1 / (1 + exp(-x)) far on the left: the quotient is 0, and ∞/∞ beside it does not count.
    below = w.put("multiply", place, w.put("divide", inner[1], parts[1]))
    zero = w.number(0.0)
    below = w.put("where", w.put("==", place, zero), zero, below)
    return w.put("subtract", w.full(above), below)


def _power(w: _SlopeWriter, place: int, parts: tuple[int, ...], inner: list[Slope]) -> Slope:
    base, exponent = parts
    zero = w.number(0.0)
    by_base = by_exponent = None
    if inner[0] is not None:
        less = w.put("power", base, w.put("subtract", exponent, w.number(1.0)))
        product = w.put("multiply", w.put("multiply", exponent, less), inner[0])
        # x**0 at 0, and abs(x)**0.5 there: an infinite slope of what does not move.
        product = w.put("where", w.put("==", inner[0], zero), zero, product)
        by_base = w.put("where", w.put("==", exponent, zero), zero, product)
    if inner[1] is not None:
        product = w.put("multiply", w.put("multiply", place, w.put("log", base)), inner[1])
        by_exponent = w.put("where", w.put("==", place, zero), zero, product)
    return w.total(by_base, by_exponent)


def _max(w: _SlopeWriter, place: int, parts: tuple[int, ...], inner: list[Slope]) -> Slope:
    return _chosen(w, ">", "<", parts, w.full(inner[0]), w.full(inner[1]))


def _min(w: _SlopeWriter, place: int, parts: tuple[int, ...], inner: list[Slope]) -> Slope:
    return _chosen(w, "<", ">", parts, w.full(inner[0]), w.full(inner[1]))


def _chosen(w: _SlopeWriter, first: str, second: str, parts: tuple[int, ...], a: int, b: int) -> Slope:
    tied = w.tied(a, b)
    if tied == b:
        return w.put("where", w.put(first, *parts), a, b)
    if tied == a:
        return w.put("where", w.put(second, *parts), b, a)
    return w.put("where", w.put(first, *parts), a, w.put("where", w.put(second, *parts), b, tied))


def _where(w: _SlopeWriter, place: int, parts: tuple[int, ...], inner: list[Slope]) -> Slope:
    if inner[1] is None and inner[2] is None:
        return None
    return w.put("where", parts[0], w.full(inner[1]), w.full(inner[2]))


def _sqrt(w: _SlopeWriter, place: int, parts: tuple[int, ...], inner: list[Slope]) -> Slope:
    slope, zero = w.full(inner[0]), w.number(0.0)
    product = w.put("multiply", w.put("divide", w.number(0.5), place), slope)
    # sqrt(abs(x)) at 0: an infinite slope of what does not move.
    return w.put("where", w.put("==", slope, zero), zero, product)


RULES: dict[str, Callable[[_SlopeWriter, int, tuple[int, ...], list[Slope]], Slope]] = {
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


def _inverse(w: _SlopeWriter, u: int) -> int:
    return w.put("divide", w.number(1.0), u)


def _one_and(w: _SlopeWriter, u: int) -> int:
    return w.put("add", w.number(1.0), u)


def _erf_slope(w: _SlopeWriter, u: int, f: int) -> int:
    # 2/√π e^(-u²) = 2√2 φ(√2 u).
    return w.put("multiply", w.number(math.sqrt(8)), w.put("density", w.put("multiply", w.number(math.sqrt(2)), u)))


# f′(u) of the functions of one argument, from the places of u and f(u).
CHAIN: dict[str, Callable[[_SlopeWriter, int, int], int]] = {
    "abs": lambda w, u, f: w.put("sign", u),
    "exp": lambda w, u, f: f,
    "expm1": lambda w, u, f: w.put("exp", u),
    "log": lambda w, u, f: _inverse(w, u),
    "log1p": lambda w, u, f: _inverse(w, _one_and(w, u)),
    "sin": lambda w, u, f: w.put("cos", u),
    "cos": lambda w, u, f: w.put("negative", w.put("sin", u)),
    "tan": lambda w, u, f: _one_and(w, w.put("multiply", f, f)),
    "sinh": lambda w, u, f: w.put("cosh", u),
    "cosh": lambda w, u, f: w.put("sinh", u),
    "tanh": lambda w, u, f: w.put("tanh_slope", u),
    "atan": lambda w, u, f: _inverse(w, _one_and(w, w.put("multiply", u, u))),
    "sigmoid": lambda w, u, f: w.put("sigmoid_slope", u),
    "softplus": lambda w, u, f: w.put("sigmoid", u),
    "erf": _erf_slope,
    "Phi": lambda w, u, f: w.put("density", u),
}
