"""An activation's passport: what theory says of it before any training, one row of the table over all activations."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from reluviz.core import curveshape, meanfield, theory
from reluviz.core.activations import Activation

Kind = Literal["text", "number", "share", "flag", "nanoseconds"]

# A mean below this is zero: what is left is rounding.
CENTRED = 1e-12
BIAS_VARIANCE = 0.05
INFINITE = {math.inf: "∞", -math.inf: "-∞"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table. key: the field of Passport. unit: a unit or the notation of the figure."""

    key: str
    title: str
    unit: str
    help: str
    kind: Kind = "number"

    def show(self, value: object) -> str:
        """A value as the table shows it; a figure that does not exist is a dash."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, str):
            return value
        if not isinstance(value, int | float) or math.isnan(value):
            return "–"
        if math.isinf(value):
            return INFINITE[value]
        if self.kind == "share":
            return f"{100 * value:.2f} %"
        return f"{value:.2f}" if self.kind == "nanoseconds" else f"{_rounded(value):.6g}"


@dataclass(frozen=True, slots=True)
class Passport:
    """The figures of one activation; `columns()` explains each. NaN: it does not exist; inf: it grows for ever.

    Those of depth hold for wide layers with σ_b = 0 and σ_w² = n Var(w) = 1 (LeCun; Glorot at equal widths) or 2 (He).
    cost_ns is measured elsewhere and None until then.
    """

    key: str
    title: str
    low: float
    high: float
    lipschitz: float
    monotone: bool
    smoothness: str
    mean: float
    zero_centred: bool
    gain: float
    zeros: float
    saturated: float
    variance_1: float
    factor_1: float
    depth_1: float
    variance_2: float
    factor_2: float
    depth_2: float
    critical: float
    critical_biased: float
    cost_ns: float | None = None

    def texts(self) -> tuple[str, ...]:
        """The row as the table shows it, in the order of `columns()`."""
        return tuple(column.show(getattr(self, column.key)) for column in COLUMNS)

    def with_cost(self, nanoseconds: float) -> "Passport":
        """The same passport with the measured cost of one element."""
        return replace(self, cost_ns=nanoseconds)


def _depth_columns(number: int, law: str) -> tuple[Column, ...]:
    place = f"σ_w² = {number}"
    return (
        Column(
            f"variance_{number}",
            f"q* at {place}",
            "variance",
            f"Where the variance of pre-activations settles, starting at 1 ({law}): 0 when signals die out.",
        ),
        Column(
            f"factor_{number}",
            f"√χ at {place}",
            "× per layer",
            f"What a gradient is multiplied by per layer, going back, at that variance ({law}).",
        ),
        Column(
            f"depth_{number}",
            f"ξ at {place}",
            "layers",
            "Over how many layers the squared gradient shrinks or grows by e; up to about 6 ξ layers can be trained.",
        ),
    )


COLUMNS: tuple[Column, ...] = (
    Column("key", "Key", "name in files", "The name of the activation in session files.", "text"),
    Column("title", "Activation", "name", "The name of the activation, or the formula that was typed.", "text"),
    Column("low", "Lowest", "inf f", "The lower end of the range."),
    Column("high", "Highest", "sup f", "The upper end of the range."),
    Column("lipschitz", "Steepest", "sup |f′|", "The Lipschitz constant: no slope is steeper."),
    Column("monotone", "Monotone", "yes or no", "Whether the curve only rises or only falls.", "flag"),
    Column("smoothness", "Smoothness", "kind", "Smooth, kinked (f′ jumps) or with jumps (f itself does).", "text"),
    Column("mean", "Mean", "E f(z)", "The mean activity for standard normal z; not 0 means a shift in every layer."),
    Column("zero_centred", "Zero-centred", "yes or no", "Whether that mean is 0.", "flag"),
    Column("gain", "Gain", "1/√E f(z)²", "Weights of deviation gain/√n keep the size of a standard normal signal."),
    Column("zeros", "Zeros", "P(f(z) = 0)", "The expected share of exact zeros for standard normal z.", "share"),
    Column(
        "saturated", "Saturated", "P(|f′| small)", "The expected share of z with |f′| below 5 % of its peak.", "share"
    ),
    *_depth_columns(1, "LeCun"),
    *_depth_columns(2, "He"),
    Column("critical", "Edge of chaos", "σ_w² at σ_b² = 0", "The weight variance at which gradients keep their size."),
    Column(
        "critical_biased",
        f"Edge at σ_b² = {BIAS_VARIANCE}",
        "σ_w²",
        f"The same with biases of variance {BIAS_VARIANCE}; a dash where no stable signal has such gradients.",
    ),
    Column("cost_ns", "Cost", "ns per element", "The measured time of f and f′ for one element.", "nanoseconds"),
)


def columns() -> tuple[Column, ...]:
    """The columns of the table: one for each field of Passport, in its order."""
    return COLUMNS


def passport(activation: Activation) -> Passport:
    """The passport of an activation, built-in or typed."""
    outline = curveshape.shape(activation)
    mean = theory.moments(activation).mean
    one, two = (meanfield.fixed_point(activation, variance) for variance in (1.0, 2.0))
    return Passport(
        key=activation.key,
        title=str(getattr(activation, "caption", activation.title)),
        low=outline.low,
        high=outline.high,
        lipschitz=outline.lipschitz,
        monotone=outline.monotone,
        smoothness=outline.smoothness,
        mean=mean,
        zero_centred=abs(mean) <= CENTRED,
        gain=theory.variance_preserving_gain(activation),
        zeros=curveshape.zeros_share(activation),
        saturated=curveshape.saturated_share(activation),
        variance_1=one.q,
        factor_1=one.gradient_factor,
        depth_1=one.depth_scale,
        variance_2=two.q,
        factor_2=two.gradient_factor,
        depth_2=two.depth_scale,
        critical=meanfield.critical_weight_variance(activation),
        critical_biased=meanfield.critical_weight_variance(activation, BIAS_VARIANCE),
    )


def table(activations: Iterable[Activation]) -> list[Passport]:
    """One passport per activation, in the order given."""
    return [passport(activation) for activation in activations]


def _rounded(value: float) -> float:
    return 0.0 if abs(value) <= CENTRED else value
