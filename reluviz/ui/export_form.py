"""The controls of a figure: what, as which kind of file, how large, how dressed."""

from collections.abc import Mapping
from typing import Any

import msgspec
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QFormLayout, QHBoxLayout, QLabel, QWidget

from reluviz.ui.export_choice import DASHBOARD, LEAST_TEXT, MOST_TEXT, SCREEN, WINDOW, FigureChoice
from reluviz.ui.export_size import (
    LEAST_DPI,
    LEAST_MM,
    LEAST_PIXELS,
    MM_PER_INCH,
    MOST_DPI,
    MOST_MM,
    MOST_PIXELS,
)
from reluviz.ui.inputs import Combo
from reluviz.ui.theme import Theme, mix

KIND_TITLES = {
    "png": ("PNG picture", "Pixels, for slides and web pages"),
    "svg": ("SVG drawing", "Lines and text that stay sharp and can be edited"),
    "pdf": ("PDF document", "Lines, text and typefaces in one page, for papers"),
    "csv": ("CSV table", "The plotted numbers themselves, with units in the first line"),
}
THEME_TITLES = {SCREEN: "As on the screen", "light": "Light", "dark": "Dark"}
UNIT_TITLES = {"px": "pixels", "mm": "mm"}
BOUNDS = {"px": (LEAST_PIXELS, MOST_PIXELS), "mm": (LEAST_MM, MOST_MM)}


