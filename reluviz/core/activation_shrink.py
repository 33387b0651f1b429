"""Activations that take something away around zero."""

from typing import Annotated, ClassVar

import numpy as np

from reluviz.core.activation_base import Activation, Array, with_nan
from reluviz.core.param import Number
from reluviz.core.stable import bounded, polynomial

# (x - tanh x) / x³ as a polynomial in x² - MIDDLE for abs x < 1.5, through Chebyshev nodes with 60 digits.
MIDDLE = 1.125
SERIES = (
    0.23024970214677892,
    -0.06298396506169865,
    0.017491030600495585,
    -0.004867189682961827,
    0.0013547848285630172,
    -0.00037712208023276035,
    0.00010497758920731984,
    -2.9222118027494065e-05,
    8.134425671326323e-06,
    -2.264342262203761e-06,
    6.303117924337237e-07,
    -1.754569645125708e-07,
    4.884720800196142e-08,
    -1.3597370293125902e-08,
    3.7760798444302025e-09,
    -1.051129798435845e-09,
    3.0109061916883766e-10,
    -8.381319645682426e-11,
    1.833098906298015e-11,
    -5.102712239340557e-12,
    3.0837366064761937e-12,
    -8.58405428681785e-13,
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
        # x² last: x³ would be 0 too early.
        series = near * polynomial(square - MIDDLE, SERIES) * square
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
