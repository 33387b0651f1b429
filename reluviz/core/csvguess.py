"""What a CSV file is, guessed from its first lines: encoding, separator, decimal sign, header, kinds of columns."""

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from reluviz.core.contents import MOST_INPUTS, DataError, check_file, unreadable
from reluviz.core.param import one_line

SEPARATORS = {"semicolon": ";", "tab": "\t", "comma": ","}
DECIMALS = {"point": ".", "comma": ","}
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-"})
MOST_LINE = 1_000_000
HEAD_BYTES = 1 << 20
SHOWN_ROWS = 1000
# Of a wide table fewer rows are looked at: a preview must not make anybody wait.
SHOWN_CELLS = 25_000
FEWEST_ROWS = 20
TARGET_NAMES = frozenset({"target", "class", "label", "y", "species", "outcome", "output", "diagnosis"})
# A column of whole numbers with at most so many different ones is taken for classes.
FEW_VALUES = 20
_POINT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_COMMA = re.compile(r"[+-]?(\d+(,\d*)?|,\d+)([eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,9}", re.ASCII)
NUMBER = {"point": _POINT, "comma": _COMMA}


@dataclass(frozen=True, slots=True)
class Layout:
    """How the text of a table is written; separator and decimal are the keys of SEPARATORS and DECIMALS."""

    encoding: str
    separator: str
    decimal: str
    header: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One column as seen in the first rows: `kind` is number, text or empty; `whole` and `different` help to guess."""

    name: str
    kind: str
    whole: bool
    different: int
    missing: int


@dataclass(frozen=True, slots=True)
class Sketch:
    """What the first rows of a file show."""

    layout: Layout
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    size: int

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns."""
        return tuple(column.name for column in self.columns)


def sketch(path: Path, separator: str = "auto", decimal: str = "auto", header: str = "auto") -> Sketch:
    """Look at the first lines; what is not "auto" is taken as given. Raises DataError with one sentence."""
    size = check_file(path)
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise unreadable(path, error) from None
    encoding = guess_encoding(head, path.name)
    lines = _first_lines(_decode(head, encoding, size > len(head)), path.name, size > len(head))
    chosen = separator if separator != "auto" else _guess_separator(lines, path.name)
    rows = _rows(lines, chosen, path.name)
    if not rows:
        raise DataError(f"{path.name} has no rows: a table needs a header or numbers, one row a line")
    sign = decimal if decimal != "auto" else _guess_decimal(rows)
    named = header == "yes" if header != "auto" else _guess_header(rows, sign)
    width = len(rows[0]) if named else _usual_width(rows)
    names = unique_names(rows[0] if named else [], width)
    body = rows[1:] if named else rows
    columns = tuple(_column(name, [row[i] for row in body if i < len(row)], sign) for i, name in enumerate(names))
    return Sketch(Layout(encoding, chosen, sign, named), columns, tuple(tuple(row) for row in body), size)


def guess_encoding(head: bytes, name: str) -> str:
    """The encoding by its byte-order mark, UTF-8 if it fits, else Windows-1252; raises DataError for binary files."""
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    for mark, encoding in marks:
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        raise DataError(f"{name} is not a text file: a CSV file is text, one row a line")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def is_number(cell: str, decimal: str) -> bool:
    """Whether a trimmed cell is a number in the chosen notation."""
    return NUMBER[decimal].fullmatch(cell) is not None


def is_missing(cell: str) -> bool:
    """Whether a trimmed cell stands for nothing."""
    return cell.lower() in MISSING


def clean(text: str) -> str:
    """A text on one line: single spaces, no control characters."""
    return " ".join("".join(filter(one_line, word)) for word in text.split()).strip()


def unique_names(given: list[str], width: int) -> tuple[str, ...]:
    """A name for every column: those of the header, numbered where they are empty or repeat."""
    names: list[str] = []
    taken: set[str] = set()
    for i in range(width):
        wanted = clean(given[i])[:80].strip() if i < len(given) else ""
        wanted = wanted or f"column {i + 1}"
        name, count = wanted, 1
        while name in taken:
            count += 1
            name = f"{wanted} ({count})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def guess_target(columns: tuple[Column, ...]) -> str:
    """The target of a table: its one column of text, else its one column with a usual name, else the last one."""
    filled = [column for column in columns if column.kind != "empty"]
    texts = [column.name for column in filled if column.kind == "text"]
    named = [column.name for column in filled if column.name.casefold() in TARGET_NAMES]
    for found in (texts, named):
        if len(found) == 1:
            return found[0]
    return filled[-1].name if filled else columns[-1].name


