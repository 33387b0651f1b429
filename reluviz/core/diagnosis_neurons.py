"""Rules about gradients and neurons: vanishing, exploding, saturated, dead, dormant, symmetric."""

from typing import Any

import numpy as np

from reluviz.core.diagnosis_base import ILL, NOTE, SEVERE, Look, Symptom, number, percent
from reluviz.core.fates import BORN, EDIT, LARGE_STEP
from reluviz.core.health import fate_words
from reluviz.core.snapshot import SATURATION_LEVELS, USUAL_LEVEL

Array = np.ndarray[Any, np.dtype[Any]]

# What helps a neuron depends on what it died of; the rule's own list is for what drifted.
BY_CAUSE = {
    BORN: ("he_init", "elu", "batch_norm", "leaky_relu", "asymmetric_init", "wider", "another_seed", "revive"),
    LARGE_STEP: ("smaller_rate_anew", "leaky_relu", "elu", "clipping_anew", "revive"),
    EDIT: ("revive", "leaky_relu", "elu"),
}
# A penalty above this pulls weights to zero faster than most gradients hold against it.
HEAVY = 0.01
# So many layers need more than a good start at usual rates.
MANY_LAYERS = 16
VERY_DEEP = ("batch_norm", "relu_he", "he_init", "glorot_init", "lecun_init", "residual", "adam")
UNLOADED = ("no_penalty", "relu_he", "batch_norm", "residual")
# Columns of weights that differ by less than this share of the largest weight count as equal.
EQUAL = 1e-6


def vanishing(look: Look) -> Symptom | None:
    """The gradient that reaches a layer is a tiny share of that of the last hidden layer.

    Where a whole layer is dead no gradient comes through at all: that is another matter. Nor is a large ratio the other
    way round, of last to first, a sign of anything but this.
    """
    flow, limit = look.measures.flow, look.limits.vanishing
    if look.learned or np.isnan(flow).any() or not (flow < limit).any() or whole_layer(look).any():
        return None
    layer = int(flow.argmin())
    end = "the early layers learn slowly" if look.falling else "the early layers do not learn"
    sentence = (
        f"The gradient that reaches hidden layer {layer + 1} is {number(flow[layer])} of that of hidden layer"
        f" {len(flow)}: {end}."
    )
    training = look.snapshot.settings.training
    heavy = max(training.l1, training.l2) > HEAVY
    remedies = UNLOADED if heavy else VERY_DEEP if len(flow) >= MANY_LAYERS else ()
    severity = NOTE if look.falling else SEVERE
    return Symptom(severity, sentence, float(flow[layer]), limit, layer, remedies=remedies)


def exploding(look: Look) -> Symptom | None:
    """The gradient grows on its way back, so that no step length suits all layers."""
    flow, limit = look.measures.flow, look.limits.exploding
    if look.learned or np.isnan(flow).any() or not (flow > limit).any():
        return None
    layer = int(flow.argmax())
    sentence = (
        f"The gradient that reaches hidden layer {layer + 1} is {number(flow[layer])} times that of hidden layer"
        f" {len(flow)}: it grows on its way back, and no learning rate suits all layers."
    )
    return Symptom(SEVERE, sentence, float(flow[layer]), limit, layer)


def saturated(look: Look) -> Symptom | None:
    """Nearly all values of a layer lie where f is flat."""
    shares, limit = look.measures.saturated, look.limits.saturated
    layer = int(shares.argmax())
    if not shares[layer] >= limit:
        return None
    level = percent(SATURATION_LEVELS[USUAL_LEVEL])
    end = "little gradient passes, but the network has learned" if look.learned else "little gradient passes"
    sentence = (
        f"In hidden layer {layer + 1} the slope of f is below {level} of its largest for {percent(shares[layer])} of"
        f" all values: {end}."
    )
    severity = NOTE if look.learned else ILL if look.falling else SEVERE
    return Symptom(severity, sentence, float(shares[layer]), limit, layer)


