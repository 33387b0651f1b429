"""The answers of all runs as a table: fields, curves and samples, confusion matrices, predicted against true."""

from typing import Any

import numpy as np

from reluviz.core.labels import run_labels
from reluviz.core.snapshot import Snapshot
from reluviz.ui.views.answers import true_and_said
from reluviz.ui.views.table import Table


def answer_table(snapshot: Snapshot) -> Table:
    """What the decision map plots, in the form that fits the data."""
    if snapshot.probe.kind != "samples":
        return _over_inputs(snapshot)
    return _predicted(snapshot) if snapshot.dataset.task == "regression" else _confusion(snapshot)


def _over_inputs(snapshot: Snapshot) -> Table:
    """The probe's points with every run's prediction, then the samples that are drawn as points."""
    dataset, probe = snapshot.dataset, snapshot.probe
    points, train, test = len(probe.inputs), len(dataset.x_train), len(dataset.x_test)
    part: list[Any] = ["prediction"] * points + ["training sample"] * train + ["test sample"] * test
    names = ["part"]
    columns: list[Any] = [part]
    for place, name in enumerate(dataset.input_names[: dataset.inputs]):
        names.append(f"{name} (standardised)")
        columns.append(np.concatenate([x[:, place] for x in (probe.inputs, dataset.x_train, dataset.x_test)]))
    names.append(f"true {dataset.target_name}" if dataset.task == "regression" else "true class")
    columns.append([None] * points + _truth(snapshot))
    samples = [None] * (train + test)
    for label, state in zip(run_labels(snapshot.settings), snapshot.runs, strict=True):
        for place, words in enumerate(_outputs(snapshot)):
            names.append(f"{label}: {words}")
            columns.append([*state.field[:, place], *samples])
    return Table(tuple(names), tuple(columns))


def _truth(snapshot: Snapshot) -> list[Any]:
    dataset = snapshot.dataset
    if dataset.task == "regression":
        return [*dataset.y_train[:, 0], *dataset.y_test[:, 0]]
    return [dataset.class_names[label] for label in (*dataset.labels_train, *dataset.labels_test)]


def _outputs(snapshot: Snapshot) -> tuple[str, ...]:
    """What each output of a network is."""
    dataset = snapshot.dataset
    if dataset.task == "regression":
        return (f"predicted {dataset.target_name}",)
    if dataset.task == "binary":
        return (f"probability of {dataset.class_names[1]}",)
    return tuple(f"probability of {name}" for name in dataset.class_names)


def _predicted(snapshot: Snapshot) -> Table:
    """The test samples: true and predicted values, in the target's own unit."""
    target = snapshot.dataset.target_name
    names, columns = [f"true {target}"], [true_and_said(snapshot, 0)[0]]
    for place, label in enumerate(run_labels(snapshot.settings)):
        names.append(f"{label}: predicted {target}")
        columns.append(true_and_said(snapshot, place)[1])
    return Table(tuple(names), tuple(columns))


def _confusion(snapshot: Snapshot) -> Table:
    """One row for each cell of each run's matrix."""
    names = snapshot.dataset.class_names
    rows = [
        (label, true, predicted, int(state.confusion[i, j]))
        for label, state in zip(run_labels(snapshot.settings), snapshot.runs, strict=True)
        for i, true in enumerate(names)
        for j, predicted in enumerate(names)
    ]
    return Table(("run", "true class", "predicted class", "count (test samples)"), tuple(zip(*rows, strict=True)))
