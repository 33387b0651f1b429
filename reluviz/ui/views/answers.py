"""One run's answer, drawn in the form that fits the data."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF

from reluviz.core.datasets import Dataset
from reluviz.core.snapshot import Snapshot
from reluviz.ui.theme import diverging, mix
from reluviz.ui.views.heading import Heading
from reluviz.ui.views.matrix import BELOW, LEFT, Matrix
from reluviz.ui.views.raster import Raster, colors

Array = np.ndarray[Any, np.dtype[Any]]
# Regression fields are coloured from -REACH to REACH times the largest abs target.
MARGIN = 0.08


class AnswerPanel:
    """Field, curve, matrix and points in one plot; only those that fit the data are shown."""

    def __init__(self, view: Any, place: int) -> None:
        self.panel = view.add_panel(place // 3, place % 3)
        plot = self.panel.plot
        self.raster = Raster()
        self.matrix = Matrix()
        self.curve = pg.PlotCurveItem(connect="finite", antialias=True)
        self.curve.setSegmentedLineMode("on")
        self.diagonal = pg.InfiniteLine(angle=45)
        self.train = pg.ScatterPlotItem(pxMode=True, size=6, antialias=True)
        self.test = pg.ScatterPlotItem(pxMode=True, size=7, antialias=True)
        for item in (self.raster, self.matrix, self.diagonal, self.test, self.train, self.curve):
            plot.addItem(item, ignoreBounds=True)
        self.train.setZValue(5)
        self.test.setZValue(4)
        self.curve.setZValue(10)
        self.heading = Heading(plot)
        self._points_of: Any = None

    def restyle(self, view: Any) -> None:
        """Colours are set with the next snapshot."""
        self._points_of = None
        self.heading.set_theme(view.theme, view.scale)
        self.diagonal.setPen(view.pen(view.theme.axis, 1))
        self.matrix.set_theme(view.theme, view.scale)

    def set_title(self, label: str, words: str, color: str) -> None:
        """Name the run in its colour, with its result."""
        self.heading.set_words(label, words, color)

    def show(self, view: Any, snapshot: Snapshot, place: int) -> None:
        """Draw run number `place`."""
        dataset, kind = snapshot.dataset, snapshot.probe.kind
        matrix = kind == "samples" and dataset.task != "regression"
        scatter = kind == "samples" and dataset.task == "regression"
        self.raster.setVisible(kind == "plane")
        self.matrix.setVisible(matrix)
        self.panel.grid.setVisible(kind == "line" or scatter)
        self.curve.setVisible(kind == "line")
        self.diagonal.setVisible(scatter)
        self.panel.plot.vb.setAspectLocked(kind == "plane")
        self.panel.plot.vb.invertY(matrix)
        self.panel.set_bare(matrix)
        if kind == "plane":
            self._plane(view, snapshot, place)
        elif kind == "line":
            self._line(view, snapshot, place)
        elif matrix:
            self._matrix(snapshot, place)
        else:
            self._against(view, snapshot, place)
        self._show_points(view, snapshot)

    def _plane(self, view: Any, snapshot: Snapshot, place: int) -> None:
        probe, field = snapshot.probe, snapshot.runs[place].field
        pixels = field_colors(snapshot, field, view.theme).reshape(probe.side, probe.side)
        side = probe.high - probe.low
        self.raster.set_pixels(pixels, QRectF(probe.low, probe.low, side, side))
        names = snapshot.dataset.input_names
        self.panel.label("bottom", f"{names[0]} (standardised)")
        self.panel.label("left", f"{names[1]} (standardised)")
        self.panel.home((probe.low, probe.high), (probe.low, probe.high))

    def _line(self, view: Any, snapshot: Snapshot, place: int) -> None:
        probe, dataset = snapshot.probe, snapshot.dataset
        y = snapshot.runs[place].field[:, 0]
        self.curve.setData(probe.inputs[:, 0], np.where(np.isfinite(y), y, np.nan))
        self.curve.setPen(view.pen(view.theme.runs[snapshot.settings.runs[place].color], 2.5))
        self.panel.label("bottom", f"{dataset.input_names[0]} (standardised)")
        self.panel.label("left", dataset.target_name)
        low, high = float(dataset.y_train.min()), float(dataset.y_train.max())
        margin = 3 * MARGIN * (high - low)
        self.panel.home((probe.low, probe.high), (low - margin, high + margin))

    def _matrix(self, snapshot: Snapshot, place: int) -> None:
        classes = len(snapshot.dataset.class_names)
        self.matrix.set_counts(snapshot.runs[place].confusion, snapshot.dataset.class_names)
        self.panel.label("bottom", "predicted class")
        self.panel.label("left", "true class")
        self.panel.home((-0.5 - LEFT * classes, classes - 0.5), (-0.5, classes - 0.5 + BELOW * classes))

    def _against(self, view: Any, snapshot: Snapshot, place: int) -> None:
        dataset = snapshot.dataset
        true, said = true_and_said(snapshot, place)
        color = view.theme.runs[snapshot.settings.runs[place].color]
        fine = np.isfinite(said)
        self.test.setData(true[fine], said[fine], pen=view.pen(view.theme.panel, 0.8), brush=color)
        self.panel.label("bottom", f"true {dataset.target_name}")
        self.panel.label("left", f"predicted {dataset.target_name}")
        margin = MARGIN * float(true.max() - true.min())
        ends = (float(true.min()) - margin, float(true.max()) + margin)
        self.panel.home(ends, ends)
        self.diagonal.setPos((ends[0], ends[0]))

    def _show_points(self, view: Any, snapshot: Snapshot) -> None:
        dataset, kind = snapshot.dataset, snapshot.probe.kind
        shown = (id(dataset), kind, view.theme.name, view.pen_scale)
        if kind == "samples":
            self.train.setVisible(False)
            self.test.setVisible(dataset.task == "regression")
            self._points_of = None
            return
        self.train.setVisible(True)
        self.test.setVisible(True)
        if shown == self._points_of:
            return
        self._points_of = shown
        for item, x, y, labels, ring in (
            (self.train, dataset.x_train, dataset.y_train, dataset.labels_train, False),
            (self.test, dataset.x_test, dataset.y_test, dataset.labels_test, True),
        ):
            tints = point_colors(dataset, y, labels, view.theme)
            edge = view.theme.text if ring else mix(view.theme.panel, view.theme.text, 0.12)
            second = x[:, 1] if x.shape[1] > 1 else y[:, 0]
            item.setData(x[:, 0], second, brush=[pg.mkBrush(c) for c in tints], pen=view.pen(edge, 1))

    def describe(self, snapshot: Snapshot, place: int, x: float, y: float) -> str:
        """The prediction at a place, in words."""
        return describe(snapshot, place, x, y)


def field_colors(snapshot: Snapshot, field: Array, theme: Any) -> Array:
    """ARGB for each probe point: the diverging map, or the likeliest class, paler where less sure."""
    dataset = snapshot.dataset
    if dataset.task == "classes":
        best = np.nan_to_num(field).argmax(axis=1)
        sure = np.nan_to_num(field).max(axis=1)
        low = 1 / field.shape[1]
        palette = np.array([pg.mkColor(c).getRgb()[:3] for c in theme.classes], float)[best % len(theme.classes)]
        neutral = np.array(pg.mkColor(theme.neutral).getRgb()[:3], float)
        share = (0.25 + 0.75 * np.clip((sure - low) / (1 - low), 0, 1))[:, None]
        red, green, blue = np.round(neutral + (palette - neutral) * share).astype(np.uint32).T
        return np.asarray(np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue)
    return colors(normalised(dataset, field[:, 0]), diverging(theme))


def normalised(dataset: Dataset, values: Array) -> Array:
    """Predictions on the scale of the colours: zero in the middle, a probability's middle being one half."""
    if dataset.task == "binary":
        return np.asarray(2 * values - 1)
    return np.asarray(values / target_reach(dataset))


