"""Words about a person's own file: its size, what was understood, and what will be used. No Qt."""

from pathlib import Path
from typing import Any

from reluviz.ui.wording import THIN, number_text, spaced

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with byte-order mark",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
}
UNITS = ("bytes", "KB", "MB", "GB")


def size_text(size: int) -> str:
    """A file's size as a person reads it: 12.3 KB."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{number_text(amount, 1 if unit and amount < 100 else 0)}{THIN}{UNITS[unit]}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun: 1 row, 2 rows, 3 classes."""
    return f"{spaced(number)} {one if number == 1 else many or one + 's'}"


def usage(source: Any, contents: Any) -> str:
    """One sentence: how many rows of a settled file are used, and for what."""
    usable = len(contents.x)
    total = usable + contents.dropped
    used = min(usable, source.samples)
    rows = f"{spaced(used)} of {counted(total, 'row')}" if used < total else f"All {counted(total, 'row')}"
    classes = len(contents.class_names)
    answer = counted(classes, "class", "classes") if classes else "a number"
    text = f"{rows}, {counted(contents.x.shape[1], 'input')} → {contents.target_name}, {answer}"
    if contents.dropped:
        verb = "is" if contents.dropped == 1 else "are"
        text += f"; {counted(contents.dropped, 'row')} with missing cells {verb} left out"
    if used < usable:
        text += f"; the data seed picks which of the {spaced(usable)}"
    return text + "."


def shape_text(shape: tuple[int, ...]) -> str:
    """The shape of an array: 60 000 × 28 × 28."""
    return " × ".join(spaced(side) for side in shape) or "a single number"


def home_text(path: str) -> str:
    """A path with the person's own folder as ~."""
    try:
        return str(Path("~") / Path(path).relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return path
