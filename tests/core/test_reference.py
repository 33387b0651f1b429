"""The compiled engine against the readable reference: every activation, loss, optimiser and kind of layer."""

import itertools
import os

import numpy as np
import pytest

from reluviz.core import kernels
from reluviz.core.activations import ACTIVATIONS
from reluviz.core.datasets import DATASETS
from reluviz.core.initializers import INITIALIZERS
from reluviz.core.kernel_plan import BATCH_NORM
from reluviz.core.layers import BatchNorm, Dense, LayerNorm, Residual
from reluviz.core.losses import LOSSES
from reluviz.core.network import Moment, forward, gradient
from reluviz.core.optimizers import OPTIMIZERS
from reluviz.core.plan import model_of
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.stack import Stack
from tests.core.reference import Reference, batches, compare_closely

LAYERS = {
    "dense": Dense(),
    "batch_norm": BatchNorm(),
    "layer_norm": LayerNorm(),
    "residual": Residual(),
    "batch_norm_residual": BatchNorm(residual=True),
    "layer_norm_residual": LayerNorm(residual=True),
}
# Data that each loss can use, in turns: one output, several outputs, values.
DATA = {
    "squared": ("plane", "circles", "iris"),
    "absolute": ("sine", "circles", "iris"),
    "huber": ("plane", "circles", "iris"),
    "logistic": ("circles",),
    "softmax_cross_entropy": ("iris",),
    "hinge": ("circles", "iris"),
}
RATES = {"sgd": 0.02, "momentum": 0.005, "nesterov": 0.005, "adagrad": 0.005, "rmsprop": 0.0003, "adam": 0.0005}
KEYS = tuple(ACTIVATIONS)
EVERYTHING = "RELUVIZ_EVERYTHING" in os.environ
WHOLE = tuple(itertools.product(LOSSES, OPTIMIZERS, LAYERS))


@pytest.fixture(scope="module", autouse=True)
def loaded():
    kernels.load("float64")


@pytest.fixture(scope="module")
def data():
    """Small data sets, loaded once."""
    known = {}

    def load(name):
        if name not in known:
            source = DATASETS[name]
            fields = source.__struct_fields__
            known[name] = (source(samples=40) if "samples" in fields else source()).load()
        return known[name]

    return load


def lab(name, loss, optimizer, layer, keys, hidden=(4, 4), **training):
    """A lab in float64 with a run for each activation, six at most."""
    runs = tuple(
        Run(activation=ACTIVATIONS[key](), layer=LAYERS[layer], initializer=INITIALIZERS["glorot_normal"](), color=n)
        for n, key in enumerate(keys)
    )
    # A few samples or units have almost no variance at times, where normalising magnifies every rounding.
    calm = 0.1 if "norm" in layer else 1.0
    training.setdefault("learning_rate", calm * RATES.get(optimizer, 0.0005))
    return Settings(
        data=DATASETS[name](),
        network=Network(hidden=hidden, precision="float64", seed=3),
        # An odd number, of which the data hold whole batches: the signs that the absolute loss sends back never cancel,
        # which would leave nothing of some gradients but rounding.
        training=Training(optimizer=OPTIMIZERS[optimizer](), loss=loss, batch_size=5, **training),
        runs=runs,
    )


def six(keys):
    return [keys[begin : begin + 6] for begin in range(0, len(keys), 6)]


def check_training(settings, data, steps=200):
    """Kernel and reference agree to 1e-10, or as well as the problem allows.

    A few labs (abs with the hinge loss) magnify every rounding a million times in 200 steps: there the kernel has to
    stay nearer to the reference than the reference does to itself from a start that is 1e-15 away.
    Behind a batch's mean some gradients cancel, as those of a shift that the next mean takes out again, or all of them
    in a batch of one class: an optimiser that divides by their size makes steps of full size from what rounding
    leaves. Such parameters, which nothing depends on, are not compared.
    """
    got, wanted, cancelled = compare_closely(settings, steps, data)
    for run, (mine, theirs) in enumerate(zip(got, wanted, strict=True)):
        error = np.abs(mine - theirs) / np.abs(theirs).max()
        if settings.runs[run].layer.norm == BATCH_NORM:
            error = error[~cancelled[run]]
        if error.max() > 1e-10:
            moved = np.abs(nudged(settings, data, run, steps) - theirs).max() / np.abs(theirs).max()
            assert error.max() <= moved, (settings.runs[run], error.max(), moved)


def nudged(settings, data, run, steps):
    """Where the reference ends when every first parameter is off by 1e-15 of itself."""
    reference = Reference(Stack(settings, data), run)
    reference.theta *= 1 + 1e-15 * np.random.default_rng(7).choice([-1.0, 1.0], len(reference.theta))
    return reference.train(batches(settings, data, steps))


