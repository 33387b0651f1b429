"""The training loop as a generator: drain commands, train one slice, publish a snapshot when it is wanted.

The thread only turns the crank; a test needs no thread at all.
"""

import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue

from reluviz.core.settings import Settings
from reluviz.core.snapshot import LANDSCAPE, Snapshot
from reluviz.core.surgery import Edit
from reluviz.core.trainer import Trainer
from reluviz.engine.explorer import Explorer
from reluviz.engine.mailbox import Mailbox
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
    Refused,
    Restart,
    Restarted,
    SetSpeed,
    Stop,
    Swapped,
    TakeBack,
)

# A slice between two looks at the commands. Each return to Python waits for the GIL, so shorter ones cost speed.
SLICE_S = 0.008
# Snapshots may take at most this share of the training thread's time ...
SNAPSHOT_SHARE = 0.1
# ... and of large networks more, up to so much, if they would come more rarely than every so many seconds.
LARGE_SHARE, RARE_S = 0.25, 0.05


@dataclass
class Wires:
    """Two kinds of wire: nothing lost, and newest only."""

    commands: "SimpleQueue[Command]" = field(default_factory=SimpleQueue)
    events: "SimpleQueue[Event]" = field(default_factory=SimpleQueue)
    frames: "Mailbox[Snapshot]" = field(default_factory=Mailbox)


