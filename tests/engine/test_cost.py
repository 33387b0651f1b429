"""The measured cost: it times what the activation really computes, and the best turn counts."""

import itertools

import numpy as np
import pytest

from reluviz.core import kernels
from reluviz.core.activations import LeakyReLU, Softplus
from reluviz.core.cost import NUMBERS, Work
from reluviz.core.formula import Formula
from reluviz.engine.cost import TURNS, nanoseconds


@pytest.fixture(scope="module", autouse=True)
def _loaded():
    kernels.load("float32")


@pytest.mark.parametrize("activation", [LeakyReLU(slope=0.2), Softplus(), Formula("x*sigmoid(2*x)")], ids=str)
def test_the_loop_computes_f_and_its_slope(activation):
    work = Work(activation)
    work.run(2)
    z, a, d = work.values
    assert len(z) == NUMBERS
    np.testing.assert_allclose(a, activation.f(z.astype(float)), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(d, activation.df(z.astype(float)), rtol=1e-6, atol=1e-6)


def test_the_best_turn_counts():
    """A clock of its own: the first turn is long enough, of the others one is the quickest."""
    spans = iter([1e-2, *np.linspace(3e-3, 2e-3, TURNS)])
    times = itertools.chain.from_iterable((0.0, span) for span in spans)
    assert nanoseconds(LeakyReLU(), lambda: next(times)) == pytest.approx(1e9 * 2e-3 / (4 * NUMBERS))


def test_a_real_clock_gives_a_sensible_figure():
    assert 0.01 < nanoseconds(LeakyReLU()) < 100
