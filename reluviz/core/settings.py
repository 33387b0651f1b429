"""Settings: the one immutable value that describes a lab."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Union

from reluviz.core.activations import ACTIVATIONS, Activation, ReLU, Sigmoid
from reluviz.core.datasets import DATASETS, DataSource, Spiral
from reluviz.core.files import FILE_SOURCES, FileSource
from reluviz.core.initializers import INITIALIZERS, GlorotNormal, HeNormal, Initializer
from reluviz.core.kernel_plan import PRECISIONS
from reluviz.core.layers import LAYERS, Dense, Layer
from reluviz.core.losses import LOSSES
from reluviz.core.optimizers import OPTIMIZERS, SGD, Optimizer
from reluviz.core.param import Choice, Described, Entries, Entry, Integer, Number, Widths
from reluviz.core.schedules import SCHEDULES, Constant, Schedule
from reluviz.core.sessionfile import SessionError, read_document, read_file, write_document
from reluviz.core.ticket import Ticket

MOST_RUNS = 6
FORMAT = 1

if TYPE_CHECKING:
    # msgspec wants the union of all entries; a type checker wants their base.
    AnyActivation = Activation
    AnyInitializer = Initializer
    AnyLayer = Layer
    AnySchedule = Schedule
    AnyOptimizer = Optimizer
    AnyData = DataSource
else:
    AnyActivation = Union[tuple(ACTIVATIONS.values())]
    AnyInitializer = Union[tuple(INITIALIZERS.values())]
    AnyLayer = Union[tuple(LAYERS.values())]
    AnySchedule = Union[tuple(SCHEDULES.values())]
    AnyOptimizer = Union[tuple(OPTIMIZERS.values())]
    AnyData = Union[(*DATASETS.values(), *FILE_SOURCES.values())]

_RATE = Number("Learning rate", 1e-6, 10.0, "How far each step goes against the gradient.", log=True, decimals=6)
_OWN_RATE = Number(
    "Own rate", 1e-6, 10.0, "This run's own learning rate; off means the lab's learning rate.", True, 6, optional=True
)


class Network(Described, frozen=True):
    """The architecture that all runs share."""

    hidden: Annotated[
        tuple[int, ...],
        Widths("Hidden layers", 1, 1024, 64, "The number of neurons in each hidden layer, from the input side."),
    ] = (8, 8, 8)
    seed: Annotated[int, Integer("Start seed", 0, 2**31 - 1, "Picks the random start and the batch order.")] = 1
    precision: Annotated[
        str,
        Choice(
            "Precision",
            PRECISIONS,
            "How many digits the engine computes with: about 7, or about 16 for gradients that almost vanish.",
            ("single (float32)", "double (float64)"),
        ),
    ] = "float32"


class Training(Described, frozen=True):
    """How all runs are trained; everything here applies without a restart, except the loss."""

    optimizer: Annotated[AnyOptimizer, Entry("Optimiser", "optimizer", "The rule that turns gradients into steps.")] = (
        SGD()
    )
    learning_rate: Annotated[float, _RATE] = 0.1
    schedule: Annotated[AnySchedule, Entry("Schedule", "schedule", "How the learning rate changes over the steps.")] = (
        Constant()
    )
    warmup: Annotated[
        int,
        Integer(
            "Warm-up", 0, 1_000_000, "Raises the rate from 0 in equal parts over so many first steps.", unit="steps"
        ),
    ] = 0
    batch_size: Annotated[
        int, Integer("Batch size", 1, 1024, "How many samples each step averages its gradient over.", log=True)
    ] = 10
    l1: Annotated[float, Number("L1", 0.0, 1.0, "Pulls every weight towards zero by a constant force.", decimals=6)] = (
        0.0
    )
    l2: Annotated[
        float, Number("L2", 0.0, 1.0, "Pulls every weight towards zero in proportion to its size.", decimals=6)
    ] = 0.0
    clip_norm: Annotated[
        float,
        Number("Clip norm", 0.0, 100.0, "Shortens a longer gradient to this length; 0 means no clipping.", decimals=3),
    ] = 0.0
    clip_value: Annotated[
        float,
        Number(
            "Clip value", 0.0, 100.0, "Cuts every entry of the gradient to ± this; 0 means no clipping.", decimals=3
        ),
    ] = 0.0
    dropout: Annotated[
        float,
        Number("Dropout", 0.0, 0.9, "The share of hidden activity that training sets to 0, drawn anew at every step."),
    ] = 0.0
    label_noise: Annotated[
        float,
        Number(
            "Label noise",
            0.0,
            1.0,
            "The share of training samples with a random class; for values, noise of so many standard deviations.",
        ),
    ] = 0.0
    loss: Annotated[
        str, Choice("Loss", ("auto", *LOSSES), "What training makes small; auto follows from the data.")
    ] = "auto"


class Run(Described, frozen=True):
    """One network of the lab: what it does differently from the others."""

    activation: Annotated[
        AnyActivation, Entry("Activation", "activation", "The function that every hidden neuron applies.")
    ] = ReLU()
    layer_activations: Annotated[
        tuple[AnyActivation, ...],
        Entries(
            "By layer",
            "activation",
            64,
            "An activation for each hidden layer from the input side, in place of the run's.",
        ),
    ] = ()
    layer: Annotated[AnyLayer, Entry("Layers", "layer", "What every hidden layer does around its activation.")] = (
        Dense()
    )
    initializer: Annotated[
        AnyInitializer, Entry("Initialiser", "initializer", "The law that scales the shared random draws.")
    ] = HeNormal()
    learning_rate: Annotated[float | None, _OWN_RATE] = None
    color: Annotated[int, Integer("Colour", 0, MOST_RUNS - 1, "The run's place in the palette.")] = 0

    def activation_of(self, layer: int) -> Activation:
        """The activation of a hidden layer, 0 the first: its own, or the run's."""
        return self.layer_activations[layer] if layer < len(self.layer_activations) else self.activation


class Settings(Described, frozen=True):
    """A whole lab as a value: compared with ==, edited with `evolve`.

    Raises ValueError for what cannot be trained, with the key, the value and what is allowed.
    """

    format: int = FORMAT
    data: AnyData = Spiral()
    network: Network = Network()
    training: Training = Training()
    runs: tuple[Run, ...] = (
        Run(activation=Sigmoid(), initializer=GlorotNormal(), color=0),
        Run(activation=ReLU(), initializer=HeNormal(), color=1),
    )

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
        """The session as text; `from_toml` gives back an equal value.

        With a folder, the path of data that lies in it or below is written relative to it.
        """
        if folder is None or not isinstance(self.data, FileSource):
            return write_document(self)
        return write_document(self.evolve(data=self.data.portable(folder.absolute())))

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


def _kind(activation: Activation) -> Any:
    """What makes an activation another one: its entry, and for a typed formula its text; not its parameters."""
    return type(activation), getattr(activation, "expression", "")


def free_color(runs: tuple[Run, ...]) -> int:
    """The first place of the palette that no run holds."""
    taken = {run.color for run in runs}
    return next(color for color in range(MOST_RUNS) if color not in taken)
