"""An axis whose ticks are given one by one, with their words; the grid follows them."""

from typing import Any

from reluviz.ui.views.plot import Axis, Panel

# Room for words such as 0.0001 beside the axis's name, in pixels at the usual size of text.
ROOM = 66
BARE = 7
Marks = tuple[tuple[float, str], ...]


class MarkedAxis(Axis):
    """An axis with these ticks, or with its own where there are none."""

    marks: Marks | None = None

    def tickValues(self, low: float, high: float, size: float) -> Any:
        """The given places in view."""
        if self.marks is None:
            return super().tickValues(low, high, size)
        return [(1.0, [place for place, _ in self.marks if low <= place <= high])]

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        """Their words."""
        if self.marks is None:
            return super().tickStrings(values, scale, spacing)
        words = dict(self.marks)
        return [words.get(value, "") for value in values]


def give_marks(panel: Panel, side: str) -> None:
    """Let an axis of a new panel have ticks of its own."""
    axis = MarkedAxis(side)
    axis.enableAutoSIPrefix(False)
    panel.plot.setAxisItems({side: axis})


def set_marks(panel: Panel, side: str, marks: Marks | None) -> None:
    """Set the ticks; None leaves them to the axis."""
    axis = panel.axis(side)
    assert isinstance(axis, MarkedAxis)
    if axis.marks != marks:
        axis.marks = marks
        axis.picture = None
        axis.update()
        panel.grid.update()


def make_room(panel: Panel, scale: float) -> None:
    """Room for long numbers on the left, the same for all panels below each other."""
    axis, room = panel.axis("left"), round(ROOM * (0.8 * scale + 0.2))
    if axis.fixedWidth != room:
        axis.setWidth(room)


def hide_words(panel: Panel) -> None:
    """No numbers below a panel that shares its x axis with the one below; to be said again after each theme."""
    axis = panel.axis("bottom")
    if axis.style["showValues"] or axis.fixedHeight != BARE:
        axis.setStyle(showValues=False)
        axis.setHeight(BARE)
