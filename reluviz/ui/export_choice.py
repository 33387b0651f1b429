"""What a person chose for the figures to export; remembered with the preferences."""

import msgspec

from reluviz.ui.export_size import Size

KINDS = ("png", "svg", "pdf", "csv")
SCREEN = "screen"
THEME_KEYS = (SCREEN, "light", "dark")
LEAST_TEXT, MOST_TEXT = 0.5, 3.0
DASHBOARD, WINDOW = "dashboard", "window"


class FigureChoice(msgspec.Struct, frozen=True):
    """What is drawn, as which kind of file, how large, and how it is dressed."""

    subject: str = "loss"
    kind: str = "png"
    width: float = 1800
    height: float = 1200
    unit: str = "px"
    dpi: float = 192
    theme: str = SCREEN
    text: float = 1.0
    transparent: bool = False
    title: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind = {self.kind!r} is not allowed: it must be {', '.join(KINDS)}")
        if self.theme not in THEME_KEYS:
            raise ValueError(f"theme = {self.theme!r} is not allowed: it must be {', '.join(THEME_KEYS)}")
        if not LEAST_TEXT <= self.text <= MOST_TEXT:
            raise ValueError(f"text = {self.text} is not allowed: it must be from {LEAST_TEXT} to {MOST_TEXT}")
        self.size()

    def size(self) -> Size:
        """The size of the figure."""
        return Size(self.width, self.height, self.unit, self.dpi)
