"""The cards of a diagnosis, painted as one item that can be scrolled."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from reluviz.ui.theme import Theme, dress_font, mix
from reluviz.ui.views.diagnosis_cards import Card, Group
from reluviz.ui.views.diagnosis_page import BODY, BOLD, Page, Ruler, Setter, Sizes, cut

POINTS, TITLE_POINTS = 9.5, 10.0
RADIUS = 6.0
# Letters on paper become smaller down to this share before cards are left out; other programs set them a little wider.
SHRINK, LEAST_SHRINK = 0.92, 0.5
SLACK = 0.97


def severity_colors(theme: Theme) -> tuple[str, str, str, str]:
    """A colour for each of SEVERITIES."""
    return (theme.classes[2], theme.dim, theme.warning, theme.error)


class CardList(pg.GraphicsWidget):
    """Groups of cards, one below the other; it says when they have been laid out anew."""

    def __init__(self, sizes: Sizes, laid: Callable[[], None]) -> None:
        """`sizes` tells the buttons of a card, `laid` is called after every change of the layout."""
        super().__init__()
        self._theme: Theme | None = None
        self._scale, self._paper = 1.0, False
        self._fonts = {BODY: QFont(), BOLD: QFont()}
        self.ruler = Ruler(self._fonts)
        self._sizes, self._laid = sizes, laid
        self.groups: tuple[Group, ...] = ()
        self.words = ""
        self.page = Page()
        self.offset = 0.0
        # Room at the right for a scroll bar, where one is needed.
        self.bar_width = 0.0
        self.setFlag(self.GraphicsItemFlag.ItemClipsToShape)

    def set_theme(self, theme: Theme, scale: float, *, paper: bool) -> None:
        """Take colours and fonts; on paper everything is to be seen at once, without buttons."""
        self._theme, self._scale, self._paper = theme, scale, paper
        self._dress(1.0)
        self.lay()

    def set_groups(self, groups: tuple[Group, ...], words: str = "") -> None:
        """Show these cards; in place of none, words."""
        if (groups, words) != (self.groups, self.words):
            self.groups, self.words = groups, words
            self.lay()

    def scroll(self, offset: float) -> None:
        """Begin so far below the top."""
        self.offset = max(0.0, min(offset, self.page.height - self.rect().height()))
        self.update()

    def card_at(self, point: QPointF) -> Card | None:
        """The card at a point of this item."""
        place = point + QPointF(0, self.offset)
        return next((card for rect, card in self.page.boxes if rect.contains(place)), None)

    def resizeEvent(self, event: Any) -> None:
        """Lay out for the new width."""
        super().resizeEvent(event)
        self.lay()

    def lay(self) -> None:
        """Lay out, and say so."""
        if self._theme is None:
            return
        if self._paper:
            self._lay_paper()
        else:
            width, height = self.rect().width(), self.rect().height()
            self.page = Setter(width, self._scale, self.ruler, self._sizes).set(self.groups)
            if self.page.height > height:
                self.page = Setter(width - self.bar_width, self._scale, self.ruler, self._sizes).set(self.groups)
        self.scroll(self.offset)
        self._laid()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Boxes, marks, words."""
        if self._theme is None:
            return
        theme, colors = self._theme, severity_colors(self._theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.groups:
            painter.setFont(self._fonts[BODY])
            painter.setPen(QColor(theme.dim))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.words)
            return
        painter.save()
        painter.translate(0, -round(self.offset))
        for box, card in self.page.boxes:
            tint = mix(theme.border, colors[card.finding.severity], 0.35 if card.finding.accuses else 0.0)
            painter.setPen(QPen(QColor(tint), 1))
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        for dot, color in self.page.dots:
            painter.setBrush(QColor(theme.runs[color]))
            painter.drawEllipse(dot)
        for place, severity in self.page.marks:
            paint_mark(painter, place, severity, colors[severity], theme.panel)
        for line in self.page.words:
            painter.setFont(self._fonts[line.font])
            painter.setPen(QColor(self._color(line.color)))
            painter.drawText(line.place, line.text)
        painter.restore()

    def _color(self, name: str) -> str:
        assert self._theme is not None
        kind, _, place = name.partition(" ")
        if kind == "run":
            return self._theme.runs[int(place)]
        return severity_colors(self._theme)[int(place)] if kind == "mark" else str(getattr(self._theme, name))

    def _dress(self, shrink: float) -> None:
        assert self._theme is not None
        # Figures inside sentences have widths of their own, in every format.
        theme = replace(self._theme, tabular=False)
        dress_font(self._fonts[BODY], theme, POINTS * self._scale * shrink)
        dress_font(self._fonts[BOLD], theme, TITLE_POINTS * self._scale * shrink)
        self._fonts[BOLD].setWeight(QFont.Weight.DemiBold)
        self.ruler = Ruler(self._fonts)

    def _lay_paper(self) -> None:
        """As large as fits; what does not fit in small letters is counted."""
        shrink, width, height = 1.0, SLACK * self.rect().width(), self.rect().height()
        while True:
            self._dress(shrink)
            self.page = Setter(width, self._scale * shrink, self.ruler, None).set(self.groups)
            if self.page.height <= height or shrink < LEAST_SHRINK:
                break
            shrink *= SHRINK
        if self.page.height > height:
            line = self.ruler.metrics[BODY].height()
            if gone := cut(self.page, height - line):
                more = f"+ {gone} more finding{'s' if gone > 1 else ''}"
                self.page.words.append(self.page.words[0]._replace(
                    place=QPointF(0, self.page.height + line), text=more, font=BODY, color="dim"
                ))  # fmt: skip


def paint_mark(painter: QPainter, place: QRectF, severity: int, color: str, ground: str) -> None:
    """A shape of its own for each of SEVERITIES: a disc with a hook, a ring, a triangle, an octagon."""
    center, radius = place.center(), place.width() / 2
    pen = QPen(QColor(ground), radius / 3.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.save()
    painter.setBrush(QColor(color))
    painter.setPen(Qt.PenStyle.NoPen)
    if severity == 0:
        painter.drawEllipse(place)
        hook = [QPointF(-0.45, 0.02), QPointF(-0.12, 0.36), QPointF(0.46, -0.32)]
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([center + point * radius for point in hook]))
        painter.restore()
        return
    if severity == 1:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen.setColor(QColor(color))
        painter.setPen(pen)
        painter.drawEllipse(place.adjusted(1, 1, -1, -1))
        rise = 0.0
    elif severity == 2:
        corners = [QPointF(0, -1.0), QPointF(1.06, 0.88), QPointF(-1.06, 0.88)]
        painter.drawPolygon(QPolygonF([center + point * radius for point in corners]))
        rise = 0.22
    else:
        turns = [math.pi / 8 + place * math.pi / 4 for place in range(8)]
        painter.drawPolygon(QPolygonF([center + QPointF(math.cos(t), math.sin(t)) * (1.04 * radius) for t in turns]))
        rise = 0.0
    painter.setPen(pen)
    down, up = (-0.02, 0.42) if severity == 1 else (-0.48 + rise, 0.08 + rise)
    painter.drawLine(center + QPointF(0, down) * radius, center + QPointF(0, up) * radius)
    dot = -0.42 if severity == 1 else 0.46 + rise
    painter.drawPoint(center + QPointF(0, dot) * radius)
    painter.restore()
