"""The dialog that shows a figure before it is saved or copied."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from reluviz.ui.export import ExportError, Look, Subject, ViewSubject
from reluviz.ui.export_choice import FigureChoice
from reluviz.ui.export_form import KIND_TITLES, ExportForm
from reluviz.ui.export_formats import picture
from reluviz.ui.export_preview import ExportPreview
from reluviz.ui.export_size import Size
from reluviz.ui.export_table import checked_table, lines
from reluviz.ui.inputs import RETURN, press
from reluviz.ui.theme import DARK, LIGHT

# Changes that follow each other quickly make one picture; what trains is shown anew so often.
REST_MS, LIVE_MS = 120, 1000
SIZE = QSize(1060, 620)
# How many rows of a table are looked at.
ROWS = 40


class Office(Protocol):
    """Who knows the figures and can save them."""

    @property
    def titles(self) -> Mapping[str, str]:
        """All that can be exported, by key."""

    @property
    def folder(self) -> Path:
        """Where the last figure went."""

    def subject(self, key: str) -> Subject:
        """What a key stands for now."""

    def size(self, choice: FigureChoice) -> Size:
        """The size of a choice; raises ValueError."""

    def look(self, choice: FigureChoice) -> Look:
        """The dress of a choice."""

    def remember(self, choice: FigureChoice) -> None:
        """Begin with this the next time."""

    def write(self, choice: FigureChoice, path: Path) -> None:
        """Save it; raises ExportError."""

    def copy(self, choice: FigureChoice) -> None:
        """Put it on the clipboard; raises ExportError."""


class ExportDialog(QDialog):
    """Form on the left, preview on the right, what comes of it below."""

    def __init__(self, office: Office, choice: FigureChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office, self._choice = office, choice
        self._shown: tuple[Any, ...] = ()
        self.setWindowTitle("Export figure")
        self.form = ExportForm(office.titles, choice)
        dark = self.palette().window().color().lightness() < 128
        theme = DARK if dark else LIGHT
        self.form.set_theme(theme)
        self.preview = ExportPreview(theme)
        self.result_line = QLabel()
        self.result_line.setObjectName("dim")
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.message.setStyleSheet(f"color: {theme.error};")
        self.save_button = _button("&Save…", "Choose a name and a folder, and save the figure")
        self.copy_button = _button("&Copy", "Put the figure on the clipboard; a table as cells for a spreadsheet")
        self.close_button = _button("Close", "Close this dialog; the choices are kept")
        self.save_button.setDefault(True)
        self._lay_out()
        self.resize(SIZE)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.refresh)
        self._live = QTimer(self, interval=LIVE_MS)
        self._live.timeout.connect(self._follow)
        self._live.start()
        self.form.changed.connect(self._edited)
        self.save_button.clicked.connect(self._save)
        self.copy_button.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.accept)
        self.finished.connect(self._end)
        self._rest.start()

    def _lay_out(self) -> None:
        self.form.setFixedWidth(self.form.sizeHint().width() + 10)
        left = QVBoxLayout()
        left.addWidget(self.form)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.preview, 1)
        right.addWidget(self.result_line)
        middle = QHBoxLayout()
        middle.setSpacing(20)
        middle.addLayout(left)
        middle.addLayout(right, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.message, 1)
        for button in (self.close_button, self.copy_button, self.save_button):
            buttons.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 18, 18, 14)
        whole.setSpacing(14)
        whole.addLayout(middle, 1)
        whole.addLayout(buttons)

    @property
    def choice(self) -> FigureChoice:
        """What is chosen now."""
        return self._choice

    @property
    def file_name(self) -> str:
        """The name that is proposed."""
        return f"{self._choice.subject}.{self._choice.kind}"

    def refresh(self) -> None:
        """Draw the preview of what is chosen now; what cannot be exported is said instead."""
        self._rest.stop()
        self._say("")
        try:
            self._show(self._office.subject(self._choice.subject))
            self._enable(True)
        except (ExportError, ValueError) as error:
            self.preview.show_words(str(error))
            self.result_line.setText("")
            self._enable(False)

    def _show(self, subject: Subject) -> None:
        self._shown = _states(subject)
        if self._choice.kind == "csv" and isinstance(subject, ViewSubject):
            table = checked_table(subject.view)
            self.preview.show_rows(lines(table, ROWS), f"{table.rows} rows, {len(table.names)} columns")
            self.result_line.setText(self.file_name)
            return
        size = self._office.size(self._choice)
        room, ratio = self.preview.room, self.devicePixelRatioF()
        across, down = size.inches
        dpi = min(room.width() / across, room.height() / down) * ratio
        image = picture(subject, size, self._office.look(self._choice), dpi)
        image.setDevicePixelRatio(ratio)
        self.preview.show_image(image)
        self.result_line.setText(f"{self.file_name}: {size.words if self._choice.kind == 'png' else size.paper_words}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The preview fills its room."""
        super().resizeEvent(event)
        self._rest.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the focused button, as in the window, and settles a number; elsewhere it saves."""
        focused = self.focusWidget()
        settles = isinstance(focused, QAbstractSpinBox)
        if event.key() not in RETURN or not (settles or press(focused)):
            super().keyPressEvent(event)

    def _follow(self) -> None:
        """While training goes on, the preview shows what would be saved."""
        if _states(self._office.subject(self._choice.subject)) != self._shown:
            self.refresh()

    def _edited(self, choice: FigureChoice | str) -> None:
        if isinstance(choice, str):
            self._rest.stop()
            self.preview.show_words(choice)
            self.result_line.setText("")
            self._enable(False)
            return
        self._choice = choice
        self._rest.start()

    def _enable(self, possible: bool) -> None:
        self.save_button.setEnabled(possible)
        self.copy_button.setEnabled(possible)

    def _save(self) -> None:
        kind = self._choice.kind
        start = str(self._office.folder / self.file_name)
        words = f"{KIND_TITLES[kind][0]} (*.{kind})"
        name, _ = QFileDialog.getSaveFileName(self, "Save figure", start, words)
        if name:
            self.write(Path(name) if Path(name).suffix else Path(f"{name}.{kind}"))

    def write(self, path: Path) -> None:
        """Save the figure and close; what fails is said, and the dialog stays."""
        try:
            self._office.write(self._choice, path)
        except ExportError as error:
            self._say(str(error))
            return
        self.accept()

    def _copy(self) -> None:
        try:
            self._office.copy(self._choice)
        except ExportError as error:
            self._say(str(error))
            return
        self._say("")
        self.copy_button.setText("&Copied")
        QTimer.singleShot(1500, self, self._copied)

    def _copied(self) -> None:
        self.copy_button.setText("&Copy")

    def _say(self, sentence: str) -> None:
        self.message.setText(sentence)
        self.message.setToolTip(sentence)

    def _end(self) -> None:
        self._live.stop()
        self._rest.stop()
        self._office.remember(self._choice)
        self.deleteLater()


def _states(subject: Subject) -> tuple[Any, ...]:
    """What the views of a subject have drawn last."""
    return tuple(view.snapshot for view in subject.views)


def _button(title: str, words: str) -> QPushButton:
    button = QPushButton(title)
    button.setToolTip(words)
    button.setAccessibleName(title.replace("&", "").replace("…", ""))
    button.setAccessibleDescription(words)
    button.setAutoDefault(False)
    return button
