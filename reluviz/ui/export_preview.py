"""How a figure will look: its picture on a chequered ground, or the first lines of its table."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from reluviz.ui.theme import Theme, mix

MARGIN = 14
CHECK = 8
CELL = 96


class ExportPreview(QWidget):
    """Shows a picture, a table's beginning, or a sentence."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._image: QImage | None = None
        self._rows: Sequence[Sequence[str]] = ()
        self._words = ""
        self.setMinimumSize(QSize(430, 320))
        self.setAccessibleName("Preview of the figure")

    def show_image(self, image: QImage) -> None:
        """Show a picture."""
        self._image, self._rows, self._words = image, (), ""
        self.update()

    def show_rows(self, rows: Sequence[Sequence[str]], words: str) -> None:
        """Show a table's names and first rows, and a sentence on the rest."""
        self._image, self._rows, self._words = None, rows, words
        self.update()

    def show_words(self, words: str) -> None:
        """Show why there is nothing to see."""
        self._image, self._rows, self._words = None, (), words
        self.update()

    @property
    def room(self) -> QSize:
        """How large a picture may be, in logical pixels."""
        return self.size() - QSize(2 * MARGIN, 2 * MARGIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, then what is shown."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._theme.border))
        painter.setBrush(QColor(mix(self._theme.window, self._theme.border, 0.35)))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
        if self._image is not None:
            self._paint_image(painter, self._image)
        elif self._rows:
            self._paint_rows(painter)
        else:
            painter.setPen(QColor(self._theme.dim))
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(30, 30, -30, -30), flags, self._words)
        painter.end()

    def _paint_image(self, painter: QPainter, image: QImage) -> None:
        size = image.deviceIndependentSize().toSize()
        place = QRect((self.width() - size.width()) // 2, (self.height() - size.height()) // 2, size.width(),
                      size.height())  # fmt: skip
        if image.hasAlphaChannel():
            painter.save()
            painter.setClipRect(place)
            painter.fillRect(place, QColor(mix(self._theme.panel, self._theme.border, 0.25)))
            other = QColor(mix(self._theme.panel, self._theme.border, 0.7))
            for row in range(-(-size.height() // CHECK)):
                for column in range(row % 2, -(-size.width() // CHECK), 2):
                    painter.fillRect(place.x() + column * CHECK, place.y() + row * CHECK, CHECK, CHECK, other)
            painter.restore()
        painter.drawImage(place, image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(self._theme.border))
        painter.drawRect(place.adjusted(-1, -1, 0, 0))

    def _paint_rows(self, painter: QPainter) -> None:
        """As a spreadsheet would show it: as many columns and rows as fit."""
        room = self.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        painter.fillRect(room, QColor(self._theme.panel))
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF() * 0.9)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        high = metrics.height() + 6
        columns = min(len(self._rows[0]), max(1, room.width() // CELL))
        wide = room.width() // columns
        for place, row in enumerate(self._rows[: (room.height() - high - 8) // high]):
            top = room.top() + 4 + place * high
            painter.setPen(QColor(self._theme.text if place else self._theme.dim))
            for column, words in enumerate(row[:columns]):
                cell = QRect(room.left() + column * wide + 8, top, wide - 14, high)
                words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, cell.width())
                painter.drawText(cell, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
            painter.setPen(QColor(self._theme.grid))
            painter.drawLine(room.left(), top + high, room.right(), top + high)
        painter.setPen(QColor(self._theme.dim))
        foot = QRect(room.left() + 8, room.bottom() - high - 2, room.width() - 16, high)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self._words)