def guess_answer(column: Column) -> str:
    """Whether a target means classes or values: "classes" or "number"."""
    few = column.whole and column.different <= FEW_VALUES
    return "classes" if column.kind == "text" or few else "number"


def _decode(head: bytes, encoding: str, cut: bool) -> str:
    if encoding == "cp1252":
        return head.decode("cp1252", errors="replace")
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head, not cut)
    except UnicodeDecodeError:
        return head.decode(encoding, errors="replace")


def _first_lines(text: str, name: str, cut: bool) -> list[str]:
    """The first lines, split as the reader splits them; the last one of a part of a file is not whole."""
    lines = list(islice(io.StringIO(text, newline=""), 2 * SHOWN_ROWS))
    if any(len(line) >= MOST_LINE for line in lines):
        raise line_too_long(name, next(i for i, line in enumerate(lines, 1) if len(line) >= MOST_LINE))
    return lines[:-1] if cut and 1 < len(lines) < 2 * SHOWN_ROWS else lines


def _rows(lines: list[str], separator: str, name: str) -> list[list[str]]:
    reader = csv.reader(lines, delimiter=SEPARATORS[separator], skipinitialspace=True)
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in reader:
            if len(row) > MOST_INPUTS + 1:
                raise too_wide(name, len(row))
            trimmed = [cell.strip() for cell in row]
            if any(trimmed):
                rows.append(trimmed)
                cells += len(row)
            if len(rows) > (SHOWN_ROWS if cells < SHOWN_CELLS else FEWEST_ROWS):
                break
    except csv.Error as error:
        raise csv_problem(name, reader.line_num, error) from None
    return rows


def too_wide(name: str, width: int) -> DataError:
    """The sentence for a row with too many cells."""
    return DataError(f"{name} has {width} columns: at most {MOST_INPUTS + 1} can be read")


def line_too_long(name: str, line: int) -> DataError:
    """The sentence for a line that no table has."""
    return DataError(f"{name}: line {line} has more than {MOST_LINE} characters, which no table needs")


def csv_problem(name: str, line: int, error: csv.Error) -> DataError:
    """The sentence for text that is no CSV."""
    if "field larger" in str(error):
        return DataError(f"{name}: line {line} has an open quote, or a cell of more than 131072 characters")
    return DataError(f"{name}: line {line} is not CSV: {error}")


def _guess_separator(lines: list[str], name: str) -> str:
    best, most = "", 0.0
    problem: DataError | None = None
    for key in SEPARATORS:
        try:
            rows = _rows(lines[:200], key, name)
        except DataError as error:
            problem = problem or error
            continue
        widths = [len(row) for row in rows]
        if not widths or max(widths) < 2:
            continue
        usual = _usual_width(rows)
        if usual < 2:
            continue
        cells = [cell for row in rows for cell in row if not is_missing(cell)]
        marks = (NUMBER["point"], NUMBER["comma"] if key != "comma" else NUMBER["point"])
        numbers = max(sum(mark.fullmatch(cell) is not None for cell in cells) for mark in marks)
        score = widths.count(usual) / len(widths) * (0.05 + numbers / max(1, len(cells)))
        if score > most:
            best, most = key, score
    if not best:
        raise problem or DataError(
            f"{name} has one column only, or rows of different lengths: its cells must be separated by comma, "
            "semicolon or tab"
        )
    return best


def _usual_width(rows: list[list[str]]) -> int:
    counts = Counter(map(len, rows))
    return max(counts, key=lambda width: (counts[width], width))


def _guess_decimal(rows: list[list[str]]) -> str:
    cells = [cell for row in rows for cell in row]
    commas = sum("," in cell and _COMMA.fullmatch(cell) is not None for cell in cells)
    points = sum("." in cell and _POINT.fullmatch(cell) is not None for cell in cells)
    return "comma" if commas > points else "point"


def _guess_header(rows: list[list[str]], decimal: str) -> bool:
    first, rest = rows[0], rows[1:]
    if any(is_number(cell, decimal) for cell in first):
        return False
    if any(is_number(cell, decimal) for row in rest[:50] for cell in row):
        return True
    return len(set(first)) == len(first) and not any(is_missing(cell) for cell in first)


def _column(name: str, cells: list[str], decimal: str) -> Column:
    present = [cell for cell in cells if not is_missing(cell)]
    numbers = [cell for cell in present if is_number(cell, decimal)]
    if not present:
        kind = "empty"
    else:
        # A stray word among numbers is a cell to complain about, not a column of text.
        kind = "number" if len(numbers) >= 0.8 * len(present) else "text"
    whole = kind == "number" and all(map(_WHOLE.fullmatch, numbers))
    return Column(name, kind, bool(whole), len(set(present)), len(cells) - len(present))
