"""Small drawings of activations, f on [-4, 4], for the lists to choose from."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPalette, QPen, QPixmap, QPolygonF

from reluviz.core.activations import Activation
from reluviz.ui.theme import mix

SIZE = QSize(24, 16)
REACH = 4.0
POINTS = 97
# A step between two points that is this much steeper than the whole picture is a jump, not a slope.
JUMP = 0.3
RATIOS = (1.0, 2.0)
Role = QPalette.ColorRole


def curve_icon(activation: Activation, palette: QPalette) -> QIcon:
    """The curve of an activation in a palette's ink, and for a selected item in the ink of selected text."""
    ink, selected, ground = (palette.color(role).name() for role in (Role.Text, Role.HighlightedText, Role.Base))
    return _icon(activation, ink, selected, ground)


@lru_cache(256)
def _icon(activation: Activation, ink: str, selected: str, ground: str) -> QIcon:
    lines, level = strokes(activation)
    path = QPainterPath()
    for line in lines:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in line]))
    made = QIcon()
    for mode, color in ((QIcon.Mode.Normal, ink), (QIcon.Mode.Selected, selected)):
        for ratio in RATIOS:
            made.addPixmap(_picture(path, level, color, mix(color, ground, 0.72), ratio), mode)
    return made


def _picture(path: QPainterPath, level: float, ink: str, axis: str, ratio: float) -> QPixmap:
    image = QPixmap(SIZE * ratio)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(axis), 1.0))
    painter.drawLine(QPointF(0.5, level), QPointF(SIZE.width() - 0.5, level))
    painter.setPen(QPen(QColor(ink), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPath(path)
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
    level = 1.5 + high / (high - low) * (SIZE.height() - 3)
    places = np.split(np.arange(POINTS), np.flatnonzero(cut))
    kept = [part[finite[part]] for part in places]
    return [list(zip(across[part].tolist(), down[part].tolist(), strict=True)) for part in kept if len(part) > 1], level
