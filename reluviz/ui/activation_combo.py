"""The list of activations: each with its curve, its formula and what it is known for."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from reluviz.core.activations import ACTIVATIONS, Activation
from reluviz.ui.curve_icons import curve_icon
from reluviz.ui.picker import ABOUT, WORDS, Picker
from reluviz.ui.wording import about


class ActivationCombo(Picker):
    """A picker that draws the curve of every activation in the theme's ink.

    A closed one shows one curve only: the others are drawn when the list opens, which saves time at the start.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._shown: Activation | None = None
        self.currentIndexChanged.connect(self._dress_current)

    def showPopup(self) -> None:
        """Draw all curves, say what the items are, and open the list."""
        for place in range(self.count()):
            self._dress(place)
            key = self.itemData(place)
            if key in ACTIVATIONS and not self.itemData(place, ABOUT):
                entry = ACTIVATIONS[key]
                self.setItemData(place, f"{entry.formula}\n{about(entry)}", ABOUT)
                self.setItemData(place, key.replace("_", " "), WORDS)
        super().showPopup()

    def show_item(self, key: object) -> None:
        """Select an item without a signal."""
        super().show_item(key)
        self._dress_current()

    def show_curve(self, activation: Activation) -> None:
        """Draw the chosen activation with its own parameters or formula."""
        self._shown = activation
        self._dress_current()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress_current()

    def _dress_current(self) -> None:
        self._dress(self.currentIndex())

    def _dress(self, place: int) -> None:
        key = self.itemData(place)
        if key in ACTIVATIONS:
            shown = self._shown
            activation = shown if shown is not None and shown.key == key else ACTIVATIONS[key]()
            icon = curve_icon(activation, self.palette())
            if self.itemIcon(place).cacheKey() != icon.cacheKey():
                self.setItemIcon(place, icon)
