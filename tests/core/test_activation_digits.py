"""Every activation and its slope against 30 digits, on hard points; the promised errors hold."""

import numpy as np
import pytest
from exact_activations import DF, F, errors_in_ulps, hard_points, reference

from reluviz.core.activations import ACTIVATIONS

# Parameters away from the defaults, where a form could lose digits.
OTHERS = (
    ("hard_tanh", {"low": 0.3, "high": 2.7}),
    ("leaky_relu", {"slope": 0.0, "at_zero": "0.5"}),
    ("prelu", {"slope": 0.77, "at_zero": "1"}),
    ("rrelu", {"lower": 0.1, "upper": 0.9}),
    ("elu", {"alpha": 3.0}),
    ("elu", {"alpha": 0.1}),
    ("celu", {"alpha": 3.0}),
    ("celu", {"alpha": 0.1}),
    ("celu", {"alpha": 0.77}),
    ("swish", {"beta": 0.0}),
    ("swish", {"beta": 0.1}),
    ("swish", {"beta": 1.7}),
    ("swish", {"beta": 10.0}),
    ("softplus", {"beta": 0.1}),
    ("softplus", {"beta": 1.7}),
    ("softplus", {"beta": 10.0}),
    ("softshrink", {"lambd": 0.3}),
    ("threshold", {"threshold": -1.3, "value": 0.7}),
    ("squareplus", {"b": 0.01}),
    ("squareplus", {"b": 16.0}),
)
FEW, MANY = 600, 10_000
# A typed formula is in the table too, and has tests of its own.
entries = pytest.mark.parametrize("key", F)


def assert_promise_holds(activation, count):
    """The largest errors of f and f′ at hard points stay below what the class promises."""
    z = hard_points(activation, count)
    values, slopes = reference(activation, z)
    for got, wanted, promised in ((activation.f, values, 0), (activation.df, slopes, 1)):
        errors = errors_in_ulps(got(z), wanted)
        worst = int(errors.argmax())
        assert errors[worst] <= activation.ulps[promised], f"{errors[worst]:.3g} units at x = {z[worst]!r}"


def test_every_activation_has_a_reference():
    assert list(F) == list(DF) == [key for key in ACTIVATIONS if key != "formula"]


@entries
def test_promised_digits(key):
    assert_promise_holds(ACTIVATIONS[key](), FEW)


@pytest.mark.parametrize(("key", "values"), OTHERS, ids=[f"{key}-{values}" for key, values in OTHERS])
def test_promised_digits_with_other_parameters(key, values):
    assert_promise_holds(ACTIVATIONS[key](**values), FEW // 3)


@pytest.mark.parametrize(
    ("key", "root"),
    [
        ("gelu", -0.7517915246935645),
        ("gelu_tanh", -0.7524614220710163),
        ("silu", -1.2784645427610737),
        ("mish", -1.1924312145154952),
        ("sine", np.pi / 2),
    ],
)
def test_slopes_keep_their_digits_at_their_roots(key, root):
    activation = ACTIVATIONS[key]()
    z = root + np.arange(-100, 101) * np.spacing(root)
    _, slopes = reference(activation, z)
    assert errors_in_ulps(activation.df(z), slopes).max() <= activation.ulps[1]


@pytest.mark.parametrize("beta", [0.013, 0.3, 0.77, 1.7, 3.1, 9.597390189787046])
def test_the_slope_of_swish_keeps_its_digits_at_its_root(beta):
    activation = ACTIVATIONS["swish"](beta=beta)
    z = -1.2784645427610737 / beta + np.arange(-100, 101) * np.spacing(1 / beta)
    _, slopes = reference(activation, z)
    assert errors_in_ulps(activation.df(z), slopes).max() <= activation.ulps[1]


@pytest.mark.slow
@entries
def test_promised_digits_at_ten_thousand_points(key):
    assert_promise_holds(ACTIVATIONS[key](), MANY)


@entries
def test_nobody_needs_an_exception(key):
    assert ACTIVATIONS[key].ulps == (4, 8)


@pytest.mark.parametrize(
    ("key", "joins"),
    [
        ("tanhshrink", (1.5,)),
        ("gelu", (-1.0, -2.0, -4.0, -8.0, 1.0, 2.0, 4.0, -36.0)),
        ("softplus", (-40.0, -640.0)),
        ("silu", (-640.0,)),
        ("celu", (-640.0, -1e-290)),
        ("mish", (0.5, -640.0)),
        ("squareplus", (-1e8, 1e8)),
    ],
)
def test_forms_join_without_a_step_back(key, joins):
    activation = ACTIVATIONS[key]()
    for join in joins:
        # 64 units in the last place are more than the errors of both sides together.
        x = join + np.arange(-50, 51) * 64 * np.spacing(abs(join))
        steps = np.diff(activation.f(x))
        assert (steps >= 0).all() or (steps <= 0).all(), f"{key} at {join}"


@pytest.mark.parametrize(("key", "joins"), [("gelu", (-0.25179152469356, -1.2517915246935645)), ("arctan", (1e100,))])
def test_slopes_join_without_a_step_back(key, joins):
    activation = ACTIVATIONS[key]()
    for join in joins:
        x = join + np.arange(-50, 51) * 64 * np.spacing(abs(join))
        steps = np.diff(activation.df(x))
        assert (steps >= 0).all() or (steps <= 0).all(), f"{key} at {join}"
