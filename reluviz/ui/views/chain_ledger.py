"""The chain rule as a ledger: what every layer does to the gradient of one sample, from the output back."""

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSpinBox, QWidget

from reluviz.core.chain import Chain, chain_at
from reluviz.core.labels import run_labels
from reluviz.core.settings import MOST_RUNS
from reluviz.core.snapshot import INSIDE, WEIGHTS, Snapshot
from reluviz.core.spectral import SpectralNorms
from reluviz.ui.views.base import View
from reluviz.ui.views.chain_rows import COLUMNS, chain_table, chain_words, ledger_rows
from reluviz.ui.views.legend import Legend
from reluviz.ui.views.plot import Panel
from reluviz.ui.views.run_pair import RunPair
from reluviz.ui.views.sheet import Sheet
from reluviz.ui.views.table import Table

Array = np.ndarray[Any, np.dtype[Any]]
DASH = Qt.PenStyle.DashLine
MOST_SAMPLES = 256
# The ledger takes at most this share of the height; what is below the lowest decade is drawn at the bottom.
SHARE = 0.56
LEAST_DECADES, MOST_DECADES = 2.0, 40.0
# The marks of the left and the right run.
SYMBOLS, GLYPHS = ("o", "s"), ("●", "■")
MARK, MOST_MARKED = 6, 24
BETWEEN = 26


