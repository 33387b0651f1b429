"""Measures: what a snapshot says of every run, layer and neuron, taken over the training data and the probe."""

from typing import Any

import numpy as np

from reluviz.core import kernels
from reluviz.core.course import Course, Measured, Standing
from reluviz.core.hands import Hands
from reluviz.core.kernel_measure import COLUMNS, FIRES, HIGHEST, SATURATED, SLOPE, SQUARES, SUM, ZEROS
from reluviz.core.kernel_plan import KIND, LEARNED
from reluviz.core.kernel_plan import SLOPE as SLOPE_PLACE
from reluviz.core.landscape import Landscape
from reluviz.core.phases import phases_of
from reluviz.core.probe import CLOSEUP_SIDE, LINE_POINTS, make_probe
from reluviz.core.snapshot import (
    INSIDE,
    LANDSCAPE,
    NEEDS,
    PHASES,
    SATURATION_LEVELS,
    USUAL_LEVEL,
    WEIGHTS,
    Closeup,
    Divergence,
    Inside,
    Layers,
    Metrics,
    Neurons,
    Probe,
    RunState,
    Snapshot,
    frozen,
)
from reluviz.core.stack import Stack
from reluviz.core.survey import usual_landscape

Array = np.ndarray[Any, np.dtype[Any]]

# Measures use at most this many training samples, the first ones; they come in random order.
MOST_SAMPLES = 4096
# The batch holds so many of them, fewer where there are very many neurons.
BATCH_SAMPLES = 256
MOST_INSIDE = 1_000_000
# A neuron that fires on less than this share of the samples is dormant.
DORMANT = 0.01

_NONE = frozen(np.zeros((0, 0)))
_NOTHING = Inside(_NONE, _NONE, _NONE, frozen(np.zeros((0, 0)), np.float64))


