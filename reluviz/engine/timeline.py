"""Now and then: the present course, the earlier step that is looked at, and a course that was left for another."""

from dataclasses import dataclass

from reluviz.core.trainer import Trainer

# An earlier step is approached in pieces of this much training, so that commands are still obeyed.
PIECE_S = 0.03


@dataclass(frozen=True, slots=True)
class Aside:
    """A course that was left: by which token, and how many seconds of training it had taken."""

    token: int
    trainer: Trainer
    seconds: float


class Timeline:
    """Which trainer is shown, and which one trains."""

    def __init__(self, present: Trainer) -> None:
        self.present = present
        self._viewer: Trainer | None = None
        self._target: int | None = None
        self._aside: Aside | None = None

    @property
    def shown(self) -> Trainer:
        """The trainer that is looked at."""
        return self._viewer or self.present

    @property
    def past(self) -> bool:
        """Whether an earlier step is looked at, or on its way."""
        return self._viewer is not None or self._target is not None

    @property
    def busy(self) -> bool:
        """Whether an earlier step is on its way."""
        return self._target is not None

    def seek(self, step: int) -> None:
        """Set out for an earlier step; that of the present is the present."""
        if step >= self.present.step:
            self.leave()
        else:
            self._target = max(0, step)

    def leave(self) -> None:
        """Return to the present."""
        self._viewer = self._target = None

    def approach(self, per_step: float) -> bool:
        """Go a piece of the way; True on arrival. `per_step` are the seconds that a step takes."""
        if self._target is None:
            return False
        viewer = self.present.past(self._target, self._viewer)
        piece = max(1, int(PIECE_S / per_step))
        if self._target - viewer.step > piece:
            viewer.train(piece)
            self._viewer = viewer
            return False
        viewer.replay(self._target, self.present)
        self._viewer, self._target = viewer, None
        return True

    def go_on(self, token: int, seconds: float) -> float:
        """Make the step that is looked at the present, and keep the former course; returns the seconds until here.

        Raises ValueError with one sentence where the present is looked at.
        """
        while self.busy:
            self.approach(PIECE_S)
        if self._viewer is None:
            raise ValueError("this is the present already: there is no earlier step to go on from")
        then = self.present.seconds_at(self._viewer.step)
        self._viewer.resume(self.present)
        self._aside = Aside(token, self.present, seconds)
        self.present, self._viewer = self._viewer, None
        return then

    def reunite(self, token: int, seconds: float) -> float:
        """Exchange the present for the course that was left by a token; returns its seconds.

        Raises ValueError with one sentence where it is not kept any more.
        """
        self.leave()
        aside = self._aside
        if aside is None or aside.token != token:
            raise ValueError("the other course is no longer kept: only the last one that was left is")
        self._aside = Aside(token, self.present, seconds)
        self.present = aside.trainer
        return aside.seconds
