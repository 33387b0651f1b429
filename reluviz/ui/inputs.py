"""The plain inputs that editors are made of: they leave the wheel and the window's keys alone unless asked."""

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QSlider, QToolButton, QWidget

RETURN = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})


def press(widget: QWidget | None) -> bool:
    """Press a button as a click would; True if it was one. Space belongs to training, so Enter presses buttons."""
    if not isinstance(widget, QAbstractButton) or not widget.isEnabled():
        return False
    if isinstance(widget, QToolButton) and widget.menu() is not None:
        widget.showMenu()
    else:
        widget.click()
    return True


class Combo(QComboBox):
    """A combo box that lets the page scroll unless it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only when focused."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def show_item(self, key: object) -> None:
        """Select an item by its key without a signal."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(key))


class Slider(QSlider):
    """A horizontal slider that keeps its arrow keys and lets the page scroll unless it has the focus."""

    def __init__(self, steps: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, steps)
        self.setPageStep(max(1, steps // 10))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def event(self, event: QEvent) -> bool:
        """Claim the arrow keys before a shortcut of the window takes them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in ARROWS:
            event.accept()
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only when focused."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def show_value(self, notch: int) -> None:
        """Move without a signal."""
        with QSignalBlocker(self):
            self.setValue(notch)


class Field(QLineEdit):
    """A text field that commits on Enter and when it loses the focus, and keeps a refused text in sight."""

    committed = Signal(str)
    left = Signal()
    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._help = ""
        self._shown = ""
        self.returnPressed.connect(self._commit)

    def set_help(self, text: str) -> None:
        """The tooltip while the text is fine."""
        self._help = text
        self.setToolTip(text)

    def show_text(self, text: str) -> None:
        """Show a committed value; a text being typed stays unless the value itself has changed."""
        if self.hasFocus() and self.isModified() and text == self._shown:
            return
        self._shown = text
        if text != self.text():
            self.setText(text)
        self.setModified(False)
        self._mark("")

    def refuse(self, sentence: str) -> None:
        """Turn red and say why."""
        self._mark(sentence)

    def show_refused(self, text: str, sentence: str) -> None:
        """Keep a text in sight that was refused after all; leaving the field takes it back."""
        self.setText(text)
        self._mark(sentence)

    def event(self, event: QEvent) -> bool:
        """Leave undo to the window while there is no typing to undo."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() == Qt.Key.Key_Z
            if undo and not self.isModified():
                event.ignore()
                return False
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit; what is refused goes back to the last value."""
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return
        self._commit()
        if self.property("wrong"):
            self.setText(self._shown)
            self.setModified(False)
            self._mark("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down turn the value; Escape takes the typing back."""
        turns = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        if event.key() in turns:
            self.turned.emit(turns[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setModified(False)
            self.show_text(self._shown)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the value, only when focused."""
        if self.hasFocus() and event.angleDelta().y():
            self.turned.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            event.ignore()

    def _commit(self) -> None:
        if self.isModified():
            self.committed.emit(self.text())

    def _mark(self, sentence: str) -> None:
        wrong = bool(sentence)
        self.setToolTip(sentence or self._help)
        self.setAccessibleDescription(sentence or self._help)
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            self.style().unpolish(self)
            self.style().polish(self)
