"""Averages over a normal variable against closed forms and 30-digit integrals, with kinks declared or found."""

import math
from typing import ClassVar

import mpmath
import numpy as np
import pytest

from reluviz.core.activations import ACTIVATIONS, Activation
from reluviz.core.quadrature import VARIANCES, mesh

Q = [1e-30, 1e-9, 1e-3, 0.3, 1.0, 7.0, 400.0]


def build(key, **fields):
    return ACTIVATIONS[key](**fields)


class Undeclared(Activation, frozen=True):
    """A ramp from 0.3 on that does not tell where its kink is."""

    key: ClassVar[str] = "undeclared"
    title: ClassVar[str] = "Undeclared"

    def f(self, z):
        return np.maximum(z - 0.3, 0)

    def df(self, z):
        return np.where(z > 0.3, 1.0, 0.0)


class Exponential(Activation, frozen=True):
    """e^x, which leaves the range of floats on the mesh."""

    key: ClassVar[str] = "exponential"
    title: ClassVar[str] = "Exponential"

    def f(self, z):
        return np.exp(z)

    def df(self, z):
        return np.exp(z)


class Root(Activation, frozen=True):
    """√x, which is not a number on the left."""

    key: ClassVar[str] = "root"
    title: ClassVar[str] = "Root"

    def f(self, z):
        return np.sqrt(z)

    def df(self, z):
        return 0.5 / np.sqrt(z)


@pytest.mark.parametrize("q", Q)
def test_relu_identity_and_its_square(q):
    mean, square, slope, bend = mesh(build("relu")).averages(q)
    assert mean == pytest.approx(math.sqrt(q / (2 * math.pi)), rel=1e-13)
    assert [square, slope, bend] == pytest.approx([q / 2, 0.5, 0.5], rel=1e-13)
    assert mesh(build("identity")).averages(q)[1:] == pytest.approx([q, 1, 1], rel=1e-13)
    _, square, slope, bend = mesh(build("relu_squared")).averages(q)
    assert [square, slope, bend] == pytest.approx([1.5 * q * q, 2 * q, 3 * q], rel=1e-13)


@pytest.mark.parametrize("q", Q)
def test_sine_and_gaussian(q):
    _, square, slope, bend = mesh(build("sine")).averages(q)
    expected = [-math.expm1(-2 * q) / 2, (1 + math.exp(-2 * q)) / 2, math.exp(-2 * q)]
    assert [square, slope, bend] == pytest.approx(expected, rel=1e-11, abs=1e-12)
    mean, square, slope, bend = mesh(build("gaussian")).averages(q)
    wide = 1 + 4 * q
    assert [mean, square, slope] == pytest.approx([(1 + 2 * q) ** -0.5, wide**-0.5, 4 * q * wide**-1.5], rel=1e-12)
    # The derivative by q loses digits where q E f² hardly depends on q.
    assert bend == pytest.approx(-2 * wide**-1.5, rel=1e-11) or q < 1e-6


@pytest.mark.parametrize("q", [1e-2, 1.0, 30.0])
def test_hard_tanh(q):
    _, square, slope, _ = mesh(build("hard_tanh")).averages(q)
    inside = math.erf(1 / math.sqrt(2 * q))
    edge = math.sqrt(2 * q / math.pi) * math.exp(-0.5 / q)
    assert square == pytest.approx(q * inside - edge + 1 - inside, rel=1e-12)
    assert slope == pytest.approx(inside, rel=1e-12)


@pytest.mark.parametrize("q", [1e-2, 1.0, 9.0])
def test_elu(q):
    mean, square, slope, _ = mesh(build("elu", alpha=2.0)).averages(q)

    def left(rate):
        return math.exp(rate * rate * q / 2) * math.erfc(rate * math.sqrt(q / 2)) / 2

    assert mean == pytest.approx(math.sqrt(q / (2 * math.pi)) + 2 * (left(1) - 0.5), rel=1e-11)
    assert square == pytest.approx(q / 2 + 4 * (left(2) - 2 * left(1) + 0.5), rel=1e-11)
    assert slope == pytest.approx(0.5 + 4 * left(2), rel=1e-12)


