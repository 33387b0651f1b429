"""Edits of a running network by hand: what can be asked for. Layers and units count from 0, the output layer last."""

from dataclasses import dataclass

BIAS = -1


@dataclass(frozen=True, slots=True)
class SetParameter:
    """Give one weight a value: that from unit `source` of the layer before (or input) to `unit`; BIAS: its bias.

    Under normalisation the bias is the shift, as everywhere.
    """

    run: int
    layer: int
    unit: int
    source: int
    value: float


@dataclass(frozen=True, slots=True)
class Freeze:
    """Hold the weights and the bias that lead into a neuron at their present values, or let them go."""

    run: int
    layer: int
    unit: int
    frozen: bool


@dataclass(frozen=True, slots=True)
class Kill:
    """Silence a hidden neuron: all weights that lead out of it are held at 0."""

    run: int
    layer: int
    unit: int


@dataclass(frozen=True, slots=True)
class Revive:
    """Bring a hidden neuron back: a killed one gets its old outgoing weights again; another starts anew.

    Starting anew: the incoming weights of step 0, and the bias with which it is active on half of the samples.
    """

    run: int
    layer: int
    unit: int


Edit = SetParameter | Freeze | Kill | Revive
