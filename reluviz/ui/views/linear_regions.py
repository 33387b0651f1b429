"""The straight pieces that a network is made of: regions of the plane, or the hinges of a curve."""

from html import escape
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QCheckBox, QWidget

from reluviz.core.hinges import Hinges, contributions, hinges
from reluviz.core.labels import run_labels
from reluviz.core.plan import model_of
from reluviz.core.regions import Regions, regions
from reluviz.core.snapshot import WEIGHTS, Snapshot
from reluviz.ui.views.base import View, swatch
from reluviz.ui.views.heading import Heading
from reluviz.ui.views.line_key import LineKey
from reluviz.ui.views.plot import Panel
from reluviz.ui.views.regions_line import GLYPHS, MOST_LINES, LineDrawing, grid, inside_grid
from reluviz.ui.views.regions_pin import Pin
from reluviz.ui.views.regions_plane import WIDTHS, PlaneDrawing, boundary_pen, fold_pen
from reluviz.ui.views.regions_words import before_link, formulas, heading, line_rows, pinned_words, plane_rows, table_of
from reluviz.ui.views.run_pair import RunPair
from reluviz.ui.views.sentence import Sentence
from reluviz.ui.views.table import Table

# More are too small to be seen, and take long to find.
MOST = 2500
UNLIMITED = 16777215
WAITING = "Waiting for the next measurement."
NO_HINGES = "no straight pieces"
TOO_MANY_INPUTS = "Linear regions are drawn for data of one or two inputs."


