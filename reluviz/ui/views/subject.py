"""What is followed over time: one layer of all runs, or all layers of one run; and the box to choose it."""

import re
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from reluviz.core.settings import MOST_RUNS
from reluviz.ui.views.layers import layer_words

KINDS = ("layer", "run")
OUTPUT = "output"
MOST_LAYERS = 64


@dataclass(frozen=True, slots=True)
class Subject:
    """A layer (0 the first hidden one, -1 the output) or a run by its place."""

    kind: str
    place: int

    @property
    def words(self) -> str:
        """As a plain value for a file: "layer 1", "output", "run 2"."""
        return OUTPUT if self.place < 0 else f"{self.kind} {self.place + 1}"

    def within(self, runs: int, layers: int) -> "Subject":
        """The same where it exists, else the last hidden layer or the first run."""
        if self.kind == "run":
            return self if self.place < runs else Subject("run", 0)
        return Subject("layer", min(self.place, layers - 2))


def subject_of(words: Any) -> Subject | None:
    """The subject that has these words, or None for nonsense."""
    if words == OUTPUT:
        return Subject("layer", -1)
    found = re.fullmatch(r"(layer|run) (\d{1,2})", words, re.ASCII) if isinstance(words, str) else None
    if found is None:
        return None
    place = int(found[2]) - 1
    most = MOST_LAYERS if found[1] == "layer" else MOST_RUNS
    return Subject(found[1], place) if 0 <= place < most else None


def fill(box: QComboBox, labels: tuple[str, ...], layers: int, chosen: Subject) -> None:
    """Offer every layer and run; nothing changes where they are the same."""
    places = [*range(layers - 1), -1]
    entries = [(f"{layer_words(place % layers, layers)}".capitalize(), Subject("layer", place)) for place in places]
    entries += [(f"All layers: {label}", Subject("run", run)) for run, label in enumerate(labels)]
    if [(box.itemText(i), box.itemData(i)) for i in range(box.count())] != entries:
        box.clear()
        for words, subject in entries:
            box.addItem(words, subject)
            box.setItemData(box.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
    wanted = [subject for _, subject in entries].index(chosen)
    if box.currentIndex() != wanted:
        box.setCurrentIndex(wanted)
