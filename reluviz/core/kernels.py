"""The compiled entry points with their fixed signatures, and how they are loaded.

A fixed signature means that a wrong dtype is refused instead of compiling anew in the middle of a run. Every entry
point exists for float32 and for float64; the latter are loaded when a lab asks for them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import float32, float64, from_dtype, int64, void

from reluviz.core.kernel_calls import CODES, network
from reluviz.core.kernel_measure import distribute, inspect, measure, probe, settle
from reluviz.core.kernel_record import CHUNK, EPOCH, POSITION, RECORDED, SINCE, STATE, STEP, STRIDE, note
from reluviz.core.kernel_table import addresses
from reluviz.core.kernel_train import assist, train


def entry_points(precision: str) -> tuple[tuple[str, Any, Any], ...]:
    """Name, dispatcher and signature of every entry point for numbers of the given precision."""
    real = from_dtype(np.dtype(precision))
    f1, f2, f3 = real[::1], real[:, ::1], real[:, :, ::1]
    i1, i2, i3 = int64[::1], int64[:, ::1], int64[:, :, ::1]
    d1, d2, single2, single3 = float64[::1], float64[:, ::1], float32[:, ::1], float32[:, :, ::1]
    # Of one run: addresses, plan, parameters, those of activations, running statistics; then the same of all runs.
    one, runs = (i1, i2, f1, f1, f2), (i1, i3, f2, f2, f3)
    data, scratch = (f2, f2, f2, f2), (f2, f1)
    # Fate, state, and the history's places and values.
    course = (i2, i1, d2, single3)
    course_of_all = (i1, i1, i2, d2, single3)
    training = (*runs, f2, f2, i1, f2, i1, int64, int64, int64, *data, *course_of_all, *scratch)
    return (
        ("activations", addresses, void(i1, f1)),
        ("networks", network, void(i1, f1)),
        ("evaluation", note, void(*runs, int64, *data, *course, *scratch)),
        ("training", train, void(*training, f2, f1, f1, i1, f1, f1, single2, i2, f2, int64)),
        ("assistance", assist, void(*runs, i1, int64, f1, f1, *scratch, f2, f1, i1)),
        ("activity", probe, void(*one, int64, f2, int64, *scratch, f2)),
        ("measures", measure, void(*one, f1, int64, f2, f2, *scratch, f2, f1, d2, d1)),
        ("neurons", inspect, void(*one, int64, f2, f2, *scratch, f2, f1, f3, d2)),
        ("distributions", distribute, void(i2, f1, f3, d2, d2, i3)),
        ("statistics", settle, void(*one, f2, *scratch)),
    )


def load(precision: str = "float32", progress: Callable[[int, int, str], None] | None = None) -> None:
    """Compile every entry point, or load it from the cache; calls progress(done, total, name) before each."""
    points = entry_points(precision)
    for done, (name, kernel, signature) in enumerate(points):
        if progress is not None:
            progress(done, len(points), name)
        if signature.args not in kernel.overloads:
            kernel.disable_compile(False)
            kernel.compile(signature)
            kernel.disable_compile()
    if progress is not None:
        progress(len(points), len(points), "done")


__all__ = [
    "CHUNK",
    "CODES",
    "EPOCH",
    "POSITION",
    "RECORDED",
    "SINCE",
    "STATE",
    "STEP",
    "STRIDE",
    "assist",
    "distribute",
    "entry_points",
    "inspect",
    "load",
    "measure",
    "network",
    "note",
    "probe",
    "settle",
    "train",
]
