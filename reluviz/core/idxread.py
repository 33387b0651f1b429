"""Reading IDX files, the form of MNIST: big-endian arrays behind a short header, gzipped or not."""

import gzip
import math
import re
import zlib
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from reluviz.core.answers import check_finite, take_values
from reluviz.core.contents import (
    HASHING,
    MOST_CLASSES,
    MOST_VALUES,
    Contents,
    DataError,
    check_file,
    check_shape,
    unreadable,
)
from reluviz.core.npzread import FREE_BYTES, MOST_RATIO
from reluviz.core.ticket import Ticket

Array = np.ndarray[Any, np.dtype[Any]]
TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
MOST_AXES = 4
BLOCK = 1 << 17
GZIP = b"\x1f\x8b"
_IMAGES = re.compile(r"(?P<front>.*)images(?P<mid>[-._])idx\d(?P<back>.*)", re.IGNORECASE | re.DOTALL)


def header(path: Path) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """The shape and dtype of an IDX file; raises DataError."""
    with _Opened(path) as file:
        shape, dtype, _ = _head(file, path)
    return shape, dtype


def guess_labels(path: Path) -> Path | None:
    """The file of labels beside a file of images, by the names of MNIST; None where there is none."""
    match = _IMAGES.fullmatch(path.name)
    if match is None:
        return None
    back = match["back"].removesuffix(".gz")
    for ending in (back + ".gz", back) if match["back"].endswith(".gz") else (back, back + ".gz"):
        beside = path.with_name(f"{match['front']}labels{match['mid']}idx1{ending}")
        if beside.is_file():
            return beside
    return None


def read_idx(path: Path, labels: Path, answer: str, ticket: Ticket) -> tuple[str, Contents]:
    """The settled answer and the contents; raises DataError with one sentence."""
    x = _array(path, ticket, 0.0, 0.8)
    y = _array(labels, ticket, 0.8, 0.1)
    if y.ndim != 1:
        raise DataError(f"{labels.name} has the shape {y.shape}: labels are one number for each image")
    if len(x) != len(y):
        raise DataError(f"{path.name} has {len(x)} images and {labels.name} has {len(y)} labels: there must be as many")
    inputs = math.prod(x.shape[1:])
    check_shape(path.name, len(x), inputs)
    image = (x.shape[1], x.shape[2]) if x.ndim == 3 else None
    x = x.reshape(len(x), inputs)
    check_finite(path.name, "the images", x)
    check_finite(labels.name, "the labels", y)
    answer, y, classes = take_values(y, answer, "label", MOST_CLASSES)
    names = tuple(f"pixel {i + 1}" for i in range(inputs))
    return answer, Contents(x, y, names, "label", classes, image)


class _Opened:
    """A file, unpacked if need be, whose faults come out as DataError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> IO[bytes]:
        check_file(self._path)
        try:
            self._file = self._path.open("rb")
            packed = self._file.read(2) == GZIP
            self._file.seek(0)
        except OSError as error:
            raise unreadable(self._path, error) from None
        # A gzip stream is read in blocks and never further than its header says.
        self._stream = gzip.GzipFile(fileobj=self._file) if packed else self._file
        return cast(IO[bytes], self._stream)

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self._stream.close()
        self._file.close()
        if isinstance(error, (gzip.BadGzipFile, zlib.error, EOFError, MemoryError)):
            words = " ".join(str(error).split())[:100] or type(error).__name__
            raise DataError(f"{self._path.name} is not a whole IDX file ({words}): fetch it anew") from None
        if isinstance(error, OSError):
            raise unreadable(self._path, error) from None


def _head(file: IO[bytes], path: Path) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    """The shape, the dtype and the number of bytes that follow; raises DataError."""
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in TYPES or not 1 <= magic[3] <= MOST_AXES:
        raise DataError(
            f"{path.name} is not an IDX file: it must begin with two zeros, a type and 1 to {MOST_AXES} axes"
        )
    sizes = file.read(4 * magic[3])
    if len(sizes) < 4 * magic[3]:
        raise DataError(f"{path.name} ends within its header: fetch it anew")
    shape = tuple(int.from_bytes(sizes[i : i + 4], "big") for i in range(0, len(sizes), 4))
    dtype = np.dtype(TYPES[magic[2]])
    values = math.prod(shape)
    if values > MOST_VALUES:
        raise DataError(f"{path.name} says it has {values} values: at most {MOST_VALUES // 1_000_000} million are read")
    size, stored = values * dtype.itemsize, path.stat().st_size
    if size > max(FREE_BYTES, MOST_RATIO * stored):
        raise DataError(
            f"{path.name} says that its {stored / 1e6:.1f} MB hold {size / 1e6:.0f} MB, which is refused: "
            f"at most {MOST_RATIO} times its size is read"
        )
    return shape, dtype, size


def _array(path: Path, ticket: Ticket, start: float, share: float) -> Array:
    with _Opened(path) as file:
        shape, dtype, size = _head(file, path)
        content = np.empty(size, np.uint8)
        done = 0
        while done < size:
            block = file.read(min(BLOCK, size - done))
            if not block:
                raise DataError(f"{path.name} ends early: its header says {size} bytes, {done} are there")
            content[done : done + len(block)] = np.frombuffer(block, np.uint8)
            done += len(block)
            ticket.report(HASHING + start + share * done / size)
        if file.read(1):
            raise DataError(f"{path.name} goes on after the {size} bytes that its header says: fetch it anew")
    return content.view(dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)
