"""The workloads of `reluviz bench --peers`: which network learns which samples, and how fast we mean to be."""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.activations import Activation, ReLU
from reluviz.core.datasets import Digits, Spiral
from reluviz.core.datasource import Dataset, DataSource
from reluviz.core.optimizers import SGD, Optimizer
from reluviz.core.settings import Network, Run, Settings, Training

Array = np.ndarray[Any, np.dtype[Any]]
RATE = 0.05
STANDARD, PLAIN = ReLU(), SGD()


@dataclass(frozen=True, slots=True)
class Work:
    """A network with ReLU in its hidden layers, trained by plain SGD in float32; `times_jax` is our target.

    One output means logistic loss, ten mean softmax cross-entropy. `source` None means random numbers: the time of
    a large product does not depend on what is in it.
    """

    key: str
    hidden: tuple[int, ...]
    batch: int
    source: DataSource | None
    times_jax: float
    # More than one thread only slows small products down, most of all on a busy machine.
    parallel: bool = False

    def dataset(self) -> Dataset:
        """The samples that every peer learns: x (samples, inputs) and y (samples, outputs); whole batches only."""
        return _noise() if self.source is None else self.source.load()

    def settings(
        self, runs: int = 1, activation: Activation = STANDARD, optimizer: Optimizer = PLAIN, rate: float = RATE
    ) -> Settings:
        """The lab that trains this network; a second run differs from the first in nothing but its colour."""
        one = Run(activation=activation)
        return Settings(
            data=self.source or Digits(),
            network=Network(hidden=self.hidden),
            training=Training(optimizer=optimizer, learning_rate=rate, batch_size=self.batch),
            runs=tuple(one.evolve(color=color) for color in range(runs)),
        )


WORKS = {
    work.key: work
    for work in (
        Work("2-4-2-1", (4, 2), 10, Spiral(), 2.5),
        Work("2-8-8-8-1", (8, 8, 8), 10, Spiral(), 3.0),
        Work("2-[8]x6-1", (8,) * 6, 30, Spiral(), 2.0),
        # 1707 digits leave 1280 for training, which is 40 batches of 32.
        Work("64-64-64-10", (64, 64), 32, Digits(samples=1707), 1.1),
        Work("784-512-512-10", (512, 512), 128, None, 0.9, parallel=True),
    )
}
LARGE = "784-512-512-10"
SMALL = "2-8-8-8-1"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a peer is given: x (samples, inputs) and y (samples, outputs) in float32, batch size and start.

    `weights` are He-normal, one (inputs, units) array a layer; biases start at zero.
    """

    x: Array
    y: Array
    batch: int
    weights: tuple[Array, ...]

    @property
    def batches(self) -> int:
        """How many steps one epoch has."""
        return len(self.x) // self.batch

    @property
    def one_output(self) -> bool:
        """Whether the loss is logistic; softmax cross-entropy otherwise."""
        return bool(self.y.shape[1] == 1)


def problem(work: Work) -> Problem:
    """The arrays of a workload for a peer."""
    data, rng = work.dataset(), np.random.default_rng(1)
    sizes = (data.inputs, *work.hidden, data.outputs)
    weights = tuple(
        (rng.standard_normal(pair) * np.sqrt(2 / pair[0])).astype(np.float32) for pair in itertools.pairwise(sizes)
    )
    return Problem(data.x_train.copy(), data.y_train.copy(), work.batch, weights)


def _noise() -> Dataset:
    """2048 random samples of 784 inputs in ten random classes, and 128 to test."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal((2176, 784), dtype=np.float32)
    labels = rng.integers(0, 10, len(x))
    y = np.eye(10, dtype=np.float32)[labels]
    return Dataset(
        key="noise",
        title="Noise",
        task="classes",
        x_train=x[128:],
        y_train=y[128:],
        x_test=x[:128],
        y_test=y[:128],
        labels_train=labels[128:],
        labels_test=labels[:128],
        input_names=tuple(f"x{i}" for i in range(784)),
        target_name="class",
        class_names=tuple("0123456789"),
    )
