"""A form of which the seldom used part is folded away; what is in use there is told by the heading."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from reluviz.core.param import Described, parameters
from reluviz.ui.editors import Editor
from reluviz.ui.form import Form
from reluviz.ui.section import Section
from reluviz.ui.wording import lowered


class FoldedForm(QWidget):
    """Two forms of one value: the first always open, `more` below a heading that folds it."""

    edited = Signal(object, object)
    """The new value, and the gesture it belongs to."""

    def __init__(self, owner: type[Described], scope: str, more: tuple[str, ...]) -> None:
        super().__init__()
        self._described = {parameter.name: parameter for parameter in parameters(owner) if parameter.name in more}
        rest = tuple(parameter.name for parameter in parameters(owner) if parameter.name not in more)
        self._often, self._seldom = Form(owner, scope, more), Form(owner, scope, rest)
        self.editors: dict[str, Editor] = self._often.editors | self._seldom.editors
        self.more = Section("More", unfolded=False)
        self.more.add(self._seldom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._often)
        column.addWidget(self.more)
        self._often.edited.connect(self.edited)
        self._seldom.edited.connect(self.edited)

    def show_value(self, value: Any) -> None:
        """Show a value; emits nothing."""
        self._often.show_value(value)
        self._seldom.show_value(value)
        used = [
            lowered(parameter.kind.title)
            for name, parameter in self._described.items()
            if getattr(value, name) != parameter.default
        ]
        self.more.note(", ".join(used))
