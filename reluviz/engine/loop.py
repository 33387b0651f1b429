"""The training loop as a generator: drain commands, train one slice, publish a snapshot when it is wanted.

The thread only turns the crank; a test needs no thread at all.
"""

import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from queue import Empty

from reluviz.core.settings import Settings
from reluviz.core.snapshot import LANDSCAPE
from reluviz.core.trainer import Trainer
from reluviz.engine.explorer import Explorer
from reluviz.engine.messages import (
    Adopt,
    Advance,
    Branched,
    Command,
    Continue,
    Diverged,
    Edited,
    Explore,
    Failed,
    Look,
    Operate,
    Pause,
    Play,
    Playing,
    Restart,
    Restarted,
    Reunite,
    Seek,
    SetSpeed,
    Stop,
    Swapped,
    TakeBack,
)  # fmt: skip
from reluviz.engine.pace import Pace
from reluviz.engine.reasons import SAME_START, difference, fresh_start
from reluviz.engine.teller import Teller
from reluviz.engine.timeline import Timeline
from reluviz.engine.wires import Wires

# Snapshots may take at most this share of the training thread's time ...
SNAPSHOT_SHARE = 0.1
# ... and of large networks more, up to so much, if they would come more rarely than every so many seconds.
LARGE_SHARE, RARE_S = 0.25, 0.05


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
        self._time = Timeline(Trainer(settings))
        self._teller = Teller(wires.events, self._trainer)
        self._explorer = Explorer(wires.events, clock)
        self._playing = False
        self._goal: int | None = None
        self._pace = Pace(clock)
        self._look = Look()
        self._seconds = 0.0
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
        self._stale |= self._time.approach(self._pace.per_step)
        self._teller.tell(self._trainer)
        # Whatever there is to see of a survey, it shares the turn with training.
        self._stale |= self._explorer.work()
        self._publish()
        return trained or self._stale or self._explorer.busy or self._time.busy

    @property
    def _trainer(self) -> Trainer:
        """The present course."""
        return self._time.present

    def _obey(self) -> None:
        adopt: Adopt | None = None
        while True:
            try:
                command = self._wires.commands.get_nowait()
            except Empty:
                break
            if isinstance(command, Adopt):
                # A fast slider costs one rebuild: only the last settings count, unless there is more to it.
                if adopt is not None and (adopt.restart or adopt.rows or command.rows):
                    self._adopt(adopt)
                adopt = command
                continue
            self._adopt(adopt)
            adopt = None
            self._handle(command)
        self._adopt(adopt)

    def _adopt(self, command: Adopt | None) -> None:
        if command is None:
            return
        self._time.leave()
        self._teller.serial = command.serial
        before, old = self._trainer, self._trainer.settings
        if not self._prepare(command.settings.network.precision):
            return
        try:
            if command.restart:
                self._time.present = before.restarted(command.settings)
            else:
                self._time.present = before.adopt(command.settings, command.swap, command.rows)
        except ValueError as reason:
            self._teller.refuse(reason)
            return
        self._pace.forget()
        self._stale = True
        if self._trainer is not before:
            why = fresh_start if command.restart else difference
            self._back_to_start(why(old, command.settings))
        elif command.settings.model != old.model:
            # The functions that it needs may be let go.
            self._explorer.begin(self._trainer, None)
            self._wires.events.put(Swapped(before.step))

    def _handle(self, command: Command) -> None:
        match command:
            case Play():
                self._time.leave()
                self._set_playing(self._trainer.living)
                self._goal = None
            case Pause():
                self._set_playing(False)
            case Advance(steps, epoch) if self._time.past:
                shown = self._time.shown
                self._time.seek(shown.step + (shown.steps_to_epoch if epoch else steps))
            case Advance(steps, epoch):
                wanted = self._trainer.steps_to_epoch if epoch else steps
                self._goal = self._trainer.step + wanted
                self._set_playing(self._trainer.living)
            case Restart(repeat):
                self._time.leave()
                self._time.present = self._trainer.restarted(self._trainer.session if repeat else None)
                self._back_to_start("the same again" if repeat else SAME_START)
            case SetSpeed(steps_per_second):
                self._pace.speed = steps_per_second
                self._pace.begin(self._trainer.step)
            case Look():
                self._look = command
            case Operate() | TakeBack():
                self._time.leave()
                self._operate(command)
            case Seek() | Continue() | Reunite():
                self._travel(command)
            case Explore(wish):
                self._explorer.begin(self._trainer, wish)
            case Stop():
                self.stopped = True
        self._stale = True

    def _operate(self, command: Operate | TakeBack) -> None:
        """Edit by hand; what the lab has no place for any more is refused."""
        try:
            if isinstance(command, Operate):
                self._trainer.operate(command.edit.evolve(number=command.token))
                edited = Edited(self._trainer.step)
            else:
                known = self._trainer.take_back(command.token)
                edited = Edited(self._trainer.step, undone=True, known=known)
        except ValueError as reason:
            self._teller.refuse(reason)
        else:
            self._wires.events.put(edited)

    def _travel(self, command: Seek | Continue | Reunite) -> None:
        """Look at an earlier step, and make it or another course the present."""
        self._goal = None
        self._set_playing(False)
        try:
            match command:
                case Seek(None):
                    self._time.leave()
                case Seek(int(step)):
                    self._time.seek(step)
                case Continue(token):
                    self._branch(self._time.go_on(token, self._seconds))
                case Reunite(token):
                    self._branch(self._time.reunite(token, self._seconds))
        except ValueError as reason:
            self._teller.refuse(reason)

    def _branch(self, seconds: float) -> None:
        """Another course is the present, after so many seconds of training."""
        self._seconds = seconds
        self._reported.clear()
        self._explorer.forget()
        self._wires.events.put(Branched(self._trainer.step))

    def _set_playing(self, playing: bool) -> None:
        self._playing = playing
        self._pace.begin(self._trainer.step)
        self._wires.events.put(Playing(playing))

    def _back_to_start(self, reason: str) -> None:
        self._seconds = 0.0
        if self._goal is not None:
            # A few steps were asked for, from where the runs no longer are.
            self._goal = None
            self._set_playing(False)
        self._reported.clear()
        self._explorer.forget()
        self._pace.begin(self._trainer.step)
        self._wires.events.put(Restarted(reason))

    def _train(self) -> bool:
        steps = self._pace.due(self._trainer.step, self._goal)
        if steps:
            before = self._clock()
            self._trainer.train(steps)
            spent = self._clock() - before
            self._pace.learn(steps, spent)
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
        shown, present = self._time.shown, self._trainer
        seconds = self._seconds if shown is present else present.seconds_at(shown.step)
        picture = shown.snapshot(looked, self._look.neuron, seconds, needs)
        picture = replace(picture, landscape=self._explorer.landscape, survey=self._explorer.share)
        self._wires.frames.put(picture if shown is present else replace(picture, present=present.step))
        self._stale = False
        cost = self._clock() - now
        self._next_snapshot = now + min(cost / SNAPSHOT_SHARE, max(cost / LARGE_SHARE, RARE_S))

    def failed(self, error: BaseException) -> None:
        """Report what broke and stay, paused."""
        self._playing = False
        self._wires.events.put(Playing(False))
        trace = "".join(traceback.format_exception(error))
        self._wires.events.put(Failed(f"training stopped: {error}", trace))


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
