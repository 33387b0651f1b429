"""The menu bar: everything the window can do, reachable by keyboard."""

from collections.abc import Callable, Iterable

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu

from reluviz.ui.actions import Actions
from reluviz.ui.appearance import SCALES, Appearance

THEME_TITLES = {"system": "As the system", "light": "Light", "dark": "Dark"}


class ChoiceMenu(QMenu):
    """A menu of which one item is checked; calls `choose` with the item's value."""

    def __init__(
        self, title: str, items: Iterable[tuple[str, object]], chosen: object, choose: Callable[..., object]
    ) -> None:
        super().__init__(title)
        self._choose = choose
        self._group = QActionGroup(self)
        for text, value in items:
            action = self.addAction(text)
            action.setCheckable(True)
            action.setData(value)
            action.setChecked(value == chosen)
            self._group.addAction(action)
        self._group.triggered.connect(self._triggered)

    def _triggered(self, action: QAction) -> None:
        self._choose(action.data())


def theme_menu(appearance: Appearance) -> QMenu:
    """System, light or dark, and the size of the text."""
    menu = QMenu("&Look")
    menu.setToolTip("Light or dark, and the size of the text")
    themes = ChoiceMenu(
        "&Theme", [(title, key) for key, title in THEME_TITLES.items()], appearance.choice, appearance.set_choice
    )
    sizes = ChoiceMenu(
        "Text &size", [(f"{scale:.0%}".replace("%", " %"), scale) for scale in SCALES], appearance.scale,
        appearance.set_scale,
    )
    for part in (themes, sizes):
        part.setParent(menu, part.windowFlags())
        menu.addMenu(part)
    return menu


def export_menu(
    titles: dict[str, str], save: Callable[[str], object], copy: Callable[[str], object], scale: int,
    set_scale: Callable[[int], object],
) -> QMenu:
    """Save or copy the image of each view, and how large."""
    menu = QMenu("&Export")
    menu.setToolTip("Save or copy the image of a view")
    for heading, slot in (("&Save image", save), ("&Copy image", copy)):
        part = _KeyMenu(heading, titles, slot)
        part.setParent(menu, part.windowFlags())
        menu.addMenu(part)
    sizes = ChoiceMenu("&Image size", [(f"{factor}×", factor) for factor in (1, 2, 3, 4)], scale, set_scale)
    sizes.setParent(menu, sizes.windowFlags())
    menu.addSeparator()
    menu.addMenu(sizes)
    return menu


class _KeyMenu(QMenu):
    def __init__(self, heading: str, titles: dict[str, str], slot: Callable[[str], object]) -> None:
        super().__init__(heading)
        self._slot = slot
        for key, title in titles.items():
            self.addAction(title).setData(key)
        self.triggered.connect(self._triggered)

    def _triggered(self, action: QAction) -> None:
        self._slot(action.data())


def build_menu_bar(
    window: QMainWindow, actions: Actions, toggles: Iterable[QAction], export: QMenu, look: QMenu
) -> None:
    """Fill the window's menu bar."""
    bar = window.menuBar()
    file = bar.addMenu("&File")
    file.addActions([actions["open"], actions["save"]])
    file.addSeparator()
    file.addMenu(export)
    file.addSeparator()
    file.addAction(actions["quit"])
    bar.addMenu("&Edit").addActions([actions["undo"], actions["redo"]])
    bar.addMenu("&Run").addActions([actions[key] for key in ("play", "step", "epoch", "reset", "new_seed")])
    view = bar.addMenu("&View")
    view.addActions(list(toggles))
    view.addSeparator()
    view.addActions([actions["reset_layout"], actions["full_screen"]])
    view.addSeparator()
    view.addMenu(look)
    bar.addMenu("&Help").addActions([actions["shortcuts"], actions["about"]])
