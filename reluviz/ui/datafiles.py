"""Files of data: chosen, dropped, or named in a session."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from reluviz.core.settings import Settings
from reluviz.ui.lab import Lab
from reluviz.ui.notice import Notice
from reluviz.ui.preferences import Preferences


class DataFiles(QObject):
    """Reads files of data for the lab."""

    def __init__(self, window: QMainWindow, lab: Lab, preferences: Preferences, notice: Notice) -> None:
        super().__init__(window)

    def choose(self) -> None:
        """Ask for a file."""

    def open_path(self, path: Path) -> None:
        """Look at a file and ask how it is to be used."""

    def settle(
        self, settings: Settings, then: Callable[[Settings], object], failed: Callable[[str, Exception], object]
    ) -> None:
        """Read the lab's data; calls back at once where there is nothing to read."""
        then(settings)

    def close(self) -> None:
        """End what is being read."""
