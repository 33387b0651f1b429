"""Kinks of a formula: where a choice that it makes (max, min, abs, sign, a comparison, where) changes, for its
present parameters, and with it the value or the slope.

Found on a grid from -1000 to 1000 that is finest around 0, then by bisection; so two kinks closer together than the
grid (0.0005 around 0, a hundredth of x further out) may be missed.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from reluviz.core.formula_slope import slope_tape
from reluviz.core.formula_tape import COMPARISONS, Tape
from reluviz.core.formula_values import evaluate, values

Array = np.ndarray[Any, np.dtype[Any]]
END = 1e3
# Equal steps of arsinh(20 x): 1001 points on each side.
GRID = np.sinh(np.linspace(-np.arcsinh(20 * END), np.arcsinh(20 * END), 2001)) / 20
MOST_PLACES = 2000
MOST_KINKS = 64
HALVINGS = 64
CHOICES = ("max", "min", *COMPARISONS)
BESIDE = 1e-9
JUMP = 1e-6


@lru_cache(256)
def kinks(tape: Tape, constants: tuple[float, ...]) -> tuple[float, ...]:
    """The kinks in ascending order, the 64 nearest to 0 where there are more."""
    choices = [place for place, node in enumerate(tape.nodes) if _is_choice(tape, place)]
    if not choices:
        return ()
    sides = _sides(tape, choices, GRID, constants)
    which, where = np.nonzero((sides[:, 1:] != sides[:, :-1]) & (sides[:, 1:] < 2) & (sides[:, :-1] < 2))
    nearest = np.argsort(np.abs(GRID[where]), kind="stable")[:MOST_PLACES]
    which, where = which[nearest], where[nearest]
    found = _bisected(tape, choices, constants, which, GRID[where], GRID[where + 1])
    distinct = _distinct(np.sort(found))
    real = distinct[_jumps(tape, distinct, constants)]
    near = real[np.argsort(np.abs(real), kind="stable")[:MOST_KINKS]]
    return tuple(float(place) for place in np.sort(near))


def _is_choice(tape: Tape, place: int) -> bool:
    node = tape.nodes[place]
    return node.name in CHOICES or node.name in ("abs", "sign", "where")


def _sides(tape: Tape, choices: Sequence[int], x: Array, constants: Sequence[float]) -> Array:
    """Which side each choice takes at x: -1, 0 (a tie) or 1; 2 where it is not a number. (choices, points)."""
    found = values(tape, x, constants)
    sides = np.empty((len(choices), len(x)))
    with np.errstate(all="ignore"):
        for row, place in enumerate(choices):
            node = tape.nodes[place]
            if node.name in CHOICES:
                a, b = (found[part] for part in node.parts)
                sides[row] = np.where(
                    np.isnan(a) | np.isnan(b), np.nan, np.sign(np.greater(a, b) * 1.0 - np.less(a, b))
                )
            else:
                sides[row] = np.sign(found[node.parts[0]])
    sides[np.isnan(sides)] = 2.0
    return sides


def _bisected(
    tape: Tape, choices: Sequence[int], constants: Sequence[float], which: Array, low: Array, high: Array
) -> Array:
    """Where the side of choice which[i] changes between low[i] and high[i]; a tie at an end is that end."""
    if not len(which):
        return low
    rows = np.arange(len(which))
    at_low = _sides(tape, choices, low, constants)[which, rows]
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        same = _sides(tape, choices, middle, constants)[which, rows] == at_low
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    place = np.where(at_low == 0, low, high)
    # A short decimal within the error of the bisection is what the person typed.
    short = np.round(place, 10)
    return np.where(np.abs(short - place) <= 2e-15 * np.maximum(1.0, np.abs(place)), short, place)


def _distinct(places: Array) -> Array:
    apart = np.diff(places, prepend=-np.inf) > 1e-9 * np.maximum(1.0, np.abs(places))
    return places[apart] + 0.0


def _jumps(tape: Tape, places: Array, constants: Sequence[float]) -> Array:
    """Whether value or slope differ on the two sides; where they are not finite the place counts as a kink."""
    step = BESIDE * np.maximum(1.0, np.abs(places))
    with np.errstate(all="ignore"):
        jumps = np.zeros(len(places), bool)
        for curve in (tape, slope_tape(tape)):
            left, right = evaluate(curve, places - step, constants), evaluate(curve, places + step, constants)
            size = np.maximum(1.0, np.maximum(np.abs(left), np.abs(right)))
            jumps |= ~(np.abs(right - left) <= JUMP * size)
    return jumps
