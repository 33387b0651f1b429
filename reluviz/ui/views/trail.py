"""What was measured of the layers over the course of training, with the present as the last column."""

from typing import Any

import numpy as np

from reluviz.core.snapshot import Layers, Record, Snapshot

Array = np.ndarray[Any, np.dtype[Any]]
ROOM = 64


class Trail:
    """Some fields of Layers at every recorded step and now; each record is read once, however often it is drawn."""

    def __init__(self, *fields: str) -> None:
        self._fields = fields
        self._records: tuple[Record, ...] = ()
        self._columns = 0
        self._steps = np.zeros(0, np.int64)
        self._values: Array = np.zeros((0, len(fields), 0, 0))

    def read(self, snapshot: Snapshot) -> None:
        """Take in new records and the present; a present at the step of the last record takes its place."""
        records = snapshot.course
        runs, layers = len(snapshot.runs), snapshot.shape.layers
        if not self._continues(records, runs, layers):
            self._records = ()
            self._values = np.zeros((0, len(self._fields), runs, layers))
        self._make_room(len(records) + 1)
        # The present may have stood in the place of the last record known.
        for place in range(max(0, len(self._records) - 1), len(records)):
            self._put(place, records[place].step, records[place].layers)
        self._records = records
        same = bool(records) and records[-1].step == snapshot.step
        now = len(records) - 1 if same else len(records)
        self._put(now, snapshot.step, tuple(state.layers for state in snapshot.runs))
        self._columns = now + 1

    @property
    def steps(self) -> Array:
        """The steps of the columns, int64, shape (columns,)."""
        return self._steps[: self._columns]

    def values(self, field: str) -> Array:
        """One field, float64, shape (columns, runs, layers)."""
        return self._values[: self._columns, self._fields.index(field)]

    def _continues(self, records: tuple[Record, ...], runs: int, layers: int) -> bool:
        known = len(self._records)
        if self._values.shape[2:] != (runs, layers) or known > len(records):
            return False
        return not known or (records[0] is self._records[0] and records[known - 1] is self._records[-1])

    def _make_room(self, columns: int) -> None:
        if columns > len(self._values):
            more = max(ROOM, 2 * columns)
            values = np.full((more, *self._values.shape[1:]), np.nan)
            steps = np.zeros(more, np.int64)
            values[: len(self._values)], steps[: len(self._values)] = self._values, self._steps[: len(self._values)]
            self._values, self._steps = values, steps

    def _put(self, place: int, step: int, layers: tuple[Layers, ...]) -> None:
        self._steps[place] = step
        for run, measured in enumerate(layers):
            for row, field in enumerate(self._fields):
                self._values[place, row, run] = getattr(measured, field)
