"""The bar at the top: train, step, reset, speed; and on the right how it looks and where images go."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from reluviz.engine.messages import FASTEST
from reluviz.ui.actions import Actions
from reluviz.ui.appearance import Appearance
from reluviz.ui.inputs import Slider
from reluviz.ui.lab import SPEEDS, Lab
from reluviz.ui.wording import spaced


def speed_text(steps_per_second: float) -> str:
    """A speed in words."""
    if steps_per_second == FASTEST:
        return "as fast as possible"
    return f"{spaced(round(steps_per_second))} step{'' if steps_per_second == 1 else 's'}/s"


def nearest_stop(steps_per_second: float) -> int:
    """The place of a speed among the stops."""
    if steps_per_second == FASTEST:
        return len(SPEEDS) - 1
    finite = SPEEDS[:-1]
    return min(range(len(finite)), key=lambda place: abs(finite[place] - steps_per_second))


class SpeedControl(QWidget):
    """A slider with named stops and the speed beside it."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self.slider = Slider(len(SPEEDS) - 1)
        self.slider.setPageStep(1)
        self.slider.setFixedWidth(120)
        help_text = "How many steps to train in a second"
        self.slider.setAccessibleName("Speed")
        self.slider.setToolTip(help_text)
        self.words = QLabel()
        self.words.setObjectName("speedWords")
        self.words.setToolTip(help_text)
        title = QLabel("Speed")
        title.setObjectName("caption")
        title.setBuddy(self.slider)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row.addWidget(title)
        row.addWidget(self.slider)
        row.addWidget(self.words)
        self.slider.valueChanged.connect(self._choose)
        lab.speed_changed.connect(self._show)
        self._show(lab.speed)

    def size_words(self) -> None:
        """Keep the width of the longest text, so that nothing moves."""
        widest = max(self.words.fontMetrics().horizontalAdvance(speed_text(speed)) for speed in SPEEDS)
        self.words.setMinimumWidth(widest + 4)

    def _choose(self, place: int) -> None:
        self._lab.set_speed(SPEEDS[place])

    def _show(self, steps_per_second: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(nearest_stop(steps_per_second))
        self.words.setText(speed_text(steps_per_second))
        self.slider.setAccessibleDescription(speed_text(steps_per_second))


class Toolbar(QToolBar):
    """The main tool bar; its menus are handed in by the window."""

    def __init__(self, lab: Lab, actions: Actions, appearance: Appearance, menus: dict[str, QMenu]) -> None:
        super().__init__("Main")
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setFloatable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._appearance = appearance
        for key in ("play", "step", "epoch"):
            self.addAction(actions[key])
        self.addSeparator()
        for key in ("reset", "new_seed"):
            self.addAction(actions[key])
        self.addSeparator()
        self.speed = SpeedControl(lab)
        self.addWidget(self.speed)
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self._buttons = {name: self._menu_button(name, menu) for name, menu in menus.items()}
        for key in ("play", "step", "epoch", "reset", "new_seed"):
            button = self.widgetForAction(actions[key])
            button.setObjectName("primary" if key == "play" else key)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setAccessibleName(actions[key].text().replace("&", ""))
            button.setAccessibleDescription(actions[key].whatsThis())
        self._play = self.widgetForAction(actions["play"])
        appearance.changed.connect(self._dress)
        self._dress()

    def _menu_button(self, name: str, menu: QMenu) -> QToolButton:
        button = QToolButton()
        button.setText(menu.title().replace("&", ""))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setObjectName(name)
        button.setToolTip(menu.toolTip())
        button.setAccessibleName(button.text())
        button.setAccessibleDescription(menu.toolTip())
        self.addWidget(button)
        return button

    def _dress(self) -> None:
        self.speed.size_words()
        for name, button in self._buttons.items():
            button.setIcon(self._appearance.icon(name))
        # Train and Pause share a button: as wide as the wider word.
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(word) for word in ("Train", "Pause"))
        # The margins are the style sheet's; its semibold is a tenth wider than the bar's own weight.
        self._play.setMinimumWidth(round(1.1 * widest) + self.iconSize().width() + 32)
