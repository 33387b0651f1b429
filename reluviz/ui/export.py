"""Views as pictures: drawn anew at the wanted size, so that lines, markers, legend and text grow together."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter

from reluviz.core.writing import write_bytes
from reluviz.ui.theme import Theme, base_font
from reluviz.ui.views.base import View

SCALES = (1, 2, 3, 4)
TITLE = 30
# 96 dots an inch.
DOTS_PER_METRE = 3780


class ExportError(Exception):
    """A picture that could not be written; its text is one sentence for the person."""


def render(view: View, scale: int, theme: Theme | None = None, size: QSize | None = None) -> QImage:
    """The view as a picture of `scale` times its size, with its title above."""
    with stand_in(view, scale, theme, size) as copy:
        width, height = copy.width(), copy.height() + round(TITLE * copy.scale)
        image = QImage(width * scale, height * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        # While painting, the resolution must be the screen's usual one: it scales text a second time.
        set_resolution(image, DOTS_PER_METRE)
        image.fill(QColor(copy.theme.panel))
        painter = QPainter(image)
        try:
            paint(copy, painter, QRectF(0, 0, width, height))
        finally:
            painter.end()
    set_resolution(image, DOTS_PER_METRE * scale)
    return image


def set_resolution(image: QImage, dots_per_metre: int) -> None:
    """Say how large the picture is meant to be on paper."""
    image.setDotsPerMeterX(dots_per_metre)
    image.setDotsPerMeterY(dots_per_metre)


def paint(view: View, painter: QPainter, room: QRectF) -> None:
    """Draw title and scene on any paint device; markers as paths, not as pictures of the screen's resolution."""
    head = TITLE * view.scale
    font = base_font(view.scale)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(view.theme.text))
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    painter.drawText(QRectF(room.left() + 12, room.top() + 2, room.width() - 24, head), flags, view.title)
    scene = view.canvas.scene()
    for item in scene.items():
        if hasattr(item, "setExportMode"):
            item.setExportMode(True, {"antialias": True, "resolutionScale": 1.0})
    scene.prepareForPaint()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    target = QRectF(room.left(), room.top() + head, room.width(), room.height() - head)
    view.canvas.render(painter, target, view.canvas.viewport().rect(), Qt.AspectRatioMode.IgnoreAspectRatio)


@contextmanager
def stand_in(view: View, scale: int, theme: Theme | None, size: QSize | None) -> Iterator[View]:
    """A copy of a view that nobody sees: the one on the screen does not flicker, and may have another theme."""
    if view.snapshot is None:
        raise ExportError(f"{view.title} has nothing to show yet")
    copy = type(view)()
    try:
        copy.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        copy.resize(size or view.size().expandedTo(QSize(320, 240)))
        # A screen of high resolution has already thickened its pens; the picture starts from logical pixels.
        copy.pen_scale = scale / copy.devicePixelRatioF()
        copy.set_theme(theme or view.theme, view.scale)
        copy.set_options(view.options())
        copy.show()
        copy.canvas.ci.layout.activate()
        copy.draw(view.snapshot)
        copy.set_ranges(view.ranges())
        QGuiApplication.processEvents()
        copy.draw(view.snapshot)
        yield copy
    finally:
        copy.hide()
        copy.close()
        copy.deleteLater()


def save_png(view: View, path: Path, scale: int = 2, theme: Theme | None = None, size: QSize | None = None) -> None:
    """Write the view as a PNG file; raises ExportError with one sentence, and leaves an old file as it was."""
    save_image(render(view, scale, theme, size), path)


def save_image(image: QImage, path: Path) -> None:
    """Write a picture as a PNG file; raises ExportError with one sentence."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]  # bytes, as typed, are refused
        raise ExportError(f"the picture for {path.name} could not be made: it is {image.width()} × {image.height()}")
    content: Any = buffer.data().data()
    try:
        write_bytes(path, bytes(content))
    except OSError as error:
        raise ExportError(f"{path.name} could not be written to {path.parent}: {error.strerror or error}") from error


def copy_image(view: View, scale: int = 2) -> None:
    """Put the view as a picture on the clipboard; raises ExportError with one sentence."""
    QGuiApplication.clipboard().setImage(render(view, scale))


__all__ = ["SCALES", "ExportError", "copy_image", "paint", "render", "save_image", "save_png"]
