"""The line in which a formula is typed: fixed width, and a wave below the letter that is wrong."""

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QInputMethodEvent, QTextCharFormat
from PySide6.QtWidgets import QLineEdit, QWidget

from reluviz.core.formula import FormulaError, read
from reluviz.ui.inputs import Field

# A pause this long ends a thought: the formula is used if it is one, and what is wrong is told if it is not.
PAUSE_MS = 400
FAMILIES = ["DejaVu Sans Mono", "Consolas", "Menlo", "monospace"]


class FormulaField(Field):
    """Offers each formula that can be read, and tells what is wrong with the others; a refused text stays."""

    typed = Signal(str)
    """A formula that can be read."""
    told = Signal(str)
    """What is wrong with the text, as a sentence; empty when nothing is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formulaField")
        font = QFont()
        font.setFamilies(FAMILIES)
        font.setStyleHint(QFont.StyleHint.Monospace)
        self.setFont(font)
        self._waved = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._commit)
        self.textEdited.connect(self._listen)

    def show_text(self, text: str) -> None:
        """Show the formula in use; a text that is being typed, or was refused, stays unless another one comes."""
        if self.isModified() and text == self._shown:
            return
        self._pause.stop()
        if text != self.text():
            self._clear()
        super().show_text(text)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit; what is refused stays, with the sentence below it: it may have cost thought."""
        QLineEdit.focusOutEvent(self, event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._commit()

    def _listen(self) -> None:
        """While typing: what can be read clears the sentence at once, all else waits for a pause."""
        self._pause.start()
        try:
            read(self.text())
        except FormulaError:
            return
        self._clear()

    def _commit(self) -> None:
        self._pause.stop()
        if not self.isModified():
            return
        try:
            read(self.text())
        except FormulaError as problem:
            self._tell(problem)
            return
        self._clear()
        self.setModified(False)
        self._shown = self.text()
        self.typed.emit(self.text())

    def _tell(self, problem: FormulaError) -> None:
        sentence = str(problem)
        sentence = f"{sentence[0].upper()}{sentence[1:]}."
        self._mark(sentence)
        self._wave(problem.column)
        self.told.emit(sentence)

    def _clear(self) -> None:
        if self.property("wrong") or self._waved:
            self._mark("")
            self._wave(0)
            self.told.emit("")

    def _wave(self, column: int) -> None:
        """Draw a wave below a letter, counted from 1; 0 takes it away."""
        marks = []
        if 0 < column <= len(self.text()):
            look = QTextCharFormat()
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            look.setUnderlineColor(QColor(self.palette().color(self.foregroundRole())))
            place = column - 1 - self.cursorPosition()
            marks.append(QInputMethodEvent.Attribute(QInputMethodEvent.AttributeType.TextFormat, place, 1, look))
        self._waved = bool(marks)
        # The only way to dress single letters of a line edit; it changes no text.
        QCoreApplication.sendEvent(self, QInputMethodEvent("", marks))
