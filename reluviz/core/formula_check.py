"""A typed formula looked over on the spot: its slope against finite differences, and what to know before training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.formula import Formula

Array = np.ndarray[Any, np.dtype[Any]]
# Round numbers, 0 above all, for what is not finite there; others for differences, because kinks lie at round ones.
PLACES = np.arange(-1000, 1001) / 100
POINTS = np.linspace(-10, 10, 1200) + 1 / 3000
# The errors of a difference over five points and of rounding balance about here.
WIDTH = 1e-3
TOLERANCE = 1e-6
DOUBTS = 20.0
MOST_DOUBT = 1e-4
FEWEST = len(POINTS) // 10


@dataclass(frozen=True, slots=True)
class Report:
    """What a look at a formula on [-10, 10] found.

    `points` were compared; `error` is the largest difference of f′ from finite differences, relative where f′ is above
    1; `agrees` says whether enough points could be compared and all are within what a difference can show; `usable` is
    False where f is finite nowhere; `sentences` are for the person, the verdict on f′ first.
    """

    points: int
    error: float
    agrees: bool
    usable: bool
    sentences: tuple[str, ...]


def check(expression: str, parameters: Mapping[str, float] | None = None) -> Report:
    """Look a formula over with these values of its parameters, 1 for one that is not named.

    Raises ValueError with one sentence for a text that is not a formula.
    """
    formula = Formula(expression)
    constants = tuple(float((parameters or {}).get(name, 1.0)) for name in (c.name for c in formula.constants))
    return checked(formula, constants)


def checked(formula: Formula, constants: tuple[float, ...] | None = None) -> Report:
    """Look a formula over, with its own parameters unless others are given."""
    constants = formula.values() if constants is None else constants
    f, slope = formula.at(PLACES, constants), formula.slope_at(PLACES, constants)
    finite, steady = np.isfinite(f), np.isfinite(slope)
    if not finite.any():
        return Report(0, 0.0, False, False, ("f is not a finite number anywhere from -10 to 10.",))
    points, error, agrees, place = _compared(formula, constants)
    sentences = [_verdict(points, error, agrees, place)]
    if not finite.all():
        sentences.append(f"f is not a finite number {_range(~finite)}: a network that gets there diverges.")
    if np.any(finite & ~steady):
        sentences.append(f"f′ is not a finite number {_range(finite & ~steady)}: a network that gets there diverges.")
    known = f[finite]
    if known.min() == known.max():
        sentences.append("f is constant from -10 to 10: nothing passes through it.")
    elif not np.any(slope[steady]):
        sentences.append("f′ is 0 everywhere from -10 to 10: gradient descent learns nothing below it.")
    return Report(points, error, agrees, True, tuple(sentences))


def _compared(formula: Formula, constants: tuple[float, ...]) -> tuple[int, float, bool, float]:
    """(points compared, largest error, whether all agree, where they do not)."""
    f, slope = formula.at(POINTS, constants), formula.slope_at(POINTS, constants)
    with np.errstate(all="ignore"):
        wide, narrow = (_difference(formula, constants, h) for h in (WIDTH, WIDTH / 2))
        size = np.maximum(1.0, np.abs(slope))
        error = np.abs(slope - narrow) / size
        # What two differences disagree by, and rounding, is what a difference cannot show.
        doubt = (np.abs(wide - narrow) + np.abs(f) * np.finfo(float).eps / WIDTH) / size
    kinks = np.array(formula.kinks_at(constants))
    fair = np.isfinite(error) & (doubt <= MOST_DOUBT)
    if len(kinks):
        fair &= np.abs(POINTS[:, None] - kinks).min(axis=1) > 3 * WIDTH
    if not fair.any():
        return 0, 0.0, False, 0.0
    excess = np.where(fair, error - TOLERANCE - DOUBTS * doubt, -np.inf)
    worst = int(excess.argmax())
    agrees = fair.sum() >= FEWEST and excess[worst] <= 0
    return int(fair.sum()), float(error[fair].max()), bool(agrees), float(POINTS[worst])


def _difference(formula: Formula, constants: tuple[float, ...], h: float) -> Array:
    """The central difference over five points, whose error falls with h⁴."""

    def at(step: float) -> Array:
        return formula.at(POINTS + step, constants)

    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)


def _verdict(points: int, error: float, agrees: bool, place: float) -> str:
    if points < FEWEST:
        return "f′ could not be compared with finite differences: f changes too fast or is not finite."
    if agrees:
        return f"f′ agrees with finite differences at {points} points from -10 to 10, to {max(error, 1e-16):.0e}."
    return f"f′ differs from finite differences near x = {place:.4g}."


def _range(wrong: Array) -> str:
    """Where the places lie, in words."""
    places = PLACES[wrong]
    low, high = places[0], places[-1]
    if len(places) == 1:
        return f"at x = {low:g}"
    between = f"from {low:g} to {high:g}"
    return between if wrong[PLACES.searchsorted(low) : PLACES.searchsorted(high)].all() else f"at places {between}"
