"""Ranges of axes that grow with the data and do not tremble with it."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
# An axis shrinks only where the data would fill less than this share of it.
SHRINK = 0.4


class Framing:
    """A range that holds what was shown; it grows at once and shrinks late."""

    def __init__(self) -> None:
        self._range: tuple[float, float] | None = None

    def reset(self) -> None:
        """Other data: forget what was shown."""
        self._range = None

    def around(self, low: float, high: float) -> tuple[float, float]:
        """The range for data between low and high."""
        kept = self._range
        if kept is None or low < kept[0] or high > kept[1]:
            low, high = (low, high) if kept is None else (min(low, kept[0]), max(high, kept[1]))
            self._range = (low, high)
        elif high - low < SHRINK * (kept[1] - kept[0]):
            self._range = (low, high)
        assert self._range is not None
        return self._range


def decades(logs: Array, least: float = 1.0) -> tuple[float, float]:
    """Whole decades around the finite logarithms, at least so many."""
    finite = logs[np.isfinite(logs)]
    if not finite.size:
        return (-least, 0.0)
    low, high = float(np.floor(finite.min() - 0.05)), float(np.ceil(finite.max() + 0.05))
    return (min(low, high - least), high)
