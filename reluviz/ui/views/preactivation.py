"""Where the data lie on the curve: the pre-activations of a neuron, a layer or a run, under f and f′."""

from typing import Any

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from reluviz.core.labels import run_labels
from reluviz.core.settings import MOST_RUNS
from reluviz.core.snapshot import INSIDE, Snapshot
from reluviz.ui.views.base import View
from reluviz.ui.views.boxes import ChoiceBox, whole
from reluviz.ui.views.curve_column import Column, Group
from reluviz.ui.views.curve_readout import bin_words, bins_table, curve_words
from reluviz.ui.views.plot import Panel
from reluviz.ui.views.table import Table
from reluviz.ui.views.whereabouts import (
    Part,
    activations_of,
    histogram,
    places_of,
    reach_of,
    values_of,
)

# Values of the run box beside the numbers of runs.
FIRST_TWO, EVERY = -2, -1
ALL = -1
MOST_LAYERS, MOST_UNITS = 64, 1024
# Columns beside each other have one scale unless one would be so much narrower.
COMPARABLE = 4.0
WAITING = "waiting for the next measurement"
# Between the columns, and at each side of both.
SPACE = 6


class PreActivation(View):
    """Curves above, z below: one column for each of two runs, or all runs in one."""

    key = "preactivation"
    title = "Pre-activations on the curve"
    help = (
        "Where the data lie on the activation: above, f (solid) and its derivative f′ (dashed); below, the share of the"
        " batch's pre-activations z in each bin. In the saturated part abs f′ is below 5 % of its maximum, in the zero"
        " part f and f′ are exactly 0: hardly any gradient passes there, or none."
    )
    needs = frozenset({INSIDE})
    every = 3

    def build(self) -> None:
        """Two columns; the second hides when one is drawn."""
        self.columns = [Column(self, 0), Column(self, 1)]
        self.canvas.ci.layout.setRowStretchFactor(0, 4)
        self.canvas.ci.layout.setRowStretchFactor(1, 5)
        self.run_box = ChoiceBox("Whose pre-activations are shown: two runs, all, or one", self._choose)
        self.layer_box = ChoiceBox("Which hidden layer is shown, or all of them", self._choose)
        self.unit_box = ChoiceBox("Which neuron of the layer is shown, or all of them", self._choose)
        self._run, self._layer, self._unit = FIRST_TWO, ALL, ALL
        self._reaches: dict[Any, float] = {}
        self._framed: Any = None
        self._named: tuple[Any, tuple[str, ...]] = (None, ())

    def tools(self) -> list[QWidget]:
        """Which run, layer and neuron."""
        return [self.run_box, self.layer_box, self.unit_box]

    def options(self) -> dict[str, Any]:
        """What was chosen."""
        return {"run": self._run, "layer": self._layer, "unit": self._unit}

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again."""
        if whole(options.get("run"), FIRST_TWO, MOST_RUNS - 1):
            self._run = options["run"]
        if whole(options.get("layer"), ALL, MOST_LAYERS - 1):
            self._layer = options["layer"]
        if whole(options.get("unit"), ALL, MOST_UNITS - 1):
            self._unit = options["unit"]
        self.redraw()

    def pick(self, run: int, neuron: int) -> None:
        """Show a hidden neuron; in both runs where both are shown, for they began with the same draws."""
        if self.snapshot is None or not 0 <= run < len(self.snapshot.runs):
            return
        shape = self.snapshot.shape
        layer = int(np.searchsorted(shape.offsets, neuron, side="right")) - 1
        if not 0 <= layer < shape.layers - 1:
            return
        self._layer, self._unit = layer, neuron - shape.offsets[layer]
        if run not in [part.run for parts in self._parts(self.snapshot) for part in parts]:
            self._run = run
        self.redraw()

    def _choose(self) -> None:
        if self.layer_box.currentData() != self._layer:
            # Another layer's neuron of the same number is another neuron.
            self._unit = ALL
        elif self.unit_box.isEnabled():
            self._unit = self.unit_box.currentData()
        self._run, self._layer = self.run_box.currentData(), self.layer_box.currentData()
        self.redraw()

    def _chosen(self, snapshot: Snapshot) -> tuple[int, int, int]:
        """Run, layer and neuron as far as this lab has them."""
        hidden = snapshot.settings.network.hidden
        run = self._run if self._run < len(snapshot.runs) else FIRST_TWO
        if run == EVERY and len(snapshot.runs) <= 2:
            run = FIRST_TWO
        layer = self._layer if self._layer < len(hidden) else ALL
        unit = self._unit if layer != ALL and self._unit < hidden[layer] else ALL
        return run, layer, unit

    def _parts(self, snapshot: Snapshot) -> list[list[Part]]:
        """What is drawn in each column."""
        run, layer, unit = self._chosen(snapshot)
        place = (None if layer == ALL else layer, None if unit == ALL else unit)
        if run == EVERY:
            return [[Part(each, *place) for each in range(len(snapshot.runs))]]
        runs = range(min(2, len(snapshot.runs))) if run == FIRST_TWO else [run]
        return [[Part(each, *place)] for each in runs]

    def restyle(self) -> None:
        """Take the theme's colours."""
        for box in self.tools():
            box.narrow()  # type: ignore[attr-defined]
        for column in self.columns:
            column.restyle()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Count z and draw."""
        self._fill_boxes(snapshot)
        columns = self._parts(snapshot)
        self._arrange(len(columns))
        framed = (snapshot.settings.model, tuple(map(tuple, columns)))
        if framed != self._framed:
            self._framed, self._reaches = framed, {}
        reaches = self._scale(snapshot, columns)
        labels = self._labels(snapshot)
        for column, parts, reach in zip(self.columns, columns, reaches, strict=False):
            groups = [self._group(snapshot, part, labels[part.run], reach) for part in parts]
            column.show(groups, reach, self._heading(snapshot, groups))

    def _labels(self, snapshot: Snapshot) -> tuple[str, ...]:
        if self._named[0] is not snapshot.settings:
            self._named = (snapshot.settings, run_labels(snapshot.settings))
        return self._named[1]

    def _scale(self, snapshot: Snapshot, columns: list[list[Part]]) -> list[float]:
        """Where the axis of each column ends: the same for all where they can be compared."""
        for place, parts in enumerate(columns):
            found = [reach_of(values_of(snapshot, part), self._reaches.get((place, part), 0.0)) for part in parts]
            self._reaches.update({(place, part): reach for part, reach in zip(parts, found, strict=True)})
        ends = [max(self._reaches[place, part] for part in parts) for place, parts in enumerate(columns)]
        return [max(ends)] * len(ends) if max(ends) <= COMPARABLE * min(ends) else ends

    def _group(self, snapshot: Snapshot, part: Part, label: str, reach: float) -> Group:
        z, state = values_of(snapshot, part), snapshot.runs[part.run]
        color = self.theme.runs[snapshot.settings.runs[part.run].color]
        places = places_of(snapshot, part)
        words = ""
        if not z.size:
            words = WAITING
        elif places.unknown == places.values:
            words = state.divergence.sentence if state.divergence is not None else "nothing here is a number"
        beyond = int(np.count_nonzero(np.abs(z) > reach))
        counts = histogram(z, reach)
        return Group(part, label, color, activations_of(snapshot, part), counts, beyond, places, words)

    def _heading(self, snapshot: Snapshot, groups: list[Group]) -> tuple[str, str, str]:
        part, label, color = groups[0][:3]
        where = "all layers" if part.layer is None else f"layer {part.layer + 1}"
        if part.unit is not None:
            where += f", neuron {part.unit + 1}"
        if len(groups) > 1:
            return "All runs", where, self.theme.text
        if len(groups[0].activations) > 1:
            return label, f"several activations, {where}", color
        return label, where, color

    def _arrange(self, columns: int) -> None:
        """Two plots of equal width, the first with room for the names of its axes; or one."""
        grid, second = self.canvas.ci, self.columns[1]
        held = second.upper.plot in grid.items
        if held != (columns > 1):
            # What is hidden would keep its room in the grid.
            for row, panel in enumerate((second.upper, second.lower)):
                if held:
                    grid.removeItem(panel.plot)
                    self.canvas.scene().addItem(panel.plot)
                else:
                    grid.addItem(panel.plot, row, 1)
                panel.plot.setVisible(columns > 1)
        widths = [column.lower.axis("left").fixedWidth or 0 for column in self.columns]
        half = max(10.0, (self.canvas.viewport().width() - 3 * SPACE - sum(widths)) / 2)
        for column, width in enumerate(widths):
            grid.layout.setColumnMinimumWidth(column, half + width if columns > 1 else 0)
            grid.layout.setColumnPreferredWidth(column, half + width if columns > 1 else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Both columns keep one width, also while nothing is trained."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.redraw)

    def _fill_boxes(self, snapshot: Snapshot) -> None:
        run, layer, unit = self._chosen(snapshot)
        labels, hidden = self._labels(snapshot), snapshot.settings.network.hidden
        several = [] if len(labels) < 2 else [("Both runs" if len(labels) == 2 else "First two runs", FIRST_TWO)]
        several += [("All runs", EVERY)] if len(labels) > 2 else []
        runs = [*several, *((label, place) for place, label in enumerate(labels))]
        self.run_box.fill(runs, run if several or run != FIRST_TWO else 0)
        self.run_box.setVisible(len(labels) > 1)
        self.layer_box.fill([("All layers", ALL), *((f"Layer {i + 1}", i) for i in range(len(hidden)))], layer)
        units = range(hidden[layer] if layer != ALL else 0)
        self.unit_box.fill([("All neurons", ALL), *((f"Neuron {i + 1}", i) for i in units)], unit)
        self.unit_box.setEnabled(layer != ALL)

    def table(self) -> Table:
        """Every bin of every run that is shown, and the shares of its values in each part of the curve."""
        return Table((), ()) if self.snapshot is None else bins_table(self._shown_columns(self.snapshot))

    def _shown_columns(self, snapshot: Snapshot) -> list[Column]:
        return self.columns[: len(self._parts(snapshot))]

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """f and f′ at z above; the bin's values and the shares below."""
        for column in self.columns:
            if panel is column.upper:
                return curve_words(column, x)
            if panel is column.lower:
                return bin_words(column, x)
        return ""
