"""Names of axes that are shortened where the axis is too short for them."""

from PySide6.QtGui import QFont, QFontMetricsF

from reluviz.ui.theme import Theme, dress_font
from reluviz.ui.views.plot import Panel

POINTS = 8.5
SLACK = 0.94


def fit_label(panel: Panel, side: str, choices: tuple[str, ...], theme: Theme, scale: float) -> None:
    """Give the axis the first of these names that fits along it, else the last."""
    # Other programs that draw a figure set letters a little wider.
    room = SLACK * (panel.plot.vb.width() if side == "bottom" else panel.plot.vb.height())
    words = next((each for each in choices if _width(each, theme, scale) < room), choices[-1])
    if panel.words[side] != words:
        panel.label(side, words)
        # The library centres a name only when the axis changes its size.
        panel.axis(side).resizeEvent()


def _width(words: str, theme: Theme, scale: float) -> float:
    font = QFont()
    dress_font(font, theme, POINTS * scale)
    return QFontMetricsF(font).horizontalAdvance(words)
