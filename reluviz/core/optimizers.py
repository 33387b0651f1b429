"""Optimisers: the readable update beside the name; the compiled twin is kernel_updates.py.

An optimiser holds settings, not history: state comes in and goes out.
"""

from typing import Annotated, Any, ClassVar

import numpy as np

from reluviz.core.catalog import Catalog
from reluviz.core.param import Described, Number, parameters

Array = np.ndarray[Any, np.dtype[Any]]


class Optimizer(Described, frozen=True, tag_field="name"):
    """What every optimiser tells of itself; `code` is its case in the kernel."""

    key: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    code: ClassVar[int]

    def step(self, theta: Array, grad: Array, first: Array, second: Array, rate: float, count: int) -> None:
        """Update theta and the two moment buffers in place; `count` is 1 for the first update."""
        raise NotImplementedError

    def values(self) -> tuple[float, ...]:
        """The parameters in the order in which the kernel reads them."""
        return tuple(float(getattr(self, p.name)) for p in parameters(type(self)))


class SGD(Optimizer, frozen=True, tag="sgd"):
    """Stochastic gradient descent: a small step downhill on every batch."""

    key: ClassVar[str] = "sgd"
    title: ClassVar[str] = "SGD"
    formula: ClassVar[str] = "θ ← θ - η g"
    code: ClassVar[int] = 0

    def step(self, theta: Array, grad: Array, first: Array, second: Array, rate: float, count: int) -> None:
        theta -= rate * grad


class Momentum(Optimizer, frozen=True, tag="momentum"):
    """Gradient descent with inertia: past gradients keep pushing (Polyak 1964)."""

    key: ClassVar[str] = "momentum"
    title: ClassVar[str] = "Momentum"
    formula: ClassVar[str] = "v ← μ v + g,  θ ← θ - η v"
    code: ClassVar[int] = 1
    momentum: Annotated[float, Number("Momentum μ", 0.0, 0.999, "The share of the velocity kept at each step.")] = 0.9

    def step(self, theta: Array, grad: Array, first: Array, second: Array, rate: float, count: int) -> None:
        first *= self.momentum
        first += grad
        theta -= rate * first


class Adam(Optimizer, frozen=True, tag="adam"):
    """Scales every weight's step by its own recent gradients (Kingma & Ba 2015)."""

    key: ClassVar[str] = "adam"
    title: ClassVar[str] = "Adam"
    formula: ClassVar[str] = "θ ← θ - η m̂ / (√v̂ + ε)"
    code: ClassVar[int] = 2
    beta1: Annotated[float, Number("β₁", 0.0, 0.999, "How long the mean of the gradient remembers.")] = 0.9
    beta2: Annotated[float, Number("β₂", 0.0, 0.9999, "How long the mean square remembers.")] = 0.999
    epsilon: Annotated[
        float, Number("ε", 1e-10, 1e-2, "Keeps the division finite.", log=True, decimals=10)
    ] = 1e-8

    def step(self, theta: Array, grad: Array, first: Array, second: Array, rate: float, count: int) -> None:
        first[:] = self.beta1 * first + (1 - self.beta1) * grad
        second[:] = self.beta2 * second + (1 - self.beta2) * grad**2
        mean = first / (1 - self.beta1**count)
        square = second / (1 - self.beta2**count)
        theta -= rate * mean / (np.sqrt(square) + self.epsilon)


OPTIMIZERS: Catalog[type[Optimizer]] = Catalog("optimiser", SGD, Momentum, Adam)
