"""The activity of all neurons as a table: one row for each neuron and point of the probe."""

from typing import Any

import numpy as np

from reluviz.core.labels import run_labels
from reluviz.core.snapshot import Snapshot
from reluviz.ui.views.table import Table

Array = np.ndarray[Any, np.dtype[Any]]
# On samples of many inputs the number of the sample says which they are.
MOST_INPUTS = 2


def activity_table(snapshot: Snapshot, shown: tuple[int, ...]) -> Table:
    """Run, layer, neuron, point, the point's inputs, and the activity there, of the runs that are shown."""
    labels = run_labels(snapshot.settings)
    inputs = snapshot.probe.inputs
    parts: list[list[Any]] = []
    for run in shown:
        activity, layer = snapshot.runs[run].activity, snapshot.runs[run].neurons.layer
        if not len(activity):
            continue
        neurons, points = activity.shape
        unit = np.arange(neurons) - np.searchsorted(layer, layer)
        point = np.tile(np.arange(points), neurons)
        places = [inputs[point, axis] for axis in range(min(inputs.shape[1], MOST_INPUTS))]
        runs = np.full(neurons * points, labels[run], object)
        parts.append([runs, *_numbers(layer, unit, points), point + 1, *_inputs(snapshot, point, places),
                      activity.ravel()])  # fmt: skip
    if not parts:
        return Table((), ())
    names = ("run", "layer", "neuron", "point", *_input_names(snapshot), "activity f(z)")
    return Table(names, tuple(np.concatenate(pieces) for pieces in zip(*parts, strict=True)))


def _numbers(layer: Array, unit: Array, points: int) -> tuple[Array, Array]:
    """Layers and neurons counted from 1; the layer after the last hidden one is the output."""
    return np.repeat(layer + 1, points), np.repeat(unit + 1, points)


def _input_names(snapshot: Snapshot) -> tuple[str, ...]:
    names = snapshot.dataset.input_names
    if snapshot.probe.kind == "samples":
        return ("test sample",) if snapshot.dataset.task == "regression" else ("test sample", "true class")
    return tuple(f"{name} (standardised)" for name in names[: snapshot.dataset.inputs])


def _inputs(snapshot: Snapshot, point: Array, places: list[Array]) -> tuple[Array, ...]:
    probe = snapshot.probe
    if probe.kind != "samples":
        return tuple(places)
    rows = probe.rows[point] + 1
    if snapshot.dataset.task == "regression":
        return (rows,)
    return (rows, np.array(snapshot.dataset.class_names, object)[probe.classes[point]])