@pytest.mark.parametrize("q", [0.2, 3.0])
def test_gelu_has_closed_moments(q):
    mean = mesh(build("gelu")).averages(q)[0]
    assert mean == pytest.approx(q / math.sqrt(2 * math.pi * (1 + q)), rel=1e-13)


@pytest.mark.parametrize(
    ("key", "fields", "exact"),
    [
        ("swish", {"beta": 10.0}, lambda x: x / (1 + mpmath.exp(-10 * x))),
        ("softplus", {"beta": 10.0}, lambda x: mpmath.log1p(mpmath.exp(10 * x)) / 10),
        ("tanh", {}, mpmath.tanh),
        ("mish", {}, lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x)))),
    ],
)
def test_sharp_and_smooth_ones_against_thirty_digits(key, fields, exact):
    q = 0.25 if key == "tanh" else 4.0
    with mpmath.workdps(30):
        width = mpmath.sqrt(q)
        cuts = [-14, -6, -3, -1.5, -0.5, -0.1, 0, 0.1, 0.5, 1.5, 3, 6, 14]
        square = mpmath.quad(lambda z: exact(width * z) ** 2 * mpmath.npdf(z), cuts)
        slope = mpmath.quad(lambda z: mpmath.diff(exact, width * z) ** 2 * mpmath.npdf(z), cuts, maxdegree=5)
    found = mesh(build(key, **fields)).averages(q)
    assert found[1] == pytest.approx(float(square), rel=1e-12)
    assert found[2] == pytest.approx(float(slope), rel=1e-10)


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_integration_by_parts_ties_f_to_its_derivative(key):
    """Stein's lemma, E z f(z) = q E f′(z), holds for every continuous f; checks f, f′ and the panels at once."""
    curve = mesh(build(key))
    jumps = {"binary_step": (0.0, 1.0), "hardshrink": (0.5, 1.0), "threshold": (0.1, 0.1)}
    q = 0.8
    place, height = jumps.get(key, (0.0, 0.0))
    jump = height * math.exp(-place * place / (2 * q)) / math.sqrt(2 * math.pi * q)
    left = curve.average(curve.x * curve.f, q)
    assert left == pytest.approx(q * (curve.average(curve.df, q) + jump), rel=1e-11, abs=1e-14)


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_the_derivative_by_the_variance_is_a_difference_quotient(key):
    curve, q, h = mesh(build(key)), 1.3, 1e-4
    low, high = curve.averages(np.array([q - h, q + h]))[1]
    assert curve.averages(q)[3] == pytest.approx((high - low) / (2 * h), rel=1e-6, abs=1e-11)


def test_a_kink_that_nobody_declared_is_found():
    curve = mesh(Undeclared())
    assert curve.kinks == pytest.approx([0.3], abs=1e-12)
    assert len(curve.x) < 4000
    for q in (0.01, 1.0, 30.0):
        right = math.erfc(0.3 / math.sqrt(2 * q)) / 2
        density = math.sqrt(q / (2 * math.pi)) * math.exp(-0.045 / q)
        mean, square, slope, _ = curve.averages(q)
        assert mean == pytest.approx(density - 0.3 * right, rel=1e-10)
        assert square == pytest.approx((q + 0.09) * right - 0.3 * density, rel=1e-10)
        assert slope == pytest.approx(right, rel=1e-11)


def test_values_beyond_the_floats_do_not_spoil_what_exists():
    assert mesh(Exponential()).averages(1.0)[:3] == pytest.approx([math.exp(0.5), math.exp(2), math.exp(2)], rel=1e-12)


def test_what_is_not_a_number_stays_so():
    assert np.isnan(mesh(Root()).averages(1.0)).all()


def test_shapes_follow_the_variances():
    curve = mesh(build("tanh"))
    assert curve.averages(1.0).shape == (4,)
    assert curve.averages(np.ones((2, 3))).shape == (4, 2, 3)
    assert curve.table.shape == (4, len(VARIANCES))
    assert curve.averages(np.array([1e-20, 1.0]))[1, 1] == curve.averages(1.0)[1]
