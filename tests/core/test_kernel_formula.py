"""The compiled twin of a typed formula against its NumPy values, in both precisions, and what it costs."""

import time

import numpy as np
import pytest
from formula_corpus import formulas
from hypothesis import HealthCheck, given, settings
from numba import njit

from reluviz.core.formula import Formula, FormulaError, read
from reluviz.core.formula_parse import MOST_NODES
from reluviz.core.formula_slope import slope_tape
from reluviz.core.formula_values import evaluate
from reluviz.core.kernel_curves import CURVES
from reluviz.core.kernel_formula import curves

PARAMETERS = (1.5, 0.75, -0.25, 2.25)
PLACES = np.concatenate([np.linspace(-12, 12, 961), [-1e-20, -0.0, 0.0, 1e-20, np.nan]])
SPECIAL = np.array([-np.inf, -1e300, -1e3, -1.0, -0.0, 0.0, 1e-300, 1.0, 1e3, 1e300, np.inf, np.nan])


def loop(f, df):
    """The fused loop over f and f′ as the kernel has it."""

    @njit(error_model="numpy")
    def run(z, a, d, values):
        p, q, r, s = values[0], values[1], values[2], values[3]
        for i in range(z.size):
            a[i] = f(z[i], p, q, r, s)
            d[i] = df(z[i], p, q, r, s)

    return run


def compiled(text, x):
    """f(x) and f′(x) of the compiled twin, in the type of x."""
    a, d = np.empty_like(x), np.empty_like(x)
    loop(*curves(read(text).tape))(x, a, d, np.array(PARAMETERS, x.dtype))
    return a, d


def readable(text, x):
    """f(x) and f′(x) of the readable form, in float64."""
    reading = read(text)
    wide = x.astype(np.float64)
    return tuple(evaluate(tape, wide, PARAMETERS) for tape in (reading.tape, slope_tape(reading.tape)))


def assert_twins(text, dtype, rtol):
    x = PLACES.astype(dtype)
    for ours, theirs in zip(compiled(text, x), readable(text, x), strict=True):
        assert ours.dtype == dtype
        np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=rtol)


EXAMPLES = ["max(0.1*x, x)", "where(x > 0, x, a*expm1(x))", "x*sigmoid(b*x)"]


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_three_examples_in_single_precision(text):
    assert_twins(text, np.float32, 1e-6)


def test_a_mixture_in_double_precision():
    assert_twins(
        "clip(x, -1, b) + where(x**2 != 4, tanh(a*x), -1)*sign(x - 1) - abs(x)/(2 + exp(-x))", np.float64, 1e-14
    )


def test_conventions_at_ties_and_branches_are_those_of_numpy():
    text = "max(0, x) + max(0.1*x, x) + abs(x) + where(x > 0, log(x), x) + sqrt(abs(x)) + 1/(1 + exp(-x))"
    for ours, theirs in zip(compiled(text, SPECIAL), readable(text, SPECIAL), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-14)


ALL = [
    "exp(-x**2) + log(1 + abs(x)) + log1p(x**2)",
    "sqrt(x**2 + 1) + softplus(x) + x**5/1e4",
    "sin(x) + cos(x)*atan(b*x)",
    "tan(x/8) + sinh(x/4) + 1/cosh(x/4)",
    "erf(x) + x*Phi(x)",
    "abs(x)**a + 2**(x/4) + (1 + x**2)**(c*x/8)",
    "step(x)*relu(x - 1) - min(x, max(-x, d))",
    "(x < 1)*(x >= -1)*x + (x <= -2) - (x == 3) + where(x, a, b)*x",
]


@pytest.mark.slow
@pytest.mark.parametrize("text", ALL)
def test_every_operation_in_both_precisions(text):
    assert_twins(text, np.float32, 4e-6)
    assert_twins(text, np.float64, 2e-14)


