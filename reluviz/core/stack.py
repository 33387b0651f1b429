"""The stacked arrays of all runs, laid out as the kernels want them."""

from typing import Any

import numpy as np

from reluviz.core import kernels
from reluviz.core.datasets import Dataset
from reluviz.core.history import Recorder
from reluviz.core.losses import LOSSES, Loss
from reluviz.core.network import Shape
from reluviz.core.settings import Settings, check_loss, fitting_losses
from reluviz.core.start import draws, initial

Array = np.ndarray[Any, np.dtype[Any]]
HYPER = 8
PARAMETERS = 4


class Stack:
    """Data, parameters, optimiser state and scratch memory of all runs; first axis: the run."""

    def __init__(self, settings: Settings, dataset: Dataset) -> None:
        self.settings = settings
        self.dataset = dataset
        self.loss: Loss = LOSSES[_loss_key(settings, dataset.task)]
        self.shape = Shape((dataset.inputs, *settings.network.hidden, dataset.outputs))
        self._place()
        self._start()

    def tune(self, settings: Settings) -> None:
        """Take over what applies without a restart; a new optimiser starts with empty moments."""
        before, self.settings = self.settings.training, settings
        self._fill_hyper()
        if settings.training.batch_size > before.batch_size:
            self._make_room()
        if settings.training.optimizer != before.optimizer:
            self.first[:] = 0
            self.second[:] = 0
            self.state[kernels.SINCE] = self.state[kernels.STEP]

    def train(self, steps: int) -> None:
        """Train every living run that many steps, in one call without the GIL."""
        kernels.train(
            self.sizes, self.starts, self.offsets, self.theta, self.first, self.second, self.codes, self.params,
            self.optimizers, self.hyper, self.loss.code, self.settings.training.batch_size,
            self.settings.network.seed, self.x, self.y, self.x_test, self.y_test, self.order, self.state, self.fate,
            self.history.places, self.history.values, self.values, self.deltas, self.grad, self.batch_x, self.batch_y,
            self.ratios, steps,
        )  # fmt: skip

    def note(self, places: Array, values: Array) -> None:
        """Evaluate all runs now, as the next point of places (points, 3) and values (runs, points, 4)."""
        kernels.note(
            self.sizes, self.starts, self.offsets, self.theta, self.state, self.codes, self.params, self.loss.code,
            self.x, self.y, self.x_test, self.y_test, self.fate, places, values, self.values,
        )  # fmt: skip

    def probe(self, run: int, points: Array, from_layer: int) -> Array:
        """f(z) of every neuron from `from_layer` on at points (points, inputs): (neurons, points)."""
        out = np.empty((self.shape.neurons - int(self.offsets[from_layer]), len(points)), np.float32)
        kernels.probe(
            self.sizes, self.starts, self.offsets, self.theta[run], self.codes[run], self.params[run], self.loss.code,
            points, from_layer, self.values, self.deltas, out,
        )  # fmt: skip
        return out

    def measure(self, run: int, samples: int, table: Array, norms: Array) -> None:
        """Fill the table of neurons and the gradient norms over the first `samples` training samples."""
        kernels.measure(
            self.sizes, self.starts, self.offsets, self.theta[run], self.codes[run], self.params[run],
            self.steepest[run], self.loss.code, self.x[:samples], self.y[:samples], self.values, self.deltas,
            self.grad, table, norms,
        )  # fmt: skip

    def _place(self) -> None:
        """Lay the data and the network out as the kernels want them: writable, contiguous, float32."""
        data, runs = self.dataset, len(self.settings.runs)
        self.x, self.y = data.x_train.copy(), data.y_train.copy()
        self.x_test, self.y_test = data.x_test.copy(), data.y_test.copy()
        self.sizes = np.array(self.shape.sizes, np.int64)
        self.starts = np.array(self.shape.starts, np.int64)
        self.offsets = np.array(self.shape.offsets, np.int64)
        self.theta = np.zeros((runs, self.shape.parameters), np.float32)
        self.first, self.second = np.zeros_like(self.theta), np.zeros_like(self.theta)
        self.grad = np.zeros(self.shape.parameters, np.float32)
        self.order = np.zeros(len(self.x), np.int64)
        self.ratios = np.full((runs, self.shape.layers), np.nan, np.float32)
        self.fate = np.full((runs, 2), -1, np.int64)
        self.codes = np.zeros((runs, self.shape.layers), np.int64)
        self.params = np.zeros((runs, self.shape.layers, PARAMETERS), np.float32)
        self.steepest = np.ones((runs, self.shape.layers), np.float32)
        self.optimizers = np.zeros(runs, np.int64)
        self.hyper = np.zeros((runs, HYPER), np.float32)
        self._make_room()

    def _make_room(self) -> None:
        """Scratch memory for the largest batch or chunk."""
        rows = max(kernels.CHUNK, min(self.settings.training.batch_size, len(self.x)))
        widest = rows * max(self.shape.sizes)
        self.values = np.zeros((2, rows * self.shape.neurons), np.float32)
        self.deltas = np.zeros((4, max(widest, self.shape.parameters)), np.float32)
        self.batch_x = np.zeros(rows * self.dataset.inputs, np.float32)
        self.batch_y = np.zeros(rows * self.dataset.outputs, np.float32)

    def _start(self) -> None:
        """Step 0: the shared draws, scaled by each run's initialiser, and the first point of history."""
        shared = draws(self.shape, self.settings.network.seed)
        for row, run in enumerate(self.settings.runs):
            self.theta[row] = initial(self.shape, run.initializer, shared)
        self._fill_hyper()
        self.state = np.zeros(kernels.STATE, np.int64)
        scored = self.dataset.task != "regression"
        runs = len(self.settings.runs)
        self.history = Recorder(runs, self.state, self.shape.parameters, self._batches(), scored)
        self.note(self.history.places, self.history.values)

    def _batches(self) -> float:
        """How many batches the training and test data make."""
        return (len(self.x) + len(self.x_test)) / self.settings.training.batch_size

    def _fill_hyper(self) -> None:
        """Copy what applies without a restart into the kernel's arrays."""
        training = self.settings.training
        for row, run in enumerate(self.settings.runs):
            values = run.activation.values()
            self.codes[row, :-1] = run.activation.code
            self.params[row, :-1, : len(values)] = values
            self.steepest[row, :-1] = run.activation.max_slope
            rate = training.learning_rate if run.learning_rate is None else run.learning_rate
            own = training.optimizer.values()
            self.optimizers[row] = training.optimizer.code
            self.hyper[row, : 4 + len(own)] = (rate, training.l1, training.l2, training.clip_norm, *own)


def _loss_key(settings: Settings, task: str) -> str:
    """The loss in force; raises ValueError where the data, now that they are read, do not fit it."""
    fitting = fitting_losses(task)
    chosen = settings.training.loss
    if chosen == "auto":
        return fitting[0]
    check_loss(chosen, task, settings.data.key)
    return chosen
