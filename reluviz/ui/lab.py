"""The lab: owns the settings, their undo stack and the engine; the one thing that widgets talk to."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from reluviz.core.landscape import Wish
from reluviz.core.record import next_number
from reluviz.core.settings import Settings
from reluviz.core.snapshot import Snapshot
from reluviz.core.surgery import Edit
from reluviz.engine.messages import (
    DEFAULT_SPEED,
    FASTEST,
    Adopt,
    Advance,
    Branched,
    Diverged,
    Edited,
    Event,
    Explore,
    Failed,
    Look,
    Pause,
    Play,
    Playing,
    Preparing,
    Ready,
    Recorded,
    Refused,
    Restart,
    Restarted,
    Seek,
    SetSpeed,
    Swapped,
)  # fmt: skip
from reluviz.engine.thread import TrainingThread
from reluviz.ui.edits import new_start
from reluviz.ui.lab_commands import PAST, BranchEdit, HandEdit, Manner, SettingsEdit

SPEEDS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0, FASTEST)


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
    recorded = Signal()
    """The record has another entry, or fewer: the session that would be saved is another."""
    branched = Signal(int)
    """Another course is the present, and where it is: one goes on from an earlier step, or was returned to."""
    past_changed = Signal(bool)
    """Whether an earlier step is looked at."""
    refused = Signal(str)
    treated = Signal(str)
    """A remedy is applied: which one, in words. What follows from it is told by the other signals."""
    keep_weights_changed = Signal(bool)
    diverged = Signal(int, str)
    failed = Signal(str)
    preparing = Signal(int, int, str)
    ready = Signal()
    playing_changed = Signal(bool)
    speed_changed = Signal(float)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Those in force; while a record is repeated the session's own are still to come.
        self.settings = settings.in_force(0)
        self._told = (settings, self.settings)
        self._serial = 0
        self._number = next_number(settings.record)
        # The last snapshot, and whether training has gone on beyond it.
        self.latest: Snapshot | None = None
        self.past = False
        self.undo_stack = QUndoStack(self)
        self.playing = False
        self.is_ready = False
        self.keep_weights = False
        self.speed = DEFAULT_SPEED
        self.last_trace = ""
        self._engine = TrainingThread(settings)
        self._engine.send(SetSpeed(self.speed))
        self._handlers: dict[type[Event], Callable[..., None]] = {
            Preparing: self._on_preparing,
            Ready: self._on_ready,
            Restarted: self._on_restarted,
            Swapped: self._on_swapped,
            Edited: self._on_edited,
            Recorded: self._on_recorded,
            Branched: lambda event: self.branched.emit(event.step),
            Refused: self._on_refused,
            Diverged: self._on_diverged,
            Failed: self._on_failed,
        }

    def start(self) -> None:
        """Start the engine; the lab is paused."""
        self._engine.start()

    @property
    def session(self) -> Settings:
        """The lab as a session stores it, with the record of what was done while it trained."""
        session, in_force = self._told
        if self.settings == in_force:
            return session
        # The engine has not answered yet.
        return self.settings if self.settings.model != in_force.model else self.settings.joined(session.record)

    def edit(
        self, settings: Settings, text: str = "", gesture: object = None, *, keeps: bool = False,
        rows: tuple[int, ...] = (), anew: bool = False,
    ) -> None:  # fmt: skip
        """Change the settings as one undo step; edits that carry the same gesture become one.

        Settings with a record start over and repeat it, with `anew` any others start over, too. With `keeps` other
        activations do not start the runs over, with `rows` other runs do not: copies of earlier ones (messages.Adopt).
        """
        fresh = anew or (bool(settings.record) and settings.record != self.session.record)
        if not fresh and (settings.plain == self.settings or settings == self.session):
            return
        manner = Manner(keeps or self.keep_weights, rows, fresh)
        same = settings.model == self.settings.model or manner.keeps
        live = manner.keeps_all(len(self.settings.runs)) if rows else same
        # What starts over brings its record back when it is undone.
        self._push(self.settings if live and not fresh else self.session, settings, text, gesture, manner)

    def _push(self, before: Settings, after: Settings, text: str, gesture: object, manner: Manner) -> None:
        self.editing.emit()
        self.undo_stack.push(SettingsEdit(self._adopt, before, after, text, gesture, manner))

    def operate(self, edit: Edit) -> None:
        """Edit a running network by hand, as one undo step; of an earlier step it is refused."""
        if self.past:
            self.refused.emit(PAST)
            return
        self.undo_stack.push(HandEdit(self._engine.send, edit, self._next_number))

    def seek(self, step: int | None) -> None:
        """Look at an earlier step; None: return to now."""
        self._engine.send(Seek(step))

    def step_back(self) -> None:
        """Look at the step before the one that is shown."""
        if self.latest is not None and self.latest.step > 0:
            self.seek(self.latest.step - 1)

    def branch(self) -> None:
        """Go on from the earlier step that is looked at, as one undo step: undone, the present course is back."""
        if self.past and self.latest is not None:
            self.undo_stack.push(BranchEdit(self._engine.send, self.latest.step, self._next_number()))

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
        shot = self._engine.frames.take()
        if shot is not None:
            self.latest = shot
            self._set_past(shot.present >= 0)
        return shot

    def play(self) -> None:
        """Train until paused; from an earlier step on, if one is looked at."""
        self.branch()
        self._set_past(False)
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
        """Go back to step 0 with the same start. What was recorded since is dropped, which can be undone."""
        if self.session.record:
            self._push(self.session, self.settings, "reset", None, Manner(restart=True))
        else:
            self._engine.send(Restart())

    def repeat(self) -> None:
        """Go back to step 0 and do again what was recorded since."""
        self._engine.send(Restart(repeat=True))

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

    def _adopt(self, settings: Settings, manner: Manner) -> None:
        self.settings = settings.in_force(0)
        self._serial += 1
        # What was exchanged with the weights kept is undone with the weights kept, even after the switch was turned.
        keeps = manner.keeps or self.keep_weights
        self._engine.send(Adopt(settings, keeps, manner.rows, manner.restart, self._serial))
        self.settings_changed.emit(self.settings)

    def _next_number(self) -> int:
        number, self._number = self._number, self._number + 1
        return number

    def _set_playing(self, playing: bool) -> None:
        if playing != self.playing:
            self.playing = playing
            self.playing_changed.emit(playing)

    def _set_past(self, past: bool) -> None:
        if past != self.past:
            self.past = past
            self.past_changed.emit(past)

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

    def _on_recorded(self, event: Recorded) -> None:
        if event.serial != self._serial:
            # Of before the last edit: the answer to that one is on its way.
            return
        self._told = (event.session, event.settings)
        self._number = max(self._number, next_number(event.session.record))
        if self.settings != event.settings:
            self.settings = event.settings
            self.settings_changed.emit(event.settings)
        self.recorded.emit()

    def _on_refused(self, event: Refused) -> None:
        self.refused.emit(event.sentence)

    def _on_diverged(self, event: Diverged) -> None:
        self.diverged.emit(event.run, event.sentence)

    def _on_failed(self, event: Failed) -> None:
        self.last_trace = event.trace
        self.failed.emit(event.sentence)