class Gauge:
    """Takes snapshots of a stack; keeps the probe, so that activity is always measured at the same inputs."""

    def __init__(self, stack: Stack, hands: Hands, standing: Standing | None = None) -> None:
        """`standing`: where the course goes on, of a stack that is not at its start."""
        self._stack, self._hands = stack, hands
        shape, dataset = stack.shape, stack.dataset
        self.probe = make_probe(dataset, shape.neurons)
        fine_side = CLOSEUP_SIDE if self.probe.kind == "plane" else LINE_POINTS
        self._fine: Probe = make_probe(dataset, shape.neurons, fine_side)
        # The kernels take writable arrays; a snapshot's are not.
        self._points = self.probe.inputs.astype(stack.dtype)
        self._fine_points = self._fine.inputs.astype(stack.dtype)
        self._layer_of = frozen(np.repeat(np.arange(shape.layers), shape.sizes[1:]), np.int64)
        self._samples = min(MOST_SAMPLES, len(stack.x))
        self._batch = min(BATCH_SAMPLES, len(stack.x), max(16, MOST_INSIDE // shape.neurons))
        self.course = Course(stack, self._look, self._samples, standing)

    def snapshot(
        self,
        looked: tuple[int, ...] | None,
        closeup: tuple[int, int] | None,
        seconds: float,
        needs: frozenset[str] = NEEDS,
    ) -> Snapshot:
        """A picture of all runs now, with what `needs` names."""
        stack = self._stack
        state = stack.state
        metrics = self._metrics()
        runs = range(len(stack.settings.runs))
        return Snapshot(
            step=int(state[kernels.STEP]),
            epoch=float(state[kernels.EPOCH] + state[kernels.POSITION] / len(stack.x)),
            seconds=seconds,
            settings=stack.settings,
            dataset=stack.dataset,
            probe=self.probe,
            runs=tuple(self._run_state(r, metrics[r], looked is None or r in looked, needs) for r in runs),
            history=stack.history.frozen(),
            course=self.course.records,
            closeup=self._closeup(closeup),
            landscape=self._landscape() if LANDSCAPE in needs else None,
            asked=needs,
        )

    def divergence(self, run: int) -> Divergence | None:
        """Where the run left the finite numbers, if it did."""
        step, layer = (int(v) for v in self._stack.fate[run])
        return None if step < 0 else Divergence(step, layer + 1, layer == self._stack.shape.layers - 1)

    def _metrics(self) -> list[Metrics]:
        """Losses and accuracies now, over all data."""
        values = np.full((len(self._stack.settings.runs), 1, 4), np.nan, np.float32)
        state = self._stack.state.copy()
        self._stack.state[kernels.RECORDED] = 0
        self._stack.note(np.zeros((1, 3)), values)
        self._stack.state[:] = state
        if self._stack.dataset.task == "regression":
            values[:, :, 2:] = np.nan
        return [Metrics(*(float(v) for v in row[0])) for row in values]

    def _run_state(self, run: int, metrics: Metrics, looked: bool, needs: frozenset[str]) -> RunState:
        stack = self._stack
        last = stack.shape.layers - 1
        activity = stack.probe(run, self._points, 0 if looked else last)
        outputs = stack.dataset.outputs
        predictions = stack.probe(run, stack.x_test, last).T
        neurons, layers = self._measures(run, activity if looked else None)
        weights = WEIGHTS in needs
        return RunState(
            metrics=metrics,
            divergence=self.divergence(run),
            activity=_kept(activity) if looked else _NONE,
            field=frozen(activity[-outputs:].T),
            test_predictions=frozen(predictions),
            confusion=frozen(self._confusion(predictions), np.int64),
            neurons=neurons,
            layers=layers,
            fates=self.course.fates(run, layers.gradient_norm),
            inside=self._inside(run) if INSIDE in needs else _NOTHING,
            theta=frozen(stack.theta[run] if weights else np.zeros(0), np.float64),
            running=frozen(stack.running[run] if weights else np.zeros((0, 0)), np.float64),
            frozen=frozen(self._hands.frozen[run], bool),
            killed=frozen(self._hands.killed(run), bool),
            phases=phases_of(stack, run) if looked and PHASES in needs else None,
        )

    def _look(self, run: int) -> Measured:
        """What the course records of a run."""
        return *self._measures(run, None), *self._inspect(run)

    def _inspect(self, run: int) -> tuple[Array, Array]:
        stack = self._stack
        out = np.empty((3, stack.shape.neurons, self._batch), stack.dtype)
        gradients = np.empty(out.shape[1:])
        stack.inspect(run, self._batch, out, gradients)
        return out, gradients

    def _inside(self, run: int) -> Inside:
        out, gradients = self._inspect(run)
        return Inside(_kept(out[0]), _kept(out[1]), _kept(out[2]), _kept(gradients, np.float64))

    def _confusion(self, predictions: Array) -> Array:
        """Counts of true class by predicted class on the test data."""
        dataset = self._stack.dataset
        classes = len(dataset.class_names)
        counts = np.zeros((classes, classes), np.int64)
        if classes and np.isfinite(predictions).all():
            guess = predictions.argmax(axis=1) if dataset.outputs > 1 else (predictions[:, 0] > 0.5).astype(np.int64)
            np.add.at(counts, (dataset.labels_test, guess), 1)
        return counts

    def _measures(self, run: int, activity: Array | None) -> tuple[Neurons, Layers]:
        stack, shape = self._stack, self._stack.shape
        table = np.zeros((shape.neurons, COLUMNS))
        norms = np.zeros(shape.layers)
        stack.measure(run, self._samples, table, norms)
        hidden = self._layer_of < shape.layers - 1
        dead = hidden & (table[:, SLOPE] == 0)
        neurons = Neurons(
            layer=self._layer_of,
            bias=frozen(stack.offsets(run, stack.theta[run])),
            mean=frozen(table[:, SUM]),
            fires=frozen(table[:, FIRES]),
            largest_slope=frozen(table[:, SLOPE]),
            dead=frozen(dead, bool),
            silent=frozen(hidden & (table[:, FIRES] == 0), bool),
            scale=_kept(_peaks(activity) if activity is not None else np.zeros(0)),
            zeros=frozen(table[:, ZEROS]),
            saturated=frozen(table[:, SATURATED : SATURATED + len(SATURATION_LEVELS)]),
            highest=frozen(table[:, HIGHEST]),
        )
        return neurons, self._layers(run, table, norms, dead)

    def _layers(self, run: int, table: Array, norms: Array, dead: Array) -> Layers:
        """Sums over the neurons of each layer; the output has no activation and so no state."""
        shape = self._stack.shape
        units = np.array(shape.sizes[1:])

        def mean(column: Array) -> Array:
            return np.asarray(np.add.reduceat(column, shape.offsets) / units)

        with np.errstate(invalid="ignore", over="ignore"):
            average = mean(table[:, SUM])
            spread = np.sqrt(np.maximum(mean(table[:, SQUARES]) - average**2, 0))
            inner = np.arange(shape.layers) < shape.layers - 1
            return Layers(
                gradient_norm=frozen(norms, np.float64),
                activation_mean=frozen(average),
                activation_std=frozen(spread),
                dead=frozen(mean(dead.astype(float)) * inner),
                dormant=frozen(mean((table[:, FIRES] < DORMANT).astype(float)) * inner),
                saturated=frozen(mean(table[:, SATURATED + USUAL_LEVEL]) * inner),
                zeros=frozen(mean(table[:, ZEROS]) * inner),
                update_ratio=frozen(self._stack.ratios[run]),
                learned_slope=frozen(self._learned(run)),
            )

    def _learned(self, run: int) -> Array:
        """The slopes that layers of PReLU have learned, NaN for others."""
        stack = self._stack
        slopes = np.full(stack.shape.layers, np.nan)
        learns = stack.plans[run, :, KIND] == LEARNED
        slopes[learns] = stack.theta[run, stack.plans[run, learns, SLOPE_PLACE]]
        return slopes

    def _landscape(self) -> Landscape | None:
        return usual_landscape(self._stack, self.course.path)

    def _closeup(self, wanted: tuple[int, int] | None) -> Closeup | None:
        if wanted is None or self.probe.kind == "samples":
            return None
        run, neuron = wanted
        if run >= len(self._stack.settings.runs) or neuron >= self._stack.shape.neurons:
            return None
        layer = int(self._layer_of[neuron])
        values = self._stack.probe(run, self._fine_points, layer)[neuron - int(self._stack.shape.offsets[layer])]
        return Closeup(run, neuron, self._fine.side, frozen(values))


def _kept(array: Array, dtype: Any = np.float32) -> Array:
    """A new array that nobody else writes to, read-only; large ones are copied only if their type must change."""
    if array.dtype != dtype:
        return frozen(array, dtype)
    array.setflags(write=False)
    return array


def _peaks(activity: Array) -> Array:
    """The largest size in each row, NaN where there is one, without an array of all sizes."""
    return np.asarray(np.maximum(np.abs(activity.max(axis=1)), np.abs(activity.min(axis=1))))
