"""The steps of a lab's undo stack."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QUndoCommand

from reluviz.core.settings import Settings
from reluviz.core.surgery import Edit
from reluviz.engine.messages import Command, Continue, Operate, Reunite, TakeBack
from reluviz.ui.wording import describe_change, describe_edit

PAST = "an earlier step cannot be changed: continue from here, or return to now"


@dataclass(frozen=True, slots=True)
class Manner:
    """How settings are taken over: with the weights kept, with other runs (messages.Adopt), or from step 0."""

    keeps: bool = False
    rows: tuple[int, ...] = ()
    restart: bool = False

    def back(self, runs: int) -> "Manner":
        """How it is undone, where there were so many runs before; one that was taken away has to start over."""
        if not self.rows:
            return self
        if not self.keeps_all(runs):
            return Manner(restart=True)
        return Manner(self.keeps, tuple(self.rows.index(run) for run in range(runs)))

    def keeps_all(self, runs: int) -> bool:
        """Whether each of so many runs is still there, if runs are named at all."""
        return set(self.rows) == set(range(runs))


class SettingsEdit(QUndoCommand):
    """One step in the undo stack: the settings before and after; edits of one gesture become one step."""

    def __init__(
        self, adopt: Callable[[Settings, Manner], None], before: Settings, after: Settings, text: str, gesture: object,
        manner: Manner,
    ) -> None:  # fmt: skip
        super().__init__(text or describe_change(before, after))
        self._adopt = adopt
        self._before = before
        self._after = after
        self._named = bool(text)
        self._gesture = gesture
        self._manner = manner

    def id(self) -> int:
        """Qt tries to merge neighbours with the same number; -1 means never."""
        return -1 if self._gesture is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Swallow a later edit of the same gesture."""
        if not isinstance(other, SettingsEdit) or other._gesture != self._gesture:
            return False
        self._after = other._after
        if not self._named:
            self.setText(describe_change(self._before, self._after))
        self.setObsolete(self._after == self._before)
        return True

    def redo(self) -> None:
        """Apply the edit."""
        self._adopt(self._after, self._manner)

    def undo(self) -> None:
        """Take the edit back."""
        self._adopt(self._before, self._manner.back(len(self._before.runs)))


class HandEdit(QUndoCommand):
    """An edit of a running network by hand; taken back, what it changed gets its old values."""

    def __init__(self, send: Callable[[Command], None], edit: Edit, number: Callable[[], int]) -> None:
        """`number` gives one that no other edit has."""
        super().__init__(describe_edit(edit))
        self._send, self._edit, self._number = send, edit, number
        self._token = -1

    def redo(self) -> None:
        """Do it."""
        self._token = self._number()
        self._send(Operate(self._edit, self._token))

    def undo(self) -> None:
        """Take it back."""
        self._send(TakeBack(self._token))


class BranchEdit(QUndoCommand):
    """Going on from an earlier step; undone, the course that was left is the present again."""

    def __init__(self, send: Callable[[Command], Any], step: int, token: int) -> None:
        super().__init__(f"continue from step {step}")
        self._send, self._token, self._done = send, token, False

    def redo(self) -> None:
        """Leave the present course, or leave it again."""
        self._send(Reunite(self._token) if self._done else Continue(self._token))
        self._done = True

    def undo(self) -> None:
        """Return to it."""
        self._send(Reunite(self._token))
