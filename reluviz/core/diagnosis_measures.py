"""What a diagnosis reads of one run: a few numbers, taken from a snapshot once and shared by all rules."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.losses import LOSSES
from reluviz.core.settings import fitting_losses
from reluviz.core.shape import Shape
from reluviz.core.snapshot import USUAL_LEVEL, Neurons, Snapshot

Array = np.ndarray[Any, np.dtype[Any]]

# A constant answer is judged by so many training samples, as all measures are.
MOST_SAMPLES = 4096
# The course of a loss is judged by this many points at least, over the later half of the steps.
LEAST_POINTS = 8
# One update says little: the median over so many records is taken.
RECENT_RECORDS = 9
# A lucky point does not count as the lowest of a curve: it is smoothed by the median of so many.
SMOOTHED = 5
# A dormant neuron passes no gradient: its slope is small on at least this share of the samples.
MOSTLY = 0.9
# What a loss of 0 is taken for where something is divided by it.
TINY = 1e-38
# A loss that is no longer a finite number counts as so many times the baseline.
HUGE = 1e30


@dataclass(frozen=True, slots=True)
class Trend:
    """How a run's losses have gone over the later half of its steps, as shares of the baseline.

    fall: how far the median of the last quarter of that stretch lies below that of its first quarter. swing: how far
    neighbouring points lie apart on average, what the loss has moved for good taken out. rise: how far the test loss
    lies above its lowest. NaN while there are too few points.
    """

    fall: float = np.nan
    swing: float = np.nan
    rise: float = np.nan


@dataclass(frozen=True, slots=True)
class Measures:
    """One run, as the rules see it.

    train, test and start: the losses now, and the training loss at step 0, as shares of the baseline, that of the best
    constant answer. flow (hidden layers,): the
    length of the gradient by z, root mean square over the batch, as a share of that of the last hidden layer; NaN where
    that is 0. update: by what share of its length an update moves the layer that moves most, the median of recent
    records; NaN before the first. pull: the lengths of gradient and parameters multiplied, over the loss: how steep the
    loss is, whatever its scale. dead, dormant bool (hidden neurons,), and saturated (hidden layers,): the share of
    small slopes among the samples of neurons that are neither, exact zeros of f left out.
    """

    train: float
    test: float
    start: float
    trend: Trend
    flow: Array
    update: float
    pull: float
    dead: Array
    dormant: Array
    saturated: Array


def measure(snapshot: Snapshot, shape: Shape, run: int, baseline: float, patience: int, fires: float) -> Measures:
    """The numbers of a run that has not diverged; shape is the snapshot's.

    No trend before `patience` steps; a dormant neuron fires on a smaller share of the samples than `fires`.
    """
    state = snapshot.runs[run]
    loss = max(state.metrics.train_loss, TINY)
    theta, norms = state.theta[: shape.parameters], state.layers.gradient_norm
    hidden = shape.neurons - shape.sizes[-1]
    with np.errstate(all="ignore"):
        dead, dormant, saturated = _states(state.neurons, np.array(shape.offsets[:-1]), hidden, fires)
        return Measures(
            train=_share(state.metrics.train_loss, baseline),
            test=_share(state.metrics.test_loss, baseline),
            start=_share(float(snapshot.history.values[run, 0, 0]), baseline),
            trend=_trend(snapshot, run, baseline) if snapshot.step >= patience else Trend(),
            flow=_flow(state.inside.deltas, shape.offsets),
            update=_update(snapshot, run),
            pull=_length(theta) * _length(norms) / loss,
            dead=dead,
            dormant=dormant,
            saturated=saturated,
        )


def baseline_of(snapshot: Snapshot) -> float:
    """The training loss of the best constant answer: of a network that does not look at its inputs."""
    dataset, training = snapshot.dataset, snapshot.settings.training
    key = fitting_losses(dataset.task)[0] if training.loss == "auto" else training.loss
    y = dataset.y_train[:MOST_SAMPLES]
    mean = y.mean(axis=0, dtype=np.float64)
    if key in ("logistic", "softmax_cross_entropy"):
        shares = np.concatenate([mean, 1 - mean]) if key == "logistic" else mean
        found = -sum(share * np.log(share) for share in shares if share > 0)
    elif key == "squared":
        noise = training.label_noise if dataset.task == "regression" else 0.0
        found = y.var(axis=0, dtype=np.float64).mean() * (1 + noise**2)
    else:
        found = min(LOSSES[key].value(np.broadcast_to(each, y.shape), y) for each in _constants(key, y, mean))
    # Targets that are all alike leave nothing to learn.
    return max(float(found), TINY)


def _constants(key: str, y: Array, mean: Array) -> tuple[Array, ...]:
    """Outputs of which one is the best constant, or nearly."""
    if key != "hinge":
        return mean, np.median(y, axis=0)
    if len(mean) == 1:
        return (np.sign(mean - 0.5),)
    # A margin of 1 between the most frequent classes, few or many, and the rest.
    places = np.argsort(np.argsort(-mean))
    return tuple((places < most).astype(float) for most in range(len(mean)))


def _trend(snapshot: Snapshot, run: int, baseline: float) -> Trend:
    steps, values = snapshot.history.steps, snapshot.history.values[run]
    begin = int(np.searchsorted(steps, steps[-1] / 2))
    if len(steps) - begin < LEAST_POINTS:
        return Trend()
    train, test = values[begin:, 0].astype(float), values[begin:, 1]
    quarter = len(train) // 4
    moves = np.diff(train)
    back_and_forth = np.abs(moves).sum() - abs(train[-1] - train[0])
    return Trend(
        fall=(_median(train[:quarter]) - _median(train[-quarter:])) / baseline,
        swing=float(back_and_forth) / len(moves) / baseline,
        rise=(_median(test[-quarter:]) - _lowest(values[:, 1])) / baseline,
    )


def _share(loss: float, baseline: float) -> float:
    share = loss / baseline
    return min(share, HUGE) if share == share else HUGE


def _length(values: Array) -> float:
    """The norm; einsum leaves the other cores alone, which BLAS would fight the training for."""
    return float(np.sqrt(np.einsum("i,i->", values, values)))


def _median(values: Array) -> float:
    """The upper median; np.median takes ten times as long on so few."""
    return float(np.sort(values)[len(values) // 2])


def _lowest(curve: Array) -> float:
    windows = np.lib.stride_tricks.sliding_window_view(curve, SMOOTHED)
    return float(np.sort(windows, axis=1)[:, SMOOTHED // 2].min())


def _flow(deltas: Array, offsets: tuple[int, ...]) -> Array:
    squares = np.add.reduceat(np.einsum("ij,ij->i", deltas, deltas), offsets)[:-1]
    return np.sqrt(squares / squares[-1]) if squares[-1] > 0 else np.full(len(squares), np.nan)


def _update(snapshot: Snapshot, run: int) -> float:
    recent = [record.layers[run].update_ratio for record in snapshot.course[-RECENT_RECORDS:] if record.step]
    return _median(np.array(recent).max(axis=1)) if recent else np.nan


def _states(neurons: Neurons, offsets: Array, hidden: int, fires: float) -> tuple[Array, Array, Array]:
    small = neurons.saturated[:hidden, USUAL_LEVEL].astype(float)
    dead = neurons.dead[:hidden]
    dormant = ~dead & (neurons.fires[:hidden] < fires) & (small >= MOSTLY)
    alive = ~(dead | dormant)
    flat = np.maximum(0.0, small - neurons.zeros[:hidden]) * alive
    counts = np.add.reduceat(alive.astype(float), offsets)
    return dead, dormant, np.add.reduceat(flat, offsets) / np.maximum(counts, 1)
