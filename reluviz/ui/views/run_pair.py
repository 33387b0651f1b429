"""Two boxes in a title bar in which the runs to compare are chosen."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from reluviz.core.settings import MOST_RUNS

# A longer name does not widen the box; NONE in the second box leaves one run.
BOX_LETTERS, BOX_FRAME = 16, 34
NONE = -1
SIDES = ("left", "right")


class RunPair:
    """The choice of a run on the left and one, or none, on the right: the first two unless the person chose."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._chosen: list[int | None] = [None, None]
        self.boxes = [self._box(f"Run shown on the {side}") for side in SIDES]

    def _box(self, words: str) -> QComboBox:
        box = QComboBox()
        box.setToolTip(words)
        box.setAccessibleName(words)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.activated.connect(self._choose)
        return box

    def _choose(self, *_: Any) -> None:
        self._chosen = [box.currentData() for box in self.boxes]
        self._changed()

    def shown(self, runs: int) -> tuple[int, ...]:
        """The runs to show of so many: one or two."""
        first, second = self._chosen
        left = first if first is not None and first < runs else 0
        right = second if second is not None and second < runs else min(1, runs - 1)
        return (left,) if right in (NONE, left) else (left, right)

    def fit(self) -> None:
        """Limit the boxes' width after the font has changed."""
        for box in self.boxes:
            box.setMaximumWidth(box.fontMetrics().averageCharWidth() * BOX_LETTERS)

    def fill(self, labels: tuple[str, ...], shown: tuple[int, ...]) -> None:
        """Offer the runs and mark those that are shown."""
        for place, box in enumerate(self.boxes):
            room = box.maximumWidth() - BOX_FRAME
            short = [box.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, room) for label in labels]
            wanted = [*short, "None"] if place else short
            if [box.itemText(i) for i in range(box.count())] != wanted:
                box.clear()
                for run, label in enumerate(labels):
                    box.addItem(short[run], run)
                    box.setItemData(run, label, Qt.ItemDataRole.ToolTipRole)
                if place:
                    box.addItem("None", NONE)
            box.setCurrentIndex(shown[place] if place < len(shown) else len(labels))
        self.boxes[1].setVisible(len(labels) > 1)

    def options(self) -> dict[str, Any]:
        """What was chosen."""
        return dict(zip(SIDES, self._chosen, strict=True))

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose it again; what is no run is ignored."""
        for place, side in enumerate(SIDES):
            value = options.get(side)
            if type(value) is int and (0 if place == 0 else NONE) <= value < MOST_RUNS:
                self._chosen[place] = value
