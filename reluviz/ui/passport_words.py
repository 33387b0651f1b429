"""A passport in words: what its figures mean for a network. No Qt."""

import math

from reluviz.core.passport import Passport

# A factor closer to 1 than this keeps a gradient's size as far as three digits show.
KEEPS = 5e-4
# So many depth scales can be trained (Schoenholz et al. 2017).
TRAINABLE = 6
CHAIN = 10
STARTS = (("1", "LeCun’s start, or Glorot’s at equal widths (σ_w² = 1)"), ("2", "He’s start (σ_w² = 2)"))


def sentences(passport: Passport) -> list[tuple[str, str]]:
    """What the figures mean, as (heading, sentence) in the order in which they are read."""
    found = [("Range", _range(passport)), ("Slope", _slope(passport)), ("Mean", _mean(passport))]
    found.append(("Zeros", _zeros(passport)))
    found += [(f"σ_w² = {key}", f"With {law} {_depth(passport, key)}.") for key, law in STARTS]
    found.append(("Gain", _gain(passport)))
    if passport.cost_ns is not None:
        found.append(("Cost", f"One element of f and f′ takes {passport.cost_ns:.2f} ns here, in float32."))
    return found


def number(value: float) -> str:
    """Three digits and a real minus sign."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = "0" if abs(value) < 1e-12 else f"{value:.3g}"
    if "e" in text:
        digits, power = text.split("e")
        text = f"{digits} · 10^{int(power)}"
    return text.replace("-", "−")


def percent(share: float) -> str:
    """A share in per cent, with more digits where it is small."""
    value = 100 * share
    digits = 0 if value >= 10 or value == 0 else 1 if value >= 1 else 2
    return f"{value:.{digits}f} %" if value == 0 or value >= 0.005 else "under 0.01 %"


def _range(passport: Passport) -> str:
    low, high = passport.low, passport.high
    if math.isnan(low) or math.isnan(high):
        return "It has no value that is a number."
    bounds = (math.isfinite(low), math.isfinite(high))
    words = {
        (True, True): f"Values lie from {number(low)} to {number(high)}",
        (True, False): f"Values start at {number(low)} and have no upper end",
        (False, True): f"Values end at {number(high)} and have no lower end",
        (False, False): "Values have no bounds",
    }[bounds]
    turns = "the curve never turns" if passport.monotone else "the curve turns"
    return f"{words}; {turns}."


def _slope(passport: Passport) -> str:
    steepest = passport.lipschitz
    kind = {
        "smooth": "The curve is smooth.",
        "kinked": "The slope jumps at a kink.",
        "jumps": "The value itself jumps.",
    }
    how = kind[passport.smoothness]
    if math.isnan(steepest):
        return how
    if math.isinf(steepest):
        return f"Slopes grow without bound. {how}"
    if steepest == 0:
        return f"The slope is 0 everywhere, so no gradient passes. {how}"
    if steepest < 1:
        left = number(steepest**CHAIN)
        return (
            f"No slope is steeper than {number(steepest)}: of a gradient at most {left} is left after"
            f" {CHAIN} layers with weights of norm 1. {how}"
        )
    return f"No slope is steeper than {number(steepest)}. {how}"


def _mean(passport: Passport) -> str:
    if passport.zero_centred:
        return "Zero-centred: standard normal inputs have a mean of 0."
    return f"Not zero-centred: standard normal inputs give a mean of {number(passport.mean)}, a shift in every layer."


def _zeros(passport: Passport) -> str:
    zeros = f"{percent(passport.zeros)} of standard normal inputs give exactly 0"
    if math.isnan(passport.saturated):
        return f"{zeros}."
    return f"{zeros}; {percent(passport.saturated)} have less than 5 % of the steepest slope."


def _depth(passport: Passport, key: str) -> str:
    q, factor, scale = (float(getattr(passport, f"{name}_{key}")) for name in ("variance", "factor", "depth"))
    return f"{_signal(q)}, and {gradient(factor)}{_reach(scale)}"


def _signal(q: float) -> str:
    if math.isnan(q):
        return "the signal does not settle"
    if math.isinf(q):
        return "the signal grows without bound"
    return "the signal dies out" if q < 1e-12 else f"the signal settles at a variance of {number(q)}"


def gradient(factor: float) -> str:
    """What a layer does to the size of a gradient, given the factor per layer."""
    if math.isnan(factor):
        return "a gradient has no size that could be said"
    if math.isinf(factor):
        return "a gradient grows without bound"
    if factor == 0:
        return "no gradient passes"
    if abs(factor - 1) < KEEPS:
        return "a gradient keeps its size"
    if factor < 1:
        return f"a gradient loses {percent(1 - factor)} of its size per layer"
    return f"a gradient grows by {percent(factor - 1)} per layer"


def _reach(scale: float) -> str:
    if math.isnan(scale) or scale == 0:
        return ""
    if math.isinf(scale) or scale > 1e4:
        return ": any depth can be trained"
    layers = TRAINABLE * scale
    return f": up to about {layers:.0f} layers can be trained" if layers >= 1.5 else ": a second layer is hard to train"


def _gain(passport: Passport) -> str:
    if math.isnan(passport.gain):
        return "No weights keep the size of a signal."
    words = f"Weights of deviation {number(passport.gain)}/√n keep the size of a standard normal signal"
    if math.isnan(passport.critical):
        return f"{words}; with no bias, no weight variance has a signal whose gradients keep their size."
    return f"{words}; gradients keep theirs at n Var(w) = {number(passport.critical)}."
