"""A paint engine that writes SVG: whatever a QPainter can draw becomes paths, text and pictures, clipped as drawn.

Qt's own generator leaves strokes that viewers scale, and markers and clips that they lose. Here every
coordinate is final: paths are mapped to the page before they are written, and lines keep their width.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QImage,
    QLinearGradient,
    QPaintDevice,
    QPaintEngine,
    QPaintEngineState,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QTextItem,
    QTransform,
)

from reluviz.ui.export_clip import Clip
from reluviz.ui.export_marks import families, mark, matrix_words, path_data, png_words, weight_words

Dirty = QPaintEngine.DirtyFlag
CAPS = {Qt.PenCapStyle.RoundCap: "round", Qt.PenCapStyle.SquareCap: "square"}
FLAT = (QTransform.TransformationType.TxNone, QTransform.TransformationType.TxTranslate)
NO_FILL = ' fill="none"'
JOINS = {Qt.PenJoinStyle.RoundJoin: "round", Qt.PenJoinStyle.BevelJoin: "bevel"}


def kept(method: Callable[..., None]) -> Callable[..., None]:
    """Qt calls the engine from C++, where a Python error would end the program: it is kept for the page to raise."""

    @wraps(method)
    def guarded(engine: "SvgEngine", *arguments: Any) -> None:
        if engine.problem is None:
            try:
                method(engine, *arguments)
            except Exception as problem:
                engine.problem = problem

    return guarded


class SvgEngine(QPaintEngine):
    """Collects the drawing as lines of SVG."""

    def __init__(self, dpi: float) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.lines: list[str] = []
        self.problem: Exception | None = None
        self.definitions: list[str] = []
        self._dpi = dpi
        self._pen, self._brush, self._opacity = QPen(), QBrush(), 1.0
        self._matrix = QTransform()
        self._clip = Clip()
        self._smooth = False
        self._group = ""
        self._known: dict[str, str] = {}

    def begin(self, device: QPaintDevice) -> bool:
        """Start afresh."""
        self.setActive(True)
        return True

    def end(self) -> bool:
        """Close what is open."""
        self._enter("")
        self.setActive(False)
        return True

    def type(self) -> QPaintEngine.Type:
        """One of our own."""
        return QPaintEngine.Type.User

    @kept
    def updateState(self, state: QPaintEngineState) -> None:
        """Take what the painter has changed."""
        flags = state.state()
        if flags & Dirty.DirtyPen:
            self._pen = QPen(state.pen())
        if flags & Dirty.DirtyBrush:
            self._brush = QBrush(state.brush())
        if flags & Dirty.DirtyTransform:
            self._matrix = QTransform(state.transform())
        if flags & Dirty.DirtyOpacity:
            self._opacity = state.opacity()
        if flags & Dirty.DirtyHints:
            self._smooth = bool(state.renderHints() & QPainter.RenderHint.SmoothPixmapTransform)
        if flags & Dirty.DirtyClipPath:
            self._clip.combine(state.clipPath(), self._matrix, state.clipOperation())
        if flags & Dirty.DirtyClipRegion:
            region = QPainterPath()
            region.addRegion(state.clipRegion())
            self._clip.combine(region, self._matrix, state.clipOperation())
        if flags & Dirty.DirtyClipEnabled:
            self._clip.enabled = state.isClipEnabled()

    @kept
    def drawPath(self, path: QPainterPath) -> None:
        """Fill and stroke."""
        self._draw(path, self._brush)

    @kept
    def drawLines(self, lines: Any, *_: Any) -> None:
        """All lines of one call as one path."""
        path = QPainterPath()
        for line in lines:
            path.moveTo(QPointF(line.p1()))
            path.lineTo(QPointF(line.p2()))
        self._draw(path, QBrush())

    @kept
    def drawRects(self, rects: Any, *_: Any) -> None:
        """One path each: together they would be wound around each other."""
        for rect in rects:
            path = QPainterPath()
            path.addRect(QRectF(rect))
            self._draw(path, self._brush)

    @kept
    def drawEllipse(self, rect: Any) -> None:
        """As curves."""
        path = QPainterPath()
        path.addEllipse(QRectF(rect))
        self._draw(path, self._brush)

    @kept
    def drawPolygon(self, points: Any, mode: QPaintEngine.PolygonDrawMode) -> None:
        """Open or closed."""
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(point) for point in points]))
        open_line = mode == QPaintEngine.PolygonDrawMode.PolylineMode
        if not open_line:
            path.closeSubpath()
        if mode == QPaintEngine.PolygonDrawMode.WindingMode:
            path.setFillRule(Qt.FillRule.WindingFill)
        self._draw(path, QBrush() if open_line else self._brush)

    @kept
    def drawPoints(self, points: Any, *_: Any) -> None:
        """Lines of hardly any length, which their caps make visible."""
        path = QPainterPath()
        for point in points:
            path.moveTo(QPointF(point))
            path.lineTo(QPointF(point) + QPointF(0.01, 0))
        self._draw(path, QBrush())

    @kept
    def drawTextItem(self, place: QPointF, item: QTextItem) -> None:
        """Text stays text; its length is given, so that another typeface takes the same room."""
        words, font = item.text().rstrip(), item.font()
        if not words:
            return
        length = item.width() - QFontMetricsF(font).horizontalAdvance(" " * (len(item.text()) - len(words)))
        size = font.pixelSize() if font.pixelSize() > 0 else font.pointSizeF() * self._dpi / 72
        matrix = self._matrix
        if matrix.type() in FLAT:
            at, turn = matrix.map(place), ""
        else:
            at, turn = place, f' transform="{matrix_words(matrix)}"'
        # Where all of it is in sight nothing is cut off: a viewer without the typeface may need a little more room.
        room = QRectF(place.x(), place.y() - item.ascent(), length, item.ascent() + item.descent())
        self._enter("" if self._clip.holds(matrix.mapRect(room)) else self._clipped())
        self.lines.append(
            f'<text x="{mark(at.x())}" y="{mark(at.y())}"{turn} font-family={quoteattr(families(font))}'
            f' font-size="{mark(size)}"{weight_words(font)}{self._paint("fill", self._pen.color())}'
            f' textLength="{mark(length)}" xml:space="preserve">{escape(words)}</text>'
        )

    @kept
    def drawPixmap(self, target: QRectF, pixmap: QPixmap, source: QRectF) -> None:
        """As a picture."""
        self.drawImage(target, pixmap.toImage(), source)

    @kept
    def drawImage(self, target: QRectF, image: QImage, source: QRectF, flags: Any = None) -> None:
        """A picture inside the file."""
        part = source.toAlignedRect()
        if part != image.rect():
            image = image.copy(part)
        smooth = "" if self._smooth else ' image-rendering="pixelated"'
        self._enter(self._clipped())
        self.lines.append(
            f'<image x="{mark(target.x())}" y="{mark(target.y())}" width="{mark(target.width())}"'
            f' height="{mark(target.height())}" preserveAspectRatio="none"{smooth}{self._faint()}'
            f' transform="{matrix_words(self._matrix)}" xlink:href="data:image/png;base64,{png_words(image)}"/>'
        )

    @kept
    def drawTiledPixmap(self, target: QRectF, pixmap: QPixmap, start: QPointF) -> None:
        """What it shows, as one picture."""
        image = QImage(target.size().toSize(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.drawTiledPixmap(QRectF(image.rect()), pixmap, start)
        painter.end()
        self.drawImage(target, image, QRectF(image.rect()))

    def _draw(self, path: QPainterPath, brush: QBrush) -> None:
        stroke = self._stroke()
        fill = self._fill(brush)
        if not stroke and not fill:
            return
        data = path_data(self._matrix.map(path))
        if not data:
            return
        rule = ' fill-rule="evenodd"' if fill and path.fillRule() == Qt.FillRule.OddEvenFill else ""
        self._enter(self._clipped())
        self.lines.append(f'<path d="{data}"{fill or NO_FILL}{rule}{stroke}/>')

    def _fill(self, brush: QBrush) -> str:
        if brush.style() == Qt.BrushStyle.NoBrush:
            return ""
        gradient = brush.gradient()
        if isinstance(gradient, QLinearGradient):
            return f' fill="url(#{self._gradient(gradient)})"{self._faint()}'
        return self._paint("fill", brush.color()) if brush.color().alpha() else ""

    def _stroke(self) -> str:
        pen = self._pen
        if pen.style() == Qt.PenStyle.NoPen or not pen.color().alpha():
            return ""
        width = pen.widthF() or 1.0
        if not pen.isCosmetic():
            width *= abs(self._matrix.determinant()) ** 0.5
        parts = [self._paint("stroke", pen.color()), f' stroke-width="{mark(width)}"']
        if pen.style() != Qt.PenStyle.SolidLine:
            parts.append(f' stroke-dasharray="{" ".join(mark(length * width) for length in pen.dashPattern())}"')
        if pen.capStyle() in CAPS:
            parts.append(f' stroke-linecap="{CAPS[pen.capStyle()]}"')
        if pen.joinStyle() in JOINS:
            parts.append(f' stroke-linejoin="{JOINS[pen.joinStyle()]}"')
        return "".join(parts)

    def _paint(self, kind: str, color: QColor) -> str:
        opacity = color.alphaF() * self._opacity
        return f' {kind}="{color.name()}"' + (f' {kind}-opacity="{mark(opacity)}"' if opacity < 1 else "")

    def _faint(self) -> str:
        return f' opacity="{mark(self._opacity)}"' if self._opacity < 1 else ""

    def _gradient(self, gradient: QLinearGradient) -> str:
        start, stop = self._matrix.map(gradient.start()), self._matrix.map(gradient.finalStop())
        stops = "".join(
            f'<stop offset="{mark(at)}" stop-color="{color.name()}" stop-opacity="{mark(color.alphaF())}"/>'
            for at, color in gradient.stops()
        )
        ends = f'x1="{mark(start.x())}" y1="{mark(start.y())}" x2="{mark(stop.x())}" y2="{mark(stop.y())}"'
        return self._define("linearGradient", f'gradientUnits="userSpaceOnUse" {ends}', stops)

    def _clipped(self) -> str:
        """The name of the clip that is in force, or nothing."""
        path = self._clip.path
        return "" if path is None else self._define("clipPath", "", f'<path d="{path_data(path) or "M0 0"}"/>')

    def _define(self, kind: str, attributes: str, content: str) -> str:
        """The name of a definition, written once."""
        key = f"{kind}{attributes}{content}"
        if key not in self._known:
            name = self._known[key] = f"{kind[0]}{len(self._known)}"
            self.definitions.append(f'<{kind} id="{name}" {attributes}>{content}</{kind}>')
        return self._known[key]

    def _enter(self, clip: str) -> None:
        """Open the group of a clip, close the one before."""
        if clip == self._group:
            return
        if self._group:
            self.lines.append("</g>")
        if clip:
            self.lines.append(f'<g clip-path="url(#{clip})">')
        self._group = clip
