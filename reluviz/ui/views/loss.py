"""Loss and accuracy of every run over the course of training."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from reluviz.core.labels import run_labels
from reluviz.core.settings import MOST_RUNS
from reluviz.core.snapshot import Snapshot
from reluviz.ui.views.base import View, number, swatch
from reluviz.ui.views.legend import Legend
from reluviz.ui.views.plot import Panel
from reluviz.ui.views.table import Table

Array = np.ndarray[Any, np.dtype[Any]]
MEASURES = ("training loss", "test loss", "training accuracy (share)", "test accuracy (share)")
AXES = {"steps": "training steps", "epochs": "epochs, passes over the data", "seconds": "seconds of training"}
GROWTH = 1.25
DASH = Qt.PenStyle.DashLine


class Loss(View):
    """Loss above, accuracy below; training data solid, test data dashed."""

    key = "loss"
    title = "Loss and accuracy"
    help = (
        "How wrong each run is, measured on all training data (solid) and on the held-out test data (dashed), and"
        " which share of the answers is right. A flat line means that nothing is learned."
    )

    # Four curves of hundreds of points cost more to paint than anything else here, and hardly move in 50 ms.
    every = 3

    def build(self) -> None:
        """Four curves for each possible run."""
        self.loss = self.add_panel(0, 0, x="", y="loss")
        self.accuracy = self.add_panel(1, 0, x=AXES["steps"], y="accuracy")
        self.accuracy.join(self.loss)
        self.canvas.ci.layout.setRowStretchFactor(0, 5)
        self.canvas.ci.layout.setRowStretchFactor(1, 3)
        self.curves: list[list[pg.PlotCurveItem]] = []
        for _ in range(MOST_RUNS):
            items = [pg.PlotCurveItem(connect="finite", antialias=True) for _ in range(4)]
            for place, item in enumerate(items):
                item.setSegmentedLineMode("on")
                (self.loss if place < 2 else self.accuracy).plot.addItem(item, ignoreBounds=True)
            self.curves.append(items)
        self.legend = Legend(self.loss.plot, bottom=True)
        self._build_tools()
        self._extent = 0.0
        self._styled: Any = None

    def _build_tools(self) -> None:
        self.axis_box = QComboBox()
        for key, words in AXES.items():
            self.axis_box.addItem(key.capitalize(), key)
            self.axis_box.setItemData(self.axis_box.count() - 1, f"Show {words} along x", Qt.ItemDataRole.ToolTipRole)
        self.axis_box.setToolTip("What runs along the x axis: steps, epochs or seconds of training")
        self.axis_box.setAccessibleName("X axis of the loss plot")
        self.axis_box.currentIndexChanged.connect(self._rescale)
        self.log_box = QCheckBox("Log")
        self.log_box.setToolTip("Show the loss on a logarithmic axis")
        self.log_box.setAccessibleName("Logarithmic loss axis")
        self.log_box.setChecked(True)
        self.log_box.toggled.connect(self._rescale)

    def tools(self) -> list[QWidget]:
        """The x axis and the logarithm."""
        return [self.log_box, self.axis_box]

    def options(self) -> dict[str, Any]:
        """What was chosen."""
        return {"log": self.log_box.isChecked(), "axis": self.axis_box.currentData()}

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again."""
        if isinstance(options.get("log"), bool):
            self.log_box.setChecked(options["log"])
        if options.get("axis") in AXES:
            self.axis_box.setCurrentIndex(list(AXES).index(options["axis"]))

    def _rescale(self, *_: Any) -> None:
        self._extent = 0.0
        self.loss.zoomed = self.accuracy.zoomed = False
        self.redraw()

    def restyle(self) -> None:
        """Pens are set with the next snapshot, which knows the runs' colours."""
        self.legend.set_theme(self.theme, self.scale, clear=self.clear)
        self._styled = None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Set the curves; the present step is their last point even between two points of history."""
        x, values = course(snapshot, self.axis_box.currentData())
        log = self.log_box.isChecked()
        self.loss.axis("left").powers = log
        regression = snapshot.dataset.task == "regression"
        self._style(snapshot)
        with np.errstate(all="ignore"):
            losses = np.log10(values[:, :, :2]) if log else values[:, :, :2]
        losses = np.where(np.isfinite(losses), losses, np.nan)
        self.accuracy.plot.setVisible(not regression)
        self.canvas.ci.layout.setRowStretchFactor(1, 0 if regression else 3)
        self.accuracy.plot.setMaximumHeight(0 if regression else 16777215)
        side = self.loss if regression else self.accuracy
        side.label("bottom", AXES[self.axis_box.currentData()])
        for place, items in enumerate(self.curves):
            for kind, item in enumerate(items):
                item.setVisible(place < len(values))
                if place < len(values):
                    item.setData(x, losses[place, :, kind] if kind < 2 else values[place, :, kind])
        self._frame(x, losses, values[:, :, 2:], log)

    def _style(self, snapshot: Snapshot) -> None:
        shape = (snapshot.settings.runs, self.theme.name, self.scale, self.pen_scale)
        if shape == self._styled:
            return
        self._styled = shape
        rows = []
        for run, label, items in zip(snapshot.settings.runs, run_labels(snapshot.settings), self.curves, strict=False):
            color = self.theme.runs[run.color]
            solid, dashed = self.pen(color, 2), self.pen(color, 1.3, DASH)
            for item, pen in zip(items, (solid, dashed, solid, dashed), strict=True):
                item.setPen(pen)
            rows.append((solid, label))
        rows += [(self.pen(self.theme.dim, 2), "training data"), (self.pen(self.theme.dim, 1.3, DASH), "test data")]
        self.legend.set_rows(rows)

    def _frame(self, x: Array, losses: Array, accuracies: Array, log: bool) -> None:
        """Grow the x axis in steps: an axis that follows every frame is laid out anew every frame."""
        last = float(x[-1]) if len(x) else 0.0
        if self._extent == 0 or last > self._extent or last < self._extent / (2 * GROWTH**2):
            self._extent = max(last * GROWTH, 10.0 if self.axis_box.currentData() == "steps" else 1.0)
        finite = losses[np.isfinite(losses)]
        if not finite.size:
            bounds = (-1.0, 1.0) if log else (0.0, 1.0)
        elif log:
            bounds = (float(np.floor(finite.min() * 2 - 0.1) / 2), float(np.ceil(finite.max() * 2 + 0.1) / 2))
            bounds = (min(bounds[0], bounds[1] - 1.0), bounds[1])
        else:
            step = 10.0 ** np.floor(np.log10(max(float(finite.max()), 1e-9))) / 2
            bounds = (0.0, float(np.ceil(finite.max() / step + 0.1) * step))
        self.loss.home((0.0, self._extent), bounds)
        known = accuracies[np.isfinite(accuracies)]
        low = float(np.floor(10 * known.min() - 0.01) / 10) if known.size else 0.0
        self.accuracy.home((0.0, self._extent), (min(low, 0.9), 1.05))

    def table(self) -> Table:
        """Every recorded point: the x axis as chosen, then losses and accuracies of each run."""
        if self.snapshot is None:
            return Table((), ())
        axis = self.axis_box.currentData()
        x, values = course(self.snapshot, axis)
        names, columns = [axis], [x]
        for label, run in zip(run_labels(self.snapshot.settings), values, strict=True):
            for kind, words in enumerate(MEASURES[: 2 if self.snapshot.dataset.task == "regression" else 4]):
                names.append(f"{label}: {words}")
                columns.append(run[:, kind])
        return Table(tuple(names), tuple(columns))

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """Every run's values at the recorded point nearest to the cursor."""
        if self.snapshot is None:
            return ""
        snapshot, axis = self.snapshot, self.axis_box.currentData()
        places, values = course(snapshot, axis)
        near = int(np.nanargmin(np.abs(places - x))) if np.isfinite(places).any() else 0
        accurate = snapshot.dataset.task != "regression"
        head = "<td align=right>&nbsp;&nbsp;train</td><td align=right>&nbsp;&nbsp;test</td>"
        rows = [f"<tr><td>{axis[:-1]} {number(float(places[near]))}</td>{head}{head if accurate else ''}</tr>"]
        for run, label, row in zip(snapshot.settings.runs, run_labels(snapshot.settings), values, strict=True):
            cells = [number(float(v)) for v in row[near, :2]]
            cells += [f"{v:.1%}" if np.isfinite(v) else "none" for v in row[near, 2:]] if accurate else []
            numbers = "".join(f"<td align=right>&nbsp;&nbsp;{cell}</td>" for cell in cells)
            rows.append(f"<tr><td>{swatch(self.theme.runs[run.color], label)}</td>{numbers}</tr>")
        return f"<table cellspacing=0>{''.join(rows)}</table>"


def course(snapshot: Snapshot, axis: str) -> tuple[Array, Array]:
    """The history with the present step at its end: x (points,), values (runs, points, 4)."""
    history = snapshot.history
    x = np.asarray(getattr(history, axis), float)
    values = history.values
    if len(history.steps) and int(history.steps[-1]) == snapshot.step:
        return x, values
    now = {"steps": float(snapshot.step), "epochs": snapshot.epoch, "seconds": snapshot.seconds}[axis]
    metrics = [state.metrics for state in snapshot.runs]
    last = [[[m.train_loss, m.test_loss, m.train_accuracy, m.test_accuracy]] for m in metrics]
    return np.append(x, now), np.concatenate([values, np.array(last, np.float32)], axis=1)
