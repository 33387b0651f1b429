"""Optimisers: the readable update beside the name; the compiled twin is kernel_updates.py.

An optimiser holds settings, not history: state comes in and goes out. In the formulas g is the gradient, η the
learning rate, and m, v are the two moment buffers, which start at 0.
"""

from typing import Annotated, Any, ClassVar

import numpy as np

from reluviz.core.catalog import Catalog
from reluviz.core.param import Described, Number, parameters

Array = np.ndarray[Any, np.dtype[Any]]

_KEPT = "The share of the velocity kept at each step."
_MOMENTUM = Number("Momentum μ", 0.0, 0.999, _KEPT)
_BETA2 = Number("β₂", 0.0, 0.9999, "How long the mean square remembers.")
_FINITE = "Keeps the division finite."
_EPSILON = Number("ε", 1e-10, 1e-2, _FINITE, log=True, decimals=10)
_DECAY = Number(
    "Weight decay λ", 0.0, 1.0, "Shrinks every weight by this share of itself, times the learning rate.", decimals=6
)


class Optimizer(Described, frozen=True, tag_field="name"):
    """What every optimiser tells of itself; `code` is its case in the kernel.

    `learning_rate` is a rate that suits small networks, for a hint; nothing is trained with it unasked.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    code: ClassVar[int]
    learning_rate: ClassVar[float]

    @property
    def decay(self) -> float:
        """Decoupled weight decay λ: before each step every weight, no bias or gain, loses η λ of itself."""
        return 0.0

    def step(self, theta: Array, grad: Array, first: Array, second: Array, rate: float, count: int) -> None:
        """Update theta and the two moment buffers in place; `count` is 1 for the first update.

        The four arrays have one shape. Weight decay is not part of it: only the network knows its weights.
        """
        raise NotImplementedError

    def values(self) -> tuple[float, ...]:
        """The parameters that `step` reads, at most four, in the order in which the kernel reads them."""
        names = (parameter.name for parameter in parameters(type(self)))
        return tuple(float(getattr(self, name)) for name in names if name != "weight_decay")


class SGD(Optimizer, frozen=True, tag="sgd"):
    """Stochastic gradient descent: a small step downhill on every batch."""

    key: ClassVar[str] = "sgd"
    title: ClassVar[str] = "SGD"
    formula: ClassVar[str] = "θ ← θ - η g"
    code: ClassVar[int] = 0
    learning_rate: ClassVar[float] = 0.1

    def step(self, theta: Array, grad: Array, first: Array, second: Array, rate: float, count: int) -> None:
        theta -= rate * grad


class Momentum(Optimizer, frozen=True, tag="momentum"):
    """Gradient descent with inertia: past gradients keep pushing (Polyak 1964)."""

    key: ClassVar[str] = "momentum"
    title: ClassVar[str] = "Momentum"
    formula: ClassVar[str] = "v ← μ v + g,  θ ← θ - η v"
    code: ClassVar[int] = 1
    learning_rate: ClassVar[float] = 0.01
    momentum: Annotated[float, _MOMENTUM] = 0.9

    def step(self, theta: Array, grad: Array, first: Array, second: Array, rate: float, count: int) -> None:
        first *= self.momentum
        first += grad
        theta -= rate * first


class Nesterov(Optimizer, frozen=True, tag="nesterov"):
    """Momentum that looks ahead: the step adds where the velocity will lead (Sutskever et al. 2013)."""

    key: ClassVar[str] = "nesterov"
    title: ClassVar[str] = "Nesterov"
    formula: ClassVar[str] = "v ← μ v + g,  θ ← θ - η (g + μ v)"
    code: ClassVar[int] = 3
    learning_rate: ClassVar[float] = 0.01
    momentum: Annotated[float, _MOMENTUM] = 0.9

    def step(self, theta: Array, grad: Array, first: Array, second: Array, rate: float, count: int) -> None:
        first *= self.momentum
        first += grad
        theta -= rate * (grad + self.momentum * first)


class Adagrad(Optimizer, frozen=True, tag="adagrad"):
    """Gives every weight its own step, ever smaller the more its gradients add up (Duchi et al. 2011)."""

    key: ClassVar[str] = "adagrad"
    title: ClassVar[str] = "Adagrad"
    formula: ClassVar[str] = "v ← v + g²,  θ ← θ - η g / (√v + ε)"
    code: ClassVar[int] = 4
    learning_rate: ClassVar[float] = 0.1
    epsilon: Annotated[float, _EPSILON] = 1e-10

    def step(self, theta: Array, grad: Array, first: Array, second: Array, rate: float, count: int) -> None:
        second += grad**2
        theta -= rate * grad / (np.sqrt(second) + self.epsilon)


class RMSprop(Optimizer, frozen=True, tag="rmsprop"):
    """Divides every weight's gradient by its recent size, so that small ones count too (Hinton 2012)."""

    key: ClassVar[str] = "rmsprop"
    title: ClassVar[str] = "RMSprop"
    formula: ClassVar[str] = "v ← α v + (1 - α) g²,  θ ← θ - η g / (√v + ε)"
    code: ClassVar[int] = 5
    learning_rate: ClassVar[float] = 0.003
    alpha: Annotated[float, Number("α", 0.0, 0.9999, "How long the mean square remembers.")] = 0.99
    epsilon: Annotated[float, _EPSILON] = 1e-8

    def step(self, theta: Array, grad: Array, first: Array, second: Array, rate: float, count: int) -> None:
        second[:] = self.alpha * second + (1 - self.alpha) * grad**2
        theta -= rate * grad / (np.sqrt(second) + self.epsilon)


