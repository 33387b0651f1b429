"""The compiled float32 training against the readable float64 reference, and what a snapshot shows of it."""

import numpy as np
import pytest

from reluviz.core.activations import ACTIVATIONS
from reluviz.core.datasets import DATASETS
from reluviz.core.network import forward, gradient
from reluviz.core.optimizers import OPTIMIZERS
from reluviz.core.plan import model_of
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.shape import Shape
from reluviz.core.stack import Stack
from reluviz.core.trainer import Trainer
from tests.core.reference import compare


def make(data="circles", activations=("tanh",), optimizer="sgd", hidden=(8, 5), **training):
    training.setdefault("learning_rate", 0.05)
    return Settings(
        data=DATASETS[data](samples=60),
        network=Network(hidden=hidden),
        training=Training(optimizer=OPTIMIZERS[optimizer](), **training),
        runs=tuple(Run(activation=ACTIVATIONS[key](), color=color) for color, key in enumerate(activations)),
    )


@pytest.fixture(scope="module", autouse=True)
def loaded():
    Trainer(make())


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("begin", range(0, len(ACTIVATIONS), 6))
def test_single_precision_follows_the_reference(begin, optimizer):
    rate = {"sgd": 0.02, "momentum": 0.005, "nesterov": 0.005, "adagrad": 0.005}.get(optimizer, 0.001)
    lab = make(activations=tuple(ACTIVATIONS)[begin : begin + 6], optimizer=optimizer, learning_rate=rate)
    got, wanted = compare(lab, 20)
    np.testing.assert_allclose(got, wanted, rtol=3e-3, atol=3e-3 if optimizer == "lion" else 1e-4)


@pytest.mark.parametrize("data", ["circles", "plane", "iris", "sine", "digits", "diabetes"])
def test_every_kind_of_output_follows_the_reference(data):
    got, wanted = compare(make(data=data), 20)
    np.testing.assert_allclose(got, wanted, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("hidden", [(1,), (3, 9), (8, 8, 8), (17, 33), (130, 70)])
def test_every_width_follows_the_reference(hidden):
    got, wanted = compare(make(hidden=hidden), 10)
    np.testing.assert_allclose(got, wanted, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("batch", [1, 7, 1024])
def test_every_batch_size_follows_the_reference(batch):
    got, wanted = compare(make(batch_size=batch), 25)
    np.testing.assert_allclose(got, wanted, rtol=1e-3, atol=1e-5)


def test_snapshot_shows_the_reference_network():
    settings = make(data="circles", activations=("gelu",))
    trainer = Trainer(settings)
    trainer.train(50)
    stack = trainer._stack
    state = trainer.snapshot().runs[0]
    theta, model = stack.theta[0].astype(np.float64), model_of(stack.shape, settings, 0)
    probe = trainer.snapshot().probe.inputs.astype(np.float64)
    after = forward(model, theta, probe).after
    hidden = np.concatenate([layer.T for layer in after[:-1]])
    np.testing.assert_allclose(state.activity[:-1], hidden, atol=2e-5)
    np.testing.assert_allclose(state.field[:, 0], stack.loss.predict(after[-1])[:, 0], atol=2e-5)
    x, y = stack.x.astype(np.float64), stack.y.astype(np.float64)
    grad = gradient(model, theta, stack.loss, x, y)
    for layer in range(stack.shape.layers):
        parts = [stack.shape.weights(grad, layer).ravel(), stack.shape.biases(grad, layer)]
        assert state.layers.gradient_norm[layer] == pytest.approx(np.linalg.norm(np.concatenate(parts)), rel=1e-3)
    after = forward(model, theta, x).after
    assert state.metrics.train_loss == pytest.approx(stack.loss.value(after[-1], y), rel=1e-4)
    assert state.metrics.train_accuracy == pytest.approx(np.mean((after[-1] > 0) == (y > 0.5)))
    np.testing.assert_allclose(state.neurons.mean[:8], after[0].mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(state.neurons.fires[:8], (after[0] > 0).mean(axis=0), atol=1e-6)


def test_a_wrong_dtype_is_refused_instead_of_compiled():
    stack = Stack(make(), make().data.load())
    stack.x = stack.x.astype(np.float64)
    with pytest.raises(TypeError):
        stack.train(1)


def test_shape_places_every_parameter_once():
    shape = Shape((3, 4, 5, 2))
    theta = np.arange(shape.total)
    parts = [part.ravel() for layer in range(3) for part in (shape.weights(theta, layer), shape.biases(theta, layer))]
    parts += [part for layer in range(2) for part in (shape.gain(theta, layer), shape.shift(theta, layer))]
    np.testing.assert_array_equal(np.concatenate([*parts, theta[list(shape.slopes)]]), theta)
    assert shape.offsets == (0, 4, 9)
