"""Synthetic data sets in the plane and on a line."""

from typing import Annotated, Any, ClassVar

import numpy as np

from reluviz.core.datasource import DataSource, Raw, scikit_learn
from reluviz.core.param import Number

Array = np.ndarray[Any, np.dtype[Any]]
PLANE = ("x₁", "x₂")


def _state(rng: np.random.Generator) -> int:
    return int(rng.integers(2**31 - 1))


class Circles(DataSource, frozen=True, tag="circles"):
    """A ring around a disc of points: no straight line separates them, one bent layer does."""

    key: ClassVar[str] = "circles"
    title: ClassVar[str] = "Circles"
    task: ClassVar[str] = "binary"

    def draw(self, rng: np.random.Generator) -> Raw:
        x, y = scikit_learn().make_circles(self.samples, noise=self.noise, factor=0.45, random_state=_state(rng))
        return Raw(x, y, PLANE, class_names=("outer", "inner"))


class XOR(DataSource, frozen=True, tag="xor"):
    """Four quadrants, opposite ones alike: the smallest problem that a linear model cannot solve."""

    key: ClassVar[str] = "xor"
    title: ClassVar[str] = "XOR"
    task: ClassVar[str] = "binary"

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

    def draw(self, rng: np.random.Generator) -> Raw:
        x, y = scikit_learn().make_moons(self.samples, noise=self.noise, random_state=_state(rng))
        return Raw(x, y, PLANE, class_names=("upper moon", "lower moon"))


class Plane(DataSource, frozen=True, tag="plane"):
    """A tilted plane: linear regression is the right answer, an activation is not needed."""

    key: ClassVar[str] = "plane"
    title: ClassVar[str] = "Plane"
    task: ClassVar[str] = "regression"

    def draw(self, rng: np.random.Generator) -> Raw:
        x = rng.uniform(-1, 1, (self.samples, 2))
        return Raw(x, 0.5 * (x[:, 0] + x[:, 1]) + self.noise * rng.standard_normal(self.samples), PLANE)


class MultiGaussian(DataSource, frozen=True, tag="multi_gaussian"):
    """Six hills and valleys in the plane: a smooth target that bends everywhere."""

    key: ClassVar[str] = "multi_gaussian"
    title: ClassVar[str] = "Multi-Gaussian"
    task: ClassVar[str] = "regression"

    def draw(self, rng: np.random.Generator) -> Raw:
        x = rng.uniform(-1, 1, (self.samples, 2))
        angles = np.arange(6) * np.pi / 3
        hills = 0.65 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        distance = ((x[:, None, :] - hills) ** 2).sum(axis=2)
        y = (np.exp(-distance / 0.08) * np.where(np.arange(6) % 2 == 0, 1.0, -1.0)).sum(axis=1)
        return Raw(x, y + self.noise * rng.standard_normal(self.samples), PLANE)


class _Line(DataSource, frozen=True):
    task: ClassVar[str] = "regression"
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
