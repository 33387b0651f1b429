"""The lab: owns the settings, their undo stack and the engine; the one thing that widgets talk to."""

from collections.abc import Callable
from itertools import count

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from reluviz.core.landscape import Wish
from reluviz.core.settings import Settings
from reluviz.core.snapshot import Snapshot
from reluviz.core.surgery import Edit
from reluviz.engine.messages import (
    DEFAULT_SPEED,
    FASTEST,
    Adopt,
    Advance,
    Command,
    Diverged,
    Edited,
    Event,
    Explore,
    Failed,
    Look,
    Operate,
    Pause,
    Play,
    Playing,
    Preparing,
    Ready,
    Refused,
    Restart,
    Restarted,
    SetSpeed,
    Swapped,
    TakeBack,
)
from reluviz.engine.thread import TrainingThread
from reluviz.ui.edits import new_start
from reluviz.ui.wording import describe_change, describe_edit

SPEEDS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0, FASTEST)


class SettingsEdit(QUndoCommand):
    """One step in the undo stack: the settings before and after; edits of one gesture become one step.

    `adopt` takes the settings and whether the weights are to be kept, which is decided when the edit is made.
    """

    def __init__(
        self, adopt: Callable[[Settings, bool], None], before: Settings, after: Settings, text: str, gesture: object,
        keeps: bool,
    ) -> None:  # fmt: skip
        super().__init__(text or describe_change(before, after))
        self._adopt = adopt
        self._before = before
        self._after = after
        self._named = bool(text)
        self._gesture = gesture
        self._keeps = keeps

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
        self._adopt(self._after, self._keeps)

    def undo(self) -> None:
        """Take the edit back."""
        self._adopt(self._before, self._keeps)


class HandEdit(QUndoCommand):
    """An edit of a running network by hand; taken back, what it changed gets its old values."""

    def __init__(self, send: Callable[[Command], None], edit: Edit, token: int) -> None:
        super().__init__(describe_edit(edit))
        self._send, self._edit, self._token = send, edit, token

    def redo(self) -> None:
        """Do it."""
        self._send(Operate(self._edit, self._token))

    def undo(self) -> None:
        """Take it back."""
        self._send(TakeBack(self._token))


