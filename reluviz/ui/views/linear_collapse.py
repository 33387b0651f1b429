"""What is left of a network without an activation: one line, beside the best line there is."""

from typing import Any

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QWidget

from reluviz.core.snapshot import WEIGHTS, Snapshot
from reluviz.ui.views.base import View
from reluviz.ui.views.collapse_plot import CollapsePlot
from reluviz.ui.views.collapse_rows import (
    Compared,
    Reference,
    cells,
    collapse_table,
    columns,
    compare,
    reference,
    sentence,
)
from reluviz.ui.views.plot import Panel
from reluviz.ui.views.sheet import Sheet
from reluviz.ui.views.table import Table

# The numbers take at most this share of the height.
SHARE = 0.55
MOST_OUTPUTS = 1000


class LinearCollapse(View):
    """Numbers above, a plot that fits the data below."""

    key = "linear_collapse"
    title = "Without an activation"
    help = (
        "A network without an activation is one W·x + b, however deep: here its layers are multiplied out, beside the"
        " best linear answer (dashed), which needs no training. Runs with an activation bend: for them the best"
        " linear answer shows how much that is worth."
    )
    needs = frozenset({WEIGHTS})
    every = 4

    def build(self) -> None:
        """A sheet and a plot."""
        self.sheet = Sheet()
        self.canvas.ci.addItem(self.sheet, 0, 0)
        self.panel = self.add_panel(1, 0)
        self.plot = CollapsePlot(self.panel)
        self.output_box = QComboBox()
        self.output_box.setToolTip("The output whose weights are shown")
        self.output_box.setAccessibleName("Output whose weights are shown")
        self.output_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.output_box.activated.connect(self._choose)
        self._output = 0
        self._fitted: Any = None
        self.best: Reference | None = None
        self.runs: list[Compared] = []

    def tools(self) -> list[QWidget]:
        """Which output, where there are several."""
        return [self.output_box]

    def options(self) -> dict[str, Any]:
        """What was chosen."""
        return {"output": self._output}

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again."""
        output = options.get("output")
        if type(output) is int and 0 <= output < MOST_OUTPUTS:
            self._output = output

    def _choose(self, output: int) -> None:
        self._output = output
        self.redraw()

    def restyle(self) -> None:
        """Take the theme's colours; pens are set with the next snapshot."""
        self.sheet.set_theme(self.theme, self.scale)
        self.plot.restyle(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sheet has as many rows as there is room for."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.redraw)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Fit the reference when the data changed, fold every run, draw both."""
        self._fit(snapshot)
        assert self.best is not None
        measured = all(state.theta.size for state in snapshot.runs)
        self.runs = compare(snapshot)
        colors = [self.theme.runs[snapshot.settings.runs[one.run].color] for one in self.runs]
        fitting = max(2, int(SHARE * self.canvas.viewport().height() / self.sheet.line) - 2)
        rows = cells(snapshot, self.best, self.runs, colors)[:fitting]
        words = sentence(self.runs, self.best.linear, measured)
        self.sheet.set_cells(columns(snapshot, self.best.linear), rows, words, self.theme.text)
        self.sheet.set_height(len(rows))
        output = self._offer_outputs(snapshot)
        self.plot.show(self, snapshot, self.best, self.runs, output)

    def _fit(self, snapshot: Snapshot) -> None:
        training, seed = snapshot.settings.training, snapshot.settings.network.seed
        said = (training.label_noise, training.loss, training.l1, training.l2, training.dropout, seed)
        if self._fitted is None or self._fitted[0] is not snapshot.dataset or self._fitted[1] != said:
            self._fitted = (snapshot.dataset, said)
            self.best = reference(snapshot)

    def _offer_outputs(self, snapshot: Snapshot) -> int:
        """Fill the box; the output to show."""
        names = list(snapshot.dataset.class_names) if snapshot.dataset.outputs > 1 else []
        if [self.output_box.itemText(place) for place in range(self.output_box.count())] != names:
            self.output_box.clear()
            self.output_box.addItems(names)
        self.output_box.setVisible(bool(names))
        output = min(self._output, max(0, len(names) - 1))
        if names and self.output_box.currentIndex() != output:
            self.output_box.setCurrentIndex(output)
        return output

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """The values of the best linear answer and of every run there."""
        if self.snapshot is None or self.best is None or not np.isfinite([x, y]).all():
            return ""
        return self.plot.describe(self.theme, self.snapshot, x, y)

    def table(self) -> Table:
        """Every coefficient of the best linear answer and of the runs, and how good they are."""
        if self.snapshot is None or self.best is None:
            return Table((), ())
        return collapse_table(self.snapshot, self.best, self.runs)
