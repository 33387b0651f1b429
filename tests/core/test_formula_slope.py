"""The slope of a typed formula against central differences and against 50-digit arithmetic."""

import mpmath
import numpy as np
import pytest
from formula_corpus import formulas
from hypothesis import given, settings
from hypothesis import strategies as st

from reluviz.core.formula import FormulaError, read
from reluviz.core.formula_slope import slope_tape
from reluviz.core.formula_tape import Tape
from reluviz.core.formula_values import evaluate

mpmath.mp.dps = 50
PARAMETERS = (1.5, 0.7, -0.3, 2.2)


def nan():
    return mpmath.mpf("nan")


def compare(holds):
    return lambda a, b: mpmath.mpf(int(holds(a, b)))


# The operations once more, from a library that shares nothing with NumPy.
EXACT = {
    "negative": lambda a: -a,
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": lambda a, b: a**b if a >= 0 or b == int(b) else nan(),
    "max": lambda a, b: max(a, b),
    "min": lambda a, b: min(a, b),
    ">": compare(lambda a, b: a > b),
    ">=": compare(lambda a, b: a >= b),
    "<": compare(lambda a, b: a < b),
    "<=": compare(lambda a, b: a <= b),
    "==": compare(lambda a, b: a == b),
    "!=": compare(lambda a, b: a != b),
    "where": lambda c, a, b: a if c else b,
    "abs": abs,
    "sign": mpmath.sign,
    "sqrt": lambda a: mpmath.sqrt(a) if a >= 0 else nan(),
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "log": lambda a: mpmath.log(a) if a > 0 else nan(),
    "log1p": lambda a: mpmath.log1p(a) if a > -1 else nan(),
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "atan": mpmath.atan,
    "sigmoid": lambda a: 1 / (1 + mpmath.exp(-a)),
    "softplus": lambda a: mpmath.log1p(mpmath.exp(a)),
    "erf": mpmath.erf,
    "Phi": mpmath.ncdf,
}


def exact(tape: Tape, x, constants):
    """f(x) with 50 digits."""
    found = []
    for node in tape.nodes:
        if node.name == "x":
            found.append(mpmath.mpf(x))
        elif node.name in ("number", "parameter"):
            found.append(mpmath.mpf(node.value if node.name == "number" else constants[int(node.value)]))
        else:
            found.append(EXACT[node.name](*[found[part] for part in node.parts]))
    return found[-1]


def exact_slope(tape: Tape, x, constants):
    """f′(x) with more than 30 digits, by a central difference."""
    h = mpmath.mpf(10) ** -16
    return (exact(tape, mpmath.mpf(x) + h, constants) - exact(tape, mpmath.mpf(x) - h, constants)) / (2 * h)


FORMULAS = [
    "max(0.1*x, x)",
    "where(x > 0, x, a*expm1(x))",
    "x*sigmoid(b*x)",
    "x*tanh(softplus(x))",
    "0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x**3)))",
    "x*Phi(a*x)",
    "erf(x)*erf(3*x)",
    "sin(a*x)*cos(x**2) + tan(x/4)",
    "sinh(x/3) + cosh(a*x/3) + atan(x)",
    "1/(1 + exp(-x))",
    "(exp(x) - exp(-x))/(exp(x) + exp(-x))",
    "log(1 + abs(x)**a) + log1p(x**2)",
    "abs(x)**a*sign(x) + 2**x",
    "(1 + x**2)**(b*x/4)",
    "clip(x, -1, 1)*min(x, 2) + max(x, b)",
    "x**7/100 - x**-3 + (x + 0.3)**16/1e9",
    "sqrt(x**2 + 1) - 1/(x - 0.123)",
    "(x > 0)*x**2 + (x <= 0)*x**3",
    "relu(x - 1)*step(x) + relu(-x)**a",
    "where(abs(x) < 1, x**2/2, abs(x) - 0.5)",
]
PLACES = np.linspace(-6, 6, 41) + 0.0371


@pytest.mark.parametrize("text", FORMULAS)
def test_value_and_slope_have_the_digits_of_the_exact_ones(text):
    reading = read(text)
    constants = PARAMETERS[: len(reading.names)]
    ours = evaluate(reading.tape, PLACES, constants)
    slopes = evaluate(slope_tape(reading.tape), PLACES, constants)
    theirs = np.array([float(exact(reading.tape, x, constants)) for x in PLACES])
    exactly = np.array([float(exact_slope(reading.tape, x, constants)) for x in PLACES])
    # Intermediate results are rounded, so what cancels in a formula loses digits.
    np.testing.assert_allclose(ours, theirs, rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(slopes, exactly, rtol=1e-12, atol=1e-13)


@given(formulas, st.floats(-5, 5))
@settings(max_examples=150, deadline=None)
def test_slope_of_a_random_formula_is_the_central_difference(text, x):
    try:
        reading = read(text)
    except FormulaError:
        return
    constants = PARAMETERS[: len(reading.names)]
    h = 1e-4
    places = x + h * np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    f = evaluate(reading.tape, places, constants)
    slopes = evaluate(slope_tape(reading.tape), places, constants)
    if not (np.isfinite(f).all() and np.isfinite(slopes).all()):
        return
    wide, narrow = (f[4] - f[0]) / (4 * h), (f[3] - f[1]) / (2 * h)
    size = max(1.0, np.abs(slopes).max())
    # Only where nothing jumps between the five points and rounding leaves something to compare.
    if np.ptp(slopes) > 1e-3 * size or abs(wide - narrow) > 1e-4 * size or np.abs(f).max() > 1e6 * size:
        return
    assert abs(slopes[2] - narrow) <= 2e-3 * size


@pytest.mark.parametrize(
    ("text", "x", "slope"),
    [
        ("sigmoid(x)", 40.0, 4.248354255291589e-18),
        ("tanh(x)", 20.0, 1.699341702116636e-17),
        ("1/(1 + exp(-x))", -700.0, 9.859676543759772e-305),
        ("Phi(x)", -30.0, 1.473646134909377e-196),
        ("erf(x)", 6.0, 2.617325125665525e-16),
        ("softplus(x)", -40.0, 4.248354255291589e-18),
    ],
)
def test_slope_does_not_vanish_by_cancelling(text, x, slope):
    tape = read(text).tape
    assert float(exact_slope(tape, x, ())) == pytest.approx(slope, rel=1e-12) or abs(x) > 29
    assert evaluate(slope_tape(tape), np.array([x]), ())[0] == pytest.approx(slope, rel=1e-13)


def test_slope_of_a_long_formula_is_no_longer_than_it_must_be():
    tape = read("exp(" * 30 + "x" + ")" * 30).tape
    assert len(slope_tape(tape).nodes) <= 3 * len(tape.nodes)


def test_what_does_not_depend_on_x_has_no_slope():
    names = [node.name for node in slope_tape(read("a*log(b)*x + exp(a)**b").tape).nodes]
    assert names == ["parameter", "parameter", "log", "multiply"]
