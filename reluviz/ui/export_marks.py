"""Numbers, paths, typefaces and pictures in the words of SVG."""

import base64

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QFont, QImage, QPainterPath, QTransform

Kind = QPainterPath.ElementType
# Beyond this no viewer draws rightly, and nothing can be seen.
FAR = 100_000.0
LETTERS = {Kind.MoveToElement: "M", Kind.LineToElement: "L", Kind.CurveToElement: "C"}


def mark(value: float) -> str:
    """A length to a hundredth of a unit."""
    words = f"{min(max(value, -FAR), FAR):.2f}".rstrip("0").rstrip(".")
    return "0" if words == "-0" else words


def path_data(path: QPainterPath) -> str:
    """The moves, lines and curves of a path that is already in the page's coordinates."""
    parts: list[str] = []
    first = last = (0.0, 0.0)
    steps = 0
    for place in range(path.elementCount()):
        element = path.elementAt(place)
        here = (element.x, element.y)
        if element.type == Kind.MoveToElement:
            # What ends where it began is closed, so that its corners are joined.
            parts += ["Z"] if steps > 3 and last == first else []
            first, steps = here, 0
        parts.append(f"{LETTERS.get(element.type, '')}{mark(here[0])} {mark(here[1])}")
        last, steps = here, steps + 1
    return " ".join([*parts, "Z"] if steps > 3 and last == first else parts)


def matrix_words(matrix: QTransform) -> str:
    """A transform with enough digits for scales and turns."""
    values = (matrix.m11(), matrix.m12(), matrix.m21(), matrix.m22(), matrix.dx(), matrix.dy())
    return f"matrix({' '.join(f'{value:.7g}' for value in values)})"


def families(font: QFont) -> str:
    """The typefaces to try, the wanted one first, the viewer's plain one last."""
    names = [name for name in font.families() if name] or [font.family()]
    return ", ".join([*(f"'{name}'" if " " in name else name for name in names), "Helvetica", "Arial", "sans-serif"])


def weight_words(font: QFont) -> str:
    """Weight and slant, where they are not the usual ones."""
    weight = font.weight()
    number = getattr(weight, "value", weight)
    bold = f' font-weight="{number}"' if number != 400 else ""
    return bold + (' font-style="italic"' if font.italic() else "")


def png_words(image: QImage) -> str:
    """A picture as PNG in base 64."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # bytes, as typed, are refused
    return base64.b64encode(bytes(buffer.data().data())).decode("ascii")
