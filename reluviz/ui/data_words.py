"""Words about a person's own file: its size, what was understood, and what will be used. No Qt."""

from pathlib import Path

from reluviz.core.contents import Contents
from reluviz.core.files import FileSource
from reluviz.ui.wording import THIN, number_text, spaced

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with byte-order mark",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
}
MOST_NAMES = 30
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


def usage(source: FileSource, contents: Contents) -> str:
    """One sentence: how many rows of a settled file are used, and for what."""
    usable = len(contents.x)
    used, total = min(usable, source.samples), usable + contents.dropped
    rows = f"{spaced(used)} of {counted(total, 'row')}" if used < total else f"All {counted(total, 'row')}"
    text = f"{rows}, {counted(contents.x.shape[1], 'input')} → {contents.target_name}, {_answer(contents)}"
    if contents.dropped:
        noun = counted(contents.dropped, "incomplete row")
        text += f"; {noun} {'is' if contents.dropped == 1 else 'are'} left out"
    if used < usable:
        text += f"; the data seed picks them from {counted(usable, 'row')}"
    return text + "."


def summary(source: FileSource) -> dict[str, tuple[str, str]]:
    """What the data panel says of a file in use: a short text and a longer one for each line."""
    path, contents = source.path, source.contents()
    lines = {"File": (source.label, path)}
    if contents is None:
        # An undo may have brought back a file that is not in memory; the engine reads it again.
        return lines | dict.fromkeys(("Rows", "Inputs", "Target"), ("…", "The file is read when it is needed."))
    usable = len(contents.x)
    used = min(usable, source.samples)
    names = contents.input_names
    many = ", ".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "")
    return lines | {
        "Rows": (spaced(used) if used == usable else f"{spaced(used)} of {spaced(usable)}", usage(source, contents)),
        "Inputs": (spaced(len(names)), many),
        "Target": (
            f"{contents.target_name}, {_answer(contents)}",
            ", ".join(contents.class_names) or f"{contents.target_name} is a number",
        ),
    }


def _answer(contents: Contents) -> str:
    return counted(len(contents.class_names), "class", "classes") if contents.class_names else "a number"


def shape_text(shape: tuple[int, ...]) -> str:
    """The shape of an array: 60 000 × 28 × 28."""
    return " × ".join(spaced(side) for side in shape) or "a single number"


def home_text(path: str) -> str:
    """A path with the person's own folder as ~."""
    try:
        return str(Path("~") / Path(path).relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return path
