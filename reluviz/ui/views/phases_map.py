"""The network of one update: a column of nodes for each layer, numbers in every node, lines between them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from reluviz.ui.theme import Theme, dress_font, mix
from reluviz.ui.views.phases_words import Node
from reluviz.ui.views.text_lines import plain

Array = np.ndarray[Any, np.dtype[Any]]
Place = tuple[int, int]
POINTS = 8.0
# Pixels between nodes of a column and inside them, and the least between columns, at the usual size of text.
GAP, MOST_GAP, PAD, LEAST_BETWEEN = 5.0, 26.0, 4.0, 14.0
# Between nodes of one line.
TIGHT = 1.5
# The widest number, with its name.
WIDEST = "‖Δw‖ −8.88e−10"
# More lines than these are only drawn for the picked node.
MOST_LINES = 700
FAINT, STRONG = 0.25, 1.0


class PhaseMap(pg.GraphicsWidget):
    """Nodes are (block, node), block 0 the inputs; what does not fit a column is counted below it."""

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None
        self._font, self._bold = QFont(), QFont()
        self._scale = 1.0
        self._titles: list[str] = []
        self._columns: list[list[Node]] = []
        self._weights: Callable[[int], Array] | None = None
        self._reaches: list[float] = []
        self._boxes: dict[Place, QRectF] = {}
        # How many lines the nodes of each column have.
        self._lines: list[int] = []
        self.picked: Place | None = None
        self.message = ""
        self.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Expanding)
        self.setFlag(self.GraphicsItemFlag.ItemClipsToShape)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and fonts."""
        self._theme, self._scale = theme, scale
        for font in (self._font, self._bold):
            dress_font(font, plain(theme), POINTS * scale)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self.update()

    def show_nodes(
        self, titles: list[str], columns: list[list[Node]], weights: Callable[[int], Array], picked: Place | None
    ) -> None:
        """Show these nodes; `weights` gives what tints the lines into a layer, (sources, units)."""
        self._titles, self._columns, self._weights, self.picked = titles, columns, weights, picked
        self.message = ""
        finite = [[abs(n.value) for n in nodes if n.value is not None and np.isfinite(n.value)] for nodes in columns]
        self._reaches = [max(values, default=0.0) or 1.0 for values in finite]
        self.update()

    def say(self, message: str) -> None:
        """Show a sentence in place of a network."""
        self.message, self._columns, self._boxes = message, [], {}
        self.update()

    def node_at(self, point: QPointF) -> Place | None:
        """The node under a point of this item."""
        return next((place for place, box in self._boxes.items() if box.contains(point)), None)

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Lines below nodes."""
        if self._theme is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.message:
            painter.setFont(self._font)
            painter.setPen(QColor(self._theme.dim))
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(12, 0, -12, 0), flags, self.message)
            return
        if not self._columns:
            return
        self._lay()
        self.paint_titles(painter)
        self._paint_lines(painter)
        for (block, node), box in self._boxes.items():
            self._paint_node(painter, block, self._columns[block][node], box, picked=(block, node) == self.picked)

    def _lay(self) -> None:
        """Where every node lies; columns that are too full lose first lines of their nodes, then their last nodes."""
        room, count = self.rect(), len(self._columns)
        metrics = QFontMetricsF(self._font)
        top = QFontMetricsF(self._bold).height() + 6
        between = LEAST_BETWEEN * self._scale
        wide = min(metrics.horizontalAdvance(WIDEST) + 2 * PAD, (room.width() - between * (count - 1)) / count)
        step = (room.width() - wide) / max(1, count - 1)
        self._boxes, self._lines = {}, []
        space = room.height() - top
        for block, nodes in enumerate(self._columns):
            lines = max(len(node.lines) for node in nodes)
            while lines > 1 and len(nodes) * (lines * metrics.height() + PAD + GAP) - GAP > space:
                lines -= 1
            self._lines.append(lines)
            high, least = lines * metrics.height() + PAD, GAP if lines > 1 else TIGHT
            fit = max(1, int((space + least) // (high + least)))
            if fit < len(nodes):
                fit = max(1, int((space - metrics.height() + least) // (high + least)))
            shown = min(fit, len(nodes))
            gap = min(MOST_GAP * self._scale, (space - shown * high) / max(1, shown)) if shown == len(nodes) else least
            whole = shown * high + (shown - 1) * gap
            y = top + max(0.0, (space - whole) / 2 if shown == len(nodes) else 0.0)
            x = block * step
            for node in range(shown):
                self._boxes[block, node] = QRectF(x, y + node * (high + gap), wide, high)

    def _paint_lines(self, painter: QPainter) -> None:
        """All weights faintly, those of the picked node strongly; many only for the picked one."""
        assert self._theme is not None
        assert self._weights is not None
        total = sum(len(a) * len(b) for a, b in zip(self._columns[:-1], self._columns[1:], strict=True))
        for layer in range(len(self._columns) - 1):
            values = self._weights(layer)
            finite = np.abs(values[np.isfinite(values)])
            reach = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
            for source, unit in np.ndindex(values.shape):
                mine = self.picked in ((layer + 1, unit), (layer, source))
                begin, end = self._boxes.get((layer, source)), self._boxes.get((layer + 1, unit))
                if begin is None or end is None or (total > MOST_LINES and not mine):
                    continue
                share = min(1.0, abs(float(values[source, unit])) / reach)
                if not share > 0:
                    continue
                tint = self._theme.positive if values[source, unit] > 0 else self._theme.negative
                strength = share * (STRONG if mine else FAINT)
                pen = QPen(QColor(mix(self._theme.panel, tint, 0.15 + 0.85 * strength)), 0.6 + 2.4 * strength)
                painter.setPen(pen)
                painter.drawLine(QLineF(begin.right(), begin.center().y(), end.left(), end.center().y()))

    def _paint_node(self, painter: QPainter, block: int, node: Node, box: QRectF, *, picked: bool) -> None:
        assert self._theme is not None
        theme = self._theme
        share = 0.0 if node.value is None or not np.isfinite(node.value) else node.value / self._reaches[block]
        tint = theme.positive if share > 0 else theme.negative
        painter.setBrush(QColor(mix(theme.raised, tint, 0.45 * min(1.0, abs(share)))))
        painter.setPen(QPen(QColor(theme.accent if picked else theme.border), 2.0 if picked else 1.0))
        painter.drawRoundedRect(box, 4, 4)
        metrics = QFontMetricsF(self._font)
        painter.setFont(self._font)
        y = box.top() + PAD / 2
        # What a phase arrives at is the last line.
        for name, number in node.lines[-self._lines[block] :]:
            line = QRectF(box.left() + PAD, y, box.width() - 2 * PAD, metrics.height())
            needed = metrics.horizontalAdvance(f"{name} {number}")
            if needed <= line.width():
                painter.setPen(QColor(theme.dim if number else theme.text))
                painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
            # Where both do not fit, the number stays.
            words = number or name
            if number and metrics.horizontalAdvance(words) <= line.width():
                painter.setPen(QColor(theme.text))
                painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), words)
            y += metrics.height()

    def paint_titles(self, painter: QPainter) -> None:
        """The titles above the columns, and how many nodes did not fit below them."""
        assert self._theme is not None
        metrics = QFontMetricsF(self._bold)
        painter.setPen(QColor(self._theme.dim))
        for block, title in enumerate(self._titles):
            box = self._boxes.get((block, 0))
            if box is None:
                continue
            painter.setFont(self._bold)
            words = metrics.elidedText(title, Qt.TextElideMode.ElideRight, box.width() + 8)
            place = QRectF(box.left() - 4, 0, box.width() + 8, metrics.height())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignHCenter), words)
            hidden = len(self._columns[block]) - sum(1 for b, _ in self._boxes if b == block)
            if hidden:
                painter.setFont(self._font)
                below = QRectF(box.left(), self.rect().bottom() - metrics.height(), box.width(), metrics.height())
                painter.drawText(below, int(Qt.AlignmentFlag.AlignHCenter), f"+ {hidden} more")
