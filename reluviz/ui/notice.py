"""A line below the tool bar: a hint on the first start, a sentence when something broke."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolBar, QToolButton, QWidget

from reluviz.ui.appearance import Appearance

HINT = (
    "Press Space: two networks that differ only in their activation, and in the start that fits it,"
    " learn the same spiral."
)


class Notice(QToolBar):
    """Shows one sentence until it is dismissed."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__("Notice")
        self.setObjectName("notice")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._appearance = appearance
        self.kind = ""
        self.text = QLabel()
        self.text.setObjectName("noticeText")
        # A long sentence must not widen the window; the tooltip has all of it.
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.close_button = QToolButton()
        self.close_button.setObjectName("small")
        self.close_button.setAccessibleName("Dismiss this message")
        self.close_button.setToolTip("Dismiss this message")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.clicked.connect(self.dismiss)
        row = QWidget()
        row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.text, 1)
        line.addWidget(self.close_button)
        self.addWidget(row)
        appearance.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_text(self, text: str, kind: str = "error") -> None:
        """Show a sentence; kind is hint or error."""
        self.kind = kind
        self.text.setText(text)
        self.text.setToolTip(text)
        self.text.setProperty("kind", kind)
        self.text.style().unpolish(self.text)
        self.text.style().polish(self.text)
        self.show()

    def dismiss(self) -> None:
        """Take the line away."""
        self.hide()

    def dismiss_hint(self) -> None:
        """Take a hint away, leave an error."""
        if self.kind == "hint":
            self.hide()

    def _dress(self) -> None:
        self.close_button.setIcon(self._appearance.icon("close"))
