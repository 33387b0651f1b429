"""The numbers of one update, as snapshots hold them; phases.py computes them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Phases:
    """One update of one run; neurons as in Neurons, all arrays read-only.

    step: the update leads from here to the next step. rows int64 (samples,): places of the batch in the training data.
    x (samples, inputs), y (samples, outputs): what goes in and what should come out. z, activity, slopes (samples,
    neurons): pre-activations, what is passed on, and f′(z) with dropout in it; of an output z, z and 1. predictions
    (samples, outputs). losses (samples,): their mean is `loss`. passed, deltas (samples, neurons): the gradient of the
    mean loss by what a neuron passes on, and by its z. gradient (total,): of the mean loss by all parameters; applied
    (total,): the same with penalties and clipping. rate: the learning rate of this step. before, after (total,).
    note: what is special about this update, in words; empty for nothing.
    """

    step: int
    rows: Array
    x: Array
    y: Array
    z: Array
    activity: Array
    slopes: Array
    predictions: Array
    losses: Array
    loss: float
    passed: Array
    deltas: Array
    gradient: Array
    applied: Array
    rate: float
    before: Array
    after: Array
    note: str