class Loop:
    """The state of the loop between two slices; `turn` does one."""

    def __init__(
        self,
        wires: Wires,
        settings: Settings,
        clock: Callable[[], float] = time.perf_counter,
        prepare: Callable[[str], bool] = lambda precision: True,
    ) -> None:
        """`prepare` gets the kernels of a precision ready before they are needed; False if they will not be."""
        self._wires = wires
        self._clock = clock
        self._prepare = prepare
        self._trainer = Trainer(settings)
        self._explorer = Explorer(wires.events, clock)
        self._playing = False
        self._goal: int | None = None
        self._speed = DEFAULT_SPEED
        self._look = Look()
        self._seconds = 0.0
        self._pace = (clock(), 0)
        # The first slice is one step: a step of the largest networks takes half a second.
        self._per_step = SLICE_S
        self._reported: set[int] = set()
        self._next_snapshot = 0.0
        self._stale = True
        self.stopped = False

    def turn(self) -> bool:
        """One turn of the crank; True if there is more to do at once."""
        self._obey()
        if self.stopped:
            return False
        trained = self._train() if self._playing else False
        # Whatever there is to see of a survey, it shares the turn with training.
        self._stale |= self._explorer.work()
        self._publish()
        return trained or self._stale or self._explorer.busy

    def _obey(self) -> None:
        adopt: Adopt | None = None
        while True:
            try:
                command = self._wires.commands.get_nowait()
            except Empty:
                break
            if isinstance(command, Adopt):
                # A fast slider costs one rebuild: only the last settings count.
                adopt = command
                continue
            self._adopt(adopt)
            adopt = None
            self._handle(command)
        self._adopt(adopt)

    def _adopt(self, command: Adopt | None) -> None:
        if command is None:
            return
        before, old = self._trainer, self._trainer.settings
        if not self._prepare(command.settings.network.precision):
            return
        self._trainer = before.adopt(command.settings, command.swap)
        self._per_step = SLICE_S
        self._stale = True
        if self._trainer is not before:
            self._back_to_start(difference(old, command.settings))
        elif command.settings.model != old.model:
            # The functions that it needs may be let go.
            self._explorer.begin(self._trainer, None)
            self._wires.events.put(Swapped(before.step))

    def _handle(self, command: Command) -> None:
        match command:
            case Play():
                self._set_playing(self._trainer.living)
                self._goal = None
            case Pause():
                self._set_playing(False)
            case Advance(steps, epoch):
                wanted = self._trainer.steps_to_epoch if epoch else steps
                self._goal = self._trainer.step + wanted
                self._set_playing(self._trainer.living)
            case Restart():
                self._trainer = self._trainer.restarted()
                self._back_to_start("reset to the same start")
            case SetSpeed(steps_per_second):
                self._speed = steps_per_second
                self._rebase()
            case Look():
                self._look = command
            case Operate(edit, token):
                self._operate(edit, token)
            case TakeBack(token):
                known = self._trainer.take_back(token)
                self._wires.events.put(Edited(self._trainer.step, undone=True, known=known))
            case Explore(wish):
                self._explorer.begin(self._trainer, wish)
            case Stop():
                self.stopped = True
        self._stale = True

    def _operate(self, edit: Edit, token: int) -> None:
        """Edit by hand; what the lab has no place for any more is refused."""
        try:
            self._trainer.operate(edit, token)
        except ValueError as reason:
            self._wires.events.put(Refused(str(reason)))
        else:
            self._wires.events.put(Edited(self._trainer.step))

    def _set_playing(self, playing: bool) -> None:
        self._playing = playing
        self._rebase()
        self._wires.events.put(Playing(playing))

    def _back_to_start(self, reason: str) -> None:
        self._seconds = 0.0
        if self._goal is not None:
            # A few steps were asked for, from where the runs no longer are.
            self._goal = None
            self._set_playing(False)
        self._reported.clear()
        self._explorer.forget()
        self._rebase()
        self._wires.events.put(Restarted(reason))

    def _rebase(self) -> None:
        self._pace = (self._clock(), self._trainer.step)

    def _due(self) -> int:
        """How many steps to train now: a slice's worth, the speed's share, never past the goal."""
        steps = max(1, int(SLICE_S / self._per_step))
        if self._speed != FASTEST and self._goal is None:
            since, first = self._pace
            wanted = int((self._clock() - since) * self._speed) + first - self._trainer.step
            if wanted > 4 * steps:
                # The machine cannot keep this speed; do not hoard a debt.
                self._rebase()
            steps = min(steps, wanted)
        if self._goal is not None:
            steps = min(steps, self._goal - self._trainer.step)
        return max(0, steps)

    def _train(self) -> bool:
        steps = self._due()
        if steps:
            before = self._clock()
            self._trainer.train(steps)
            spent = self._clock() - before
            self._per_step = 0.5 * self._per_step + 0.5 * spent / steps
            self._seconds += spent
            self._trainer.stamp(self._seconds)
            self._stale = True
            self._report_divergence()
        if self._goal is not None and self._trainer.step >= self._goal:
            self._goal = None
            self._set_playing(False)
        return steps > 0

    def _report_divergence(self) -> None:
        for run in range(len(self._trainer.settings.runs)):
            divergence = self._trainer.divergence(run)
            if divergence is not None and run not in self._reported:
                self._reported.add(run)
                self._wires.events.put(Diverged(run, divergence.sentence))
        if not self._trainer.living:
            self._set_playing(False)

    def _publish(self) -> None:
        """Leave a snapshot when the last one has been taken, but never spend too much time on them."""
        now = self._clock()
        rest = (self._playing or self._explorer.busy) and now < self._next_snapshot
        if not self._stale or not self._wires.frames.empty or rest:
            return
        looked = self._look.runs
        # A landscape is not waited for.
        needs = self._look.needs - {LANDSCAPE}
        picture = self._trainer.snapshot(looked, self._look.neuron, self._seconds, needs)
        self._wires.frames.put(replace(picture, landscape=self._explorer.landscape, survey=self._explorer.share))
        self._stale = False
        cost = self._clock() - now
        self._next_snapshot = now + min(cost / SNAPSHOT_SHARE, max(cost / LARGE_SHARE, RARE_S))

    def failed(self, error: BaseException) -> None:
        """Report what broke and stay, paused."""
        self._playing = False
        self._wires.events.put(Playing(False))
        trace = "".join(traceback.format_exception(error))
        self._wires.events.put(Failed(f"training stopped: {error}", trace))


def difference(before: Settings, after: Settings) -> str:
    """Why the runs start over, in words."""
    if before.data != after.data:
        return "the data changed"
    if before.network.hidden != after.network.hidden:
        return "the hidden layers changed"
    if before.network.seed != after.network.seed:
        return "a new seed"
    if before.network.precision != after.network.precision:
        return "the precision changed"
    if len(before.runs) != len(after.runs):
        return "the number of runs changed"
    if before.training.loss != after.training.loss:
        return "the loss changed"
    if [run.layer for run in before.runs] != [run.layer for run in after.runs]:
        return "a kind of layer changed"
    return "an initialiser changed" if before.frame != after.frame else "an activation changed"


def training_loop(
    wires: Wires, settings: Settings, prepare: Callable[[str], bool] = lambda precision: True
) -> Iterator[bool]:
    """Yield after every turn whether there is more to do at once; ends on Stop. `prepare` as in Loop."""
    loop = Loop(wires, settings, prepare=prepare)
    while not loop.stopped:
        try:
            busy = loop.turn()
        except Exception as error:  # the loop must survive whatever breaks inside it
            loop.failed(error)
            busy = False
        yield busy
