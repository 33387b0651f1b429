"""The base of a person's own data: files that stay where they are, described by path, hash and choices."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Self

import numpy as np

from reluviz.core.answers import ANSWERS, TASKS
from reluviz.core.contents import SHELF, Contents, DataChanged, DataError, check_file, file_stamp, sha256
from reluviz.core.datasource import DataSource, Noise, Raw
from reluviz.core.param import Choice, Integer, Text
from reluviz.core.ticket import Ticket

LONGEST_PATH = 4096
HEX = frozenset("0123456789abcdef")
Written = Annotated[str, Text("Path", LONGEST_PATH, "Where the file lies; a session file's folder is the start.")]
Hash = Annotated[str, Text("SHA-256", 64, "What the file held when the choices were made; empty until it is read.")]
Answer = Annotated[
    str,
    Choice(
        "Target means",
        ANSWERS,
        "Whether the networks learn a number or tell classes apart.",
        ("Auto", "A number", "Two classes", "Classes"),
    ),
]
Kept = Annotated[int, Integer("Samples", 4, 1_000_000, "At most so many rows are used, chosen by the seed.", log=True)]


class FileSource(DataSource, frozen=True, tag_field="name"):
    """What every kind of file shares: where it is, what it held, what its target means and how much of it is used."""

    noise: Noise = 0.0
    samples: Kept = 20_000
    path: Written = ""
    sha256: Hash = ""
    answer: Answer = "auto"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.sha256 and (len(self.sha256) != 64 or not HEX.issuperset(self.sha256)):
            raise ValueError(
                f"sha256 = {self.sha256[:60]!r} is not allowed: it must be 64 digits from 0 to f, or empty"
            )

    @property
    def task(self) -> str:  # type: ignore[override]
        """What the networks learn; "unknown" until the file has been read."""
        return TASKS[self.answer]

    @property
    def label(self) -> str:
        """The name of the file."""
        return Path(self.path).name or self.title

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are read."""
        return (Path(self.path),)

    def settle(self, ticket: Ticket) -> Self:
        """Read the file and fill in every choice that is "auto", so that the same value always loads the same samples.

        Raises DataMissing, DataChanged or DataError, each with one sentence.
        """
        return self._named(ticket)[0]

    def contents(self) -> Contents | None:
        """The contents of a settled source, while they are kept."""
        return SHELF.get(self._shelf_key()) if self.sha256 else None

    def located(self, folder: Path) -> Self:
        """The same source with its paths made absolute against a folder."""
        return self._moved(lambda path: os.path.abspath(folder / path))

    def portable(self, folder: Path) -> Self:
        """The same source with paths relative to a folder, for files that lie in it or below."""

        def move(path: str) -> str:
            whole = Path(path)
            return whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else path

        return self._moved(move)

    def draw(self, rng: np.random.Generator) -> Raw:
        """The chosen rows, in the order of the file. Raises DataError."""
        contents = self.contents() or self._named(Ticket())[1]
        chosen = np.sort(rng.permutation(len(contents.x))[: self.samples])
        x = contents.x[chosen].astype(np.float64)
        if self.noise > 0:
            spread = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
            x += self.noise * spread * rng.standard_normal(x.shape)
        return Raw(
            x,
            contents.y[chosen],
            contents.input_names,
            contents.target_name,
            contents.class_names,
            scale_target=not contents.class_names,
            image_shape=contents.image_shape,
            task=TASKS[_answer_of(contents, self.answer)],
        )

    def _named(self, ticket: Ticket) -> tuple[Self, Contents]:
        """What `_settled` gives; every sentence says which file it is about."""
        try:
            return self._settled(ticket)
        except DataError as error:
            if not self.path or self.label in str(error):
                raise
            raise type(error)(f"{self.label}: {error}") from None

    def _settled(self, ticket: Ticket) -> tuple[Self, Contents]:
        if not self.path:
            raise DataError("data.path is empty: it must be the path of a file")
        found = self._complete()
        for path in found.files:
            check_file(path)
        stamps = [file_stamp(path) for path in found.files]
        digest = _joined([sha256(path, ticket) for path in found.files])
        if self.sha256 and digest != self.sha256:
            raise DataChanged(
                f"{self.path} is not the file that the session was made with: put that file back, or choose this one"
            )
        resolved = found.evolve(sha256=digest)._resolved()
        contents = SHELF.get(resolved._shelf_key())
        if contents is None:
            answer, contents = resolved._read(ticket)
            if stamps != [file_stamp(path) for path in resolved.files]:
                raise DataChanged(f"{self.path} was written to while it was read: read it again")
            resolved = resolved.evolve(answer=answer)
            SHELF.put(resolved._shelf_key(), contents)
        ticket.report(1.0)
        return resolved, contents

    def _shelf_key(self) -> tuple[Any, ...]:
        """Everything that decides what is read, but not which of it is used; the file's place does not matter."""
        skipped = {"samples", "noise", "test_fraction", "seed", "path", "labels"}
        return (self.key, *(getattr(self, name) for name in self.__struct_fields__ if name not in skipped))

    def _complete(self) -> Self:
        """The same source with every path. Raises DataError."""
        return self

    def _resolved(self) -> Self:
        """The same source with what a look at the first rows tells. Raises DataError."""
        return self

    def _read(self, ticket: Ticket) -> tuple[str, Contents]:
        raise NotImplementedError

    def _moved(self, move: Callable[[str], str]) -> Self:
        return self.evolve(path=move(self.path)) if self.path else self


def _answer_of(contents: Contents, answer: str) -> str:
    if answer != "auto":
        return answer
    return {0: "number", 2: "two_classes"}.get(len(contents.class_names), "classes")


def _joined(digests: list[str]) -> str:
    """One hash for a source: that of its file, or of the hashes of its files, one after the other."""
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
