"""A line below the tool bar: a hint on the first start, a sentence when something broke, and what can be done."""

from collections.abc import Callable, Sequence
from itertools import zip_longest

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolBar, QToolButton, QWidget

from reluviz.ui.appearance import Appearance

HINT = (
    "Press Space: two networks that differ only in their activation, and in the start that fits it,"
    " learn the same spiral."
)


MOST_OFFERS = 2
Offer = tuple[str, str, Callable[[], object]]
"""A button: its words, its help, and what it does."""


class Notice(QToolBar):
    """Shows one sentence, with buttons for what can be done about it, until it is dismissed."""

    dismissed = Signal(str)
    """The person closed a sentence of this kind without choosing."""

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
        self.close_button.clicked.connect(self._close)
        row = QWidget()
        row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.text, 1)
        self.buttons = [QPushButton() for _ in range(MOST_OFFERS)]
        self._deeds: list[Callable[[], object]] = []
        for button in self.buttons:
            button.setObjectName("offer")
            button.clicked.connect(self._take)
            button.hide()
            line.addWidget(button)
        line.addWidget(self.close_button)
        self.addWidget(row)
        appearance.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_text(self, text: str, kind: str = "error", offers: Sequence[Offer] = ()) -> None:
        """Show a sentence and at most two buttons; kind is hint, offer or error."""
        self.kind = kind
        self._deeds = [deed for _, _, deed in offers]
        for button, offer in zip_longest(self.buttons, offers):
            button.setVisible(offer is not None)
            if offer is not None:
                button.setText(offer[0])
                button.setToolTip(offer[1])
                button.setAccessibleName(offer[0].replace("&", ""))
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

    def _take(self) -> None:
        deed = self._deeds[self.buttons.index(self.sender())]  # type: ignore[arg-type]
        self.hide()
        deed()

    def _close(self) -> None:
        self.hide()
        self.dismissed.emit(self.kind)

    def _dress(self) -> None:
        self.close_button.setIcon(self._appearance.icon("close"))
