"""A small table painted as one item: words, numbers, and bars beside them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from reluviz.ui.theme import Theme, dress_font, mix
from reluviz.ui.views.fitting import SLACK

GAP, BAR_GAP = 10.0, 5.0
LEAST_BAR, MOST_BAR, BAR_HEIGHT = 22.0, 110.0, 7.0
# A bar without room beside its number lies below it.
THIN_BAR = 2.5
LEADING = 6.0
POINTS = 8.5
# A title becomes smaller down to this share before it is shortened.
LEAST_SHRINK = 0.7


class Cell(NamedTuple):
    """One cell: words in a colour (empty: as usual), and a bar from 0 to `bar`, filled up to `full` (both 0 to 1).

    `over`: the words may lie over the cells on their left, which are empty.
    """

    text: str
    color: str = ""
    bar: float = -1.0
    full: float = 0.0
    over: bool = False


EMPTY = Cell("")


class Column(NamedTuple):
    """A heading; whether the cells have bars; how early the column goes where it is narrow (0: never); the least words.

    A column keeps the room of the longest words that may come, so that it does not move while its numbers change.
    """

    title: str
    bars: bool = False
    goes: int = 0
    left: bool = False
    least: str = ""


class Sheet(pg.GraphicsWidget):
    """A heading and rows of cells. Where it is narrow, bars move below the numbers, columns go, the text shrinks."""

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None
        self._font, self._bold = QFont(), QFont()
        self._track = QColor()
        self._title, self._color = "", ""
        self._columns: tuple[Column, ...] = ()
        self._rows: list[list[Cell]] = []
        self._shown: list[tuple[int, float, float, float]] = []
        self._laid: Any = None
        self._scale, self._line = 1.0, 18.0
        self.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Fixed)
        self.setFlag(self.GraphicsItemFlag.ItemClipsToShape)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and fonts."""
        self._theme, self._scale, self._laid = theme, scale, None
        self._track = QColor(mix(theme.panel, theme.grid, 0.7))
        for font in (self._font, self._bold):
            dress_font(font, theme, POINTS * scale)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._line = QFontMetricsF(self._font).height() + LEADING
        self.update()

    @property
    def line(self) -> float:
        """The height of a row in pixels."""
        return self._line

    def set_height(self, rows: int) -> None:
        """Room for the title, the headings and so many rows."""
        height = self.line * (rows + (2 if self._title else 1)) + 4
        if height != self.minimumHeight():
            self.setMinimumHeight(height)
            self.setPreferredHeight(height)
            self.setMaximumHeight(height)

    def set_cells(self, columns: Sequence[Column], rows: list[list[Cell]], title: str = "", color: str = "") -> None:
        """Show rows of cells, one cell for each column, below a title in a colour."""
        columns = tuple(columns)
        if (columns, rows, title, color) == (self._columns, self._rows, self._title, self._color):
            return
        self._columns, self._rows, self._title, self._color = columns, rows, title, color
        self._laid = None
        self.update()

    def row_at(self, point: QPointF) -> int | None:
        """The row under a point of this item."""
        row = int((point.y() // self.line) - (2 if self._title else 1))
        return row if 0 <= row < len(self._rows) and 0 <= point.x() <= self.rect().width() else None

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Title, headings, a line, rows."""
        if self._theme is None or not self._columns:
            return
        theme, line, y = self._theme, self.line, 0.0
        self._lay()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._title:
            self._write(painter, QRectF(0, y, self.rect().width(), line), self._title, self._color, bold=True)
            y += line
        for place, left, _bar, right in self._shown:
            column = self._columns[place]
            self._write(painter, QRectF(left, y, right - left, line), column.title, theme.dim, right=not column.left)
        y += line
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(QPointF(0, y - 0.5), QPointF(self.rect().width(), y - 0.5))
        for cells in self._rows:
            for place, left, bar, right in self._shown:
                self._paint_cell(painter, cells[place], QRectF(left, y, right - left, line), bar, self._columns[place])
            y += line

    def _paint_cell(self, painter: QPainter, cell: Cell, room: QRectF, bar: float, column: Column) -> None:
        """Words, and a bar of that length on their left, or below them where it has no length."""
        assert self._theme is not None
        if cell.bar >= 0:
            below = QRectF(room.left(), room.bottom() - THIN_BAR - 1, room.width(), THIN_BAR)
            beside = QRectF(room.left(), room.center().y() - BAR_HEIGHT / 2, bar, BAR_HEIGHT)
            self._paint_bar(painter, beside if bar else below, cell)
        color = cell.color or self._theme.text
        left = -room.left() if cell.over else bar
        self._write(painter, room.adjusted(left, 0, 0, 0), cell.text, color, right=not column.left)

    def _paint_bar(self, painter: QPainter, room: QRectF, cell: Cell) -> None:
        """An outline to the end of the bar, filled as far as `full`."""
        assert self._theme is not None
        color = QColor(cell.color or self._theme.text)
        whole = QRectF(room.left(), room.top(), room.width() * min(1.0, cell.bar), room.height())
        filled = QRectF(room.left(), room.top(), room.width() * min(1.0, cell.full), room.height())
        painter.fillRect(room, self._track)
        painter.fillRect(filled, color)
        if cell.bar > cell.full and room.height() == THIN_BAR:
            painter.fillRect(whole.adjusted(filled.width(), 0, 0, 0), QColor(mix(self._theme.panel, color.name(), 0.5)))
        elif cell.bar > cell.full:
            painter.setPen(QPen(color, 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(whole.adjusted(0.5, 0.5, -0.5, -0.5))

    def _write(
        self, painter: QPainter, room: QRectF, words: str, color: str, *, bold: bool = False, right: bool = False
    ) -> None:
        if not words:
            return
        font = self._bold if bold else self._font
        painter.setFont(font)
        painter.setPen(QColor(color))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        # Columns are as wide as their words; a title can be a long formula.
        if bold:
            wide = QFontMetricsF(font).horizontalAdvance(words)
            if wide > room.width() > 0:
                font = QFont(font)
                font.setPointSizeF(font.pointSizeF() * max(LEAST_SHRINK, 0.98 * room.width() / wide))
                painter.setFont(font)
            words = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width() + 1)
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), words)

    def _lay(self) -> None:
        """Where each column begins, how long its bars are, and where it ends."""
        room = self.rect().width()
        if self._laid == room or self._theme is None:
            return
        self._laid = room
        dress_font(self._font, self._theme, POINTS * self._scale)
        words = self._widths()
        shown = list(range(len(words)))

        def total(bar: float) -> float:
            bars = sum(bar + BAR_GAP for place in shown if self._columns[place].bars) if bar else 0.0
            return float(sum(words[place] for place in shown) + GAP * (len(shown) - 1) + bars)

        while total(0.0) > room and any(self._columns[place].goes for place in shown):
            shown.remove(max(shown, key=lambda place: self._columns[place].goes))
        if total(0.0) > room > 0:
            # Gaps keep their width; the words share what is left.
            gaps = GAP * (len(shown) - 1)
            share = SLACK * (room - gaps) / (total(0.0) - gaps)
            dress_font(self._font, self._theme, max(4.0, POINTS * self._scale * share))
            words = self._widths()
        barred, least = sum(self._columns[place].bars for place in shown), LEAST_BAR * self._scale
        bar = least if barred and total(least) <= room else 0.0
        if bar:
            bar = min(MOST_BAR * self._scale, least + (room - total(least)) / barred)
        spare = min(2 * GAP, max(0.0, room - total(bar)) / max(1, len(shown) - 1))
        self._shown, x = [], 0.0
        for place in shown:
            own = bar if self._columns[place].bars else 0.0
            right = x + own + (BAR_GAP if own else 0.0) + words[place]
            self._shown.append((place, x, own, right))
            x = right + GAP + spare

    def _widths(self) -> list[float]:
        """The room that the words of each column need."""
        metrics = QFontMetricsF(self._font)
        return [
            max(
                metrics.horizontalAdvance(text)
                for text in (each.title, each.least, *_counted(self._rows, k))
            )
            for k, each in enumerate(self._columns)
        ]


def _counted(rows: list[list[Cell]], place: int) -> list[str]:
    """The words of a column that need its own room."""
    return [row[place].text for row in rows if not row[place].over]
