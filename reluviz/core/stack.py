"""The stacked arrays of all runs, laid out as the kernels want them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from reluviz.core import kernels
from reluviz.core.activations import Activation, PReLU
from reluviz.core.datasets import Dataset
from reluviz.core.functions import code
from reluviz.core.history import Recorder
from reluviz.core.kernel_plan import BATCH_NORM, COLUMNS, HYPER, NORM, RATE, SPLIT
from reluviz.core.kernel_record import CALM, RECORDED, STRIDE
from reluviz.core.kernel_team import STOP
from reluviz.core.label_noise import with_label_noise
from reluviz.core.lanes import Lane, shares
from reluviz.core.losses import LOSSES, Loss
from reluviz.core.moment import Moment, kept
from reluviz.core.plan import PARAMETERS, activation_parameters, hyper, model_of, plan
from reluviz.core.settings import Settings, loss_key
from reluviz.core.shape import Shape
from reluviz.core.start import draws, initial

Array = np.ndarray[Any, np.dtype[Any]]
# What the state says of the history, and a stride that no course reaches.
HISTORY, NEVER = [STRIDE, RECORDED, CALM], 1 << 62
# Calls a function on every item, perhaps several at a time, and gives back what it returned: `map`, or a pool's.
Spread = Callable[[Callable[[int], None], Iterable[int]], Iterable[None]]


class Stack:
    """Data, parameters, optimiser state and scratch memory of all runs; first axis: the run."""

    def __init__(self, settings: Settings, dataset: Dataset, like: "Stack | None" = None) -> None:
        """`like` is another stack of the lab, whose data are shared: this one waits to `take_over` a moment."""
        self.settings = settings
        self.dataset = dataset
        self.dtype = np.dtype(settings.network.precision)
        self.loss: Loss = LOSSES[loss_key(settings, dataset.task)]
        self.shape = Shape((dataset.inputs, *settings.network.hidden, dataset.outputs))
        self._place(like)
        self._begin()
        if like is None:
            self._start()

    def tune(self, settings: Settings) -> None:
        """Take over what applies without a restart; a new optimiser starts with empty moments."""
        before, self.settings = self.settings, settings
        self._fill_plans(before)
        self._fill_hyper()
        if settings.training.label_noise != before.training.label_noise:
            self.y[:] = self._targets()
        if settings.training.batch_size > before.training.batch_size:
            self._make_room()
        if settings.training.optimizer != before.training.optimizer:
            self.first[:] = 0
            self.second[:] = 0
            self.state[kernels.SINCE] = self.state[kernels.STEP]

    def train(self, steps: int, spread: Spread | None = None, lanes: int = 1) -> None:
        """Train every living run that many steps without the GIL; `spread` may train groups of runs at a time.

        The runs do not depend on each other, so the result is the same bit for bit.
        """
        runs = len(self.settings.runs)
        if spread is not None and runs < lanes and self.plans[:, 0, SPLIT].any():
            self._train_in_halves(steps, spread)
            return
        groups = shares(runs, lanes if spread is not None else 1)
        self._add_lanes(len(groups))
        courses = [(self.order, self.state, self.history.places)]
        courses += [tuple(part.copy() for part in courses[0]) for _ in groups[1:]]  # type: ignore[misc]

        def one(lane: int) -> None:
            self._train(groups[lane], self._lanes[lane], *courses[lane], steps)

        list((spread or map)(one, range(len(groups))))

    def _train_in_halves(self, steps: int, spread: Any) -> None:
        """Two threads at the same runs: the first trains, the second takes halves of its batches."""
        self._add_lanes(2)
        lead, help_ = self._lanes[:2]
        lead.team[:] = 0

        def one(lane: int) -> None:
            if lane == 0:
                try:
                    self._train(slice(None), lead, self.order, self.state, self.history.places, steps)
                finally:
                    lead.team[STOP] = 1
            else:
                kernels.assist(
                    self.code, self.plans, self.theta, self.params, self.running, self.counts, self.loss.code,
                    lead.batch_x, lead.batch_y, help_.values, help_.spread, help_.deltas, lead.other, lead.team,
                )  # fmt: skip

        list(spread(one, range(2)))

    def _add_lanes(self, count: int) -> None:
        while len(self._lanes) < count:
            self._lanes.append(Lane(self.shape, self._rows, self.dtype))

    def _train(
        self, runs: slice, lane: Lane, order: Array, state: Array, places: Array, steps: int,
        moment: Moment | None = None,
    ) -> None:  # fmt: skip
        """Train some runs: this stack's, or those of a moment."""
        of = self if moment is None else moment
        kernels.train(
            self.code, self.plans[runs], of.theta[runs], self.params[runs], of.running[runs], of.first[runs],
            of.second[runs], self.optimizers[runs], self.hyper[runs], self.counts[runs], self.loss.code,
            self.settings.training.batch_size, self.settings.network.seed, self.x, self.y, self.x_test, self.y_test,
            order, state, of.fate[runs], places, self.history.values[runs], lane.values, lane.spread, lane.deltas,
            lane.grad, lane.other, lane.team, lane.batch_x, lane.batch_y, of.ratios[runs], self.held[runs],
            self.kept[runs], steps,
        )  # fmt: skip

    def note(self, places: Array, values: Array) -> None:
        """Evaluate all runs now, as the next point of places (points, 3) and values (runs, points, 4)."""
        lane = self._lanes[0]
        kernels.note(
            self.code, self.plans, self.theta, self.params, self.running, self.loss.code, self.x, self.y, self.x_test,
            self.y_test, self.fate, self.state, places, values, lane.values, lane.spread,
        )  # fmt: skip

    def probe(self, run: int, points: Array, from_layer: int) -> Array:
        """What every neuron from `from_layer` on passes on at points (points, inputs): (neurons, points)."""
        lane = self._lanes[0]
        out = np.empty((self.shape.neurons - self.shape.offsets[from_layer], len(points)), self.dtype)
        kernels.probe(
            self.code, self.plans[run], self.theta[run], self.params[run], self.running[run], self.loss.code,
            points, from_layer, lane.values, lane.spread, out,
        )  # fmt: skip
        return out

    def inspect(self, run: int, samples: int, out: Array, gradients: Array) -> None:
        """out (3, neurons, samples): z, activity and slopes on the first training samples; gradients by z, float64."""
        lane = self._lanes[0]
        kernels.inspect(
            self.code, self.plans[run], self.theta[run], self.params[run], self.running[run], self.loss.code,
            self.x[:samples], self.y[:samples], lane.values, lane.spread, lane.deltas, lane.grad, out, gradients,
        )  # fmt: skip

    def distribute(self, run: int, out: Array, gradients: Array, edges: Array, counts: Array) -> None:
        """counts (4, layers, bins) of a run, from what `inspect` has filled: see kernel_measure.py."""
        kernels.distribute(self.plans[run], self.theta[run], out, gradients, edges, counts)

    def offsets(self, run: int, theta: Array) -> Array:
        """What is added just before each activation, (neurons,): shifts of normalised layers, biases of others."""
        shape, norms = self.shape, self.plans[run, :, NORM]
        parts = [(shape.shift if norms[layer] else shape.biases)(theta, layer) for layer in range(shape.layers - 1)]
        return np.concatenate([*parts, shape.biases(theta, shape.layers - 1)])

    def hold(self, run: int, places: Array) -> None:
        """From now on these places in a run's theta stay as they are."""
        most = max(len(places), self.held.shape[1])
        for name, fill in (("held", -1), ("kept", 0)):
            old = getattr(self, name)
            new = np.full((len(old), most), fill, old.dtype)
            new[:, : old.shape[1]] = old
            setattr(self, name, new)
        self.held[run], self.kept[run] = -1, 0
        self.held[run, : len(places)], self.kept[run, : len(places)] = places, self.theta[run, places]

    def multiply_rates(self, factors: Array) -> None:
        """From now on the learning rate of each run is that of the settings times its factor, (runs,)."""
        self._factors = factors
        self._fill_hyper()

    def moment(self) -> Moment:
        """A copy of what training changes."""
        parts = (self.running, self.fate, self.ratios, self.order, self.state)
        step, theta = int(self.state[kernels.STEP]), self.theta.copy()
        return Moment(step, theta, kept(self.first), kept(self.second), *(part.copy() for part in parts))

    def take_over(self, moment: Moment) -> None:
        """Be where another stack of as many runs was; the place in the history stays this one's own."""
        own = self.state[HISTORY].copy()
        for name in ("theta", "first", "second", "running", "fate", "ratios", "order", "state"):
            getattr(self, name)[:] = getattr(moment, name)
        self.state[HISTORY] = own

    def still(self) -> None:
        """Record no history from here on."""
        self.state[STRIDE] = NEVER

    def rehearse(self, moment: Moment, run: int, steps: int) -> Moment:
        """Train one run from a copy of a moment under the present settings; this stack does not move."""
        now = moment.writable()
        # The history is another matter.
        now.state[STRIDE] = NEVER
        self._train(slice(run, run + 1), self._lanes[0], now.order, now.state, self.history.places, steps, now)
        return replace(now, step=int(now.state[kernels.STEP]))

    def measure(self, run: int, samples: int, table: Array, norms: Array, moment: Moment | None = None) -> None:
        """Fill the table of neurons and the gradient norms over the first `samples` training samples, now or then."""
        lane, then = self._lanes[0], self if moment is None else moment
        kernels.measure(
            self.code, self.plans[run], then.theta[run], self.params[run], then.running[run], self.steepest[run],
            self.loss.code, self.x[:samples], self.y[:samples], lane.values, lane.spread, lane.deltas, lane.grad,
            table, norms,
        )  # fmt: skip

    def _place(self, like: "Stack | None") -> None:
        """Lay the data and the network out as the kernels want them: writable, contiguous, of one type."""
        data, runs, shape = self.dataset, len(self.settings.runs), self.shape
        parts = (data.x_train, data.x_test, data.y_test)
        self.shared: list[Array] = [part.astype(self.dtype) for part in parts] if like is None else like.shared
        self.x, self.x_test, self.y_test = self.shared
        self.y = self._targets()
        self.code = np.array(code(self.dtype.name), np.int64)
        self.plans = np.zeros((runs, shape.layers, COLUMNS), np.int64)
        self.theta = np.zeros((runs, shape.total), self.dtype)
        self.first, self.second = np.zeros_like(self.theta), np.zeros_like(self.theta)
        self.counts = np.zeros(runs, np.int64)
        self.running = np.zeros((runs, 2, shape.neurons), self.dtype)
        self.params = np.zeros((runs, shape.layers * PARAMETERS), self.dtype)
        self.steepest = np.ones((runs, shape.layers), self.dtype)
        self.order = np.zeros(len(self.x), np.int64)
        self.ratios = np.full((runs, shape.layers), np.nan, np.float32)
        self.fate = np.full((runs, 2), -1, np.int64)
        self.held, self.kept = np.full((runs, 0), -1), np.zeros((runs, 0), self.dtype)
        self.optimizers = np.zeros(runs, np.int64)
        self.hyper = np.zeros((runs, HYPER), self.dtype)
        self._factors = np.ones(runs)
        self._make_room()

    def _make_room(self) -> None:
        """Scratch memory for the largest batch or chunk."""
        self._rows = Lane.rows(self.settings.training.batch_size, len(self.x))
        self._lanes = [Lane(self.shape, self._rows, self.dtype)]

    def _targets(self) -> Array:
        """The training targets with the label noise of the settings."""
        share, seed = self.settings.training.label_noise, self.settings.network.seed
        noisy = with_label_noise(self.dataset.y_train, share, seed, self.dataset.task)
        return noisy.astype(self.dtype)

    def _begin(self) -> None:
        """What the settings say of the runs, and an empty history."""
        self._fill_plans(None)
        self._fill_hyper()
        self.state = np.zeros(kernels.STATE, np.int64)
        scored, runs = self.dataset.task != "regression", len(self.settings.runs)
        self.history = Recorder(runs, self.state, self.shape.parameters, self._batches(), scored)

    def _start(self) -> None:
        """Step 0: the shared draws, scaled by each run's initialiser, and the first point of history."""
        shared = draws(self.shape, self.settings.network.seed)
        for row, run in enumerate(self.settings.runs):
            self.theta[row, : self.shape.parameters] = initial(self.shape, run.initializer, shared, self.dtype)
            for layer in range(self.shape.layers - 1):
                self.shape.gain(self.theta[row], layer)[:] = 1
        self._settle()
        self.note(self.history.places, self.history.values)

    def _settle(self) -> None:
        """Running statistics start as those of the first samples, so that evaluation means something at step 0."""
        lane = self._lanes[0]
        for run in np.flatnonzero(self.plans[:, 0, NORM] == BATCH_NORM):
            kernels.settle(
                self.code, self.plans[run], self.theta[run], self.params[run], self.running[run],
                self.x[: kernels.CHUNK], lane.values, lane.spread,
            )  # fmt: skip

    def _batches(self) -> float:
        """How many batches the training and test data make."""
        return (len(self.x) + len(self.x_test)) / self.settings.training.batch_size

    def _fill_plans(self, before: Settings | None) -> None:
        """Activations and kinds of layer; a learned slope starts where the settings say, or newly say, it does."""
        for row in range(len(self.settings.runs)):
            model = model_of(self.shape, self.settings, row)
            self.plans[row] = plan(model, self.dtype)
            self.params[row] = activation_parameters(model)
            self.counts[row] = model.used
            for layer, activation in enumerate(model.activations):
                self.steepest[row, layer] = _max_slope(activation)
                old = before.runs[row].activation_of(layer) if before is not None else None
                learning = isinstance(old, PReLU) and old.slope == getattr(activation, "slope", None)
                if isinstance(activation, PReLU) and not learning:
                    self.theta[row, self.shape.slopes[layer]] = activation.slope

    def _fill_hyper(self) -> None:
        """Copy what applies without a restart into the kernel's arrays."""
        training = self.settings.training
        for row, run in enumerate(self.settings.runs):
            self.hyper[row] = hyper(training, run)
            self.hyper[row, RATE] *= self._factors[row]
            self.optimizers[row] = training.optimizer.code


@lru_cache(256)
def _max_slope(activation: Activation) -> float:
    """The largest abs f′, looked for once: every restart asks for it in every layer."""
    return activation.max_slope
