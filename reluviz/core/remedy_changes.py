"""The changes that remedies make: functions from settings and a run to settings, and edits by hand.

A change that has nothing to do in a lab hands the same settings back.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from reluviz.core.activations import Activation, ReLU
from reluviz.core.datasource import DataSource
from reluviz.core.filesource import FileSource
from reluviz.core.initializers import INITIALIZERS, HeNormal, RandomisedAsymmetric
from reluviz.core.kernel_plan import BATCH_NORM
from reluviz.core.layers import BatchNorm, Layer, LayerNorm, Residual
from reluviz.core.optimizers import Adam
from reluviz.core.param import Described, Integer, Number, parameters
from reluviz.core.real import BreastCancer, Diabetes, Digits, Iris, Wine
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.snapshot import Snapshot
from reluviz.core.surgery import Edit, Revive

Change = Callable[[Settings, int], Settings]

SMALLER, LARGER = 0.1, 10.0
CLIP, DROPOUT, L2, MOST_L2 = 1.0, 0.2, 1e-2, 0.1
MOST_WIDTH, LEAST_WIDTH = 128, 4
BATCH_FACTOR = 4
REAL = (BreastCancer, Diabetes, Digits, Iris, Wine)


def with_run(settings: Settings, run: int, **changes: object) -> Settings:
    """Settings in which fields of one run are changed."""
    runs = list(settings.runs)
    runs[run] = runs[run].evolve(**changes)
    return settings.evolve(runs=tuple(runs))


def _with_training(settings: Settings, **changes: object) -> Settings:
    return settings.evolve(training=settings.training.evolve(**changes))


def _with_widths(settings: Settings, widths: tuple[int, ...]) -> Settings:
    return settings.evolve(network=settings.network.evolve(hidden=widths))


def _bounds(owner: type[Described], name: str) -> tuple[float, float]:
    kind = next(each.kind for each in parameters(owner) if each.name == name)
    assert isinstance(kind, (Number, Integer))
    return kind.low, kind.high


def _rate(settings: Settings, run: int) -> float:
    own = settings.runs[run].learning_rate
    return settings.training.learning_rate if own is None else own


def _with_rate(settings: Settings, run: int, rate: float) -> Settings:
    low, high = _bounds(Run, "learning_rate")
    # Ten times 1e-05 is 1.0000000000000001e-04: nobody wants to read that.
    rate = float(f"{min(max(rate, low), high):.6g}")
    return settings if rate == _rate(settings, run) else with_run(settings, run, learning_rate=rate)


def smaller_rate(settings: Settings, run: int) -> Settings:
    """A tenth of the run's rate, as its own."""
    return _with_rate(settings, run, SMALLER * _rate(settings, run))


def larger_rate(settings: Settings, run: int) -> Settings:
    """Ten times the run's rate, as its own."""
    return _with_rate(settings, run, LARGER * _rate(settings, run))


def usual_rate(settings: Settings, run: int) -> Settings:
    """The rate that suits the optimiser, where the run's is below it."""
    return _with_rate(settings, run, max(_rate(settings, run), settings.training.optimizer.learning_rate))


def adam(settings: Settings, run: int) -> Settings:
    """Adam with its usual rate, for all runs; this run gives up a rate of its own."""
    if isinstance(settings.training.optimizer, Adam):
        return settings
    changed = _with_training(settings, optimizer=Adam(), learning_rate=Adam.learning_rate)
    return with_run(changed, run, learning_rate=None)


def clipping(settings: Settings, run: int) -> Settings:
    """A gradient of length 1 at most, as the run's own limit."""
    own = settings.runs[run].clip_norm
    limit = settings.training.clip_norm if own is None else own
    return settings if 0 < limit <= CLIP else with_run(settings, run, clip_norm=CLIP)


def activation(wanted: Activation) -> Change:
    """The same activation in all hidden layers."""

    def change(settings: Settings, run: int) -> Settings:
        kinds = {type(settings.runs[run].activation_of(layer)) for layer in range(len(settings.network.hidden))}
        if kinds == {type(wanted)}:
            return settings
        return with_run(settings, run, activation=wanted, layer_activations=())

    return change


