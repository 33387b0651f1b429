"""Names of the axes of distributions, and what stands along them."""

from reluviz.core.histograms import BINS, GRADIENT, axis, position, value_at
from reluviz.ui.views.base import number
from reluviz.ui.views.marked_axis import Marks

# In the order of QUANTITIES.
AXES = ("z", "activity", "abs gradient by z", "weight")
SIGNED_MARKS = (-100.0, -10.0, -1.0, 0.0, 1.0, 10.0, 100.0)
SIZE_MARKS = tuple(10.0**power for power in range(-18, 4, 3))


def value_marks(quantity: int) -> Marks:
    """Bins at which round values lie, counted from 0 and in between, with their words."""
    ends = axis(quantity)
    values = SIZE_MARKS if quantity == GRADIENT else SIGNED_MARKS
    places = (position(values, quantity) - ends[0]) / (ends[1] - ends[0]) - 0.5
    return tuple((float(place), number(value)) for place, value in zip(places, values, strict=True))


def bin_words(place: int, quantity: int) -> str:
    """The values that a bin holds."""
    low, high = (number(float(end)) for end in value_at(axis(quantity)[place : place + 2], quantity))
    words = f"below {high}" if place == 0 else f"above {low}" if place == BINS - 1 else f"from {low} to {high}"
    return f"{AXES[quantity]} {words}"
