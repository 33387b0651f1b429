"""Real buttons over painted cards: made when they are first needed, and kept."""

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRect, QSize, QSizeF, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent, QIcon
from PySide6.QtWidgets import QPushButton, QWidget

from reluviz.ui.theme import Theme, icon
from reluviz.ui.views.diagnosis_cards import GOES_ON, NOT_NOW, STARTS_OVER, Card, Group, view_words
from reluviz.ui.views.diagnosis_page import SHOW, Key

ICON = 14
# For so long a button stays where it is after the mouse has come to it.
AIM_S = 1.0
# Between an icon and the words, where a style leaves too little.
THIN = "\u2009"


class CardButton(QPushButton):
    """A button on a card; it comes into sight when the keyboard reaches it, and stays while somebody aims at it."""

    def __init__(self, parent: QWidget, reached: Callable[["CardButton"], None]) -> None:
        super().__init__(parent)
        self._reached = reached
        self._aimed_until = 0.0
        self.clicked.connect(self._let_go)
        # A card that goes takes its buttons along: the focus of a click would then jump to something else.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def aimed_at(self) -> bool:
        """Whether the mouse holds it down, or has come to it just now."""
        return self.isDown() or (self.underMouse() and time.perf_counter() < self._aimed_until)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Come into sight."""
        super().focusInEvent(event)
        self._reached(self)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay for a moment."""
        super().enterEvent(event)
        self._aimed_until = time.perf_counter() + AIM_S

    def _let_go(self) -> None:
        self._aimed_until = 0.0


class CardButtons:
    """All buttons by what they do; `chosen` is called with the key of the one that is clicked."""

    def __init__(
        self, parent: QWidget, chosen: Callable[[Key], None], reached: Callable[[CardButton], None]
    ) -> None:
        self._parent, self._chosen, self._reached = parent, chosen, reached
        self._icons: dict[str, QIcon] = {}
        self._scale = 1.0
        self.past = False
        self.known: dict[Key, CardButton] = {}

    @property
    def held(self) -> bool:
        """Whether somebody aims at one of them: it must not become another one meanwhile."""
        return any(button.aimed_at for button in self.known.values())

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the theme's icons."""
        self._icons = {name: icon(name, theme, theme.dim) for name in ("eye", "reset", "play")}
        self._scale = scale
        for key, button in self.known.items():
            self._dress(key, button, button.property("anew"))

    def sizes(self, card: Card) -> list[tuple[Key, QSizeF]]:
        """The buttons of a card, ready to be placed."""
        finding = card.finding
        words = view_words(finding.view)
        found = [((finding.run, finding.rule, SHOW), f"Show {words}", f"Open the view that shows it: {words}.", False)]
        for offer in card.offers:
            key = (finding.run, finding.rule, offer.remedy)
            tip = NOT_NOW if self.past else f"{offer.why}\n{STARTS_OVER if offer.anew else GOES_ON} It can be undone."
            found.append((key, offer.title, tip, offer.anew))
        return [(key, QSizeF(self._button(key, text, tip, anew).sizeHint())) for key, text, tip, anew in found]

    def place(self, places: dict[Key, QRect], groups: tuple[Group, ...]) -> None:
        """Put those that are wanted there, in the order of their cards, and hide the others."""
        names = {group.run: group.name for group in groups}
        last: CardButton | None = None
        for key, room in places.items():
            button = self.known[key]
            button.setGeometry(room)
            button.setAccessibleName(f"{button.text().strip()}: {names[key[0]]}")
            if last is not None:
                QWidget.setTabOrder(last, button)
            last = button
            button.show()
        for key, button in self.known.items():
            if key not in places:
                button.hide()

    def _button(self, key: Key, text: str, tip: str, anew: bool) -> CardButton:
        button = self.known.get(key)
        if button is None:
            button = self.known[key] = CardButton(self._parent, self._reached)
            button.clicked.connect(partial(self._click, key))
            self._dress(key, button, anew)
        elif button.property("anew") != anew:
            self._dress(key, button, anew)
        if button.text() != THIN + text:
            button.setText(THIN + text)
        if button.toolTip() != tip:
            button.setToolTip(tip)
        button.setEnabled(key[2] == SHOW or not self.past)
        return button

    def _click(self, key: Key) -> None:
        self._chosen(key)

    def _dress(self, key: Key, button: CardButton, anew: bool) -> None:
        button.setProperty("anew", anew)
        name = "eye" if key[2] == SHOW else "reset" if anew else "play"
        button.setIcon(self._icons.get(name, QIcon()))
        button.setIconSize(QSize(round(ICON * self._scale), round(ICON * self._scale)))
