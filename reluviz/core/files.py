"""The kinds of files that a person's own data can come from: CSV tables, NumPy arrays, IDX images."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, ClassVar, Self

from reluviz.core.catalog import Catalog
from reluviz.core.contents import MOST_INPUTS, Contents, DataError, check_file, shown
from reluviz.core.csvguess import guess_answer, guess_target, sketch
from reluviz.core.csvread import Plan, read_csv
from reluviz.core.filesource import LONGEST_PATH, FileSource
from reluviz.core.idxread import guess_labels, read_idx
from reluviz.core.idxread import header as idx_header
from reluviz.core.npzread import read_npz
from reluviz.core.param import LONGEST_NAME, Choice, Names, Text, one_line
from reluviz.core.ticket import Ticket

TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".dat")
ARRAY_ENDING = ".npz"
# Of the last, which may be anything, the first bytes decide.
IMAGE_ENDINGS = (".idx", ".idx.gz", "ubyte", "ubyte.gz", ".gz")


class CSV(FileSource, frozen=True, tag="csv"):
    """A table of text: one row for each sample, cells between commas, semicolons or tabs."""

    key: ClassVar[str] = "csv"
    title: ClassVar[str] = "CSV table"
    separator: Annotated[
        str,
        Choice(
            "Separator",
            ("auto", "comma", "semicolon", "tab"),
            "What stands between two cells.",
            ("Auto", "Comma", "Semicolon", "Tab"),
        ),
    ] = "auto"
    decimal: Annotated[str, Choice("Decimal sign", ("auto", "point", "comma"), "What stands before the decimals.")] = (
        "auto"
    )
    header: Annotated[str, Choice("Header", ("auto", "yes", "no"), "Whether the first row names the columns.")] = "auto"
    target: Annotated[
        str, Text("Target", LONGEST_NAME, "The column that the networks learn to predict; empty means auto.")
    ] = ""
    inputs: Annotated[
        tuple[str, ...],
        Names("Inputs", MOST_INPUTS, "The columns that the networks see; none means all other columns of numbers."),
    ] = ()
    missing: Annotated[
        str,
        Choice(
            "Incomplete rows",
            ("refuse", "drop"),
            "What is done with rows in which a cell is missing or not a number.",
            ("Refuse", "Leave out"),
        ),
    ] = "refuse"

    def _resolved(self) -> Self:
        seen = sketch(Path(self.path), self.separator, self.decimal, self.header)
        columns = {column.name: column for column in seen.columns}
        target = self.target or guess_target(seen.columns)
        inputs = self.inputs or tuple(c.name for c in seen.columns if c.kind == "number" and c.name != target)
        for name in (target, *inputs):
            if name not in columns:
                known = ", ".join(shown(one) for one in seen.names[:12])
                raise DataError(f"{self.label} has no column {shown(name)}: it has {known}")
        if target in inputs:
            raise DataError(f"{shown(target)} is both the target and an input: choose another target, or take it out")
        if not inputs:
            raise DataError(f"{self.label} has no column of numbers beside the target {shown(target)}")
        answer = self.answer
        if answer == "auto" and guess_answer(columns[target]) == "number":
            answer = "number"
        layout = seen.layout
        return self.evolve(
            separator=layout.separator,
            decimal=layout.decimal,
            header="yes" if layout.header else "no",
            target=target,
            inputs=inputs,
            answer=answer,
        )

    def _read(self, ticket: Ticket) -> tuple[str, Contents]:
        seen = sketch(Path(self.path), self.separator, self.decimal, self.header)
        places = {name: place for place, name in enumerate(seen.names)}
        plan = Plan(
            self.label,
            seen.layout,
            seen.names,
            tuple(places[name] for name in self.inputs),
            places[self.target],
            self.answer != "number",
            self.missing == "drop",
        )
        return read_csv(Path(self.path), plan, self.answer, ticket)


class NPZ(FileSource, frozen=True, tag="npz"):
    """Arrays saved by NumPy: inputs (samples, inputs), or images (samples, rows, columns), and one target for each."""

    key: ClassVar[str] = "npz"
    title: ClassVar[str] = "NumPy arrays"
    inputs_name: Annotated[str, Text("Inputs", LONGEST_NAME, "The array of inputs, one row for each sample.")] = "X"
    target_name: Annotated[str, Text("Target", LONGEST_NAME, "The array that the networks learn to predict.")] = "y"

    def _read(self, ticket: Ticket) -> tuple[str, Contents]:
        return read_npz(Path(self.path), self.inputs_name, self.target_name, self.answer, ticket)


class IDX(FileSource, frozen=True, tag="idx"):
    """Images in the form of MNIST, gzipped or not, and their labels in a second file."""

    key: ClassVar[str] = "idx"
    title: ClassVar[str] = "IDX images"
    labels: Annotated[
        str, Text("Labels", LONGEST_PATH, "Where the file of labels lies; empty means beside the images.")
    ] = ""

    @property
    def files(self) -> tuple[Path, ...]:
        """The images and their labels."""
        return (Path(self.path), Path(self.labels))

    def _complete(self) -> Self:
        if self.labels:
            return self
        check_file(Path(self.path))
        beside = guess_labels(Path(self.path))
        if beside is None:
            raise DataError(f"{self.label} has no labels beside it: name their file in data.labels")
        return self.evolve(labels=str(beside))

    def _read(self, ticket: Ticket) -> tuple[str, Contents]:
        return read_idx(Path(self.path), Path(self.labels), self.answer, ticket)

    def _moved(self, move: Callable[[str], str]) -> Self:
        moved = super()._moved(move)
        return moved.evolve(labels=move(self.labels)) if self.labels else moved


FILE_SOURCES: Catalog[type[FileSource]] = Catalog("kind of file", CSV, NPZ, IDX)


def is_data(path: Path) -> bool:
    """Whether a file is one of data by its ending; what is in it is not looked at."""
    return path.name.lower().endswith((*TEXT_ENDINGS, ARRAY_ENDING, *IMAGE_ENDINGS))


def source_for(path: Path) -> FileSource:
    """The source for a file, by its ending; raises DataError for a file that is of no kind that is read."""
    whole = os.path.abspath(path)
    if not one_line(whole) or len(whole) > LONGEST_PATH:
        raise DataError(f"{whole[-60:]!r} cannot be named in a session: rename the file")
    name = path.name.lower()
    if name.endswith(TEXT_ENDINGS):
        return CSV(path=whole)
    if name.endswith(ARRAY_ENDING):
        return NPZ(path=whole)
    if name.endswith(IMAGE_ENDINGS):
        if not name.endswith(IMAGE_ENDINGS[:-1]):
            idx_header(path)
        return IDX(path=whole, labels=str(guess_labels(Path(whole)) or ""))
    raise DataError(
        f"{path.name} is of no kind that is read: .csv, .tsv, .txt and .dat tables, .npz arrays, "
        "and IDX images (…idx3-ubyte, also .gz) are"
    )


__all__ = ["CSV", "FILE_SOURCES", "IDX", "NPZ", "FileSource", "is_data", "source_for"]
