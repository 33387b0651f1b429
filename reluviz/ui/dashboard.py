"""The second stage of the window: docks, bars and controls, built after the first frame has been painted.

This module imports pyqtgraph, which costs a third of a second; the window itself must not.
"""

import time
from collections.abc import Iterable
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from reluviz.core.snapshot import ACTIVITY, Snapshot
from reluviz.engine.messages import Look
from reluviz.ui.appearance import Appearance
from reluviz.ui.controls import Controls
from reluviz.ui.lab import Lab
from reluviz.ui.treatment import open_thresholds, treat
from reluviz.ui.view_dock import ViewDock
from reluviz.ui.views import VIEWS
from reluviz.ui.views.base import View
from reluviz.ui.workspaces import WORKSPACES, Workspace

CONTROLS_WIDTH = 316
# Views that are moved and zoomed together.
JOINED = ("activation_curve", "derivative")
# What drawing and painting may take of a frame of 16 ms, and a view alone in its frame; one that takes more is drawn in
# one frame of so many.
FRAME_BUDGET_S, HEAVY_S = 0.008, 0.011
HEAVY_EVERY = 25
# The engine answers within a slice of training and a snapshot.
FETCH_S = 1.0


class Dashboard(QObject):
    """The docks of a window, where they belong, and the drawing of snapshots."""

    def __init__(self, window: QMainWindow, lab: Lab, appearance: Appearance) -> None:
        super().__init__(window)
        self._window = window
        self._appearance = appearance
        self._lab = lab
        self.panel = Controls(lab, appearance)
        self.controls = self._controls_dock()
        self.docks = {key: ViewDock(kind, window) for key, kind in VIEWS.items()}
        self._looked = Look()
        # What each view wants to see, (runs, neuron), and the view whose neuron is enlarged.
        self._wishes: dict[str, tuple[tuple[int, ...], tuple[int, int] | None]] = {}
        self._pointing = ""
        # What was chosen in views that have not been made yet.
        self._options: dict[str, dict[str, Any]] = {}
        for dock in self.docks.values():
            dock.made.connect(self._furnish)
        self._frame, self._heavy = 0, 0
        # By view: the frame in which it was drawn last, and what drawing and painting it costs, in seconds.
        self._last: dict[str, int] = {}
        self._costs: dict[str, float] = {}
        self._drawn: dict[str, Snapshot] = {}
        appearance.changed.connect(self.dress)
        self.dress()

    @property
    def titles(self) -> dict[str, str]:
        """The views' titles by key."""
        return {key: dock.kind.title for key, dock in self.docks.items()}

    @property
    def views(self) -> dict[str, View]:
        """The views that have been made."""
        return {key: dock.living for key, dock in self.docks.items() if dock.living is not None}

    def toggles(self) -> Iterable[QAction]:
        """One action for each dock that shows or hides it."""
        return [dock.toggleViewAction() for dock in (self.controls, *self.docks.values())]

    def arrange(self, wanted: str | Workspace = WORKSPACES[0].key) -> None:
        """Show the views of a workspace in their places beside the controls, and hide the others."""
        known = {each.key: each for each in WORKSPACES}
        workspace = known[wanted] if isinstance(wanted, str) else wanted
        window, docks = self._window, self.docks
        for dock in (self.controls, *docks.values()):
            dock.setFloating(False)
            window.removeDockWidget(dock)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.controls)
        tops = [docks[column.views[0][0]] for column in workspace.columns]
        for left, top in zip((self.controls, *tops), tops, strict=False):
            window.splitDockWidget(left, top, Qt.Orientation.Horizontal)
        for column in workspace.columns:
            stack = [docks[key] for key, _ in column.views]
            for upper, lower in pairwise(stack):
                window.splitDockWidget(upper, lower, Qt.Orientation.Vertical)
        last = docks[workspace.views[-1]]
        for key, dock in docks.items():
            # What is shown later, from the menu, comes as a tab over the last view.
            if key not in workspace.views:
                window.tabifyDockWidget(last, dock)
                dock.hide()
        for dock in (self.controls, *(docks[key] for key in workspace.views)):
            dock.show()
        self._share_out(workspace)

    def _share_out(self, workspace: Workspace) -> None:
        """Give every view of a workspace its part of the window."""
        window, docks = self._window, self.docks
        rest = max(400, window.width() - CONTROLS_WIDTH)
        across = [CONTROLS_WIDTH, *(round(rest * column.share) for column in workspace.columns)]
        tops = [docks[column.views[0][0]] for column in workspace.columns]
        window.resizeDocks([self.controls, *tops], across, Qt.Orientation.Horizontal)
        for column in workspace.columns:
            parts = [round(window.height() * share) for _, share in column.views]
            window.resizeDocks([docks[key] for key, _ in column.views], parts, Qt.Orientation.Vertical)

    def dress(self) -> None:
        """Follow the theme and the scale of the text."""
        for dock in self.docks.values():
            dock.set_theme(self._appearance.theme, self._appearance.scale)
        self.controls.widget().setMinimumWidth(round(CONTROLS_WIDTH * (0.6 + 0.4 * self._appearance.scale)) - 20)

    def draw(self, snapshot: Snapshot) -> None:
        """In every frame: draw the visible views that do not show this snapshot yet, as far as there is time.

        Those that have waited longest come first; one that takes long gets a frame now and then.
        """
        self._frame += 1
        playing, spent = self._lab.playing, 0.0
        waited = {
            key: (self._frame - self._last.get(key, -1000)) / view.every
            for key, view in self._seen().items()
            if self._drawn.get(key) is not snapshot
        }
        for key in sorted(waited, key=waited.__getitem__, reverse=True):
            cost = self._costs.get(key, 0.0)
            if playing and waited[key] < 1:
                continue
            if playing and cost > HEAVY_S:
                if spent == 0 and self._frame - self._heavy >= HEAVY_EVERY:
                    self._heavy = self._frame
                    self._draw_one(key, snapshot)
                    return
                continue
            if not playing or spent == 0 or spent + cost <= FRAME_BUDGET_S:
                spent += max(cost, self._draw_one(key, snapshot))

    def _draw_one(self, key: str, snapshot: Snapshot) -> float:
        """Draw a view; the seconds that it took, and a running mean of them with those of its last painting."""
        view, start = self.views[key], time.perf_counter()
        view.draw(snapshot)
        taken = time.perf_counter() - start
        cost = taken + view.canvas.painted_s
        if key in self._costs:
            self._costs[key] = 0.5 * self._costs[key] + 0.5 * cost
        elif key in self._last:
            # The very first drawing makes what later ones only change.
            self._costs[key] = cost
        self._drawn[key], self._last[key] = snapshot, self._frame
        return taken

    def fetch(self, needs: frozenset[str]) -> Snapshot | None:
        """A snapshot with larger parts that no visible view needs, for an export; None if it does not come soon."""
        # Said in any case: the answer is a snapshot of now.
        self._looked = Look(None, None, self._looked.needs | needs)
        self._lab.look(None, None, self._looked.needs)
        end = time.perf_counter() + FETCH_S
        while self._lab.is_ready and time.perf_counter() < end:
            snapshot = self._lab.poll()
            if snapshot is not None and snapshot.holds(needs):
                return snapshot
            time.sleep(0.002)
        return None

    def _seen(self) -> dict[str, View]:
        """The views on the screen; the engine is told what they need, also while nothing trains."""
        seen = {key: view for key, view in self.views.items() if view.seen}
        needs: frozenset[str] = frozenset().union(*(view.needs for view in seen.values()))
        runs = {run for key in seen if key in self._wishes for run in self._wishes[key][0]}
        # A view that has not been drawn yet has not said which runs it wants.
        waiting = any(ACTIVITY in view.needs and key not in self._wishes for key, view in seen.items())
        neuron = self._wishes[self._pointing][1] if self._pointing in seen else None
        self._say(Look(None if waiting else tuple(sorted(runs)), neuron, needs))
        return seen

    def options(self) -> dict[str, dict[str, Any]]:
        """What was chosen in every view."""
        return self._options | {key: view.options() for key, view in self.views.items()}

    def set_options(self, options: dict[str, dict[str, Any]]) -> None:
        """Choose it again."""
        self._options = dict(options)
        for key, view in self.views.items():
            view.set_options(options.get(key, {}))

    def _furnish(self, view: View) -> None:
        """A view has been made: dress it, connect it, and give it what was chosen before."""
        view.look_changed.connect(partial(self._look, view.key))
        view.picked.connect(self._pick)
        view.edit_wanted.connect(self._lab.operate)
        view.survey_wanted.connect(self._lab.survey)
        view.step_wanted.connect(self._lab.step)
        view.view_wanted.connect(partial(self._bring, view.key))
        view.remedy_wanted.connect(partial(treat, self._lab))
        view.form_wanted.connect(partial(open_thresholds, view))
        view.set_theme(self._appearance.theme, self._appearance.scale)
        view.set_options(self._options.get(view.key, {}))
        views = self.views
        if view.key in JOINED and all(key in views for key in JOINED):
            curve, slope = (views[key].panels[0] for key in JOINED)
            slope.join(curve)

    def _bring(self, asking: str, key: str, chosen: dict[str, Any]) -> None:
        """Show a view where it can be seen beside the one that asks for it, with something chosen in it."""
        dock, from_dock = self.docks[key], self.docks[asking]
        dock.show()
        tabs = self._window.tabifiedDockWidgets(from_dock)
        if dock in tabs and not dock.isFloating():
            others = (each for each in self.docks.values() if each.living is not None and each.living.seen)
            beside = next((each for each in others if each not in (dock, from_dock, *tabs)), None)
            if beside is not None:
                self._window.tabifyDockWidget(beside, dock)
        dock.point_out()
        dock.view.set_options(dock.view.options() | chosen)
        dock.view.redraw()

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

    def _look(self, key: str, wanted: Any) -> None:
        self._wishes[key] = wanted
        if wanted[1] is not None or self._pointing == key:
            self._pointing = key
        self._seen()

    def _say(self, look: Look) -> None:
        """Tell the engine what is looked at, if that has changed."""
        if look != self._looked:
            self._looked = look
            self._lab.look(look.runs, look.neuron, look.needs)

    def _pick(self, wanted: Any) -> None:
        for view in self.views.values():
            view.pick(*wanted)
