"""The activation that a person types: a formula in x with up to four parameters of its own.

The text is read by a whitelist (formula_parse.py) and never run as Python. From the tape come f, the exact f′, the
formula as text, its kinks, and the compiled twin (kernel_formula.py).
"""

from functools import lru_cache
from typing import Annotated, ClassVar, NamedTuple

import msgspec

from reluviz.core.activation_base import Activation, Array
from reluviz.core.formula_core import core
from reluviz.core.formula_kinks import kinks
from reluviz.core.formula_parse import parse
from reluviz.core.formula_slope import slope_tape
from reluviz.core.formula_tape import Tape
from reluviz.core.formula_text import text_of
from reluviz.core.formula_values import evaluate
from reluviz.core.formula_words import LONGEST_NAME, MOST_LETTERS, FormulaError
from reluviz.core.param import Described, Number, Text, shown

__all__ = ["Constant", "Formula", "FormulaError", "Reading", "Tape", "read"]
MOST_CAPTION = 24
LARGEST = 1e6
_LIMIT = "What the slider of this parameter reaches."


class Reading(NamedTuple):
    """What a typed text means: the tape to compute with, the text to show, the parameters' names."""

    tape: Tape
    text: str
    names: tuple[str, ...]


@lru_cache(256)
def read(expression: str) -> Reading:
    """Read a formula; raises FormulaError with the place and what is allowed.

    A parameter that drops out of the result, as b in 0*x + b**0, keeps its name.
    """
    typed = parse(expression)
    return Reading(core(typed), f"f(x) = {text_of(typed)}", typed.names)


class Constant(Described, frozen=True):
    """A parameter of a typed formula: its name, its value and the ends of its slider."""

    name: Annotated[str, Text("Name", LONGEST_NAME, "The name in the formula.")]
    value: Annotated[float, Number("Value", -LARGEST, LARGEST, "What the formula computes with.")] = 1.0
    low: Annotated[float, Number("Lowest", -LARGEST, LARGEST, _LIMIT)] = -5.0
    high: Annotated[float, Number("Highest", -LARGEST, LARGEST, _LIMIT)] = 5.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.low < self.high:
            raise ValueError(f"high = {self.high!r} is not allowed: it must be more than low = {self.low!r}")
        if not self.low <= self.value <= self.high:
            raise ValueError(
                f"value = {self.value!r} is not allowed: it must lie from low = {self.low!r} to high = {self.high!r}"
            )


class Formula(Activation, frozen=True, tag="formula"):
    """A function of your own: type it in x; every other name in it becomes a parameter with a slider."""

    key: ClassVar[str] = "formula"
    title: ClassVar[str] = "Typed formula"
    formula: ClassVar[str] = "f(x) = your own"
    expression: Annotated[
        str, Text("f(x)", MOST_LETTERS, "A formula in x, such as max(0.1*x, x) or where(x > 0, x, a*expm1(x)).")
    ] = "max(0.1*x, x)"
    constants: tuple[Constant, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            names = read(self.expression).names
        except FormulaError as error:
            raise ValueError(f"expression = {shown(self.expression)} is not allowed: {error}") from None
        given = {constant.name: constant for constant in self.constants}
        for constant in self.constants:
            if constant.name not in names:
                known = ", ".join(names) or "none"
                raise ValueError(f"constants: {constant.name!r} is not a parameter of the formula, which has {known}")
        if len(given) < len(self.constants):
            raise ValueError("constants: two of them have the same name")
        # Always complete and in the order of the formula, so that equal functions are equal values.
        complete = tuple(given.get(name) or Constant(name) for name in names)
        msgspec.structs.force_setattr(self, "constants", complete)

    def retyped(self, expression: str) -> "Formula":
        """Another formula that keeps the parameters which it shares with this one.

        Raises ValueError with one sentence for a text that is not a formula.
        """
        try:
            names = read(expression).names
        except FormulaError:
            names = ()
        kept = tuple(constant for constant in self.constants if constant.name in names)
        return Formula(expression, kept)

    def with_value(self, name: str, value: float) -> "Formula":
        """The same formula with another value of one parameter, as a slider gives it."""
        changed = (c.evolve(value=value) if c.name == name else c for c in self.constants)
        return self.evolve(constants=tuple(changed))

    def _f(self, x: Array) -> Array:
        return self.at(x, self.values())

    def _df(self, x: Array) -> Array:
        return self.slope_at(x, self.values())

    def at(self, x: Array, values: tuple[float, ...]) -> Array:
        """f(x) with other values of the parameters; x and result float64."""
        return evaluate(self.tape, x, values)

    def slope_at(self, x: Array, values: tuple[float, ...]) -> Array:
        """f′(x) with other values of the parameters; x and result float64."""
        return evaluate(slope_tape(self.tape), x, values)

    def kinks_at(self, values: tuple[float, ...]) -> tuple[float, ...]:
        """The kinks with other values of the parameters, on [-1000, 1000]."""
        return kinks(self.tape, values)

    def values(self) -> tuple[float, ...]:
        """The parameters in the order of their appearance, at most four."""
        return tuple(float(constant.value) for constant in self.constants)

    @property
    def tape(self) -> Tape:
        """The formula as operations, for NumPy and for the compiler."""
        return read(self.expression).tape

    @property
    def shown(self) -> str:
        """The formula as a person reads it."""
        return read(self.expression).text

    @property
    def caption(self) -> str:
        """The expression, shortened."""
        text = " ".join(self.expression.split())
        return text if len(text) <= MOST_CAPTION else text[: MOST_CAPTION - 1] + "…"

    @property
    def kinks(self) -> tuple[float, ...]:  # type: ignore[override]
        """Where f or f′ jumps for the present parameters, on [-1000, 1000]."""
        return self.kinks_at(self.values())
