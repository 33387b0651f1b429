"""What a data set is: a source that draws samples, and the split, standardised arrays it gives.

A source is a value (its parameters and a seed); `load` turns it into arrays. The same source gives the
same arrays, bit for bit.
"""

import importlib
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np

from reluviz.core.param import Described, Integer, Number

Array = np.ndarray[Any, np.dtype[Any]]

# A test sample may lie any number of deviations off; its square must fit into float32.
FARTHEST = 1e9

Samples = Annotated[
    int, Integer("Samples", 20, 20_000, "How many samples to use, training and test together.", log=True)
]
Noise = Annotated[
    float, Number("Noise", 0.0, 1.0, "The standard deviation of the random shift of every sample.", decimals=3)
]
Share = Annotated[float, Number("Test share", 0.1, 0.9, "The share of the samples held back for testing.", decimals=2)]
Seed = Annotated[int, Integer("Data seed", 0, 2**31 - 1, "Picks the samples, their noise and the split.")]


@dataclass(frozen=True, slots=True)
class Dataset:
    """The samples of a source, split and standardised; float32, read-only.

    Shapes: x (samples, inputs); y (samples, outputs), one-hot for several classes, 0 or 1 for two, a value for
    regression; labels (samples,) int64 class numbers, or an empty array for regression.
    `target_center` and `target_scale` turn a regression output back into its unit.
    """

    key: str
    title: str
    task: str
    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array
    labels_train: Array
    labels_test: Array
    input_names: tuple[str, ...]
    target_name: str
    class_names: tuple[str, ...]
    target_center: float = 0.0
    target_scale: float = 1.0
    image_shape: tuple[int, int] | None = None

    @property
    def inputs(self) -> int:
        """The number of inputs."""
        return int(self.x_train.shape[1])

    @property
    def outputs(self) -> int:
        """The number of network outputs."""
        return int(self.y_train.shape[1])


@dataclass(slots=True)
class Raw:
    """What a source draws before the split: x (samples, inputs) and y, class numbers or values."""

    x: Array
    y: Array
    input_names: tuple[str, ...]
    target_name: str = "y"
    class_names: tuple[str, ...] = ()
    scale_target: bool = False
    image_shape: tuple[int, int] | None = None
    task: str = ""


class DataSource(Described, frozen=True, tag_field="name"):
    """What every source tells of itself."""

    key: ClassVar[str]
    title: ClassVar[str]
    task: ClassVar[str]
    samples: Samples = 400
    noise: Noise = 0.1
    test_fraction: Share = 0.25
    seed: Seed = 1

    @property
    def label(self) -> str:
        """What people call this source: its title, or the name of its file."""
        return self.title

    def draw(self, rng: np.random.Generator) -> Raw:
        """Draw the samples."""
        raise NotImplementedError

    def load(self) -> Dataset:
        """Draw, shuffle, split and standardise (by the training samples alone)."""
        rng = np.random.default_rng([self.seed, 0])
        return _prepare(self, self.draw(rng), np.random.default_rng([self.seed, 1]))


def scikit_learn() -> Any:
    """The module sklearn.datasets."""
    # scikit-learn costs most of a second to import and only these sets need it.
    return importlib.import_module("sklearn.datasets")


def _prepare(source: DataSource, raw: Raw, rng: np.random.Generator) -> Dataset:
    order = rng.permutation(len(raw.x))
    tested = min(max(1, round(source.test_fraction * len(order))), len(order) - 1)
    test, train = np.sort(order[:tested]), np.sort(order[tested:])
    center, scale = _units(raw.x[train])
    x = np.clip((raw.x - center) / scale, -FARTHEST, FARTHEST)
    labels = raw.y.astype(np.int64) if raw.class_names else np.zeros(0, np.int64)
    middle, unit = 0.0, 1.0
    if raw.scale_target:
        middle, unit = (float(value) for value in _units(raw.y[train]))
    task = raw.task or source.task
    y = _targets(task, raw, middle, unit)
    return Dataset(
        key=source.key,
        title=source.label,
        task=task,
        x_train=_frozen(x[train], np.float32),
        y_train=_frozen(y[train], np.float32),
        x_test=_frozen(x[test], np.float32),
        y_test=_frozen(y[test], np.float32),
        labels_train=_frozen(labels[train] if len(labels) else labels, np.int64),
        labels_test=_frozen(labels[test] if len(labels) else labels, np.int64),
        input_names=raw.input_names,
        target_name=raw.target_name,
        class_names=raw.class_names,
        target_center=middle,
        target_scale=unit,
        image_shape=raw.image_shape,
    )


def _targets(task: str, raw: Raw, center: float, unit: float) -> Array:
    if task == "classes":
        return np.eye(len(raw.class_names))[raw.y]
    return np.clip((raw.y - center) / unit, -FARTHEST, FARTHEST)[:, None]


def _units(values: Array) -> tuple[Array, Array]:
    """The mean and standard deviation of values (samples,) or of their columns; a constant column keeps its unit."""
    mean, scale = values.mean(axis=0), values.std(axis=0)
    # The mean of equal numbers is rounded, so their deviation need not be exactly zero.
    constant = (values.min(axis=0) == values.max(axis=0)) | ~(scale > 0)
    return np.where(constant, values[0], mean), np.where(constant, 1.0, scale)


def _frozen(array: Array, dtype: Any) -> Array:
    copy: Array = np.array(array, dtype=dtype, order="C")
    copy.setflags(write=False)
    return copy
