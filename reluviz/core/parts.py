"""The parts of a lab's settings: the architecture, how it is trained, and what each run does differently."""

from typing import TYPE_CHECKING, Annotated, Union

from reluviz.core.activations import ACTIVATIONS, Activation, ReLU
from reluviz.core.initializers import INITIALIZERS, HeNormal, Initializer
from reluviz.core.kernel_plan import PRECISIONS
from reluviz.core.layers import LAYERS, Dense, Layer
from reluviz.core.losses import LOSSES
from reluviz.core.optimizers import OPTIMIZERS, SGD, Optimizer
from reluviz.core.param import Choice, Described, Entries, Entry, Integer, Number, Text, Widths
from reluviz.core.schedules import SCHEDULES, Constant, Schedule

MOST_RUNS = 6

if TYPE_CHECKING:
    # msgspec wants the union of all entries; a type checker wants their base.
    AnyActivation = Activation
    AnyInitializer = Initializer
    AnyLayer = Layer
    AnySchedule = Schedule
    AnyOptimizer = Optimizer
else:
    AnyActivation = Union[tuple(ACTIVATIONS.values())]
    AnyInitializer = Union[tuple(INITIALIZERS.values())]
    AnyLayer = Union[tuple(LAYERS.values())]
    AnySchedule = Union[tuple(SCHEDULES.values())]
    AnyOptimizer = Union[tuple(OPTIMIZERS.values())]

_RATE = Number("Learning rate", 1e-6, 10.0, "How far each step goes against the gradient.", log=True, decimals=6)
_OWN_RATE = Number(
    "Own rate", 1e-6, 10.0, "This run's own learning rate; off means the lab's learning rate.", True, 6, optional=True
)
_OWN_CLIP = Number(
    "Own clip norm", 0.0, 100.0, "This run's own longest gradient; off means the lab's clip norm.", decimals=3,
    optional=True,
)  # fmt: skip


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
    clip_norm: Annotated[float | None, _OWN_CLIP] = None
    color: Annotated[int, Integer("Colour", 0, MOST_RUNS - 1, "The run's place in the palette.")] = 0
    label: Annotated[str, Text("Label", 40, "What the run is called; empty: by what it does differently.")] = ""

    def activation_of(self, layer: int) -> Activation:
        """The activation of a hidden layer, 0 the first: its own, or the run's."""
        return self.layer_activations[layer] if layer < len(self.layer_activations) else self.activation
