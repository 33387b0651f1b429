"""Every peer does the same arithmetic, which is that of the definition; a child answers or says why it cannot."""

import importlib
import importlib.util
import itertools
import os

import numpy as np
import pytest

from reluviz import peers
from reluviz.bench_child import Missing, Remote
from reluviz.bench_race import pinned
from reluviz.bench_work import RATE, SMALL, WORKS, Problem, problem

LIBRARIES = {"numpy": "numpy", "jax": "jax", "pytorch": "torch", "scikit-learn": "sklearn"}


def full_batch(outputs):
    """A small problem whose only batch is all of its samples, so that no order of samples matters."""
    rng = np.random.default_rng(5)
    x = rng.standard_normal((24, 3)).astype(np.float32)
    labels = np.arange(24) % max(outputs, 2)
    y = (labels[:, None] if outputs == 1 else np.eye(outputs)[labels]).astype(np.float32)
    sizes = (3, 7, 6, outputs)
    weights = tuple(rng.standard_normal(pair).astype(np.float32) for pair in itertools.pairwise(sizes))
    return Problem(x, y, 24, weights)


def loss(given, weights):
    """The mean loss by its definition, in float64, with biases of zero."""
    signal = given.x.astype(float)
    for layer, matrix in enumerate(weights):
        signal = signal @ matrix
        if layer < len(weights) - 1:
            signal = np.maximum(signal, 0)
    if given.one_output:
        chance = 1 / (1 + np.exp(-signal))
        return -np.mean(np.where(given.y > 0, np.log(chance), np.log(1 - chance)))
    chances = np.exp(signal) / np.exp(signal).sum(axis=1, keepdims=True)
    return -np.mean(np.log(chances[given.y > 0]))


def slope(given, layer, place):
    """The slope of the loss along one weight, by central differences."""
    values = []
    for shift in (1e-6, -1e-6):
        weights = [matrix.astype(float) for matrix in given.weights]
        weights[layer][place] += shift
        values.append(loss(given, weights))
    return (values[0] - values[1]) / 2e-6


@pytest.mark.parametrize("outputs", [1, 4])
def test_a_step_goes_against_the_gradient(outputs):
    given = full_batch(outputs)
    peer = peers.load("numpy", given, 1)
    peer.train(1)
    for layer, (before, after) in enumerate(zip(given.weights, peer.weights(), strict=True)):
        for place in np.ndindex(before.shape):
            moved = (float(before[place]) - float(after[place])) / RATE
            assert moved == pytest.approx(slope(given, layer, place), abs=1e-4)


@pytest.mark.parametrize("outputs", [1, 4])
@pytest.mark.parametrize("key", [key for key in LIBRARIES if key != "numpy"])
def test_peers_do_the_same(key, outputs, monkeypatch):
    pytest.importorskip(LIBRARIES[key], exc_type=ImportError)
    if key == "jax":
        # After thousands of steps, the rounding of two libraries would have driven them apart.
        monkeypatch.setattr(importlib.import_module("reluviz.peers.jax_scan"), "MOST_STEPS", 5)
    given = full_batch(outputs)
    mine, other = peers.load("numpy", given, 1), peers.load(key, given, 1)
    steps = other.block * 5
    mine.train(steps)
    other.train(steps)
    for ours, theirs, start in zip(mine.weights(), other.weights(), given.weights, strict=True):
        assert np.abs(ours - start).max() > 0.01
        np.testing.assert_allclose(theirs, ours, rtol=2e-3, atol=2e-4)


@pytest.mark.parametrize("key", list(WORKS))
def test_every_work_is_what_its_name_says(key):
    work = WORKS[key]
    given, lab = problem(work), work.settings()
    sizes = (given.x.shape[1], *work.hidden, given.y.shape[1])
    assert "-".join(map(str, sizes)) == key.replace("[8]x6", "8-8-8-8-8-8")
    assert [matrix.shape for matrix in given.weights] == list(itertools.pairwise(sizes))
    assert len(given.x) % work.batch == 0
    assert given.x.dtype == given.y.dtype == given.weights[0].dtype == np.float32
    assert (lab.network.hidden, lab.training.batch_size, lab.training.learning_rate) == (work.hidden, work.batch, RATE)
    assert len(work.settings(runs=6).runs) == 6


def test_a_child_answers_with_seconds():
    with Remote("numpy", SMALL, 1) as remote:
        assert remote.name == f"NumPy {np.__version__}"
        few, many = remote.measure(50), remote.measure(2000)
    assert 0 < few < many
    assert remote.cores_used > 0


@pytest.mark.parametrize("key", ["jax", "pytorch"])
def test_a_peer_that_is_not_installed_is_missing(key):
    if importlib.util.find_spec(LIBRARIES[key]):
        pytest.skip("it is installed")
    with pytest.raises(Missing, match="not installed"):
        Remote(key, SMALL, 1)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system pins no processes")
def test_pinning_ends():
    before = os.sched_getaffinity(0)
    with pinned(1) as count:
        assert count == len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before
