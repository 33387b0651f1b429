"""A confusion matrix: rows are true classes, columns predicted ones, both named and counted."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from reluviz.ui.theme import Theme, dress_font, mix

# Room for the names left of the cells and below them, as a share of the cells' extent.
LEFT, BELOW = 0.2, 0.13


class Matrix(pg.GraphicsObject):
    """Cells of one unit around whole numbers, class names left of the rows and below the columns."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: np.ndarray[Any, Any] = np.zeros((0, 0), np.int64)
        self._names: tuple[str, ...] = ()
        self._theme: Theme | None = None
        self._font = QFont()

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and font."""
        self._theme = theme
        dress_font(self._font, theme, 8.0 * scale)
        self.update()

    def set_counts(self, counts: np.ndarray[Any, Any], names: tuple[str, ...]) -> None:
        """Show counts (classes, classes), true by predicted."""
        if counts.shape != self._counts.shape:
            self.prepareGeometryChange()
        self._counts, self._names = counts, names
        self.update()

    def boundingRect(self) -> QRectF:
        """The cells and the names."""
        side = len(self._names)
        return QRectF(-0.5 - LEFT * side, -0.5, (1 + LEFT) * side, (1 + BELOW) * side)

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Fill the cells by their share of the row; write in pixels, for text has no place in data units."""
        if self._theme is None or not len(self._counts):
            return
        theme, transform = self._theme, painter.transform()
        painter.save()
        painter.resetTransform()
        painter.setFont(self._font)
        # The painter was scaled for an export or a dense screen: keep that, drop the plot's own transform.
        totals = np.maximum(self._counts.sum(axis=1), 1)
        for row, total in enumerate(totals):
            for column, count in enumerate(self._counts[row]):
                cell = transform.mapRect(QRectF(column - 0.5, row - 0.5, 1, 1)).adjusted(1, 1, -1, -1)
                share = float(count / total)
                end = theme.negative if row == column else theme.positive
                painter.fillRect(cell, QColor(mix(theme.raised, end, share**0.7)))
                if count:
                    painter.setPen(QColor("#ffffff" if share > 0.45 and not theme.dark else theme.text))
                    self._write(painter, cell, str(count), Qt.AlignmentFlag.AlignCenter)
        painter.setPen(QColor(theme.dim))
        side = len(self._names)
        for place, name in enumerate(self._names):
            left = transform.mapRect(QRectF(-0.5 - LEFT * side, place - 0.5, LEFT * side, 1)).adjusted(0, 0, -5, 0)
            below = transform.mapRect(QRectF(place - 0.5, side - 0.5, 1, BELOW * side)).adjusted(0, 3, 0, 0)
            self._write(painter, left, name, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._write(painter, below, name, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        painter.restore()

    @staticmethod
    def _write(painter: QPainter, place: QRectF, words: str, flags: Qt.AlignmentFlag) -> None:
        """Write words in place, shortened where it is narrow."""
        metrics = painter.fontMetrics()
        if metrics.height() > place.height() + 5:
            return
        if metrics.horizontalAdvance(words) > place.width():
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(place.width()))
        if words != "…":
            painter.drawText(place, int(flags), words)