class Lab(QObject):
    """What the window shows and edits. Its signals carry rare events; frames are fetched with `poll`."""

    settings_changed = Signal(object)
    editing = Signal()
    """A new edit is about to be put on the undo stack."""
    restarted = Signal(str)
    swapped = Signal(int)
    """Activations were exchanged at this step, with all weights kept."""
    edited = Signal(int, bool, bool)
    """A network was edited by hand at this step; whether an edit was undone; whether there was anything to undo."""
    refused = Signal(str)
    keep_weights_changed = Signal(bool)
    diverged = Signal(int, str)
    failed = Signal(str)
    preparing = Signal(int, int, str)
    ready = Signal()
    playing_changed = Signal(bool)
    speed_changed = Signal(float)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.undo_stack = QUndoStack(self)
        self.playing = False
        self.is_ready = False
        self.keep_weights = False
        self.speed = DEFAULT_SPEED
        self.last_trace = ""
        self._tokens = count()
        self._engine = TrainingThread(settings)
        self._engine.send(SetSpeed(self.speed))
        self._handlers: dict[type[Event], Callable[..., None]] = {
            Preparing: self._on_preparing,
            Ready: self._on_ready,
            Restarted: self._on_restarted,
            Swapped: self._on_swapped,
            Edited: self._on_edited,
            Refused: self._on_refused,
            Diverged: self._on_diverged,
            Failed: self._on_failed,
        }

    def start(self) -> None:
        """Start the engine; the lab is paused."""
        self._engine.start()

    def edit(self, settings: Settings, text: str = "", gesture: object = None) -> None:
        """Change the settings as one undo step; edits that carry the same gesture become one."""
        if settings != self.settings:
            self.editing.emit()
            edit = SettingsEdit(self._adopt, self.settings, settings, text, gesture, self.keep_weights)
            self.undo_stack.push(edit)

    def operate(self, edit: Edit) -> None:
        """Edit a running network by hand, as one undo step."""
        self.undo_stack.push(HandEdit(self._engine.send, edit, next(self._tokens)))

    def poll(self) -> Snapshot | None:
        """Report what happened and return the newest snapshot, if there is a new one."""
        playing = self.playing
        for event in self._engine.events():
            if isinstance(event, Playing):
                # One step is a play and a pause at once: only the last word counts.
                playing = event.playing
            else:
                self._handlers[type(event)](event)
        self._set_playing(playing)
        return self._engine.frames.take()

    def play(self) -> None:
        """Train until paused."""
        self._engine.send(Play())
        self._set_playing(True)

    def pause(self) -> None:
        """Stop training, keep everything."""
        self._engine.send(Pause())
        self._set_playing(False)

    def step(self, steps: int = 1) -> None:
        """Train a few steps, then pause."""
        self._engine.send(Advance(steps))

    def epoch(self) -> None:
        """Train to the end of the epoch, then pause."""
        self._engine.send(Advance(epoch=True))

    def reset(self) -> None:
        """Go back to step 0 with the same start."""
        self._engine.send(Restart())

    def new_seed(self) -> None:
        """Start over from other random draws."""
        self.edit(new_start(self.settings))

    def set_speed(self, steps_per_second: float) -> None:
        """Train this many steps a second at most."""
        if steps_per_second == self.speed:
            return
        self.speed = steps_per_second
        self._engine.send(SetSpeed(steps_per_second))
        self.speed_changed.emit(steps_per_second)

    def set_keep_weights(self, keep: bool) -> None:
        """Whether runs go on from their present weights when an activation is exchanged."""
        if keep != self.keep_weights:
            self.keep_weights = keep
            self.keep_weights_changed.emit(keep)

    def look(
        self, runs: tuple[int, ...] | None, neuron: tuple[int, int] | None, needs: frozenset[str] = frozenset()
    ) -> None:
        """Say which runs, which neuron and which larger parts of a snapshot the views show."""
        self._engine.send(Look(runs, neuron, needs))

    def survey(self, wish: Wish | None) -> None:
        """Compute a loss landscape while training goes on; snapshots tell how far it is. None: no longer."""
        self._engine.send(Explore(wish))

    def close(self) -> bool:
        """End the engine and wait for it, 2 s at most; safe to call twice."""
        # The stack empties itself when it is destroyed, and would tell those who are gone already.
        self.undo_stack.blockSignals(True)
        # Nor may it find commands then that the garbage collector has deleted before it.
        self.undo_stack.clear()
        return self._engine.stop(2.0)

    def _adopt(self, settings: Settings, keeps: bool) -> None:
        self.settings = settings
        # What was exchanged with the weights kept is undone with the weights kept, even after the switch was turned.
        self._engine.send(Adopt(settings, swap=keeps or self.keep_weights))
        self.settings_changed.emit(settings)

    def _set_playing(self, playing: bool) -> None:
        if playing != self.playing:
            self.playing = playing
            self.playing_changed.emit(playing)

    def _on_preparing(self, event: Preparing) -> None:
        self.preparing.emit(event.done, event.total, event.name)

    def _on_ready(self, event: Ready) -> None:
        self.is_ready = True
        self.ready.emit()

    def _on_restarted(self, event: Restarted) -> None:
        self.restarted.emit(event.reason)

    def _on_swapped(self, event: Swapped) -> None:
        self.swapped.emit(event.step)

    def _on_edited(self, event: Edited) -> None:
        self.edited.emit(event.step, event.undone, event.known)

    def _on_refused(self, event: Refused) -> None:
        self.refused.emit(event.sentence)

    def _on_diverged(self, event: Diverged) -> None:
        self.diverged.emit(event.run, event.sentence)

    def _on_failed(self, event: Failed) -> None:
        self.last_trace = event.trace
        self.failed.emit(event.sentence)
