"""Training steps along x: in equal parts, logarithmic, or one column for each record."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from reluviz.ui.views.plot import Panel

Array = np.ndarray[Any, np.dtype[Any]]
LOG, EVEN, RECORDS = "log", "steps", "records"
TITLES = {LOG: "Log steps", EVEN: "Steps", RECORDS: "Records"}
WORDS = {
    LOG: "training steps (logarithmic)",
    EVEN: "training steps",
    RECORDS: "training steps (one column for each record)",
}
GROWTH = 1.25
# What a column of the present is wide at least, as a share of the axis.
LEAST_SHARE = 0.015
# About so many numbers stand below an axis of records.
MARKS = 6


def step_box(words: str) -> QComboBox:
    """A box to choose how steps run along x."""
    box = QComboBox()
    for key, title in TITLES.items():
        box.addItem(title, key)
        box.setItemData(box.count() - 1, f"Show {WORDS[key]} along x", Qt.ItemDataRole.ToolTipRole)
    box.setToolTip("How training steps run along x: logarithmic, in equal parts, or one column for each record")
    box.setAccessibleName(words)
    return box


class Timeline:
    """Where steps lie on a panel's x axis, and the axis itself, which grows in jumps."""

    def __init__(self) -> None:
        self.mode = LOG
        self._extent, self._last = 0.0, 0.0
        self._ticks: Any = None

    def reset(self, mode: str) -> None:
        """Another axis, or another course."""
        self.mode, self._extent, self._last, self._ticks = mode, 0.0, 0.0, None

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

    def dress(self, panel: Panel, steps: Array, *, label: bool = True) -> None:
        """Name the axis and write steps at its ticks."""
        if label:
            panel.label("bottom", WORDS[self.mode])
        marks = self.marks(steps)
        if marks != self._ticks:
            self._ticks = marks
            panel.axis("bottom").setTicks(None if marks is None else [marks])

    def marks(self, steps: Array) -> list[tuple[float, str]] | None:
        """Places and words of the ticks; None where the axis finds them itself."""
        if self.mode == EVEN:
            return None
        if self.mode == RECORDS:
            every = max(1, -(-len(steps) // MARKS))
            return [(place, grouped(int(steps[place]))) for place in range(0, len(steps), every)]
        decades = range(int(np.ceil(self._extent)) + 1)
        marks = [0, *(10**decade for decade in decades)]
        return [(float(np.log10(1 + mark)), grouped(mark)) for mark in marks if np.log10(1 + mark) <= self._extent]

    def column(self, steps: Array, x: float) -> int | None:
        """The column at x, or None beside all."""
        edges = self.edges(steps)
        place = int(np.searchsorted(edges, x, side="right")) - 1
        return place if 0 <= place < len(steps) else None

    def nearest(self, steps: Array, x: float) -> int:
        """The column nearest to x."""
        return int(np.abs(self.places(steps) - x).argmin())


def grouped(number: int) -> str:
    """A whole number with thin spaces between its thousands."""
    return f"{number:,}".replace(",", "\u202f")
