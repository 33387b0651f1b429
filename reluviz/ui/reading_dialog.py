"""A small dialog while a file is read: how far it is, and a way out."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QProgressBar, QVBoxLayout, QWidget

PATIENCE_MS = 300
WIDTH = 380


class ReadingDialog(QDialog):
    """Appears when reading takes longer than a moment; closing it means that the file is no longer wanted."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Reading data")
        self.setFixedWidth(WIDTH)
        self.words = QLabel(f"Reading {name}…")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName("How much of the file has been read")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setToolTip("Stop reading; the lab stays as it was")
        # The style's own cross is drawn for a light button.
        cancel.setIcon(QIcon())
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(12)
        for widget in (self.words, self.bar, self.buttons):
            column.addWidget(widget)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.open)
        self._patience.start(PATIENCE_MS)

    def show_done(self, done: float) -> None:
        """Show how far the reading is, from 0 to 1."""
        self.bar.setValue(round(1000 * done))

    def end(self) -> None:
        """The reading is over, whatever came of it: go away without a word."""
        self._patience.stop()
        self.hide()
        self.deleteLater()
