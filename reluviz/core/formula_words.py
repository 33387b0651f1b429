"""Letters of a typed formula into words and signs: what is no word of the language is refused before Python reads it.

Python's own reader warns about `1if`, knows strings, brackets and keywords, and accepts letters of all alphabets; none
of that reaches it.
"""

import keyword
import re
from itertools import pairwise
from typing import NamedTuple

MOST_LETTERS = 500
MOST_BRACKETS = 40
LONGEST_NAME = 20
_WORD = re.compile(
    r"(?P<space> +)"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*/(),<>])"
)
_INSTEAD = {
    "^": "a power is written **",
    "−": "a minus is written -",
    "–": "a minus is written -",
    "×": "a product is written *",
    "·": "a product is written *",
    "÷": "a quotient is written /",
    "²": "a square is written **2",
    "³": "a cube is written **3",
    "√": "a square root is written sqrt(x)",
    "≤": "it is written <=",
    "≥": "it is written >=",
    "≠": "it is written !=",
    "=": "a comparison is written ==",
    "|": "an absolute value is written abs(x)",
    "[": "brackets are round",
    "{": "brackets are round",
}


class FormulaError(ValueError):
    """A formula that cannot be used; its text is one clause for the person. `column` counts from 1, 0 means nowhere."""

    def __init__(self, sentence: str, column: int = 0) -> None:
        super().__init__(f"at column {column}, {sentence}" if column else sentence)
        self.column = column


class Word(NamedTuple):
    """A piece of the text and the column where it starts, counted from 1."""

    kind: str
    text: str
    column: int


def words(text: str) -> list[Word]:
    """The words of a formula without its spaces; raises FormulaError."""
    if not isinstance(text, str) or not text[: MOST_LETTERS + 1].strip(" "):
        raise FormulaError("it is empty: type a formula in x, such as max(0, x)")
    if len(text) > MOST_LETTERS:
        raise FormulaError(f"it has {len(text)} letters: at most {MOST_LETTERS} are allowed")
    found, place = [], 0
    while place < len(text):
        match = _WORD.match(text, place)
        if match is None:
            raise FormulaError(_stranger(text[place]), place + 1)
        if match.lastgroup != "space":
            found.append(Word(str(match.lastgroup), match.group(), place + 1))
        place = match.end()
    _check_names(found)
    _check_neighbours(found)
    _check_brackets(found)
    return found


def _stranger(letter: str) -> str:
    if letter in _INSTEAD:
        return f"{letter} is not allowed: {_INSTEAD[letter]}"
    shown = letter if letter.isprintable() else f"the character U+{ord(letter):04X}"
    return f"{shown} is not allowed: a formula has letters from a to z, numbers, and + - * / ** ( ) , < <= > >= == !="


def _check_names(found: list[Word]) -> None:
    for word in found:
        if word.kind == "name" and len(word.text) > LONGEST_NAME:
            raise FormulaError(f"a name has {len(word.text)} letters: at most {LONGEST_NAME}", word.column)
        if word.kind == "name" and keyword.iskeyword(word.text):
            raise FormulaError(f"{word.text} is not allowed: it is a word of Python", word.column)


def _check_neighbours(found: list[Word]) -> None:
    for word, after in pairwise(found):
        if after.kind in ("name", "number") and (word.kind in ("name", "number") or word.text == ")"):
            text = after.text if len(after.text) <= LONGEST_NAME else after.text[: LONGEST_NAME - 1] + "…"
            raise FormulaError(f"a sign is missing before {text}: a product is written with *", after.column)


def _check_brackets(found: list[Word]) -> None:
    opened = []
    for word in found:
        if word.text == "(":
            opened.append(word.column)
        elif word.text == ")":
            if not opened:
                raise FormulaError("a bracket closes that was never opened", word.column)
            opened.pop()
        if len(opened) > MOST_BRACKETS:
            raise FormulaError(f"brackets are nested too deeply: at most {MOST_BRACKETS}", word.column)
    if opened:
        raise FormulaError("a bracket is not closed", opened[-1])
