"""Labs as text for a forum or a worksheet, and the names by which files are known. No Qt."""

import re
from pathlib import Path

from reluviz.core.filesource import FileSource
from reluviz.core.sessionfile import SessionError
from reluviz.core.settings import Settings

ENDING = ".reluviz"
FILTER = f"Sessions (*{ENDING})"
MOST_RECENT = 8
_START = re.compile(r"^format\s*=", re.MULTILINE)
_QUOTED = re.compile(r"^\s*>\s?", re.MULTILINE)
_FENCE = re.compile(r"^\s*(```|~~~)", re.MULTILINE)


def lab_from_text(text: str) -> Settings:
    """A lab from text that holds its session, alone or inside a quoted or fenced message; raises SessionError."""
    lines = text.strip().splitlines()
    if lines and all(line.lstrip().startswith(">") for line in lines if line.strip()):
        text = _QUOTED.sub("", text)
    start = _START.search(text)
    if start is None:
        raise SessionError("the clipboard holds no lab: a lab as text starts with the line format = 1")
    text = text[start.start() :]
    end = _FENCE.search(text)
    return Settings.from_toml(text[: end.start()] if end else text)


def same_data(stored: Settings, present: Settings) -> bool:
    """Whether a lab still uses the data that its session names; what the session left open does not count."""
    before, now = stored.data, present.data
    if not isinstance(before, FileSource) or not isinstance(now, FileSource):
        return before == now
    return before.path == now.path and before.sha256 in ("", now.sha256)


def recent_with(recent: list[str], path: Path) -> list[str]:
    """The list of recent files with this one first."""
    name = str(path.absolute())
    return [name, *(other for other in recent if other != name)][:MOST_RECENT]


def recent_title(place: int, name: str) -> str:
    """What the menu calls a recent file: its number, its name, and where it is."""
    path = Path(name)
    folder = str(path.parent)
    home = str(Path.home())
    if folder == home or folder.startswith(home + "/"):
        folder = "~" + folder[len(home) :]
    if len(folder) > 40:
        folder = "…" + folder[-39:]
    # In a menu an ampersand marks the next letter as a key; two of them are one that is shown.
    words = f"{path.name}    {folder}".replace("&", "&&")
    return f"&{place + 1}  {words}"
