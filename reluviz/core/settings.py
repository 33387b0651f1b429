"""Settings: the one immutable value that describes a lab."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

from reluviz.core.activations import Activation, ReLU, Sigmoid
from reluviz.core.datasets import DATASETS, DataSource, Spiral
from reluviz.core.files import FILE_SOURCES, FileSource
from reluviz.core.initializers import GlorotNormal, HeNormal
from reluviz.core.losses import LOSSES
from reluviz.core.param import Described
from reluviz.core.parts import MOST_RUNS, Network, Run, Training
from reluviz.core.record import AnyEntry, Change, Record, check_record
from reluviz.core.sessionfile import MOST_BYTES, SessionError, read_document, read_file, write_document
from reluviz.core.ticket import Ticket

__all__ = [
    "MOST_RUNS", "Network", "Run", "Settings", "Training", "check_loss", "fitting_losses", "free_color", "loss_key",
]  # fmt: skip

FORMAT = 1

if TYPE_CHECKING:
    # msgspec wants the union of all entries; a type checker wants their base.
    AnyData = DataSource
else:
    AnyData = Union[(*DATASETS.values(), *FILE_SOURCES.values())]


class Settings(Described, frozen=True):
    """A whole lab as a value: compared with ==, edited with `evolve`.

    `record` says what was done while it trained, and which settings held until then; `training` and `runs` are those
    of now. Raises ValueError for what cannot be trained, with the key, the value and what is allowed.
    """

    format: int = FORMAT
    data: AnyData = Spiral()
    network: Network = Network()
    training: Training = Training()
    runs: tuple[Run, ...] = (
        Run(activation=Sigmoid(), initializer=GlorotNormal(), color=0),
        Run(activation=ReLU(), initializer=HeNormal(), color=1),
    )
    record: tuple[AnyEntry, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.format != FORMAT:
            raise ValueError(f"format = {self.format!r} is not known: this version reads format {FORMAT}")
        if not 1 <= len(self.runs) <= MOST_RUNS:
            raise ValueError(f"runs has {len(self.runs)} entries: a lab holds 1 to {MOST_RUNS} runs")
        colors = [run.color for run in self.runs]
        if len(set(colors)) != len(colors):
            raise ValueError(f"runs.color = {colors} is not allowed: every run needs a colour of its own, from 0 to 5")
        if isinstance(self.data, FileSource) and not self.data.path:
            raise ValueError("data.path is missing: it must be the path of a file")
        check_loss(self.training.loss, self.data.task, self.data.key)
        check_record(self.record, self.training, self.runs)

    def in_force(self, done: int) -> "Settings":
        """The settings that held when so many entries of the record had happened, without a record."""
        training, runs = self.training, self.runs
        for entry in reversed(self.record[done:]):
            if isinstance(entry, Change):
                training, runs = entry.training or training, entry.runs or runs
        return self.evolve(training=training, runs=runs, record=())

    def origins(self, done: int) -> tuple[Run, ...]:
        """What each run that there is after so many entries of the record was at step 0, or what it is a copy of."""
        rows = list(range(len(self.in_force(done).runs)))
        for entry in reversed(self.record[:done]):
            if isinstance(entry, Change) and entry.rows:
                rows = [entry.rows[row] for row in rows]
        began = self.in_force(0).runs
        return tuple(began[row] for row in rows)

    @property
    def plain(self) -> "Settings":
        """The same without its record."""
        return self.evolve(record=()) if self.record else self

    def joined(self, record: Record) -> "Settings":
        """The same with another record; without one where that cannot have led to these settings."""
        try:
            return self.evolve(record=record)
        except ValueError:
            return self.plain

    @property
    def frame(self) -> tuple[Any, ...]:
        """What restarts the runs in any case: data, architecture, seed, loss, kinds of layer, initialisers."""
        starts = tuple((run.layer, run.initializer) for run in self.runs)
        return (self.data, self.network, self.training.loss, starts)

    @property
    def model(self) -> tuple[Any, ...]:
        """What restarts the runs when it changes, unless activations are swapped with the weights kept."""
        depth = range(len(self.network.hidden))
        kinds = tuple(tuple(_kind(run.activation_of(layer)) for layer in depth) for run in self.runs)
        return (self.frame, kinds)

    @classmethod
    def from_toml(cls, text: str) -> "Settings":
        """Read a session; raises SessionError with one sentence: key, value and what is allowed."""
        return read_document(text, cls)

    @classmethod
    def from_file(cls, path: Path) -> "Settings":
        """Read a session file; a path of data in it starts at its folder. Raises SessionError with one sentence."""
        settings = cls.from_toml(read_file(path))
        if not isinstance(settings.data, FileSource):
            return settings
        try:
            return settings.evolve(data=settings.data.located(Path(path).absolute().parent))
        except ValueError as error:
            raise SessionError(f"data.{error}") from None

    def to_toml(self, folder: Path | None = None) -> str:
        """The session as text; `from_toml` gives back an equal value, unless the record is too long for a file.

        A lab that is not `storable` is written without its record. With a folder, the path of data that lies in it or
        below is written relative to it.
        """
        whole = self
        if folder is not None and isinstance(self.data, FileSource):
            whole = self.evolve(data=self.data.portable(folder.absolute()))
        text = write_document(whole)
        return text if len(text.encode()) <= MOST_BYTES or not self.record else write_document(whole.plain)

    @property
    def storable(self) -> bool:
        """Whether a session file has room for the record."""
        return not self.record or len(write_document(self).encode()) <= MOST_BYTES

    def settled(self, ticket: Ticket) -> "Settings":
        """The same lab with its file of data read and every choice about it made; unchanged for built-in data.

        Raises DataError for a file that cannot be used, ValueError where the loss does not fit it.
        """
        if not isinstance(self.data, FileSource):
            return self
        return self.evolve(data=self.data.settle(ticket))


def check_loss(wanted: str, task: str, data: str) -> None:
    """Refuse a loss that the task cannot use; raises ValueError with one sentence."""
    fitting = fitting_losses(task)
    if wanted != "auto" and wanted not in fitting:
        allowed = ", ".join(("auto", *fitting))
        raise ValueError(f"training.loss = {wanted!r} does not fit the data {data}: it must be one of {allowed}")


def fitting_losses(task: str) -> tuple[str, ...]:
    """The losses that a task can use, the natural one first."""
    by_task = {
        "regression": ("squared", "absolute", "huber"),
        "binary": ("logistic", "hinge", "squared", "absolute", "huber"),
        "classes": ("softmax_cross_entropy", "hinge", "squared", "absolute", "huber"),
        # A file that has not been read: any may fit.
        "unknown": tuple(LOSSES),
    }
    return by_task[task]


def loss_key(settings: Settings, task: str) -> str:
    """The loss in force; raises ValueError where the data, now that they are read, do not fit it."""
    fitting = fitting_losses(task)
    chosen = settings.training.loss
    if chosen == "auto":
        return fitting[0]
    check_loss(chosen, task, settings.data.key)
    return chosen


def _kind(activation: Activation) -> Any:
    """What makes an activation another one: its entry, and for a typed formula its text; not its parameters."""
    return type(activation), getattr(activation, "expression", "")


def free_color(runs: tuple[Run, ...]) -> int:
    """The first place of the palette that no run holds."""
    taken = {run.color for run in runs}
    return next(color for color in range(MOST_RUNS) if color not in taken)
