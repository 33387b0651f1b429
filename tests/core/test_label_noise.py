"""Label noise: the share that was asked for, the same for everybody, growing with the share."""

import numpy as np
import pytest

from reluviz.core.label_noise import with_label_noise

LABELS = np.eye(4, dtype=np.float32)[np.arange(20_000) % 4]
HALVES = (np.arange(20_000) % 2).astype(np.float32)[:, None]


@pytest.mark.parametrize(("y", "task", "wrong"), [(LABELS, "classes", 3 / 4), (HALVES, "binary", 1 / 2)])
def test_share_of_wrong_labels(y, task, wrong):
    noisy = with_label_noise(y, 0.4, 1, task)
    share = np.mean((noisy != y).any(axis=1))
    assert share == pytest.approx(0.4 * wrong, abs=4 * np.sqrt(0.25 / len(y)))
    assert noisy.dtype == y.dtype
    if task == "classes":
        np.testing.assert_array_equal(noisy.sum(axis=1), 1)


def test_a_larger_share_keeps_what_was_wrong():
    little, much = (with_label_noise(LABELS, share, 1, "classes") for share in (0.1, 0.5))
    wrong = (little != LABELS).any(axis=1)
    np.testing.assert_array_equal(much[wrong], little[wrong])


def test_values_get_noise_of_their_own_size():
    y = np.random.default_rng(0).standard_normal((20_000, 2)) * [1.0, 10.0]
    noise = with_label_noise(y, 0.5, 1, "regression") - y
    np.testing.assert_allclose(noise.std(axis=0), 0.5 * y.std(axis=0), rtol=0.03)


def test_nothing_asked_nothing_changed_but_a_copy():
    copy = with_label_noise(LABELS, 0.0, 1, "classes")
    np.testing.assert_array_equal(copy, LABELS)
    assert not np.shares_memory(copy, LABELS)
