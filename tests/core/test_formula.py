"""A typed formula as an activation: values, the text shown, parameters and kinks."""

import numpy as np
import pytest

from reluviz.core.activations import ACTIVATIONS, Activation
from reluviz.core.formula import Constant, Formula, read

X = np.concatenate([np.linspace(-40, 40, 8001), [-1e30, -1e-30, -0.0, 0.0, 1e-30, 1e30]])

TWINS = {
    "max(0, x)": ("relu", {}),
    "relu(x)": ("relu", {}),
    "min(max(x, 0), 6)": ("relu6", {}),
    "clip(x, 0, 6)": ("relu6", {}),
    "clip(x, -1, 1)": ("hard_tanh", {}),
    "max(0.1*x, x)": ("leaky_relu", {"slope": 0.1}),
    "x*sigmoid(b*x)": ("swish", {"beta": 1.5}),
    "where(x > 0, x, a*expm1(x))": ("elu", {"alpha": 1.3}),
    "sigmoid(x)": ("sigmoid", {}),
    "tanh(x)": ("tanh", {}),
    "abs(x)": ("abs", {}),
    "x*Phi(x)": ("gelu", {}),
    "step(x)": ("binary_step", {}),
    "softplus(x)": ("softplus", {}),
    "atan(x)": ("arctan", {}),
    "x/(1 + abs(x))": ("softsign", {}),
    "sign(x)*max(abs(x) - 0.5, 0)": ("softshrink", {}),
    "where(abs(x) > 0.5, x, 0)": ("hardshrink", {}),
    "exp(-x**2)": ("gaussian", {}),
    "max(x, 0)**2": ("relu_squared", {}),
    "x": ("identity", {}),
}


@pytest.mark.parametrize(("text", "twin"), TWINS.items(), ids=TWINS)
def test_typed_twin_is_the_named_activation(text, twin):
    key, parameters = twin
    typed, named = Formula(text), ACTIVATIONS[key](**parameters)
    for constant, value in zip(typed.constants, parameters.values(), strict=False):
        typed = typed.with_value(constant.name, value)
    near = X[np.abs(X) <= 40]
    # Φ(x) itself is rounded before the product, and 1 + |x| before the quotient.
    for ours, theirs in ((typed.f, named.f), (typed.df, named.df)):
        np.testing.assert_allclose(ours(near), theirs(near), rtol=4e-13, atol=1e-15)
        for kink in (*named.kinks, 0.0):
            np.testing.assert_allclose(ours(np.array([kink])), theirs(np.array([kink])), atol=1e-15)


@pytest.mark.parametrize(
    ("text", "twin", "parameter"),
    [
        ("max(0.1*x, x)", ACTIVATIONS["leaky_relu"](slope=0.1), ""),
        ("where(x > 0, x, a*expm1(x))", ACTIVATIONS["elu"](alpha=1.3), "a"),
    ],
)
def test_two_examples_agree_bit_for_bit(text, twin, parameter):
    typed = Formula(text).with_value(parameter, 1.3)
    for x in (X, X.astype(np.float32)):
        np.testing.assert_array_equal(typed.f(x), twin.f(x))
        np.testing.assert_allclose(typed.df(x), twin.df(x), rtol=5e-16 if x.dtype == np.float64 else 1.2e-7)


def test_third_example_agrees_to_the_last_digits():
    typed, swish = Formula("x*sigmoid(b*x)").with_value("b", 1.5), ACTIVATIONS["swish"](beta=1.5)
    x = X[np.abs(X) <= 40]
    np.testing.assert_allclose(typed.f(x), swish.f(x), rtol=0, atol=1e-15 * 40)
    np.testing.assert_allclose(typed.f(x), swish.f(x), rtol=2e-14)
    np.testing.assert_allclose(typed.df(x), swish.df(x), rtol=0, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 5)])
def test_shape_and_type_are_those_of_the_input(dtype, shape):
    x = np.full(shape, 0.75, dtype)
    for text in ("3", "a", "x", "max(0.1*x, x)", "where(x > 0, 1, 2)", "x > 0"):
        for y in (Formula(text).f(x), Formula(text).df(x)):
            assert y.dtype == dtype
            assert y.shape == shape


