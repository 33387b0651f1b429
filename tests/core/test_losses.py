"""Every loss by hand-computed values, central differences, extreme outputs and its words."""

import math

import numpy as np
import pytest

from reluviz.core.losses import LOSSES, Hinge
from reluviz.core.settings import fitting_losses

CASES = [(key, task) for key, loss in LOSSES.items() for task in loss.tasks]
cases = pytest.mark.parametrize(("key", "task"), CASES)
TASKS = ("regression", "binary", "classes")


def sample(task, rows=40, seed=0):
    """Outputs and targets of a task, both (rows, outputs)."""
    rng = np.random.default_rng(seed)
    if task == "classes":
        targets = np.eye(4)[rng.integers(0, 4, rows)]
    elif task == "binary":
        targets = rng.integers(0, 2, (rows, 1)).astype(float)
    else:
        targets = rng.standard_normal((rows, 2))
    return 1.5 * rng.standard_normal(targets.shape), targets


def kinks(key, outputs, targets):
    """How far every sample is from the nearest kink of its loss."""
    error = np.abs(outputs - targets)
    if key == "absolute":
        return error.min()
    if key == "huber":
        return np.abs(error - 1).min()
    if key == "hinge" and outputs.shape[1] == 1:
        return np.abs(1 - (2 * targets - 1) * outputs).min()
    if key == "hinge":
        right = np.take_along_axis(outputs, targets.argmax(axis=1)[:, None], axis=1)
        return np.abs(1 + outputs - right)[targets == 0].min()
    return math.inf


def by_differences(loss, outputs, targets, h=1e-6):
    gradient = np.empty_like(outputs)
    for place in np.ndindex(outputs.shape):
        up, down = outputs.copy(), outputs.copy()
        up[place] += h
        down[place] -= h
        gradient[place] = (loss.value(up, targets) - loss.value(down, targets)) / (2 * h)
    return gradient


def test_the_table():
    codes = {"squared": 0, "logistic": 1, "softmax_cross_entropy": 2, "absolute": 3, "huber": 4, "hinge": 5}
    assert {key: loss.code for key, loss in LOSSES.items()} == codes
    for key, loss in LOSSES.items():
        assert loss.key == key
        assert loss.task == loss.tasks[0]
        assert loss.output in ("identity", "sigmoid", "softmax")
        assert loss.output_help.endswith(".")
        assert loss.threshold == (0.0 if key in ("logistic", "hinge") else 0.5)


@pytest.mark.parametrize("task", TASKS)
def test_the_tasks_are_those_of_the_settings(task):
    assert {key for key, loss in LOSSES.items() if task in loss.tasks} == set(fitting_losses(task))


@cases
def test_the_gradient_is_that_of_the_value(key, task):
    loss = LOSSES[key]
    outputs, targets = sample(task)
    assert kinks(key, outputs, targets) > 1e-4
    expected = by_differences(loss, outputs, targets)
    gradient = loss.gradient(outputs, targets)
    assert gradient.shape == outputs.shape
    assert np.linalg.norm(gradient - expected) <= 1e-7 * np.linalg.norm(expected)


VALUES = [
    ("squared", [[1.0, 2.0], [0.0, -1.0]], [[0.0, 2.0], [2.0, 1.0]], 9 / 4, [[0.5, 0], [-1, -1]]),
    ("absolute", [[1.0, 2.0], [0.0, -1.0]], [[0.0, 2.0], [2.0, 1.0]], 5 / 4, [[0.25, 0], [-0.25, -0.25]]),
    ("huber", [[0.5, 2.0], [0.0, -1.0]], [[0.0, 2.0], [2.0, 2.0]], 4.125 / 4, [[0.125, 0], [-0.25, -0.25]]),
    ("logistic", [[0.0], [math.log(3)]], [[1.0], [0.0]], math.log(8) / 2, [[-0.25], [0.375]]),
    ("softmax_cross_entropy", [[0.0, math.log(3)]], [[1.0, 0.0]], math.log(4), [[-0.75, 0.75]]),
    ("hinge", [[0.5], [0.5], [2.0], [1.0]], [[1.0], [0.0], [1.0], [1.0]], 2 / 4, [[-0.25], [0.25], [0], [0]]),
    # Margins 1 - 1 + 2 = 2 and 1 - 1 + .5 = .5; then -1 and 0, a hinge, whose slope counts as 0.
    (
        "hinge",
        [[1.0, 2.0, 0.5], [0.0, 2.0, 1.0]],
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        2.5 / 6,
        [[-2 / 6, 1 / 6, 1 / 6], [0, 0, 0]],
    ),
]


@pytest.mark.parametrize(("key", "outputs", "targets", "value", "gradient"), VALUES)
def test_values_computed_by_hand(key, outputs, targets, value, gradient):
    loss, outputs, targets = LOSSES[key], np.array(outputs), np.array(targets)
    assert loss.value(outputs, targets) == pytest.approx(value, rel=1e-15)
    np.testing.assert_allclose(loss.gradient(outputs, targets), gradient, rtol=1e-15, atol=0)


@cases
@pytest.mark.parametrize("size", [1e4, -1e4])
def test_extreme_outputs_stay_finite(key, task, size):
    loss = LOSSES[key]
    outputs, targets = sample(task)
    outputs = size * np.sign(outputs)
    assert 0 <= loss.value(outputs, targets) < math.inf
    assert np.isfinite(loss.gradient(outputs, targets)).all()
    assert np.isfinite(loss.predict(outputs)).all()


@cases
def test_a_diverged_output_shows(key, task):
    loss = LOSSES[key]
    outputs, targets = sample(task)
    for place in ((3, 0), (3, outputs.shape[1] - 1)):
        broken = outputs.copy()
        broken[place] = np.nan
        assert math.isnan(loss.value(broken, targets))
        gradient = loss.gradient(broken, targets)
        assert np.isnan(gradient[place])
        assert np.isfinite(np.delete(gradient, 3, axis=0)).all()


@cases
def test_a_gradient_step_lowers_the_loss(key, task):
    loss = LOSSES[key]
    outputs, targets = sample(task)
    step = 1e-3 * loss.gradient(outputs, targets)
    assert loss.value(outputs - step, targets) < loss.value(outputs, targets)


@cases
def test_the_threshold_is_where_a_single_prediction_is_a_half(key, task):
    loss = LOSSES[key]
    assert loss.predict(np.array([[loss.threshold]]))[0, 0] == (0.5 if loss.output != "softmax" else 1.0)


def test_softmax_predictions_are_shares():
    outputs, _ = sample("classes")
    for key in ("softmax_cross_entropy", "hinge"):
        shares = LOSSES[key].predict(outputs)
        np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-15)
        np.testing.assert_array_equal(shares.argmax(axis=1), outputs.argmax(axis=1))


def test_hinge_predictions_of_one_output_stay_within_0_and_1():
    predictions = Hinge().predict(np.array([[-3.0], [-1.0], [0.0], [0.5], [1.0], [7.0]]))
    np.testing.assert_array_equal(predictions[:, 0], [0, 0, 0.5, 0.75, 1, 1])


def test_huber_joins_smoothly_at_1():
    loss, zero = LOSSES["huber"], np.zeros((1, 1))
    inside, outside = np.array([[np.nextafter(1, 0)]]), np.array([[np.nextafter(1, 2)]])
    assert loss.value(outside, zero) - loss.value(inside, zero) <= 4e-16
    assert loss.gradient(np.array([[1.0]]), zero) == loss.gradient(outside, zero) == 1
