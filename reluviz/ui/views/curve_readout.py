"""What the view of pre-activations says in words and numbers: under the cursor, and as a table."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from reluviz.core.labels import activation_label
from reluviz.ui.views.base import number, swatch
from reluviz.ui.views.curve_column import Column, Group, shares
from reluviz.ui.views.shares import PARTS, in_words
from reluviz.ui.views.table import Table
from reluviz.ui.views.timeline import grouped
from reluviz.ui.views.whereabouts import BINS

CELL = "<td align=right>&nbsp;&nbsp;{}</td>"


def curve_words(column: Column, z: float) -> str:
    """f and f′ of everything that is drawn, at z."""
    at, rows = np.array([z]), []
    for group in column.groups:
        for activation in group.activations:
            f, slope = float(activation.f(at)[0]), float(activation.df(at)[0])
            name = group.label if len(group.activations) == 1 else activation_label(activation)
            cells = CELL.format(number(f)) + CELL.format(number(slope))
            rows.append(f"<tr><td>{swatch(group.color, escape(name))}</td>{cells}</tr>")
    head = f"<tr><td>z = {number(z)}</td>{CELL.format('f')}{CELL.format('f′')}</tr>"
    return f"<table cellspacing=0>{head}{''.join(rows)}</table>"


def bin_words(column: Column, z: float) -> str:
    """The bin at z: how many values of each run it holds; then where all of the run's values lie."""
    edges = np.linspace(-column.reach, column.reach, BINS + 1)
    place = int(np.searchsorted(edges, z, side="right")) - 1
    if not 0 <= place < BINS:
        return ""
    words = [f"z from {number(float(edges[place]))} to {number(float(edges[place + 1]))}"]
    if place == 0:
        words = [f"z below {number(float(edges[1]))}"]
    elif place == BINS - 1:
        words = [f"z from {number(float(edges[-2]))} on"]
    for group in column.groups:
        counted = int(group.counts.sum())
        if not counted:
            words.append(swatch(group.color, f"{escape(group.label)}: {group.words}"))
            continue
        count = int(group.counts[place])
        share = f"{count / counted:.2%} ({grouped(count)} of {grouped(counted)})"
        words.append(swatch(group.color, f"{escape(group.label)}: {share}"))
        words.append("&nbsp;&nbsp;&nbsp;" + in_words(group.places.shares))
        if group.beyond:
            beyond = f"{grouped(group.beyond)} beyond ±{number(column.reach)}"
            words.append(f"&nbsp;&nbsp;&nbsp;{beyond}, in the outermost bins")
        if group.places.unknown:
            words.append(f"&nbsp;&nbsp;&nbsp;{grouped(group.places.unknown)} are not numbers")
    return "<br>".join(words)


def bins_table(columns: Sequence[Column]) -> Table:
    """Every bin of every run that is shown, and the shares of the run's values in each part of the curve."""
    names = ("run", "z from", "z to", "values (count)", "share of values", *(f"{p} (share)" for p in PARTS))
    cells: list[list[Any]] = [[] for _ in names]
    for column in columns:
        edges = np.linspace(-column.reach, column.reach, BINS + 1)
        for group in column.groups:
            for into, some in zip(cells, _rows(group, edges), strict=True):
                into.extend(some)
    return Table(names, tuple(cells))


def _rows(group: Group, edges: Any) -> list[Sequence[Any]]:
    measured = group.places.values > group.places.unknown
    parts = [[share if measured else None] * BINS for share in group.places.shares]
    return [[group.label] * BINS, edges[:-1], edges[1:], group.counts, shares(group.counts), *parts]
