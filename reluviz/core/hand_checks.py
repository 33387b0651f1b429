"""Whether a lab has the place that an edit names."""

from typing import Any

from reluviz.core.shape import Shape
from reluviz.core.surgery import ALL, BIAS, LAYER_EDITS, NEURON_EDITS, Kill, Revive, SetParameter, ShiftBiases


def layers_of(edit: Any, shape: Shape) -> range:
    """The layers that an edit of layers means: biases are those of hidden layers, weights those of all."""
    if edit.layer == ALL:
        return range(shape.layers - 1 if isinstance(edit, ShiftBiases) else shape.layers)
    return range(edit.layer, edit.layer + 1)


def check(edit: Any, shape: Shape, runs: int) -> int:
    """The run that an edit means; raises ValueError with one sentence for what is not there."""
    if not 0 <= edit.run < runs:
        raise ValueError(f"run {edit.run + 1} cannot be edited: the lab has {runs}")
    if isinstance(edit, (*LAYER_EDITS, *NEURON_EDITS)) and edit.layer >= shape.layers:
        raise ValueError(f"run {edit.run + 1}, layer {edit.layer + 1} cannot be edited: the lab has no such layer")
    if isinstance(edit, ShiftBiases) and edit.layer == shape.layers - 1:
        raise ValueError("the biases of the output cannot be shifted: only those of hidden layers can")
    if isinstance(edit, NEURON_EDITS):
        _check_neuron(edit, shape)
    return int(edit.run)


def _check_neuron(edit: Any, shape: Shape) -> None:
    if edit.unit >= shape.sizes[edit.layer + 1]:
        raise ValueError(f"neuron {edit.unit + 1} of layer {edit.layer + 1} cannot be edited: there is none")
    if isinstance(edit, SetParameter) and not BIAS <= edit.source < shape.sizes[edit.layer]:
        raise ValueError(f"weight {edit.source + 1} of layer {edit.layer + 1} cannot be set: there is none")
    if isinstance(edit, (Kill, Revive)) and edit.layer == shape.layers - 1:
        raise ValueError("an output cannot be killed or revived: only hidden neurons can")
