"""From a run's settings to the integers and numbers that the kernels read: its plan and its hyper-parameters."""

from typing import Any

import numpy as np

from reluviz.core.activations import Activation, PReLU, RReLU
from reluviz.core.functions import address
from reluviz.core.kernel_blas import gemm_address
from reluviz.core.kernel_dense import BLAS_FROM
from reluviz.core.kernel_plan import (
    BATCH_NORM,
    BLAS,
    CLIP,
    CLIP_VALUE,
    COLUMNS,
    DECAY,
    DROPOUT,
    FIRST,
    FIXED,
    FUNCTION,
    GAIN,
    HYPER,
    INPUTS,
    KIND,
    L1,
    L2,
    LEARNED,
    NORM,
    OFFSET,
    RANDOM,
    RATE,
    SCHEDULE,
    SCHEDULE_FIRST,
    SKIP,
    SLOPE,
    SPLIT,
    START,
    UNITS,
    WARMUP,
)
from reluviz.core.network import Model
from reluviz.core.settings import Run, Settings, Training
from reluviz.core.shape import Shape

Array = np.ndarray[Any, np.dtype[Any]]
# The parameters of an activation that the kernel reads.
PARAMETERS = 4
# From this many parameters on every batch is computed in two halves.
SPLIT_FROM = 100_000


def model_of(shape: Shape, settings: Settings, run: int) -> Model:
    """The network of a run."""
    hidden = range(shape.layers - 1)
    return Model(shape, tuple(settings.runs[run].activation_of(layer) for layer in hidden), settings.runs[run].layer)


def plan(model: Model, dtype: Any) -> Array:
    """The plan of a run, int64 (layers, COLUMNS); compiles typed formulas that are new."""
    shape = model.shape
    table = np.zeros((shape.layers, COLUMNS), np.int64)
    table[:, INPUTS], table[:, UNITS] = shape.sizes[:-1], shape.sizes[1:]
    table[:, START], table[:, OFFSET] = shape.starts, shape.offsets
    for layer, activation in enumerate(model.activations):
        table[layer, FUNCTION] = address(activation, dtype)
        table[layer, KIND] = _kind(activation)
        table[layer, NORM] = model.layer.norm
        table[layer, GAIN] = shape.gains[layer]
        table[layer, SKIP] = model.skips(layer)
        table[layer, SLOPE] = shape.slopes[layer]
    if (large := table[:, INPUTS] * table[:, UNITS] >= BLAS_FROM).any():
        table[large, BLAS] = gemm_address(np.dtype(dtype).name)
    table[:, SPLIT] = _splits(model)
    return table


def activation_parameters(model: Model) -> Array:
    """The parameters of every layer's activation, float64 (layers · PARAMETERS,), zeros for the output layer."""
    table = np.zeros((model.shape.layers, PARAMETERS))
    for layer, activation in enumerate(model.activations):
        values = activation.values()
        table[layer, : len(values)] = values
    return table.ravel()


def hyper(training: Training, run: Run) -> Array:
    """A run's row of hyper-parameters, float64 (HYPER,)."""
    row = np.zeros(HYPER)
    row[RATE] = training.learning_rate if run.learning_rate is None else run.learning_rate
    clip = training.clip_norm if run.clip_norm is None else run.clip_norm
    row[[L1, L2, CLIP, CLIP_VALUE]] = training.l1, training.l2, clip, training.clip_value
    row[[DECAY, DROPOUT, WARMUP]] = training.optimizer.decay, training.dropout, training.warmup
    schedule, own = training.schedule.values(), training.optimizer.values()
    row[SCHEDULE] = training.schedule.code
    row[SCHEDULE_FIRST : SCHEDULE_FIRST + len(schedule)] = schedule
    row[FIRST : FIRST + len(own)] = own
    return row


def _splits(model: Model) -> bool:
    """Whether a batch is worth two threads, and may be cut: its statistics and random numbers need the whole."""
    whole = model.layer.norm == BATCH_NORM or any(isinstance(a, RReLU) for a in model.activations)
    return model.shape.parameters >= SPLIT_FROM and not whole


def _kind(activation: Activation) -> int:
    if isinstance(activation, PReLU):
        return LEARNED
    return RANDOM if isinstance(activation, RReLU) else FIXED
