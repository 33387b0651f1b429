"""One update taken apart: its numbers are those of the kernel's next step, and of central differences."""

import numpy as np
import pytest

from reluviz.core import kernels
from reluviz.core.activations import ELU, GELU, PReLU, ReLU, RReLU, Sigmoid, Tanh
from reluviz.core.datasets import DATASETS, Sine
from reluviz.core.layers import LAYERS
from reluviz.core.losses import LOSSES
from reluviz.core.network import Moment, forward
from reluviz.core.optimizers import OPTIMIZERS, SGD
from reluviz.core.phases import phases_of
from reluviz.core.plan import model_of
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.snapshot import PHASES
from reluviz.core.stack import Stack
from reluviz.core.surgery import Freeze, SpikeRate
from reluviz.core.trainer import Trainer


def lab(run=None, data=None, **training):
    settings = Settings(
        network=Network(hidden=(5, 5), precision="float64"),
        training=Training(**training),
        runs=(run or Run(activation=Tanh()),),
    )
    return settings if data is None else settings.evolve(data=data)


LABS = {
    **{key: lab(optimizer=kind(), learning_rate=0.01, l2=0.01) for key, kind in OPTIMIZERS.items()},
    **{f"layer {key}": lab(Run(activation=ReLU(), layer=kind())) for key, kind in LAYERS.items()},
    **{kind.key: lab(Run(activation=kind())) for kind in (Sigmoid, ELU, GELU, PReLU, RReLU)},
    "dropout": lab(dropout=0.3),
    "clipped": lab(clip_norm=0.05),
    "cut": lab(clip_value=0.01, l1=0.01),
    "noisy": lab(label_noise=0.5),
    "hinge": lab(loss="hinge"),
    "regression": lab(data=Sine(), loss="huber"),
    "single": lab().evolve(network=Network(hidden=(6,))),
    "small batch": lab(batch_size=64),
}


def advanced(settings, steps):
    kernels.load(settings.network.precision)
    stack = Stack(settings, settings.data.load())
    stack.train(steps)
    return stack


@pytest.mark.parametrize("settings", LABS.values(), ids=list(LABS))
def test_the_parameters_after_it_are_those_that_training_gives(settings):
    # Before the first shuffle, in the middle of an epoch, and at its end.
    for steps in (0, 7, 29, 30):
        stack = advanced(settings, steps)
        shown = phases_of(stack, 0)
        assert (shown.before == stack.theta[0]).all()
        assert shown.step == steps
        stack.train(1)
        assert (shown.after == stack.theta[0]).all()


@pytest.mark.parametrize("settings", LABS.values(), ids=list(LABS))
def test_its_gradient_is_that_of_the_optimiser(settings):
    stack = advanced(settings, 12)
    shown = phases_of(stack, 0)
    after, rule, used = shown.before.copy(), settings.training.optimizer, model_of(stack.shape, settings, 0).used
    first, second = stack.first[0].astype(float).copy(), stack.second[0].astype(float).copy()
    for layer in range(stack.shape.layers):
        stack.shape.weights(after, layer)[:] *= 1 - shown.rate * rule.decay
    rule.step(after[:used], shown.applied[:used], first[:used], second[:used], shown.rate, 13)
    tolerance = 2e-6 if stack.dtype == np.float32 else 1e-9
    assert after == pytest.approx(shown.after, abs=tolerance)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_same_for_every_loss_optimiser_and_precision(loss, precision):
    data = DATASETS["iris" if LOSSES[loss].tasks == ("classes",) else "circles"]()
    kinds = (ReLU, Sigmoid, ELU, GELU, PReLU, RReLU)
    runs = tuple(Run(activation=kind(), color=place) for place, kind in enumerate(kinds))
    for place, rule in enumerate(OPTIMIZERS.values()):
        # Half of them with everything that changes a gradient.
        rest = {"clip_norm": 0.2, "clip_value": 0.05, "l1": 0.01, "l2": 0.01, "warmup": 20} if place % 2 else {}
        training = Training(optimizer=rule(), loss=loss, learning_rate=0.01, **rest)
        network = Network(hidden=(4, 3), precision=precision)
        stack = advanced(Settings(data=data, network=network, training=training, runs=runs), 9)
        shown = [phases_of(stack, run) for run in range(len(runs))]
        stack.train(1)
        for run, one in enumerate(shown):
            assert (one.after == stack.theta[run]).all()
            if rule is SGD:
                rounding = 4 * np.finfo(precision).eps * np.maximum(1, np.abs(one.before))
                assert (np.abs(one.before - one.after - one.rate * one.applied) <= rounding).all()


