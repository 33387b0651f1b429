"""The trainer: all runs of a lab in step, from settings to snapshots; no thread, clock or window."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from reluviz.core import kernels
from reluviz.core.chronicle import Chapter, Chronicle, Keyframe, work_of
from reluviz.core.course import copied
from reluviz.core.datasets import Dataset
from reluviz.core.diagnostics import Gauge
from reluviz.core.hands import Hands
from reluviz.core.landscape import Wish
from reluviz.core.record import FULL, MOST_ENTRIES, Change, knows, with_change, without
from reluviz.core.settings import Settings
from reluviz.core.snapshot import NEEDS, Divergence, Snapshot
from reluviz.core.stack import Spread, Stack
from reluviz.core.surgery import Edit, Undo
from reluviz.core.survey import Survey


class Trainer:
    """Trains the runs of `settings` in step: same data, same batches, same random draws.

    The course is a function of the settings and their record alone, bit for bit, however the steps are cut into calls.
    `refusals` say what could not be done of the record.
    """

    def __init__(
        self, settings: Settings, dataset: Dataset | None = None, past: tuple[Keyframe, Stack] | None = None
    ) -> None:
        """With a keyframe and the stack it is of, it begins there, and records nothing until `resume`."""
        kernels.load(settings.network.precision)
        self._plain, self.record = settings.plain, settings.record
        self._whole, self._of = settings, self._plain
        start, like = past or (None, None)
        self._done = start.done if start else 0
        self.refusals: list[str] = []
        self._stack = Stack(settings.in_force(self._done), dataset or settings.data.load(), like)
        self._hands = Hands(self._stack)
        self._quiet = start is not None
        if start is not None:
            self._stack.take_over(start.moment)
            self._stack.still()
            self._hands.take_over(start.grip)
        self._gauge = Gauge(self._stack, self._hands, start.standing if start else None)
        self._chapters: tuple[Chapter, ...] = ()
        self._chronicle = Chronicle(work_of(self._stack.shape.parameters, settings))
        (self._settle if start else self._arrive)()

    @property
    def settings(self) -> Settings:
        """The settings in force, without the record."""
        return self._stack.settings

    @property
    def session(self) -> Settings:
        """The lab as a session stores it, with the record of what has been done and of what is still to be repeated."""
        if self._whole.record is not self.record or self._of is not self._plain:
            self._whole, self._of = self._plain.evolve(record=self.record), self._plain
        return self._whole

    @property
    def step(self) -> int:
        """How many steps have been trained."""
        return int(self._stack.state[kernels.STEP])

    @property
    def steps_to_epoch(self) -> int:
        """The steps that complete the present epoch."""
        left = len(self._stack.x) - int(self._stack.state[kernels.POSITION])
        return -(-left // self.settings.training.batch_size)

    @property
    def living(self) -> bool:
        """Whether any run still trains."""
        return bool((self._stack.fate[:, 0] < 0).any())

    def train(self, steps: int, spread: Spread | None = None, lanes: int = 1) -> None:
        """Train every living run that many steps; runs that diverge stop by themselves.

        `spread` is a pool's `map`: with it, `lanes` groups of runs are trained at the same time.
        """
        end = self.step + steps
        while self.step < end:
            before = self.step
            self._stack.train(min(end, self._next_stop()) - before, spread, lanes)
            if self.step == before:
                # No run lives.
                return
            self._arrive()

    def stamp(self, seconds: float) -> None:
        """Say how many seconds of training it took to get here, for the history's axis of seconds."""
        self._stack.history.stamp(self.step, seconds)

    def adopt(self, settings: Settings, swap: bool = False, rows: Sequence[int] = ()) -> "Trainer":
        """Continue with live changes, which end what was still to be repeated; start over if the model itself changed.

        With `swap`, other activations are a live change, too: all weights are kept. With `rows`, so is another number
        of runs: run i becomes what run rows[i] is, with its whole past. Who starts over has the record of `settings`.
        """
        if rows and (self.step or self._done):
            self._branch(settings.plain, tuple(rows))
            return self
        kept = swap and settings.frame == self.settings.frame
        if settings.model != self.settings.model and not kept:
            return self.restarted(settings)
        if settings.plain != self.settings:
            self._note_change(settings.plain)
            self._gauge.course.interrupt()
            self._stack.tune(settings.plain)
        return self

    def operate(self, edit: Edit) -> bool:
        """Edit a running network by hand, at once, and record it; False for an edit to be undone that is not known.

        Raises ValueError with one sentence for what is not there, and where the record is full.
        """
        if self._done >= MOST_ENTRIES:
            raise ValueError(FULL)
        edit = edit.evolve(step=self.step)
        if not self._apply(edit):
            return False
        self.record = (*self.record[: self._done], edit, *self.record[self._done :])
        self._done += 1
        return True

    def take_back(self, number: int) -> bool:
        """Undo an edit: what it changed gets its old values; False if this course does not know it.

        One that is still to be repeated is not repeated.
        """
        if knows(self.record[: self._done], number):
            return self.operate(Undo(of=number))
        before, self.record = self.record, without(self.record, self._done, number)
        return len(self.record) < len(before)

    def survey(self, wish: Wish) -> Survey:
        """The start of a loss landscape around a run as it is now; raises ValueError for what cannot be computed."""
        return Survey(self._stack, wish, self._gauge.course.path)

    def restarted(self, settings: Settings | None = None) -> "Trainer":
        """A lab at step 0: this one without its record, or other settings."""
        settings = self._plain if settings is None else settings
        return Trainer(settings, self._stack.dataset if settings.data == self.settings.data else None)

    def past(self, step: int, viewer: "Trainer | None" = None) -> "Trainer":
        """A trainer of its own near an earlier step, from which `replay` goes on: `viewer`, if it is nearer."""
        start = self._chronicle.at(step)
        if viewer is not None and start.step <= viewer.step <= step and viewer.record == self.record:
            return viewer
        return Trainer(self.session, self._stack.dataset, (start, self._stack))

    def replay(self, step: int, source: "Trainer") -> None:
        """Go on to a step of the past of `source`, and know what was recorded until then."""
        self.train(step - self.step)
        chapter = source._chapter(self._done)
        end = bisect_right(chapter.records, self.step, key=lambda record: record.step)
        self._gauge.course.remember(chapter.records[:end])
        self._stack.history.take_over(chapter.history, self.step, range(len(self.settings.runs)))
        self._stack.still()

    def resume(self, source: "Trainer") -> None:
        """Be the present from here on: forget what came later in `source`, and record again."""
        self._plain, self.record = self.settings, self.record[: self._done]
        self._chapters = tuple(each for each in source._chapters if each.done < self._done)
        chapter, rows = source._chapter(self._done), range(len(self.settings.runs))
        self._gauge.course.remember(self._gauge.course.records, chapter.trail.taken(self.step, rows))
        self._stack.history.take_over(chapter.history, self.step, rows)
        self._chronicle = source._chronicle.until(self.step)
        self._quiet = False

    def seconds_at(self, step: int) -> float:
        """How many seconds of training it took to a step."""
        return self._stack.history.seconds_at(step)

    def divergence(self, run: int) -> Divergence | None:
        """Where the run left the finite numbers, if it did."""
        return self._gauge.divergence(run)

    def snapshot(
        self,
        looked: tuple[int, ...] | None = None,
        closeup: tuple[int, int] | None = None,
        seconds: float = 0.0,
        needs: frozenset[str] = NEEDS,
    ) -> Snapshot:
        """A picture of all runs now. `needs` are the larger parts; a LANDSCAPE may take half a minute.

        `looked` names the runs whose neurons are wanted on the probe (None: all), `closeup` the run and neuron to
        measure on a finer one; `seconds` of training are passed through.
        """
        return replace(self._gauge.snapshot(looked, closeup, seconds, needs), began=self.session.origins(self._done))

    def _next_stop(self) -> int:
        """The next step at which there is something to do beside training."""
        stops = [self._gauge.course.next]
        if not self._quiet:
            stops.append(self._chronicle.next)
        if self._hands.next is not None:
            stops.append(self._hands.next)
        if self._done < len(self.record):
            stops.append(self.record[self._done].step)
        return min(stops)

    def _arrive(self) -> None:
        """Measure, and keep, what is due at this step; then let happen what is recorded for it."""
        step, course = self.step, self._gauge.course
        course.reach(step)
        if not self._quiet and step >= self._chronicle.next:
            now = Keyframe(step, self._stack.moment(), self._done, self._hands.grip(), course.standing())
            self._chronicle.add(now)
        self._settle()

    def _settle(self) -> None:
        """End what ends at this step, and repeat what the record holds for it."""
        step = self.step
        if self._hands.next is not None and self._hands.next <= step:
            self._hands.reach(step)
            self._gauge.course.interrupt()
        while self._done < len(self.record) and self.record[self._done].step <= step:
            entry = self.record[self._done]
            self._done += 1
            try:
                (self._repeat if isinstance(entry, Change) else self._apply)(entry)
            except ValueError as reason:
                self.refusals.append(f"an edit of step {entry.step} could not be repeated: {reason}")

    def _repeat(self, change: Change) -> None:
        settings = self.session.in_force(self._done)
        if change.rows:
            self._grow(settings, change.rows)
        else:
            self._gauge.course.interrupt()
            self._stack.tune(settings)

    def _apply(self, edit: Edit) -> bool:
        known = self._hands.apply(edit, self.step)
        self._gauge.course.interrupt(edited=True)
        return known

    def _note_change(self, settings: Settings) -> None:
        """Record that the settings change at this step; the first steps of a course need no record."""
        before, fresh = self.settings, self.step == 0 and self._done == 0
        if fresh and not any(isinstance(entry, Change) for entry in self.record):
            self._plain = settings
            return
        done = self.record[: self._done]
        if not fresh:
            setups = (before.training, before.runs), (settings.training, settings.runs)
            done = with_change(done, self.step, *setups)
            if len(done) > MOST_ENTRIES:
                raise ValueError(FULL)
        self._drop_pending()
        self._plain, self.record, self._done = settings, done, len(done)

    def _drop_pending(self) -> None:
        if pending := len(self.record) - self._done:
            self.record = self.record[: self._done]
            self.refusals.append(f"{pending} recorded edits and changes that were still to come are not repeated")

    def _branch(self, settings: Settings, rows: tuple[int, ...]) -> None:
        """Go on with other runs, each a copy of an earlier one."""
        if self._done >= MOST_ENTRIES:
            raise ValueError(FULL)
        self._drop_pending()
        before = self.settings
        training = None if before.training == settings.training else before.training
        record = (*self.record, Change(step=self.step, training=training, runs=before.runs, rows=rows))
        # Refuses what cannot come of it.
        settings.evolve(record=record)
        self._plain, self.record = settings, record
        self._done += 1
        self._grow(settings, rows)

    def _grow(self, settings: Settings, rows: tuple[int, ...]) -> None:
        """Exchange the stack for one of other runs that goes on from here."""
        step, course, old, before = self.step, self._gauge.course, self._stack, self.settings.runs
        moment, grip, standing, records = old.moment(), self._hands.grip(), course.standing(), course.records
        runs = tuple(before[row].evolve(color=run.color) for row, run in zip(rows, settings.runs, strict=True))
        # Copies first, as the runs were; then what they do otherwise, as if it was changed in each.
        stack = Stack(self.settings.evolve(runs=runs), old.dataset, old)
        stack.take_over(moment.mapped(rows))
        hands = Hands(stack)
        hands.take_over(grip.mapped(rows))
        gauge = Gauge(stack, hands, standing.mapped(rows))
        stack.still()
        if not self._quiet:
            self._chapters += (Chapter(self._done - 1, records, course.path, old.history),)
            gauge.course.remember(tuple(copied(each, rows) for each in records), course.path.taken(step, rows))
            stack.history.take_over(old.history, step, rows)
        gauge.course.interrupt()
        stack.tune(settings)
        self._stack, self._hands, self._gauge = stack, hands, gauge

    def _chapter(self, done: int) -> Chapter:
        """What was recorded of the runs that there were when so many entries had happened."""
        now = Chapter(len(self.record), self._gauge.course.records, self._gauge.course.path, self._stack.history)
        return next((each for each in self._chapters if done <= each.done), now)
