"""Arithmetic in two parts against exact fractions, and exponentials beyond the range of their factors."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reluviz.core.stable import (
    logistic,
    logistic_slope,
    offset,
    polynomial,
    times_exp,
    two_product,
    two_quotient,
    two_sum,
)

numbers = st.floats(1e-100, 1e100) | st.floats(-1e100, -1e-100)


@given(numbers, numbers)
def test_a_product_in_two_parts_is_exact(a, b):
    high, low = two_product(np.array([a]), b)
    assert Fraction(float(high[0])) + Fraction(float(low[0])) == Fraction(a) * Fraction(b)


@given(numbers, numbers)
def test_a_quotient_in_two_parts_has_twice_the_digits(a, b):
    high, low = two_quotient(np.array([a]), b)
    exact = Fraction(a) / Fraction(b)
    assert abs(Fraction(float(high[0])) + Fraction(float(low[0])) - exact) <= abs(exact) / 2**104


@pytest.mark.parametrize("exponent", [-1.0, -639.9, -640.1, -700.0, -744.0, -750.0, -780.0])
def test_a_factor_lifts_an_exponential_that_is_subnormal_alone(exponent):
    with mpmath.workdps(30):
        exact = float(1e15 * mpmath.exp(mpmath.mpf(exponent)))
    np.testing.assert_allclose(times_exp(1e15, np.array([exponent])), exact, rtol=5e-16, atol=1e-323)


def test_the_low_part_of_an_exponent_counts():
    low = 1e-14
    with mpmath.workdps(30):
        exact = float(mpmath.exp(mpmath.mpf(-300) + mpmath.mpf(low)))
    np.testing.assert_allclose(times_exp(1.0, np.array([-300.0]), low), exact, rtol=3e-16)


@given(numbers, numbers)
def test_a_sum_in_two_parts_is_exact(a, b):
    high, low = two_sum(np.array([a]), b)
    assert Fraction(float(high[0])) + Fraction(float(low[0])) == Fraction(a) + Fraction(b)


@pytest.mark.parametrize("low", [0.0, 1.1e-16, -9e-17, "all but the last digits of the rest"])
def test_offset_keeps_digits_beside_a_place(low):
    with mpmath.workdps(60):
        place, parts = mpmath.sqrt(2), []
        for _ in range(3):
            parts.append(float(place - sum(map(mpmath.mpf, parts))))
        low = low if isinstance(low, float) else np.nextafter(parts[1], 1)
        exact = float(mpmath.mpf(parts[0]) + mpmath.mpf(float(low)) - place)
    np.testing.assert_allclose(offset(np.array([parts[0]]), tuple(parts), low), exact, rtol=3e-16)


def test_polynomial_is_the_sum_of_its_terms():
    np.testing.assert_array_equal(polynomial(np.array([0.0, 1.0, -2.0]), (5.0, 3.0, 2.0)), [5, 10, 7])


def test_logistic_keeps_both_tails():
    x = np.array([-745.0, -40.0, 0.0, 40.0, 745.0])
    np.testing.assert_allclose(logistic(x)[[0, 1]], np.exp(x[[0, 1]]), rtol=1e-15)
    np.testing.assert_array_equal(logistic(x)[[2, 4]], [0.5, 1.0])
    np.testing.assert_array_equal(logistic_slope(x), logistic_slope(-x))
    assert logistic_slope(x)[2] == 0.25
    assert (logistic_slope(x) > 0).all()
