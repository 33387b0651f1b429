"""What a person does to running networks by hand: sets weights, freezes, kills and revives neurons, undoes it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.kernel_plan import NO_NORM
from reluviz.core.stack import Stack
from reluviz.core.start import draws, initial
from reluviz.core.surgery import BIAS, Edit, Freeze, Kill, Revive, SetParameter

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Before:
    """What an edit has changed in a run: places in theta with what they held, and who was frozen or killed."""

    run: int
    places: Array
    values: Array
    frozen: Array
    killed: dict[int, Array]


class Hands:
    """The edits of a stack's runs. Neurons count as in Neurons: hidden layers first, then the outputs."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        runs = len(stack.settings.runs)
        self.frozen = np.zeros((runs, stack.shape.neurons), bool)
        # Killed neurons with the weights that led out of them.
        self._killed: list[dict[int, Array]] = [{} for _ in range(runs)]
        self._before: dict[int, Before] = {}

    def killed(self, run: int) -> Array:
        """Which neurons are silenced, bool (neurons,)."""
        found = np.zeros(self._stack.shape.neurons, bool)
        found[list(self._killed[run])] = True
        return found

    def apply(self, edit: Edit, token: int) -> None:
        """Do it, at once; `token` takes it back. Raises ValueError with one sentence where there is no such place."""
        self._check(edit)
        run, neuron = edit.run, self._stack.shape.offsets[edit.layer] + edit.unit
        places = self._touched(edit, neuron)
        self._before[token] = Before(
            run, places, self._stack.theta[run, places].copy(), self.frozen[run].copy(), dict(self._killed[run])
        )
        match edit:
            case SetParameter():
                self._stack.theta[run, self._place(edit)] = edit.value
            case Freeze():
                self.frozen[run, neuron] = edit.frozen
            case Kill():
                if neuron not in self._killed[run]:
                    self._killed[run][neuron] = self._stack.theta[run, self._outgoing(edit)].copy()
            case Revive():
                self._revive(edit, neuron)
        self._hold(run)

    def take_back(self, token: int) -> bool:
        """Undo an edit of this course: what it changed gets its old values, at the present step; False if unknown."""
        before = self._before.pop(token, None)
        if before is None:
            return False
        self._stack.theta[before.run, before.places] = before.values
        self.frozen[before.run] = before.frozen
        self._killed[before.run] = before.killed
        self._hold(before.run)
        return True

    def _touched(self, edit: Edit, neuron: int) -> Array:
        """The places in theta that an edit gives other values."""
        match edit:
            case SetParameter():
                return np.array([self._place(edit)])
            case Freeze():
                return np.zeros(0, np.int64)
            case Revive() if neuron not in self._killed[edit.run]:
                return self._incoming(edit)
        return self._outgoing(edit)

    def _check(self, edit: Edit) -> None:
        shape, runs = self._stack.shape, len(self._stack.settings.runs)
        if not (0 <= edit.run < runs and 0 <= edit.layer < shape.layers):
            raise ValueError(f"run {edit.run + 1}, layer {edit.layer + 1} cannot be edited: the lab has no such layer")
        if not 0 <= edit.unit < shape.sizes[edit.layer + 1]:
            raise ValueError(f"neuron {edit.unit + 1} of layer {edit.layer + 1} cannot be edited: there is none")
        if isinstance(edit, SetParameter):
            if not BIAS <= edit.source < shape.sizes[edit.layer]:
                raise ValueError(f"weight {edit.source + 1} of layer {edit.layer + 1} cannot be set: there is none")
            if not np.isfinite(edit.value):
                raise ValueError(f"{edit.value} is not allowed for a weight or bias: it must be a finite number")
        if isinstance(edit, (Kill, Revive)) and edit.layer == shape.layers - 1:
            raise ValueError("an output cannot be killed or revived: only hidden neurons can")

    def _revive(self, edit: Revive, neuron: int) -> None:
        """Old outgoing weights for one that was killed, a new start for any other."""
        stack, run = self._stack, edit.run
        saved = self._killed[run].pop(neuron, None)
        if saved is not None:
            stack.theta[run, self._outgoing(edit)] = saved
            return
        shape, settings = stack.shape, stack.settings
        start = initial(shape, settings.runs[run].initializer, draws(shape, settings.network.seed), stack.dtype)
        incoming = self._incoming(edit)
        weights = incoming[: shape.sizes[edit.layer]]
        stack.theta[run, weights] = start[weights]
        stack.theta[run, incoming[len(weights) :]] = 0
        stack.theta[run, self._bias(edit)] = -self._middle(edit)
        if self._normalised(edit):
            shape.gain(stack.theta[run], edit.layer)[edit.unit] = 1

    def _middle(self, edit: Edit) -> float:
        """The median of the neuron's pre-activation on the batch, as its parameters are now."""
        stack = self._stack
        samples = min(256, len(stack.x))
        out = np.empty((3, stack.shape.neurons, samples), stack.dtype)
        stack.inspect(edit.run, samples, out, np.empty(out.shape[1:]))
        middle = float(np.median(out[0, stack.shape.offsets[edit.layer] + edit.unit]))
        return middle if np.isfinite(middle) else 0.0

    def _normalised(self, edit: Edit) -> bool:
        hidden = edit.layer < self._stack.shape.layers - 1
        return hidden and self._stack.settings.runs[edit.run].layer.norm != NO_NORM

    def _bias(self, edit: Edit) -> int:
        """The place of what is added just before the activation."""
        shape = self._stack.shape
        if self._normalised(edit):
            return shape.gains[edit.layer] + shape.sizes[edit.layer + 1] + edit.unit
        return shape.starts[edit.layer] + shape.sizes[edit.layer] * shape.sizes[edit.layer + 1] + edit.unit

    def _place(self, edit: SetParameter) -> int:
        shape = self._stack.shape
        if edit.source == BIAS:
            return self._bias(edit)
        return shape.starts[edit.layer] + edit.source * shape.sizes[edit.layer + 1] + edit.unit

    def _incoming(self, edit: Edit) -> Array:
        """The places of a neuron's weights, its bias, and under normalisation its gain and shift."""
        shape, layer = self._stack.shape, edit.layer
        units, inputs = shape.sizes[layer + 1], shape.sizes[layer]
        places = shape.starts[layer] + np.arange(inputs + 1) * units + edit.unit
        if self._normalised(edit):
            places = np.append(places, [shape.gains[layer] + edit.unit, self._bias(edit)])
        return places

    def _outgoing(self, edit: Edit) -> Array:
        """The places of the weights that lead out of a neuron; none for an output."""
        shape, above = self._stack.shape, edit.layer + 1
        if above == shape.layers:
            return np.zeros(0, np.int64)
        units = shape.sizes[above + 1]
        return shape.starts[above] + edit.unit * units + np.arange(units)

    def _hold(self, run: int) -> None:
        """Tell the kernel which places stay, and at what."""
        stack, shape = self._stack, self._stack.shape
        layers = np.repeat(np.arange(shape.layers), shape.sizes[1:])

        def at(neuron: int) -> Freeze:
            layer = int(layers[neuron])
            return Freeze(run, layer, int(neuron) - shape.offsets[layer], True)

        cut = [self._outgoing(at(int(neuron))) for neuron in self._killed[run]]
        for places in cut:
            stack.theta[run, places] = 0
        still = [self._incoming(at(int(neuron))) for neuron in np.flatnonzero(self.frozen[run])]
        held = np.unique(np.concatenate([np.zeros(0, np.int64), *cut, *still]))
        stack.hold(run, held)
