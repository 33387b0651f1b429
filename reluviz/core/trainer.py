"""The trainer: all runs of a lab in step, from settings to snapshots; no thread, clock or window."""

from reluviz.core import kernels
from reluviz.core.datasets import Dataset
from reluviz.core.diagnostics import Gauge
from reluviz.core.hands import Hands
from reluviz.core.landscape import Wish
from reluviz.core.settings import Settings
from reluviz.core.snapshot import NEEDS, Divergence, Snapshot
from reluviz.core.stack import Spread, Stack
from reluviz.core.surgery import Edit
from reluviz.core.survey import Survey


class Trainer:
    """Trains the runs of `settings` in step: same data, same batches, same random draws.

    The course is a function of the settings alone, bit for bit, however the steps are cut into calls.
    """

    def __init__(self, settings: Settings, dataset: Dataset | None = None) -> None:
        kernels.load(settings.network.precision)
        self._stack = Stack(settings, dataset or settings.data.load())
        self._hands = Hands(self._stack)
        self._gauge = Gauge(self._stack, self._hands)

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._stack.settings

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
            before, course = self.step, self._gauge.course
            self._stack.train(min(end, course.next) - before, spread, lanes)
            if self.step == before:
                # No run lives.
                return
            course.reach(self.step)

    def stamp(self, seconds: float) -> None:
        """Say how many seconds of training it took to get here, for the history's axis of seconds."""
        self._stack.history.stamp(self.step, seconds)

    def adopt(self, settings: Settings, swap: bool = False) -> "Trainer":
        """Continue with live changes; start over if the model itself changed.

        With `swap`, other activations are a live change, too: all weights are kept.
        """
        kept = swap and settings.frame == self.settings.frame
        if settings.model != self.settings.model and not kept:
            same_data = settings.data == self.settings.data
            return Trainer(settings, self._stack.dataset if same_data else None)
        self._gauge.course.interrupt()
        self._stack.tune(settings)
        return self

    def operate(self, edit: Edit, token: int) -> None:
        """Edit a running network by hand, at once; raises ValueError with one sentence for what is not there."""
        self._hands.apply(edit, token)
        self._gauge.course.interrupt(edited=True)

    def take_back(self, token: int) -> bool:
        """Undo an edit: what it changed gets its old values; False if this course does not know it."""
        known = self._hands.take_back(token)
        self._gauge.course.interrupt(edited=True)
        return known

    def survey(self, wish: Wish) -> Survey:
        """The start of a loss landscape around a run as it is now; raises ValueError for what cannot be computed."""
        return Survey(self._stack, wish, self._gauge.course.trail)

    def restarted(self) -> "Trainer":
        """The same lab at step 0."""
        return Trainer(self.settings, self._stack.dataset)

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
        """A picture of all runs now.

        `looked` names the runs whose neurons are wanted on the probe (None: all), `closeup` the run and neuron to
        measure on a finer one; `seconds` of training are passed through. `needs` (of NEEDS) are the larger parts;
        with LANDSCAPE a loss landscape is computed, too, which may take half a minute.
        """
        return self._gauge.snapshot(looked, closeup, seconds, needs)
