"""Zeros and patterns against plain loops and sets."""

from itertools import pairwise

import numpy as np
import pytest

from reluviz.core.sparsity import multiplications_needed, patterns, zeros_by_layer, zeros_by_sample


@pytest.fixture
def activity():
    """Eleven neurons in layers of 2, 8 and 1, thirty samples."""
    z = np.random.default_rng(3).normal(size=(11, 30))
    z[4] = -1
    return np.maximum(z, 0).astype(np.float32)


def test_zeros_are_counted_by_layer_and_by_sample(activity):
    expected = [np.mean([[v == 0 for v in row] for row in activity[a:b]]) for a, b in ((0, 2), (2, 10), (10, 11))]
    assert zeros_by_layer(activity, (2, 8, 1)) == pytest.approx(expected)
    assert zeros_by_sample(activity) == pytest.approx([sum(v == 0 for v in column) / 11 for column in activity.T])


@pytest.mark.parametrize("rows", [slice(0, 1), slice(0, 2), slice(2, 10), slice(0, 11), slice(4, 5)])
def test_patterns_are_the_different_sets_of_neurons_that_are_on(activity, rows):
    assert patterns(activity[rows]) == len({tuple(column > 0) for column in activity[rows].T})


def test_a_run_that_has_diverged_has_no_zeros_and_no_patterns(activity):
    activity[1, 4] = np.nan
    assert np.isnan(zeros_by_layer(activity, (2, 8, 1))).tolist() == [True, False, False]
    assert np.flatnonzero(np.isnan(zeros_by_sample(activity))).tolist() == [4]
    others = np.delete(activity, 4, axis=1)
    assert patterns(activity) == len({tuple(column > 0) for column in others.T})
    assert patterns(np.full((3, 5), np.nan, np.float32)) == 0


def test_multiplications_by_zeros_are_counted_one_by_one(activity):
    sizes, needed, total = (3, 2, 8, 1, 2), 0, 0
    begins = (0, 2, 10, 11)
    for sample in activity.T:
        layers = [np.ones(3), *(sample[a:b] for a, b in pairwise(begins))]
        for values, units in zip(layers, sizes[1:], strict=True):
            needed += units * sum(value != 0 for value in values.tolist())
            total += units * len(values)
    zeros = zeros_by_layer(activity, (2, 8, 1))
    assert multiplications_needed(zeros, sizes) == pytest.approx(needed / total)
    assert np.isnan(multiplications_needed(np.array([0.5, np.nan, 0.2]), sizes))
