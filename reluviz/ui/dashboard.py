"""The second stage of the window: docks, bars and controls, built after the first frame has been painted.

This module imports pyqtgraph, which costs a third of a second; the window itself must not.
"""

import time
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from reluviz.core.snapshot import Snapshot
from reluviz.engine.messages import Look
from reluviz.ui.appearance import Appearance
from reluviz.ui.controls import Controls
from reluviz.ui.lab import Lab
from reluviz.ui.view_dock import ViewDock
from reluviz.ui.views import VIEWS

CONTROLS_WIDTH = 316
# Views that are drawn in every frame; the rest take turns when a frame has become too long.
FRAME_BUDGET_S = 0.011


class Dashboard(QObject):
    """The docks of a window, where they belong, and the drawing of snapshots."""

    def __init__(self, window: QMainWindow, lab: Lab, appearance: Appearance) -> None:
        super().__init__(window)
        self._window = window
        self._appearance = appearance
        self._lab = lab
        self.panel = Controls(lab, appearance)
        self.controls = self._controls_dock()
        self.docks = {key: ViewDock(kind(), window) for key, kind in VIEWS.items()}
        self._looked = Look()
        for dock in self.docks.values():
            dock.view.look_changed.connect(self._look)
            dock.view.picked.connect(self._pick)
            dock.view.edit_wanted.connect(lab.operate)
        curve, slope = self.docks["activation_curve"].view, self.docks["derivative"].view
        slope.panels[0].join(curve.panels[0])
        self._pending: list[str] = []
        self._frame = 0
        self._drawn: dict[str, Snapshot] = {}
        appearance.changed.connect(self.dress)
        self.dress()

    @property
    def titles(self) -> dict[str, str]:
        """The views' titles by key."""
        return {key: dock.view.title for key, dock in self.docks.items()}

    def toggles(self) -> Iterable[QAction]:
        """One action for each dock that shows or hides it."""
        return [dock.toggleViewAction() for dock in (self.controls, *self.docks.values())]

    def arrange(self) -> None:
        """Put every dock in its place: controls, answers over activity, losses over curves."""
        window, docks = self._window, self.docks
        for dock in (self.controls, *docks.values()):
            dock.setFloating(False)
            window.removeDockWidget(dock)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.controls)
        answers, activity = docks["decision_map"], docks["neuron_activity"]
        loss, curve, slope = docks["loss"], docks["activation_curve"], docks["derivative"]
        window.splitDockWidget(self.controls, answers, Qt.Orientation.Horizontal)
        window.splitDockWidget(answers, loss, Qt.Orientation.Horizontal)
        window.splitDockWidget(answers, activity, Qt.Orientation.Vertical)
        window.splitDockWidget(loss, curve, Qt.Orientation.Vertical)
        window.splitDockWidget(curve, slope, Qt.Orientation.Vertical)
        for dock in (self.controls, *docks.values()):
            dock.show()
        rest = max(400, window.width() - CONTROLS_WIDTH)
        across = [CONTROLS_WIDTH, round(rest * 0.56), round(rest * 0.44)]
        window.resizeDocks([self.controls, answers, loss], across, Qt.Orientation.Horizontal)
        height = window.height()
        window.resizeDocks([answers, activity], [round(height * 0.48), round(height * 0.52)], Qt.Orientation.Vertical)
        parts = [round(height * share) for share in (0.42, 0.32, 0.26)]
        window.resizeDocks([loss, curve, slope], parts, Qt.Orientation.Vertical)

    def dress(self) -> None:
        """Follow the theme and the scale of the text."""
        for dock in self.docks.values():
            dock.set_theme(self._appearance.theme, self._appearance.scale)
        self.controls.widget().setMinimumWidth(round(CONTROLS_WIDTH * (0.6 + 0.4 * self._appearance.scale)) - 20)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the views that can be seen; what a long frame leaves out comes first in the next one."""
        self._frame += 1
        seen = [dock.view for dock in self.docks.values() if dock.view.seen]
        needs = frozenset().union(*(view.needs for view in seen))
        self._say(Look(self._looked.runs, self._looked.neuron, needs))
        resting = {key for key, dock in self.docks.items() if self._lab.playing and self._frame % dock.view.every}
        visible = [key for key, dock in self.docks.items() if dock.view.seen and key not in resting]
        first = [key for key in self._pending if key in visible]
        order = first + [key for key in visible if key not in first]
        start = time.perf_counter()
        self._pending = []
        for place, key in enumerate(order):
            if place and time.perf_counter() - start > FRAME_BUDGET_S:
                self._pending = order[place:]
                return
            self.docks[key].view.draw(snapshot)
            self._drawn[key] = snapshot

    def catch_up(self, snapshot: Snapshot) -> None:
        """Draw what has become visible, or was left out, since the last snapshot came."""
        for key, dock in self.docks.items():
            if self._drawn.get(key) is not snapshot and dock.view.seen:
                dock.view.draw(snapshot)
                self._drawn[key] = snapshot

    def options(self) -> dict[str, dict[str, Any]]:
        """What was chosen in every view."""
        return {key: dock.view.options() for key, dock in self.docks.items()}

    def set_options(self, options: dict[str, dict[str, Any]]) -> None:
        """Choose it again."""
        for key, dock in self.docks.items():
            dock.view.set_options(options.get(key, {}))

    def _controls_dock(self) -> QDockWidget:
        dock = QDockWidget("Controls", self._window)
        dock.setObjectName("controls_dock")
        dock.setWidget(self.panel)
        can = QDockWidget.DockWidgetFeature
        dock.setFeatures(can.DockWidgetClosable | can.DockWidgetMovable)
        bar = QWidget()
        bar.setFixedHeight(0)
        bar.setAccessibleName("Controls")
        dock.setTitleBarWidget(bar)
        return dock

    def _look(self, wanted: Any) -> None:
        runs, neuron = wanted
        self._say(Look(runs, neuron, self._looked.needs))

    def _say(self, look: Look) -> None:
        """Tell the engine what is looked at, if that has changed."""
        if look != self._looked:
            self._looked = look
            self._lab.look(look.runs, look.neuron, look.needs)

    def _pick(self, wanted: Any) -> None:
        for dock in self.docks.values():
            dock.view.pick(*wanted)
