"""Marks and words of the neurons that a person has changed: held ones have a double frame, killed ones a strike."""

from collections.abc import Callable

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from reluviz.core.snapshot import RunState, Snapshot
from reluviz.ui.theme import Theme
from reluviz.ui.views.key_line import Sample, SampleKey

HELD, KILLED = "held", "killed"
MEANINGS = {HELD: "held by hand", KILLED: "killed by hand"}
# A word takes at most this share of a tile's height.
MOST_OF_TILE = 0.25
LEAST_WORDED = 40.0


def hand_words(state: RunState, neuron: int) -> str:
    """What was done to a neuron by hand, as lines that end a description; empty for nothing."""
    done = ((state.frozen[neuron], HELD, "weights and bias stay as they are"),
            (state.killed[neuron], KILLED, "its outgoing weights are held at 0"))  # fmt: skip
    return "".join(f"<br><b>{MEANINGS[kind]}</b>: {words}" for found, kind, words in done if found)


def paint_hands(painter: QPainter, kind: str, tiles: list[QRectF], theme: Theme) -> None:
    """The mark in each of these tiles of one size: two frames for a held neuron, a diagonal for a killed one."""
    side = tiles[0].width()
    width = max(1.0, min(2.4, side / 16))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = width / 2 + max(2.0, width + side / 24)
    edges = [tile.adjusted(reach, reach, -reach, -reach) for tile in tiles for reach in (width / 2, inner)]
    # Its ends stay inside the tile.
    cut = [tile.adjusted(width, width, -width, -width) for tile in tiles]
    strikes = [QLineF(tile.bottomLeft(), tile.topRight()) for tile in cut]
    # A rim in the panel's colour lets them stand out from any map.
    for pen in (QPen(QColor(theme.panel), width + 2), QPen(QColor(theme.text), width)):
        painter.setPen(pen)
        if kind == HELD:
            painter.drawRects(edges)
        else:
            painter.drawLines(strikes)


def paint_hand_words(painter: QPainter, kind: str, tiles: list[QRectF], font: QFont, theme: Theme) -> None:
    """The word at the upper edge of large tiles: held at the left, killed at the right."""
    metrics, side = QFontMetricsF(font), tiles[0].height()
    wide, high = metrics.horizontalAdvance(kind) + 4, metrics.height() - 2
    if side < LEAST_WORDED or wide > side - 8 or high > MOST_OF_TILE * side:
        return
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    inset = max(5.0, side / 10)
    # A neuron may be both: the words stand one below the other.
    down = inset if kind == HELD else inset + high + 1
    for tile in tiles:
        patch = QRectF(tile.left() + inset, tile.top() + down, wide, high)
        painter.fillRect(patch, QColor(theme.panel))
        painter.drawText(patch, int(Qt.AlignmentFlag.AlignCenter), kind)


class HandKey(SampleKey):
    """One line that explains the marks made by hand; without any it has no height."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: tuple[str, ...] = ()

    def set_runs(self, snapshot: Snapshot, runs: tuple[int, ...]) -> None:
        """Explain what occurs in these runs."""
        states = [snapshot.runs[run] for run in runs]
        occurs = {HELD: any(s.frozen.any() for s in states), KILLED: any(s.killed.any() for s in states)}
        kinds = tuple(kind for kind, there in occurs.items() if there)
        if kinds != self.kinds:
            self.kinds = kinds
            self.set_samples([Sample(_painter(kind), MEANINGS[kind], kind) for kind in kinds])


def _painter(kind: str) -> Callable[[QPainter, list[QRectF], Theme], None]:
    return lambda painter, tiles, theme: paint_hands(painter, kind, tiles, theme)
