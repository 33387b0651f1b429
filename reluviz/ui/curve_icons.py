"""Small drawings of activations, f on [-4, 4], for the lists to choose from."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPen, QPixmap, QPolygonF

from reluviz.core.activations import Activation
from reluviz.ui.theme import mix

SIZE = QSize(24, 16)
REACH = 4.0
POINTS = 161
# A step between two points that is this much steeper than the whole picture is a jump, not a slope.
JUMP = 0.3
RATIOS = (1.0, 2.0)


def curve_icon(activation: Activation, palette: QPalette) -> QIcon:
    """The curve of an activation in a palette's ink, and for a selected item in the ink of selected text."""
    ink = palette.color(QPalette.ColorRole.Text)
    faint = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    selected = palette.color(QPalette.ColorRole.HighlightedText)
    ground = palette.color(QPalette.ColorRole.Base)
    return _icon(activation, ink.name(), faint.name(), selected.name(), ground.name())


@lru_cache(512)
def _icon(activation: Activation, ink: str, faint: str, selected: str, ground: str) -> QIcon:
    made = QIcon()
    for mode, color in ((QIcon.Mode.Normal, ink), (QIcon.Mode.Disabled, faint), (QIcon.Mode.Selected, selected)):
        for ratio in RATIOS:
            made.addPixmap(_picture(activation, color, mix(color, ground, 0.72), ratio), mode)
    return made


def _picture(activation: Activation, ink: str, axis: str, ratio: float) -> QPixmap:
    image = QPixmap(SIZE * ratio)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    lines, level = strokes(activation)
    painter.setPen(QPen(QColor(axis), 1.0))
    painter.drawLine(QPointF(0.5, level), QPointF(SIZE.width() - 0.5, level))
    painter.setPen(QPen(QColor(ink), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    for line in lines:
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line]))
    painter.end()
    return image


def strokes(activation: Activation) -> tuple[list[list[tuple[float, float]]], float]:
    """The curve as lines in a picture's coordinates, broken where it jumps or is not finite; and the height of 0."""
    x = np.linspace(-REACH, REACH, POINTS)
    y = activation.f(x)
    finite = np.isfinite(y)
    if not finite.any():
        return [], SIZE.height() / 2
    low, high = min(float(y[finite].min()), 0.0), max(float(y[finite].max()), 0.0)
    high = high if high > low else low + 1.0
    across = 1.0 + (x + REACH) / (2 * REACH) * (SIZE.width() - 2)
    down = 1.5 + (high - y) / (high - low) * (SIZE.height() - 3)
    cut = ~finite
    cut[1:] |= np.abs(np.diff(y)) > JUMP * (high - low)
    lines: list[list[tuple[float, float]]] = [[]]
    for place in range(POINTS):
        if cut[place]:
            lines.append([])
        if finite[place]:
            lines[-1].append((float(across[place]), float(down[place])))
    level = 1.5 + high / (high - low) * (SIZE.height() - 3)
    return [line for line in lines if len(line) > 1], level
