"""A few lines of words above or below a plot, painted as one item."""

from dataclasses import replace
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from reluviz.ui.theme import Theme, dress_font
from reluviz.ui.views.diagram_formula import wrapped


def plain(theme: Theme) -> Theme:
    """The theme with figures of their own widths: those that every kind of figure file has."""
    return replace(theme, tabular=False)


class TextLines(pg.GraphicsWidget):
    """A bold name, words beside it, and lines below, as many as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None
        self._font, self._bold = QFont(), QFont()
        self._lines = 4
        self.name, self.words = "", ""
        self.sentences: list[str] = []
        self.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Fixed)
        self.setFlag(self.GraphicsItemFlag.ItemClipsToShape)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and fonts."""
        self._theme = theme
        for font in (self._font, self._bold):
            dress_font(font, plain(theme), 8.5 * scale)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self.set_lines(self._lines)

    def set_lines(self, lines: int) -> None:
        """Take room for so many lines."""
        self._lines = lines
        height = QFontMetricsF(self._font).height() * lines + 4
        if height != self.minimumHeight():
            self.setMinimumHeight(height)
            self.setPreferredHeight(height)
            self.setMaximumHeight(height)
        self.update()

    def show_words(self, name: str, words: str, sentences: list[str]) -> None:
        """Say it."""
        if (name, words, sentences) != (self.name, self.words, self.sentences):
            self.name, self.words, self.sentences = name, words, sentences
            self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """The name and what is beside it, then the sentences, broken where they are too long."""
        if self._theme is None:
            return
        metrics, bold = QFontMetricsF(self._font), QFontMetricsF(self._bold)
        wide, y = self.rect().width() - 16, 2 + metrics.ascent()
        painter.setFont(self._bold)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(QPointF(8, y), self.name)
        before = bold.horizontalAdvance(self.name) + (10 if self.name else 0)
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.dim))
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(QPointF(8 + before, y), metrics.elidedText(self.words, elide, max(0.0, wide - before)))
        painter.setPen(QColor(self._theme.text))
        lines = [line for sentence in self.sentences for line in wrapped(sentence, metrics, wide)]
        for place, line in enumerate(lines[: self._lines - 1]):
            painter.drawText(QPointF(8, y + (place + 1) * metrics.height()), metrics.elidedText(line, elide, wide))
