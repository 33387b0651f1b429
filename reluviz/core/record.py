"""The record of a course: what was done to running networks, and which settings held until when.

Together with the settings it makes a course repeatable: an edit is made again before the same step, and a change of the
settings takes effect at the same step. Entries lie in the order in which they happened.
"""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Union

from reluviz.core.param import Described, Integer
from reluviz.core.parts import MOST_RUNS, Run, Training
from reluviz.core.surgery import EDITS, MOST_STEPS, Edit, Undo

# A slider that is dragged while networks train makes dozens a second.
MOST_ENTRIES = 5000
FULL = f"this course holds {MOST_ENTRIES} edits and changes, which is all that is kept: reset to begin anew"


class Change(Described, frozen=True, tag_field="name", tag="change", kw_only=True, omit_defaults=True):
    """At this step the settings were changed while training went on; it holds those that were in force until then.

    training: None where it stayed the same. runs: empty where they did. rows: where runs were added or taken away, the
    place that each run of now had before; a run that was there twice is a copy, with its whole past.
    """

    key: ClassVar[str] = "change"
    step: Annotated[int, Integer("Step", 0, MOST_STEPS, "The step before which the settings were changed.")] = 0
    training: Training | None = None
    runs: tuple[Run, ...] = ()
    rows: tuple[int, ...] = ()


if TYPE_CHECKING:
    AnyEntry = Any
else:
    AnyEntry = Union[(*EDITS.values(), Change)]
Record = tuple[AnyEntry, ...]
# What can change while networks train.
Setup = tuple[Training, tuple[Run, ...]]


def check_record(record: Record, training: Training, runs: tuple[Run, ...]) -> None:
    """Refuse a record that cannot have led to these settings; raises ValueError with one sentence."""
    if len(record) > MOST_ENTRIES:
        raise ValueError(f"record has {len(record)} entries: a lab holds at most {MOST_ENTRIES}")
    steps = [entry.step for entry in record]
    if steps != sorted(steps):
        raise ValueError(f"record.step = {steps} is not in order: entries lie in the order in which they happened")
    for place in reversed(range(len(record))):
        entry = record[place]
        if isinstance(entry, Change):
            _check_change(f"record[{place}]", entry, training, runs)
            training, runs = entry.training or training, entry.runs or runs


def _check_change(where: str, entry: Change, training: Training, runs: tuple[Run, ...]) -> None:
    """`training` and `runs` are those that came after it."""
    before = entry.runs or runs
    if len(before) > MOST_RUNS:
        raise ValueError(f"{where}.runs has {len(before)} entries: a lab holds 1 to {MOST_RUNS} runs")
    rows = entry.rows or tuple(range(len(before)))
    if len(rows) != len(runs) or not all(0 <= row < len(before) for row in rows):
        raise ValueError(f"{where}.rows = {list(rows)} is not allowed: it must name a run of before for each of after")
    if any(before[row].layer != run.layer for row, run in zip(rows, runs, strict=True)):
        raise ValueError(f"{where}.runs.layer is not allowed: the kind of layer cannot change while a network trains")
    if entry.training is not None and entry.training.loss != training.loss:
        raise ValueError(f"{where}.training.loss is not allowed: the loss cannot change while a network trains")


def next_number(record: Record) -> int:
    """A number that no edit of the record has."""
    return 1 + max((entry.number for entry in record if isinstance(entry, Edit)), default=-1)


def knows(record: Record, number: int) -> bool:
    """Whether an edit of this number is in it that can be taken back."""
    return any(isinstance(each, Edit) and not isinstance(each, Undo) and each.number == number for each in record)


def without(record: Record, done: int, number: int) -> Record:
    """The record without what is still to be done of this number, beyond its first `done` entries."""
    later = (each for each in record[done:] if isinstance(each, Change) or each.number != number)
    return (*record[:done], *later)


def with_change(record: Record, step: int, before: Setup, after: Setup) -> Record:
    """The record with a change of the settings, if there is one; changes at one step become one."""
    if before == after:
        return record
    last = record[-1] if record else None
    training = None if before[0] == after[0] else before[0]
    runs = () if before[1] == after[1] else before[1]
    if isinstance(last, Change) and last.step == step and not last.rows:
        return (*record[:-1], last.evolve(training=last.training or training, runs=last.runs or runs))
    return (*record, Change(step=step, training=training, runs=runs))
