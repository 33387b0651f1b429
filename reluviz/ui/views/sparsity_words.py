"""What zeros are good for, in words: a line for each run; and zeros by layer as bars with their values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from reluviz.ui.theme import Theme, dress_font
from reluviz.ui.views.key_line import KeyLine
from reluviz.ui.views.text_lines import plain

Array = np.ndarray[Any, np.dtype[Any]]
DOT, GAP, MARGIN = 8.0, 6.0, 4.0
# The bars of a layer take this share of its place.
GROUP = 0.84


@dataclass(frozen=True, slots=True)
class Benefit:
    """Of one run: its colour, the share of exact zeros, of multiplications needed, and patterns among samples."""

    color: str
    name: str
    zeros: float
    needed: float
    patterns: int
    samples: int

    @property
    def forms(self) -> tuple[str, ...]:
        """The sentence, the longest form first."""
        if not np.isfinite(self.zeros):
            return (f"{self.name}: not a number", "not a number")
        head = f"{self.zeros:.0%} of hidden activities are exact zeros".replace("%", " %")
        cost = f"a forward pass needs {self.needed:.0%} of the multiplications".replace("%", " %")
        kinds = f"{self.patterns} different on/off patterns on {self.samples} samples"
        if not self.zeros:
            head, cost = "no hidden activity is exactly zero", "a forward pass needs all multiplications"
        if self.patterns == 1:
            kinds = f"one on/off pattern on all {self.samples} samples"
        short = f"{self.zeros:.0%} zeros, {self.needed:.0%} of multiplications".replace("%", " %")
        return (
            f"{self.name}: {head}, so {cost}; {kinds}",
            f"{self.name}: {head}, so {cost}",
            f"{self.name}: {short} needed; {self.patterns} patterns of {self.samples}",
            f"{self.name}: {short}",
            short,
        )


class BenefitLines(KeyLine):
    """A line for each run, those with the most zeros first; as many as there is room for, each as long as fits."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: tuple[Benefit, ...] = ()
        self._most = 1

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and font; figures as every kind of file has them, so that long lines end alike."""
        super().set_theme(plain(theme), scale)

    def set_runs(self, runs: Sequence[Benefit], room: float) -> None:
        """Tell of these runs in at most so many pixels of height, of one in any case."""
        most = max(1, int(room / QFontMetricsF(self._font).height()))
        ordered = tuple(sorted(runs, key=lambda run: -np.nan_to_num(run.zeros, nan=-1.0)))
        if (ordered, most) != (self._runs, self._most):
            self._runs, self._most = ordered, most
            self._settle()

    @property
    def words(self) -> tuple[str, ...]:
        """What is written."""
        metrics = QFontMetricsF(self._font)
        room = self.rect().width() - DOT - GAP - 2 * MARGIN
        return tuple(
            next((words for words in run.forms if metrics.horizontalAdvance(words) <= room), "")
            for run in self._runs[: self._most]
        )

    def paint(self, painter: QPainter, *_: Any) -> None:
        """A dot in the run's colour and its sentence."""
        if self._theme is None:
            return
        metrics = QFontMetricsF(self._font)
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, (run, words) in enumerate(zip(self._runs, self.words, strict=False)):
            top = self.padding / 2 + row * metrics.height()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(run.color))
            painter.drawEllipse(QRectF(MARGIN, top + (metrics.height() - DOT) / 2, DOT, DOT))
            painter.setPen(QColor(self._theme.text))
            painter.drawText(QPointF(MARGIN + DOT + GAP, top + metrics.ascent()), words)

    def _settle(self) -> None:
        self._take(min(len(self._runs), self._most))


class ZeroBars(pg.GraphicsWidget):
    """Bars over a plot: a group for each layer from 1 on, a bar for each run, its value above where it fits."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(plot.vb)
        self._box = plot.vb
        self._font = QFont()
        self._theme: Theme | None = None
        self._shares: tuple[tuple[QPen, Array], ...] = ()
        self._line, self._level = QPen(), 0.0
        self.setZValue(10)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        plot.vb.sigResized.connect(self._settle)
        plot.vb.sigRangeChanged.connect(lambda *_: self.update())

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and font."""
        self._theme = theme
        dress_font(self._font, plain(theme), 8.0 * scale)
        self.update()

    def set_shares(self, shares: Sequence[tuple[QPen, Array]], line: QPen, level: float) -> None:
        """Draw the shares (layers,) of every run, and a line across at a level."""
        self._shares, self._line, self._level = tuple(shares), line, level
        self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Bars, the line, and above them the values on a patch of the ground."""
        if self._theme is None:
            return
        metrics, room = QFontMetricsF(self._font), self.rect()
        bars = self._bars()
        for pen, bar, high in bars:
            # One without zeros is a line on the ground.
            painter.fillRect(bar if high else QRectF(bar.left(), bar.bottom() - 1.5, bar.width(), 1.5), pen.color())
        painter.setPen(self._line)
        level = self._box.mapFromView(QPointF(0.0, self._level)).y()
        painter.drawLine(QPointF(0.0, level), QPointF(room.width(), level))
        slot = min((bar.width() for _, bar, _ in bars), default=0.0)
        forms = ([f"{share:.0%}" for _, _, share in bars], [f"{100 * share:.0f}" for _, _, share in bars])
        fitting = (form for form in forms if max(map(metrics.horizontalAdvance, form), default=0.0) <= slot)
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.text))
        for words, bar in zip(next(fitting, ()), [bar for _, bar, _ in bars], strict=False):
            wide = metrics.horizontalAdvance(words)
            patch = QRectF(bar.center().x() - wide / 2, bar.top() - metrics.height() - 2, wide, metrics.height())
            patch.moveTop(max(patch.top(), 0.0))
            painter.fillRect(patch, QColor(self._theme.panel))
            painter.drawText(patch, int(Qt.AlignmentFlag.AlignCenter), words)

    def _bars(self) -> list[tuple[QPen, QRectF, float]]:
        """Every bar in the pixels of the plot; what has diverged has none."""
        found = []
        wide = GROUP / max(1, len(self._shares))
        for run, (pen, shares) in enumerate(self._shares):
            for layer, share in enumerate(shares.tolist()):
                if np.isfinite(share):
                    left = layer + 1 - GROUP / 2 + run * wide
                    top = self._box.mapFromView(QPointF(left, share))
                    bottom = self._box.mapFromView(QPointF(left + 0.94 * wide, 0.0))
                    found.append((pen, QRectF(top, bottom), share))
        return found

    def _settle(self, *_: Any) -> None:
        self.setGeometry(QRectF(self._box.rect()))
