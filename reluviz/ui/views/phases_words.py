"""One update in words and numbers: what stands in every node in each phase, and a neuron written out. No Qt."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.labels import activation_label, run_labels
from reluviz.core.phase_numbers import Phases
from reluviz.core.snapshot import Snapshot
from reluviz.core.spelling import MOST_TERMS, input_names, signed, source_names, spoken
from reluviz.ui.views.layers import layer_name
from reluviz.ui.views.table import Table

Array = np.ndarray[Any, np.dtype[Any]]
FORWARD, LOSS, BACKWARD, UPDATE = "forward", "loss", "backward", "update"
# Key, title, and what happens in it.
PHASES = (
    (FORWARD, "Forward", "Every neuron adds up what it is given, z = Σ w·h + b, and passes on a = f(z)."),
    (LOSS, "Loss", "The outputs are compared with what they should be."),
    (BACKWARD, "Backward", "The gradient of the loss goes back: ∂a = Σ w·δ of the layer above, and δ = ∂a · f′(z)."),
    (UPDATE, "Update", "The batch's mean gradient, times the rate, is taken from every weight and bias."),
)
NAMES = (
    "run", "step", "sample", "layer", "neuron", "z", "passes on", "f'(z)", "gradient by what it passes on",
    "gradient by z (δ)", "target", "prediction", "loss", "bias before", "gradient of the bias (batch mean)",
    "bias after", "length of the change of its weights",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """What stands in a node: lines of a name and a number; `value` tints it, None leaves it plain."""

    lines: tuple[tuple[str, str], ...]
    value: float | None


class Reading:
    """The numbers of one update for a sample of the batch, or for its mean (sample -1)."""

    def __init__(self, snapshot: Snapshot, run: int, phases: Phases, sample: int) -> None:
        self.snapshot, self.run, self.phases, self.shape = snapshot, run, phases, snapshot.shape
        self.samples = len(phases.rows)
        self.sample = sample if sample < self.samples else self.samples - 1
        self.x, self.y = self._of(phases.x), self._of(phases.y)
        self.z, self.activity, self.slopes = self._of(phases.z), self._of(phases.activity), self._of(phases.slopes)
        self.predictions = self._of(phases.predictions)
        self.loss = phases.loss if sample < 0 else float(phases.losses[self.sample])
        # The mean loss weighs every sample by 1 / samples: of a sample's own loss it is so many times as much.
        self.passed, self.deltas = (self._own(part) for part in (phases.passed, phases.deltas))

    @property
    def who(self) -> str:
        """Whose numbers these are."""
        if self.sample < 0:
            return f"mean of the {self.samples} samples"
        return f"sample {self.sample + 1} of {self.samples}"

    def _of(self, part: Array) -> Array:
        return np.asarray(part.mean(axis=0) if self.sample < 0 else part[self.sample])

    def _own(self, part: Array) -> Array:
        return np.asarray(part.sum(axis=0) if self.sample < 0 else self.samples * part[self.sample])

    def name(self, block: int, node: int) -> str:
        """What a node is called."""
        if not block:
            return f"Input {input_names(self.snapshot)[node]}"
        return f"Output {node + 1}" if block == self.shape.layers else f"Layer {block}, neuron {node + 1}"

    def node(self, phase: str, block: int, node: int) -> Node:
        """What stands in a node in a phase; block 0 are the inputs."""
        if not block:
            value = float(self.x[node])
            return Node(((input_names(self.snapshot)[node], spoken(value)),), value if phase == FORWARD else None)
        neuron, last = self.shape.offsets[block - 1] + node, block == self.shape.layers
        z, delta = float(self.z[neuron]), float(self.deltas[neuron])
        if phase == UPDATE:
            change, moved = self.changes(block - 1, node)
            return Node((("Δb", spoken(change)), ("‖Δw‖", spoken(moved))), change)
        if last and phase in (FORWARD, LOSS):
            guess, target = float(self.predictions[node]), float(self.y[node])
            if phase == FORWARD:
                return Node((("z", spoken(z)), ("ŷ", spoken(guess))), z)
            return Node((("ŷ", spoken(guess)), ("y", spoken(target))), guess - target)
        if phase == BACKWARD:
            passed, slope = spoken(float(self.passed[neuron])), spoken(float(self.slopes[neuron]))
            head = () if last else (("∂a", passed), ("f′", slope))
            return Node((*head, ("δ", spoken(delta))), delta)
        value = float(self.activity[neuron])
        return Node((("z", spoken(z)), ("a", spoken(value))), value if phase == FORWARD else None)

    def changes(self, layer: int, unit: int) -> tuple[float, float]:
        """By how much a unit's bias changes, and the length of the change of its weights."""
        shape, moved = self.shape, self.phases.after - self.phases.before
        return (
            float(shape.biases(moved, layer)[unit]),
            float(np.linalg.norm(shape.weights(moved, layer)[:, unit])),
        )

    def weights(self, phase: str, layer: int) -> Array:
        """What tints the lines into a layer in a phase, (sources, units): weights, their gradients or their changes."""
        phases, shape = self.phases, self.shape
        source = phases.after - phases.before if phase == UPDATE else phases.before
        if phase == BACKWARD:
            source = phases.gradient
        return shape.weights(source, layer)

    def sentences(self, phase: str, block: int, node: int) -> list[str]:
        """The picked node written out."""
        if not block:
            return [f"{input_names(self.snapshot)[node]} = {spoken(float(self.x[node]))}"]
        written = {FORWARD: self._forward, LOSS: self._loss, BACKWARD: self._backward, UPDATE: self._update}
        return written[phase](block - 1, node)

    def _forward(self, layer: int, unit: int) -> list[str]:
        shape, phases = self.shape, self.phases
        neuron, hidden = shape.offsets[layer] + unit, layer < shape.layers - 1
        weights, bias = shape.weights(phases.before, layer)[:, unit], float(shape.biases(phases.before, layer)[unit])
        sources = self._sources(layer)
        terms = terms_of(weights, [spoken(float(value)) for value in sources])
        z = float(self.z[neuron])
        run = self.snapshot.settings.runs[self.run]
        if hidden and run.layer.norm:
            return [f"sum = {terms} {signed(bias)}", f"z = {spoken(z)}, after {run.layer.title.lower()}"]
        lines = [f"z = {terms} {signed(bias)} = {spoken(z)}"]
        if hidden:
            function, value = activation_label(run.activation_of(layer)), float(self.activity[neuron])
            words = "passes on" if self.sample >= 0 else "passes on, on average,"
            lines.append(f"f is {function}: {words} {spoken(value)}")
        else:
            lines.append(f"prediction ŷ = {spoken(float(self.predictions[unit]))}")
        return lines

    def _loss(self, layer: int, unit: int) -> list[str]:
        whole = f"mean of the batch {spoken(self.phases.loss)}"
        if self.sample < 0:
            return [f"loss, {whole}"]
        guesses = ", ".join(spoken(float(value)) for value in self.predictions[:MOST_TERMS])
        targets = ", ".join(spoken(float(value)) for value in self.y[:MOST_TERMS])
        more = ", …" if len(self.y) > MOST_TERMS else ""
        return [f"prediction {guesses}{more}; target {targets}{more}", f"loss {spoken(self.loss)}; {whole}"]

    def _backward(self, layer: int, unit: int) -> list[str]:
        shape, neuron = self.shape, self.shape.offsets[layer] + unit
        delta = float(self.deltas[neuron])
        if layer == shape.layers - 1:
            return [f"δ = derivative of the loss by this output = {spoken(delta)}"]
        passed, run = float(self.passed[neuron]), self.snapshot.settings.runs[self.run]
        above = layer + 1
        begin = shape.offsets[above]
        deltas = self.deltas[begin : begin + shape.sizes[above + 1]]
        terms = terms_of(shape.weights(self.phases.before, above)[unit], [spoken(float(value)) for value in deltas])
        mixed = above < shape.layers - 1 and (run.layer.norm or run.layer.skips)
        how = f"{spoken(passed)}, through {run.layer.title.lower()}" if mixed else f"{terms} = {spoken(passed)}"
        first = f"∂a = {how}"
        if self.sample < 0:
            return [first, f"δ = {spoken(delta)}, the mean of ∂a · f′(z) over the batch"]
        return [first, f"δ = ∂a · f′(z) = {spoken(passed)} · {spoken(float(self.slopes[neuron]))} = {spoken(delta)}"]

    def _update(self, layer: int, unit: int) -> list[str]:
        shape, phases, training = self.shape, self.phases, self.snapshot.settings.training
        names = source_names(self.snapshot, layer)
        before, after = (shape.weights(part, layer)[:, unit] for part in (phases.before, phases.after))
        slopes = shape.weights(phases.applied, layer)[:, unit]
        chosen = sorted(np.argsort(-np.abs(after - before), kind="stable")[:MOST_TERMS].tolist())
        parts = [f"w({names[k]}) {moved(before[k], after[k], slopes[k])}" for k in chosen]
        if len(names) > len(chosen):
            parts.append(f"… {len(names) - len(chosen)} more")
        bias = (float(shape.biases(part, layer)[unit]) for part in (phases.before, phases.after, phases.applied))
        rule = training.optimizer.formula.replace("-", "−")
        return [f"η = {spoken(phases.rate)}, {training.optimizer.title}: {rule}", f"b {moved(*bias)}", "; ".join(parts)]

    def _sources(self, layer: int) -> Array:
        if not layer:
            return self.x
        begin = self.shape.offsets[layer - 1]
        return self.activity[begin : begin + self.shape.sizes[layer]]


