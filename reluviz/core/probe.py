"""The fixed inputs at which activity is measured, chosen from the data."""

import numpy as np

from reluviz.core.datasets import Dataset
from reluviz.core.snapshot import Probe, frozen

PLANE_SIDE = 50
CLOSEUP_SIDE = 100
LINE_POINTS = 256
SAMPLES = 60
# At most this many values a run: larger networks are shown on a coarser grid instead of slowing the window down.
MOST_VALUES = 4_000_000
LEAST_SIDE = 8


def plane_side(neurons: int) -> int:
    """The side of the grid that keeps all neurons within the budget."""
    return int(np.clip(np.sqrt(MOST_VALUES / neurons), LEAST_SIDE, PLANE_SIDE))


def make_probe(dataset: Dataset, neurons: int, side: int | None = None) -> Probe:
    """A grid (2 inputs), a line (1 input) or held-out samples, class by class (more)."""
    if dataset.inputs > 2:
        return _samples(dataset)
    reach = max(float(np.abs(dataset.x_train).max()), float(np.abs(dataset.x_test).max()))
    high = float(np.ceil(reach * 10.5) / 10)
    if dataset.inputs == 1:
        points = LINE_POINTS if side is None else side
        line = np.linspace(-high, high, points)[:, None]
        return Probe("line", points, -high, high, frozen(line), *_none())
    side = side or plane_side(neurons)
    # Pixel centres, so that an image drawn from low to high shows every value where it was measured.
    axis = -high + (np.arange(side) + 0.5) * (2 * high / side)
    second, first = np.meshgrid(axis, axis, indexing="ij")
    grid = np.stack([first.ravel(), second.ravel()], axis=1)
    return Probe("plane", side, -high, high, frozen(grid), *_none())


def _none() -> tuple[np.ndarray, np.ndarray]:
    return frozen(np.zeros(0), np.int64), frozen(np.zeros(0), np.int64)


def _samples(dataset: Dataset) -> Probe:
    count = min(SAMPLES, len(dataset.x_test))
    if len(dataset.labels_test):
        classes = dataset.labels_test
        each = max(1, count // len(dataset.class_names))
        chosen = [np.flatnonzero(classes == c)[:each] for c in range(len(dataset.class_names))]
        rows = np.concatenate(chosen)
        labels = classes[rows]
    else:
        places = np.linspace(0, len(dataset.y_test) - 1, count).astype(int)
        rows = np.argsort(dataset.y_test[:, 0], kind="stable")[places]
        labels = np.zeros(len(rows))
    inputs = frozen(dataset.x_test[rows])
    return Probe("samples", len(rows), 0.0, float(len(rows)), inputs, frozen(rows, np.int64), frozen(labels, np.int64))
