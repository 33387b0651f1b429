"""Activations that saturate on both sides: the family of the sigmoid."""

from typing import Annotated, ClassVar

import numpy as np

from reluviz.core.activation_base import Activation, Array, with_nan
from reluviz.core.param import Number, refusal
from reluviz.core.stable import bounded, logistic, logistic_slope, two_quotient

# LeCun et al. 1998 choose it so that f(±1) is ±1 within 3e-6.
LECUN_SCALE = 1.7159
# Every exponential tail is 0 long before.
FAR = 1e5


class Sigmoid(Activation, frozen=True, tag="sigmoid"):
    """Squeezes every input into (0, 1); its slope is at most 1/4 and vanishes on both sides (Rumelhart et al. 1986)."""

    key: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "Sigmoid"
    formula: ClassVar[str] = "f(x) = 1 / (1 + e⁻ˣ)"
    initializer: ClassVar[str] = "glorot_normal"

    def _f(self, x: Array) -> Array:
        return logistic(x)

    def _df(self, x: Array) -> Array:
        return logistic_slope(x)


class HardSigmoid(Activation, frozen=True, tag="hard_sigmoid"):
    """A sigmoid of three straight lines, cheap to compute; its slope outside is exactly 0 (Howard et al. 2019)."""

    key: ClassVar[str] = "hard_sigmoid"
    title: ClassVar[str] = "Hard sigmoid"
    formula: ClassVar[str] = "f(x) = min(max(x / 6 + ½, 0), 1)"
    kinks: ClassVar[tuple[float, ...]] = (-3.0, 3.0)
    initializer: ClassVar[str] = "glorot_normal"

    def _f(self, x: Array) -> Array:
        # x / 6 + ½ would cancel near -3; x + 3 is exact there.
        return np.clip((x + 3.0) / 6.0, 0.0, 1.0)

    def _df(self, x: Array) -> Array:
        return with_nan(x, np.where(np.abs(x) < 3.0, 1.0 / 6.0, 0.0))


class LogSigmoid(Activation, frozen=True, tag="log_sigmoid"):
    """The logarithm of the sigmoid, as in the logistic loss: straight on the left, near 0 on the right (Cox 1958)."""

    key: ClassVar[str] = "log_sigmoid"
    title: ClassVar[str] = "Log-sigmoid"
    formula: ClassVar[str] = "f(x) = -ln(1 + e⁻ˣ)"

    def _f(self, x: Array) -> Array:
        return np.minimum(x, 0.0) - np.log1p(np.exp(-np.abs(x)))

    def _df(self, x: Array) -> Array:
        return logistic(-x)


class Tanh(Activation, frozen=True, tag="tanh"):
    """A sigmoid centred at zero, with slope 1 there; it saturates at -1 and 1 (LeCun et al. 1998)."""

    key: ClassVar[str] = "tanh"
    title: ClassVar[str] = "Tanh"
    formula: ClassVar[str] = "f(x) = tanh x"
    initializer: ClassVar[str] = "glorot_normal"

    def _f(self, x: Array) -> Array:
        return np.tanh(x)

    def _df(self, x: Array) -> Array:
        # 1 - tanh² cancels in the tails.
        return logistic_slope(2.0 * x, factor=4.0)


class HardTanh(Activation, frozen=True, tag="hard_tanh"):
    """The identity, clipped on both sides: the slope is 1 inside and exactly 0 outside (Collobert 2004)."""

    key: ClassVar[str] = "hard_tanh"
    title: ClassVar[str] = "Hard tanh"
    formula: ClassVar[str] = "f(x) = min(max(x, low), high)"
    initializer: ClassVar[str] = "glorot_normal"
    low: Annotated[float, Number("Low", -10.0, 10.0, "The lower limit of f; below the upper one.")] = -1.0
    high: Annotated[float, Number("High", -10.0, 10.0, "The upper limit of f; above the lower one.")] = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.low < self.high:
            raise ValueError(refusal("low", self.low, f"less than high = {self.high:g}"))

    @property
    def kinks(self) -> tuple[float, ...]:  # type: ignore[override]
        """The two limits."""
        return (self.low, self.high)

    def _f(self, x: Array) -> Array:
        return np.clip(x, self.low, self.high)

    def _df(self, x: Array) -> Array:
        return with_nan(x, np.where((x > self.low) & (x < self.high), 1.0, 0.0))


class LeCunTanh(Activation, frozen=True, tag="lecun_tanh"):
    """A tanh scaled so that f(±1) = ±1 and the curvature is largest there (LeCun et al. 1998)."""

    key: ClassVar[str] = "lecun_tanh"
    title: ClassVar[str] = "LeCun tanh"
    formula: ClassVar[str] = "f(x) = 1.7159 tanh(2x / 3)"
    initializer: ClassVar[str] = "lecun_normal"

    def _f(self, x: Array) -> Array:
        return LECUN_SCALE * np.tanh(x / 1.5)

    def _df(self, x: Array) -> Array:
        high, low = two_quotient(bounded(4.0 * x, FAR), 3.0)
        return logistic_slope(high, low, LECUN_SCALE * 8.0 / 3.0)


class Softsign(Activation, frozen=True, tag="softsign"):
    """Like tanh, but it nears its limits slowly: its slope fades as 1/x², not exponentially (Bergstra et al. 2009)."""

    key: ClassVar[str] = "softsign"
    title: ClassVar[str] = "Softsign"
    formula: ClassVar[str] = "f(x) = x / (1 + |x|)"
    initializer: ClassVar[str] = "glorot_normal"

    def _f(self, x: Array) -> Array:
        x = bounded(x)
        return x / (1.0 + np.abs(x))

    def _df(self, x: Array) -> Array:
        # Squared last: (1 + |x|)² overflows where the slope is still a number.
        return (1.0 / (1.0 + np.abs(x))) ** 2


class ArcTan(Activation, frozen=True, tag="arctan"):
    """An angle from -π/2 to π/2, with slope 1 at zero and tails that fade as 1/x² (Kamruzzaman & Aziz 2002)."""

    key: ClassVar[str] = "arctan"
    title: ClassVar[str] = "Arctan"
    formula: ClassVar[str] = "f(x) = arctan x"
    initializer: ClassVar[str] = "glorot_normal"

    def _f(self, x: Array) -> Array:
        return np.arctan(x)

    def _df(self, x: Array) -> Array:
        far = np.abs(x) > 1e100
        return np.where(far, (1.0 / x) ** 2, 1.0 / (1.0 + x * x))
