"""The compiled updates against the readable ones, in both precisions, and what they leave alone."""

import numpy as np
import pytest

from reluviz.core import kernel_updates
from reluviz.core.kernel_plan import COLUMNS, FIRST, HYPER, INPUTS, START, UNITS
from reluviz.core.optimizers import OPTIMIZERS, Adam, AdamW, clip_norm, clip_values
from reluviz.core.param import parameters

COUNT, SPARE = 209, 7
entries = pytest.mark.parametrize("kind", OPTIMIZERS.values(), ids=list(OPTIMIZERS))
precisions = pytest.mark.parametrize("dtype", [np.float32, np.float64])

# 3-4-2: 12 weights, 4 biases, 4 gains and 4 shifts, then 8 weights and 2 biases.
PLAN = np.zeros((2, COLUMNS), np.int64)
PLAN[:, INPUTS], PLAN[:, UNITS], PLAN[:, START] = (3, 4), (4, 2), (0, 24)
WEIGHTS = np.zeros(34, bool)
WEIGHTS[:12] = WEIGHTS[24:32] = True


def representable(optimizer, dtype):
    """The same optimiser with its parameters rounded to the precision, as the kernel gets them."""
    names = (p.name for p in parameters(type(optimizer)))
    return optimizer.evolve(**{name: float(dtype(getattr(optimizer, name))) for name in names})


def own_values(optimizer, dtype):
    """A row of hyper-parameters with the optimiser's own."""
    hyper, values = np.zeros(HYPER, dtype), optimizer.values()
    hyper[FIRST : FIRST + len(values)] = values
    return hyper


def gradients(steps, seed=0):
    """Gradients (steps, COUNT) of many sizes, some exactly 0."""
    rng = np.random.default_rng(seed)
    grads = rng.normal(size=(steps, COUNT)) * 10.0 ** rng.uniform(-3, 1, COUNT)
    grads[:, ::11] = 0
    return grads


def both(optimizer, dtype, grads, rate=0.01):
    """θ and both buffers by the kernel, in the precision, and by the reference, in float64."""
    rng = np.random.default_rng(1)
    compiled = [np.zeros(COUNT + SPARE, dtype) for _ in range(3)]
    compiled[0][:] = rng.normal(size=COUNT + SPARE)
    reference = [array[:COUNT].astype(np.float64) for array in compiled]
    hyper, rate, scratch = own_values(optimizer, dtype), dtype(rate), np.full(COUNT + SPARE, np.nan, dtype)
    for step, grad in enumerate(grads.astype(dtype), 1):
        scratch[:COUNT] = grad
        theta, first, second = compiled
        kernel_updates.update(optimizer.code, hyper, rate, theta, scratch, first, second, COUNT, step)
        theta, first, second = reference
        optimizer.step(theta, grad.astype(np.float64), first, second, float(rate), step)
    return compiled, reference


@precisions
@entries
def test_fifty_steps_follow_the_reference(kind, dtype):
    compiled, reference = both(representable(kind(), dtype), dtype, gradients(50))
    # 50 roundings of θ and of the moments; |θ| stays below 32.
    rtol, atol = (1e-13, 1e-14) if dtype is np.float64 else (1e-5, 5e-6)
    for got, wanted in zip(compiled, reference, strict=True):
        np.testing.assert_allclose(got[:COUNT], wanted, rtol=rtol, atol=atol)


@entries
def test_parameters_of_ones_own_reach_the_kernel(kind):
    # Twice as far from 1, or ε a thousand times as large.
    far = {p.name: 1 - 2 * (1 - p.default) for p in parameters(kind) if p.default > 0.5}
    far |= {p.name: 1e-3 for p in parameters(kind) if p.name == "epsilon"}
    compiled, reference = both(kind(**far), np.float64, gradients(20))
    np.testing.assert_allclose(compiled[0][:COUNT], reference[0], rtol=1e-13, atol=1e-15)
    if far:
        usual, _ = both(kind(), np.float64, gradients(20))
        assert not np.allclose(usual[0], compiled[0], rtol=1e-6)


@precisions
@entries
def test_only_the_first_entries_count(kind, dtype):
    compiled, _ = both(kind(), dtype, gradients(2))
    untouched = np.random.default_rng(1).normal(size=COUNT + SPARE)[COUNT:].astype(dtype)
    np.testing.assert_array_equal(compiled[0][COUNT:], untouched)
    assert not compiled[1][COUNT:].any()
    assert not compiled[2][COUNT:].any()


@precisions
def test_adam_late_in_training_has_no_bias_left_to_correct(dtype):
    optimizer, grads = representable(Adam(), dtype), gradients(1).astype(dtype)[0]
    hyper, rate = own_values(optimizer, dtype), dtype(0.01)
    theta, first, second = np.zeros(COUNT, dtype), grads.copy(), grads**2
    kernel_updates.update(optimizer.code, hyper, rate, theta, grads, first, second, COUNT, 10**9)
    expected = -0.01 * grads / (abs(grads.astype(np.float64)) + 1e-8)
    np.testing.assert_allclose(theta, expected, rtol=1e-6 if dtype is np.float32 else 1e-14)


