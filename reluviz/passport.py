"""The passports of activations on the command line: `reluviz passport [FILE] [--csv | --json] [--cost]`."""

import csv
import io
import json
import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from reluviz.core.activations import ACTIVATIONS, Activation
from reluviz.core.passport import Passport, columns
from reluviz.core.passport_rows import labelled, used
from reluviz.core.settings import Settings

Form = Literal["text", "csv", "json"]
Cost = Callable[[Activation], float]


def main(file: Path | None = None, form: Form = "text", cost: Cost | None = None) -> int:
    """Print the table: of every activation, or of those that the runs of a session file use; the exit code is 0.

    cost measures nanoseconds per element of f and f′; without it the column is empty. Raises SessionError for a file
    that is no session.
    """
    activations = used(Settings.from_file(file)) if file else [kind() for kind in ACTIVATIONS.values()]
    rows = [labelled(one) for one in activations]
    if cost is not None:
        rows = [row.with_cost(cost(one)) for row, one in zip(rows, activations, strict=True)]
    sys.stdout.write(write(rows, form))
    return 0


def measured(activation: Activation) -> float:
    """The cost of an activation; the first call loads the engine, which takes a minute the first time on a machine."""
    from reluviz.core import kernels  # noqa: PLC0415  (without costs nobody waits for Numba)
    from reluviz.engine.cost import nanoseconds  # noqa: PLC0415

    kernels.load("float32")
    return nanoseconds(activation)


def write(rows: Iterable[Passport], form: Form = "text") -> str:
    """The table as text in columns, as CSV with all digits, or as JSON with the explanation of every column."""
    given = list(rows)
    return {"text": _text, "csv": _csv, "json": _json}[form](given)


def _text(rows: list[Passport]) -> str:
    shown = [column for column in columns() if column.key != "key"]
    table = [[column.title for column in shown], [column.unit for column in shown]]
    table += [[column.show(getattr(row, column.key)) for column in shown] for row in rows]
    widths = [max(len(line[place]) for line in table) for place in range(len(shown))]
    return "".join(
        "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() + "\n" for line in table
    )


def _csv(rows: list[Passport]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.key for column in columns()])
    for row in rows:
        values = [_plain(getattr(row, column.key)) for column in columns()]
        writer.writerow(["" if value is None else value for value in values])
    return stream.getvalue()


def _json(rows: list[Passport]) -> str:
    explained = [{"key": c.key, "title": c.title, "unit": c.unit, "help": c.help} for c in columns()]
    table = [{column.key: _plain(getattr(row, column.key)) for column in columns()} for row in rows]
    return (
        json.dumps({"columns": explained, "activations": table}, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    )


def _plain(value: object) -> object:
    """A value that JSON has too: None for what does not exist, "inf" and "-inf" as words."""
    if isinstance(value, float) and not isinstance(value, bool):
        return None if math.isnan(value) else value if math.isfinite(value) else str(value)
    return value
