"""Opens the window of activation passports when it is asked for, and sees it out with the main window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from reluviz.ui.appearance import Appearance
from reluviz.ui.lab import Lab
from reluviz.ui.preferences import Preferences

if TYPE_CHECKING:
    from reluviz.ui.passport_window import PassportWindow


class Passports(QObject):
    """The one window of passports; imported and made when it is first opened, so that the start need not wait."""

    def __init__(self, window: QMainWindow, lab: Lab, appearance: Appearance, preferences: Preferences) -> None:
        super().__init__(window)
        self._owner, self._lab = window, lab
        self._appearance, self._preferences = appearance, preferences
        self.window: PassportWindow | None = None

    def open(self) -> None:
        """Show the window, or bring it to the front."""
        if self.window is None:
            from reluviz.ui.passport_window import PassportWindow  # noqa: PLC0415

            self.window = PassportWindow(self._lab, self._appearance, self._preferences, self._owner)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def close(self) -> None:
        """Close it; what is being computed ends."""
        if self.window is not None:
            self.window.close()