class ChainLedger(View):
    """Two ledgers side by side above a plot of the bounds and of what is measured."""

    key = "chain_ledger"
    title = "Chain rule, layer by layer"
    help = (
        "Back from the output, every layer multiplies the gradient of one sample by its slopes and by the weights"
        " above it: by at most max |f′(z)| · ‖W‖. The product of these factors (dashed) is the most that can be left,"
        " the measured gradient (solid) is what is left, both as shares of the last hidden layer's."
    )
    needs = frozenset({INSIDE, WEIGHTS})
    every = 6

    def build(self) -> None:
        """Two ledgers, and two curves with marks for each of two runs."""
        self.sheets = [Sheet(), Sheet()]
        for column, sheet in enumerate(self.sheets):
            self.canvas.ci.addItem(sheet, 0, column)
        self.canvas.ci.layout.setColumnSpacing(0, BETWEEN)
        self.panel = self.add_panel(1, 0, x="hidden layer, 1 is the first", y="share of ‖δ‖")
        # Below both ledgers.
        self.canvas.ci.layout.removeItem(self.panel.plot)
        self.canvas.ci.layout.addItem(self.panel.plot, 1, 0, 1, 2)
        self.panel.axis("left").powers = True
        self.curves: list[tuple[Any, Any, Any]] = []
        for symbol in SYMBOLS:
            bound, measured = (pg.PlotCurveItem(connect="finite", antialias=True) for _ in range(2))
            marks = pg.ScatterPlotItem(pxMode=True, size=MARK, symbol=symbol, antialias=True)
            for item in (bound, measured, marks):
                self.panel.plot.addItem(item, ignoreBounds=True)
            # Segment by segment the dashes of a line with many points would join.
            bound.setSegmentedLineMode("off")
            measured.setSegmentedLineMode("on")
            self.curves.append((bound, measured, marks))
        self.legend = Legend(self.panel.plot, right=True, bottom=True)
        self.pair = RunPair(self.redraw)
        self.sample_box = QSpinBox()
        self.sample_box.setPrefix("Sample ")
        self.sample_box.setRange(1, MOST_SAMPLES)
        self.sample_box.setToolTip("The training sample whose gradient is followed")
        self.sample_box.setAccessibleName("Sample")
        self.sample_box.valueChanged.connect(self._choose_sample)
        self._sample = 1
        self._norms = [SpectralNorms() for _ in range(MOST_RUNS)]
        self.chains: dict[int, Chain] = {}
        self._lowest, self._highest = -LEAST_DECADES, 0.5
        self._rows: list[int] = []
        self._looks: list[Any] = [None, None]
        self._computed: Any = None

    def tools(self) -> list[QWidget]:
        """Which sample and which runs."""
        return [self.sample_box, *self.pair.boxes]

    def options(self) -> dict[str, Any]:
        """What was chosen."""
        return {"sample": self._sample, **self.pair.options()}

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again."""
        sample = options.get("sample")
        if type(sample) is int and 1 <= sample <= MOST_SAMPLES:
            self._sample = sample
        self.pair.set_options(options)

    def _choose_sample(self, sample: int) -> None:
        self._sample = sample
        self.redraw()

    def restyle(self) -> None:
        """Take the theme's colours; pens are set with the next snapshot, which knows the runs'."""
        self._looks = [None, None]
        for sheet in self.sheets:
            sheet.set_theme(self.theme, self.scale)
        self.legend.set_theme(self.theme, self.scale, clear=self.clear)
        self.pair.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The ledger shows as many rows as there is room for."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.redraw)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Compute both chains and draw them; without the measurement only say so."""
        labels = run_labels(snapshot.settings)
        shown = self.pair.shown(len(labels))
        self.pair.fill(labels, shown)
        if not self._compute(snapshot, shown):
            self.chains = {}
        self._frame()
        self._rows = self._rows_to_show(snapshot.shape.layers)
        self.sheets[1].setVisible(len(shown) > 1)
        self._divide(len(shown))
        for place, (sheet, items) in enumerate(zip(self.sheets, self.curves, strict=True)):
            for item in items:
                item.setVisible(place < len(shown) and bool(self.chains))
            if place >= len(shown):
                continue
            run = shown[place]
            color = self.theme.runs[snapshot.settings.runs[run].color]
            rows = ledger_rows(self.chains[run], self._rows, color, self._lowest) if self.chains else []
            sheet.set_cells(COLUMNS, rows, f"{GLYPHS[place]} {labels[run]}{self._state(snapshot, run)}", color)
            sheet.set_height(len(self._rows))
            if self.chains:
                self._draw_curves(place, self.chains[run], color)
        self._name(snapshot, labels, shown)

    def _state(self, snapshot: Snapshot, run: int) -> str:
        """What the numbers of a run cannot say."""
        if not self.chains:
            return ": waiting for the next measurement"
        if snapshot.runs[run].divergence is not None:
            return ": diverged"
        return ": no gradient passes" if self.chains[run].measured[-2] == 0 else ""

    def _compute(self, snapshot: Snapshot, shown: tuple[int, ...]) -> bool:
        """The chains of the shown runs; False where the snapshot does not hold what they need."""
        if any(not state.inside.z.size or not state.theta.size for state in snapshot.runs):
            return False
        samples = snapshot.runs[0].inside.z.shape[1]
        sample = min(self._sample, samples)
        self.sample_box.blockSignals(True)
        self.sample_box.setMaximum(samples)
        self.sample_box.setValue(sample)
        self.sample_box.blockSignals(False)
        wanted = (shown, sample)
        if self._computed is None or self._computed[0] is not snapshot or self._computed[1] != wanted:
            self._computed = (snapshot, wanted)
            self.chains = {run: chain_at(snapshot, run, sample - 1, self._norms[run]) for run in shown}
        return True

    def _rows_to_show(self, layers: int) -> list[int]:
        """The layers that have a row, the output first: all, or evenly thinned with both ends kept."""
        line = self.sheets[0].line
        fitting = max(3, int(SHARE * self.canvas.viewport().height() / line) - 2)
        if layers <= fitting:
            return list(reversed(range(layers)))
        hidden = np.unique(np.linspace(0, layers - 2, fitting - 1).round().astype(int))
        return [layers - 1, *hidden[::-1].tolist()]

    def _divide(self, shown: int) -> None:
        """One ledger over the whole width, or two halves."""
        layout = self.canvas.ci.layout
        half = max(10.0, (self.canvas.viewport().width() - 20 - BETWEEN) / 2)
        if shown < 2:
            layout.setColumnFixedWidth(1, 0)
            return
        layout.setColumnMaximumWidth(1, 16777215)
        layout.setColumnMinimumWidth(1, half)
        for column in (0, 1):
            layout.setColumnPreferredWidth(column, half)

    def _frame(self) -> None:
        """Whole decades around all that is drawn; the frame does not move while it fits."""
        values = [part for one in self.chains.values() for part in (one.products[:-1], one.ratios[:-1])]
        logs = logarithms(np.concatenate(values)) if values else np.zeros(0)
        finite = logs[np.isfinite(logs)]
        low = max(-MOST_DECADES, float(finite.min(initial=0.0)))
        high = min(MOST_DECADES, float(finite.max(initial=0.0)))
        if not self._lowest <= low < self._lowest / 2 + 1 or self._lowest > -LEAST_DECADES:
            self._lowest = min(-LEAST_DECADES, 2.0 * math.floor(low / 2 - 0.05))
        if not high <= self._highest < high + 4:
            self._highest = max(0.5, 2.0 * math.ceil(high / 2 + 0.05))
        layers = max((len(one.measured) - 1 for one in self.chains.values()), default=1)
        margin = 0.04 * layers
        # Layers are whole numbers.
        every = max(1, -(-layers // 8))
        self.panel.axis("bottom").setTickSpacing(levels=[(every, 0)])
        self.panel.home((1 - margin - 0.2, layers + margin + 0.2), (self._lowest, self._highest))

    def _draw_curves(self, place: int, one: Chain, color: str) -> None:
        bound, measured, marks = self.curves[place]
        look = (color, self.theme.name, self.pen_scale)
        if self._looks[place] != look:
            self._looks[place] = look
            bound.setPen(self.pen(color, 1.3, DASH))
            measured.setPen(self.pen(color, 2))
            marks.setPen(self.pen(self.theme.panel, 0.8))
            marks.setBrush(color)
        x = np.arange(1.0, len(one.measured))
        said, found = (logarithms(values[:-1]) for values in (one.products, one.ratios))
        bound.setData(x, said)
        measured.setData(x, found)
        some = np.flatnonzero(np.isfinite(found))[:: max(1, len(x) // MOST_MARKED)]
        marks.setData(x[some], found[some])

    def _name(self, snapshot: Snapshot, labels: tuple[str, ...], shown: tuple[int, ...]) -> None:
        rows = [
            (self.pen(self.theme.runs[snapshot.settings.runs[run].color], 2), f"{glyph} {labels[run]}")
            for glyph, run in zip(GLYPHS, shown, strict=False)
        ]
        rows += [
            (self.pen(self.theme.dim, 2), "measured"),
            (self.pen(self.theme.dim, 1.3, DASH), "bound Π max|f′|·‖W‖"),
        ]
        self.legend.set_rows(rows)

    def _hover(self, position: QPointF) -> None:
        """Over a ledger: all about the layer of the row."""
        super()._hover(position)
        place = self.canvas.mapToScene(position.toPoint())
        for sheet in self.sheets:
            inside = sheet.isVisible() and sheet.sceneBoundingRect().contains(place)
            row = sheet.row_at(sheet.mapFromScene(place)) if inside else None
            if row is not None and self.snapshot is not None and self.chains:
                self._place_readout(chain_words(self.snapshot, self.chains, self._rows[row], self.theme), position)

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """All about the hidden layer nearest to the cursor."""
        if self.snapshot is None or not self.chains:
            return ""
        layer = round(x) - 1
        inside = 0 <= layer < self.snapshot.shape.layers - 1
        return chain_words(self.snapshot, self.chains, layer, self.theme) if inside else ""

    def table(self) -> Table:
        """A row for each layer of the runs that are shown, from the output back."""
        return Table((), ()) if self.snapshot is None else chain_table(self.snapshot, self.chains)


def logarithms(values: Array) -> Array:
    """log₁₀; NaN for what is zero or not finite."""
    with np.errstate(all="ignore"):
        logs = np.log10(values)
    return np.where(np.isfinite(logs), logs, np.nan)