class LinearRegions(View):
    """Two runs side by side; on a line, what the last hidden layer adds is drawn below."""

    key = "linear_regions"
    title = "Linear regions"
    help = (
        "With activations of straight lines, such as ReLU, a network is one flat piece in every region between folds:"
        " each neuron folds the plane once, and deeper folds bend where they meet earlier ones. The deeper the tint,"
        " the steeper the piece. On a line: the curve with a mark at every hinge, and the neurons that add up to it."
    )
    needs = frozenset({WEIGHTS})
    every = 4

    def build(self) -> None:
        """For each of two runs a panel for the plane or the curve, and one below."""
        self.legend = LineKey()
        self.canvas.ci.addItem(self.legend, 0, 0, 1, 2)
        self.mains = [self.add_panel(1, column) for column in range(2)]
        self.lowers = [self.add_panel(2, column) for column in range(2)]
        self.mains[1].join(self.mains[0])
        for main, lower in zip(self.mains, self.lowers, strict=True):
            lower.join(main)
        self.planes = [PlaneDrawing(panel) for panel in self.mains]
        self.lines = [LineDrawing(main, lower) for main, lower in zip(self.mains, self.lowers, strict=True)]
        self.headings = [Heading(panel.plot) for panel in self.mains]
        self.sentences = [Sentence(panel.plot) for panel in self.mains]
        self.pair = RunPair(self.redraw)
        self.sample_box = QCheckBox("Samples")
        self.sample_box.setToolTip("Show the training samples on the regions or beside the curve")
        self.sample_box.setAccessibleName("Show the training samples")
        self.sample_box.toggled.connect(self.redraw)
        self._computed: list[Any] = [None, None]
        self._shown: tuple[int, ...] = ()
        self._layout: Any = None
        self.pin = Pin(self.mains, self.redraw)
        self.canvas.ci.addItem(self.pin.words, 3, 0, 1, 2)
        self.canvas.scene().sigMouseClicked.connect(self.pin.click)

    def tools(self) -> list[QWidget]:
        """Samples or not, and which runs."""
        return [self.sample_box, *self.pair.boxes]

    def options(self) -> dict[str, Any]:
        """What was chosen."""
        return {"samples": self.sample_box.isChecked(), "point": self.pin.option, **self.pair.options()}

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again."""
        if isinstance(options.get("samples"), bool):
            self.sample_box.setChecked(options["samples"])
        self.pin.set_option(options.get("point"))
        self.pair.set_options(options)

    def restyle(self) -> None:
        """Take the theme's colours; pens are set with the next snapshot."""
        self.legend.set_theme(self.theme, self.scale)
        for head, words, plane, line in zip(self.headings, self.sentences, self.planes, self.lines, strict=True):
            head.set_theme(self.theme, self.scale)
            words.set_theme(self.theme, self.scale)
            plane.restyle()
            line.restyle()
        self._computed = [one and (*one[:2], None) for one in self._computed]
        self.pair.fit()
        self.pin.restyle(self)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Find the pieces of the runs that are shown, where their weights have changed, and draw them."""
        labels = run_labels(snapshot.settings)
        self._shown = self.pair.shown(len(labels))
        self.pair.fill(labels, self._shown)
        inputs = snapshot.dataset.inputs
        self._arrange(len(self._shown), inputs)
        self.sample_box.setVisible(inputs == 2 or (inputs == 1 and snapshot.dataset.task == "regression"))
        for place, run in enumerate(self._shown):
            found, words, look = self._find(snapshot, place, run)
            color = self.theme.runs[snapshot.settings.runs[run].color]
            if look is None or look != self._look(snapshot, run):
                self._show(place, snapshot, run, color, found)
                self._computed[place] = (*self._computed[place][:2], self._look(snapshot, run))
            drawing = self.planes[place] if inputs == 2 else self.lines[place]
            # A curved run on a line is drawn all the same.
            self.sentences[place].set_words("" if drawing.drawn else words)
            said = NO_HINGES if drawing.drawn and found is None else self._heading(snapshot, run, found)
            self.headings[place].set_words(labels[run], said, color)
            drawing.show_samples(self, snapshot, self.sample_box.isChecked() and drawing.drawn)
        self._name(snapshot)
        self._show_pin(snapshot, labels)

    def _show_pin(self, snapshot: Snapshot, labels: tuple[str, ...]) -> None:
        """The affine maps of the runs at the point that was clicked."""
        found, inputs = {}, snapshot.dataset.inputs
        if self.pin.point is not None and inputs <= 2:
            for place, run in enumerate(self._shown):
                found[labels[run]] = pinned_words(snapshot, self._computed[place][1][0], *self.pin.point)
        self.pin.show(found, inputs=inputs, paper=self.paper or inputs > 2)

    def _look(self, snapshot: Snapshot, run: int) -> Any:
        return (self.theme.name, self.pen_scale, self.scale, snapshot.settings.runs[run].color, id(snapshot.dataset))

    def _find(self, snapshot: Snapshot, place: int, run: int) -> tuple[Regions | Hinges | None, str, Any]:
        """The pieces of a run, or a sentence that says why there are none; and how they were drawn last."""
        state, probe = snapshot.runs[run], snapshot.probe
        if snapshot.dataset.inputs > 2:
            key: Any = TOO_MANY_INPUTS
        else:
            own = (snapshot.settings.runs[run], snapshot.settings.network.hidden, probe.low, probe.high)
            key = (state.theta.tobytes(), state.running.tobytes(), own) if state.theta.size else WAITING
        before = self._computed[place]
        if before is not None and before[0] == key:
            return (*before[1], before[2])
        result: tuple[Regions | Hinges | None, str] = (None, key if isinstance(key, str) else "")
        if not isinstance(key, str):
            search = regions if snapshot.dataset.inputs == 2 else hinges
            model = model_of(snapshot.shape, snapshot.settings, run)
            try:
                found = search(model, state.theta, state.running, probe.low, probe.high, most=MOST)
                result = (found, "")
            except ValueError as error:
                result = (None, str(error))
        self._computed[place] = (key, result, None)
        return (*result, None)

    def _show(self, place: int, snapshot: Snapshot, run: int, color: str, found: Regions | Hinges | None) -> None:
        plane, line = self.planes[place], self.lines[place]
        for drawing in (plane, line):
            drawing.hide()
        self.mains[place].grid.setVisible(snapshot.dataset.inputs == 1)
        self._label(place, snapshot)
        if isinstance(found, Regions):
            plane.show(self, snapshot, color, found)
        elif snapshot.dataset.inputs == 1 and np.isfinite(snapshot.runs[run].theta).all():
            self._show_line(line, snapshot, run, color, found)

    def _show_line(self, line: LineDrawing, snapshot: Snapshot, run: int, color: str, found: Hinges | None) -> None:
        """The curve of a run, curved or not, and what its last hidden layer adds to it."""
        state, model = snapshot.runs[run], model_of(snapshot.shape, snapshot.settings, run)
        x = snapshot.probe.inputs[:, 0].astype(float) if found is None else inside_grid(found)
        if not state.theta.size or not len(x):
            return
        parts, bias = contributions(model, state.theta, state.running, x)
        if np.isfinite(parts).all():
            line.show(self, snapshot, color, found, x if found is None else grid(found), parts, bias)

    def _label(self, place: int, snapshot: Snapshot) -> None:
        """Axes of both panels, the same whether or not there is something to draw; none for more than two inputs."""
        inputs, names, probe = snapshot.dataset.inputs, snapshot.dataset.input_names, snapshot.probe
        main = self.mains[place]
        for panel in (main, self.lowers[place]):
            panel.set_bare(inputs > 2)
        for side, axis in (("bottom", 0), ("left", 1)):
            main.label(side, f"{names[axis]} (standardised)" if inputs == 2 else "")
        if inputs == 2:
            main.home((probe.low, probe.high), (probe.low, probe.high))

    def _heading(self, snapshot: Snapshot, run: int, found: Regions | Hinges | None) -> str:
        if found is None or not snapshot.settings.network.hidden:
            return ""
        return heading(snapshot, found, len(snapshot.settings.runs[run].activation_of(0).kinks))

    def _arrange(self, runs: int, inputs: int) -> None:
        """One or two columns; the lower row for data on a line only, where the plane keeps its proportions."""
        if self._layout == (runs, inputs):
            return
        self._layout = (runs, inputs)
        layout = self.canvas.ci.layout
        for column in range(2):
            used = column < runs
            layout.setColumnMaximumWidth(column, UNLIMITED if used else 0)
            layout.setColumnStretchFactor(column, int(used))
            self.mains[column].plot.setVisible(used)
            self.mains[column].plot.vb.setAspectLocked(inputs == 2)
            lower = self.lowers[column].plot
            lower.setVisible(used and inputs == 1)
            # A hidden plot keeps its row open by the height that its axes want.
            lower.setMinimumHeight(0)
            lower.setMaximumHeight(UNLIMITED if inputs == 1 else 0)
        layout.setRowStretchFactor(1, 3)
        layout.setRowStretchFactor(2, 2 if inputs == 1 else 0)
        layout.setRowMaximumHeight(2, UNLIMITED if inputs == 1 else 0)
        layout.activate()

    def _name(self, snapshot: Snapshot) -> None:
        """What the lines or marks mean, where there are any."""
        found = [one[1][0] for one in self._computed[: len(self._shown)] if one is not None and one[1][0] is not None]
        hidden, most = len(snapshot.settings.network.hidden), len(WIDTHS)
        layers = 1 + max((int(one.layers.max(initial=-1)) for one in found), default=-1)
        last = f"layers {most} to {hidden}" if hidden > most else f"layer {most}"
        names = [f"layer {layer + 1}" for layer in range(most - 1)] + [last]
        entries = []
        if found and snapshot.dataset.inputs == 2:
            entries = [(fold_pen(self, i), f"{'' if i else 'folds: '}{names[i]}") for i in range(min(layers, most))]
            if snapshot.dataset.task == "binary":
                entries.append((boundary_pen(self), "undecided"))
        elif found:
            # The glyph is the sample.
            none = self.pen(self.theme.panel, 1)
            shown = range(min(layers, most))
            entries = [(none, f"{GLYPHS[i]} {'' if i else 'hinges: '}{names[i]}") for i in shown]
        self.legend.set_entries(entries)

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """The affine map of the piece under the cursor."""
        self._unmark(panel)
        snapshot = self.snapshot
        if snapshot is None:
            return ""
        for place, run in enumerate(self._shown):
            if panel not in (self.mains[place], self.lowers[place]):
                continue
            color = self.theme.runs[snapshot.settings.runs[run].color]
            name = swatch(color, escape(run_labels(snapshot.settings)[run]))
            words = self._here(snapshot, place, x, y)
            return f"{name}<br>{words}" if words else ""
        return ""

    def _here(self, snapshot: Snapshot, place: int, x: float, y: float) -> str:
        found = self._computed[place][1][0] if self._computed[place] is not None else None
        link = before_link(snapshot)
        if isinstance(found, Regions) and found.low <= x <= found.high and found.low <= y <= found.high:
            self.planes[place].mark(self, x, y)
            here = found.at(x, y)
            words = formulas(snapshot, here.weights, here.biases)
            return f"{words}<br>{here.on} of {found.hidden} neurons on" + (f"<br>{link}" if link else "")
        if isinstance(found, Hinges) and found.edges[0] <= x <= found.edges[-1]:
            slope, constant = found.maps[int(found.piece_at(x))]
            words = formulas(snapshot, slope[:, None], constant)
            units = snapshot.shape.sizes[-2]
            below = f"<br>drawn below: the {MOST_LINES} of {units} neurons that vary most" if units > MOST_LINES else ""
            return words + (f"<br>{link}" if link else "") + below
        return ""

    def _unmark(self, panel: Panel | None) -> None:
        for main, plane in zip(self.mains, self.planes, strict=True):
            if main is not panel:
                plane.unmark(self)

    def leave(self) -> None:
        """No cell stands out any more."""
        super().leave()
        self._unmark(None)

    def _hover(self, position: QPointF) -> None:
        super()._hover(position)
        place = self.canvas.mapToScene(position.toPoint())
        if not any(panel.plot.vb.sceneBoundingRect().contains(place) for panel in self.mains):
            self._unmark(None)

    def table(self) -> Table:
        """A row for each region, or for each hinge, of the runs that are shown."""
        if self.snapshot is None:
            return Table((), ())
        labels = run_labels(self.snapshot.settings)
        rows: list[tuple[Any, ...]] = []
        for place, run in enumerate(self._shown):
            found = self._computed[place][1][0]
            if isinstance(found, Regions):
                rows += plane_rows(labels[run], found)
            elif found is not None:
                rows += line_rows(labels[run], found)
        return table_of(rows, self.snapshot.dataset.inputs)