class Adam(Optimizer, frozen=True, tag="adam"):
    """Scales every weight's step by its own recent gradients (Kingma & Ba 2015)."""

    key: ClassVar[str] = "adam"
    title: ClassVar[str] = "Adam"
    formula: ClassVar[str] = "θ ← θ - η m̂ / (√v̂ + ε)"
    code: ClassVar[int] = 2
    learning_rate: ClassVar[float] = 0.01
    beta1: Annotated[float, Number("β₁", 0.0, 0.999, "How long the mean of the gradient remembers.")] = 0.9
    beta2: Annotated[float, _BETA2] = 0.999
    epsilon: Annotated[float, _EPSILON] = 1e-8

    def step(self, theta: Array, grad: Array, first: Array, second: Array, rate: float, count: int) -> None:
        first[:] = self.beta1 * first + (1 - self.beta1) * grad
        second[:] = self.beta2 * second + (1 - self.beta2) * grad**2
        mean = first / (1 - self.beta1**count)
        square = second / (1 - self.beta2**count)
        theta -= rate * mean / (np.sqrt(square) + self.epsilon)


class AdamW(Adam, frozen=True, tag="adamw"):
    """Adam with a weight decay that its scaling does not weaken (Loshchilov & Hutter 2019)."""

    key: ClassVar[str] = "adamw"
    title: ClassVar[str] = "AdamW"
    formula: ClassVar[str] = "θ ← θ - η (m̂ / (√v̂ + ε) + λ θ)"
    code: ClassVar[int] = 6
    weight_decay: Annotated[float, _DECAY] = 0.01

    @property
    def decay(self) -> float:
        """Decoupled weight decay λ."""
        return self.weight_decay


class Lion(Optimizer, frozen=True, tag="lion"):
    """Moves every weight by the same length and lets the gradients choose only its sign (Chen et al. 2023)."""

    key: ClassVar[str] = "lion"
    title: ClassVar[str] = "Lion"
    formula: ClassVar[str] = "θ ← θ - η (sign(β₁ m + (1 - β₁) g) + λ θ),  m ← β₂ m + (1 - β₂) g"
    code: ClassVar[int] = 7
    learning_rate: ClassVar[float] = 0.001
    beta1: Annotated[float, Number("β₁", 0.0, 0.999, "The weight of past gradients in the step's sign.")] = 0.9
    beta2: Annotated[float, Number("β₂", 0.0, 0.9999, "How long the mean of the gradient remembers.")] = 0.99
    weight_decay: Annotated[float, _DECAY] = 0.0

    @property
    def decay(self) -> float:
        """Decoupled weight decay λ."""
        return self.weight_decay

    def step(self, theta: Array, grad: Array, first: Array, second: Array, rate: float, count: int) -> None:
        theta -= rate * np.sign(self.beta1 * first + (1 - self.beta1) * grad)
        first[:] = self.beta2 * first + (1 - self.beta2) * grad


OPTIMIZERS: Catalog[type[Optimizer]] = Catalog(
    "optimiser", SGD, Momentum, Nesterov, Adagrad, RMSprop, Adam, AdamW, Lion
)


def clip_values(grad: Array, limit: float) -> None:
    """Move every entry into [-limit, limit], in place; 0 means no limit."""
    if limit:
        np.clip(grad, -limit, limit, out=grad)


def clip_norm(grad: Array, limit: float) -> None:
    """Shorten the whole gradient to the length `limit` (Pascanu et al. 2013), in place; 0 means no limit."""
    length = float(np.linalg.norm(grad.astype(np.float64)))
    if limit and length > limit:
        grad *= limit / length
