"""The kinds of files a figure can be: each turns a subject into bytes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

import reluviz
from reluviz.core.writing import write_bytes
from reluviz.ui.export import ExportError, Look, Sheet, Subject, ViewSubject
from reluviz.ui.export_size import MM_PER_INCH, UNITS_PER_INCH, Size
from reluviz.ui.export_svg import SvgPage
from reluviz.ui.export_table import csv_text

Encode = Callable[[Subject, Size, Look], bytes]


def picture(subject: Subject, size: Size, look: Look, dpi: float | None = None) -> QImage:
    """The subject as pixels, transparent ones with an alpha channel; `dpi` makes it coarser for a preview."""
    sheet = Sheet.of(size, look, vector=False)
    wide, high = size.pixels
    if dpi is not None:
        sheet = replace(sheet, scale=dpi / UNITS_PER_INCH)
        wide, high = (max(1, round(inches * dpi)) for inches in size.inches)
    image = QImage(wide, high, QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise ExportError(f"there is not enough memory for a picture of {wide} × {high} pixels")
    image.setDevicePixelRatio(sheet.scale)
    # While painting, the resolution must be the screen's usual one: it scales text a second time.
    _set_resolution(image, screen_dpi())
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    try:
        # The layout has whole units; the rest of a unit is spread over the picture.
        painter.scale(wide / sheet.scale / sheet.width, high / sheet.scale / sheet.height)
        subject.paint(painter, sheet)
    finally:
        painter.end()
    if not look.transparent:
        image = image.convertToFormat(QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(1.0)
    _set_resolution(image, size.dpi)
    return image


def screen_dpi() -> float:
    """The resolution for which Qt lays out text here: the screen's logical one."""
    screen = QGuiApplication.primaryScreen()
    return screen.logicalDotsPerInch() if screen is not None else UNITS_PER_INCH


def _set_resolution(image: QImage, dpi: float) -> None:
    image.setDotsPerMeterX(round(dpi / MM_PER_INCH * 1000))
    image.setDotsPerMeterY(round(dpi / MM_PER_INCH * 1000))


def png(subject: Subject, size: Size, look: Look) -> bytes:
    """A picture, with its resolution noted in it."""
    image = picture(subject, size, look)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]  # bytes, as typed, are refused
        raise ExportError(f"a picture of {image.width()} × {image.height()} pixels could not be made")
    return _content(buffer)


def svg(subject: Subject, size: Size, look: Look) -> bytes:
    """Lines, markers and text as such; fields as pictures inside."""
    sheet = Sheet.of(size, look, vector=True)
    page = SvgPage(sheet.width, sheet.height, size.inches, subject.title, screen_dpi())
    _paint(page, subject, sheet)
    return page.document.encode("utf-8")


def pdf(subject: Subject, size: Size, look: Look) -> bytes:
    """One page of exactly the size, with its typefaces inside."""
    sheet = Sheet.of(size, look, vector=True)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    # At another resolution the axes, which are recorded pictures, come out in another size.
    writer.setResolution(round(UNITS_PER_INCH))
    across, down = size.inches
    writer.setPageLayout(QPageLayout(
        QPageSize(QSizeF(across, down), QPageSize.Unit.Inch, "", QPageSize.SizeMatchPolicy.ExactMatch),
        QPageLayout.Orientation.Portrait, QMarginsF(),
    ))  # fmt: skip
    writer.setTitle(subject.title)
    writer.setCreator(f"reluviz {reluviz.__version__}")
    _paint(writer, subject, sheet)
    return _content(buffer)


def _paint(device: Any, subject: Subject, sheet: Sheet) -> None:
    painter = QPainter(device)
    try:
        painter.setClipRect(QRectF(0, 0, sheet.width, sheet.height))
        subject.paint(painter, sheet)
    finally:
        painter.end()


def csv(subject: Subject, size: Size, look: Look) -> bytes:
    """The plotted numbers; size and look do not matter."""
    if not isinstance(subject, ViewSubject):
        raise ExportError(f"{subject.title} has no table of its own: choose one view")
    return csv_text(subject.view).encode("utf-8")


def _content(buffer: QBuffer) -> bytes:
    content: Any = buffer.data().data()
    return bytes(content)


FORMATS: dict[str, Encode] = {"png": png, "svg": svg, "pdf": pdf, "csv": csv}
FORMAT_TITLES = {"png": "PNG picture", "svg": "SVG drawing", "pdf": "PDF document", "csv": "CSV table of the numbers"}


def save(subject: Subject, path: Path, size: Size | None = None, look: Look | None = None, kind: str = "") -> None:
    """Write a figure; the format follows the file's ending unless `kind` names it.

    Raises ExportError with one sentence, and leaves an old file as it was.
    """
    kind = kind or path.suffix[1:].lower()
    if kind not in FORMATS:
        ending = f"the ending {path.suffix!r}" if path.suffix else "a name without an ending"
        raise ExportError(f"{ending} of {path.name} is not allowed: it must be {', '.join(FORMATS)}")
    content = FORMATS[kind](subject, size or Size(), look or Look())
    try:
        write_bytes(path, content)
    except OSError as error:
        raise ExportError(f"{path.name} could not be written to {path.parent}: {error.strerror or error}") from error
