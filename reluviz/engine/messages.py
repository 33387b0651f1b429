"""What the window and the loop say to each other: one frozen class per meaning."""

from dataclasses import dataclass

from reluviz.core.landscape import Wish
from reluviz.core.settings import Settings
from reluviz.core.surgery import Edit

FASTEST = float("inf")
# Slow enough to watch the first lab learn, quick enough to see the end of it.
DEFAULT_SPEED = 300.0


@dataclass(frozen=True, slots=True)
class Adopt:
    """Use these settings from now on; the runs start over if the model itself changed.

    With `swap` they go on with their weights if only activations were exchanged. With `rows` they go on with other
    runs, each a copy of an earlier one. With `restart` they start over in any case, with the record of the settings.
    `serial` comes back in the answer.
    """

    settings: Settings
    swap: bool = False
    rows: tuple[int, ...] = ()
    restart: bool = False
    serial: int = 0


@dataclass(frozen=True, slots=True)
class Play:
    """Train until told otherwise."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop training; keep everything."""


@dataclass(frozen=True, slots=True)
class Advance:
    """Train this many steps (or to the end of the epoch, if `epoch`), then pause."""

    steps: int = 1
    epoch: bool = False


@dataclass(frozen=True, slots=True)
class Restart:
    """Go back to step 0 with the same start; with `repeat`, do again what has been recorded since."""

    repeat: bool = False


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """Train this many steps a second at most; FASTEST means flat out."""

    steps_per_second: float


@dataclass(frozen=True, slots=True)
class Look:
    """What the window looks at: the runs whose activity is drawn (None: all), the neuron (run, neuron) to enlarge.

    `needs` names the larger parts of a snapshot that some view draws (core/snapshot.py).
    """

    runs: tuple[int, ...] | None = None
    neuron: tuple[int, int] | None = None
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Operate:
    """Edit a running network by hand; the token takes it back."""

    edit: Edit
    token: int


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Undo the edit with this token."""

    token: int


@dataclass(frozen=True, slots=True)
class Seek:
    """Look at an earlier step; None: return to the present."""

    step: int | None


@dataclass(frozen=True, slots=True)
class Continue:
    """Go on from the earlier step that is looked at; what came later is kept aside, under this token."""

    token: int


@dataclass(frozen=True, slots=True)
class Reunite:
    """Exchange the present course for the one that was kept aside under this token."""

    token: int


@dataclass(frozen=True, slots=True)
class Explore:
    """Compute a loss landscape while training goes on; None: no longer. A new wish takes the place of the last."""

    wish: Wish | None


@dataclass(frozen=True, slots=True)
class Stop:
    """End the loop."""


Command = (
    Adopt | Play | Pause | Advance | Restart | SetSpeed | Look | Operate | TakeBack | Seek | Continue | Reunite
    | Explore | Stop
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preparing:
    """The kernels are being compiled, once per machine: `done` of `total`, now `name`."""

    done: int
    total: int
    name: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The kernels are loaded; training can start."""


@dataclass(frozen=True, slots=True)
class Playing:
    """Training goes on or has paused."""

    playing: bool


@dataclass(frozen=True, slots=True)
class Restarted:
    """All runs went back to step 0, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Swapped:
    """Activations were exchanged at this step, with all weights kept."""

    step: int


@dataclass(frozen=True, slots=True)
class Edited:
    """A running network was edited by hand, or an edit was taken back, at this step.

    Not `known`: the edit belonged to a course that has been started over, so nothing was taken back.
    """

    step: int
    undone: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class Recorded:
    """The lab as a session would store it now, and the settings in force, which differ while a record is repeated.

    serial: of the last settings that were adopted or refused.
    """

    session: Settings
    settings: Settings
    serial: int = 0


@dataclass(frozen=True, slots=True)
class Branched:
    """The present is now at this step: another course goes on from here."""

    step: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was asked for cannot be done: one sentence. Nothing has changed."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Diverged:
    """A run left the finite numbers and was paused; the others go on."""

    run: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Something inside broke: one sentence, and the trace for the log. The loop goes on, paused."""

    sentence: str
    trace: str


Event = Preparing | Ready | Playing | Restarted | Swapped | Edited | Recorded | Branched | Refused | Diverged | Failed
