"""Activations that take something away around zero."""

from typing import Annotated, ClassVar

import numpy as np

from reluviz.core.activation_base import Activation, Array, with_nan
from reluviz.core.param import Number
from reluviz.core.stable import bounded, polynomial

# x cosh x - sinh x = x³ Σ 2k / (2k + 1)! x^(2k - 2), k = 1, 2, ...: all terms are positive.
SERIES = (
    0.3333333333333333,
    0.03333333333333333,
    0.0011904761904761906,
    2.2045855379188714e-05,
    2.505210838544172e-07,
    1.9270852604185937e-09,
    1.0706029224547743e-11,
    4.498331606952833e-14,
    1.4797143443923793e-16,
    3.9145882126782523e-19,
    8.509974375387505e-22,
)
SERIES_ENDS = 1.5

Width = Annotated[float, Number("λ", 0.0, 5.0, "Half the width of the silent band around 0.")]


class Tanhshrink(Activation, frozen=True, tag="tanhshrink"):
    """What tanh takes away from the identity: nearly silent around 0, straight far out (Collobert et al. 2011)."""

    key: ClassVar[str] = "tanhshrink"
    title: ClassVar[str] = "Tanhshrink"
    formula: ClassVar[str] = "f(x) = x - tanh x"

    def _f(self, x: Array) -> Array:
        near = bounded(x, SERIES_ENDS)
        square = near * near
        series = near * (polynomial(square, SERIES) / np.cosh(near)) * square
        return np.where(np.abs(x) < SERIES_ENDS, series, x - np.tanh(x))

    def _df(self, x: Array) -> Array:
        return np.tanh(x) ** 2


class Softshrink(Activation, frozen=True, tag="softshrink"):
    """Moves every input towards 0 by λ and silences the band between: the proximal step of L1 (Donoho 1995)."""

    key: ClassVar[str] = "softshrink"
    title: ClassVar[str] = "Softshrink"
    formula: ClassVar[str] = "f(x) = x - λ if x > λ, x + λ if x < -λ, else 0"
    lambd: Width = 0.5

    @property
    def kinks(self) -> tuple[float, ...]:  # type: ignore[override]
        """The edges of the silent band."""
        return (-self.lambd, self.lambd)

    def _f(self, x: Array) -> Array:
        return with_nan(x, np.sign(x) * np.maximum(np.abs(x) - self.lambd, 0.0))

    def _df(self, x: Array) -> Array:
        return with_nan(x, np.where(np.abs(x) > self.lambd, 1.0, 0.0))


class Hardshrink(Activation, frozen=True, tag="hardshrink"):
    """Silences the band around 0 and passes the rest unchanged, with a jump at its edges (Donoho & Johnstone 1994)."""

    key: ClassVar[str] = "hardshrink"
    title: ClassVar[str] = "Hardshrink"
    formula: ClassVar[str] = "f(x) = x if |x| > λ, else 0"
    lambd: Width = 0.5

    @property
    def kinks(self) -> tuple[float, ...]:  # type: ignore[override]
        """The edges of the silent band."""
        return (-self.lambd, self.lambd)

    def _f(self, x: Array) -> Array:
        return np.where(np.abs(x) <= self.lambd, 0.0, x)

    def _df(self, x: Array) -> Array:
        return with_nan(x, np.where(np.abs(x) > self.lambd, 1.0, 0.0))
