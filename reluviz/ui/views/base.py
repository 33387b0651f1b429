"""What every view is: a panel that draws a snapshot, built once and drawn often."""

import time
from typing import Any, ClassVar

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from reluviz.core.snapshot import Snapshot
from reluviz.ui.theme import LIGHT, Theme
from reluviz.ui.views.plot import Panel
from reluviz.ui.views.table import Table

READOUT_GAP = 10


class Canvas(pg.GraphicsLayoutWidget):
    """Where a view draws; it notes how long its last painting took."""

    painted_s = 0.0

    def paintEvent(self, event: Any) -> None:
        """Paint, and look at the clock."""
        start = time.perf_counter()
        super().paintEvent(event)
        self.painted_s = time.perf_counter() - start


class View(QWidget):
    """One plot panel. Subclasses build their items in `build`, set data in `show_snapshot`, pens in `restyle`."""

    key: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str]
    every: ClassVar[int] = 1
    """Draw in every so many frames while training: a slow picture of what changes slowly may rest."""
    needs: ClassVar[frozenset[str]] = frozenset()
    """What the view draws beyond what every snapshot holds: INSIDE, WEIGHTS (core/snapshot.py)."""

    look_changed = Signal(object)
    """The runs (a tuple) and the neuron (run, neuron) or None that the view wants to see."""
    picked = Signal(object)
    """The person has picked a neuron: (run, neuron), counted as in Neurons."""
    edit_wanted = Signal(object)
    """The person wants a running network edited: a value of core/surgery.py."""
    step_wanted = Signal()
    """The person wants one step trained."""
    survey_wanted = Signal(object)
    """The person wants a loss landscape computed (core/landscape.py); None: no longer."""
    view_wanted = Signal(str, object)
    """The person wants to see another view: its key, and what is to be chosen in it, as in `options`."""
    remedy_wanted = Signal(object)
    """The person wants a remedy applied: a Treatment (diagnosis_cards.py)."""
    form_wanted = Signal(object)
    """The person wants to see and change all thresholds, in a form below this widget."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view")
        self.setAccessibleName(self.title)
        self.setAccessibleDescription(self.help)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.theme: Theme = LIGHT
        self.scale = 1.0
        self.pen_scale = 1.0
        # For a figure: without a background, and with everything in view.
        self.clear, self.paper = False, False
        self.snapshot: Snapshot | None = None
        self.panels: list[Panel] = []
        self.canvas = Canvas(self)
        self.canvas.setAccessibleName(self.title)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.canvas.setFrameShape(self.canvas.Shape.NoFrame)
        self.canvas.ci.setContentsMargins(4, 2, 8, 4)
        self.canvas.ci.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas)
        self.readout = QLabel(self.canvas.viewport())
        self.readout.setTextFormat(Qt.TextFormat.RichText)
        self.readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.readout.hide()
        self._cursor: QPointF | None = None
        self.build()
        # Until a dock takes them, the tools live here unseen: without a parent they would open as windows.
        toolbox = QWidget(self)
        toolbox.hide()
        for tool in self.tools():
            tool.setParent(toolbox)
        self.canvas.viewport().setMouseTracking(True)
        self.canvas.viewport().installEventFilter(self)
        self.set_theme(self.theme, self.scale)

    @property
    def seen(self) -> bool:
        """Whether any part of the view is on the screen."""
        return self.isVisible() and not self.canvas.viewport().visibleRegion().isEmpty()

    def build(self) -> None:
        """Make the items."""
        raise NotImplementedError

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Set the items' data."""
        raise NotImplementedError

    def restyle(self) -> None:
        """Set every pen and brush from `self.theme`."""

    def table(self) -> Table:
        """The plotted numbers of the last snapshot; before there is one, an empty table."""
        raise NotImplementedError

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """The values at a place of a panel as rich text; empty for none."""
        return ""

    def tools(self) -> list[QWidget]:
        """Small controls for the title bar."""
        return []

    def options(self) -> dict[str, Any]:
        """What the person chose in `tools`, as plain values."""
        return {}

    def set_options(self, options: dict[str, Any]) -> None:
        """Take back what `options` gave; wrong values are ignored."""

    def pick(self, run: int, neuron: int) -> None:
        """A neuron was picked in another view."""

    def draw(self, snapshot: Snapshot) -> None:
        """Show a snapshot; the same one twice changes nothing."""
        self.snapshot = snapshot
        self.show_snapshot(snapshot)
        if self._regained():
            self.show_snapshot(snapshot)
        if self._cursor is not None:
            self._hover(self._cursor)

    def _regained(self) -> bool:
        """Whether the grid of plots fits the canvas only now: one that was too wide keeps its size until it is told."""
        grid, room = self.canvas.ci, self.canvas.range
        if grid.geometry() == room:
            return False
        before = grid.geometry()
        grid.setGeometry(room)
        return bool(grid.geometry() != before)

    def redraw(self) -> None:
        """Show the last snapshot again, after an option changed."""
        if self.snapshot is not None:
            self.draw(self.snapshot)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take every colour, pen and font from a theme; `scale` is the text's."""
        self.theme, self.scale = theme, scale
        self.canvas.setBackground(None if self.clear else theme.panel)
        for panel in self.panels:
            panel.set_theme(theme, scale, self.pen_scale * self.devicePixelRatioF())
        self.readout.setStyleSheet(
            f"QLabel {{ background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.border};"
            " border-radius: 5px; padding: 4px 7px; }"
        )
        self.restyle()
        self.redraw()

    def pen(self, color: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """A cosmetic pen of so many logical pixels, whatever the screen's resolution."""
        return pg.mkPen(color, width=width * self.pen_scale * self.devicePixelRatioF(), style=style)

    def add_panel(self, row: int, column: int, **words: Any) -> Panel:
        """A plot with the house's axes and grid; see Panel."""
        panel = Panel(self.canvas, row, column, **words)
        panel.set_theme(self.theme, self.scale, self.pen_scale * self.devicePixelRatioF())
        self.panels.append(panel)
        return panel

    def ranges(self) -> list[list[list[float]]]:
        """What each panel shows now, for an export of the same part."""
        return [panel.plot.vb.viewRange() if panel.zoomed else [] for panel in self.panels]

    def set_ranges(self, ranges: list[list[list[float]]]) -> None:
        """Show the same parts as `ranges` says."""
        for panel, shown in zip(self.panels, ranges, strict=False):
            if shown:
                panel.zoom_to(shown)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """Follow the mouse over the canvas."""
        kind = event.type()
        if kind == QEvent.Type.MouseMove:
            self._cursor = event.position()  # type: ignore[attr-defined]
            self._hover(self._cursor)
        elif kind == QEvent.Type.Leave:
            self._cursor = None
            self.leave()
        return bool(super().eventFilter(watched, event))

    def leave(self) -> None:
        """The mouse has left the canvas."""
        self.readout.hide()
        for panel in self.panels:
            panel.show_cursor(None)

    def _hover(self, position: QPointF) -> None:
        place = self.canvas.mapToScene(position.toPoint())
        words = ""
        for panel in self.panels:
            inside = panel.plot.isVisible() and panel.plot.vb.sceneBoundingRect().contains(place)
            if inside and self.snapshot is not None:
                point = panel.plot.vb.mapSceneToView(place)
                words = self.describe(panel, point.x(), point.y())
                panel.show_cursor(point if words else None)
            else:
                panel.show_cursor(None)
        self._place_readout(words, position)

    def _place_readout(self, words: str, position: QPointF) -> None:
        """Show the words beside the cursor, on the side where there is room, never under it."""
        self.readout.setVisible(bool(words))
        if not words:
            return
        self.readout.setText(words)
        self.readout.adjustSize()
        room, size = self.canvas.viewport().rect(), self.readout.size()
        x = position.x() + READOUT_GAP
        if x + size.width() > room.width():
            x = max(0.0, position.x() - READOUT_GAP - size.width())
        y = position.y() + READOUT_GAP
        if y + size.height() > room.height():
            y = max(0.0, position.y() - READOUT_GAP - size.height())
        self.readout.move(int(x), int(y))


def swatch(color: str, words: str) -> str:
    """A coloured dot and words, as rich text."""
    return f'<span style="color:{color}">●</span> {words}'


def number(value: float) -> str:
    """A number as people read it: four digits, a real minus sign."""
    if value != value:
        return "not a number"
    return f"{value:.4g}".replace("-", "−").replace("inf", "∞")
