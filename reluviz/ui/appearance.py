"""Light or dark, and how large: one place that dresses the application."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QApplication

from reluviz.ui import theme as themes
from reluviz.ui.window_style import window_style

SCALES = (1.0, 1.25, 1.5, 2.0)


def chosen_dark(choice: str, scheme: str, palette_dark: bool) -> bool:
    """Whether to be dark: the choice, else the system's scheme, else the palette that Qt found."""
    if choice != "system":
        return choice == "dark"
    if scheme in ("light", "dark"):
        return scheme == "dark"
    return palette_dark


class Appearance(QObject):
    """The theme and the scale of the text; emits `changed` after the application has been dressed anew."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "system", scale: float = 1.0) -> None:
        super().__init__()
        self._app = app
        self._palette_dark = app.palette().color(QPalette.ColorRole.Window).lightness() < 128
        self.choice = choice
        self.scale = scale
        self.theme = themes.LIGHT
        themes.load_fonts()
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._dress()

    def set_choice(self, choice: str) -> None:
        """Follow the system, or be light or dark."""
        if choice != self.choice:
            self.choice = choice
            self._dress()

    def set_scale(self, scale: float) -> None:
        """Scale the text; 1 is 100 %."""
        if scale != self.scale:
            self.scale = scale
            self._dress()

    def icon(self, name: str, color: str | None = None) -> QIcon:
        """An icon in the theme's text colour, or in another one."""
        return themes.icon(name, self.theme, color)

    def _follow_system(self) -> None:
        if self.choice == "system":
            self._dress()

    def _dress(self) -> None:
        schemes = {Qt.ColorScheme.Light: "light", Qt.ColorScheme.Dark: "dark"}
        scheme = schemes.get(self._app.styleHints().colorScheme(), "unknown")
        dark = chosen_dark(self.choice, scheme, self._palette_dark)
        self.theme = themes.DARK if dark else themes.LIGHT
        self._app.setFont(themes.base_font(self.scale))
        self._app.setPalette(themes.palette(self.theme))
        self._app.setStyleSheet(window_style(self.theme, self.scale))
        self.changed.emit()