def target_reach(dataset: Dataset) -> float:
    """The largest abs target: the ends of the colours for a regression."""
    return float(np.abs(dataset.y_train).max()) or 1.0


def point_colors(dataset: Dataset, y: Array, labels: Array, theme: Any) -> list[str]:
    """One colour for each sample: its class, or its value on the diverging map."""
    if dataset.task == "classes":
        return [theme.classes[label % len(theme.classes)] for label in labels]
    if dataset.inputs == 1:
        return [theme.dim] * len(y)
    return [f"#{argb & 0xFFFFFF:06x}" for argb in colors(normalised(dataset, y[:, 0]), diverging(theme)).tolist()]


def key_words(snapshot: Snapshot) -> tuple[str, str, str]:
    """What the ends and the middle of the colours mean."""
    dataset = snapshot.dataset
    if snapshot.probe.kind != "plane" or dataset.task == "classes":
        return ("", "", "")
    if dataset.task == "binary":
        first, second = dataset.class_names
        return (first, "neutral: undecided; strong ring: test sample", second)
    reach = target_reach(dataset)
    return (f"−{reach:.2g}", "neutral: 0; strong ring: test sample", f"{reach:.2g}")


def describe(snapshot: Snapshot, place: int, x: float, y: float) -> str:
    """The prediction of run `place` at (x, y) in words; empty outside what was measured."""
    dataset, probe, state = snapshot.dataset, snapshot.probe, snapshot.runs[place]
    if probe.kind == "samples":
        tell = _describe_sample if dataset.task == "regression" else _describe_matrix
        return tell(snapshot, place, x, y)
    if not probe.low <= x <= probe.high or (probe.kind == "plane" and not probe.low <= y <= probe.high):
        return ""
    step = (probe.high - probe.low) / probe.side
    column = min(int((x - probe.low) / step), probe.side - 1)
    if probe.kind == "line":
        return f"{dataset.input_names[0]} = {x:.3g}<br>prediction {state.field[column, 0]:.4g}"
    row = min(int((y - probe.low) / step), probe.side - 1)
    said = state.field[row * probe.side + column]
    first, second = dataset.input_names[:2]
    place_words = f"{first} = {x:.3g}, {second} = {y:.3g}<br>".replace("-", "−")
    if dataset.task == "regression":
        return place_words + f"prediction {said[0]:.4g}".replace("-", "−")
    shares = said if len(said) > 1 else np.array([1 - said[0], said[0]])
    words = (f"{name}: {share:.1%}" for name, share in zip(dataset.class_names, shares, strict=True))
    return place_words + "<br>".join(words)


