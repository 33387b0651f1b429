"""The table of passports as a file or as text: the rows shown, in the order shown."""

import csv
import io
import math
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QPoint, Qt
from PySide6.QtGui import QImage, QPainter

from reluviz.core.writing import write_bytes
from reluviz.ui.export import ExportError
from reluviz.ui.passport_model import COLUMNS, VALUE, PassportOrder
from reluviz.ui.passport_table import PassportTable

RATIO = 2.0


def csv_text(order: PassportOrder) -> str:
    """All columns with all digits, the unit in the header; what does not exist is empty, without bound is inf."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([f"{column.title} ({column.unit})" for column in COLUMNS])
    for row in range(order.rowCount()):
        writer.writerow([plain(order.index(row, column).data(VALUE)) for column in range(len(COLUMNS))])
    return stream.getvalue()


def tab_text(order: PassportOrder, rows: list[int], columns: list[int]) -> str:
    """Some rows and columns for a spreadsheet's paste, with a header."""
    stream = io.StringIO()
    writer = csv.writer(stream, "excel-tab", lineterminator="\n")
    writer.writerow([f"{COLUMNS[column].title} ({COLUMNS[column].unit})" for column in columns])
    for row in rows:
        writer.writerow([plain(order.index(row, column).data(VALUE)) for column in columns])
    return stream.getvalue()


def plain(value: Any) -> str:
    """A value with all its digits; none is empty."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def png(order: PassportOrder, like: PassportTable) -> bytes:
    """A picture of the whole table with the columns that are shown; raises ExportError."""
    table = PassportTable(order)
    try:
        image = _image(table, like)
    finally:
        table.deleteLater()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if image.isNull() or not image.save(buffer, "PNG"):  # type: ignore[call-overload]  # bytes, as typed, are refused
        raise ExportError("the picture of the table could not be made")
    content: Any = buffer.data().data()
    return bytes(content)


def _image(table: PassportTable, like: PassportTable) -> QImage:
    for place in range(len(COLUMNS)):
        table.setColumnHidden(place, like.isColumnHidden(place))
        table.setColumnWidth(place, like.columnWidth(place))
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    frame = 2 * table.frameWidth()
    height = table.horizontalHeader().height() + table.verticalHeader().length() + frame
    table.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    table.resize(table.horizontalHeader().length() + frame, height)
    table.show()
    image = QImage(table.size() * RATIO, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(RATIO)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    table.render(painter, QPoint(0, 0))
    painter.end()
    table.hide()
    return image


def save(path: Path, order: PassportOrder, table: PassportTable) -> None:
    """Write the table as CSV or PNG, as the file's ending says; raises ExportError with one sentence."""
    kind = path.suffix[1:].lower()
    if kind not in ("csv", "png"):
        raise ExportError(f"the ending of {path.name} is not allowed: it must be csv or png")
    content = csv_text(order).encode("utf-8") if kind == "csv" else png(order, table)
    try:
        write_bytes(path, content)
    except OSError as error:
        raise ExportError(f"{path.name} could not be written to {path.parent}: {error.strerror or error}") from error