def test_the_input_is_never_written_to_or_handed_back():
    x = np.linspace(-1, 1, 5)
    x.setflags(write=False)
    y = Formula("x").f(x)
    assert not np.shares_memory(x, y)
    assert y.flags.writeable


@pytest.mark.parametrize(
    "text", ["3", "where(x > 0, 1, 2)", "max(x, 0)", "min(0, x)", "x > 0", "step(x)", "sign(x)", "x*0", "max(0*x, 5)"]
)
def test_not_a_number_stays(text):
    x = np.array([np.nan, 1.0])
    assert np.isnan(Formula(text).f(x)[0])
    assert np.isnan(Formula(text).df(x)[0])
    assert np.isfinite(Formula(text).f(x)[1])


@pytest.mark.parametrize(
    ("text", "x", "value", "slope"),
    [
        ("where(x > 0, log(x), 0)", -1.0, 0.0, 0.0),
        ("where(x > 0, log(x), x)", 0.0, 0.0, 1.0),
        ("where(x == 0, 1, sin(x)/x)", 0.0, 1.0, 0.0),
        ("where(x < 50, exp(x), 0)", 1e4, 0.0, 0.0),
        ("where(x < 0, exp(exp(-x)), 7*x)", -1e4, np.inf, -np.inf),
        ("where(x > 0, 7*x, exp(exp(-x)))", 2.0, 14.0, 7.0),
        ("1/(1 + exp(-x))", -1000.0, 0.0, 0.0),
        ("1/(1 + exp(-x))", 1000.0, 1.0, 0.0),
        ("sqrt(abs(x))", 0.0, 0.0, 0.0),
        ("abs(x)**0.25", 0.0, 0.0, 0.0),
        ("x**a", 0.0, 0.0, 1.0),
        ("max(log(x), 0)", -1.0, np.nan, np.nan),
        ("where(log(x) > 0, x, 2*x)", -1.0, np.nan, np.nan),
        ("x*0 + 2", 3.0, 2.0, 0.0),
    ],
)
def test_branches_that_are_not_taken_do_not_matter(text, x, value, slope):
    formula = Formula(text)
    np.testing.assert_equal(formula.f(np.array([x])), [value])
    np.testing.assert_equal(formula.df(np.array([x])), [slope])


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("max(0, x)", 0.0),
        ("max(x, 0)", 0.0),
        ("max(0.1*x, x)", 0.1),
        ("max(x, 0.1*x)", 0.1),
        ("min(x, 2*x)", 1.0),
        ("min(0, x)", 0.0),
        ("abs(x)", 0.0),
        ("max(x, -x)", 0.0),
        ("max(x, x)", 1.0),
        ("relu(x) - relu(-x)", 0.0),
        ("max(a*x, b*x)", 1.0),
        ("where(x >= 0, 3*x, x)", 3.0),
        ("where(x > 0, 3*x, x)", 1.0),
        ("where(x, 3*x, x)", 1.0),
    ],
)
def test_slope_at_a_tie_follows_the_conventions(text, slope):
    assert Formula(text).df(np.zeros(1)) == slope


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("max(0.1*x, x)", "max(0.1·x, x)"),
        ("x*sigmoid(beta*x)", "x·σ(β·x)"),
        ("where(x > 0, x, alpha*expm1(x))", "x if x > 0, else α·(eˣ - 1)"),
        ("1/(1 + exp(-x))", "1 / (1 + e⁻ˣ)"),
        ("x**2 - x**-3 + 2**x", "x² - x⁻³ + 2ˣ"),
        ("-x**2 + (-x)**2", "-x² + (-x)²"),
        ("exp(-x**2)", "exp(-x²)"),
        ("x - (1 - x) - (x + 1)", "x - (1 - x) - (x + 1)"),
        ("x/(2*x)/(x/2)", "x / (2·x) / (x / 2)"),
        ("2*(x + 1)*-x", "2·(x + 1)·(-x)"),
        ("-(-x) - -x", "-(-x) - (-x)"),
        ("sqrt(x) + sqrt(2*x) + abs(x - 1)", "√x + √(2·x) + |x - 1|"),
        ("(x**2)**3 + x**(1/3)", "(x²)³ + x^(1 / 3)"),
        ("log(pi*x) + Phi(x)", "ln(π·x) + Φ(x)"),
        ("(x >= 0)*(x != 1)", "(x ≥ 0)·(x ≠ 1)"),
        ("where(x > 0, x, 0) + 1", "(x if x > 0, else 0) + 1"),
        ("where(x > 1, 1, where(x < -1, -1, x))", "1 if x > 1, else (-1 if x < -1, else x)"),
        ("1e-3*x + 1e20 + 007.50", "0.001·x + 1e+20 + 7.5"),
        ("(x > 0) > (x > 1)", "(x > 0) > (x > 1)"),
    ],
)
def test_formula_is_shown_as_a_person_writes_it(text, shown):
    assert Formula(text).shown == f"f(x) = {shown}"


