"""Reading a CSV table whose layout is known: in small pieces, every cell checked."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from reluviz.core.answers import LONGEST_CLASS, check_numbers, ordered, settled_answer, too_many_classes
from reluviz.core.contents import (
    HASHING,
    LARGEST,
    MOST_CLASSES,
    Contents,
    DataError,
    check_shape,
    shown,
    unreadable,
)
from reluviz.core.csvguess import (
    DECIMALS,
    MOST_LINE,
    SEPARATORS,
    Layout,
    clean,
    csv_problem,
    is_number,
    line_too_long,
)
from reluviz.core.ticket import Ticket

Array = np.ndarray[Any, np.dtype[Any]]
# So many cells are parsed between two reports: well below a millisecond.
PIECE_CELLS = 1500
PIECE_LETTERS = 8_000_000
# Nothing else in a cell, and float() accepts neither nan, inf, 1_000 nor digits of other scripts.
PLAIN = {"point": b"0123456789+-.eE \n", "comma": b"0123456789+-,eE \n"}
# These stand for nothing where classes are expected; more words do among numbers, where no word is allowed.
NO_CLASS = frozenset({"", "na", "n/a", "nan", "null", "?"})
GATHERED = 64


@dataclass(slots=True)
class Plan:
    """What to take from a table: the columns' names, the places of the inputs and of the target."""

    name: str
    layout: Layout
    names: tuple[str, ...]
    inputs: tuple[int, ...]
    target: int
    classes: bool
    drop: bool


def read_csv(path: Path, plan: Plan, answer: str, ticket: Ticket) -> tuple[str, Contents]:
    """Read the whole table: the settled answer and the contents; raises DataError with line and column."""
    table = _Table(plan)
    try:
        with path.open("rb") as file:
            size = max(1, path.stat().st_size)
            for rows, line, lines in _pieces(file, plan):
                table.take(rows, line, lines)
                ticket.report(HASHING + (1.0 - HASHING) * min(1.0, file.tell() / size))
    except OSError as error:
        raise unreadable(path, error) from None
    return table.finish(answer)


