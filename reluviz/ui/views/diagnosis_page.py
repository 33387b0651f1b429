"""Where everything on the page of a diagnosis goes: text in lines, marks, boxes, and room for buttons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from reluviz.ui.views.diagnosis_cards import Card, Group

# In pixels at the usual size of text.
PAD, GAP, GROUP_GAP, MARK, DOT = 10.0, 8.0, 14.0, 13.0, 9.0
BUTTON_GAP, HEAD_GAP, LEADING = 6.0, 2.0, 2.0
BODY, BOLD = "body", "bold"
# Numbers change all the time: what was measured of them is forgotten now and then.
MOST_KNOWN = 4000

Key = tuple[int, str, str]
"""A button: its run, its rule, and what it does: a key in REMEDIES, or SHOW."""
SHOW = "show"


class Words(NamedTuple):
    """A line of text: where its baseline begins, which font, and which colour of the theme (or `run 0`, `mark 2`)."""

    place: QPointF
    text: str
    font: str
    color: str


@dataclass
class Page:
    """A laid out diagnosis.

    Marks go with a severity, one for each finding; dots with the place of a run's colour; parts are the top and the
    bottom of what belongs together: a run's name and its first finding, every other finding.
    """

    words: list[Words] = field(default_factory=list)
    boxes: list[tuple[QRectF, Card]] = field(default_factory=list)
    marks: list[tuple[QRectF, int]] = field(default_factory=list)
    dots: list[tuple[QRectF, int]] = field(default_factory=list)
    buttons: dict[Key, QRectF] = field(default_factory=dict)
    parts: list[tuple[float, float]] = field(default_factory=list)
    height: float = 0.0


Sizes = Callable[[Card], Sequence[tuple[Key, QSizeF]]]
"""The buttons of a card in their order, with the room that each wants."""


class Ruler:
    """Measures words in two fonts, each word once."""

    def __init__(self, fonts: dict[str, QFont]) -> None:
        self.metrics = {name: QFontMetricsF(font) for name, font in fonts.items()}
        self._known: dict[tuple[str, str], float] = {}

    def width(self, text: str, font: str) -> float:
        """How wide a text is."""
        found = self._known.get((text, font))
        if found is None:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            found = self._known[text, font] = self.metrics[font].horizontalAdvance(text)
        return found


class Setter:
    """Sets a page of some width; `sizes` None: on paper, where remedies are words."""

    def __init__(self, width: float, scale: float, ruler: Ruler, sizes: Sizes | None) -> None:
        self._width, self._scale, self._ruler, self._sizes = width, scale, ruler, sizes
        self._line = max(metrics.height() for metrics in ruler.metrics.values()) + LEADING * scale
        self._y = 0.0
        self._page = Page()

    def set(self, groups: tuple[Group, ...]) -> Page:
        """The page of these groups."""
        for place, group in enumerate(groups):
            self._y += GROUP_GAP * self._scale if place else 0.0
            self._group(group)
        self._page.height = self._y
        return self._page

    def _group(self, group: Group) -> None:
        page, dot, top = self._page, DOT * self._scale, self._y
        page.dots.append((QRectF(0, self._y + (self._line - dot) / 2, dot, dot), group.color))
        x = dot + 7 * self._scale
        self._write(x, self._y, self._fit(group.name, self._width - x, BOLD), BOLD, f"run {group.color}")
        self._y += self._line + 3 * self._scale
        if group.calm:
            self._calm(group.calm)
            page.parts.append((top, self._y))
            top = self._y
        for card in group.cards:
            self._card(card)
            page.parts.append((top, page.boxes[-1][0].bottom()))
            top = self._y

    def _calm(self, sentence: str) -> None:
        mark = MARK * self._scale
        self._page.marks.append((QRectF(0, self._y + (self._line - mark) / 2, mark, mark), 0))
        x = mark + 7 * self._scale
        self._write(x, self._y, "healthy", BODY, "mark 0")
        self._paragraph(sentence, x, self._width, "dim", self._advance("healthy  "))
        self._y += 4 * self._scale

    def _card(self, card: Card) -> None:
        page, pad, top = self._page, PAD * self._scale, self._y
        mark = MARK * self._scale
        self._y += pad
        page.marks.append((QRectF(pad, self._y + (self._line - mark) / 2, mark, mark), card.finding.severity))
        left, right = pad + mark + 8 * self._scale, self._width - pad
        self._head(card, left, right)
        self._y += HEAD_GAP * self._scale
        self._paragraph(card.finding.sentence, left, right, "text")
        if self._sizes is None:
            self._offers(card, left, right)
        else:
            self._buttons(self._sizes(card), left, right)
        self._y += pad
        page.boxes.append((QRectF(0, top, self._width, self._y - top), card))
        self._y += GAP * self._scale

    def _head(self, card: Card, left: float, right: float) -> None:
        """Title and severity on one line, the threshold at its end or, where there is no room, below."""
        *above, title = self._lines(card.title, right - left, font=BOLD)
        for line in above:
            self._write(left, self._y, line, BOLD, "text")
            self._y += self._line
        self._write(left, self._y, title, BOLD, "text")
        x = left + self._ruler.width(title, BOLD) + 8 * self._scale
        word = self._advance(card.word)
        if x + word > right:
            self._y += self._line
            x = left
        self._write(x, self._y, card.word, BODY, f"mark {card.finding.severity}")
        if card.limit:
            free = right - x - word - 10 * self._scale
            long = card.limit.replace(" ", " the threshold of ", 1)
            text = long if self._advance(long) <= free else card.limit
            if self._advance(text) <= free:
                self._write(right - self._advance(text), self._y, text, BODY, "dim")
            else:
                self._y += self._line
                self._paragraph(text, left, right, "dim")
                return
        self._y += self._line

    def _offers(self, card: Card, left: float, right: float) -> None:
        if card.offers:
            words = f"May help: {' · '.join(offer.title for offer in card.offers)}"
            self._paragraph(words, left, right, "dim")

    def _buttons(self, wanted: Sequence[tuple[Key, QSizeF]], left: float, right: float) -> None:
        """Side by side, in as many rows as they need."""
        gap, x, row = BUTTON_GAP * self._scale, left, 0.0
        self._y += gap
        for key, size in wanted:
            width = min(size.width(), right - left)
            if x > left and x + width > right:
                self._y += row + gap
                x, row = left, 0.0
            self._page.buttons[key] = QRectF(x, self._y, width, size.height())
            x, row = x + width + gap, max(row, size.height())
        self._y += row

    def _paragraph(self, text: str, left: float, right: float, color: str, first: float = 0.0) -> None:
        for place, line in enumerate(self._lines(text, right - left, first)):
            self._write(left + (0.0 if place else first), self._y, line, BODY, color)
            self._y += self._line

    def _lines(self, text: str, width: float, first: float = 0.0, font: str = BODY) -> list[str]:
        """The text in lines that fit, the first one after so much of something else."""
        lines: list[list[str]] = [[]]
        space, used = self._ruler.width(" ", font), first
        for word in text.split(" "):
            wide = self._ruler.width(word, font)
            if lines[-1] and used + space + wide > width:
                lines.append([])
                used = 0.0
            used += wide + (space if lines[-1] else 0.0)
            lines[-1].append(word)
        return [" ".join(line) for line in lines]

    def _fit(self, text: str, width: float, font: str) -> str:
        if self._ruler.width(text, font) <= width:
            return text
        return self._ruler.metrics[font].elidedText(text, Qt.TextElideMode.ElideRight, width)

    def _advance(self, text: str) -> float:
        return self._ruler.width(text, BODY)

    def _write(self, x: float, top: float, text: str, font: str, color: str) -> None:
        metrics = self._ruler.metrics[font]
        baseline = top + (self._line - metrics.height()) / 2 + metrics.ascent()
        self._page.words.append(Words(QPointF(x, baseline), text, font, color))


def cut(page: Page, height: float) -> int:
    """Take away what does not fit into a height as a whole; how many findings went."""
    end = next((top for top, bottom in page.parts if bottom > height), height)
    found = len(page.marks)
    page.boxes = [each for each in page.boxes if each[0].bottom() <= end]
    page.words = [each for each in page.words if each.place.y() <= end]
    page.marks = [each for each in page.marks if each[0].bottom() <= end]
    page.dots = [each for each in page.dots if each[0].bottom() <= end]
    page.height = min(page.height, end)
    return found - len(page.marks)
