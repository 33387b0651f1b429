"""The numbers behind a plot, as columns of equal length."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Table:
    """Columns by name; a name says the unit in brackets. A cell is a number, a word, or None where there is none."""

    names: tuple[str, ...]
    columns: tuple[Sequence[Any] | np.ndarray[Any, Any], ...]

    def __post_init__(self) -> None:
        assert len(self.names) == len(self.columns)
        assert len({len(column) for column in self.columns}) <= 1, "columns of one length"

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.columns[0]) if self.columns else 0

    def __getitem__(self, name: str) -> Any:
        """The column of that name."""
        return self.columns[self.names.index(name)]
