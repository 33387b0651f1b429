"""Random numbers by place: the compiled twin draws the same, evenly, and nothing repeats from step to step."""

import numpy as np
import pytest
from numba import njit

from reluviz.core import chance, kernel_chance
from reluviz.core.kernel_plan import MASK_DRAWS, SLOPE_DRAWS


@njit
def compiled(seed, step, layer, purpose, out):
    key = kernel_chance.stream(seed, step, layer, purpose)
    for i in range(out.size):
        out[i] = kernel_chance.uniform(key, i)
    return key


@pytest.mark.parametrize("place", [(1, 0, 0, 0), (2**31 - 1, 10**9, 63, 1), (0, 5, 2, 1)])
def test_both_twins_draw_the_same(place):
    out = np.zeros(1000, np.float32)
    key = chance.stream(*place)
    assert compiled(*place, out) == key
    np.testing.assert_array_equal(out, chance.uniforms(key, 1000))


def test_draws_are_even_and_independent_of_their_neighbours():
    draws = np.array([chance.uniforms(chance.stream(1, step, 0, 0), 4096) for step in range(64)])
    count = draws.size
    assert draws.min() >= 0
    assert draws.max() < 1
    assert abs(draws.mean() - 0.5) < 4 / np.sqrt(12 * count)
    shares = np.histogram(draws, 16, (0, 1))[0] / count
    assert np.abs(shares - 1 / 16).max() < 4 * np.sqrt(1 / 16 / count)
    centred = draws - 0.5
    for neighbours in ((centred[:, 1:], centred[:, :-1]), (centred[1:], centred[:-1])):
        correlation = 12 * np.mean(neighbours[0] * neighbours[1])
        assert abs(correlation) < 4 / np.sqrt(neighbours[0].size)


def test_purposes_layers_steps_and_seeds_differ():
    keys = {
        chance.stream(seed, step, layer, purpose)
        for seed in range(5)
        for step in range(50)
        for layer in range(5)
        for purpose in (MASK_DRAWS, SLOPE_DRAWS)
    }
    assert len(keys) == 5 * 50 * 5 * 2