@precisions
@entries
def test_a_gradient_that_is_not_finite_shows(kind, dtype):
    theta, first, second = np.ones(9, dtype), np.zeros(9, dtype), np.zeros(9, dtype)
    grad = np.zeros(9, dtype)
    grad[4] = np.nan
    hyper = own_values(kind(), dtype)
    kernel_updates.update(kind.code, hyper, dtype(0.1), theta, grad, first, second, 9, 1)
    np.testing.assert_array_equal(np.isnan(theta), np.isnan(grad))


def test_a_gradient_too_large_for_its_square_stops_one_weight_and_makes_no_nan():
    theta, first, second = np.ones(9, np.float32), np.zeros(9, np.float32), np.zeros(9, np.float32)
    grad = np.full(9, 1e30, np.float32)
    for kind in (OPTIMIZERS["adagrad"], OPTIMIZERS["rmsprop"], Adam):
        second[:] = 0
        kernel_updates.update(
            kind.code, own_values(kind(), np.float32), np.float32(0.1), theta, grad, first, second, 9, 1
        )
        assert np.isinf(second).all()
        np.testing.assert_array_equal(theta, 1)


@precisions
@pytest.mark.parametrize("key", ["momentum", "nesterov", "rmsprop", "adam", "adamw", "lion"])
def test_the_moments_of_a_dead_unit_end_at_zero(key, dtype):
    # Half of the smallest normal number is subnormal, and 0.99 of it would stay so.
    optimizer, faint = OPTIMIZERS[key](), np.finfo(dtype).tiny / dtype(2)
    theta, grad = np.ones(9, dtype), np.zeros(9, dtype)
    first = np.full(9, 0 if key == "rmsprop" else faint, dtype)
    second = np.full(9, faint if key in ("rmsprop", "adam", "adamw") else 0, dtype)
    kernel_updates.update(optimizer.code, own_values(optimizer, dtype), dtype(0.1), theta, grad, first, second, 9, 5)
    assert not first.any()
    assert not second.any()


@precisions
def test_penalties_pull_weights_only(dtype):
    theta = np.linspace(-1, 1, 34).astype(dtype)
    theta[5] = 0
    grad = np.ones(34, dtype)
    kernel_updates.penalise(PLAN, theta, dtype(0.25), dtype(0.5), grad)
    expected = 1 + np.where(WEIGHTS, 0.5 * theta.astype(np.float64) + 0.25 * np.sign(theta), 0)
    np.testing.assert_allclose(grad, expected, rtol=2 * np.finfo(dtype).eps)
    assert grad.dtype == dtype
    kept = grad.copy()
    kernel_updates.penalise(PLAN, theta, dtype(0), dtype(0), grad)
    np.testing.assert_array_equal(grad, kept)


@precisions
def test_decay_shrinks_weights_only(dtype):
    theta = np.linspace(-1, 1, 34).astype(dtype)
    before = theta.astype(np.float64)
    kernel_updates.decay(PLAN, theta, dtype(0.125))
    np.testing.assert_allclose(theta[WEIGHTS], 0.875 * before[WEIGHTS], rtol=np.finfo(dtype).eps)
    np.testing.assert_array_equal(theta[~WEIGHTS], before[~WEIGHTS])


def test_decay_and_update_make_the_papers_adamw():
    # Loshchilov & Hutter 2019, algorithm 2, line 12: θ - η (m̂ / (√v̂ + ε) + λ θ), here m̂ = √v̂ = 1/2.
    optimizer = AdamW(epsilon=0.01, weight_decay=0.1)
    theta, first, second = np.ones(34), np.zeros(34), np.zeros(34)
    kernel_updates.decay(PLAN, theta, 0.2 * optimizer.decay)
    hyper = own_values(optimizer, np.float64)
    kernel_updates.update(optimizer.code, hyper, 0.2, theta, np.full(34, 0.5), first, second, 34, 1)
    adam = 0.5 / 0.51
    np.testing.assert_allclose(theta, 1 - 0.2 * (adam + np.where(WEIGHTS, 0.1, 0)), rtol=1e-14)


@precisions
@pytest.mark.parametrize("limit", [0.0, 0.5, 3.0, 1e6])
def test_clipping_follows_the_reference(limit, dtype):
    for compiled, readable in ((kernel_updates.clip, clip_norm), (kernel_updates.clip_values, clip_values)):
        grad = np.append(gradients(1)[0], np.full(SPARE, 1e9)).astype(dtype)
        expected = grad[:COUNT].astype(np.float64)
        readable(expected, limit)
        compiled(grad, COUNT, dtype(limit))
        np.testing.assert_allclose(grad[:COUNT], expected, rtol=3 * np.finfo(dtype).eps)
        np.testing.assert_array_equal(grad[COUNT:], dtype(1e9))


@precisions
def test_clipping_neither_overflows_nor_hides_a_nan(dtype):
    grad = np.full(16, 1e30, dtype)
    kernel_updates.clip(grad, 16, dtype(2))
    np.testing.assert_allclose(grad, 0.5, rtol=2 * np.finfo(dtype).eps)
    for compiled in (kernel_updates.clip, kernel_updates.clip_values):
        grad = np.array([3, np.nan, -3], dtype)
        compiled(grad, 3, dtype(1))
        assert np.isnan(grad[1])
