"""Light and dark: colours with one meaning each, fonts, icons, and the one diverging colour map."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from reluviz import resources
from reluviz.ui.style_sheet import style_sheet as style_sheet

POINTS = 9.5
FAMILIES = ["Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans"]


@dataclass(frozen=True)
class Theme:
    """Colours as #rrggbb.

    `runs` holds one colour for each of the six runs. `negative`, `neutral`, `positive` are the ends and the zero of
    the diverging map; both classes of two-class data take its ends.
    """

    name: str
    dark: bool
    window: str
    panel: str
    raised: str
    text: str
    dim: str
    grid: str
    axis: str
    border: str
    accent: str
    accent_text: str
    warning: str
    error: str
    runs: tuple[str, ...]
    negative: str
    neutral: str
    positive: str
    classes: tuple[str, ...]
    tabular: bool = True
    """Figures of equal width. In a PDF they would be signs that cannot be searched or copied as numbers."""


LIGHT = Theme(
    name="light",
    dark=False,
    window="#eef0f4",
    panel="#ffffff",
    raised="#f6f7fa",
    text="#1b1f27",
    dim="#5a6270",
    grid="#e6e8ed",
    axis="#b9bfca",
    border="#d5d9e1",
    accent="#0b62c4",
    accent_text="#ffffff",
    warning="#9a5b00",
    error="#b3261e",
    # After Okabe & Ito (2008), darkened until each stands out on white.
    runs=("#7a4fd0", "#d9480f", "#0b7285", "#c2255c", "#2b8a3e", "#5c6470"),
    negative="#1e6edc",
    neutral="#fcfcfd",
    positive="#e86e14",
    classes=(
        "#1e6edc", "#e86e14", "#0a8f72", "#b5397f", "#8a6d00",
        "#4b8fd6", "#a2502e", "#5a5f6b", "#6f42c1", "#2f9e44",
    ),
)
DARK = Theme(
    name="dark",
    dark=True,
    window="#121419",
    panel="#1a1d24",
    raised="#22262f",
    text="#e8eaf0",
    dim="#9aa3b2",
    grid="#2a2e38",
    axis="#4a5160",
    border="#333945",
    accent="#5aa9ff",
    accent_text="#0c1420",
    warning="#ffb454",
    error="#ff7b72",
    runs=("#b197fc", "#ff9247", "#3bc9db", "#f783ac", "#69db7c", "#adb5bd"),
    negative="#4096ff",
    neutral="#181a20",
    positive="#ff8c28",
    classes=(
        "#4096ff", "#ff8c28", "#2fd0a7", "#ec6fb6", "#d9b310",
        "#8cc2ff", "#d98a63", "#a7aebb", "#b197fc", "#69db7c",
    ),
)
THEMES = {"light": LIGHT, "dark": DARK}


def mix(first: str, second: str, share: float) -> str:
    """The colour `share` of the way from the first to the second, opaque: translucent pens are slow to draw."""
    parts = (round(x + (y - x) * share) for x, y in zip(rgb(first), rgb(second), strict=True))
    return "#{:02x}{:02x}{:02x}".format(*parts)


def rgb(color: str) -> tuple[int, int, int]:
    """Red, green and blue from 0 to 255."""
    number = int(color[1:], 16)
    return number >> 16, number >> 8 & 255, number & 255


@cache
def diverging(theme: Theme) -> Any:
    """The diverging map as 256 ARGB numbers: 0 is the negative end, 128 is zero, 255 the positive end."""
    # The window wears its theme before NumPy is there.
    import numpy as np  # noqa: PLC0415

    negative, neutral, positive = (np.array(rgb(c), float) for c in (theme.negative, theme.neutral, theme.positive))
    place = (np.arange(256) - 128) / 127
    # Linear in the activity, not its root: a map that brightened faint activity would not be honest.
    share = np.abs(place)[:, None].clip(0, 1)
    color = neutral + np.where(place[:, None] < 0, negative - neutral, positive - neutral) * share
    red, green, blue = np.round(color).astype(np.uint32).T
    table = np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue
    table.setflags(write=False)
    return table


def palette(theme: Theme) -> QPalette:
    """The theme as a Qt palette."""
    made = QPalette()
    role = QPalette.ColorRole
    for place, color in (
        (role.Window, theme.window),
        (role.WindowText, theme.text),
        (role.Base, theme.panel),
        (role.AlternateBase, theme.raised),
        (role.Text, theme.text),
        (role.PlaceholderText, theme.dim),
        (role.Button, theme.raised),
        (role.ButtonText, theme.text),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.accent_text),
        (role.Link, theme.accent),
        (role.Mid, theme.border),
        (role.Light, theme.raised),
        (role.Dark, theme.border),
        (role.Shadow, theme.window),
    ):
        made.setColor(place, QColor(color))
    faint = QColor(mix(theme.dim, theme.panel, 0.4))
    for place in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, place, faint)
    return made


def load_fonts() -> None:
    """Make the fonts that come with the project known to Qt; without them the system's are used."""
    folder = resources.folder() / "fonts"
    for path in sorted([*folder.glob("*.otf"), *folder.glob("*.ttf")]):
        QFontDatabase.addApplicationFont(str(path))


def base_font(scale: float) -> QFont:
    """The window's font, with figures of equal width so that numbers do not jitter."""
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPointSizeF(POINTS * scale)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def dress_font(font: QFont, theme: Theme, points: float) -> None:
    """Make a font that of the plots."""
    font.setFamilies(["Inter", "DejaVu Sans"])
    font.setPointSizeF(points)
    font.setFeature(QFont.Tag("tnum"), int(theme.tabular))


@cache
def _drawing(name: str) -> str:
    return resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")


def icon(name: str, theme: Theme, color: str | None = None) -> QIcon:
    """An icon in the theme's text colour, sharp at every size that a window asks for."""
    made = QIcon()
    for mode, tint in (
        (QIcon.Mode.Normal, color or theme.text),
        (QIcon.Mode.Disabled, mix(theme.dim, theme.panel, 0.4)),
    ):
        drawing = QSvgRenderer(QByteArray(_drawing(name).replace("#000000", tint).encode()))
        for side in (16, 20, 24, 32, 48, 64):
            image = QPixmap(QSize(side, side))
            image.fill(Qt.GlobalColor.transparent)
            painter = QPainter(image)
            drawing.render(painter)
            painter.end()
            made.addPixmap(image, mode)
    return made
