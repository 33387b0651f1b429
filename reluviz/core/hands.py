"""What a person does to running networks by hand: sets, shifts, scales, freezes, kills, revives, and undoes it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reluviz.core.hand_checks import check, layers_of
from reluviz.core.initializers import INITIALIZERS
from reluviz.core.places import Places
from reluviz.core.stack import Stack
from reluviz.core.start import draws, initial
from reluviz.core.surgery import (
    NEURON_EDITS,
    AddNoise,
    Edit,
    Freeze,
    Kill,
    RedrawWeights,
    Revive,
    ScaleWeights,
    SetParameter,
    ShiftBiases,
    SpikeRate,
    Undo,
)

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Before:
    """What an edit has changed in a run: places in theta with what they held, and who was frozen or killed."""

    places: Array
    values: Array
    frozen: Array
    killed: dict[int, Array]


@dataclass(frozen=True, slots=True)
class Spike:
    """Until a step, this number of an edit multiplies the learning rate of a run."""

    run: int
    number: int
    until: int
    factor: float


@dataclass(frozen=True, slots=True)
class Grip:
    """All that hands hold: frozen (runs, neurons); of each run the killed with their weights; what edits changed."""

    frozen: Array
    killed: tuple[dict[int, Array], ...]
    before: dict[tuple[int, int], Before]
    spikes: tuple[Spike, ...]

    def mapped(self, rows: Sequence[int]) -> "Grip":
        """The same where run i of now is what run rows[i] was."""
        return Grip(
            self.frozen[list(rows)].copy(),
            tuple(dict(self.killed[row]) for row in rows),
            {(i, n): held for i, row in enumerate(rows) for (run, n), held in self.before.items() if run == row},
            tuple(replace(spike, run=i) for i, row in enumerate(rows) for spike in self.spikes if spike.run == row),
        )


class Hands:
    """The edits of a stack's runs. Neurons count as in Neurons: hidden layers first, then the outputs."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        runs = stack.settings.runs
        self._places = [Places(stack.shape, run.layer.norm) for run in runs]
        self.frozen = np.zeros((len(runs), stack.shape.neurons), bool)
        # Killed neurons with the weights that led out of them.
        self._killed: list[dict[int, Array]] = [{} for _ in runs]
        self._before: dict[tuple[int, int], Before] = {}
        self._spikes: tuple[Spike, ...] = ()

    @property
    def next(self) -> int | None:
        """The next step at which something ends by itself."""
        return min((spike.until for spike in self._spikes), default=None)

    def killed(self, run: int) -> Array:
        """Which neurons are silenced, bool (neurons,)."""
        found = np.zeros(self._stack.shape.neurons, bool)
        found[list(self._killed[run])] = True
        return found

    def grip(self) -> Grip:
        """A copy of all that is held."""
        killed = tuple(dict(each) for each in self._killed)
        return Grip(self.frozen.copy(), killed, dict(self._before), self._spikes)

    def take_over(self, grip: Grip) -> None:
        """Hold what was held then; the stack has the parameters of then already."""
        self.frozen = grip.frozen.copy()
        self._killed = [dict(killed) for killed in grip.killed]
        self._before = dict(grip.before)
        self._pull(grip.spikes)
        for run in range(len(self._killed)):
            self._hold(run)

    def apply(self, edit: Edit, step: int) -> bool:
        """Do it, at once, at the present step; False for an edit to be undone that is not known.

        Raises ValueError with one sentence where there is no such place.
        """
        if isinstance(edit, Undo):
            return self._take_back(edit.of)
        run = check(edit, self._stack.shape, len(self._stack.settings.runs))
        places = self._touched(edit)
        values = self._stack.theta[run, places].copy()
        self._before[run, edit.number] = Before(places, values, self.frozen[run].copy(), dict(self._killed[run]))
        if isinstance(edit, NEURON_EDITS):
            self._operate(edit)
        elif isinstance(edit, SpikeRate):
            self._pull((*self._spikes, Spike(run, edit.number, step + edit.steps, edit.factor)))
        else:
            self._treat(edit)
        self._hold(run)
        return True

    def reach(self, step: int) -> None:
        """Let go of what ends at this step."""
        if self._spikes:
            self._pull(tuple(spike for spike in self._spikes if spike.until > step))

    def _take_back(self, number: int) -> bool:
        """What the edit changed gets its old values, at the present step."""
        run = min((run for run, known in self._before if known == number), default=None)
        if run is None:
            return False
        before = self._before.pop((run, number))
        self._stack.theta[run, before.places] = before.values
        self.frozen[run] = before.frozen
        self._killed[run] = before.killed
        self._pull(tuple(spike for spike in self._spikes if (spike.run, spike.number) != (run, number)))
        self._hold(run)
        return True

    def _pull(self, spikes: tuple[Spike, ...]) -> None:
        """These multiply learning rates from now on."""
        self._spikes = spikes
        factors = np.ones(len(self._killed))
        for spike in spikes:
            factors[spike.run] *= spike.factor
        self._stack.multiply_rates(factors)

    def _neuron(self, edit: Any) -> int:
        return int(self._stack.shape.offsets[edit.layer] + edit.unit)

    def _touched(self, edit: Any) -> Array:
        """The places in theta that an edit gives other values."""
        places = self._places[edit.run]
        match edit:
            case SetParameter():
                return np.array([places.parameter(edit.layer, edit.unit, edit.source)])
            case Freeze() | SpikeRate():
                return np.zeros(0, np.int64)
            case Revive() if self._neuron(edit) not in self._killed[edit.run]:
                return places.incoming(edit.layer, edit.unit)
            case Kill() | Revive():
                return places.outgoing(edit.layer, edit.unit)
        return np.concatenate([self._layer_places(edit, layer) for layer in layers_of(edit, self._stack.shape)])

    def _layer_places(self, edit: Any, layer: int) -> Array:
        places = self._places[edit.run]
        match edit:
            case ShiftBiases():
                return places.biases(layer)
            case RedrawWeights():
                more = [places.biases(layer), places.gains(layer)] if places.normalised(layer) else []
                return np.concatenate([places.weights(layer), places.plain_biases(layer), *more])
        return places.weights(layer)

    def _operate(self, edit: Any) -> None:
        """An edit of one neuron."""
        run, neuron = edit.run, self._neuron(edit)
        theta, places = self._stack.theta[run], self._places[run]
        match edit:
            case SetParameter():
                theta[places.parameter(edit.layer, edit.unit, edit.source)] = edit.value
            case Freeze():
                self.frozen[run, neuron] = edit.frozen
            case Kill():
                if neuron not in self._killed[run]:
                    self._killed[run][neuron] = theta[places.outgoing(edit.layer, edit.unit)].copy()
            case Revive():
                self._revive(edit, neuron)

    def _treat(self, edit: Any) -> None:
        """An edit of layers."""
        theta, places = self._stack.theta[edit.run], self._places[edit.run]
        with np.errstate(over="ignore"):
            for layer in layers_of(edit, self._stack.shape):
                weights = places.weights(layer)
                match edit:
                    case ShiftBiases():
                        theta[places.biases(layer)] += edit.amount
                    case ScaleWeights():
                        theta[weights] *= edit.factor
                    case AddNoise():
                        size = edit.size * np.sqrt(np.mean(theta[weights].astype(float) ** 2))
                        noise = np.random.default_rng([edit.seed, layer]).standard_normal(len(weights))
                        theta[weights] += (size * noise).astype(theta.dtype)
                    case RedrawWeights():
                        self._redraw(edit, layer)

    def _redraw(self, edit: RedrawWeights, layer: int) -> None:
        stack, places = self._stack, self._places[edit.run]
        law, theta = INITIALIZERS[edit.initializer](), stack.theta[edit.run]
        fresh = initial(stack.shape, law, draws(stack.shape, edit.seed), stack.dtype)
        theta[places.weights(layer)] = fresh[places.weights(layer)]
        theta[places.plain_biases(layer)] = 0
        if places.normalised(layer):
            theta[places.gains(layer)], theta[places.biases(layer)] = 1, 0

    def _revive(self, edit: Revive, neuron: int) -> None:
        """Old outgoing weights for one that was killed, a new start for any other."""
        stack, run, places = self._stack, edit.run, self._places[edit.run]
        saved = self._killed[run].pop(neuron, None)
        if saved is not None:
            stack.theta[run, places.outgoing(edit.layer, edit.unit)] = saved
            return
        shape, settings = stack.shape, stack.settings
        start = initial(shape, settings.runs[run].initializer, draws(shape, settings.network.seed), stack.dtype)
        incoming = places.incoming(edit.layer, edit.unit)
        weights = incoming[: shape.sizes[edit.layer]]
        stack.theta[run, weights] = start[weights]
        stack.theta[run, incoming[len(weights) :]] = 0
        if places.normalised(edit.layer):
            shape.gain(stack.theta[run], edit.layer)[edit.unit] = 1
        bias = places.biases(edit.layer)[edit.unit]
        stack.theta[run, bias] = -self._middle(run, neuron)

    def _middle(self, run: int, neuron: int) -> float:
        """The median of the neuron's pre-activation on the batch, as its parameters are now."""
        stack = self._stack
        samples = min(256, len(stack.x))
        out = np.empty((3, stack.shape.neurons, samples), stack.dtype)
        stack.inspect(run, samples, out, np.empty(out.shape[1:]))
        middle = float(np.median(out[0, neuron]))
        return middle if np.isfinite(middle) else 0.0

    def _hold(self, run: int) -> None:
        """Tell the kernel which places stay, and at what."""
        stack, shape, places = self._stack, self._stack.shape, self._places[run]
        layers = np.repeat(np.arange(shape.layers), shape.sizes[1:])

        def at(neuron: int) -> tuple[int, int]:
            layer = int(layers[neuron])
            return layer, int(neuron) - shape.offsets[layer]

        cut = [places.outgoing(*at(neuron)) for neuron in self._killed[run]]
        for some in cut:
            stack.theta[run, some] = 0
        still = [places.incoming(*at(int(neuron))) for neuron in np.flatnonzero(self.frozen[run])]
        held = np.unique(np.concatenate([np.zeros(0, np.int64), *cut, *still]))
        stack.hold(run, held)
