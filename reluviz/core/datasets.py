"""Data sets: each names its task and draws its samples; all inputs come out standardised.

A source is a value (its parameters and a seed); `load` turns it into arrays. The same source gives the
same arrays, bit for bit.
"""

import importlib
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np

from reluviz.core.catalog import Catalog
from reluviz.core.param import Described, Integer, Number

Array = np.ndarray[Any, np.dtype[Any]]

Samples = Annotated[int, Integer("Samples", 20, 20_000, "How many samples to use, training and test together.", log=True)]
Noise = Annotated[float, Number("Noise", 0.0, 1.0, "The standard deviation of the random shift of every sample.", decimals=3)]
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


class DataSource(Described, frozen=True, tag_field="name"):
    """What every source tells of itself."""

    key: ClassVar[str]
    title: ClassVar[str]
    task: ClassVar[str]
    dimension: ClassVar[int]
    samples: Samples = 400
    noise: Noise = 0.1
    test_fraction: Share = 0.25
    seed: Seed = 1

    def draw(self, rng: np.random.Generator) -> Raw:
        """Draw the samples."""
        raise NotImplementedError

    def load(self) -> Dataset:
        """Draw, shuffle, split and standardise (by the training samples alone)."""
        rng = np.random.default_rng([self.seed, 0])
        return _prepare(self, self.draw(rng), np.random.default_rng([self.seed, 1]))


class Circles(DataSource, frozen=True, tag="circles"):
    """A ring around a disc of points: no straight line separates them, one bent layer does."""

    key: ClassVar[str] = "circles"
    title: ClassVar[str] = "Circles"
    task: ClassVar[str] = "binary"
    dimension: ClassVar[int] = 2

    def draw(self, rng: np.random.Generator) -> Raw:
        x, y = _generators().make_circles(self.samples, noise=self.noise, factor=0.45, random_state=_state(rng))
        return Raw(x, y, PLANE, class_names=("outer", "inner"))


class XOR(DataSource, frozen=True, tag="xor"):
    """Four quadrants, opposite ones alike: the smallest problem that a linear model cannot solve."""

    key: ClassVar[str] = "xor"
    title: ClassVar[str] = "XOR"
    task: ClassVar[str] = "binary"
    dimension: ClassVar[int] = 2

    def draw(self, rng: np.random.Generator) -> Raw:
        x = rng.uniform(-1, 1, (self.samples, 2))
        y = (x[:, 0] * x[:, 1] > 0).astype(int)
        # A gap along the axes keeps the noise-free problem separable.
        x += 0.08 * np.sign(x) + self.noise * rng.standard_normal(x.shape)
        return Raw(x, y, PLANE, class_names=("unlike signs", "like signs"))


class Gaussians(DataSource, frozen=True, tag="gaussians"):
    """Two clouds of points: a straight line is enough, so every activation manages."""

    key: ClassVar[str] = "gaussians"
    title: ClassVar[str] = "Two Gaussians"
    task: ClassVar[str] = "binary"
    dimension: ClassVar[int] = 2

    def draw(self, rng: np.random.Generator) -> Raw:
        y = np.arange(self.samples) % 2
        centers = np.array([[-1.0, -1.0], [1.0, 1.0]])
        x = centers[y] + (0.4 + self.noise) * rng.standard_normal((self.samples, 2))
        return Raw(x, y, PLANE, class_names=("lower", "upper"))


class Spiral(DataSource, frozen=True, tag="spiral"):
    """Two arms wound around each other: the network must bend its boundary again and again."""

    key: ClassVar[str] = "spiral"
    title: ClassVar[str] = "Spiral"
    task: ClassVar[str] = "binary"
    dimension: ClassVar[int] = 2
    turns: Annotated[float, Number("Turns", 0.25, 3.0, "How often each arm winds around the centre.", decimals=2)] = 1.0

    def draw(self, rng: np.random.Generator) -> Raw:
        y = np.arange(self.samples) % 2
        radius = np.sqrt(rng.uniform(0.02, 1.0, self.samples))
        angle = 2 * np.pi * self.turns * radius + np.pi * y
        x = 3 * radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        x += self.noise * rng.standard_normal(x.shape)
        return Raw(x, y, PLANE, class_names=("arm A", "arm B"))


