"""What is to be used of a person's own file: a preview, the choices, one sentence of what follows from them."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from reluviz.ui.data_pages import PAGES
from reluviz.ui.data_words import home_text, size_text, usage
from reluviz.ui.inputs import RETURN
from reluviz.ui.reading_watch import ReadingWatch
from reluviz.ui.theme import DARK, LIGHT

# Up to this size a file is read at once, while the person still chooses; a larger one is read when asked for.
EAGER_BYTES = 8_000_000
# Choices that follow each other quickly start one reading.
REST_MS = 250
# The width in letters, so that it follows the size of the text; never more than this share of the screen.
LETTERS = 138
MOST_OF_SCREEN = 0.92


class DataDialog(QDialog):
    """Asks how a file is to be used. `chosen` carries the settled source; a dialog that is closed changes nothing."""

    chosen = Signal(object)

    def __init__(self, source: Any, size: int, watch: ReadingWatch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watch = watch
        self._size = size
        self._wanted = False
        self.settled: Any = None
        self.setWindowTitle(f"Own data: {Path(source.path).name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.page = PAGES[type(source)](source)
        self.page.changed.connect(self._begin)
        self.heading = self._make_heading(source)
        self.sentence = QLabel()
        self.sentence.setObjectName("dataSentence")
        self.sentence.setWordWrap(True)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.sentence.setMinimumHeight(2 * self.fontMetrics().lineSpacing() + 4)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._make_controls()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._read)
        watch.progressed.connect(self._progress)
        watch.settled.connect(self._take)
        watch.refused.connect(self._refuse)
        self._arrange()
        self.page.setFocus()
        self._dress()
        self._begin()

    @property
    def reading(self) -> bool:
        """Whether the whole file is being read."""
        return self._watch.busy

    def done(self, result: int) -> None:
        """Close; whatever is being read is no longer wanted."""
        self._rest.stop()
        self._watch.progressed.disconnect(self._progress)
        self._watch.settled.disconnect(self._take)
        self._watch.refused.disconnect(self._refuse)
        self._watch.cancel()
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field commits the field and no more."""
        if event.key() in RETURN and isinstance(self.focusWidget(), QLineEdit):
            event.accept()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "page"):
            self._dress()

    def _make_controls(self) -> None:
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName("How much of the file has been read")
        self.stop = QPushButton("&Stop reading")
        self.stop.setAutoDefault(False)
        self.stop.setToolTip("Stop reading; the choices stay as they are")
        self.stop.clicked.connect(self._halt)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.use = self.buttons.addButton("&Use this data", QDialogButtonBox.ButtonRole.AcceptRole)
        self.use.setDefault(True)
        self.use.setToolTip("Train on this data; the change can be undone")
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setToolTip("Leave the lab as it is")
        # The style's own cross is drawn for a light button.
        cancel.setIcon(QIcon())
        self.buttons.accepted.connect(self._ask)
        self.buttons.rejected.connect(self.reject)

    def _make_heading(self, source: Any) -> QWidget:
        path = str(Path(source.path))
        name = QLabel(Path(path).name)
        name.setObjectName("dataName")
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setToolTip(path)
        facts = [home_text(str(Path(path).parent)), size_text(self._size)]
        self._facts = facts
        self.facts = QLabel()
        self.facts.setObjectName("caption")
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setToolTip(path)
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        heading = QWidget()
        row = QHBoxLayout(heading)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(name)
        row.addWidget(self.facts, 1)
        return heading

    def _arrange(self) -> None:
        reading = QHBoxLayout()
        reading.setSpacing(12)
        reading.addWidget(self.bar, 1)
        reading.addWidget(self.stop)
        self._reading_row = QWidget()
        self._reading_row.setLayout(reading)
        reading.setContentsMargins(0, 0, 0, 0)
        policy = self._reading_row.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._reading_row.setSizePolicy(policy)
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(self._reading_row, 1)
        foot.addWidget(self.buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(12)
        column.addWidget(self.heading)
        column.addWidget(self.page, 1)
        column.addWidget(self.sentence)
        column.addLayout(foot)
        metrics = self.fontMetrics()
        wanted = QSize(metrics.averageCharWidth() * LETTERS, metrics.lineSpacing() * self.page.lines)
        self.resize(wanted.boundedTo(self.screen().availableSize() * MOST_OF_SCREEN))

    def _dress(self) -> None:
        dark = self.palette().window().color().lightness() < 128
        self.page.show_theme(DARK if dark else LIGHT)

    def _begin(self) -> None:
        """The choices are other ones: what was read no longer holds."""
        self._wanted = False
        self.settled = None
        self._watch.cancel()
        self._rest.stop()
        self._show_reading(False)
        self.facts.setText(" · ".join((*self._facts, self.page.facts()) if self.page.facts() else self._facts))
        if self.page.problem:
            self._say(self.page.problem, wrong=True)
        elif self._size <= EAGER_BYTES:
            # The old sentence stays for this moment, lest it flicker.
            self.use.setEnabled(True)
            self._rest.start()
        else:
            self._say(f"The file has {size_text(self._size)}: it is read as a whole when you use it.")

    def _ask(self) -> None:
        """The person wants it: at once if it has been read, else as soon as it has."""
        if self.settled is not None:
            self._finish()
            return
        self._wanted = True
        self._rest.stop()
        self.use.setEnabled(False)
        self.page.setEnabled(False)
        if not self._watch.busy:
            self._read()

    def _read(self) -> None:
        self._watch.start(self.page.source)

    def _halt(self) -> None:
        self._watch.cancel()
        self._wanted = False
        self._show_reading(False)
        self._say("Reading was stopped: it starts again when you use the data or change a choice.")

    def _progress(self, done: float) -> None:
        if not self._reading_row.isVisible():
            self._show_reading(True)
            self._say("Reading the whole file…", wait=True)
        self.bar.setValue(round(1000 * done))

    def _take(self, source: Any, contents: Any) -> None:
        self.settled = source
        self._show_reading(False)
        self._say(usage(source, contents) if contents is not None else "")
        if self._wanted:
            self._finish()

    def _refuse(self, sentence: str, problem: object) -> None:
        del problem
        self._wanted = False
        self._show_reading(False)
        self._say(sentence, wrong=True)

    def _finish(self) -> None:
        settled = self.settled
        self.accept()
        self.chosen.emit(settled)

    def _show_reading(self, on: bool) -> None:
        self.page.setEnabled(not self._wanted)
        self.bar.setValue(0)
        self._reading_row.setVisible(on)

    def _say(self, text: str, *, wrong: bool = False, wait: bool = False) -> None:
        self.use.setEnabled(not wrong and not (wait and self._wanted))
        self.sentence.setText(text)
        self.sentence.setProperty("wrong", wrong)
        self.sentence.style().unpolish(self.sentence)
        self.sentence.style().polish(self.sentence)
        self.sentence.setAccessibleName(text)
