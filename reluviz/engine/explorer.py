"""Loss landscapes beside training: a few milliseconds of work in every turn of the loop."""

import traceback
from collections.abc import Callable
from queue import SimpleQueue

from reluviz.core.landscape import Landscape, Wish
from reluviz.core.survey import Survey
from reluviz.core.trainer import Trainer
from reluviz.engine.messages import Event, Failed, Refused

# What a turn of the loop may spend on it: half as much as on training.
TURN_S = 0.004
PERCENT = 100


class Explorer:
    """The survey that is being worked on, and the last landscape that one has found."""

    def __init__(self, events: "SimpleQueue[Event]", clock: Callable[[], float]) -> None:
        self._events, self._clock = events, clock
        self._survey: Survey | None = None
        # The first piece is one evaluation: one of the largest networks takes a quarter of a second.
        self._per_evaluation = TURN_S
        self.landscape: Landscape | None = None

    @property
    def busy(self) -> bool:
        """Whether there is work left."""
        return self._survey is not None

    @property
    def share(self) -> float:
        """The share of the work that is done, 0 to 1; -1 for none to do."""
        return -1.0 if self._survey is None else self._survey.share

    def begin(self, trainer: Trainer, wish: Wish | None) -> None:
        """Start over with a wish, or with none; what cannot be computed is refused."""
        self._survey = None
        if wish is None:
            return
        try:
            self._survey = trainer.survey(wish)
        except ValueError as reason:
            self._events.put(Refused(str(reason)))
        except Exception as error:  # training must go on whatever breaks here
            self._fail(error)
        self._per_evaluation = TURN_S

    def forget(self) -> None:
        """Drop the work, and what has been found: the network that it was of is gone."""
        self._survey = self.landscape = None

    def work(self) -> bool:
        """Do a piece of the work; True if there is something new to show."""
        survey = self._survey
        if survey is None:
            return False
        before, shown = self._clock(), int(PERCENT * survey.share)
        evaluations = max(1, int(TURN_S / self._per_evaluation))
        try:
            survey.advance(evaluations)
            if survey.done:
                self.landscape, self._survey = survey.landscape, None
        except Exception as error:  # training must go on whatever breaks here
            self._fail(error)
        spent = (self._clock() - before) / evaluations
        self._per_evaluation = 0.5 * self._per_evaluation + 0.5 * spent
        return self._survey is None or int(PERCENT * survey.share) > shown

    def _fail(self, error: Exception) -> None:
        self._survey = None
        trace = "".join(traceback.format_exception(error))
        self._events.put(Failed(f"the loss landscape could not be computed: {error}", trace))
