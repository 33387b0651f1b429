"""The shares of dead, dormant and saturated neurons over the course of training, and the numbers behind the view."""

from typing import Any

import numpy as np

from reluviz.core.fates import CAUSES
from reluviz.core.health import DEAD, DORMANT, SATURATED, STATES, UNKNOWN, Thresholds, recorded_states, states
from reluviz.core.snapshot import USUAL_LEVEL, Record, Snapshot
from reluviz.ui.views.table import Table

Array = np.ndarray[Any, np.dtype[Any]]
# The states that the course shows, in the order of its last axis.
SHOWN = (DEAD, DORMANT, SATURATED)
# In place of a run or a layer: all of them.
ALL = -1


class HealthCourse:
    """Shares of hidden neurons, of all or of one layer, at every record and now; counted once for each choice."""

    def __init__(self) -> None:
        self._records: tuple[Record, ...] = ()
        self._counted: list[Array] = []
        self._of: Any = None
        self.steps: Array = np.zeros(0)
        self.shares: Array = np.zeros((0, 0, len(SHOWN)))

    def read(self, snapshot: Snapshot, thresholds: Thresholds, layer: int = ALL) -> None:
        """Count again what is new: steps (columns,), shares (columns, runs, states) in the order of SHOWN.

        layer: 0 for the first hidden one, ALL for all of them. Records know the usual level of saturation only: the
        present is counted at that one too.
        """
        usual = Thresholds(thresholds.dormant, USUAL_LEVEL, thresholds.share)
        outputs, records = snapshot.dataset.outputs, snapshot.course
        known = len(self._records)
        same = (usual, outputs, layer) == self._of and known <= len(records)
        if same and known:
            same = records[0] is self._records[0] and records[known - 1] is self._records[-1]
        if not same:
            self._counted, known = [], 0
        layers = snapshot.runs[0].neurons.layer
        counted = slice(None) if layer == ALL else layers[:-outputs] == layer
        self._counted += [_shares(recorded_states(record, layers, usual)[:, counted]) for record in records[known:]]
        self._records, self._of = records, (usual, outputs, layer)
        now = _shares(np.array([states(run.neurons, outputs, usual) for run in snapshot.runs])[:, counted])
        # The present takes the place of a record of the same step.
        last = len(records) - 1 if records and records[-1].step == snapshot.step else len(records)
        self.steps = np.array([*(record.step for record in records[:last]), snapshot.step], float)
        self.shares = np.array([*self._counted[:last], now])


def _shares(found: Array) -> Array:
    """Shares of the states shown, (runs, states), of states (runs, hidden neurons).

    Of the neurons whose state is known; NaN where there is none.
    """
    counts = np.stack([(found == state).sum(axis=1) for state in SHOWN], axis=1).astype(float)
    known = (found != UNKNOWN).sum(axis=1, keepdims=True)
    return np.divide(counts, known, out=np.full(counts.shape, np.nan), where=known > 0)


def bends(values: Array) -> Array:
    """Which points of a line are needed to draw it: those that differ from a neighbour, and both ends; bool (points,).

    Shares stand still most of the time, and a dashed line of hundreds of points is slow to draw.
    """
    needed = np.ones(len(values), bool)
    needed[1:-1] = (values[1:-1] != values[:-2]) | (values[1:-1] != values[2:])
    return needed


def state_word(state: int) -> str:
    """A state, or what stands in its place where there is none."""
    return "not a number" if state == UNKNOWN else STATES[state]


def health_table(snapshot: Snapshot, labels: tuple[str, ...], thresholds: Thresholds) -> Table:
    """One row for each hidden neuron of every run; what does not apply to a living one is None."""
    outputs, level = snapshot.dataset.outputs, thresholds.level
    names = (
        "run", "layer", "neuron", "state", "fires (share of samples)", "zeros (share of samples)",
        "saturated (share of samples)", "died at (step)", "alive at (step)", "cause", "revivable",
    )  # fmt: skip
    columns: list[list[Any]] = [[] for _ in names]
    for label, run in zip(labels, snapshot.runs, strict=True):
        neurons, fates = run.neurons, run.fates
        for neuron, state in enumerate(states(neurons, outputs, thresholds).tolist()):
            layer = int(neurons.layer[neuron])
            dead = state == DEAD and fates.died_at[neuron] >= 0
            row = (
                label, layer + 1, neuron - snapshot.shape.offsets[layer] + 1, state_word(state),
                float(neurons.fires[neuron]), float(neurons.zeros[neuron]), float(neurons.saturated[neuron, level]),
                int(fates.died_at[neuron]) if dead else None,
                int(fates.alive_at[neuron]) if dead and fates.alive_at[neuron] >= 0 else None,
                CAUSES[fates.cause[neuron]] if dead else None,
                ("yes" if fates.revivable[neuron] else "no") if dead else None,
            )  # fmt: skip
            for column, value in zip(columns, row, strict=True):
                column.append(value)
    return Table(names, tuple(columns))
