"""The deaths as a list painted in the canvas: which neuron, when, of what, and whether it can be revived."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from reluviz.core.health import grouped
from reluviz.core.snapshot import Snapshot
from reluviz.ui.theme import Theme, dress_font

GAP, LEADING, DOT = 10.0, 4.0, 7.0
# Short forms of CAUSES, in the same order: the list is narrow, the cursor tells all.
SHORT = ("born dead", "one large step", "bias drifted", "weights or inputs drifted", "edited by hand")
NOBODY = "No neuron has died."
# Lines of the list, the heading among them: at least, if there are so many deaths, and at most.
LEAST_ROWS, MOST_ROWS = 3, 12
# A run's name takes no more than this share of the list.
NAME_SHARE = 0.24


@dataclass(frozen=True, slots=True)
class Death:
    """A dead neuron, counted as in Neurons; `died` is the step, -1 before the next record has found it."""

    run: int
    neuron: int
    layer: int
    unit: int
    died: int
    cause: int
    revivable: bool

    @property
    def place(self) -> str:
        """Which neuron, in words."""
        return f"layer {self.layer + 1}, neuron {self.unit + 1}"

    @property
    def when(self) -> str:
        """The step, in words."""
        return f"step {grouped(self.died)}" if self.died >= 0 else "just now"

    @property
    def why(self) -> str:
        """Cause and hope, in words."""
        if self.died < 0:
            return "cause known at the next record"
        return f"{SHORT[self.cause]}, {'can' if self.revivable else 'cannot'} be revived"


def deaths(snapshot: Snapshot, runs: tuple[int, ...]) -> tuple[tuple[Death, ...], int]:
    """The newest deaths of hidden neurons of these runs that are dead now, as many as a list shows; and all counted."""
    dead = [np.flatnonzero(snapshot.runs[run].neurons.dead) for run in runs]
    owners = np.repeat(runs, [len(found) for found in dead])
    neurons = np.concatenate(dead)
    died = np.concatenate([snapshot.runs[run].fates.died_at[some] for run, some in zip(runs, dead, strict=True)])
    # One that no record has seen dead yet is the newest.
    order = np.argsort(np.where(died < 0, -np.inf, -died.astype(float)), kind="stable")[:MOST_ROWS]
    found = []
    for run, neuron in zip(owners[order].tolist(), neurons[order].tolist(), strict=True):
        layer, fates = int(snapshot.runs[run].neurons.layer[neuron]), snapshot.runs[run].fates
        unit = neuron - snapshot.shape.offsets[layer]
        when, cause = int(fates.died_at[neuron]), int(fates.cause[neuron])
        found.append(Death(run, neuron, layer, unit, when, cause, bool(fates.revivable[neuron])))
    return tuple(found), len(neurons)


class DeathList(pg.GraphicsWidget):
    """A heading, as many deaths as fit, and how many more there are."""

    def __init__(self, chosen: Callable[[Death], None]) -> None:
        """`chosen` is called with the death whose row is clicked."""
        super().__init__()
        self._theme: Theme | None = None
        self._font, self._bold = QFont(), QFont()
        self._chosen = chosen
        self._names: dict[int, tuple[str, str]] = {}
        self._laid: Any = None
        self._wide = (0.0, 0.0, 0.0)
        self.deaths: tuple[Death, ...] = ()
        self.count = 0

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and fonts."""
        self._theme, self._laid = theme, None
        for font in (self._font, self._bold):
            dress_font(font, theme, 8.5 * scale)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._settle()

    def set_deaths(self, found: tuple[Death, ...], count: int, names: dict[int, tuple[str, str]]) -> None:
        """Show these, the newest of `count`; `names` holds each run's label and colour."""
        if (found, count, names) != (self.deaths, self.count, self._names):
            self.deaths, self.count, self._names, self._laid = found, count, names, None
            self._settle()

    @property
    def line(self) -> float:
        """The height of a row in pixels."""
        return QFontMetricsF(self._font).height() + LEADING

    @property
    def rows(self) -> int:
        """How many deaths are shown; the last line says how many are not."""
        room = int(self.rect().height() / self.line) - 1
        return self.count if self.count <= min(room, len(self.deaths)) else max(0, min(room - 1, len(self.deaths)))

    def row_at(self, point: QPointF) -> Death | None:
        """The death at a point of this item."""
        row = int(point.y() // self.line) - 1
        return self.deaths[row] if 0 <= row < self.rows and 0 <= point.x() <= self.rect().width() else None

    def mouseClickEvent(self, event: Any) -> None:
        """Choose the death that was clicked."""
        death = self.row_at(event.pos())
        if death is not None and event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self._chosen(death)

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Heading, rows, the rest."""
        if self._theme is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, width = self.line, self.rect().width()
        several = len({death.run for death in self.deaths}) > 1
        self._lay(several)
        count = grouped(self.count)
        words = f"{count} dead neuron{'s' if self.count > 1 else ''}, newest first" if self.deaths else NOBODY
        self._write(painter, QRectF(0, 0, width, line), words, self._theme.text, bold=bool(self.deaths))
        for row, death in enumerate(self.deaths[: self.rows]):
            self._paint_row(painter, (row + 1) * line, death, several)
        if self.rows < self.count:
            more = f"+ {grouped(self.count - self.rows)} more"
            self._write(painter, QRectF(0, (self.rows + 1) * line, width, line), more, self._theme.dim)

    def _paint_row(self, painter: QPainter, top: float, death: Death, several: bool) -> None:
        assert self._theme is not None
        name, color = self._names[death.run]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawEllipse(QRectF(0, top + (self.line - DOT) / 2, DOT, DOT))
        x, width = DOT + 6, self.rect().width()
        cells = ((name, color), (death.place, self._theme.text), (death.when, self._theme.text))
        for place, ((words, tint), wide) in enumerate(zip(cells, self._wide, strict=True)):
            if place or several:
                self._write(painter, QRectF(x, top, min(wide, width - x), self.line), words, tint)
                x += wide + GAP
        self._write(painter, QRectF(x, top, width - x, self.line), death.why, self._theme.dim)

    def _write(self, painter: QPainter, room: QRectF, words: str, color: str, *, bold: bool = False) -> None:
        if room.width() <= 0:
            return
        font = self._bold if bold else self._font
        painter.setFont(font)
        painter.setPen(QPen(QColor(color)))
        words = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width() + 1)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)

    def _lay(self, several: bool) -> None:
        """How wide names, neurons and steps are: as wide as the widest."""
        if self._laid == (self.rect().width(), several, self.rows):
            return
        self._laid = (self.rect().width(), several, self.rows)
        advance = QFontMetricsF(self._font).horizontalAdvance
        shown = self.deaths[: self.rows]
        name = max((advance(self._names[death.run][0]) for death in shown), default=0.0)
        self._wide = (
            min(name, NAME_SHARE * self.rect().width()),
            max((advance(death.place) for death in shown), default=0.0),
            max((advance(death.when) for death in shown), default=0.0),
        )

    def _settle(self) -> None:
        """One line where nobody is dead; else what the layout gives, but no more than the list needs."""
        least, most = (self.line * min(self.count + 1, rows) + 1 for rows in (LEAST_ROWS, MOST_ROWS))
        if (self.minimumHeight(), self.maximumHeight()) != (least, most):
            self.setMinimumHeight(least)
            self.setMaximumHeight(most)
            self.setPreferredHeight(most)
        self.update()
