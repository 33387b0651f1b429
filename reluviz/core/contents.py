"""What a person's own file holds once it is read, and the shelf that keeps what was read last."""

import hashlib
import os
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from reluviz.core.ticket import Ticket

Array = np.ndarray[Any, np.dtype[Any]]
MOST_BYTES = 2_000_000_000
MOST_VALUES = 60_000_000
MOST_INPUTS = 4096
MOST_CLASSES = 64
LEAST_ROWS = 4
SHELF_BYTES = 600_000_000
BLOCK = 1 << 18
# The share of the progress that hashing takes.
HASHING = 0.1
# Larger numbers would overflow when they are standardised.
LARGEST = 1e100


class DataError(ValueError):
    """A file that cannot be used as data; its text is one sentence for the person."""


class DataMissing(DataError):
    """The file is not where the session says."""


class DataChanged(DataError):
    """The file is not the one that the session was made with."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The samples of a file, in its order.

    x (rows, inputs), any real dtype, finite; y (rows,): int64 places in class_names, or float64 values where
    class_names is empty. `dropped` counts the rows that were left out because a cell was missing.
    """

    x: Array
    y: Array
    input_names: tuple[str, ...]
    target_name: str
    class_names: tuple[str, ...] = ()
    image_shape: tuple[int, int] | None = None
    dropped: int = 0

    @property
    def nbytes(self) -> int:
        """How much memory the arrays take."""
        return int(self.x.nbytes + self.y.nbytes)


class Shelf:
    """The contents read last, so that an undo or a restart reads no file twice; several threads may ask."""

    def __init__(self, most_bytes: int = SHELF_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, Contents] = OrderedDict()

    def get(self, key: Hashable) -> Contents | None:
        """What was read under this key, if it is still here."""
        # No lock: each line is atomic, and another thread may take an entry away between two of them.
        found = self._kept.pop(key, None)
        if found is not None:
            self._kept[key] = found
        return found

    def put(self, key: Hashable, contents: Contents) -> None:
        """Keep contents; the oldest go when the shelf is full, the newest stays whatever its size."""
        self._kept.pop(key, None)
        self._kept[key] = contents
        while len(self._kept) > 1 and sum(item.nbytes for item in list(self._kept.values())) > self._most:
            try:
                self._kept.popitem(last=False)
            except KeyError:
                break


SHELF = Shelf()


def check_file(path: Path) -> int:
    """The size of a file that may be read; raises DataError where there is none, or one that is too large."""
    try:
        size = path.stat().st_size
        regular = path.is_file()
    except OSError as error:
        raise unreadable(path, error) from None
    except ValueError:
        raise DataError(f"path = {str(path)!r} is not allowed: it must be the path of a file") from None
    if not regular:
        raise DataError(f"{path} is not a file: choose a file, not a folder or a device")
    if size == 0:
        raise DataError(f"{path.name} is empty: a table needs at least {LEAST_ROWS} rows")
    if size > MOST_BYTES:
        raise DataError(f"{path.name} has {size / 1e9:.1f} GB: at most {MOST_BYTES / 1e9:.0f} GB can be read")
    return size


def file_stamp(path: Path) -> tuple[str, int, int, int]:
    """What changes when a file is written: path, bytes, time and place on the disk. Raises DataError."""
    try:
        seen = os.stat(path)
    except OSError as error:
        raise unreadable(path, error) from None
    return (str(path), seen.st_size, seen.st_mtime_ns, seen.st_ino)


def shown(cell: str) -> str:
    """A cell for a sentence: quoted, on one line, not too long."""
    return repr(cell if len(cell) <= 40 else cell[:37] + "...")


def unreadable(path: Path, error: OSError) -> DataError:
    """The sentence for a file that the system does not give."""
    if isinstance(error, FileNotFoundError):
        return DataMissing(f"{path} is not there: put the file back, or say where it is now")
    return DataError(f"{path} cannot be read: {error.strerror or error}")


def check_shape(name: str, rows: int, inputs: int) -> None:
    """Refuse what is too small to train on or too large to hold; raises DataError."""
    if rows < LEAST_ROWS:
        raise DataError(f"{name} has {rows} usable rows: at least {LEAST_ROWS} are needed")
    if inputs < 1:
        raise DataError(f"{name} has no inputs: at least one column of numbers beside the target is needed")
    if inputs > MOST_INPUTS:
        raise DataError(f"{name} has {inputs} inputs: at most {MOST_INPUTS} can be used")
    if rows * inputs > MOST_VALUES:
        raise DataError(
            f"{name} has {rows} × {inputs} numbers: at most {MOST_VALUES // 1_000_000} million can be read; "
            "choose fewer inputs"
        )


def check_classes(target: str, names: tuple[str, ...]) -> None:
    """Refuse a target with too few or too many classes; raises DataError."""
    if len(names) < 2:
        only = f"only the value {names[0]!r}" if names else "no values"
        raise DataError(f"the target {target!r} has {only}: at least two classes are needed")
    if len(names) > MOST_CLASSES:
        raise DataError(
            f"the target {target!r} has more than {MOST_CLASSES} different values: choose numbers, or another target"
        )


def sha256(path: Path, ticket: Ticket) -> str:
    """The SHA-256 of a file; raises DataError. Read anew each time: no time stamp is fine enough to be trusted."""
    digest = hashlib.sha256()
    done = 0
    try:
        size = max(1, path.stat().st_size)
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
                done += len(block)
                ticket.report(HASHING * min(1.0, done / size))
    except OSError as error:
        raise unreadable(path, error) from None
    return digest.hexdigest()