def dead(look: Look) -> Symptom | None:
    """Neurons with slope 0 on every training sample that is measured; one sample proves nothing."""
    gone = look.measures.dead
    if not gone.any():
        return None
    shares = by_layer(look, gone)
    layer, limit = int(shares.argmax()), look.limits.dead
    failed = not look.learned and (shares[layer] == 1 or (look.stuck and shares[layer] >= limit))
    begin = look.shape.offsets[layer]
    width = look.shape.sizes[layer + 1]
    neuron, cause = _example(look, begin, width)
    count = int(gone[begin : begin + width].sum())
    words = fate_words(look.state.fates, neuron)
    sentence = (
        f"{count} of {width} neurons of hidden layer {layer + 1} are dead ({percent(shares[layer])}): the slope of f is"
        f" 0 on every training sample."
    )
    if words:
        sentence += f" Neuron {neuron - begin + 1} {'was ' if cause == BORN else ''}{words}."
    severity = NOTE if not failed else SEVERE if shares[layer] == 1 else ILL
    return Symptom(severity, sentence, float(shares[layer]), limit, layer, neuron, BY_CAUSE.get(cause, ()))


def dormant(look: Look) -> Symptom | None:
    """Neurons that hardly ever fire and pass hardly any gradient, but are not dead."""
    asleep = look.measures.dormant
    if not asleep.any():
        return None
    shares = by_layer(look, asleep)
    layer, limit = int(shares.argmax()), look.limits.dormant
    begin, width = look.shape.offsets[layer], look.shape.sizes[layer + 1]
    silent = by_layer(look, asleep | look.measures.dead)
    failed = not look.learned and (shares[layer] == 1 or (look.stuck and silent[layer] >= limit <= 2 * shares[layer]))
    neuron = begin + int(np.argmax(asleep[begin : begin + width]))
    sentence = (
        f"{int(asleep[begin : begin + width].sum())} of {width} neurons of hidden layer {layer + 1} are dormant"
        f" ({percent(shares[layer])}): they fire on less than {percent(look.limits.fires)} of the training samples."
    )
    severity = NOTE if not failed else SEVERE if shares[layer] == 1 else ILL
    return Symptom(severity, sentence, float(shares[layer]), limit, layer, neuron)


def symmetric(look: Look) -> Symptom | None:
    """All neurons of a layer have equal weights in and out: their gradients are equal, and they stay the same."""
    shape, theta = look.shape, look.state.theta
    for layer in range(shape.layers - 1):
        width = shape.sizes[layer + 1]
        into, out = shape.weights(theta, layer), shape.weights(theta, layer + 1).T
        bias = look.state.neurons.bias[shape.offsets[layer] : shape.offsets[layer] + width][None, :]
        if width > 1 and all(_equal(each) for each in (into, out, bias)):
            sentence = (
                f"All {width} neurons of hidden layer {layer + 1} have equal weights: they get equal gradients and stay"
                " copies of one neuron."
            )
            return Symptom(SEVERE, sentence, float(width), 2.0, layer)
    return None


def whole_layer(look: Look) -> Array:
    """Which hidden layers are dead as a whole."""
    return by_layer(look, look.measures.dead) == 1


def by_layer(look: Look, which: Array) -> Array:
    """The share of each hidden layer's neurons for which `which` (hidden neurons,) is true."""
    shape = look.shape
    return np.asarray(np.add.reduceat(which.astype(float), shape.offsets[:-1]) / np.array(shape.sizes[1:-1]))


def _example(look: Look, begin: int, width: int) -> tuple[int, int]:
    """The neuron of a layer that died first of the most frequent cause, and that cause; -1 where it is not known yet.

    Deaths are noted as records are made: a neuron may be dead now of which nothing is known.
    """
    fates, gone = look.state.fates, look.measures.dead[begin : begin + width]
    causes = np.where(gone, fates.cause[begin : begin + width], -1)
    if not (causes >= 0).any():
        return begin + int(gone.argmax()), -1
    cause = int(np.bincount(causes[causes >= 0]).argmax())
    died = np.where(causes == cause, fates.died_at[begin : begin + width], np.iinfo(np.int64).max)
    return begin + int(died.argmin()), cause


def _equal(columns: Array) -> bool:
    """Whether all columns (inputs, units) are equal; nearly always the first two numbers tell."""
    limit = EQUAL * abs(columns[0, 0])
    if abs(columns[0, 1] - columns[0, 0]) > limit:
        return False
    first = columns[:, :1]
    return bool((np.abs(columns - first) <= EQUAL * np.abs(first).max()).all())
