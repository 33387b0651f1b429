"""What the view without an activation compares: each run with the best linear answer, as rows, words and a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.collapse import (
    Linear,
    angle,
    best_linear,
    centred,
    folded,
    is_linear,
    loss_in_force,
    targets,
)
from reluviz.core.labels import run_labels
from reluviz.core.plan import model_of
from reluviz.core.snapshot import Snapshot
from reluviz.ui.views.base import number
from reluviz.ui.views.sheet import EMPTY, Cell, Column
from reluviz.ui.views.table import Table

Array = np.ndarray[Any, np.dtype[Any]]
# So many coefficients are written out as numbers.
MOST_WRITTEN = 3
LONGEST_NAME = 26
SUBSCRIPTS = "₁₂₃"


@dataclass(frozen=True)
class Reference:
    """The best linear answer, its loss on the training data and its score on the test data."""

    linear: Linear
    loss: float
    score: float


@dataclass(frozen=True)
class Compared:
    """A run beside the reference; linear is None for one that does not collapse."""

    run: int
    label: str
    linear: Linear | None
    loss: float
    score: float


def reference(snapshot: Snapshot) -> Reference:
    """Fit and judge the best linear map."""
    dataset, settings = snapshot.dataset, snapshot.settings
    one = best_linear(settings, dataset)
    with np.errstate(all="ignore"):
        loss = loss_in_force(settings, dataset.task)
        value = loss.value(one.outputs(dataset.x_train.astype(float)), targets(settings, dataset))
        outputs = one.outputs(dataset.x_test.astype(float))
        # Least squares on classes answers as with the squared loss, whatever is in force; its loss would mean nothing.
        squares = one.method == "least squares"
    value = float("nan") if one.directed and squares else value
    return Reference(one, value, score(snapshot, outputs if squares else loss.predict(outputs)))


def score(snapshot: Snapshot, predicted: Array) -> float:
    """On the test data: R² of a regression, or the share of right answers; NaN for a run that has diverged."""
    dataset = snapshot.dataset
    if not np.isfinite(predicted).all():
        return float("nan")
    if dataset.task == "regression":
        y = dataset.y_test.astype(float)
        return float(1 - np.sum((predicted - y) ** 2) / max(np.sum((y - y.mean(axis=0)) ** 2), 1e-300))
    said = predicted.argmax(axis=1) if dataset.outputs > 1 else predicted[:, 0] > 0.5
    return float(np.mean(said == dataset.labels_test))


def compare(snapshot: Snapshot) -> list[Compared]:
    """All runs: those that collapse first."""
    labels, found = run_labels(snapshot.settings), []
    soft = loss_in_force(snapshot.settings, snapshot.dataset.task).key == "softmax_cross_entropy"
    for run, state in enumerate(snapshot.runs):
        model = model_of(snapshot.shape, snapshot.settings, run)
        linear = None
        if is_linear(model) and state.theta.size:
            with np.errstate(all="ignore"):
                linear = folded(model, state.theta, state.running)
            linear = centred(linear) if soft else linear
        result = score(snapshot, state.test_predictions.astype(float))
        found.append(Compared(run, labels[run], linear, state.metrics.train_loss, result))
    return sorted(found, key=lambda one: one.linear is None)


def coefficients(one: Linear) -> Array:
    """W and b as one vector: input by input, the biases last."""
    return np.append(one.weights.ravel(), one.biases)


def difference(one: Linear, best: Linear) -> float:
    """The largest abs difference of a coefficient, or the angle in degrees where only directions have a limit."""
    with np.errstate(all="ignore"):
        if best.directed:
            return angle(one, best)
        return float(np.abs(coefficients(one) - coefficients(best)).max())


def short(value: float, digits: int = 3) -> str:
    """A number in so many digits; a dash where there is none."""
    return "–" if np.isnan(value) else number(float(f"{value:.{digits}g}"))


def columns(snapshot: Snapshot, best: Linear) -> list[Column]:
    """The headings that fit the data."""
    written = _written(best)
    names = [Column(f"w{SUBSCRIPTS[place]}" if written > 2 else "w", least="−0.123") for place in range(written - 1)]
    names += [Column("b", least="−0.123")] if written else []
    judged = "test R²" if snapshot.dataset.task == "regression" else "test right"
    apart = Column("angle°" if best.directed else "max |Δ|", least="1.23e−07")
    return [Column("", left=True), *names, apart, Column("loss", goes=1, least="0.123"), Column(judged, goes=2)]


def cells(snapshot: Snapshot, best: Reference, runs: Sequence[Compared], colors: list[str]) -> list[list[Cell]]:
    """A row for the best linear answer, then one for each run."""
    rows = [_row(snapshot, f"╌ {best.linear.method}", "", best.linear, EMPTY, (best.loss, best.score))]
    written = _written(best.linear)
    for one, color in zip(runs, colors, strict=True):
        if one.linear is None:
            apart = Cell("does not collapse", over=bool(written))
        else:
            apart = Cell(short(difference(one.linear, best.linear)))
        rows.append(_row(snapshot, f"● {one.label}", color, one.linear, apart, (one.loss, one.score)))
        if one.linear is None:
            rows[-1][1:1] = [EMPTY] * written
    return rows


def _row(
    snapshot: Snapshot, name: str, color: str, linear: Linear | None, apart: Cell, judged: tuple[float, float]
) -> list[Cell]:
    name = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    told = [Cell(short(v)) for v in coefficients(linear)] if linear is not None and _written(linear) else []
    right = short(judged[1]) if snapshot.dataset.task == "regression" or np.isnan(judged[1]) else f"{judged[1]:.1%}"
    return [Cell(name, color), *told, apart, Cell(short(judged[0])), Cell(right)]


def _written(one: Linear) -> int:
    """How many coefficients a row writes out, the bias included: none where there are too many."""
    fits = one.weights.shape[1] == 1 and len(one.weights) <= MOST_WRITTEN
    return len(one.weights) + 1 if fits else 0


def sentence(runs: Sequence[Compared], best: Linear, measured: bool) -> str:
    """What is to be seen, in one line."""
    if not measured:
        return "Waiting for the next measurement"
    linear = [one for one in runs if one.linear is not None]
    if not linear:
        return "No run is without an activation: choose Identity to see it collapse"
    apart = difference(linear[0].linear, best)  # type: ignore[arg-type]
    unit = "°" if best.directed else ""
    return f"{linear[0].label}: all layers are one W·x + b, {short(apart, 2)}{unit} from {best.method}"


def collapse_table(snapshot: Snapshot, best: Reference, runs: Sequence[Compared]) -> Table:
    """A row for each coefficient, then loss and score: the best linear answer, and every run with its difference."""
    dataset = snapshot.dataset
    outs = dataset.class_names if dataset.outputs > 1 else (dataset.target_name,)
    named = [f"W of {name} for {out}" for name in dataset.input_names for out in outs] + [
        f"b for {out}" for out in outs
    ]
    judged = "R² on the test data" if dataset.task == "regression" else "right answers on the test data (share)"
    told = coefficients(best.linear)
    names = ["quantity", f"best linear answer: {best.linear.method}"]
    parts: list[list[Any]] = [[*named, "training loss", judged], [*told, best.loss, best.score]]
    for one in runs:
        own = [None] * len(told) if one.linear is None else list(coefficients(one.linear))
        apart = own if one.linear is None else list(coefficients(one.linear) - told)
        names += [one.label, f"{one.label}: difference"]
        parts += [[*own, one.loss, one.score], [*apart, one.loss - best.loss, one.score - best.score]]
    return Table(tuple(names), tuple(parts))
