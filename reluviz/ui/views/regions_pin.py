"""A point of the input space that stays chosen: marked in every run, with each one's affine map below the plots."""

from collections.abc import Callable, Sequence
from typing import Any

import pyqtgraph as pg

from reluviz.ui.views.plot import Panel
from reluviz.ui.views.text_lines import TextLines

MARK = 11
HINT = "Click a place to keep its formula here; click outside to let go."


class Pin:
    """The chosen point, its marks and its words; on a line only the first coordinate counts."""

    def __init__(self, panels: Sequence[Panel], changed: Callable[[], None]) -> None:
        """`changed` is called when the person has chosen another one."""
        self._panels, self._changed = panels, changed
        self.point: tuple[float, float] | None = None
        self.words = TextLines()
        self.marks = [pg.ScatterPlotItem(pxMode=True, size=MARK, symbol="+") for _ in panels]
        for mark, panel in zip(self.marks, panels, strict=True):
            mark.setZValue(50)
            panel.plot.addItem(mark, ignoreBounds=True)

    def restyle(self, view: Any) -> None:
        """Take the theme's colours."""
        self.words.set_theme(view.theme, view.scale)
        for mark in self.marks:
            mark.setPen(view.pen(view.theme.text, 2))
            mark.setSize(MARK * view.scale)

    @property
    def option(self) -> list[float] | None:
        """The point as a plain value."""
        return None if self.point is None else list(self.point)

    def set_option(self, value: Any) -> None:
        """Choose it again; what is no point is ignored."""
        if isinstance(value, list) and len(value) == 2 and all(isinstance(each, float) for each in value):
            self.point = (value[0], value[1])

    def click(self, event: Any) -> None:
        """Keep the point under the cursor, or let it go."""
        boxes = [panel.plot.vb for panel in self._panels if panel.plot.isVisible()]
        box = next((each for each in boxes if each.sceneBoundingRect().contains(event.scenePos())), None)
        if event.double() or (box is None and self.point is None):
            return
        point = box.mapSceneToView(event.scenePos()) if box is not None else None
        self.point = (float(point.x()), float(point.y())) if point is not None else None
        self._changed()

    def show(self, found: dict[str, tuple[str, float]], *, inputs: int, paper: bool) -> None:
        """Mark the point and say what each run is there; found: words and the height on a line, by the run's name.

        Without a point say how one is chosen, but not on paper.
        """
        self.words.setVisible(bool(found) or not paper)
        self.words.set_lines(1 + len(found) if self.words.isVisible() else 0)
        heights = [height for _, height in found.values()]
        for place, mark in enumerate(self.marks):
            if self.point is None or place >= len(heights):
                mark.clear()
            else:
                mark.setData([self.point[0]], [self.point[1] if inputs == 2 else heights[place]])
        if self.point is None or not found:
            self.words.show_words("", HINT, [])
            return
        x, y = (f"{value:.3g}".replace("-", "−") for value in self.point)
        where = f"At x₁ = {x}, x₂ = {y}" if inputs == 2 else f"At x = {x}"
        self.words.show_words(where, "", [f"{name}: {words}" for name, (words, _) in found.items()])
