"""What the chosen neuron is and computes, written out below a network diagram, and in words beside the cursor."""

from html import escape
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from reluviz.core.snapshot import RunState, Snapshot
from reluviz.core.spelling import MOST_TERMS, Spelling, input_names, subscript
from reluviz.core.surgery import BIAS
from reluviz.ui.theme import Theme, dress_font
from reluviz.ui.views.base import number
from reluviz.ui.views.diagram import Edge

# The strip takes at most this share of the height, and between so many lines.
SHARE, LEAST_LINES, MOST_LINES = 0.18, 2, 4
SIDE = 8.0
HINT = "Point at a neuron to read what it computes; click it to keep it and to edit it."


class FormulaStrip(pg.GraphicsWidget):
    """A name, the formula with its numbers, and the values that go into it, in as many lines as there are."""

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None
        self._font, self._bold = QFont(), QFont()
        self._name, self._state = "", ""
        self._spelling: Spelling | None = None
        self._lines = LEAST_LINES
        self._laid: Any = None
        self._shown: list[str] = []
        self.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Fixed)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and fonts."""
        self._theme, self._laid = theme, None
        for font in (self._font, self._bold):
            dress_font(font, theme, 8.5 * scale)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._settle()

    def set_room(self, height: float) -> None:
        """Take its share of so many pixels, in whole lines; none of none."""
        self.setVisible(height > 0)
        lines = int(SHARE * height / QFontMetricsF(self._font).height())
        self._lines = max(LEAST_LINES, min(MOST_LINES, lines))
        self._settle()

    def set_words(self, name: str, state: str, spelling: Spelling | None) -> None:
        """Say what a neuron is; without a name what can be done."""
        self._name, self._state, self._spelling = name, state, spelling
        self._laid = None
        self.update()

    @property
    def shown(self) -> list[str]:
        """The lines of the formula and of its values, as they are painted."""
        self._lay()
        return self._shown

    def _settle(self) -> None:
        height = QFontMetricsF(self._font).height() * self._lines + 4 if self.isVisible() else 0.0
        if height != self.minimumHeight():
            self.setMinimumHeight(height)
            self.setPreferredHeight(height)
            self.setMaximumHeight(height)
        self._laid = None
        self.update()

    def _lay(self) -> None:
        """The longest formula that fits: fewer terms where it is narrow; then the values, if a line is left."""
        wide = self.rect().width() - 2 * SIDE
        if self._laid == wide:
            return
        self._laid, self._shown = wide, []
        if self._spelling is None:
            return
        metrics, room = QFontMetricsF(self._font), self._lines - 1
        for terms in range(MOST_TERMS, 0, -1):
            lines = wrapped(self._spelling.text(terms), metrics, wide)
            given = wrapped(f"for {self._spelling.given(terms)}", metrics, wide)
            if len(lines) <= max(1, room - 1) or terms == 1:
                break
        self._shown = [*lines, *given][:room]
        cut = len(lines) > room or (len(lines) < room < len(lines) + len(given))
        if cut and self._shown:
            elide = Qt.TextElideMode.ElideRight
            self._shown[-1] = metrics.elidedText(self._shown[-1] + " …", elide, max(10.0, wide))

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Name and state, then the lines."""
        if self._theme is None:
            return
        self._lay()
        metrics = QFontMetricsF(self._font)
        line, wide = metrics.height(), self.rect().width() - 2 * SIDE
        elide = Qt.TextElideMode.ElideRight
        base = 2 + metrics.ascent()
        if not self._name:
            painter.setFont(self._font)
            painter.setPen(QColor(self._theme.dim))
            flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(QRectF(SIDE, 2, wide, self.rect().height() - 4), flags, HINT)
            return
        name = QFontMetricsF(self._bold).elidedText(self._name, elide, wide)
        painter.setFont(self._bold)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(QPointF(SIDE, base), name)
        before = QFontMetricsF(self._bold).horizontalAdvance(name) + 12
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.dim))
        painter.drawText(QPointF(SIDE + before, base), metrics.elidedText(self._state, elide, max(0.0, wide - before)))
        painter.setPen(QColor(self._theme.text))
        for place, words in enumerate(self._shown):
            painter.drawText(QPointF(SIDE, base + (place + 1) * line), words)


def wrapped(words: str, metrics: QFontMetricsF, wide: float) -> list[str]:
    """Lines that fit, broken before a sign or after a comma."""
    lines, now = [], ""
    for part in words.replace(" + ", "\n+ ").replace(" − ", "\n− ").replace(", ", ",\n").split("\n"):
        longer = f"{now} {part}" if now else part
        if now and metrics.horizontalAdvance(longer) > wide:
            lines.append(now)
            longer = part
        now = longer
    return [*lines, now]


def node_name(snapshot: Snapshot, block: int, node: int) -> str:
    """What a node is: an input, a neuron, or an output with its class."""
    if not block:
        return f"Input {input_names(snapshot)[node]}"
    if block < snapshot.shape.layers:
        return f"Layer {block}, neuron {node + 1}"
    classes = snapshot.dataset.class_names if snapshot.dataset.task == "classes" else ()
    return f"Output {node + 1}" + (f" ({classes[node]})" if node < len(classes) else "")


def states(state: RunState, neuron: int) -> list[str]:
    """What became of a neuron, and what was done to it, in words."""
    found = []
    if state.killed[neuron]:
        found.append("killed by hand: its outgoing weights are held at 0")
    if state.frozen[neuron]:
        found.append("frozen by hand: its weights and bias are held")
    if state.neurons.dead[neuron]:
        found.append("dead: no gradient passes on any training sample")
    elif state.neurons.silent[neuron]:
        found.append("never fires on the training data")
    return found


def node_words(snapshot: Snapshot, run: int, block: int, node: int, sample: int) -> str:
    """Name, bias, activity at the sample and state of a node, as rich text."""
    lines = [f"<b>{escape(node_name(snapshot, block, node))}</b>"]
    state = snapshot.runs[run]
    if not block:
        lines.append(f"sample {sample + 1}: {number(float(snapshot.dataset.x_train[sample, node]))}")
        return "<br>".join(lines)
    neuron = snapshot.shape.offsets[block - 1] + node
    if state.inside.activity.size:
        value = float(state.inside.activity[neuron, sample])
        lines.append(f"{'z' if block == snapshot.shape.layers else 'activity'} at sample {sample + 1}: {number(value)}")
    lines.append(f"bias {number(float(state.neurons.bias[neuron]))}")
    return "<br>".join([*lines, *states(state, neuron)])


def edge_words(snapshot: Snapshot, edge: Edge) -> str:
    """From where to where a weight leads, and what it is, as rich text."""
    source = escape(node_name(snapshot, edge.layer, edge.source))
    target = escape(node_name(snapshot, edge.layer + 1, edge.unit))
    return f"{source} → {target}<br><b>weight {number(edge.value)}</b>"


def source_words(snapshot: Snapshot, layer: int) -> list[tuple[str, int]]:
    """The bias and every source of a layer, in words and with their number."""
    if layer:
        names = [f"h{subscript(place + 1)}" for place in range(snapshot.shape.sizes[layer])]
    else:
        names = list(input_names(snapshot))
    return [("Bias", BIAS), *((f"from {name}", place) for place, name in enumerate(names))]
