"""What was measured of layers over a course as a table: a row for each run, step and layer."""

from typing import Any

import numpy as np

from reluviz.ui.views.layers import layer_name
from reluviz.ui.views.table import Table

Array = np.ndarray[Any, np.dtype[Any]]


def course_table(labels: tuple[str, ...], steps: Array, measured: dict[str, Array], lines: dict[str, Array]) -> Table:
    """`measured` (columns, runs, layers) at steps (columns,), and `lines` (runs, layers) that hold at every step."""
    columns, runs, layers = next(iter(measured.values())).shape
    names = [layer_name(layer, layers) for layer in range(layers)]
    return Table(
        ("run", "training steps", "layer", *measured, *lines),
        (
            [label for label in labels for _ in range(columns * layers)],
            np.tile(np.repeat(steps, layers), runs),
            names * (runs * columns),
            *(values.transpose(1, 0, 2).ravel() for values in measured.values()),
            *(np.repeat(values[:, None, :], columns, axis=1).ravel() for values in lines.values()),
        ),
    )
