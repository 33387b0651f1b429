"""What a person can do: one table of actions, and when each makes sense."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from reluviz.ui.appearance import Appearance
from reluviz.ui.lab import Lab


@dataclass(frozen=True, slots=True)
class Deed:
    """One action in words; `icon` names a file in resources/icons."""

    key: str
    title: str
    help: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""


DEEDS = (
    Deed("new", "&New lab", "Start from the first lab", ("Ctrl+N",)),
    Deed("open", "&Open session…", "Open a session file", ("Ctrl+O",)),
    Deed("open_data", "Open &data…", "Train on a table, arrays or images of your own", ("Ctrl+D",)),
    Deed("save", "&Save session", "Save the settings in their session file", ("Ctrl+S",)),
    Deed("save_as", "Save session &as…", "Save the settings as another session file", ("Ctrl+Shift+S",)),
    Deed("copy_lab", "&Copy lab as text", "Put the whole lab as text on the clipboard", ("Ctrl+Shift+C",)),
    Deed("paste_lab", "&Paste lab", "Use the lab that the clipboard holds as text", ("Ctrl+Shift+V",)),
    Deed("export", "&Export figure…", "Save a plot, the dashboard or its numbers as a file", ("Ctrl+Shift+E",)),
    Deed("quit", "&Quit", "Close the window", ("Ctrl+Q",)),
    Deed("undo", "&Undo", "Take the last change back", ("Ctrl+Z",)),
    Deed("redo", "&Redo", "Make the change again", ("Ctrl+Shift+Z", "Ctrl+Y")),
    Deed("play", "&Train", "Train until paused", ("Space",), "play"),
    Deed("step", "&Step", "Train one step", (".", "Right"), "step"),
    Deed("epoch", "&Epoch", "Train to the end of the epoch", ("E", "Shift+Right"), "epoch"),
    Deed("reset", "&Reset", "Back to step 0 with the same start", ("R",), "reset"),
    Deed("repeat", "Re&peat", "Back to step 0, and do again what has been recorded since", ("Shift+R",)),
    Deed("back", "Step &back", "Look at the step before", (",", "Left"), "back"),
    Deed("branch", "&Continue from here", "Go on from the step that is looked at", ("Ctrl+Return",), "branch"),
    Deed("now", "Return to n&ow", "Look at the step that training has reached", ("End",), "now"),
    Deed("new_seed", "&New seed", "Start over from other random weights", ("N",), "new_seed"),
    Deed("passports", "Activation &passports…", "Compare what theory says of every activation", ("Ctrl+P",)),
    Deed("reset_layout", "&Reset layout", "Put every panel back to where it was"),
    Deed("full_screen", "&Full screen", "Fill the screen with the lab", ("F11",)),
    Deed("shortcuts", "&Keyboard shortcuts", "Show all keyboard shortcuts", ("F1",)),
    Deed("about", "&About reluviz", "Versions and licence"),
)


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides which actions make sense."""

    playing: bool = False
    can_undo: bool = False
    can_redo: bool = False
    past: bool = False


def enabled_actions(now: Situation) -> frozenset[str]:
    """Which actions make sense now."""
    found = {deed.key for deed in DEEDS} - {"undo", "redo", "step", "epoch", "branch", "now"}
    if now.past:
        found |= {"branch", "now"}
    if not now.playing:
        found |= {"step", "epoch"}
    if now.can_undo:
        found.add("undo")
    if now.can_redo:
        found.add("redo")
    return frozenset(found)


def play_words(playing: bool) -> tuple[str, str, str]:
    """Title, help and icon of the play button."""
    if playing:
        return "&Pause", "Stop training, keep everything", "pause"
    return "&Train", "Train until paused", "play"


def tip(title: str, help_text: str, shortcuts: tuple[str, ...]) -> str:
    """The tooltip of an action: what it does and its keys."""
    keys = " or ".join(shortcuts)
    return f"{help_text} ({keys})" if keys else help_text


class Actions(QObject):
    """The QAction of every deed, wired to the lab; `do` connects those that belong to the window."""

    def __init__(self, window: QMainWindow, lab: Lab, appearance: Appearance) -> None:
        super().__init__(window)
        self._lab = lab
        self._appearance = appearance
        self._actions: dict[str, QAction] = {}
        for deed in DEEDS:
            self._actions[deed.key] = self._make(window, deed)
        self.do("undo", lab.undo_stack.undo)
        self.do("redo", lab.undo_stack.redo)
        self.do("play", self._toggle)
        self.do("step", self._step)
        self.do("epoch", lab.epoch)
        self.do("reset", lab.reset)
        self.do("repeat", lab.repeat)
        self.do("back", lab.step_back)
        self.do("branch", lab.branch)
        self.do("now", self._return)
        self.do("new_seed", lab.new_seed)
        self._actions["full_screen"].setCheckable(True)
        # Its icon is drawn for the accent-coloured button; on a menu it could not be seen.
        self._actions["play"].setIconVisibleInMenu(False)
        self._repeat(("step", "epoch", "back", "undo", "redo"))
        lab.playing_changed.connect(self._refresh)
        lab.past_changed.connect(self._refresh)
        lab.undo_stack.indexChanged.connect(self._refresh)
        appearance.changed.connect(self._dress)
        self._dress()
        self._refresh()

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def do(self, key: str, slot: Callable[..., object]) -> None:
        """Say what an action does."""
        self._actions[key].triggered.connect(slot)

    def _make(self, window: QMainWindow, deed: Deed) -> QAction:
        action = QAction(deed.title, window)
        action.setObjectName(deed.key)
        action.setShortcuts([QKeySequence(keys) for keys in deed.shortcuts])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setAutoRepeat(False)
        action.setToolTip(tip(deed.title, deed.help, deed.shortcuts))
        action.setStatusTip("")
        action.setWhatsThis(deed.help)
        window.addAction(action)
        return action

    def _repeat(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            self._actions[key].setAutoRepeat(True)

    def _toggle(self) -> None:
        if self._lab.playing:
            self._lab.pause()
        else:
            self._lab.play()

    def _step(self) -> None:
        self._lab.step()

    def _return(self) -> None:
        self._lab.seek(None)

    def _refresh(self) -> None:
        stack = self._lab.undo_stack
        now = Situation(self._lab.playing, stack.canUndo(), stack.canRedo(), self._lab.past)
        enabled = enabled_actions(now)
        for key, action in self._actions.items():
            action.setEnabled(key in enabled)
        self._actions["undo"].setText(f"&Undo {stack.undoText()}".strip())
        self._actions["redo"].setText(f"&Redo {stack.redoText()}".strip())
        title, help_text, icon = play_words(self._lab.playing)
        play = self._actions["play"]
        play.setText(title)
        play.setToolTip(tip(title, help_text, ("Space",)))
        play.setIcon(self._appearance.icon(icon, self._appearance.theme.accent_text))

    def _dress(self) -> None:
        for deed in DEEDS:
            if deed.icon:
                self._actions[deed.key].setIcon(self._appearance.icon(deed.icon))
        self._refresh()