def _pieces(file: Any, plan: Plan) -> Iterator[tuple[list[list[str]], int, int]]:
    """Rows in small pieces, with the number of lines before and after each."""
    errors = "replace" if plan.layout.encoding == "cp1252" else "strict"
    text = io.TextIOWrapper(file, encoding=plan.layout.encoding, errors=errors, newline="")
    lines = _Lines(text, plan.name)
    reader = csv.reader(iter(lines), delimiter=SEPARATORS[plan.layout.separator], skipinitialspace=True)
    count = max(1, PIECE_CELLS // len(plan.names))
    started = not plan.layout.header
    try:
        while True:
            before = reader.line_num
            rows = list(islice(reader, count if started else 1))
            if not rows:
                break
            lines.left = PIECE_LETTERS
            if started:
                yield rows, before, reader.line_num
            else:
                started = any(cell.strip() for cell in rows[0])
    except csv.Error as error:
        raise csv_problem(plan.name, reader.line_num + 1, error) from None
    except UnicodeError:
        raise DataError(
            f"{plan.name}: near line {reader.line_num + 1} the text is not {plan.layout.encoding.upper()}: "
            "save the table as UTF-8"
        ) from None
    finally:
        text.detach()


class _Lines:
    """The lines of a text; refuses what would fill the memory before a row is complete."""

    def __init__(self, text: io.TextIOWrapper, name: str) -> None:
        self._text = text
        self._name = name
        self.left = PIECE_LETTERS

    def __iter__(self) -> Iterator[str]:
        count, read = 0, self._text.readline
        while line := read(MOST_LINE):
            count += 1
            self.left -= len(line)
            if len(line) >= MOST_LINE or self.left < 0:
                raise line_too_long(self._name, count)
            yield line


@dataclass(slots=True)
class _Table:
    """What has been read so far."""

    plan: Plan
    blocks: list[Array] = field(default_factory=list)
    loose: list[Array] = field(default_factory=list)
    places: list[Array] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    dropped: int = 0
    numbers: tuple[int, ...] = field(init=False)
    getter: Any = field(init=False)

    def __post_init__(self) -> None:
        plan = self.plan
        self.numbers = plan.inputs if plan.classes else (*plan.inputs, plan.target)
        self.getter = itemgetter(*self.numbers) if len(self.numbers) > 1 else None

    def take(self, rows: list[list[str]], line: int, end: int) -> None:
        """Add a piece that follows line `line` and ends with line `end`; raises DataError."""
        values = self._quick(rows)
        if values is None or not self._take_classes(rows):
            rows = self._sifted(rows, line, end - line == len(rows))
            if not rows:
                return
            values = self._numbers(rows)
            self._take_classes(rows)
        self.rows += len(rows)
        self.loose.append(values)
        if len(self.loose) >= GATHERED:
            self._gather()

    def finish(self, answer: str) -> tuple[str, Contents]:
        """The whole table; raises DataError where it is too small or the target does not fit the answer."""
        plan = self.plan
        self._gather()
        check_shape(plan.name, self.rows, len(plan.inputs))
        values = np.concatenate(self.blocks)
        self.blocks.clear()
        target = plan.names[plan.target]
        input_names = tuple(plan.names[place] for place in plan.inputs)
        if not plan.classes:
            y = values[:, -1].copy()
            check_numbers(target, y)
            return "number", Contents(values[:, :-1], y, input_names, target, dropped=self.dropped)
        final, table = ordered(self.classes, DECIMALS[plan.layout.decimal])
        answer = settled_answer(answer, target, final)
        y = table[np.concatenate(self.places)]
        return answer, Contents(values, y, input_names, target, final, dropped=self.dropped)

    def _gather(self) -> None:
        if self.loose:
            self.blocks.append(np.concatenate(self.loose))
            self.loose.clear()
            check_shape(self.plan.name, max(self.rows, 4), len(self.plan.inputs))

    def _quick(self, rows: list[list[str]]) -> Array | None:
        """The numbers of a piece in which every cell is plain, (rows, numbers); None where one is not."""
        widths = set(map(len, rows))
        if widths != {len(self.plan.names)}:
            return None
        return self._numbers(rows, strict=False)

    def _numbers(self, rows: list[list[str]], strict: bool = True) -> Any:
        if self.getter is None:
            cells = [row[self.numbers[0]] for row in rows]
        else:
            cells = list(chain.from_iterable(map(self.getter, rows)))
        text = "\n".join(cells)
        if text.encode("utf-8", "replace").translate(None, PLAIN[self.plan.layout.decimal]):
            assert not strict, "a sifted cell is no number"
            return None
        if self.plan.layout.decimal == "comma":
            cells = text.replace(",", ".").split("\n")
        try:
            values = np.fromiter(map(float, cells), np.float64, len(rows) * len(self.numbers))
        except ValueError:
            return None
        # Written so that nan fails too; the slow way finds the cell.
        if len(cells) != len(values) or not np.abs(values).max() <= LARGEST:
            return None
        return values.reshape(len(rows), -1)

    def _take_classes(self, rows: list[list[str]]) -> bool:
        """Note the classes of a piece; False, and nothing noted, where a cell has none."""
        if not self.plan.classes:
            return True
        place, codes = self.plan.target, self.codes
        cells = [row[place] for row in rows]
        # In the order of the rows: which way of writing a number comes first must not depend on a hash.
        for cell in dict.fromkeys(cells):
            if cell in codes:
                continue
            name = clean(cell)
            if name.lower() in NO_CLASS or len(name) > LONGEST_CLASS:
                return False
            codes[cell] = self.classes.setdefault(name, len(self.classes))
            if len(self.classes) > MOST_CLASSES:
                raise too_many_classes(self.plan.names[place])
        self.places.append(np.array([codes[cell] for cell in cells], np.int64))
        return True

    def _sifted(self, rows: list[list[str]], line: int, one_each: bool) -> list[list[str]]:
        """The usable rows, their cells trimmed; raises DataError for the first bad cell unless rows may be dropped."""
        kept = []
        for row in rows:
            first = line + 1
            line += 1 if one_each else 1 + sum(_breaks(cell) for cell in row)
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            problem = self._problem(cells)
            if not problem:
                kept.append(cells)
            elif self.plan.drop:
                self.dropped += 1
            else:
                raise DataError(f"{self.plan.name}: line {first}{problem}")
        return kept

    def _problem(self, cells: list[str]) -> str:
        """What is wrong with a row, in words that follow its line; "" if nothing."""
        plan, width = self.plan, len(self.plan.names)
        if any(cells[width:]):
            return f" has {len(cells)} cells: the table has {width} columns"
        cells += [""] * (width - len(cells))
        for place in self.numbers:
            cell = cells[place]
            if not is_number(cell, plan.layout.decimal):
                what = f"{shown(cell)} is not a number" if cell else "the cell is empty"
                return f", column {shown(plan.names[place])}: {what}; correct it, or leave such rows out"
            if not abs(float(cell.replace(",", "."))) <= LARGEST:
                return (
                    f", column {shown(plan.names[place])}: {shown(cell)} is too large: at most {LARGEST:g} is allowed"
                )
        if plan.classes and clean(cells[plan.target]).lower() in NO_CLASS:
            return f", column {shown(plan.names[plan.target])}: the class is missing; fill it in, or leave the row out"
        if plan.classes and len(clean(cells[plan.target])) > LONGEST_CLASS:
            return f", column {shown(plan.names[plan.target])}: a class has at most {LONGEST_CLASS} characters"
        return ""


def _breaks(cell: str) -> int:
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")
