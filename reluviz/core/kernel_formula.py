"""The compiled twin of a typed formula: its tape written as machine instructions, one for each operation.

No source text is made and nothing is evaluated: an intrinsic walks along the tape and leaves instructions, calls of
the functions that the built-in activations use among them. All numbers have the type of x, so float32 stays float32
and the loop around it vectorises.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from llvmlite import ir
from numba.extending import intrinsic

from reluviz.core.formula_slope import slope_tape
from reluviz.core.formula_tape import Node, Tape
from reluviz.core.kernel_formula_functions import FUNCTIONS

FOUR = 4


def curves(tape: Tape) -> tuple[Any, Any]:
    """Two compiled functions f(x, p, q, r, s) and df(x, p, q, r, s) of one number and four parameters.

    All arguments float32 or all float64, and so the result. The parameters are those of the tape by place, the rest
    are not read. The conventions are those of formula_values.py and formula_slope.py.
    """
    return _curve(tape), _curve(slope_tape(tape))


def passes_nan(tape: Tape) -> bool:
    """Whether the result is not a number whenever x is not: the operations see to that, and no test of x is needed."""
    passes: list[bool] = []
    for node in tape.nodes:
        parts = [passes[part] for part in node.parts]
        if node.name == "where":
            passes.append(parts[0] or (parts[1] and parts[2]))
        else:
            # x**0 is 1 even there.
            passes.append(node.name == "x" or (any(parts) and node.name != "power"))
    return passes[-1]


def _curve(tape: Tape) -> Any:
    @intrinsic
    def result(context, x, p, q, r, s):  # type: ignore[no-untyped-def]
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return _Emitter(context, builder, x, arguments).result(tape)

        return x(x, x, x, x, x), codegen

    return result


class Condition(NamedTuple):
    """A comparison before it is a number: whether it holds, and whether something in it is not a number."""

    holds: Any
    unknown: Any


class _Emitter:
    """Writes the instructions of a tape into a function of Numba's type `kind` that is being built."""

    def __init__(self, context: Any, builder: Any, kind: Any, arguments: Any) -> None:
        self._context, self.builder, self._kind = context, builder, kind
        self._x, *self._parameters = arguments
        self._type = self._x.type
        self._places: list[Any] = []
        self._tape = Tape(())

    def result(self, tape: Tape) -> Any:
        """The value of the tape, and not a number where x is not."""
        self._tape = tape
        for node in tape.nodes:
            self._places.append(self._emitted(node))
        value = self._number(len(tape.nodes) - 1)
        if passes_nan(tape):
            return value
        return self.builder.select(self.builder.fcmp_unordered("uno", self._x, self._x), self._x, value)

    def _emitted(self, node: Node) -> Any:
        if node.name == "x":
            return self._x
        if node.name == "number":
            return self.constant(node.value)
        if node.name == "parameter":
            return self._parameters[int(node.value)]
        if node.name in _COMPARED:
            return self._compared(_COMPARED[node.name], *node.parts)
        if node.name == "where":
            return self._where(*node.parts)
        if node.name in ("max", "min"):
            return self._extreme("ogt" if node.name == "max" else "olt", *node.parts)
        values = [self._number(part) for part in node.parts]
        if node.name in _INSTRUCTIONS:
            return _INSTRUCTIONS[node.name](self.builder, *values)
        return self._call(FUNCTIONS[node.name], values)

    def constant(self, value: float) -> Any:
        """A number in the type of x."""
        return ir.Constant(self._type, value)

    def _number(self, place: int) -> Any:
        value = self._places[place]
        if not isinstance(value, Condition):
            return value
        known = self.builder.select(value.holds, self.constant(1.0), self.constant(0.0))
        return self.builder.select(value.unknown, self.constant(float("nan")), known)

    def _compared(self, sign: str, a: int, b: int) -> Condition:
        left, right = self._number(a), self._number(b)
        return Condition(self.builder.fcmp_ordered(sign, left, right), self._unknown(a, b))

    def _unknown(self, *places: int) -> Any:
        """Whether one of two operations is not a number."""
        loose = [place for place in places if self._tape.nodes[place].name != "number"] or [places[0]]
        return self.builder.fcmp_unordered("uno", self._number(loose[0]), self._number(loose[-1]))

    def _where(self, condition: int, a: int, b: int) -> Any:
        choice = self._places[condition]
        if not isinstance(choice, Condition):
            unequal = self.builder.fcmp_ordered("!=", choice, self.constant(0.0))
            choice = Condition(unequal, self._unknown(condition))
        chosen = self.builder.select(choice.holds, self._number(a), self._number(b))
        return self.builder.select(choice.unknown, self.constant(float("nan")), chosen)

    def _extreme(self, sign: str, a: int, b: int) -> Any:
        """The larger or smaller of two numbers, not a number if one is not: an unordered comparison keeps the first."""
        if self._tape.nodes[a].name == "number":
            a, b = b, a
        left, right = self._number(a), self._number(b)
        if self._tape.nodes[b].name == "number":
            compare = self.builder.fcmp_unordered
            return self.builder.select(compare(">" if sign == "ogt" else "<", left, right), left, right)
        first = self.builder.fcmp_ordered(">" if sign == "ogt" else "<", left, right)
        first = self.builder.or_(first, self.builder.fcmp_unordered("uno", left, left))
        return self.builder.select(first, left, right)

    def _call(self, function: Any, values: list[Any]) -> Any:
        """Call a function of compiled code, of as many numbers of the type of x."""
        typing = self._context.typing_context
        kind = typing.resolve_value_type(function)
        signature = typing.resolve_function_type(kind, (self._kind,) * len(values), {})
        called = self._context.get_function(kind, signature)
        return self._context.cast(self.builder, called(self.builder, values), signature.return_type, self._kind)


_COMPARED = {">": ">", ">=": ">=", "<": "<", "<=": "<=", "==": "==", "!=": "!="}
_INSTRUCTIONS: dict[str, Callable[..., Any]] = {
    "negative": lambda builder, a: builder.fneg(a),
    "add": lambda builder, a, b: builder.fadd(a, b),
    "subtract": lambda builder, a, b: builder.fsub(a, b),
    "multiply": lambda builder, a, b: builder.fmul(a, b),
    "divide": lambda builder, a, b: builder.fdiv(a, b),
}
