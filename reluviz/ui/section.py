"""A heading that folds what is below it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from reluviz.ui.elided import ElidedLabel


class Section(QWidget):
    """A collapsible part of a panel; beside the heading there is room for a few words on what is inside."""

    def __init__(self, title: str, *, unfolded: bool = True, look: str = "section") -> None:
        """`look` is the heading's name in the style sheet."""
        super().__init__()
        self.header = QToolButton()
        self.header.setObjectName(look)
        self.header.setText(title)
        self.header.setCheckable(True)
        self.header.setChecked(True)
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.setArrowType(Qt.ArrowType.DownArrow)
        self.header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.header.setAccessibleName(title)
        self.header.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.header.setToolTip(f"Fold or unfold {title}")
        self.header.toggled.connect(self._fold)
        self._note = ElidedLabel()
        self._note.setObjectName("caption")
        self._note.hide()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.header)
        head.addWidget(self._note, 1)
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 2, 0, 10)
        self._column.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._body)
        self.header.setChecked(unfolded)

    @property
    def words(self) -> str:
        """What is said beside the heading."""
        return self._note.text()

    def add(self, widget: QWidget) -> None:
        """Put a widget at the end."""
        self._column.addWidget(widget)

    def note(self, words: str) -> None:
        """Say beside the heading what is inside; empty says nothing."""
        self._note.setText(words)
        self._note.setVisible(bool(words))
        policy = QSizePolicy.Policy.Preferred if words else QSizePolicy.Policy.Expanding
        self.header.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
        self.header.setAccessibleDescription(words)

    def rest(self, why: str) -> None:
        """Take no edits, for a reason in words; empty: take them again."""
        self._body.setEnabled(not why)
        self._body.setToolTip(why)

    def _fold(self, open_: bool) -> None:
        self._body.setVisible(open_)
        self.header.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
