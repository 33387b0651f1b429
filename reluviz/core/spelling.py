"""What a neuron computes for one sample, written out with its numbers: `0.42 = relu(0.31·x₁ − 1.2·x₂ + 0.05)`."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.activations import Activation, PReLU
from reluviz.core.folding import effective
from reluviz.core.kernel_plan import BATCH_NORM, EPSILON, LAYER_NORM
from reluviz.core.network import Model
from reluviz.core.plan import model_of
from reluviz.core.snapshot import Snapshot

Array = np.ndarray[Any, np.dtype[Any]]
MOST_TERMS = 6
LONGEST_NAME = 18
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A neuron's formula for one sample. value: what it passes on; z: its pre-activation; float64, of all terms.

    names and inputs: of every source, weights (sources,) and bias: those of its affine map, batch normalisation folded
    in. function: the name of its activation, empty for an output. norm: γ and β where the layer's own deviation
    divides the sums (layer normalisation). skipped: the source that a residual layer adds, -1 for none. folded: whether
    the running statistics of batch normalisation are in the numbers.
    """

    value: float
    z: float
    names: tuple[str, ...]
    inputs: Array
    weights: Array
    bias: float
    function: str
    norm: tuple[float, float] | None
    skipped: int
    folded: bool

    def text(self, terms: int = MOST_TERMS) -> str:
        """The formula: at most so many terms, those with the largest weights, in the order of their sources."""
        inner = self._sum(self._chosen(terms))
        if self.norm is not None:
            gain, shift = self.norm
            inner = f"{spoken(gain)}·norm({inner}) {signed(shift)}"
        whole = f"{self.function}({inner})" if self.function else inner
        if self.skipped >= 0:
            whole += f" + {self.names[self.skipped]} (its input)"
        return f"{spoken(self.value)} = {whole}"

    def given(self, terms: int = MOST_TERMS) -> str:
        """What the sources of those terms are for this sample: `x₁ = 0.5, x₂ = −1.2`."""
        chosen = self._chosen(terms)
        if self.skipped >= 0 and self.skipped not in chosen:
            chosen = [*chosen, self.skipped]
        return ", ".join(f"{self.names[source]} = {spoken(float(self.inputs[source]))}" for source in chosen)

    def _chosen(self, terms: int) -> list[int]:
        if len(self.weights) <= terms:
            return list(range(len(self.weights)))
        sizes = np.nan_to_num(np.abs(self.weights), nan=np.inf)
        return sorted(np.argsort(-sizes, kind="stable")[:terms].tolist())

    def _sum(self, chosen: list[int]) -> str:
        words = ""
        for source in chosen:
            weight = float(self.weights[source])
            term = f"{spoken(abs(weight))}·{self.names[source]}"
            negative = weight < 0
            if words:
                words += f" {'−' if negative else '+'} {term}"
            else:
                words = f"−{term}" if negative else term
        left = len(self.weights) - len(chosen)
        if left:
            words += f" + … ({left} more)"
        return f"{words} {signed(self.bias)}"


def spell(snapshot: Snapshot, run: int, neuron: int, sample: int) -> Spelling:
    """A neuron, counted as in Neurons, at a training sample of the batch; the snapshot must hold INSIDE and WEIGHTS."""
    settings, state = snapshot.settings, snapshot.runs[run]
    model = model_of(snapshot.shape, settings, run)
    shape = model.shape
    layer = int(np.searchsorted(shape.offsets, neuron, side="right")) - 1
    unit = neuron - shape.offsets[layer]
    hidden = layer < shape.layers - 1
    inputs = source_values(snapshot, run, layer, sample)
    theta = np.asarray(state.theta, float)
    norm: tuple[float, float] | None = None
    with np.errstate(all="ignore"):
        if hidden and model.layer.norm == LAYER_NORM:
            weights, bias = shape.weights(theta, layer)[:, unit], float(shape.biases(theta, layer)[unit])
            norm = float(shape.gain(theta, layer)[unit]), float(shape.shift(theta, layer)[unit])
            sums = inputs @ shape.weights(theta, layer) + shape.biases(theta, layer)
            z = norm[0] * float((sums[unit] - sums.mean()) / np.sqrt(sums.var() + EPSILON)) + norm[1]
        else:
            weights, bias = affine(model, theta, state.running, layer, unit)
            z = float(inputs @ weights) + bias
        skipped = unit if hidden and model.skips(layer) else -1
        value = activated(model, theta, layer, z) if hidden else z
        value += float(inputs[skipped]) if skipped >= 0 else 0.0
    folded = hidden and model.layer.norm == BATCH_NORM
    function = _name(model.activations[layer]) if hidden else ""
    names = source_names(snapshot, layer)
    return Spelling(value, z, names, inputs, np.array(weights), bias, function, norm, skipped, folded)


def affine(model: Model, theta: Array, running: Array, layer: int, unit: int) -> tuple[Array, float]:
    """The weights (sources,) and the bias of one unit's affine map, batch normalisation folded in; float64."""
    weights, biases = effective(model, theta, running, layer)
    return weights[:, unit], float(biases[unit])


def activated(model: Model, theta: Array, layer: int, z: float) -> float:
    """f(z) of a hidden layer outside training, with the slope that it has learned."""
    activation = model.activations[layer]
    if isinstance(activation, PReLU):
        return z if z > 0 else float(theta[model.shape.slopes[layer]]) * z
    return float(activation.f(np.array([z]))[0])


def source_values(snapshot: Snapshot, run: int, layer: int, sample: int) -> Array:
    """What a layer is given for a training sample of the batch, float64 (sources,)."""
    if not layer:
        return np.asarray(snapshot.dataset.x_train[sample], float)
    shape = snapshot.shape
    begin = shape.offsets[layer - 1]
    return np.asarray(snapshot.runs[run].inside.activity[begin : begin + shape.sizes[layer], sample], float)


def source_names(snapshot: Snapshot, layer: int) -> tuple[str, ...]:
    """What a layer's sources are called in a formula: inputs by name, neurons h with their number in their layer."""
    count = snapshot.shape.sizes[layer]
    if layer:
        return tuple(f"h{subscript(place + 1)}" for place in range(count))
    return input_names(snapshot)


def input_names(snapshot: Snapshot) -> tuple[str, ...]:
    """A short name for every input: its own, or x with its number."""
    given = snapshot.dataset.input_names
    return tuple(
        shortened(given[place]) if place < len(given) else f"x{subscript(place + 1)}"
        for place in range(snapshot.dataset.inputs)
    )


def shortened(name: str) -> str:
    """A name that leaves room for the rest."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def subscript(number: int) -> str:
    """The number in small low digits."""
    return str(number).translate(SUBSCRIPTS)


def spoken(value: float) -> str:
    """Three digits, a real minus sign."""
    if value != value:
        return "NaN"
    # Without the sign of a negative zero.
    words = f"{value + 0.0:.3g}"
    if "e" in words:
        mantissa, exponent = words.split("e")
        words = f"{mantissa}e{int(exponent)}"
    return words.replace("-", "−").replace("inf", "∞")


def signed(value: float) -> str:
    """A number as the last term of a sum: `+ 0.05`, `− 1.2`."""
    return f"{'−' if value < 0 else '+'} {spoken(abs(value))}"


def _name(activation: Activation) -> str:
    """The name of a function in a formula."""
    return "f" if activation.key == "formula" else activation.key