def terms_of(weights: Array, values: list[str]) -> str:
    """A sum with its numbers, `0.31·0.42 − 1.2·0.77`: the largest weights, in the order of their sources."""
    sizes = np.nan_to_num(np.abs(weights), nan=np.inf)
    chosen = sorted(np.argsort(-sizes, kind="stable")[:MOST_TERMS].tolist())
    words = ""
    for k in chosen:
        weight, value = float(weights[k]), values[k]
        factor = f"({value})" if value.startswith("−") else value
        sign = ("− " if weight < 0 else "+ ") if words else ("−" if weight < 0 else "")
        words += f"{' ' if words else ''}{sign}{spoken(abs(weight))}·{factor}"
    left = len(weights) - len(chosen)
    return f"{words} + … ({left} more)" if left else words


def moved(before: float, after: float, slope: float) -> str:
    """From where to where, and by which gradient; digits enough to see the difference."""
    digits = 4
    while digits < 9 and before != after and f"{before:.{digits}g}" == f"{after:.{digits}g}":
        digits += 1
    shown = [f"{value:.{digits}g}".replace("-", "−") for value in (before, after)]
    return f"{shown[0]} → {shown[1]} (g = {spoken(float(slope))})"


def phases_table(reading: Reading) -> Table:
    """A row for each neuron, with the numbers of all phases; for the sample that is chosen, or for the batch's mean."""
    shape, phases = reading.shape, reading.phases
    label = run_labels(reading.snapshot.settings)[reading.run]
    sample = "mean" if reading.sample < 0 else str(int(phases.rows[reading.sample]) + 1)
    rows = []
    for layer in range(shape.layers):
        last = layer == shape.layers - 1
        for unit in range(shape.sizes[layer + 1]):
            neuron = shape.offsets[layer] + unit
            ends = (reading.y[unit], reading.predictions[unit], reading.loss) if last else (None, None, None)
            biases = [float(shape.biases(part, layer)[unit]) for part in (phases.before, phases.gradient, phases.after)]
            rows.append((
                label, phases.step, sample, layer_name(layer, shape.layers), unit + 1, reading.z[neuron],
                reading.activity[neuron], reading.slopes[neuron], reading.passed[neuron], reading.deltas[neuron], *ends,
                *biases, reading.changes(layer, unit)[1],
            ))  # fmt: skip
    return Table(NAMES, tuple(zip(*rows, strict=True)))


def heads(snapshot: Snapshot) -> list[str]:
    """The titles of the columns."""
    layers = snapshot.shape.layers
    return ["inputs", *(f"layer {place + 1}" for place in range(layers - 1)), "output"]
