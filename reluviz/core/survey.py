"""Surveys: the loss over a slice through the parameters of a run, computed piece by piece with the compiled kernels."""

from typing import Any

import numpy as np

from reluviz.core import kernels
from reluviz.core.landscape import (
    LINE,
    MOST_SAMPLES,
    PATH,
    PLANE,
    Landscape,
    Wish,
    around,
    axis,
    filter_normalised,
    principal_directions,
    project,
    raw_direction,
    unexplained,
    usual_points,
)
from reluviz.core.lanes import Lane
from reluviz.core.losses import LOSSES
from reluviz.core.snapshot import frozen
from reluviz.core.stack import Stack
from reluviz.core.trail import Trail

Array = np.ndarray[Any, np.dtype[Any]]

# With this loss the kernel hands out the outputs as they are.
AS_THEY_ARE = LOSSES["squared"].code


class Losses:
    """The mean training loss of a run at any parameters, its settings and running statistics as they were at first."""

    def __init__(self, stack: Stack, run: int) -> None:
        self._loss, self._code = stack.loss, stack.code
        self._plan, self._params = stack.plans[run].copy(), stack.params[run].copy()
        self._running = stack.running[run].copy()
        # Label noise may change in the middle of a survey.
        self._x, self._y = stack.x[:MOST_SAMPLES], stack.y[:MOST_SAMPLES].astype(np.float64)
        # Scratch memory of its own: training goes on meanwhile.
        self._lane = Lane(stack.shape, kernels.CHUNK, stack.dtype)
        self._out = np.empty((stack.shape.sizes[-1], len(self._x)), stack.dtype)

    def at(self, theta: Array) -> float:
        """The loss at theta (total,), of the network's type; whatever is not finite comes through."""
        kernels.probe(
            self._code, self._plan, theta, self._params, self._running, AS_THEY_ARE, self._x, len(self._plan) - 1,
            self._lane.values, self._lane.spread, self._out,
        )  # fmt: skip
        with np.errstate(all="ignore"):
            return self._loss.value(self._out.T.astype(np.float64), self._y)


class Survey:
    """Computes the slice of a wish around a run as it is when the survey begins; `advance` does part of the work."""

    def __init__(self, stack: Stack, wish: Wish, trail: Trail) -> None:
        """Raises ValueError with one sentence for what cannot be computed."""
        wish.check(len(stack.settings.runs))
        self.wish = wish
        self._step = int(stack.state[kernels.STEP])
        self._centre = stack.theta[wish.run].astype(np.float64)
        if not _finite(stack)[wish.run]:
            raise ValueError(f"run {wish.run + 1} has left the finite numbers: there is no landscape around it")
        self._type = stack.dtype
        self._losses = Losses(stack, wish.run)
        self._path_steps, moves = self._moves(trail)
        self._directions = self._chosen(stack, moves)
        self._way, self._way_losses = moves, np.full(len(moves), np.nan)
        self._path = project(moves, self._directions)
        self._unexplained = unexplained(moves, self._path, self._directions)
        self._place()
        self._found = np.full((len(self._axis_b), len(self._axis_a)), np.nan)
        # The path ends in the middle of the slice, whose loss is known already.
        self._work = self._found.size + len(moves) - 1
        self._done = 0

    @property
    def done(self) -> bool:
        """Whether the landscape is complete."""
        return self._done == self._work

    @property
    def share(self) -> float:
        """The share of the work that is done, 0 to 1."""
        return self._done / self._work

    @property
    def landscape(self) -> Landscape:
        """What has been found; NaN where the survey has not been yet."""
        return Landscape(
            run=self.wish.run,
            kind=self.wish.kind,
            step=self._step,
            axis_a=frozen(self._axis_a, np.float64),
            axis_b=frozen(self._axis_b, np.float64),
            losses=frozen(self._found, np.float64),
            path=frozen(self._path, np.float64),
            path_steps=frozen(self._path_steps, np.int64),
            path_losses=frozen(self._way_losses, np.float64),
            unexplained=self._unexplained,
        )

    def advance(self, evaluations: int) -> None:
        """Evaluate the loss at so many more points, fewer at the end."""
        columns = len(self._axis_a)
        for place in range(self._done, min(self._done + evaluations, self._work)):
            self._done = place + 1
            if place >= self._found.size:
                theta = self._centre + self._way[place - self._found.size]
                self._way_losses[place - self._found.size] = self._losses.at(theta.astype(self._type))
                continue
            row, column = divmod(place, columns)
            theta = self._centre + self._axis_a[column] * self._directions[0]
            if self.wish.kind != LINE:
                theta += self._axis_b[row] * self._directions[1]
            self._found[row, column] = self._losses.at(theta.astype(self._type))
        if self._done >= self._found.size:
            self._way_losses[-1] = self._found[len(self._axis_b) // 2, columns // 2]

    def _moves(self, trail: Trail) -> tuple[Array, Array]:
        """Steps (points,) and the way from the centre to where the run was then (points, total); the last is now."""
        steps, theta = trail.of(self.wish.run)
        past = np.isfinite(theta).all(axis=1) & (steps < self._step)
        moves = np.zeros((int(past.sum()) + 1, len(self._centre)))
        np.subtract(theta[past], self._centre, out=moves[:-1])
        return np.append(steps[past], self._step), moves

    def _chosen(self, stack: Stack, moves: Array) -> Array:
        """The directions (1 or 2, total)."""
        if self.wish.kind == PATH:
            if len(moves) <= 2:
                raise ValueError("there is no training path to look along yet: train a little first")
            return principal_directions(moves[:-1])
        random = np.random.default_rng(self.wish.seed)
        drawn = [raw_direction(stack.shape, random) for _ in range(1 if self.wish.kind == LINE else 2)]
        return np.array([filter_normalised(stack.shape, each, self._centre) for each in drawn])

    def _place(self) -> None:
        """The axes."""
        points, span = self.wish.points, self.wish.span
        ends = around(self._path) if self.wish.kind == PATH else ((-span, span),) * 2
        self._axis_a = axis(points, *ends[0])
        self._axis_b = np.zeros(1) if self.wish.kind == LINE else axis(points, *ends[1])


def _finite(stack: Stack) -> Array:
    """Which runs can be evaluated: those that have not diverged, be it with weights that are finite still."""
    return np.asarray(np.isfinite(stack.theta).all(axis=1) & (stack.fate[:, 0] < 0))


def usual_landscape(stack: Stack, trail: Trail) -> Landscape | None:
    """At once: the plane around the first run with finite parameters, as a view would wish it; None without one."""
    finite = np.flatnonzero(_finite(stack))
    if not len(finite):
        return None
    points = usual_points(PLANE, stack.shape.parameters, len(stack.x))
    survey = Survey(stack, Wish(int(finite[0]), PLANE, points, seed=stack.settings.network.seed), trail)
    while not survey.done:
        survey.advance(points**2)
    return survey.landscape
