"""The compiled losses against the readable ones, for float32 and float64, at any offset."""

import math

import numpy as np
import pytest

from reluviz.core import kernel_losses as kernel
from reluviz.core.jit import entry
from reluviz.core.losses import LOSSES

KEYS = list(LOSSES)
CASES = [(key, task) for key, loss in LOSSES.items() for task in loss.tasks]
cases = pytest.mark.parametrize(("key", "task"), CASES)
dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])
OFFSET = 3


@entry
def delta_of(loss, z, zo, y, rows, outputs, scale, delta):
    kernel.output_delta(loss, z, zo, y, rows, outputs, scale, delta)


@entry
def loss_of(loss, z, zo, y, yo, rows, outputs):
    return kernel.batch_loss(loss, z, zo, y, yo, rows, outputs)


@entry
def prediction_of(loss, z, top, rows, outputs, out):
    kernel.predict(loss, z, top, rows, outputs, out)


def sample(task, dtype, rows=50, seed=1):
    """Outputs and targets of a task, both (rows, outputs)."""
    rng = np.random.default_rng(seed)
    if task == "classes":
        targets = np.eye(5)[rng.integers(0, 5, rows)]
    elif task == "binary":
        targets = rng.integers(0, 2, (rows, 1))
    else:
        targets = rng.standard_normal((rows, 3))
    return (2 * rng.standard_normal(targets.shape)).astype(dtype), targets.astype(dtype)


def shifted(values, fill=7.0):
    """The values, flat, behind OFFSET others."""
    return np.concatenate([np.full(OFFSET, fill, values.dtype), values.ravel()])


def gradient(key, z, y):
    """The kernel's derivative of the mean loss, in the shape of z."""
    delta = np.full(z.size + 1, 9, z.dtype)
    scale = z.dtype.type(1 / len(z))
    delta_of(LOSSES[key].code, shifted(z), OFFSET, y.ravel(), *z.shape, scale, delta)
    assert delta[-1] == 9
    return delta[:-1].reshape(z.shape)


def mean_and_right(key, z, y):
    total, right = loss_of(LOSSES[key].code, shifted(z), OFFSET, shifted(y), OFFSET, *z.shape)
    return total / len(z), right


def prediction(key, z):
    out = np.full(z.size + OFFSET, 9, z.dtype)
    prediction_of(LOSSES[key].code, shifted(z), OFFSET, *z.shape, out)
    assert (out[:OFFSET] == 9).all()
    return out[OFFSET:].reshape(z.shape)


def test_the_codes_are_those_of_the_table():
    named = {
        "squared": kernel.SQUARED,
        "logistic": kernel.LOGISTIC,
        "softmax_cross_entropy": kernel.SOFTMAX,
        "absolute": kernel.ABSOLUTE,
        "huber": kernel.HUBER,
        "hinge": kernel.HINGE,
    }
    assert named == {key: loss.code for key, loss in LOSSES.items()}


@cases
@dtypes
def test_the_kernel_agrees_with_the_readable_loss(key, task, dtype):
    z, y = sample(task, dtype)
    exact, wide = LOSSES[key], (z.astype(np.float64), y.astype(np.float64))
    tolerance = 8 * float(np.finfo(dtype).eps)
    value, _ = mean_and_right(key, z, y)
    assert value == pytest.approx(exact.value(*wide), rel=tolerance)
    expected = exact.gradient(*wide)
    np.testing.assert_allclose(gradient(key, z, y), expected, rtol=tolerance, atol=tolerance * np.abs(expected).max())
    np.testing.assert_allclose(prediction(key, z), exact.predict(wide[0]), rtol=tolerance, atol=tolerance)


@cases
@dtypes
def test_right_answers_are_counted(key, task, dtype):
    z, y = sample(task, dtype)
    _, right = mean_and_right(key, z, y)
    if task == "regression":
        # Nobody asks, but the count must not depend on what lies around.
        z[:] = y
        assert mean_and_right(key, z, y)[1] == len(z)
    elif task == "binary":
        assert right == np.sum((z > LOSSES[key].threshold) == (y > 0.5))
        assert 0 < right < len(z)
    else:
        assert right == np.sum(z.argmax(axis=1) == y.argmax(axis=1))
        assert 0 < right < len(z)


@cases
@dtypes
@pytest.mark.parametrize("size", [1e4, -1e4])
def test_extreme_outputs_stay_finite_and_right(key, task, dtype, size):
    z, y = sample(task, dtype)
    z = (size * np.sign(z)).astype(dtype)
    value, _ = mean_and_right(key, z, y)
    assert value == pytest.approx(
        LOSSES[key].value(z.astype(float), y.astype(float)), rel=8 * float(np.finfo(dtype).eps)
    )
    assert np.isfinite(gradient(key, z, y)).all()
    assert np.isfinite(prediction(key, z)).all()


@cases
@dtypes
def test_a_diverged_output_shows(key, task, dtype):
    z, y = sample(task, dtype)
    for place in ((4, 0), (4, z.shape[1] - 1)):
        broken = z.copy()
        broken[place] = np.nan
        assert math.isnan(mean_and_right(key, broken, y)[0])
        slopes = gradient(key, broken, y)
        assert np.isnan(slopes[place])
        assert np.isfinite(np.delete(slopes, 4, axis=0)).all()
        assert np.isnan(prediction(key, broken)[place])


@dtypes
def test_kinks_have_slope_0(dtype):
    same = np.array([[1.5], [-2.0]], dtype)
    np.testing.assert_array_equal(gradient("absolute", same, same), 0)
    ones = np.array([[1.0], [-1.0]], dtype)
    np.testing.assert_array_equal(gradient("hinge", ones, np.array([[1], [0]], dtype)), 0)
    rows = np.array([[3.0, 2.0, 2.0], [0.0, 1.0, -5.0]], dtype)
    np.testing.assert_array_equal(gradient("hinge", rows, np.eye(3, dtype=dtype)[[0, 1]]), 0)


@pytest.mark.parametrize("key", ["logistic", "softmax_cross_entropy"])
def test_float64_keeps_the_tails(key):
    z = np.array([[-600.0]]) if key == "logistic" else np.array([[0.0, 600.0]])
    y = np.array([[0.0]]) if key == "logistic" else np.array([[0.0, 1.0]])
    slope = gradient(key, z, y).ravel()[0]
    assert slope == pytest.approx(math.exp(-600), rel=1e-13)


@dtypes
def test_a_sure_answer_costs_little_but_not_nothing(dtype):
    # 20 + ln(1 + e^-20) - 20 would be 0 in float32.
    value, right = mean_and_right("logistic", np.array([[20.0], [-20.0]], dtype), np.array([[1], [0]], dtype))
    assert value == pytest.approx(math.log1p(math.exp(-20)), rel=4 * float(np.finfo(dtype).eps))
    assert right == 2
