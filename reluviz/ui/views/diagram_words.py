"""The words of a network diagram: its title, what the columns are, names of inputs and outputs, and numbers."""

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from reluviz.core.labels import activation_label
from reluviz.core.snapshot import RunState, Snapshot
from reluviz.core.spelling import input_names, spoken
from reluviz.ui.theme import Theme, dress_font, mix
from reluviz.ui.views.diagram_edges import Edges
from reluviz.ui.views.diagram_layout import DiagramLayout, Margins
from reluviz.ui.views.diagram_tiles import below, mark_side

Array = np.ndarray[Any, np.dtype[Any]]
TITLE, LINE = 20.0, 13.0
SIDE = 8.0
# Names of more inputs would be a column of text; the readout has them.
MOST_NAMED = 24
# Names take at most this share of the width.
MOST_SHARE = 0.16
WIDEST_NUMBER = "−0.0000"
# The opacity of the patch behind a number, of 255; edges are crowded where layers are so many tiles apart.
PATCH, CROWDED = 215, 2.5
# So many weights of the node that stands out have their numbers beside them.
MOST_NUMBERED = 24
# They stand at most so far along their edges.
MOST_INWARD = 0.45


class DiagramWords:
    """Everything that is written in a diagram."""

    def __init__(self) -> None:
        self._theme: Theme | None = None
        self._scale = 1.0
        self._bold, self._plain, self._small = QFont(), QFont(), QFont()
        # Room is measured with figures of one width, so that a PDF, which has others, is laid out as a picture is.
        self._measuring = QFont()
        self._title, self._color, self.note = "", "#000000", ""
        self._inputs: tuple[str, ...] = ()
        self._outputs: tuple[str, ...] = ()
        self._heads: tuple[tuple[str, str, str], ...] = ()
        self._known: Any = None

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and fonts."""
        self._theme, self._scale, self._known = theme, scale, None
        for font, size in ((self._bold, 8.5), (self._plain, 8.0), (self._small, 7.5)):
            dress_font(font, theme, size * scale)
        dress_font(self._measuring, replace(theme, tabular=True), 8.0 * scale)
        self._bold.setWeight(QFont.Weight.DemiBold)

    def set_run(self, snapshot: Snapshot, run: int, title: str, color: str) -> None:
        """Whose network it is: names of inputs, columns and outputs."""
        self._title, self._color = title, color
        known = (snapshot.settings, run)
        if known == self._known:
            return
        self._known = known
        dataset, one = snapshot.dataset, snapshot.settings.runs[run]
        self._inputs = input_names(snapshot)
        named = dataset.class_names if dataset.task == "classes" else (dataset.target_name,)
        self._outputs = tuple(named) if len(named) == dataset.outputs and dataset.task != "binary" else ()
        hidden = [
            (f"Layer {layer + 1}", str(layer + 1), activation_label(one.activation_of(layer)))
            for layer in range(len(snapshot.settings.network.hidden))
        ]
        self._heads = (("Inputs", "in", ""), *hidden, ("Output", "out", ""))

    def margins(self, room: tuple[float, float]) -> Margins:
        """What the words need around the tiles."""
        metrics = QFontMetricsF(self._measuring)
        most = MOST_SHARE * room[0]
        names = self._inputs if len(self._inputs) <= MOST_NAMED else ()
        left = max((metrics.horizontalAdvance(name) for name in names), default=0.0)
        right = max(metrics.horizontalAdvance(words) for words in ("b " + WIDEST_NUMBER, *self._outputs))
        top = (TITLE + (2 if self._tall_heads(room[0]) else 1) * LINE + 6) * self._scale
        return Margins(SIDE + min(left + 6, most) * bool(names), SIDE + 6 + min(right, most + 20), top, SIDE)

    def _tall_heads(self, width: float) -> bool:
        """Whether the columns have a second line, for the activation."""
        return width / max(1, len(self._heads)) >= 56 * self._scale

    def inner(self, room: QRectF) -> QRectF:
        """Where the tiles may be seen when they are scrolled."""
        lines = 2 if self._tall_heads(room.width()) else 1
        return room.adjusted(0, (TITLE + lines * LINE) * self._scale, 0, 0)

    def paint_title(self, painter: QPainter, room: QRectF) -> None:
        """Whose network it is, and what is left out of it."""
        assert self._theme is not None
        line = QRectF(SIDE, 0, room.width() - 2 * SIDE, TITLE * self._scale)
        before = self._write(painter, line, self._title, self._color, self._bold)
        self._write(painter, line.adjusted(before + 14, 0, 0, 0), self.note, self._theme.dim, self._plain, right=True)

    def paint_heads(self, painter: QPainter, layout: DiagramLayout, reaches: list[float], width: float) -> None:
        """What each column is, as long as there is room for it: its name, its activation and its scale."""
        assert self._theme is not None
        metrics = QFontMetricsF(self._plain)
        centres = [left + layout.block_width(block) / 2 for block, left in enumerate(layout.lefts)]
        pitch = min(b - a for a, b in pairwise(centres))
        every = max(1, math.ceil((metrics.horizontalAdvance("out") + 6) / max(1.0, pitch)))
        full = pitch >= metrics.horizontalAdvance("Layer 00") + 6
        tall = self._tall_heads(width)
        top, line, last = TITLE * self._scale, LINE * self._scale, len(centres) - 1
        for block, (name, short, function) in enumerate(self._heads):
            if not full and (block % every or last - every < block < last) and block != last:
                continue
            wide = min(pitch if full else pitch * every, 200.0)
            place = QRectF(centres[block] - wide / 2, top, wide - 2, line)
            self._write(painter, place, name if full else short, self._theme.text, self._plain, centre=True)
            if full and tall:
                reach = f"±{reaches[block]:g}" if 0 < block < len(reaches) and function else ""
                words = f"{function} {reach}".strip()
                fits = metrics.horizontalAdvance(words) <= wide - 4
                self._write(painter, place.translated(0, line), words if fits else function, self._theme.dim,
                            self._plain, centre=True)  # fmt: skip

    def paint_numbers(self, painter: QPainter, layout: DiagramLayout, state: RunState, own: list[Edges]) -> None:
        """Names of inputs, outputs with their bias, the other biases where there is room, weights that stand out."""
        tall = QFontMetricsF(self._small).height()
        pitch = layout.tile + layout.gap
        if len(self._inputs) <= MOST_NAMED and pitch >= 0.8 * tall and layout.columns[0] == 1:
            self._paint_inputs(painter, layout)
        self._paint_biases(painter, layout, state, tall)
        self._paint_outputs(painter, layout, state)
        for one in own:
            single = layout.columns[one.layer] == layout.columns[one.layer + 1] == 1
            if single and len(one.values) <= MOST_NUMBERED and pitch >= 0.9 * tall:
                self._paint_weights(painter, layout, one)

    def _paint_inputs(self, painter: QPainter, layout: DiagramLayout) -> None:
        assert self._theme is not None
        for (x, y), name in zip(layout.corners[0].tolist(), self._inputs, strict=True):
            room = QRectF(SIDE / 2, y, x - SIDE / 2 - 5, layout.tile)
            self._write(painter, room, name, self._theme.text, self._plain, right=True)

    def _paint_biases(self, painter: QPainter, layout: DiagramLayout, state: RunState, tall: float) -> None:
        """Beside the squares below the tiles."""
        assert self._theme is not None
        metrics, mark = QFontMetricsF(self._small), mark_side(layout)
        room = layout.tile + layout.side_gap - mark - 3
        if not below(layout) or layout.gap < 0.8 * tall or room < metrics.horizontalAdvance("−0.0"):
            return
        painter.setFont(self._small)
        painter.setPen(QColor(self._theme.dim))
        patch = QColor(self._theme.panel)
        patch.setAlpha(PATCH)
        crowded = layout.between < CROWDED * layout.tile
        places = np.concatenate(layout.corners[1:-1]).tolist()
        middle = layout.tile + 2 + mark / 2
        base = middle + (metrics.ascent() - metrics.descent()) / 2
        for (x, y), bias in zip(places, state.neurons.bias.tolist(), strict=False):
            words = short(bias, metrics, room + 6)
            beyond = mark + 4 + metrics.horizontalAdvance(words) - layout.tile if crowded else 0.0
            if beyond > 0:
                # Where edges begin beside the tile, the number must stand out against them.
                painter.fillRect(QRectF(x + layout.tile, y + middle - 5, beyond, 10), patch)
            painter.drawText(QPointF(x + mark + 3, y + base), words)

    def _paint_outputs(self, painter: QPainter, layout: DiagramLayout, state: RunState) -> None:
        """The name of an output and its bias on its right: of every output, or of as many as there is room for."""
        assert self._theme is not None
        line, pitch = QFontMetricsF(self._plain).height(), layout.tile + layout.gap
        corners, rows = layout.corners[-1].tolist(), layout.rows[-1]
        biases = state.neurons.bias[-len(corners) :].tolist()
        both = bool(self._outputs) and (pitch >= 2 * line or len(corners) == 1)
        every = max(1, math.ceil(0.8 * line / pitch))
        # Only the last column has room beside it.
        for place in range((layout.columns[-1] - 1) * rows, len(corners), every):
            (x, y), wide = corners[place], layout.width - corners[place][0] - layout.tile - 8
            middle = y + layout.tile / 2 - line / 2 + both * line / 2
            number = QRectF(x + layout.tile + 6, middle, wide, line)
            self._write(painter, number, f"b {spoken(biases[place])}", self._theme.dim, self._plain)
            if both:
                self._write(painter, number.translated(0, -line), self._outputs[place], self._theme.text, self._plain)

    def _paint_weights(self, painter: QPainter, layout: DiagramLayout, edges: Edges) -> None:
        """The numbers of weights that share a node stand at their other ends."""
        assert self._theme is not None
        metrics = QFontMetricsF(self._small)
        into = len(set(edges.units.tolist())) == 1
        start = layout.corners[edges.layer][edges.sources] + (layout.tile, layout.tile / 2)
        end = layout.corners[edges.layer + 1][edges.units] + (0.0, layout.tile / 2)
        words = [spoken(value) for value in edges.values.tolist()]
        widest = max(metrics.horizontalAdvance(each) for each in words) + 4
        # Beside the bias of the other end, which may be a little wider than its tile; all in one column.
        share = (widest / 2 + 14) / float(end[0, 0] - start[0, 0])
        apart = (layout.tile + layout.gap) * (1 - share)
        if share > MOST_INWARD or (len(words) > 1 and apart < 0.85 * metrics.height()):
            return
        centres = start + (share if into else 1 - share) * (end - start)
        painter.setFont(self._small)
        patch = QColor(self._theme.panel)
        patch.setAlpha(PATCH)
        for (x, y), text, value in zip(centres.tolist(), words, edges.values.tolist(), strict=True):
            wide = metrics.horizontalAdvance(text) + 4
            box = QRectF(x - wide / 2, y - metrics.height() / 2, wide, metrics.height())
            painter.fillRect(box, patch)
            color = self._theme.negative if value < 0 else self._theme.positive
            painter.setPen(QColor(mix(color, self._theme.text, 0.35)))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)

    def _write(
        self, painter: QPainter, room: QRectF, words: str, color: str, font: QFont,
        *, right: bool = False, centre: bool = False,
    ) -> float:  # fmt: skip
        """Words in a place, shortened where it is narrow; how wide they are."""
        if not words or room.width() < 4:
            return 0.0
        metrics = QFontMetricsF(font)
        wide = metrics.horizontalAdvance(words)
        if wide > room.width() + 1:
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width() + 1)
            wide = metrics.horizontalAdvance(words)
        x = room.right() - wide if right else room.center().x() - wide / 2 if centre else room.left()
        painter.setFont(font)
        painter.setPen(QColor(color))
        painter.drawText(QPointF(x, room.center().y() + (metrics.ascent() - metrics.descent()) / 2), words)
        return wide


def short(value: float, metrics: QFontMetricsF, room: float) -> str:
    """A number in two digits, or in one where that is too long."""
    words = spoken(float(f"{value:.2g}"))
    return words if metrics.horizontalAdvance(words) <= room else spoken(float(f"{value:.1g}"))