class ExportForm(QWidget):
    """Shows a choice and emits the changed one."""

    changed = Signal(object)
    """The new FigureChoice; sizes may be ones that cannot be made together, then it is the sentence that says so."""

    def __init__(self, titles: Mapping[str, str], choice: FigureChoice) -> None:
        super().__init__()
        self._choice = choice
        self.subject = _combo("What to export: one plot, all visible plots as laid out, or the whole window")
        self.kind = _combo("The kind of file")
        self.theme = _combo("The colours of the figure, whatever the screen has")
        self.unit = _combo("Whether width and height are in pixels or in millimetres on paper", 6)
        self.width_box = _number("Width of the figure")
        self.height_box = _number("Height of the figure")
        self.dpi = _number("Pixels for each inch: more make a finer picture")
        self.text = _number("Size of letters; 100 % are 9.5 points for titles and 8.5 for legends, on paper too")
        self.title_box = _check("&Title", "Write the plot's name above it")
        self.transparent = _check("T&ransparent background", "Leave the background out, for coloured slides and pages")
        self._fill(titles)
        self._lay_out()
        self.show_choice(choice)
        self._connect()

    def _fill(self, titles: Mapping[str, str]) -> None:
        for key, title in titles.items():
            self.subject.addItem(title, key)
        for key, (title, words) in KIND_TITLES.items():
            self.kind.addItem(title, key)
            self.kind.setItemData(self.kind.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
        for box, names in ((self.theme, THEME_TITLES), (self.unit, UNIT_TITLES)):
            for key, title in names.items():
                box.addItem(title, key)
        self.dpi.setRange(LEAST_DPI, MOST_DPI)
        self.dpi.setDecimals(0)
        self.dpi.setSuffix(" dpi")
        self.text.setRange(100 * LEAST_TEXT, 100 * MOST_TEXT)
        self.text.setDecimals(0)
        self.text.setSingleStep(10)
        self.text.setSuffix(" %")

    def set_theme(self, theme: Theme) -> None:
        """Numbers as high as the lists beside them, and faint where they do not matter."""
        self.setStyleSheet(
            f"QDoubleSpinBox:disabled {{ color: {mix(theme.dim, theme.panel, 0.4)}; }}"
            "QDoubleSpinBox { padding: 2px 2px; min-height: 1.5em; }"
        )
        high = self.kind.sizeHint().height()
        for box in (self.width_box, self.height_box, self.dpi, self.text):
            box.setFixedHeight(high)
            box.lineEdit().setTextMargins(4, 0, 0, 0)

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(9)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        size = QWidget()
        row = QHBoxLayout(size)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for part, stretch in ((self.width_box, 3), (QLabel("×"), 0), (self.height_box, 3), (self.unit, 3)):
            row.addWidget(part, stretch)
        for words, field, buddy in (
            ("&Figure", self.subject, self.subject), ("F&ormat", self.kind, self.kind),
            ("Si&ze", size, self.width_box), ("Resol&ution", self.dpi, self.dpi),
            ("Colour t&heme", self.theme, self.theme), ("T&ext size", self.text, self.text),
        ):  # fmt: skip
            label = QLabel(words)
            label.setBuddy(buddy)
            form.addRow(label, field)
        form.addRow("", self.title_box)
        form.addRow("", self.transparent)

    def _connect(self) -> None:
        for box in (self.subject, self.kind, self.theme):
            box.currentIndexChanged.connect(self._edited)
        self.unit.currentIndexChanged.connect(self._convert)
        for number in (self.width_box, self.height_box, self.dpi, self.text):
            number.valueChanged.connect(self._edited)
        for check in (self.title_box, self.transparent):
            check.toggled.connect(self._edited)

    def show_choice(self, choice: FigureChoice) -> None:
        """Show this in all controls, without a signal."""
        widgets = (self.subject, self.kind, self.theme, self.unit, self.width_box, self.height_box, self.dpi, self.text,
                   self.title_box, self.transparent)  # fmt: skip
        blockers = [QSignalBlocker(widget) for widget in widgets]
        for box, key in ((self.subject, choice.subject), (self.kind, choice.kind), (self.theme, choice.theme),
                         (self.unit, choice.unit)):  # fmt: skip
            box.show_item(key)
        self._bound(choice.unit)
        self.width_box.setValue(choice.width)
        self.height_box.setValue(choice.height)
        self.dpi.setValue(choice.dpi)
        self.text.setValue(100 * choice.text)
        self.title_box.setChecked(choice.title)
        self.transparent.setChecked(choice.transparent)
        del blockers
        self._enable()

    def _bound(self, unit: str) -> None:
        for box in (self.width_box, self.height_box):
            box.setDecimals(0 if unit == "px" else 1)
            box.setRange(*BOUNDS[unit])
            box.setSingleStep(50 if unit == "px" else 5)

    def _convert(self) -> None:
        """The same figure in the other unit."""
        unit = self.unit.currentData()
        share = MM_PER_INCH / self.dpi.value() if unit == "mm" else self.dpi.value() / MM_PER_INCH
        sides = [box.value() * share for box in (self.width_box, self.height_box)]
        blockers = [QSignalBlocker(box) for box in (self.width_box, self.height_box)]
        self._bound(unit)
        for box, side in zip((self.width_box, self.height_box), sides, strict=True):
            box.setValue(side)
        del blockers
        self._edited()

    def _enable(self) -> None:
        """Only what matters for the figure and its format can be changed."""
        subject, kind = self.subject.currentData(), self.kind.currentData()
        table, window = kind == "csv", subject == WINDOW
        model: Any = self.kind.model()
        model.item(self.kind.findData("csv")).setEnabled(subject not in (DASHBOARD, WINDOW))
        for widget in (self.width_box, self.height_box, self.unit):
            widget.setEnabled(not table and not window)
        pixels = kind == "png" or (self.unit.currentData() == "px" and not window)
        self.dpi.setEnabled(not table and pixels)
        for part in (self.theme, self.text, self.transparent, self.title_box):
            part.setEnabled(not table and not window)

    def _edited(self, *_: Any) -> None:
        if self.kind.currentData() == "csv" and self.subject.currentData() in (DASHBOARD, WINDOW):
            self.kind.show_item("png")
        self._enable()
        try:
            self._choice = msgspec.structs.replace(
                self._choice, subject=self.subject.currentData(), kind=self.kind.currentData(),
                width=self.width_box.value(), height=self.height_box.value(), unit=self.unit.currentData(),
                dpi=self.dpi.value(), theme=self.theme.currentData(), text=self.text.value() / 100,
                transparent=self.transparent.isChecked(), title=self.title_box.isChecked(),
            )  # fmt: skip
        except ValueError as error:
            self.changed.emit(str(error))
            return
        self.changed.emit(self._choice)


def _combo(words: str, least: int = 8) -> Combo:
    box = Combo()
    box.setMinimumContentsLength(least)
    _describe(box, words)
    return box


def _number(words: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    # Half-typed numbers are not yet sizes.
    box.setKeyboardTracking(False)
    box.setAccelerated(True)
    _describe(box, words)
    return box


def _check(title: str, words: str) -> QCheckBox:
    box = QCheckBox(title)
    _describe(box, words)
    return box


def _describe(widget: QWidget, words: str) -> None:
    widget.setToolTip(words)
    widget.setAccessibleName(words.split(":")[0].split(";")[0])
    widget.setAccessibleDescription(words)