def true_and_said(snapshot: Snapshot, place: int) -> tuple[Array, Array]:
    """True and predicted targets of the test samples, in the target's own unit."""
    dataset = snapshot.dataset
    outputs = (dataset.y_test[:, 0], snapshot.runs[place].test_predictions[:, 0])
    true, said = (values * dataset.target_scale + dataset.target_center for values in outputs)
    return true, said


def _describe_sample(snapshot: Snapshot, place: int, x: float, y: float) -> str:
    true, said = true_and_said(snapshot, place)
    distance = (true - x) ** 2 + (said - y) ** 2
    if not np.isfinite(distance).any():
        return ""
    near = int(np.nanargmin(distance))
    return f"nearest test sample: true {true[near]:.4g}, predicted {said[near]:.4g}".replace("-", "−")


def _describe_matrix(snapshot: Snapshot, place: int, x: float, y: float) -> str:
    names, counts = snapshot.dataset.class_names, snapshot.runs[place].confusion
    column, row = round(x), round(y)
    if not (0 <= column < len(names) and 0 <= row < len(names)):
        return ""
    total = max(1, int(counts[row].sum()))
    count = int(counts[row, column])
    return f"true {names[row]}, predicted {names[column]}<br>{count} of {total} test samples ({count / total:.1%})"
