"""What every single neuron does: small maps by layer, one run at a time or two side by side."""

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QImage, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QVBoxLayout, QWidget

from reluviz.core.labels import run_labels
from reluviz.core.snapshot import ACTIVITY, Snapshot
from reluviz.ui.theme import diverging
from reluviz.ui.views.activity_table import activity_table
from reluviz.ui.views.base import View
from reluviz.ui.views.hand_marks import HandKey, hand_words
from reluviz.ui.views.key import ColorKey
from reluviz.ui.views.marks import MarkKey
from reluviz.ui.views.mosaic import Mosaic
from reluviz.ui.views.mosaic_tiles import round_up
from reluviz.ui.views.neuron_words import describe
from reluviz.ui.views.raster import colors
from reluviz.ui.views.run_pair import RunPair
from reluviz.ui.views.table import Table

INSET = 220


class NeuronActivity(View):
    """The activity of all neurons on the probe."""

    key = "neuron_activity"
    title = "Neuron activity"
    help = (
        "What every neuron does, layer by layer: its activity over the input plane, along the line, or for held-out"
        " samples class by class. Neutral is zero. Marks name what is not well on the training samples: a framed"
        " cross is dead (slope zero on all), a thin cross silent (fires on none), a ring dormant (fires on hardly any),"
        " bars saturated (flat on most); a double frame or a stroke across is your own hand."
        " Point at a neuron to enlarge it."
    )

    needs = frozenset({ACTIVITY})

    def build(self) -> None:
        """Two mosaics; the second hides when one run is shown."""
        self.mosaics = [Mosaic(), Mosaic()]
        for column, mosaic in enumerate(self.mosaics):
            self.canvas.ci.addItem(mosaic, 0, column)
        self.words, self.key_of_marks = ColorKey(), MarkKey()
        self.canvas.ci.addItem(self.key_of_marks, 1, 0, 1, 2)
        self.key_of_hands = HandKey()
        self.canvas.ci.addItem(self.key_of_hands, 2, 0, 1, 2)
        self.canvas.ci.addItem(self.words, 3, 0, 1, 2)
        self.pair = RunPair(self.redraw)
        self.each = QCheckBox("Own scales")
        self.each.setToolTip("Scale every neuron by its own largest activity instead of by its layer's")
        self.each.setAccessibleName("Scale every neuron by itself")
        self.each.toggled.connect(self.redraw)
        self._build_inset()
        self._asked: Any = None
        self._hovered: tuple[int, int] | None = None

    def _build_inset(self) -> None:
        self.inset = QFrame(self)
        self.inset.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.picture, self.caption = QLabel(), QLabel()
        self.caption.setWordWrap(True)
        self.caption.setFixedWidth(INSET)
        layout = QVBoxLayout(self.inset)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.picture)
        layout.addWidget(self.caption)
        self.inset.hide()

    def tools(self) -> list[QWidget]:
        """Which runs, and how they are scaled."""
        return [*self.pair.boxes, self.each]

    def options(self) -> dict[str, Any]:
        """What was chosen."""
        return {"own_scales": self.each.isChecked(), **self.pair.options()}

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again."""
        if isinstance(options.get("own_scales"), bool):
            self.each.setChecked(options["own_scales"])
        self.pair.set_options(options)

    def restyle(self) -> None:
        """Take the theme's colours."""
        theme = self.theme
        self.words.set_theme(theme, self.scale)
        self.key_of_marks.set_theme(theme, self.scale)
        self.key_of_hands.set_theme(theme, self.scale)
        self.pair.fit()
        for mosaic in self.mosaics:
            mosaic.set_theme(theme, self.scale, self.devicePixelRatioF(), clear=self.clear, paper=self.paper)
        self.inset.setStyleSheet(
            f"QFrame {{ background: {theme.raised}; border: 1px solid {theme.border}; border-radius: 6px; }}"
            f"QLabel {{ border: none; color: {theme.text}; }}"
        )

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the chosen runs."""
        labels = run_labels(snapshot.settings)
        shown = self.pair.shown(len(snapshot.runs))
        self.pair.fill(labels, shown)
        self._ask(shown)
        self.mosaics[1].setVisible(len(shown) > 1)
        if len(shown) < 2:
            self.canvas.ci.layout.setColumnFixedWidth(1, 0)
        else:
            half = max(10.0, (self.canvas.viewport().width() - 18) / 2)
            self.canvas.ci.layout.setColumnMaximumWidth(1, 16777215)
            for column in (0, 1):
                self.canvas.ci.layout.setColumnPreferredWidth(column, half)
            self.canvas.ci.layout.setColumnMinimumWidth(1, half)
        marks = [
            mosaic.mark(snapshot.runs[run], snapshot.dataset.outputs)
            for mosaic, run in zip(self.mosaics, shown, strict=False)
        ]
        self.key_of_marks.set_marks(snapshot, shown, np.unique(np.concatenate(marks)))
        self.key_of_hands.set_runs(snapshot, shown)
        # Tiles are arranged in the room that a mosaic has: it must have it before.
        self.canvas.ci.layout.activate()
        for mosaic, run in zip(self.mosaics, shown, strict=False):
            mosaic.show_run(snapshot, run, labels[run], self.each.isChecked())
        place = {"plane": "over the input plane", "samples": "samples, class by class"}
        kind = snapshot.probe.kind
        if kind == "line":
            self.words.set_words("", "", "activity along x, the middle is zero; ± is the height of a tile")
        else:
            self.words.set_words("negative", "", f"positive; {place[kind]}; ± beside each layer")
        if self._hovered is not None:
            self._show_inset(snapshot, *self._hovered)

    def table(self) -> Table:
        """The activity of the runs that are shown."""
        if self.snapshot is None:
            return Table((), ())
        return activity_table(self.snapshot, self.pair.shown(len(self.snapshot.runs)))

    def _ask(self, shown: tuple[int, ...]) -> None:
        """Tell the lab what is looked at, when that changes."""
        wanted = (shown, self._hovered)
        if wanted != self._asked:
            self._asked = wanted
            self.look_changed.emit(wanted)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """The wheel scrolls large networks."""
        if event.type() == QEvent.Type.Wheel and isinstance(event, QWheelEvent):
            for mosaic in self.mosaics:
                mosaic.scroll(-event.angleDelta().y() // 2)
            return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tiles fill the room that there is, also while nothing is trained."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.redraw)

    def leave(self) -> None:
        """Nothing is pointed at any more."""
        super().leave()
        self._point_at(None)

    def _hover(self, position: QPointF) -> None:
        place = self.canvas.mapToScene(position.toPoint())
        found = None
        if self.snapshot is not None:
            shown = self.pair.shown(len(self.snapshot.runs))
            for mosaic, run in zip(self.mosaics, shown, strict=False):
                neuron = mosaic.neuron_at(mosaic.mapFromScene(place)) if mosaic.isVisible() else None
                inside = mosaic.sceneBoundingRect().contains(place)
                if neuron is not None and inside and neuron < len(self.snapshot.runs[run].neurons.bias):
                    found = (run, neuron)
        self._point_at(found)
        if found is not None and self.snapshot is not None:
            self._show_inset(self.snapshot, *found)
            self._place_inset(position)

    def _point_at(self, found: tuple[int, int] | None) -> None:
        if found == self._hovered:
            return
        self._hovered = found
        self.inset.setVisible(found is not None)
        if self.snapshot is None:
            return
        shown = self.pair.shown(len(self.snapshot.runs))
        for mosaic, run in zip(self.mosaics, shown, strict=False):
            mosaic.hovered = found[1] if found is not None and found[0] == run else None
            mosaic.update()
        self._ask(shown)

    def _show_inset(self, snapshot: Snapshot, run: int, neuron: int) -> None:
        if run >= len(snapshot.runs) or neuron >= len(snapshot.runs[run].neurons.bias):
            self._point_at(None)
            return
        self.caption.setText(describe(snapshot, run, neuron) + hand_words(snapshot.runs[run], neuron))
        picture = enlarged(snapshot, run, neuron, self)
        self.picture.setVisible(picture is not None)
        if picture is not None:
            self.picture.setPixmap(picture)
        self.inset.adjustSize()

    def _place_inset(self, position: QPointF) -> None:
        """Beside the cursor, where there is room."""
        x, y = position.x() + 16, position.y() + 16
        if x + self.inset.width() > self.width():
            x = position.x() - 16 - self.inset.width()
        y = min(y, self.height() - self.inset.height())
        self.inset.move(int(max(0, x)), int(max(0, y)))
        self.inset.raise_()


def enlarged(snapshot: Snapshot, run: int, neuron: int, view: View) -> QPixmap | None:
    """The neuron's map at INSET pixels; finer if the lab has measured it so. None where there is no plane."""
    probe, state, closeup = snapshot.probe, snapshot.runs[run], snapshot.closeup
    if probe.kind != "plane" or not len(state.activity):
        return None
    values, side = np.array(state.activity[neuron]), probe.side
    if closeup is not None and (closeup.run, closeup.neuron) == (run, neuron):
        values, side = np.array(closeup.values), closeup.side
    last = int(state.neurons.layer[neuron]) == len(snapshot.settings.network.hidden)
    if last and snapshot.dataset.task != "regression":
        values = 2 * values - 1
    else:
        values = values / round_up(float(np.abs(values[np.isfinite(values)]).max(initial=0.0)))
    pixels = np.ascontiguousarray(colors(values, diverging(view.theme)).reshape(side, side)[::-1])
    image = QImage(pixels.data, side, side, 4 * side, QImage.Format.Format_RGB32)
    return QPixmap.fromImage(image.scaled(INSET, INSET, mode=Qt.TransformationMode.SmoothTransformation))
