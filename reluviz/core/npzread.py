"""Reading the arrays of an .npz file: nothing is unpickled, and every size is checked before it is believed."""

import math
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from reluviz.core.answers import check_finite, take_values
from reluviz.core.contents import (
    HASHING,
    MOST_VALUES,
    Contents,
    DataError,
    check_file,
    check_shape,
    shown,
    unreadable,
)
from reluviz.core.ticket import Ticket

Array = np.ndarray[Any, np.dtype[Any]]
MOST_DIRECTORY = 1_000_000
MOST_HEADER = 10_000
MOST_AXES = 8
MOST_ITEM = 400
BLOCK = 1 << 17
# What unpacks to more than this, and to so many times its size, is a bomb and no table of measured numbers.
FREE_BYTES = 48_000_000
MOST_RATIO = 100
KINDS = "biufSU"
_DESCR = re.compile(r"'descr'\s*:\s*'([<>|=]?[a-zA-Z]\d{0,6})'")
_ORDER = re.compile(r"'fortran_order'\s*:\s*(True|False)")
_SHAPE = re.compile(r"'shape'\s*:\s*\(((?:\s*\d{1,12}\s*,?)*)\)")


@dataclass(frozen=True, slots=True)
class _Header:
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool
    start: int


def arrays(path: Path) -> tuple[tuple[str, tuple[int, ...], np.dtype[Any]], ...]:
    """Name, shape and dtype of every array that can be used; raises DataError where there is none."""
    found = []
    with _opened(path) as archive:
        for member in archive.infolist():
            if not member.filename.endswith(".npy"):
                continue
            with archive.open(member) as file:
                try:
                    header = _header(file, member, path.name)
                except DataError:
                    continue
            found.append((member.filename.removesuffix(".npy"), header.shape, header.dtype))
    if not found:
        raise DataError(f"{path.name} holds no arrays of numbers: save it with numpy.savez(file, X=..., y=...)")
    return tuple(found)


def read_npz(path: Path, inputs_name: str, target_name: str, answer: str, ticket: Ticket) -> tuple[str, Contents]:
    """The settled answer and the contents; raises DataError with one sentence."""
    with _opened(path) as archive:
        x = _array(archive, inputs_name, path.name, ticket, 0.0, 0.8)
        y = _array(archive, target_name, path.name, ticket, 0.8, 0.1)
    label = f"{path.name}: the array {shown(inputs_name)}"
    if x.dtype.kind not in "biuf":
        raise DataError(f"{label} holds text: the inputs must be numbers")
    if y.size != (len(y) if y.ndim else 0):
        raise DataError(
            f"{path.name}: the array {shown(target_name)} has the shape {y.shape}: one value for each sample is needed"
        )
    if x.ndim == 0 or len(x) != len(y):
        raise DataError(
            f"{label} has the shape {x.shape} and the target {y.shape}: they need as many rows as each other"
        )
    image = (x.shape[1], x.shape[2]) if x.ndim in (3, 4) and x.shape[3:] in ((), (1,)) else None
    inputs = math.prod(x.shape[1:])
    check_shape(path.name, len(x), inputs)
    x = _native(x).reshape(len(x), inputs)
    check_finite(path.name, shown(inputs_name), x)
    y = _native(y.reshape(-1))
    check_finite(path.name, shown(target_name), y)
    answer, y, classes = take_values(y, answer, target_name)
    names = tuple(f"{inputs_name}[{i}]" for i in range(inputs))
    return answer, Contents(x, y, names, target_name, classes, image)


def _opened(path: Path) -> "_Archive":
    check_file(path)
    return _Archive(path)


class _Archive:
    """A zip file whose faults come out as DataError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> zipfile.ZipFile:
        try:
            _check_directory(self._path)
            self._zip = zipfile.ZipFile(self._path)
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, IndexError) as error:
            raise self._broken(error) from None
        except OSError as error:
            raise unreadable(self._path, error) from None
        return self._zip

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self._zip.close()
        faults = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, MemoryError)
        if isinstance(error, faults):
            raise self._broken(error) from None
        if isinstance(error, ValueError) and not isinstance(error, DataError):
            raise self._broken(error) from None

    def _broken(self, error: BaseException) -> DataError:
        if isinstance(error, DataError):
            return error
        words = " ".join(str(error).split())[:100] or type(error).__name__
        return DataError(f"{self._path.name} is not a whole .npz file ({words}): save it anew with numpy.savez")


def _check_directory(path: Path) -> None:
    """Refuse a zip with an enormous table of contents, which would be read at once; raises DataError."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 66_000))
        tail = file.read(66_000)
    end = tail.rfind(b"PK\5\6")
    if end < 0:
        raise DataError(f"{path.name} is not an .npz file: save it with numpy.savez(file, X=..., y=...)")
    directory = int.from_bytes(tail[end + 12 : end + 16], "little")
    if directory > MOST_DIRECTORY or b"PK\6\7" in tail[max(0, end - 20) : end]:
        raise DataError(f"{path.name} holds more files than a table of numbers needs: save it anew with numpy.savez")


