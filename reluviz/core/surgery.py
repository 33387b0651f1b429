"""Edits of running networks: what can be asked for, and what a session records of it.

Runs, layers and units count from 0; the output layer is the last. An edit that is recorded carries the step before
which it was made, and a number that nothing else in the same course has.
"""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Union

from reluviz.core.catalog import Catalog
from reluviz.core.param import Choice, Described, Integer, Number, Toggle

BIAS = -1
# In place of a layer: all hidden layers, or all layers of weights.
ALL = -1
MOST_STEPS = 2**53
STARTS = ("he_normal", "glorot_normal", "lecun_normal", "orthogonal")

_RUN = Integer("Run", 0, 5, "Which network, 0 the first.")
_LAYER = Integer("Layer", 0, 64, "Which layer, 0 the first hidden one; the output layer is the last.")
_LAYERS = Integer("Layer", ALL, 64, "Which layer, 0 the first hidden one; -1 means all of them.")
_UNIT = Integer("Neuron", 0, 1_000_000, "Which neuron of the layer, 0 the first.")
_SEED = Integer("Seed", 0, 2**31 - 1, "Picks the random numbers.")


class Edit(Described, frozen=True, tag_field="name", kw_only=True):
    """What all edits have; `number` takes an edit back."""

    key: ClassVar[str]
    step: Annotated[int, Integer("Step", 0, MOST_STEPS, "The step before which it was made.")] = 0
    number: Annotated[int, Integer("Number", 0, MOST_STEPS, "Tells the edit from all others of its course.")] = 0


class SetParameter(Edit, frozen=True, tag="set"):
    """Give one weight a value: that from unit `source` of the layer before (or input) to `unit`; BIAS: its bias.

    Under normalisation the bias is the shift, as everywhere.
    """

    key: ClassVar[str] = "set"
    run: Annotated[int, _RUN]
    layer: Annotated[int, _LAYER]
    unit: Annotated[int, _UNIT]
    source: Annotated[int, Integer("Source", BIAS, 1_000_000, "The unit that the weight comes from; -1: the bias.")]
    value: Annotated[float, Number("Value", -1e9, 1e9, "What the weight or bias becomes.")]


class Freeze(Edit, frozen=True, tag="freeze"):
    """Hold the weights and the bias that lead into a neuron at their present values, or let them go."""

    key: ClassVar[str] = "freeze"
    run: Annotated[int, _RUN]
    layer: Annotated[int, _LAYER]
    unit: Annotated[int, _UNIT]
    frozen: Annotated[bool, Toggle("Frozen", "Whether they are held.")]


class Kill(Edit, frozen=True, tag="kill"):
    """Silence a hidden neuron: all weights that lead out of it are held at 0."""

    key: ClassVar[str] = "kill"
    run: Annotated[int, _RUN]
    layer: Annotated[int, _LAYER]
    unit: Annotated[int, _UNIT]


class Revive(Edit, frozen=True, tag="revive"):
    """Bring a hidden neuron back: a killed one gets its old outgoing weights again; another starts anew.

    Starting anew: the incoming weights of step 0, and the bias with which it is active on half of the samples.
    """

    key: ClassVar[str] = "revive"
    run: Annotated[int, _RUN]
    layer: Annotated[int, _LAYER]
    unit: Annotated[int, _UNIT]


class ShiftBiases(Edit, frozen=True, tag="shift_biases"):
    """Add the same to all biases of a hidden layer: far below zero, no rectifier of it fires any more."""

    key: ClassVar[str] = "shift_biases"
    run: Annotated[int, _RUN]
    layer: Annotated[int, _LAYERS]
    amount: Annotated[float, Number("Shift", -1000.0, 1000.0, "What every bias of the layer gains.", decimals=3)]


class ScaleWeights(Edit, frozen=True, tag="scale_weights"):
    """Multiply all weights that lead into a layer, and no bias."""

    key: ClassVar[str] = "scale_weights"
    run: Annotated[int, _RUN]
    layer: Annotated[int, _LAYERS]
    factor: Annotated[float, Number("Factor", 0.0, 1000.0, "What every weight is multiplied by.", decimals=3)]


class AddNoise(Edit, frozen=True, tag="add_noise"):
    """Add normal noise to all weights that lead into a layer; `size` is in root mean squares of those weights."""

    key: ClassVar[str] = "add_noise"
    run: Annotated[int, _RUN]
    layer: Annotated[int, _LAYERS]
    size: Annotated[float, Number("Noise", 0.0, 100.0, "Its standard deviation, beside the weights' own size.")]
    seed: Annotated[int, _SEED] = 0


class RedrawWeights(Edit, frozen=True, tag="redraw_weights"):
    """Draw the weights that lead into a layer anew, by a law that suits its activation; its biases become 0."""

    key: ClassVar[str] = "redraw_weights"
    run: Annotated[int, _RUN]
    layer: Annotated[int, _LAYERS]
    initializer: Annotated[str, Choice("Initialiser", STARTS, "The law that scales the random draws.")] = STARTS[0]
    seed: Annotated[int, _SEED] = 0


class SpikeRate(Edit, frozen=True, tag="spike_rate"):
    """Multiply a run's learning rate for a few steps."""

    key: ClassVar[str] = "spike_rate"
    run: Annotated[int, _RUN]
    factor: Annotated[float, Number("Factor", 0.0, 1e6, "What the learning rate is multiplied by.", decimals=3)]
    steps: Annotated[int, Integer("Steps", 1, 1_000_000, "For how many steps.")] = 1


class Undo(Edit, frozen=True, tag="undo"):
    """Take an earlier edit back: what it changed gets its old values, at the step at which this is done."""

    key: ClassVar[str] = "undo"
    of: Annotated[int, Integer("Of", 0, MOST_STEPS, "The number of the edit that is taken back.")]


EDITS: Catalog[type[Edit]] = Catalog(
    "edit", SetParameter, Freeze, Kill, Revive, ShiftBiases, ScaleWeights, AddNoise, RedrawWeights, SpikeRate, Undo
)
# Edits of one neuron, of a layer, and all that name a run.
NEURON_EDITS = (SetParameter, Freeze, Kill, Revive)
LAYER_EDITS = (ShiftBiases, ScaleWeights, AddNoise, RedrawWeights)

if TYPE_CHECKING:
    AnyEdit = Any
else:
    AnyEdit = Union[tuple(EDITS.values())]
