"""Plots of one kind in a grid, a column for each run and a row for each layer: as many as stay legible."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg

# So many plots at most, and each at least so wide and high in pixels at the usual size of text.
MOST, WIDE, HIGH = 12, 120.0, 100.0

Cell = tuple[int, int]


def cells(runs: Sequence[int], layers: Sequence[int], width: float, height: float) -> list[list[Cell]]:
    """Rows of (run, layer): the first runs, and layers evenly chosen from the first to the last; at least one.

    width, height: of all plots, in pixels at the usual size of text.
    """
    columns = min(len(runs), MOST, max(1, int(width / WIDE)))
    rows = min(len(layers), max(1, MOST // columns), max(1, int(height / HIGH)))
    picked = np.linspace(0, len(layers) - 1, rows).round().astype(int) if rows > 1 else [0]
    return [[(run, layers[place]) for run in runs[:columns]] for place in picked]


def arrange(layout: Any, plots: Sequence[pg.PlotItem], below: pg.GraphicsWidget, rows: int, columns: int) -> None:
    """Lay the first plots out row by row, all of one size, and hide the others; one more item lies below all."""
    for place in reversed(range(layout.count())):
        layout.removeAt(place)
    for place, plot in enumerate(plots):
        shown = place < rows * columns
        plot.setVisible(shown)
        if shown:
            layout.addItem(plot, place // columns, place % columns)
    layout.addItem(below, rows, 0, 1, columns)
    for n in range(columns):
        layout.setColumnStretchFactor(n, 1)
        layout.setColumnPreferredWidth(n, 100.0)
    for n in range(rows + 1):
        layout.setRowStretchFactor(n, int(n < rows))
        layout.setRowPreferredHeight(n, 100.0 if n < rows else -1.0)
    layout.activate()
