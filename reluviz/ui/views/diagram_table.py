"""All weights and biases of a run as a table."""

import numpy as np

from reluviz.core.snapshot import Snapshot
from reluviz.core.spelling import input_names
from reluviz.ui.views.layers import layer_name
from reluviz.ui.views.table import Table

COLUMNS = ("layer", "from", "to", "parameter")


def parameter_table(snapshot: Snapshot, run: int) -> Table:
    """A row for each parameter: the layer, the source (an input, a neuron from 1, "bias"), the neuron, the value.

    Without weights in the snapshot only the biases; under normalisation they are the shifts.
    """
    shape, state = snapshot.shape, snapshot.runs[run]
    layers: list[str] = []
    sources: list[str] = []
    units: list[int] = []
    values = []
    for layer, offset in enumerate(shape.offsets):
        count, width = shape.sizes[layer], shape.sizes[layer + 1]
        names = list(input_names(snapshot)) if not layer else [str(place + 1) for place in range(count)]
        if not state.theta.size:
            names = []
        else:
            values.append(shape.weights(state.theta, layer).ravel())
        values.append(np.asarray(state.neurons.bias[offset : offset + width], float))
        for name in (*names, "bias"):
            sources += [name] * width
        units += [*range(1, width + 1)] * (len(names) + 1)
        layers += [layer_name(layer, shape.layers)] * (width * (len(names) + 1))
    return Table(COLUMNS, (layers, sources, units, np.concatenate(values)))
