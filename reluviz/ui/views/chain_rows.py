"""The rows of the chain rule's ledger: cells, words under the cursor, and the table."""

import math
from html import escape

from reluviz.core.chain import Chain
from reluviz.core.labels import run_labels
from reluviz.core.snapshot import Snapshot
from reluviz.ui.theme import Theme
from reluviz.ui.views.base import number, swatch
from reluviz.ui.views.sheet import EMPTY, Cell, Column
from reluviz.ui.views.table import Table

COLUMNS = (
    Column("layer", left=True),
    Column("max |f′|", bars=True, goes=1),
    Column("‖W‖", goes=2, least="0.12"),
    Column("bound", bars=True, least="1.2e−07"),
    Column("measured", bars=True, least="1.2e−07"),
)
NAMES = (
    "run", "layer", "mean |f′(z)|", "median |f′(z)|", "min |f′(z)|", "max |f′(z)|", "‖W‖₂ of the layer above",
    "rms f′ · ‖W‖₂", "bound (share of the last hidden layer's)", "measured (share of the last hidden layer's)",
    "measured ‖δ‖",
)  # fmt: skip


def short(value: float) -> str:
    """A number in two digits; a dash where there is none."""
    return "–" if math.isnan(value) else number(float(f"{value:.2g}"))


def ledger_rows(one: Chain, layers: list[int], color: str, lowest: float) -> list[list[Cell]]:
    """The cells of these layers; a bar of the last two columns is full at 1 and empty at 10^lowest."""
    rows, last = [], len(one.measured) - 1
    steepest = max(1.0, *(v for v in one.largest[:-1] if math.isfinite(v)), 1.0)
    products, ratios = one.products, one.ratios
    for layer in layers:
        left = 0.0 if one.measured[layer] == 0 else ratios[layer]
        share = _log_share(left, lowest)
        measured = Cell(short(left), color, share, share)
        if layer == last:
            rows.append([Cell("out"), EMPTY, EMPTY, EMPTY, measured])
            continue
        slope = Cell(short(one.largest[layer]), color, *_shares(one.largest[layer], one.mean[layer], steepest))
        bound = Cell(short(products[layer]), color, _log_share(products[layer], lowest))
        rows.append([Cell(str(layer + 1)), slope, Cell(short(one.norms[layer])), bound, measured])
    return rows


def _shares(largest: float, mean: float, steepest: float) -> tuple[float, float]:
    """The outline and the filling of a bar of slopes."""
    return (largest / steepest, mean / steepest) if math.isfinite(largest) else (0.0, 0.0)


def _log_share(value: float, lowest: float) -> float:
    if not value > 0:
        return 0.0
    return max(0.0, min(1.0, 1 - math.log10(value) / lowest)) if value < math.inf else 1.0


def chain_words(snapshot: Snapshot, chains: dict[int, Chain], layer: int, theme: Theme) -> str:
    """All numbers of a layer, one column for each run that is shown, as rich text."""
    labels, last = run_labels(snapshot.settings), snapshot.shape.layers - 1
    heads = [swatch(theme.runs[snapshot.settings.runs[run].color], escape(labels[run])) for run in chains]
    rows = [("<b>output</b>" if layer == last else f"<b>layer {layer + 1}</b>", heads)]

    def add(words: str, name: str) -> None:
        rows.append((words, [number(float(getattr(one, name)[layer])) for one in chains.values()]))

    if layer < last:
        for words, name in (
            ("|f′(z)| mean", "mean"),
            ("median", "median"),
            ("smallest", "least"),
            ("largest", "largest"),
            ("‖W‖ of the layer above", "norms"),
            ("rms f′ · ‖W‖", "factors"),
            ("bound", "products"),
        ):
            add(words, name)
    add("measured", "ratios")
    add("length of the gradient", "measured")
    lines = (
        f"<tr><td>{words}</td>{''.join(f'<td align=right>&nbsp;&nbsp;{cell}</td>' for cell in cells)}</tr>"
        for words, cells in rows
    )
    return f"<table cellspacing=0>{''.join(lines)}</table>"


def chain_table(snapshot: Snapshot, chains: dict[int, Chain]) -> Table:
    """A row for each run and layer, from the output back."""
    labels, last = run_labels(snapshot.settings), snapshot.shape.layers - 1
    rows = [
        (
            labels[run], "output" if layer == last else layer + 1, one.mean[layer], one.median[layer], one.least[layer],
            one.largest[layer], one.norms[layer], one.factors[layer], one.products[layer], one.ratios[layer],
            one.measured[layer],
        )
        for run, one in chains.items()
        for layer in reversed(range(last + 1))
    ]  # fmt: skip
    return Table(NAMES, tuple(zip(*rows, strict=True)) if rows else ((),) * len(NAMES))
