"""Fields as pictures: numbers to colours through one table, drawn from memory that is reused."""

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

Array = np.ndarray[Any, np.dtype[Any]]


def colors(values: Array, table: Array) -> Array:
    """ARGB of values in [-1, 1] through a table of 256; beyond is clipped, NaN is the middle."""
    index = np.nan_to_num(values, nan=0.0, posinf=1.0, neginf=-1.0) * 127.0 + 128.5
    np.clip(index, 0, 255, out=index)
    return table.take(index.astype(np.uint8))


# In a drawing without pixels a picture has at least so many a side: not every viewer smooths what it enlarges.
FINE = 512


def fine(image: QImage, item: Any) -> QImage:
    """The image as a painter gets it: smoothed beforehand where the item is exported as lines and curves."""
    options = item._exportOpts
    side = max(image.width(), image.height())
    if not options or not options.get("vector") or not 0 < side < FINE:
        return image
    size = image.size() * math.ceil(FINE / side)
    return image.scaled(size, mode=Qt.TransformationMode.SmoothTransformation)


class Raster(pg.GraphicsObject):
    """A picture over a rectangle of the plot, smoothed when enlarged; its first row lies at the bottom."""

    def __init__(self) -> None:
        super().__init__()
        self._pixels = np.zeros((1, 1), np.uint32)
        self._image = QImage()
        self._rect = QRectF(0, 0, 1, 1)
        self.setZValue(-50)

    def set_pixels(self, pixels: Array, rect: QRectF) -> None:
        """Show pixels (rows, columns) of ARGB over rect."""
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        # The image does not own its memory: the array must live as long as it does.
        self._pixels = np.ascontiguousarray(pixels, np.uint32)
        rows, columns = self._pixels.shape
        self._image = QImage(self._pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        self.update()

    def boundingRect(self) -> QRectF:
        """The rectangle."""
        return self._rect

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the picture."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._rect, fine(self._image, self))
