"""One passport in full: the curve, what the activation is, and its figures in words."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from reluviz.core.passport import Passport
from reluviz.core.passport_rows import Row
from reluviz.ui.passport_model import use_words
from reluviz.ui.passport_plot import PassportPlot
from reluviz.ui.passport_words import sentences
from reluviz.ui.theme import LIGHT, Theme
from reluviz.ui.views.base import swatch

# The width in letters.
LETTERS = 44


class PassportPage(QScrollArea):
    """What is known of one activation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = LIGHT
        self._row: Row | None = None
        self.name, self.uses = _words("cardTitle"), _words("uses")
        self.formula, self.about = _words("formula"), _words("plain")
        self.figures, self.fate = _words("figures"), _words("fate")
        self.figures_title, self.fate_title = _words("cardTitle"), _words("cardTitle")
        self.fate_title.setText("Born dead")
        self.figures_title.setText("In words")
        for label in (self.uses, self.figures, self.fate):
            label.setTextFormat(Qt.TextFormat.RichText)
        self.plot = PassportPlot()
        inside = QFrame()
        inside.setObjectName("view")
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        for widget in (self.name, self.uses, self.formula, self.about, self.plot):
            column.addWidget(widget)
        for title, words in ((self.figures_title, self.figures), (self.fate_title, self.fate)):
            column.addSpacing(8)
            column.addWidget(title)
            column.addWidget(words)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("The selected activation")
        self.setAccessibleDescription("What it is, its curve, and its figures in words")

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and sizes."""
        self._theme = theme
        self.plot.set_theme(theme, scale)
        self.setMinimumWidth(LETTERS * self.fontMetrics().averageCharWidth())
        if self._row is not None:
            self._show_uses(self._row)

    def show_row(self, row: Row, passport: Passport | None) -> None:
        """Show an activation; its figures follow when they are known."""
        activation = row.activation
        if self._row is None or self._row.activation != activation:
            self.plot.show_activation(activation)
            self.verticalScrollBar().setValue(0)
        self._row = row
        self.name.setText(row.label)
        self.formula.setText(str(getattr(activation, "shown", activation.formula)))
        self.about.setText(" ".join((type(activation).__doc__ or "").split()))
        self._show_uses(row)
        waiting = "<i>Being computed…</i>"
        self.figures.setText(_list(sentences(passport), self._theme) if passport is not None else waiting)

    def show_fate(self, found: list[tuple[str, str]]) -> None:
        """Say how likely a stack is born dead; an empty list hides the paragraph."""
        self.fate_title.setVisible(bool(found))
        self.fate.setVisible(bool(found))
        self.fate.setText(_list(found, self._theme))

    def _show_uses(self, row: Row) -> None:
        dots = [swatch(self._theme.runs[use.color], escape(words)) for use, words in
                zip(row.uses, use_words(row), strict=True)]  # fmt: skip
        self.uses.setVisible(bool(dots))
        self.uses.setText("<br>".join(dots))


def _list(found: list[tuple[str, str]], theme: Theme) -> str:
    cells = "".join(
        f'<tr><td style="color:{theme.dim}; white-space:nowrap; padding-right:10px; padding-bottom:4px">{escape(head)}'
        f'</td><td style="padding-bottom:4px">{escape(words)}</td></tr>'
        for head, words in found
    )
    return f"<table cellspacing=0 cellpadding=0>{cells}</table>"


def _words(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label
