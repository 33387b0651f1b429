"""The compiled training against the readable float64 reference."""

import numpy as np
import pytest

from reluviz.core.activations import ACTIVATIONS
from reluviz.core.datasets import DATASETS
from reluviz.core.network import Shape, forward, gradient, penalty_gradient
from reluviz.core.optimizers import OPTIMIZERS
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.stack import Stack
from reluviz.core.trainer import Trainer

SMOOTH = ("identity", "sigmoid", "tanh", "gelu", "silu", "softplus")


def reference(settings, steps):
    """Train the first run with network.py alone, on the batches that the kernel's order gives."""
    stack = Stack(settings, settings.data.load())
    shape, training, run = stack.shape, settings.training, settings.runs[0]
    theta = stack.theta[0].astype(np.float64)
    first, second = np.zeros_like(theta), np.zeros_like(theta)
    for count in range(1, steps + 1):
        position = int(stack.state[2])
        stack.train(1)
        rows = stack.order[position : position + training.batch_size]
        x, y = stack.x[rows].astype(np.float64), stack.y[rows].astype(np.float64)
        grad = gradient(shape, theta, run.activation, stack.loss, x, y)
        grad += penalty_gradient(shape, theta, training.l1, training.l2)
        length = np.linalg.norm(grad)
        if training.clip_norm and length > training.clip_norm:
            grad *= training.clip_norm / length
        training.optimizer.step(theta, grad, first, second, training.learning_rate, count)
    return theta, stack.theta[0]


def make(data="circles", activation="tanh", optimizer="sgd", hidden=(8, 5), **training):
    training.setdefault("learning_rate", 0.05)
    return Settings(
        data=DATASETS[data](samples=60),
        network=Network(hidden=hidden),
        training=Training(optimizer=OPTIMIZERS[optimizer](), **training),
        runs=(Run(activation=ACTIVATIONS[activation]()),),
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_kernel_follows_the_reference(activation, optimizer):
    rate = 0.002 if optimizer == "adam" else 0.02
    wanted, got = reference(make(activation=activation, optimizer=optimizer, learning_rate=rate), 30)
    np.testing.assert_allclose(got, wanted, rtol=2e-3, atol=2e-5)


@pytest.mark.parametrize("data", ["circles", "plane", "iris", "sine", "digits", "diabetes"])
def test_every_kind_of_output_follows_the_reference(data):
    wanted, got = reference(make(data=data), 20)
    np.testing.assert_allclose(got, wanted, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("hidden", [(1,), (3, 9), (8, 8, 8), (17, 33), (130, 70)])
def test_every_width_follows_the_reference(hidden):
    wanted, got = reference(make(hidden=hidden), 10)
    np.testing.assert_allclose(got, wanted, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(
    "training",
    [{"l1": 0.01}, {"l2": 0.1}, {"clip_norm": 0.05}, {"batch_size": 1}, {"batch_size": 7}, {"batch_size": 1024}],
)
def test_tunings_follow_the_reference(training):
    wanted, got = reference(make(**training), 25)
    np.testing.assert_allclose(got, wanted, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("activation", SMOOTH)
@pytest.mark.parametrize("data", ["circles", "iris", "plane"])
def test_reference_gradient_matches_central_differences(activation, data):
    settings = make(data=data, activation=activation, hidden=(4, 3))
    stack = Stack(settings, settings.data.load())
    shape, run, loss = stack.shape, settings.runs[0], stack.loss
    theta, h = stack.theta[0].astype(np.float64), 1e-6
    x, y = stack.x[:10].astype(np.float64), stack.y[:10].astype(np.float64)
    grad = gradient(shape, theta, run.activation, loss, x, y)
    numeric = np.zeros_like(grad)
    for i in range(len(theta)):
        values = []
        for sign in (1, -1):
            moved = theta.copy()
            moved[i] += sign * h
            values.append(loss.value(forward(shape, moved, run.activation, x)[1][-1], y))
        numeric[i] = (values[0] - values[1]) / (2 * h)
    assert np.linalg.norm(grad - numeric) <= 1e-7 * np.linalg.norm(grad)


def test_snapshot_shows_the_reference_network():
    settings = make(data="circles", activation="gelu")
    trainer = Trainer(settings)
    trainer.train(50)
    stack = trainer._stack
    state = trainer.snapshot().runs[0]
    theta = stack.theta[0].astype(np.float64)
    probe = trainer.snapshot().probe.inputs.astype(np.float64)
    _, after = forward(stack.shape, theta, settings.runs[0].activation, probe)
    hidden = np.concatenate([layer.T for layer in after[:-1]])
    np.testing.assert_allclose(state.activity[:-1], hidden, atol=2e-5)
    np.testing.assert_allclose(state.field[:, 0], stack.loss.predict(after[-1])[:, 0], atol=2e-5)
    x, y = stack.x.astype(np.float64), stack.y.astype(np.float64)
    grad = gradient(stack.shape, theta, settings.runs[0].activation, stack.loss, x, y)
    for layer in range(stack.shape.layers):
        parts = [stack.shape.weights(grad, layer).ravel(), stack.shape.biases(grad, layer)]
        assert state.layers.gradient_norm[layer] == pytest.approx(np.linalg.norm(np.concatenate(parts)), rel=1e-3)
    _, after = forward(stack.shape, theta, settings.runs[0].activation, x)
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
    shape = Shape((3, 4, 2))
    theta = np.arange(shape.parameters)
    parts = [part.ravel() for layer in range(2) for part in (shape.weights(theta, layer), shape.biases(theta, layer))]
    np.testing.assert_array_equal(np.concatenate(parts), theta)
    assert shape.offsets == (0, 4)