@pytest.mark.slow
@pytest.mark.parametrize("text", [*EXAMPLES, *ALL])
def test_far_out_the_twins_agree_too(text):
    with np.errstate(over="ignore"):
        for ours, theirs in zip(compiled(text, SPECIAL), readable(text, SPECIAL), strict=True):
            # tan and sin of a huge number keep few digits of the reduction.
            fair = (np.abs(SPECIAL) < 1e4) | ~np.isfinite(theirs) | ~np.isfinite(SPECIAL)
            np.testing.assert_allclose(ours[fair], theirs[fair], rtol=1e-12, atol=1e-14)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["3", "0*x", "x > 0", "where(x > 0, 1, 2)", "min(0, x)", "sign(x)", "x**(a - a)", "clip(x, 0, 1)"]
)
def test_not_a_number_stays_in_compiled_code(text):
    x = np.array([np.nan, 1.0], np.float32)
    a, d = compiled(text, x)
    assert np.isnan([a[0], d[0]]).all()
    assert np.isfinite([a[1], d[1]]).all()


def long_enough(text):
    try:
        names = [node.name for node in read(text).tape.nodes]
    except FormulaError:
        return False
    return len(names) > 6 and "x" in names


@pytest.mark.slow
@given(formulas.filter(long_enough))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_formulas_are_the_same_compiled(text):
    x = np.concatenate([np.random.default_rng(4).normal(0, 3, 50), [0.0, np.nan]])
    for ours, theirs in zip(compiled(text, x), readable(text, x), strict=True):
        close = np.isclose(ours, theirs, rtol=1e-7, atol=1e-9, equal_nan=True) | (np.abs(theirs) > 1e100)
        # What amplifies a rounding error without bound, as sin(1e9*x), may differ at a few places.
        assert close.mean() >= 0.9


@pytest.mark.slow
def test_the_largest_formula_compiles_in_a_few_seconds():
    factors = [f"tanh({k}*x)" for k in range(1, 37)]
    while len(factors) > 1:
        pairs = [factors[i : i + 2] for i in range(0, len(factors), 2)]
        factors = [f"({'*'.join(pair)})" for pair in pairs]
    text = factors[0]
    assert MOST_NODES >= 4 * 36 + 35 > MOST_NODES - 30
    start = time.process_time()
    a, _ = compiled(text, np.array([0.5], np.float32))
    assert time.process_time() - start < 20
    assert a[0] == pytest.approx(np.prod(np.tanh(0.5 * np.arange(1, 37))), rel=1e-5)


BUILT_IN = {"max(0.1*x, x)": "leaky_relu", "x*sigmoid(a*x)": "swish", "where(x > 0, x, a*expm1(x))": "elu"}


@pytest.mark.slow
@pytest.mark.parametrize("size", [80, 4096])
@pytest.mark.parametrize("text", BUILT_IN)
def test_a_typed_formula_runs_at_built_in_speed(text, size):
    z = np.random.default_rng(1).normal(size=size).astype(np.float32)
    values = np.array([0.1 if text.startswith("max") else 1.5, 0, 0, 0], np.float32)
    typed, named = (repeated(*pair) for pair in (curves(Formula(text).tape), CURVES[BUILT_IN[text]]))
    # Turns shorter than a slice of a busy machine, and many of them.
    count = 400_000 // size
    seconds = {typed: [], named: []}
    for run in (typed, named):
        run(z, np.empty_like(z), np.empty_like(z), values, 1)
    for _ in range(60):
        for run, found in seconds.items():
            start = time.thread_time()
            run(z, np.empty_like(z), np.empty_like(z), values, count)
            found.append(time.thread_time() - start)
    assert min(seconds[typed]) <= 1.5 * min(seconds[named])


def repeated(f, df):
    """The fused loop many times over; the input changes, so that no turn is left out."""

    @njit(error_model="numpy", fastmath={"contract", "nsz"})
    def run(z, a, d, values, count):
        p, q, r, s = values[0], values[1], values[2], values[3]
        for turn in range(count):
            z[turn % z.size] += np.float32(1e-6)
            for i in range(z.size):
                a[i] = f(z[i], p, q, r, s)
                d[i] = df(z[i], p, q, r, s)

    return run
