"""A neuron in words: its name, what was measured of it, its state, and what a dead one died of."""

from html import escape

import numpy as np

from reluviz.core.health import DORMANT, SATURATED, STATES, UNKNOWN, Thresholds, fate_words, states
from reluviz.core.snapshot import SATURATION_LEVELS, Snapshot
from reluviz.ui.views.base import number


def describe(snapshot: Snapshot, run: int, neuron: int) -> str:
    """Name a neuron, with its bias, mean activity, share of firing and state."""
    neurons = snapshot.runs[run].neurons
    layer = int(neurons.layer[neuron])
    unit = neuron - int(np.searchsorted(neurons.layer, layer))
    last = layer == len(snapshot.settings.network.hidden)
    name = f"Output {unit + 1}" if last else f"Layer {layer + 1}, neuron {unit + 1}"
    if last and snapshot.dataset.task == "classes":
        name += f" ({escape(snapshot.dataset.class_names[unit])})"
    words = [f"<b>{name}</b>", f"bias {number(float(neurons.bias[neuron]))}"]
    words.append(f"mean activity {number(float(neurons.mean[neuron]))}")
    words.append(f"{'positive' if last else 'fires'} on {neurons.fires[neuron]:.0%} of the training samples")
    if not last:
        words.append(state_words(snapshot, run, neuron))
    return "<br>".join(words)


def state_words(snapshot: Snapshot, run: int, neuron: int) -> str:
    """The state of a hidden neuron, and of a dead one when it died, of what, and whether it can be revived."""
    state, usual = snapshot.runs[run], Thresholds()
    neurons = state.neurons
    if neurons.dead[neuron]:
        fate = fate_words(state.fates, neuron) or "since when is known at the next record"
        return f"<b>dead</b>: no gradient passes on any training sample; {fate}"
    found = int(states(neurons, snapshot.dataset.outputs, usual)[neuron])
    if found == UNKNOWN:
        return "<b>not a number</b>: the run has diverged"
    if neurons.silent[neuron]:
        return "<b>silent</b>: never fires on the training data"
    if found == DORMANT:
        return f"<b>dormant</b>: fires on less than {usual.dormant:.0%} of the training samples"
    if found == SATURATED:
        flat = neurons.saturated[neuron, usual.level] - neurons.zeros[neuron]
        level = SATURATION_LEVELS[usual.level]
        return f"<b>saturated</b>: on {flat:.0%} of them abs f′ is below {level:.0%} of its maximum"
    return STATES[found]
