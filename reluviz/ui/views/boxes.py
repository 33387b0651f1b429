"""Small boxes of a title bar in which a run, a layer or a neuron is chosen."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

# A longer name does not widen the box; its list and its tooltip have all of it.
BOX_LETTERS, BOX_FRAME = 16, 34


class ChoiceBox(QComboBox):
    """A list of words, each standing for a plain value."""

    def __init__(self, words: str, chosen: Callable[[], None]) -> None:
        """`words` say what is chosen; `chosen` is called when the person has done so."""
        super().__init__()
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._entries: tuple[tuple[str, Any], ...] = ()
        self._room = 0
        self.activated.connect(lambda _place: chosen())

    def narrow(self) -> None:
        """Keep to a width that leaves room for others; after the font has changed."""
        self._room = self.fontMetrics().averageCharWidth() * BOX_LETTERS
        self.setMaximumWidth(self._room)
        entries, self._entries = self._entries, ()
        self.fill(entries, self.currentData())

    def fill(self, entries: Sequence[tuple[str, Any]], value: Any) -> None:
        """Offer these words and values, with this one chosen."""
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            metrics, room = self.fontMetrics(), max(40, self._room - BOX_FRAME)
            self.clear()
            for words, data in entries:
                self.addItem(metrics.elidedText(words, Qt.TextElideMode.ElideRight, room), data)
                self.setItemData(self.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
        place = next((place for place, (_, data) in enumerate(self._entries) if data == value), -1)
        if self.currentIndex() != place:
            self.setCurrentIndex(place)


def whole(value: Any, least: int, most: int) -> bool:
    """Whether a remembered choice is a whole number from least to most."""
    return type(value) is int and least <= value <= most
