"""What a person chose about the window: a small validated file; a damaged one means the defaults."""

import logging
from pathlib import Path
from typing import Any

import msgspec

from reluviz.core.writing import write_bytes
from reluviz.ui.export_choice import FigureChoice

log = logging.getLogger(__name__)

FILE = "preferences.json"


class Preferences(msgspec.Struct, forbid_unknown_fields=False):
    """Theme, scale, speed, folders and the views' own options. Speed 0 means as fast as possible."""

    theme: str = "system"
    scale: float = 1.0
    speed: float = 300.0
    image_folder: str = ""
    figure: FigureChoice = FigureChoice()
    session_folder: str = ""
    data_folder: str = ""
    recent: list[str] = []
    hint_seen: bool = False
    views: dict[str, dict[str, Any]] = {}

    def __post_init__(self) -> None:
        if self.theme not in ("system", "light", "dark"):
            raise ValueError(f"theme = {self.theme!r} is not allowed: it must be system, light or dark")
        if not 0.5 <= self.scale <= 4:
            raise ValueError(f"scale = {self.scale} is not allowed: it must be a number from 0.5 to 4")
        if not 0 <= self.speed <= 1e9:
            raise ValueError(f"speed = {self.speed} is not allowed: it must be a number from 0 to 1e9")


def load(folder: Path) -> Preferences:
    """Read the preferences; whatever is wrong with the file is logged, and the defaults apply."""
    path = folder / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Preferences)
    except FileNotFoundError:
        return Preferences()
    except (OSError, ValueError, RecursionError) as problem:
        log.warning("The preferences in %s could not be read (%s); the defaults apply.", path, problem)
        return Preferences()


def save(preferences: Preferences, folder: Path) -> bool:
    """Write the preferences; False, and a line in the log, if the folder cannot be written."""
    try:
        write_atomically(folder / FILE, msgspec.json.format(msgspec.json.encode(preferences), indent=2))
    except OSError as problem:
        log.warning("The preferences could not be saved (%s).", problem)
        return False
    return True


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file of the person's own folders, which may not exist yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, content)
