"""What the window does with figures: asks where to, writes, and says what failed."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMainWindow

from reluviz.ui.dashboard import Dashboard
from reluviz.ui.export import ExportError, copy_image, save_png
from reluviz.ui.notice import Notice
from reluviz.ui.preferences import Preferences
from reluviz.ui.views.base import View


class Exporting(QObject):
    """Saves and copies the views of a window."""

    def __init__(self, window: QMainWindow, dashboard: Dashboard, preferences: Preferences, notice: Notice) -> None:
        super().__init__(window)
        self._window, self._dashboard = window, dashboard
        self._preferences, self._notice = preferences, notice
        for dock in dashboard.docks.values():
            dock.save_requested.connect(self.save_image)
            dock.copy_requested.connect(self.copy_image)

    def save_image(self, key: str) -> None:
        """Ask where to and save a view as an image."""
        start = Path(self._preferences.image_folder) / f"{key}.png"
        name, _ = QFileDialog.getSaveFileName(self._window, "Save image", str(start), "PNG image (*.png)")
        if name:
            self.write_image(key, Path(name) if Path(name).suffix else Path(name + ".png"))

    def write_image(self, key: str, path: Path) -> None:
        """Save a view as an image; what fails is said."""
        try:
            save_png(self._view(key), path, self._preferences.image_scale)
        except ExportError as error:
            self._notice.show_text(str(error))
            return
        self._preferences.image_folder = str(path.parent)
        self._window.statusBar().showMessage(f"Saved {path.name}", 4000)

    def copy_image(self, key: str) -> None:
        """Put a view on the clipboard."""
        try:
            copy_image(self._view(key), self._preferences.image_scale)
        except ExportError as error:
            self._notice.show_text(str(error))
            return
        self._window.statusBar().showMessage("Copied", 4000)

    def _view(self, key: str) -> View:
        return self._dashboard.docks[key].view
