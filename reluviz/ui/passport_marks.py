"""What marks a row of the table of passports: the small curve, and dots in the colours of the runs that use it."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from reluviz.core.activations import Activation
from reluviz.core.passport_rows import Row
from reluviz.ui.curve_icons import SIZE, strokes
from reluviz.ui.theme import Theme, mix

# Room for two columns of three dots: a lab has six runs at most.
GUTTER, DOT, DOWN = 14.0, 2.6, 3
ROOM = QSize(SIZE.width() + int(GUTTER), SIZE.height())
RATIOS = (1.0, 2.0)


def row_icon(row: Row, theme: Theme) -> QIcon:
    """The curve of a row's activation, behind a dot for each run that uses it."""
    dots = tuple(theme.runs[use.color] for use in row.uses)
    return _icon(row.activation, dots, theme.text if dots else theme.dim, theme.accent_text, theme.panel)


@lru_cache(512)
def _icon(activation: Activation, dots: tuple[str, ...], ink: str, selected: str, ground: str) -> QIcon:
    made = QIcon()
    for mode, color in ((QIcon.Mode.Normal, ink), (QIcon.Mode.Selected, selected)):
        for ratio in RATIOS:
            made.addPixmap(_picture(activation, dots, color, mix(color, ground, 0.72), ratio), mode)
    return made


def _picture(activation: Activation, dots: tuple[str, ...], ink: str, axis: str, ratio: float) -> QPixmap:
    image = QPixmap(ROOM * ratio)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    high = min(len(dots), DOWN)
    for place, color in enumerate(dots):
        across, down = divmod(place, DOWN)
        painter.setBrush(QColor(color))
        centre = QPointF(DOT + 0.5 + 6 * across, SIZE.height() / 2 + (down - (high - 1) / 2) * 6)
        painter.drawEllipse(centre, DOT, DOT)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.translate(GUTTER, 0)
    lines, level = strokes(activation)
    painter.setPen(QPen(QColor(axis), 1.0))
    painter.drawLine(QPointF(0.5, level), QPointF(SIZE.width() - 0.5, level))
    painter.setPen(QPen(QColor(ink), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    for line in lines:
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line]))
    painter.end()
    return image
