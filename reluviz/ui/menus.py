"""The menu bar: everything the window can do, reachable by keyboard."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu

from reluviz.ui.actions import Actions
from reluviz.ui.appearance import SCALES, Appearance
from reluviz.ui.preferences import Preferences
from reluviz.ui.sharing import recent_title
from reluviz.ui.workspaces import WORKSPACES, workspace_key

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


def workspace_menu(arrange: Callable[[str], object]) -> QMenu:
    """The arrangements of views, each with a key of its own."""
    menu = _KeyMenu("&Arrange", {each.key: each.title for each in WORKSPACES}, arrange)
    menu.setToolTip("Arrange the window for a question: what to show, and where")
    menu.setToolTipsVisible(True)
    for place, (action, each) in enumerate(zip(menu.actions(), WORKSPACES, strict=True)):
        action.setShortcut(workspace_key(place))
        action.setToolTip(each.help)
    return menu


def export_menu(
    export: QAction, figures: dict[str, str], views: dict[str, str], copy_image: Callable[[str], object],
    copy_data: Callable[[str], object],
) -> QMenu:
    """The export dialog; copy the image of each figure, or the numbers of each view."""
    menu = QMenu("&Export")
    menu.setToolTip("Save or copy figures and their numbers")
    menu.addAction(export)
    menu.addSeparator()
    for heading, titles, slot in (("Copy &image", figures, copy_image), ("Copy &data", views, copy_data)):
        part = _KeyMenu(heading, titles, slot)
        part.setParent(menu, part.windowFlags())
        menu.addMenu(part)
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


class RecentMenu(QMenu):
    """The session files used last, the newest first; made anew each time it is shown."""

    def __init__(self, preferences: Preferences, open_path: Callable[[Path], object]) -> None:
        super().__init__("Open &recent")
        self._preferences, self._open = preferences, open_path
        self.aboutToShow.connect(self.fill)
        self.triggered.connect(self._triggered)
        self.fill()

    def fill(self) -> None:
        """One item for each file; whether it is still there is looked at when it is chosen."""
        self.clear()
        for place, name in enumerate(self._preferences.recent):
            action = self.addAction(recent_title(place, name))
            action.setData(name)
            action.setToolTip(name)
        if not self._preferences.recent:
            self.addAction("No session has been opened yet").setEnabled(False)
            return
        self.addSeparator()
        self.addAction("&Clear this list").setData("")

    def _triggered(self, action: QAction) -> None:
        if action.data():
            self._open(Path(action.data()))
        else:
            self._preferences.recent = []


def build_menu_bar(
    window: QMainWindow, actions: Actions, toggles: Iterable[QAction], menus: dict[str, QMenu]
) -> None:
    """Fill the window's menu bar; `menus` has export, look and recent."""
    bar = window.menuBar()
    file = bar.addMenu("&File")
    file.addActions([actions["new"], actions["open"]])
    menus["recent"].setParent(file, menus["recent"].windowFlags())
    file.addMenu(menus["recent"])
    file.addAction(actions["open_data"])
    file.addSeparator()
    file.addActions([actions["save"], actions["save_as"]])
    file.addSeparator()
    file.addMenu(menus["export"])
    file.addSeparator()
    file.addAction(actions["quit"])
    edit = bar.addMenu("&Edit")
    edit.addActions([actions["undo"], actions["redo"]])
    edit.addSeparator()
    edit.addActions([actions["copy_lab"], actions["paste_lab"]])
    run = bar.addMenu("&Run")
    for keys in (("play", "step", "epoch"), ("back", "branch", "now"), ("reset", "repeat", "new_seed")):
        run.addActions([actions[key] for key in keys])
        run.addSeparator()
    view = bar.addMenu("&View")
    view.addMenu(menus["views"])
    view.addSeparator()
    view.addActions(list(toggles))
    view.addSeparator()
    view.addAction(actions["passports"])
    view.addSeparator()
    view.addActions([actions["reset_layout"], actions["full_screen"]])
    view.addSeparator()
    view.addMenu(menus["look"])
    bar.addMenu("&Help").addActions([actions["shortcuts"], actions["about"]])
