"""The numbers of gradient flow as a table: a row for each run, step and layer."""

from typing import Any

import numpy as np

from reluviz.ui.views.expected import Expected
from reluviz.ui.views.layers import layer_name
from reluviz.ui.views.table import Table

Array = np.ndarray[Any, np.dtype[Any]]


def flow_table(labels: tuple[str, ...], steps: Array, norms: Array, lines: tuple[Expected, ...]) -> Table:
    """norms (columns, runs, layers) at steps (columns,), with what theory says of the start of each run."""
    columns, runs, layers = norms.shape
    names = [layer_name(layer, layers) for layer in range(layers)]

    def start(logs: list[Array]) -> Array:
        return 10.0 ** np.tile(np.array(logs)[:, None, :], (1, columns, 1)).ravel()

    return Table(
        ("run", "training steps", "layer", "gradient norm", "theory at the start", "bound by the largest slope"),
        (
            [label for label in labels for _ in range(columns * layers)],
            np.tile(np.repeat(steps, layers), runs),
            names * (runs * columns),
            norms.transpose(1, 0, 2).ravel(),
            start([line.theory for line in lines]),
            start([line.bound for line in lines]),
        ),
    )