class Moons(DataSource, frozen=True, tag="moons"):
    """Two half moons that reach into each other."""

    key: ClassVar[str] = "moons"
    title: ClassVar[str] = "Moons"
    task: ClassVar[str] = "binary"
    dimension: ClassVar[int] = 2

    def draw(self, rng: np.random.Generator) -> Raw:
        x, y = _generators().make_moons(self.samples, noise=self.noise, random_state=_state(rng))
        return Raw(x, y, PLANE, class_names=("upper moon", "lower moon"))


class Plane(DataSource, frozen=True, tag="plane"):
    """A tilted plane: linear regression is the right answer, an activation is not needed."""

    key: ClassVar[str] = "plane"
    title: ClassVar[str] = "Plane"
    task: ClassVar[str] = "regression"
    dimension: ClassVar[int] = 2

    def draw(self, rng: np.random.Generator) -> Raw:
        x = rng.uniform(-1, 1, (self.samples, 2))
        return Raw(x, 0.5 * (x[:, 0] + x[:, 1]) + self.noise * rng.standard_normal(self.samples), PLANE)


class MultiGaussian(DataSource, frozen=True, tag="multi_gaussian"):
    """Six hills and valleys in the plane: a smooth target that bends everywhere."""

    key: ClassVar[str] = "multi_gaussian"
    title: ClassVar[str] = "Multi-Gaussian"
    task: ClassVar[str] = "regression"
    dimension: ClassVar[int] = 2

    def draw(self, rng: np.random.Generator) -> Raw:
        x = rng.uniform(-1, 1, (self.samples, 2))
        angles = np.arange(6) * np.pi / 3
        hills = 0.65 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        distance = ((x[:, None, :] - hills) ** 2).sum(axis=2)
        y = (np.exp(-distance / 0.08) * np.where(np.arange(6) % 2 == 0, 1.0, -1.0)).sum(axis=1)
        return Raw(x, y + self.noise * rng.standard_normal(self.samples), PLANE)


class _Line(DataSource, frozen=True):
    task: ClassVar[str] = "regression"
    dimension: ClassVar[int] = 1
    span: ClassVar[float] = np.pi

    def curve(self, x: Array) -> Array:
        """The target without noise."""
        raise NotImplementedError

    def draw(self, rng: np.random.Generator) -> Raw:
        x = rng.uniform(-self.span, self.span, (self.samples, 1))
        y = self.curve(x[:, 0]) + self.noise * rng.standard_normal(self.samples)
        return Raw(x, y, ("x",))


class Sine(_Line, frozen=True, tag="sine"):
    """One period of the sine: watch straight pieces become a wave."""

    key: ClassVar[str] = "sine"
    title: ClassVar[str] = "Sine"

    def curve(self, x: Array) -> Array:
        return np.asarray(np.sin(x))


class Abs(_Line, frozen=True, tag="abs"):
    """The absolute value: two ReLU neurons are an exact answer, a dead network gives a constant (Lu et al. 2020)."""

    key: ClassVar[str] = "abs"
    title: ClassVar[str] = "|x|"
    span: ClassVar[float] = float(np.sqrt(3.0))

    def curve(self, x: Array) -> Array:
        return np.abs(x)


class Step(_Line, frozen=True, tag="step"):
    """A jump: a saturating activation fits it with one neuron, ReLU needs a steep ramp."""

    key: ClassVar[str] = "step"
    title: ClassVar[str] = "Step"
    span: ClassVar[float] = 2.0

    def curve(self, x: Array) -> Array:
        return (x > 0).astype(float)


class XSin5X(_Line, frozen=True, tag="x_sin_5x"):
    """x · sin(5x): a wave that grows, hard for small networks (Lu et al. 2020)."""

    key: ClassVar[str] = "x_sin_5x"
    title: ClassVar[str] = "x · sin(5x)"
    span: ClassVar[float] = float(np.sqrt(3.0))

    def curve(self, x: Array) -> Array:
        return np.asarray(x * np.sin(5 * x))


class _Real(DataSource, frozen=True):
    """A table that comes with scikit-learn; `samples` keeps at most that many, `noise` blurs the inputs."""

    loader: ClassVar[str]
    samples: Samples = 20_000
    noise: Noise = 0.0

    def draw(self, rng: np.random.Generator) -> Raw:
        bunch = getattr(_generators(), self.loader)()
        chosen = np.sort(rng.permutation(len(bunch.data))[: self.samples])
        x = np.asarray(bunch.data, dtype=np.float64)[chosen]
        spread = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
        x = x + self.noise * spread * rng.standard_normal(x.shape)
        names = tuple(str(name) for name in getattr(bunch, "feature_names", ()))
        if self.task == "regression":
            return Raw(x, bunch.target[chosen].astype(float), names, "disease progression", scale_target=True)
        classes = tuple(str(name) for name in bunch.target_names)
        image = (8, 8) if self.key == "digits" else None
        return Raw(x, bunch.target[chosen], names, "class", classes, image_shape=image)