def _array(archive: zipfile.ZipFile, wanted: str, name: str, ticket: Ticket, start: float, share: float) -> Array:
    try:
        member = archive.getinfo(f"{wanted}.npy")
    except KeyError:
        known = [item.filename.removesuffix(".npy") for item in archive.infolist()[:12]]
        words = ", ".join(shown(one) for one in known)
        raise DataError(f"{name} has no array {shown(wanted)}: it holds {words or 'none'}") from None
    with archive.open(member) as file:
        header = _header(file, member, name)
        size = member.file_size - header.start
        content = np.empty(size, np.uint8)
        done = 0
        while done < size:
            block = file.read(min(BLOCK, size - done))
            if not block:
                raise EOFError("it ends too early")
            content[done : done + len(block)] = np.frombuffer(block, np.uint8)
            done += len(block)
            ticket.report(HASHING + start + share * done / size)
        if file.read(1):
            raise EOFError("it holds more than it says")
    order: Any = "F" if header.fortran else "C"
    return content.view(header.dtype).reshape(header.shape, order=order)


def _header(file: IO[bytes], member: zipfile.ZipInfo, name: str) -> _Header:
    """Read the header of an array and check it against the size of what follows; raises DataError."""
    label = f"{name}: the array {shown(member.filename.removesuffix('.npy'))}"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DataError(f"{label} is packed in a way that NumPy does not use: save it anew with numpy.savez")
    if (
        member.file_size > max(FREE_BYTES, MOST_RATIO * member.compress_size)
        or member.file_size > 8 * MOST_VALUES + 10**6
    ):
        raise DataError(
            f"{label} unpacks from {member.compress_size / 1e6:.1f} MB to {member.file_size / 1e6:.0f} MB, "
            f"which is refused: at most {MOST_RATIO} times its size and {8 * MOST_VALUES / 1e6:.0f} MB are read"
        )
    magic = file.read(8)
    width = 2 if magic[6:7] == b"\1" else 4
    length = int.from_bytes(file.read(width), "little")
    if magic[:6] != b"\x93NUMPY" or magic[6:7] not in (b"\1", b"\2", b"\3") or length > MOST_HEADER:
        raise DataError(f"{label} is not a NumPy array: save it anew with numpy.savez")
    text = file.read(length).decode("latin-1")
    descr, order, shape = _DESCR.search(text), _ORDER.search(text), _SHAPE.search(text)
    if descr is None or order is None or shape is None:
        raise DataError(f"{label} is not a plain array of numbers: records and Python objects are not read")
    axes = tuple(int(axis) for axis in shape[1].split(",") if axis.strip())
    dtype = _dtype(descr[1], label)
    start = 8 + width + length
    if len(axes) > MOST_AXES or math.prod(axes) * dtype.itemsize != member.file_size - start:
        raise DataError(
            f"{label} says that it has the shape {axes}, but holds {max(0, member.file_size - start)} bytes"
        )
    if math.prod(axes) > MOST_VALUES:
        raise DataError(f"{label} has {math.prod(axes)} values: at most {MOST_VALUES // 1_000_000} million are read")
    return _Header(axes, dtype, order[1] == "True", start)


def _dtype(descr: str, label: str) -> np.dtype[Any]:
    if descr.lstrip("<>|=")[0] not in KINDS:
        raise DataError(f"{label} holds {shown(descr)}: only numbers and text are read, never Python objects")
    try:
        dtype = np.dtype(descr)
    except (TypeError, ValueError):
        raise DataError(f"{label} holds {shown(descr)}: only numbers and text are read") from None
    if not 0 < dtype.itemsize <= MOST_ITEM or (dtype.kind == "f" and dtype.itemsize > 8):
        raise DataError(f"{label} holds {shown(descr)}: numbers of at most 8 bytes and texts of 100 letters are read")
    return dtype


def _native(values: Array) -> Array:
    """The values in this machine's byte order."""
    return values.astype(values.dtype.newbyteorder("="), copy=False)
