"""Linear regions and hinges in words and as a table."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from reluviz.core.hinges import Hinges
from reluviz.core.polygons import areas
from reluviz.core.regions import Regions, arrangement
from reluviz.core.snapshot import Snapshot
from reluviz.ui.views.base import number
from reluviz.ui.views.regions_plane import steepness
from reluviz.ui.views.table import Table

Array = np.ndarray[Any, np.dtype[Any]]
MOST_OUTPUTS = 4
SUBSCRIPTS = "₁₂"
PLANE_COLUMNS = (
    "run", "centroid x₁", "centroid x₂", "area", "slope by x₁", "slope by x₂", "constant", "neurons on", "steepness",
)  # fmt: skip
LINE_COLUMNS = ("run", "x", "hidden layer", "neuron", "output", "slope left", "slope right")


def outputs_of(snapshot: Snapshot) -> list[str]:
    """What the outputs are called in a formula; those of classes come before a sigmoid or softmax."""
    dataset = snapshot.dataset
    if dataset.task == "regression":
        return ["y"]
    if dataset.task == "binary":
        return ["z"]
    return [f"z({escape(name)})" for name in dataset.class_names]


def before_link(snapshot: Snapshot) -> str:
    """What comes behind the affine map."""
    return {"binary": "z goes into the sigmoid", "classes": "z goes into the softmax"}.get(snapshot.dataset.task, "")


def formula(name: str, slopes: Sequence[float], constant: float) -> str:
    """y = 0.42·x₁ − 1.3·x₂ + 0.07."""
    symbols = [f"x{sign}" for sign in SUBSCRIPTS] if len(slopes) > 1 else ["x"]
    terms = [(float(f"{slope:.3g}"), f"·{x}") for slope, x in zip(slopes, symbols, strict=True) if slope]
    shift = float(f"{constant:.3g}")
    terms += [(shift, "")] if shift or not terms else []
    words = f"{number(terms[0][0])}{terms[0][1]}"
    for value, symbol in terms[1:]:
        words += f" {'−' if value < 0 else '+'} {number(abs(value))}{symbol}"
    return f"{name} = {words}"


def formulas(snapshot: Snapshot, slopes: Array, constants: Array) -> str:
    """The affine map here: slopes (outputs, inputs), constants (outputs,); one line for each of the first outputs."""
    names = outputs_of(snapshot)
    rows = [formula(*one) for one in zip(names, slopes.tolist(), constants.tolist(), strict=True)][:MOST_OUTPUTS]
    rows += [f"… {len(names)} outputs"] if len(names) > MOST_OUTPUTS else []
    return "here " + "<br>".join(rows)


def pinned_words(snapshot: Snapshot, found: Regions | Hinges | None, x: float, y: float) -> tuple[str, float]:
    """The affine map at a point in plain words, and the first output there; NaN where there is none."""
    if found is None:
        return "no straight pieces", float("nan")
    low, high = (found.low, found.high) if isinstance(found, Regions) else (found.edges[0], found.edges[-1])
    if not low <= x <= high or (isinstance(found, Regions) and not low <= y <= high):
        return "outside the box", float("nan")
    if isinstance(found, Regions):
        here = found.at(x, y)
        slopes, constants = here.weights, here.biases
        height, tail = float(slopes[0] @ [x, y] + constants[0]), f"; {here.on} of {found.hidden} neurons on"
    else:
        slope, constants = found.maps[int(found.piece_at(x))]
        slopes, tail, height = slope[:, None], "", float(slope[0] * x + constants[0])
    names = [name.replace("&amp;", "&") for name in outputs_of(snapshot)]
    rows = [formula(*one) for one in zip(names, slopes.tolist(), constants.tolist(), strict=True)][:MOST_OUTPUTS]
    return ", ".join(rows) + (", …" if len(names) > MOST_OUTPUTS else "") + tail, height


def heading(snapshot: Snapshot, found: Regions | Hinges, kinks: int) -> str:
    """How many there are, and how many there could be; kinks: of the activation of the first hidden layer."""
    hidden = snapshot.settings.network.hidden
    if isinstance(found, Regions):
        # Several kinks of a neuron are parallel lines: the bound holds, but is not reached.
        bound = f" · at most {arrangement(hidden[0] * kinks):,}" if len(hidden) == 1 and kinks else ""
        return f"{found.sentence}{bound}".replace(",", "\u202f")
    if not found.complete:
        return f"more than {found.pieces:,} pieces".replace(",", "\u202f")
    words = "1 piece" if found.pieces == 1 else f"{found.pieces:,} pieces".replace(",", "\u202f")
    bound = f" · at most {hidden[0] * kinks + 1:,}" if len(hidden) == 1 and kinks else ""
    return words + bound.replace(",", "\u202f")


def plane_rows(label: str, found: Regions) -> list[tuple[Any, ...]]:
    """A row for each region."""
    if not found.complete:
        return []
    steep = steepness(found)
    columns = [centroids(found), areas(found.corners), found.maps[:, :, 0], found.on, steep]
    middles, sizes, own, on, steep = (part.tolist() for part in columns)
    return [(label, *middles[i], sizes[i], *own[i], on[i], steep[i]) for i in range(found.count)]


def line_rows(label: str, found: Hinges) -> list[tuple[Any, ...]]:
    """A row for each hinge, from left to right."""
    left, right = (side[:, 0] for side in found.slopes())
    heights = found.values(found.places)[:, 0]
    columns = [found.places, found.layers + 1, found.neurons + 1, heights, left, right]
    return [(label, *row) for row in zip(*(part.tolist() for part in columns), strict=True)]


def table_of(rows: list[tuple[Any, ...]], inputs: int) -> Table:
    """All rows of all runs that are shown."""
    names = PLANE_COLUMNS if inputs == 2 else LINE_COLUMNS
    return Table(names, tuple(zip(*rows, strict=True))) if rows else Table((), ())


def centroids(found: Regions) -> Array:
    """The centres of mass of all cells, shape (cells, 2)."""
    first = found.corners[:, :1]
    a = found.corners - first
    b = np.roll(a, -1, axis=1)
    doubled = a[:, :, 0] * b[:, :, 1] - a[:, :, 1] * b[:, :, 0]
    moment = ((a + b) * doubled[:, :, None]).sum(axis=1)
    return np.asarray(first[:, 0] + moment / (3 * doubled.sum(axis=1)[:, None]))