def check_gradient(settings, data, every=1):
    """The reference's gradient against central differences, away from kinks, in every n-th parameter of every run."""
    stack = Stack(settings, data)
    rows = slice(0, 8)
    x, y = stack.x[rows], stack.y[rows]
    for run in range(len(settings.runs)):
        model = model_of(stack.shape, settings, run)
        theta = stack.theta[run] + 0.05 * np.random.default_rng(run).standard_normal(stack.shape.total)
        moment = Moment(3, 0, settings.training.dropout)

        def passed(at, model=model, run=run, moment=moment):
            return forward(model, at, x, stack.running[run].copy(), moment)

        def lossy(at, passed=passed):
            return stack.loss.value(passed(at).before[-1], y)

        grad = gradient(model, theta, stack.loss, x, y, stack.running[run].copy(), moment)[: model.used]
        if near_kinks(model, passed(theta), stack.loss, y):
            continue
        places = np.arange(0, model.used, every)
        numeric = np.array([central(lossy, theta, i) for i in places])
        scale = max(np.abs(grad).max(), 1e-3)
        assert np.abs(grad[places] - numeric).max() <= 1e-7 * max(1, scale), settings.runs[run]


def central(lossy, theta, place, h=3e-6):
    """A derivative of second order: at this step neither its h² nor the rounding of float64 comes near the bound."""
    values = []
    for times in (1, -1):
        moved = theta.copy()
        moved[place] += times * h
        values.append(lossy(moved))
    return (values[0] - values[1]) / (2 * h)


def near_kinks(model, done, loss, y):
    """Whether any sum lies so near a kink that differences would step over it."""
    for activation, z in zip(model.activations, done.before[:-1], strict=True):
        if any((np.abs(z - kink) < 1e-4).any() for kink in activation.kinks):
            return True
    out = done.before[-1]
    if loss.key == "absolute":
        return bool((np.abs(out - y) < 1e-4).any())
    if loss.key == "huber":
        return bool((np.abs(np.abs(out - y) - 1) < 1e-4).any())
    if loss.key == "hinge":
        if y.shape[1] == 1:
            return bool((np.abs(1 - (2 * y - 1) * out) < 1e-4).any())
        margins = 1 - (out * y).sum(axis=1, keepdims=True) + out
        return bool((np.abs(margins[y == 0]) < 1e-4).any())
    return False


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("keys", six(KEYS), ids=lambda keys: keys[0])
def test_every_activation_and_kind_of_layer(keys, layer, data):
    check_training(lab("circles", "logistic", "sgd", layer, keys), data("circles"), 25)
    check_gradient(lab("circles", "logistic", "sgd", layer, keys), data("circles"), every=4)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_and_optimiser(loss, optimizer, data):
    keys = ("tanh", "relu", "prelu", "gelu", "silu", "rrelu")
    for name in DATA[loss]:
        check_training(lab(name, loss, optimizer, "layer_norm", keys), data(name), 20)


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_has_the_gradient_of_its_value(loss, data):
    for name in DATA[loss]:
        check_gradient(lab(name, loss, "sgd", "dense", ("tanh", "prelu", "gelu", "softsign")), data(name))


@pytest.mark.slow
@pytest.mark.parametrize(("loss", "optimizer", "layer"), WHOLE)
def test_every_combination(loss, optimizer, layer, data):
    place = WHOLE.index((loss, optimizer, layer))
    name = DATA[loss][place % len(DATA[loss])]
    for group, keys in enumerate(six(KEYS)):
        # All of it at 200 steps takes twenty minutes: here the groups take turns.
        steps = 200 if EVERYTHING or group == place % 11 else 8
        check_training(lab(name, loss, optimizer, layer, keys), data(name), steps)
        if optimizer == "sgd":
            check_gradient(lab(name, loss, optimizer, layer, keys), data(name), every=3)


@pytest.mark.parametrize(
    "training",
    [
        {"l1": 0.01},
        {"l2": 0.1},
        {"clip_norm": 0.05},
        {"clip_value": 0.01},
        {"clip_norm": 0.05, "clip_value": 0.01},
        {"dropout": 0.3},
        {"warmup": 30},
        {"label_noise": 0.3},
    ],
    ids=lambda training: "-".join(training),
)
@pytest.mark.parametrize("layer", LAYERS)
def test_tunings(layer, training, data):
    check_training(lab("iris", "auto", "sgd", layer, ("tanh", "prelu", "rrelu", "relu"), **training), data("iris"), 50)


@pytest.mark.parametrize("hidden", [(1,), (2,), (3, 9), (5, 6, 7), (8, 8, 8), (4, 2), (17, 33), (130, 70)])
@pytest.mark.parametrize("name", ["circles", "iris", "plane", "digits"])
def test_widths(name, hidden, data):
    check_training(lab(name, "auto", "sgd", "dense", ("tanh", "relu"), hidden=hidden), data(name), 12)


@pytest.mark.parametrize("layer", LAYERS)
def test_evaluation_is_that_of_the_reference(layer, data):
    settings = lab("iris", "auto", "sgd", layer, ("tanh", "prelu", "rrelu", "elu"))
    stack = Stack(settings, data("iris"))
    stack.train(50)
    for run in range(len(settings.runs)):
        model = model_of(stack.shape, settings, run)
        done = forward(model, stack.theta[run], stack.x_test, stack.running[run])
        wanted = [*done.after[:-1], stack.loss.predict(done.before[-1])]
        np.testing.assert_allclose(stack.probe(run, stack.x_test, 0), np.concatenate(wanted, axis=1).T, atol=1e-12)
