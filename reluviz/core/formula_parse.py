"""A typed formula into a tape: a whitelist over Python's syntax tree, which is read and never run.

Length, depth and the number of operations are bounded, and every number is a float64 at once, so that 9**9**9 costs
nothing.
"""

import ast
import math
from typing import NoReturn

from reluviz.core.formula_tape import COMPARISONS, FUNCTIONS, Tape, Writer
from reluviz.core.formula_words import FormulaError, words

MOST_NODES = 200
MOST_DEPTH = 40
# The kernel reads four parameters.
MOST_PARAMETERS = 4
NUMBERS = {"pi": math.pi, "e": math.e}
_NOT_NAMES = {"inf": "a number", "infinity": "a number", "nan": "a number", "X": "the input, which is x"}
_BINARY = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
}
_COMPARE = dict(zip((ast.Gt, ast.GtE, ast.Lt, ast.LtE, ast.Eq, ast.NotEq), COMPARISONS, strict=True))


def parse(text: str) -> Tape:
    """The tape of a formula, with everything that was typed; raises FormulaError with the place and what is allowed."""
    words(text)
    shift = len(text) - len(text.lstrip(" "))
    try:
        tree = ast.parse(text.strip(" "), mode="eval")
    except SyntaxError as error:
        # Where the text ends too early, Python gives no place.
        column = min((error.offset or len(text)) + shift, len(text))
        raise FormulaError("it is not a complete formula: a number, a name or a sign is missing", column) from None
    except (ValueError, RecursionError, MemoryError):
        raise FormulaError("it is nested too deeply") from None
    return _Reader(shift).read(tree.body)


class _Reader:
    def __init__(self, shift: int) -> None:
        self._shift = shift + 1
        self._writer = Writer()
        self._names: list[str] = []
        self._count = 0

    def read(self, tree: ast.expr) -> Tape:
        result = self._expression(tree, 1)
        return self._writer.tape(result, tuple(self._names))

    def _expression(self, node: ast.expr, depth: int) -> int:
        self._count += 1
        if self._count > MOST_NODES:
            raise FormulaError(f"it has too many operations: at most {MOST_NODES} are allowed")
        if depth > MOST_DEPTH:
            raise FormulaError(f"it is nested too deeply: at most {MOST_DEPTH} operations lie within each other")
        match node:
            case ast.Constant():
                return self._number(node)
            case ast.Name():
                return self._name(node)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return self._writer.add("negative", self._expression(inner, depth + 1))
            case ast.UnaryOp(op=ast.UAdd(), operand=inner):
                return self._expression(inner, depth + 1)
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _BINARY:
                a, b = self._expression(left, depth + 1), self._expression(right, depth + 1)
                return self._writer.add(_BINARY[type(op)], a, b)
            case ast.Compare():
                return self._comparison(node, depth)
            case ast.Call():
                return self._call(node, depth)
        self._refuse("this is not allowed: a formula has numbers, names, + - * / **, comparisons and functions", node)

    def _number(self, node: ast.Constant) -> int:
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            self._refuse("only numbers are allowed here", node)
        try:
            value = float(node.value)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            self._refuse("the number is too large: at most 1.7e308", node)
        return self._writer.number(value)

    def _name(self, node: ast.Name) -> int:
        name = node.id
        if name == "x" or name in NUMBERS:
            return self._writer.add(name)
        if name in FUNCTIONS:
            self._refuse(f"{name} is a function: its argument is missing, as in {name}(x)", node)
        if name in _NOT_NAMES:
            self._refuse(f"{name} cannot be the name of a parameter: it looks like {_NOT_NAMES[name]}", node)
        if name not in self._names:
            if len(self._names) == MOST_PARAMETERS:
                known = ", ".join(self._names)
                self._refuse(f"{name} is one parameter too many: beside x, pi and e there are {known}", node)
            self._names.append(name)
        return self._writer.add("parameter", value=float(self._names.index(name)))

    def _comparison(self, node: ast.Compare, depth: int) -> int:
        if len(node.ops) != 1:
            self._refuse("comparisons come in pairs: write (0 < x)*(x < 1) for 0 < x < 1", node)
        a, b = self._expression(node.left, depth + 1), self._expression(node.comparators[0], depth + 1)
        return self._writer.add(_COMPARE[type(node.ops[0])], a, b)

    def _call(self, node: ast.Call, depth: int) -> int:
        if not isinstance(node.func, ast.Name):
            self._refuse("only functions can be called: a product is written with *", node)
        name = node.func.id
        if name not in FUNCTIONS:
            hint = ": a product is written with *" if name == "x" or name in NUMBERS else ""
            self._refuse(f"{name} is not a function{hint or ': allowed are ' + ', '.join(FUNCTIONS)}", node)
        if node.keywords or len(node.args) != FUNCTIONS[name]:
            self._refuse(f"{name} takes {_counted(FUNCTIONS[name])}", node)
        return self._writer.add(name, *[self._expression(one, depth + 1) for one in node.args])

    def _refuse(self, sentence: str, node: ast.expr) -> NoReturn:
        raise FormulaError(sentence, node.col_offset + self._shift)


def _counted(number: int) -> str:
    return "1 argument" if number == 1 else f"{number} arguments"
