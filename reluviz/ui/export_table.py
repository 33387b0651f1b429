"""The numbers of a view as text: comma-separated for files, tab-separated for a spreadsheet's paste."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from reluviz.ui.export import ExportError
from reluviz.ui.views.base import View
from reluviz.ui.views.table import Table

# As many as a spreadsheet holds, less the names.
MOST_ROWS = 1_048_575


def csv_text(view: View) -> str:
    """The plotted numbers of a view; raises ExportError with one sentence."""
    return _text(checked_table(view), "excel", "\n")


def tab_text(view: View) -> str:
    """The same for the clipboard; raises ExportError with one sentence."""
    return _text(checked_table(view), "excel-tab", "\n")


def checked_table(view: View) -> Table:
    """The view's table; raises ExportError if it is empty or does not fit."""
    if view.snapshot is None:
        raise ExportError(f"{view.title} has nothing to show yet")
    table = view.table()
    if table.rows > MOST_ROWS:
        raise ExportError(
            f"the table of {view.title} has {table.rows} rows, and {MOST_ROWS} are allowed:"
            " show one run only, or use a smaller network"
        )
    return table


def lines(table: Table, most: int) -> list[list[str]]:
    """The names and the first rows, for a look at them."""
    columns = [cells(column[:most]) for column in table.columns]
    return [list(table.names), *(list(row) for row in zip(*columns, strict=True))]


def cells(column: Sequence[Any] | np.ndarray[Any, Any]) -> list[str]:
    """Nine digits bring a float32 back bit for bit; words stay words; None is empty."""
    values = column.tolist() if isinstance(column, np.ndarray) else column
    return [_cell(value) for value in values]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (float, np.floating)):
        return f"{value:.9g}"
    return str(value)


def _text(table: Table, dialect: str, end: str) -> str:
    file = io.StringIO()
    writer = csv.writer(file, dialect, lineterminator=end)
    writer.writerow(table.names)
    writer.writerows(zip(*(cells(column) for column in table.columns), strict=True))
    return file.getvalue()
