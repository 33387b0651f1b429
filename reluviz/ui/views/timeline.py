"""Training steps along x: in equal parts, logarithmic, or one column for each record."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from reluviz.ui.views.marked_axis import Marks, set_marks
from reluviz.ui.views.plot import Panel

Array = np.ndarray[Any, np.dtype[Any]]
LOG, EVEN, RECORDS = "log", "steps", "records"
TITLES = {LOG: "Log steps", EVEN: "Steps", RECORDS: "Records"}
# Names of the axis, the longest first.
WORDS = {
    LOG: ("training steps, logarithmic, to now", "training steps", "steps"),
    EVEN: ("training steps, to now", "training steps", "steps"),
    RECORDS: ("training steps, one column for each record, to now", "steps, by record", "records"),
}
GROWTH = 1.25
# What a column of the present is wide at least, as a share of the axis.
LEAST_SHARE = 0.015
# At most so many numbers stand below an axis of records.
MARKS = 6


def step_box(words: str) -> QComboBox:
    """A box to choose how steps run along x."""
    box = QComboBox()
    for key, title in TITLES.items():
        box.addItem(title, key)
        box.setItemData(box.count() - 1, f"Show {WORDS[key][0]} along x", Qt.ItemDataRole.ToolTipRole)
    box.setToolTip("How training steps run along x: logarithmic, in equal parts, or one column for each record")
    box.setAccessibleName(words)
    return box


class Timeline:
    """Where steps lie on a panel's x axis, and the axis itself, which grows in jumps."""

    def __init__(self) -> None:
        self.mode = LOG
        self._extent, self._last = 0.0, 0.0

    def reset(self, mode: str) -> None:
        """Another axis, or another course."""
        self.mode, self._extent, self._last = mode, 0.0, 0.0

    def places(self, steps: Array) -> Array:
        """x of each step, shape (columns,)."""
        if self.mode == RECORDS:
            return np.arange(len(steps), dtype=float)
        return np.log10(1.0 + steps) if self.mode == LOG else steps.astype(float)

    def edges(self, steps: Array) -> Array:
        """The bounds of the columns, (columns + 1,): each lasts until the next; the present gets some width."""
        places = self.places(steps)
        least = 1.0 if self.mode == RECORDS else LEAST_SHARE * max(self._extent, 1e-9)
        return np.append(places, places[-1] + least)

    def extend(self, steps: Array) -> float:
        """The right end of the axis: an axis that follows every frame is laid out anew every frame."""
        last = float(len(steps)) if self.mode == RECORDS else float(steps[-1])
        end = float(np.log10(1.0 + last)) if self.mode == LOG else last
        if not 0 < end <= self._extent or last < self._last / (2 * GROWTH**2):
            self._last = max(GROWTH * last, 4.0 if self.mode == RECORDS else 10.0)
            self._extent = float(np.log10(1.0 + self._last)) if self.mode == LOG else self._last
        return self._extent

    def dress(self, panel: Panel, steps: Array) -> None:
        """Write steps at the ticks of the x axis."""
        set_marks(panel, "bottom", self.marks(steps))

    def marks(self, steps: Array) -> Marks | None:
        """Places and words of the ticks; None where the axis finds them itself."""
        if self.mode == EVEN:
            return None
        if self.mode == RECORDS:
            every = max(1, -(-len(steps) // MARKS))
            return tuple((float(place), grouped(int(steps[place]))) for place in range(0, len(steps), every))
        numbers = (0, *(10**decade for decade in range(int(np.ceil(self._extent)) + 1)))
        places = ((float(np.log10(1 + number)), grouped(number)) for number in numbers)
        return tuple(mark for mark in places if mark[0] <= self._extent)

    def column(self, steps: Array, x: float) -> int | None:
        """The column at x, or None beside all."""
        edges = self.edges(steps)
        place = int(np.searchsorted(edges, x, side="right")) - 1
        return place if 0 <= place < len(steps) else None


def grouped(number: int) -> str:
    """A whole number with thin spaces between its thousands."""
    return f"{number:,}".replace(",", "\u202f")