class Digits(_Real, frozen=True, tag="digits"):
    """1797 handwritten digits, 8 × 8 grey pixels, 10 classes (Alpaydin & Kaynak 1998)."""

    key: ClassVar[str] = "digits"
    title: ClassVar[str] = "Digits"
    task: ClassVar[str] = "classes"
    dimension: ClassVar[int] = 64
    loader: ClassVar[str] = "load_digits"


class Iris(_Real, frozen=True, tag="iris"):
    """150 flowers, 4 lengths, 3 species (Fisher 1936)."""

    key: ClassVar[str] = "iris"
    title: ClassVar[str] = "Iris"
    task: ClassVar[str] = "classes"
    dimension: ClassVar[int] = 4
    loader: ClassVar[str] = "load_iris"


class Wine(_Real, frozen=True, tag="wine"):
    """178 wines, 13 chemical measures, 3 growers (Forina et al. 1988)."""

    key: ClassVar[str] = "wine"
    title: ClassVar[str] = "Wine"
    task: ClassVar[str] = "classes"
    dimension: ClassVar[int] = 13
    loader: ClassVar[str] = "load_wine"


class BreastCancer(_Real, frozen=True, tag="breast_cancer"):
    """569 tumours, 30 measures of their cell nuclei, malignant or benign (Street et al. 1993)."""

    key: ClassVar[str] = "breast_cancer"
    title: ClassVar[str] = "Breast cancer"
    task: ClassVar[str] = "binary"
    dimension: ClassVar[int] = 30
    loader: ClassVar[str] = "load_breast_cancer"


class Diabetes(_Real, frozen=True, tag="diabetes"):
    """442 patients, 10 measures, the progression of diabetes after a year (Efron et al. 2004)."""

    key: ClassVar[str] = "diabetes"
    title: ClassVar[str] = "Diabetes"
    task: ClassVar[str] = "regression"
    dimension: ClassVar[int] = 10
    loader: ClassVar[str] = "load_diabetes"


PLANE = ("x₁", "x₂")

DATASETS: Catalog[type[DataSource]] = Catalog(
    "data set",
    Circles,
    XOR,
    Gaussians,
    Spiral,
    Moons,
    Plane,
    MultiGaussian,
    Sine,
    Abs,
    Step,
    XSin5X,
    Digits,
    Iris,
    Wine,
    BreastCancer,
    Diabetes,
)


def _generators() -> Any:
    # scikit-learn costs most of a second to import and only these sets need it.
    return importlib.import_module("sklearn.datasets")


def _state(rng: np.random.Generator) -> int:
    return int(rng.integers(2**31 - 1))


def _prepare(source: DataSource, raw: Raw, rng: np.random.Generator) -> Dataset:
    order = rng.permutation(len(raw.x))
    tested = min(max(1, round(source.test_fraction * len(order))), len(order) - 1)
    test, train = np.sort(order[:tested]), np.sort(order[tested:])
    scale = raw.x[train].std(axis=0)
    x = (raw.x - raw.x[train].mean(axis=0)) / np.where(scale > 0, scale, 1.0)
    labels = raw.y.astype(np.int64) if raw.class_names else np.zeros(0, np.int64)
    center, unit = 0.0, 1.0
    if raw.scale_target:
        center, unit = float(raw.y[train].mean()), float(raw.y[train].std()) or 1.0
    y = _targets(source.task, raw, center, unit)
    return Dataset(
        source.key,
        source.title,
        source.task,
        *(_frozen(part[rows], np.float32) for rows in (train, test) for part in (x, y)),
        *(_frozen(labels[rows] if len(labels) else labels, np.int64) for rows in (train, test)),
        input_names=raw.input_names,
        target_name=raw.target_name,
        class_names=raw.class_names,
        target_center=center,
        target_scale=unit,
        image_shape=raw.image_shape,
    )


def _targets(task: str, raw: Raw, center: float, unit: float) -> Array:
    if task == "classes":
        return np.eye(len(raw.class_names))[raw.y]
    return ((raw.y - center) / unit)[:, None]


def _frozen(array: Array, dtype: type) -> Array:
    copy = np.ascontiguousarray(array, dtype=dtype)
    copy.setflags(write=False)
    return copy
