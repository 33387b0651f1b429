"""How a tunable is described once: range, unit and help ride on the field itself."""

import math
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Self, get_args, get_origin, get_type_hints
from unicodedata import category

import msgspec

LONGEST_NAME = 120
# Control characters, halves of characters, and what begins a new line.
NO_LETTERS = frozenset({"Cc", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Number:
    """A real number in [low, high]; `log` asks for a logarithmic slider."""

    title: str
    low: float
    high: float
    help: str
    log: bool = False
    decimals: int = 4
    unit: str = ""
    optional: bool = False

    @property
    def allowed(self) -> str:
        """The allowed values in words."""
        return f"a number from {self.low:g} to {self.high:g}"

    def accepts(self, value: object) -> bool:
        """Whether the value may be stored in the field."""
        real = isinstance(value, (int, float)) and not isinstance(value, bool)
        return real and math.isfinite(float(value)) and self.low <= float(value) <= self.high  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number in [low, high]."""

    title: str
    low: int
    high: int
    help: str
    log: bool = False
    unit: str = ""
    optional: bool = False

    @property
    def allowed(self) -> str:
        """The allowed values in words."""
        return f"a whole number from {self.low} to {self.high}"

    def accepts(self, value: object) -> bool:
        """Whether the value may be stored in the field."""
        return isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    title: str
    options: tuple[str, ...]
    help: str
    labels: tuple[str, ...] = ()
    optional: bool = False

    @property
    def allowed(self) -> str:
        """The allowed values in words."""
        return "one of " + ", ".join(self.options)

    def accepts(self, value: object) -> bool:
        """Whether the value may be stored in the field."""
        return value in self.options


@dataclass(frozen=True, slots=True)
class Toggle:
    """Yes or no."""

    title: str
    help: str
    optional: bool = False

    @property
    def allowed(self) -> str:
        """The allowed values in words."""
        return "true or false"

    def accepts(self, value: object) -> bool:
        """Whether the value may be stored in the field."""
        return isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Widths:
    """A row of layer widths."""

    title: str
    low: int
    high: int
    most: int
    help: str
    optional: bool = False

    @property
    def allowed(self) -> str:
        """The allowed values in words."""
        return f"1 to {self.most} whole numbers, each from {self.low} to {self.high}"

    def accepts(self, value: object) -> bool:
        """Whether the value may be stored in the field."""
        if not isinstance(value, (tuple, list)) or not 1 <= len(value) <= self.most:
            return False
        return all(isinstance(v, int) and not isinstance(v, bool) and self.low <= v <= self.high for v in value)


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text, such as a path or the name of a column."""

    title: str
    most: int
    help: str
    optional: bool = False

    @property
    def allowed(self) -> str:
        """The allowed values in words."""
        return f"a text of one line and at most {self.most} characters"

    def accepts(self, value: object) -> bool:
        """Whether the value may be stored in the field."""
        return isinstance(value, str) and len(value) <= self.most and one_line(value)


@dataclass(frozen=True, slots=True)
class Names:
    """A row of different names."""

    title: str
    most: int
    help: str
    optional: bool = False

    @property
    def allowed(self) -> str:
        """The allowed values in words."""
        return f"at most {self.most} different names, each a text of one line and at most {LONGEST_NAME} characters"

    def accepts(self, value: object) -> bool:
        """Whether the value may be stored in the field."""
        if not isinstance(value, (tuple, list)) or len(value) > self.most:
            return False
        fine = all(isinstance(v, str) and 0 < len(v) <= LONGEST_NAME and one_line(v) for v in value)
        return fine and len(set(value)) == len(value)


def one_line(text: str) -> bool:
    """Whether a text can be shown on one line and stored as UTF-8."""
    return not any(category(letter) in NO_LETTERS for letter in text)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a table (an activation, a data set) with its own parameters."""

    title: str
    kind: str
    help: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Entries:
    """A row of entries of a table, at most `most`."""

    title: str
    kind: str
    most: int
    help: str
    optional: bool = False

    @property
    def allowed(self) -> str:
        """The allowed values in words."""
        return f"a list of at most {self.most} entries"

    def accepts(self, value: object) -> bool:
        """Whether the value may be stored in the field."""
        return isinstance(value, (tuple, list)) and len(value) <= self.most


Kind = Number | Integer | Choice | Toggle | Widths | Text | Names | Entry | Entries


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field that the window can edit and a file can store."""

    name: str
    kind: Kind
    default: Any


class Described(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value whose fields carry their own description; refuses what lies outside it.

    Raises ValueError with one sentence: the key, the value and what is allowed.
    """

    def __post_init__(self) -> None:
        for parameter in parameters(type(self)):
            value = getattr(self, parameter.name)
            if value is None and parameter.kind.optional:
                continue
            if not isinstance(parameter.kind, Entry) and not parameter.kind.accepts(value):
                raise ValueError(refusal(parameter.name, value, parameter.kind.allowed))

    def evolve(self, **changes: Any) -> Self:
        """The same value with some fields exchanged, checked again."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        return type(self)(**(fields | changes))


def refusal(key: str, value: object, allowed: str) -> str:
    """The one sentence for a wrong value."""
    return f"{key} = {shown(value)} is not allowed: it must be {allowed}"


def shown(value: object) -> str:
    """A value for a sentence, not too long."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


@cache
def parameters(owner: type[msgspec.Struct]) -> tuple[Parameter, ...]:
    """The described fields of a class, in the order of their declaration."""
    hints = get_type_hints(owner, include_extras=True)
    found = []
    for item in msgspec.structs.fields(owner):
        kind = _kind(hints[item.name])
        if kind is not None:
            found.append(Parameter(item.name, kind, item.default))
    return tuple(found)


def _kind(hint: Any) -> Kind | None:
    if get_origin(hint) is Annotated:
        return next((extra for extra in get_args(hint)[1:] if isinstance(extra, Kind)), None)
    return None
