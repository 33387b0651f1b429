"""How many steps to train between two looks at the commands."""

from collections.abc import Callable

from reluviz.engine.messages import DEFAULT_SPEED, FASTEST

# A slice between two looks at the commands. Each return to Python waits for the GIL, so shorter ones cost speed.
SLICE_S = 0.008


class Pace:
    """Keeps the speed that is wanted, as far as the machine can; learns how long a step takes."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.speed = DEFAULT_SPEED
        self._since = (clock(), 0)
        self.forget()

    def forget(self) -> None:
        """The next slice is one step: a step of the largest networks takes half a second."""
        self.per_step = SLICE_S

    def learn(self, steps: int, seconds: float) -> None:
        """So many steps took so long."""
        self.per_step = 0.5 * self.per_step + 0.5 * seconds / steps

    def begin(self, step: int) -> None:
        """The speed counts from now and this step on."""
        self._since = (self._clock(), step)

    def due(self, step: int, goal: int | None) -> int:
        """How many steps to train now: a slice's worth, the speed's share, never past the goal."""
        steps = max(1, int(SLICE_S / self.per_step))
        if self.speed != FASTEST and goal is None:
            since, first = self._since
            wanted = int((self._clock() - since) * self.speed) + first - step
            if wanted > 4 * steps:
                # The machine cannot keep this speed; do not hoard a debt.
                self.begin(step)
            steps = min(steps, wanted)
        if goal is not None:
            steps = min(steps, goal - step)
        return max(0, steps)
