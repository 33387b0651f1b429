"""Every optimiser by hand: two steps of the published formula, its defaults and what it tells of itself."""

import msgspec
import numpy as np
import pytest

from reluviz.core.optimizers import OPTIMIZERS, Adam, AdamW, Lion, clip_norm, clip_values
from reluviz.core.param import parameters

entries = pytest.mark.parametrize("kind", OPTIMIZERS.values(), ids=list(OPTIMIZERS))

# θ after the gradients 1/2 and then -1, from θ = 1 with η = 1/10 and, where there is one, ε = 1/100.
# The roots and quotients were worked out with 30 decimal digits.
BY_HAND = {
    "sgd": (0.95, 1.05),
    # v = 0.5, then 0.9 · 0.5 - 1 = -0.55
    "momentum": (0.95, 1.005),
    # g + μ v = 0.5 + 0.45, then -1 - 0.495
    "nesterov": (0.905, 1.0545),
    # v = 0.25, then 1.25: 1 - 0.05 / 0.51, then + 0.1 / (√1.25 + 0.01)
    "adagrad": (0.901960784313725490, 0.990610595398603868),
    # v = 0.0025, then 0.012475: 1 - 0.05 / 0.06, then + 0.1 / (√0.012475 + 0.01)
    "rmsprop": (0.166666666666666667, 0.988416480957118249),
    # m̂ = 0.5, v̂ = 0.25, then m̂ = -0.055 / 0.19, v̂ = 0.00124975 / 0.001999
    "adam": (0.901960784313725490, 0.938113900860687438),
    "adamw": (0.901960784313725490, 0.938113900860687438),
    "lion": (0.9, 1.0),
}
# What they remember after these two steps: the first and the second buffer.
REMEMBERED = {
    "sgd": (0, 0),
    "momentum": (-0.55, 0),
    "nesterov": (-0.55, 0),
    "adagrad": (0, 1.25),
    "rmsprop": (0, 0.012475),
    "adam": (-0.055, 0.00124975),
    "adamw": (-0.055, 0.00124975),
    "lion": (-0.00505, 0),
}
# The paper's or PyTorch's.
DEFAULTS = {
    "sgd": (),
    "momentum": (0.9,),
    "nesterov": (0.9,),
    "adagrad": (1e-10,),
    "rmsprop": (0.99, 1e-8),
    "adam": (0.9, 0.999, 1e-8),
    "adamw": (0.9, 0.999, 1e-8),
    "lion": (0.9, 0.99),
}


def follow(optimizer, gradients, rate=0.1):
    """θ after each of the gradients, from θ = 1, and the two buffers in the end."""
    theta, first, second = np.ones(1), np.zeros(1), np.zeros(1)
    seen = []
    for count, gradient in enumerate(gradients, 1):
        optimizer.step(theta, np.array([gradient]), first, second, rate, count)
        seen.append(theta[0])
    return seen, (first[0], second[0])


@entries
def test_two_steps_by_hand(kind):
    rough = {p.name: 0.01 for p in parameters(kind) if p.name == "epsilon"}
    seen, remembered = follow(kind(**rough), (0.5, -1.0))
    np.testing.assert_allclose(seen, BY_HAND[kind.key], rtol=1e-14)
    np.testing.assert_allclose(remembered, REMEMBERED[kind.key], rtol=1e-14)


def test_the_order_is_that_of_the_ideas():
    assert list(OPTIMIZERS) == ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "lion"]


@entries
def test_defaults_and_codes(kind):
    assert kind().values() == DEFAULTS[kind.key]
    assert [other.code for other in OPTIMIZERS.values()].count(kind.code) == 1
    assert 1e-6 <= kind.learning_rate <= 10
    assert kind.__doc__


@entries
def test_a_stored_optimiser_is_the_same_again(kind):
    read = msgspec.json.decode(msgspec.json.encode(kind()), type=kind)
    assert read == kind()
    assert msgspec.to_builtins(kind())["name"] == kind.key


@entries
def test_a_step_works_in_place_and_in_float32(kind):
    theta, grad = np.ones(3, np.float32), np.array([0.5, -1, 0], np.float32)
    first, second = np.zeros_like(theta), np.zeros_like(theta)
    kind().step(theta, grad, first, second, 0.1, 1)
    assert theta.dtype == first.dtype == second.dtype == np.float32
    assert theta[0] < 1 < theta[1]
    assert theta[2] == 1
    np.testing.assert_array_equal(grad, np.array([0.5, -1, 0], np.float32))


def test_only_decoupled_optimisers_decay():
    decaying = {key: kind().decay for key, kind in OPTIMIZERS.items() if kind().decay}
    assert decaying == {"adamw": 0.01}
    assert Lion(weight_decay=0.3).decay == 0.3
    assert AdamW(weight_decay=0.2).decay == 0.2
    assert AdamW(weight_decay=0.2).values() == Adam().values()


def test_adamw_without_decay_is_adam_but_not_equal_to_it():
    gradients = np.random.default_rng(0).normal(size=20)
    assert follow(AdamW(weight_decay=0.0), gradients) == follow(Adam(), gradients)
    assert AdamW(weight_decay=0.0) != Adam()


def test_lion_asks_its_memory_for_the_sign():
    # m = 0.005: 0.9 m - 0.0048 < 0, though 0.99 m - 0.00048 > 0; and 0.9 m - 0.001 > 0 against the gradient.
    assert follow(Lion(), (0.5, -0.048))[0] == pytest.approx([0.9, 1.0])
    assert follow(Lion(), (0.5, -0.01))[0] == pytest.approx([0.9, 0.8])


def test_momentum_nears_ten_times_the_rate():
    # The velocity of a constant gradient is g / (1 - μ).
    assert follow(OPTIMIZERS["momentum"](), [1.0] * 400, rate=1e-3)[1][0] == pytest.approx(10, rel=1e-12)


@pytest.mark.parametrize("gradient", [1e-3, 1.0, 1e3])
def test_adam_moves_by_the_rate_whatever_the_scale(gradient):
    seen, _ = follow(Adam(epsilon=1e-10), [gradient] * 3)
    np.testing.assert_allclose(seen, [0.9, 0.8, 0.7], rtol=1e-6)


def test_clipping_by_length_and_by_value():
    grad = np.array([3.0, -4.0])
    clip_norm(grad, 0.0)
    clip_values(grad, 0.0)
    clip_norm(grad, 5.0)
    np.testing.assert_array_equal(grad, [3, -4])
    clip_norm(grad, 2.5)
    np.testing.assert_allclose(grad, [1.5, -2], rtol=1e-15)
    clip_values(grad, 1.75)
    np.testing.assert_allclose(grad, [1.5, -1.75], rtol=1e-15)
