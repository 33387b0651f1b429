"""The compiled entry points with their fixed signatures, and how they are loaded.

A fixed signature means that a wrong dtype is refused instead of compiling anew in the middle of a run.
"""

from collections.abc import Callable
from typing import Any

from numba import float32, float64, int64, void

from reluviz.core.kernel_measure import measure, probe
from reluviz.core.kernel_record import CHUNK, EPOCH, POSITION, RECORDED, SINCE, STATE, STEP, STRIDE, note
from reluviz.core.kernel_train import train

F1, F2, F3 = float32[::1], float32[:, ::1], float32[:, :, ::1]
I1, I2 = int64[::1], int64[:, ::1]
D1, D2 = float64[::1], float64[:, ::1]
SHAPE = (I1, I1, I1)
# Parameters, both moments, activation codes and parameters, optimisers and their hyper-parameters.
RUNS = (F2, F2, F2, I2, F3, I1, F2)
DATA = (F2, F2, F2, F2)
# Batch order, state, fate, and the history's places and values.
COURSE = (I1, I1, I2, D2, F3)
# Values, deltas, gradient, the batch's inputs and targets, and the update ratios.
SCRATCH = (F2, F2, F1, F1, F1, F2)

ENTRY_POINTS: tuple[tuple[str, Any, Any], ...] = (
    ("evaluation", note, void(*SHAPE, F2, I1, I2, F3, int64, *DATA, I2, D2, F3, F2)),
    ("training", train, void(*SHAPE, *RUNS, int64, int64, int64, *DATA, *COURSE, *SCRATCH, int64)),
    ("activity", probe, void(*SHAPE, F1, I1, F2, int64, F2, int64, F2, F2, F2)),
    ("measures", measure, void(*SHAPE, F1, I1, F2, F1, int64, F2, F2, F2, F2, F1, D2, D1)),
)


def load(progress: Callable[[int, int, str], None] | None = None) -> None:
    """Compile every entry point, or load it from the cache; calls progress(done, total, name) before each."""
    total = len(ENTRY_POINTS)
    for done, (name, kernel, signature) in enumerate(ENTRY_POINTS):
        if progress is not None:
            progress(done, total, name)
        if not kernel.signatures:
            kernel.compile(signature)
            kernel.disable_compile()
    if progress is not None:
        progress(total, total, "done")


__all__ = [
    "CHUNK",
    "ENTRY_POINTS",
    "EPOCH",
    "POSITION",
    "RECORDED",
    "SINCE",
    "STATE",
    "STEP",
    "STRIDE",
    "load",
    "measure",
    "note",
    "probe",
    "train",
]
