"""What a target means: numbers, two classes or several; and the order of the classes."""

from typing import Any

import numpy as np

from reluviz.core.contents import LARGEST, MOST_CLASSES, DataError, shown

Array = np.ndarray[Any, np.dtype[Any]]
ANSWERS = ("auto", "number", "two_classes", "classes")
TASKS = {"number": "regression", "two_classes": "binary", "classes": "classes", "auto": "unknown"}
# A target of whole numbers with at most so many different ones is taken for classes.
FEW_VALUES = 20
LONGEST_CLASS = 80


def settled_answer(answer: str, target: str, names: tuple[str, ...]) -> str:
    """What "classes or two" comes to, given the classes; raises DataError where they do not fit."""
    if len(names) < 2:
        only = f"only the value {shown(names[0])}" if names else "no values"
        raise DataError(f"the target {shown(target)} has {only}: at least two different ones are needed")
    if answer == "auto":
        return "two_classes" if len(names) == 2 else "classes"
    if answer == "two_classes" and len(names) > 2:
        raise DataError(
            f"the target {shown(target)} has {len(names)} classes: data.answer = 'two_classes' needs exactly two"
        )
    return answer


def too_many_classes(target: str) -> DataError:
    """The sentence for a target with too many different values."""
    return DataError(
        f"the target {shown(target)} has more than {MOST_CLASSES} different values: "
        "take it as a number, or choose another target"
    )


def ordered(names: dict[str, int], decimal: str = ".") -> tuple[tuple[str, ...], Array]:
    """Class names by number if all are numbers, else by the alphabet, and the new place of each old place.

    Numbers that are written differently but equal, such as 1 and 1.0, are one class.
    """
    try:
        values = {name: float(name.replace(decimal, ".")) for name in names}
        if not all(name.isascii() and "_" not in name and np.isfinite(values[name]) for name in names):
            raise ValueError
    except ValueError:
        final = tuple(sorted(names, key=lambda name: (name.casefold(), name)))
        places = {name: place for place, name in enumerate(final)}
    else:
        distinct = sorted(set(values.values()))
        rank = {value: place for place, value in enumerate(distinct)}
        places = {name: rank[values[name]] for name in names}
        # The way of writing that came first stands for the others.
        final = tuple(min((n for n in names if places[n] == place), key=names.__getitem__) for place in rank.values())
    table = np.zeros(len(names), np.int64)
    for name, old in names.items():
        table[old] = places[name]
    return final, table


def take_values(
    values: Array, answer: str, target: str, most_auto: int = FEW_VALUES
) -> tuple[str, Array, tuple[str, ...]]:
    """The settled answer, y and the class names of target values (rows,), numbers or text.

    Raises DataError where the values do not fit the answer.
    """
    text = values.dtype.kind in "US"
    if answer == "number" and text:
        raise DataError(f"the target {shown(target)} is text: only numbers can be taken as a number")
    if answer != "number":
        distinct, codes = np.unique(values, return_inverse=True)
        whole = text or values.dtype.kind in "bui" or bool((distinct == np.floor(distinct)).all())
        few = text or (whole and len(distinct) <= most_auto)
        if few or answer != "auto":
            if len(distinct) > MOST_CLASSES:
                raise too_many_classes(target)
            final, places = ordered({_name(value): place for place, value in enumerate(distinct.tolist())})
            return settled_answer(answer, target, final), places[codes.reshape(-1)], final
    check_numbers(target, values)
    return "number", values.astype(np.float64), ()


def check_numbers(target: str, values: Array) -> None:
    """Refuse a target of numbers that are all the same; raises DataError."""
    if len(values) and values.min() == values.max():
        raise DataError(f"the target {shown(target)} has only the value {values[0]:g}: there is nothing to learn")


def check_finite(name: str, label: str, values: Array) -> None:
    """Refuse values (rows, …) that no network can use; raises DataError with the first bad row, counted from 0."""
    if values.dtype.kind != "f":
        return
    # Shorter floats cannot hold the limit, and need none.
    fine = np.isfinite(values)
    if values.dtype.itemsize == 8:
        fine &= np.abs(values) <= LARGEST
    if not fine.all():
        row = int(np.argmin(fine.reshape(len(values), -1).all(axis=1)))
        raise DataError(
            f"{name}: row {row} of {label} holds a value that is missing, infinite or beyond {LARGEST:g}: "
            "every value must be a number"
        )


def _name(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    if len(text) > LONGEST_CLASS or not text.isprintable() or not text.strip():
        raise DataError(
            f"{shown(text)} cannot be the name of a class: 1 to {LONGEST_CLASS} letters on one line are allowed"
        )
    return text
