"""The whole state of all runs at one step, from which training can be repeated to the same bits."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Moment:
    """Copies of what training changes: parameters, the optimiser's moments, running statistics, order and place.

    theta, first, second (runs, total); running (runs, 2, neurons); fate (runs, 2); ratios (runs, layers); order
    (samples,); state as in kernel_record.py. Of a rehearsed moment only the rehearsed run has moved.
    """

    step: int
    theta: Array
    first: Array
    second: Array
    running: Array
    fate: Array
    ratios: Array
    order: Array
    state: Array