def test_parameters_are_completed_ordered_and_checked():
    formula = Formula("b*x + max(a, c)", (Constant("c", 2.0, 0.0, 3.0), Constant("b", -1.0)))
    assert [(c.name, c.value) for c in formula.constants] == [("b", -1.0), ("a", 1.0), ("c", 2.0)]
    assert formula.values() == (-1.0, 1.0, 2.0)
    assert formula.constants[1] == Constant("a", 1.0, -5.0, 5.0)
    assert formula == Formula("b*x + max(a, c)", formula.constants)
    assert hash(formula) == hash(Formula("b*x + max(a, c)", formula.constants))
    assert formula != formula.with_value("b", 0.0)
    assert formula.f(np.array([3.0])) == -1.0
    for wrong, words in (
        ((Constant("d"),), "'d' is not a parameter of the formula, which has b, a, c"),
        ((Constant("a"), Constant("a")), "two of them have the same name"),
    ):
        with pytest.raises(ValueError, match=words):
            Formula("b*x + max(a, c)", wrong)
    with pytest.raises(ValueError, match="it must lie from low"):
        formula.with_value("b", 6.0)
    with pytest.raises(ValueError, match="it must be more than low"):
        Constant("a", 0.0, 1.0, -1.0)


def test_another_text_keeps_the_parameters_in_common():
    formula = Formula("a*x + b", (Constant("b", 2.0, 0.0, 3.0),)).retyped("b*x + c")
    assert [(c.name, c.value, c.high) for c in formula.constants] == [("b", 2.0, 3.0), ("c", 1.0, 5.0)]
    with pytest.raises(ValueError, match=r"^expression = 'b\*\*' is not allowed: "):
        formula.retyped("b**")


def test_it_is_an_activation():
    formula = Formula()
    assert isinstance(formula, Activation)
    assert formula.expression == "max(0.1*x, x)"
    assert formula.key == "formula"
    assert formula.caption == "max(0.1*x, x)"
    assert formula.max_slope == 1.0
    assert Formula("where(x > 0, x, alpha*expm1(x))").caption == "where(x > 0, x, alpha*e…"
    assert read(formula.expression).tape == formula.tape


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("x", ()),
        ("tanh(x)", ()),
        ("max(0, x)", (0.0,)),
        ("min(max(x, 0), 6)", (0.0, 6.0)),
        ("clip(x, -1/3, 1/3)", (-1 / 3, 1 / 3)),
        ("sign(x)*max(abs(x) - 0.03, 0)", (-0.03, 0.03)),
        ("abs(x - 123.456)", (123.456,)),
        ("step(x - 0.7)", (0.7,)),
        ("where(x > a, x, 0)", (1.0,)),
        ("where(x > 0, x, expm1(x))", ()),
        ("where(x > 0, x, 2*expm1(x))", (0.0,)),
        ("where(x > 0.5, log(x), x*x)", (0.5,)),
        ("max(x, x) + where(x > x, 1, 2)", ()),
        ("max((x + 1)**2, x**2 + 2*x + 1)", ()),
        ("x*clip(x + 3, 0, 6)/6", (-3.0, 3.0)),
        ("relu(x) - relu(x - 1) + relu(x - 1.001)", (0.0, 1.0, 1.001)),
        ("max(x**2, 2)", (-np.sqrt(2), np.sqrt(2))),
    ],
)
def test_kinks_are_where_the_slope_jumps(text, places):
    np.testing.assert_allclose(Formula(text).kinks, places, rtol=1e-14, atol=1e-300)


def test_many_kinks_are_the_nearest_ones():
    found = Formula("abs(sin(x))").kinks
    np.testing.assert_allclose(found, np.pi * np.arange(-32, 32), atol=1e-12)