SMOOTH = ("sgd", "sigmoid", "gelu", "layer batch_norm", "layer residual", "dropout", "regression")


@pytest.mark.parametrize("key", SMOOTH)
def test_its_numbers_are_those_of_central_differences(key):
    settings = LABS[key]
    stack = advanced(settings, 5)
    shown, model, shape = phases_of(stack, 0), model_of(stack.shape, settings, 0), stack.shape
    chances = Moment(settings.network.seed, 5, settings.training.dropout)

    def loss(theta):
        done = forward(model, theta, shown.x, stack.running[0].astype(float), chances)
        return stack.loss.value(done.after[-1], shown.y)

    assert loss(shown.before) == pytest.approx(shown.loss, rel=1e-12)
    step = 1e-5
    for place in range(0, shape.parameters, 3):
        moved = [shown.before.copy(), shown.before.copy()]
        moved[0][place] += step
        moved[1][place] -= step
        slope = (loss(moved[0]) - loss(moved[1])) / (2 * step)
        assert shown.gradient[place] == pytest.approx(slope, abs=1e-7)
    # A bias moves every z of its neuron.
    if "norm" not in key:
        deltas = shown.deltas.sum(axis=0)
        biases = np.concatenate([shape.biases(shown.gradient, layer) for layer in range(shape.layers)])
        assert deltas == pytest.approx(biases, abs=1e-12)
        hidden = slice(0, shape.offsets[-1])
        assert (shown.passed * shown.slopes)[:, hidden] == pytest.approx(shown.deltas[:, hidden], abs=1e-15)


def test_what_is_special_is_said():
    assert phases_of(advanced(lab(), 3), 0).note == ""
    assert phases_of(advanced(lab(batch_size=64), 4), 0).note.startswith("The last 44 samples of the epoch make a sm")
    assert phases_of(advanced(lab(), 29), 0).note == "This batch ends the epoch"
    assert "dropout" in phases_of(advanced(lab(dropout=0.3), 3), 0).note.lower()


def test_large_and_diverged_networks_are_not_taken_apart():
    assert phases_of(advanced(lab().evolve(network=Network(hidden=(256, 256))), 1), 0) is None
    wild = advanced(lab(Run(activation=ReLU()), learning_rate=10.0).evolve(network=Network(hidden=(64,) * 4)), 400)
    assert wild.fate[0, 0] > 0
    assert phases_of(wild, 0) is None


def test_snapshots_hold_it_for_those_who_ask():
    trainer = Trainer(Settings())
    trainer.train(10)
    assert trainer.snapshot().runs[0].phases is None
    snapshot = trainer.snapshot(needs=frozenset({PHASES}))
    assert snapshot.holds(frozenset({PHASES}))
    shown = snapshot.runs[1].phases
    trainer.train(1)
    assert (trainer.snapshot().runs[1].theta == shown.after).all()
    assert trainer.snapshot((0,), needs=frozenset({PHASES})).runs[1].phases is None


def test_edits_by_hand_are_part_of_it():
    trainer = Trainer(Settings())
    trainer.train(10)
    trainer.operate(Freeze(run=1, layer=0, unit=2, frozen=True))
    trainer.operate(SpikeRate(run=1, factor=30.0, steps=2))
    shown = trainer.snapshot(needs=frozenset({PHASES})).runs[1].phases
    assert shown.rate == pytest.approx(3.0)
    assert "frozen" in shown.note
    trainer.train(1)
    assert (trainer.snapshot().runs[1].theta == shown.after).all()
