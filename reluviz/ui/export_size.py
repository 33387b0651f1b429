"""How large a figure is: pixels, or millimetres and dots an inch."""

import re
from dataclasses import dataclass

MM_PER_INCH = 25.4
# Lines, letters and plots are laid out in units of which so many make an inch.
UNITS_PER_INCH = 96.0
UNITS = ("px", "mm")
LEAST_PIXELS, MOST_PIXELS = 32, 16_384
MOST_MEGAPIXELS = 120
LEAST_MM, MOST_MM = 10.0, 2000.0
LEAST_DPI, MOST_DPI = 30, 2400
PATTERN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[x×]\s*(\d+(?:\.\d+)?)\s*(px|mm)?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Size:
    """Width and height in `unit` ("px" or "mm"); `dpi` says how many pixels an inch of paper has.

    So twice the dots in twice the pixels is the same figure, only sharper. Raises ValueError with one sentence.
    """

    width: float = 1800
    height: float = 1200
    unit: str = "px"
    dpi: float = 192

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"the unit {self.unit!r} is not allowed: it must be px or mm")
        if not LEAST_DPI <= self.dpi <= MOST_DPI:
            raise ValueError(f"{self.dpi:g} dots an inch are not allowed: they must be from {LEAST_DPI} to {MOST_DPI}")
        low, high = (LEAST_PIXELS, MOST_PIXELS) if self.unit == "px" else (LEAST_MM, MOST_MM)
        for value in (self.width, self.height):
            if not low <= value <= high:
                raise ValueError(f"a side of {value:g} {self.unit} is not allowed: it must be from {low:g} to {high:g}")
        wide, high_px = self.pixels
        if not (min(wide, high_px) >= LEAST_PIXELS and max(wide, high_px) <= MOST_PIXELS):
            raise ValueError(
                f"{wide} × {high_px} pixels are not allowed: each side must be from {LEAST_PIXELS} to {MOST_PIXELS}"
            )
        if wide * high_px > MOST_MEGAPIXELS * 1e6:
            raise ValueError(f"{wide} × {high_px} pixels are too many: at most {MOST_MEGAPIXELS} million are allowed")

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of a picture."""
        share = 1.0 if self.unit == "px" else self.dpi / MM_PER_INCH
        return (round(self.width * share), round(self.height * share))

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height on paper."""
        share = self.dpi if self.unit == "px" else MM_PER_INCH
        return (self.width / share, self.height / share)

    @property
    def units(self) -> tuple[int, int]:
        """Width and height of the layout, in whole units."""
        wide, high = (max(1, round(inches * UNITS_PER_INCH)) for inches in self.inches)
        return (wide, high)

    @property
    def scale(self) -> float:
        """Pixels for each unit of the layout."""
        return self.dpi / UNITS_PER_INCH

    @property
    def words(self) -> str:
        """The size in pixels and on paper."""
        wide, high = self.pixels
        return f"{wide} × {high} pixels, {self.paper_words}"

    @property
    def paper_words(self) -> str:
        """The size on paper."""
        across, down = (inches * MM_PER_INCH for inches in self.inches)
        return f"{across:.0f} × {down:.0f} mm on paper"


def parse_size(text: str, dpi: float = 192) -> Size:
    """`1800x1200`, `1800x1200px` or `180x120mm`; raises ValueError with one sentence."""
    found = PATTERN.fullmatch(text)
    if found is None:
        raise ValueError(f"the size {text!r} is not understood: write for example 1800x1200px or 180x120mm")
    return Size(float(found[1]), float(found[2]), (found[3] or "px").lower(), dpi)
