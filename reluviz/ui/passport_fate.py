"""Born dead: how likely a stack of ReLU layers of the lab's widths is so, by formula and by simulation. No Qt."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from reluviz.core.dying import Law, Simulation, born_dead_probability, simulate_born_dead
from reluviz.core.initializers import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Initializer,
    LeCunNormal,
    LeCunUniform,
    RandomisedAsymmetric,
)
from reluviz.core.layers import Dense
from reluviz.core.passport_rows import Row
from reluviz.core.settings import Run, Settings
from reluviz.ui.passport_words import percent
from reluviz.ui.wording import spaced

# Exactly 0 on the left and positive on the right: the pattern of zeros is that of ReLU.
RECTIFIERS = frozenset({"relu", "relu6", "relu_squared"})
LAWS: dict[type[Initializer], Law] = {
    HeNormal: "normal", GlorotNormal: "normal", LeCunNormal: "normal",
    HeUniform: "uniform", GlorotUniform: "uniform", LeCunUniform: "uniform",
    RandomisedAsymmetric: "asymmetric",
}  # fmt: skip
LAW_WORDS = {
    "normal": "normal weights, zero biases",
    "uniform": "uniform weights, zero biases",
    "asymmetric": "randomised asymmetric weights",
}
SEED = 7
POINTS = (1, 64)
# So many weights are drawn in one piece, and in all for one figure; fewer nets than LEAST say nothing.
PIECE, BUDGET = 1_500_000, 300_000_000
MOST, LEAST = 20_000, 400


@dataclass(frozen=True, slots=True)
class Stack:
    """ReLU layers of these widths over so many inputs, with weights of one law; `owner` says whose they are."""

    widths: tuple[int, ...]
    inputs: int
    law: Law
    owner: str = ""

    @property
    def weights(self) -> int:
        """How many weights and biases one net draws."""
        return sum((a + 1) * b for a, b in pairwise((self.inputs, *self.widths)))

    @property
    def nets(self) -> int:
        """How many nets are simulated; 0 where too few could be."""
        nets = min(MOST, BUDGET // self.weights)
        return nets if nets >= LEAST else 0


Job = tuple[Hashable, Callable[[], Simulation]]
Key = tuple[Stack, int, int]


def stack_of(row: Row, settings: Settings, inputs: int) -> Stack | None:
    """The stack to ask about for a row: that of the first run made of it alone, else one of the lab's widths.

    None for an activation that no layer dies of.
    """
    if row.activation.key not in RECTIFIERS:
        return None
    for run in settings.runs:
        law = LAWS.get(type(run.initializer))
        if law is not None and _plain(run, row, settings):
            return Stack(settings.network.hidden, inputs, law, run.initializer.title)
    return Stack(settings.network.hidden, inputs, "normal")


def _plain(run: Run, row: Row, settings: Settings) -> bool:
    """Whether a run is dense and uses a row's activation in every hidden layer."""
    depth = range(len(settings.network.hidden))
    return isinstance(run.layer, Dense) and all(run.activation_of(layer) == row.activation for layer in depth)


def jobs(stack: Stack) -> list[Job]:
    """The simulation in pieces, each with a key (stack, points, number) and a seed of its own."""
    if not stack.nets:
        return []
    piece = max(1, min(4000, PIECE // stack.weights))
    found: list[Job] = []
    for number, done in enumerate(range(0, stack.nets, piece)):
        for points in POINTS:
            nets = min(piece, stack.nets - done)
            found.append(((stack, points, number), _Piece(stack, points, number, nets)))
    return found


@dataclass(frozen=True, slots=True)
class _Piece:
    """One piece of a simulation, ready to be called from another thread."""

    stack: Stack
    points: int
    number: int
    nets: int

    def __call__(self) -> Simulation:
        at = np.random.default_rng([SEED, self.points]).standard_normal((self.points, self.stack.inputs))
        return simulate_born_dead(self.stack.widths, at, self.nets, [SEED, self.points, self.number], self.stack.law)


def together(pieces: list[Simulation]) -> Simulation:
    """All pieces as one simulation."""
    nets = sum(piece.nets for piece in pieces)
    return Simulation(sum(piece.share * piece.nets for piece in pieces) / nets, nets)


def sentences(stack: Stack, pieces: dict[Key, Simulation]) -> list[tuple[str, str]]:
    """Formula and simulation so far, as (heading, sentence)."""
    widths = ", ".join(str(width) for width in stack.widths)
    of = f"the run with {stack.owner}" if stack.owner else "a dense run"
    found = [("Stack", f"Layers of {widths} neurons, as in {of}: {LAW_WORDS[stack.law]}.")]
    formula = percent(born_dead_probability(stack.widths))
    note = " for symmetric weights, which these are not" if stack.law == "asymmetric" else ""
    found.append(("Formula", f"{formula} are born dead at one given input{note}: 1 − Π (1 − 2^−N) over the widths N."))
    if not stack.nets:
        found.append(("Simulation", f"One net has {spaced(stack.weights)} weights: too many to draw hundreds of them."))
        return found
    for points, where in zip(POINTS, ("at one input", f"at all of {POINTS[1]} inputs"), strict=True):
        mine = [piece for key, piece in pieces.items() if key[:2] == (stack, points)]
        found.append(("Simulation", _measured(together(mine), where) if mine else f"… {where}."))
    return found


def _measured(result: Simulation, where: str) -> str:
    if result.share == 0:
        return f"None of {spaced(result.nets)} nets is born dead {where}."
    share, error = 100 * result.share, 100 * result.standard_error
    digits = 2 if error < 0.1 else 1
    return f"{share:.{digits}f} ± {error:.{digits}f} % of {spaced(result.nets)} nets are born dead {where}."
