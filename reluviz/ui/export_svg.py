"""A paint device that becomes an SVG document."""

from xml.sax.saxutils import escape

from PySide6.QtGui import QPaintDevice, QPaintEngine

from reluviz.ui.export_marks import mark
from reluviz.ui.export_size import MM_PER_INCH, UNITS_PER_INCH
from reluviz.ui.export_svg_engine import SvgEngine

Metric = QPaintDevice.PaintDeviceMetric


class SvgPage(QPaintDevice):
    """A page of so many units; draw on it with a QPainter, then take `document`."""

    def __init__(self, width: int, height: int, inches: tuple[float, float], title: str, dpi: float) -> None:
        super().__init__()
        self._size, self._inches, self._title, self._dpi = (width, height), inches, title, dpi
        self._engine = SvgEngine(dpi)

    def paintEngine(self) -> QPaintEngine:
        """The engine that writes."""
        return self._engine

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        """Sizes in units and millimetres; the resolution is the screen's, for which text is laid out."""
        width, height = self._size
        known = {
            Metric.PdmWidth: width,
            Metric.PdmHeight: height,
            Metric.PdmWidthMM: round(width / UNITS_PER_INCH * MM_PER_INCH),
            Metric.PdmHeightMM: round(height / UNITS_PER_INCH * MM_PER_INCH),
            Metric.PdmNumColors: 1 << 24,
            Metric.PdmDepth: 32,
            Metric.PdmDevicePixelRatio: 1,
            Metric.PdmDevicePixelRatioScaled: int(QPaintDevice.devicePixelRatioFScale()),
        }
        return known.get(metric, round(self._dpi))

    @property
    def document(self) -> str:
        """The whole file; raises what went wrong while it was drawn."""
        if self._engine.problem is not None:
            raise self._engine.problem
        (width, height), (across, down) = self._size, self._inches
        return "\n".join([
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1"'
            f' width="{mark(across * MM_PER_INCH)}mm" height="{mark(down * MM_PER_INCH)}mm"'
            f' viewBox="0 0 {width} {height}" preserveAspectRatio="none">',
            f"<title>{escape(self._title)}</title>",
            f"<defs>{''.join(self._engine.definitions)}</defs>",
            *self._engine.lines,
            "</svg>\n",
        ])  # fmt: skip