def relu_he(settings: Settings, run: int) -> Settings:
    """ReLU in all layers, started with the variance that keeps its signal."""
    changed = activation(ReLU())(settings, run)
    law = changed.runs[run].initializer
    return changed if law.key in ("he_normal", "he_uniform") else with_run(changed, run, initializer=HeNormal())


def start(family: str) -> Change:
    """The normal law of a family, for activations that it is made for."""

    def change(settings: Settings, run: int) -> Settings:
        of = settings.runs[run]
        normal, uniform = f"{family}_normal", f"{family}_uniform"
        if of.activation.initializer != normal or of.initializer.key in (normal, uniform):
            return settings
        return with_run(settings, run, initializer=INITIALIZERS[normal]())

    return change


def asymmetric(settings: Settings, run: int) -> Settings:
    """The randomised asymmetric start, for rectifiers."""
    of = settings.runs[run]
    if of.activation.initializer != "he_normal" or isinstance(of.initializer, RandomisedAsymmetric):
        return settings
    return with_run(settings, run, initializer=RandomisedAsymmetric())


def batch_norm(settings: Settings, run: int) -> Settings:
    """Batch normalisation in all layers; residual connections stay."""
    layer = settings.runs[run].layer
    return settings if layer.norm == BATCH_NORM else with_run(settings, run, layer=BatchNorm(residual=layer.skips))


def residual(settings: Settings, run: int) -> Settings:
    """Residual connections, where two neighbouring layers are equally wide; normalisation stays."""
    layer = settings.runs[run].layer
    if layer.skips or not any(a == b for a, b in pairwise(settings.network.hidden)):
        return settings
    wanted: Layer = layer.evolve(residual=True) if isinstance(layer, (BatchNorm, LayerNorm)) else Residual()
    return with_run(settings, run, layer=wanted)


def another_seed(settings: Settings, run: int) -> Settings:
    """The next random start."""
    seed = (settings.network.seed + 1) % int(_bounds(Network, "seed")[1])
    return settings.evolve(network=settings.network.evolve(seed=seed))


def wider(settings: Settings, run: int) -> Settings:
    """Twice as many neurons in every layer, unless there are many."""
    hidden = settings.network.hidden
    return settings if 2 * max(hidden) > MOST_WIDTH else _with_widths(settings, tuple(2 * width for width in hidden))


def narrower(settings: Settings, run: int) -> Settings:
    """Half as many neurons in every layer, unless there are few."""
    hidden = settings.network.hidden
    return _with_widths(settings, tuple(width if width <= LEAST_WIDTH else -(-width // 2) for width in hidden))


def l2(settings: Settings, run: int) -> Settings:
    """A penalty on large weights, or ten times the one there is."""
    now = settings.training.l2
    return _with_training(settings, l2=max(now, min(max(L2, 10 * now), MOST_L2)))


def dropout(settings: Settings, run: int) -> Settings:
    """A fifth of the hidden activity dropped, unless more is."""
    return _with_training(settings, dropout=max(settings.training.dropout, DROPOUT))


def no_penalty(settings: Settings, run: int) -> Settings:
    """Neither penalties nor dropout."""
    return _with_training(settings, l1=0.0, l2=0.0, dropout=0.0)


def larger_batch(settings: Settings, run: int) -> Settings:
    """Four times as many samples in every batch."""
    most = int(_bounds(Training, "batch_size")[1])
    return _with_training(settings, batch_size=min(BATCH_FACTOR * settings.training.batch_size, most))


def more_samples(settings: Settings, run: int) -> Settings:
    """Twice as many, where they are drawn; a table of a file or of the real world has what it has."""
    data = settings.data
    if isinstance(data, (FileSource, *REAL)):
        return settings
    return settings.evolve(data=data.evolve(samples=min(2 * data.samples, int(_bounds(DataSource, "samples")[1]))))


def revive(snapshot: Snapshot, run: int) -> tuple[Edit, ...]:
    """Revive all dead neurons, from the input side: what a later one gets depends on those before it."""
    neurons, offsets = snapshot.runs[run].neurons, snapshot.shape.offsets
    places = [(int(neuron), int(neurons.layer[neuron])) for neuron in np.flatnonzero(neurons.dead)]
    return tuple(Revive(run=run, layer=layer, unit=neuron - offsets[layer]) for neuron, layer in places)
