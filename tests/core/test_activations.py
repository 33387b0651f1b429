"""Every activation against its golden values, finite differences, its kinks, its words and the ends of the range."""

import numpy as np
import pytest

from reluviz.core.activations import ACTIVATIONS, PReLU, ReLU6, RReLU, Sigmoid
from reluviz.core.initializers import INITIALIZERS
from reluviz.core.param import parameters

KEYS = [
    "identity", "binary_step", "sigmoid", "hard_sigmoid", "log_sigmoid", "tanh", "hard_tanh", "lecun_tanh", "relu",
    "relu6", "leaky_relu", "prelu", "rrelu", "elu", "selu", "celu", "gelu", "gelu_tanh", "silu", "swish", "hard_swish",
    "mish", "softplus", "softsign", "tanhshrink", "softshrink", "hardshrink", "threshold", "gaussian", "sine",
    "relu_squared", "abs", "bent_identity", "squareplus", "arctan",
]  # fmt: skip
GOLDEN = {
    "identity": (-1.5, 1.5),
    "binary_step": (0, 1),
    "sigmoid": (0.1824255238064, 0.8175744761936),
    "hard_sigmoid": (0.25, 0.75),
    "log_sigmoid": (-1.701413277983, -0.2014132779828),
    "tanh": (-0.9051482536449, 0.9051482536449),
    "hard_tanh": (-1, 1),
    "lecun_tanh": (-1.306819412204, 1.306819412204),
    "relu": (0, 1.5),
    "relu6": (0, 1.5),
    "leaky_relu": (-0.015, 1.5),
    "prelu": (-0.375, 1.5),
    "rrelu": (-0.34375, 1.5),
    "elu": (-0.7768698398516, 1.5),
    "selu": (-1.365814353367, 1.576051481033),
    "gelu": (-0.1002108019033, 1.399789198097),
    "gelu_tanh": (-0.1004284230198, 1.39957157698),
    "silu": (-0.2736382857095, 1.22636171429),
    "swish": (-0.2736382857095, 1.22636171429),
    "hard_swish": (-0.375, 1.125),
    "mish": (-0.2980997421668, 1.403378266396),
    "softplus": (0.2014132779828, 1.701413277983),
    "softsign": (-0.6, 0.6),
    "tanhshrink": (-0.5948517463551, 0.5948517463551),
    "softshrink": (-1, 1),
    "hardshrink": (-1.5, 1.5),
    "threshold": (0, 1.5),
    "gaussian": (0.1053992245619, 0.1053992245619),
    "sine": (-0.9974949866041, 0.9974949866041),
    "relu_squared": (0, 2.25),
    "abs": (1.5, 1.5),
    "bent_identity": (-1.098612181134, 1.901387818866),
    "squareplus": (0.5, 2),
    "arctan": (-0.9827937232473, 0.9827937232473),
}
# The slope at each kink: science's table of conventions (PyTorch's, where it has the function).
AT_KINKS = {
    "binary_step": (0,),
    "hard_sigmoid": (0, 0),
    "hard_tanh": (0, 0),
    "relu": (0,),
    "relu6": (0, 0),
    "leaky_relu": (0.01,),
    "prelu": (0.25,),
    "rrelu": (11 / 48,),
    "elu": (1,),
    "selu": (1.7580993408473769,),
    "celu": (1,),
    "hard_swish": (-0.5, 1.5),
    "softshrink": (0, 0),
    "hardshrink": (0, 0),
    "threshold": (0,),
    "abs": (0,),
}
# f at ±infinity; sine has no limit.
LIMITS = {
    "identity": (-np.inf, np.inf),
    "binary_step": (0, 1),
    "sigmoid": (0, 1),
    "hard_sigmoid": (0, 1),
    "log_sigmoid": (-np.inf, 0),
    "tanh": (-1, 1),
    "hard_tanh": (-1, 1),
    "lecun_tanh": (-1.7159, 1.7159),
    "relu6": (0, 6),
    "leaky_relu": (-np.inf, np.inf),
    "prelu": (-np.inf, np.inf),
    "rrelu": (-np.inf, np.inf),
    "elu": (-1, np.inf),
    "selu": (-1.7580993408473769, np.inf),
    "celu": (-1, np.inf),
    "softsign": (-1, 1),
    "tanhshrink": (-np.inf, np.inf),
    "softshrink": (-np.inf, np.inf),
    "hardshrink": (-np.inf, np.inf),
    "gaussian": (0, 0),
    "sine": (np.nan, np.nan),
    "abs": (np.inf, np.inf),
    "bent_identity": (-np.inf, np.inf),
    "arctan": (-np.pi / 2, np.pi / 2),
}
# f′ at ±infinity where it is not the slope of ReLU.
SLOPE_LIMITS = {
    "identity": (1, 1),
    "log_sigmoid": (1, 0),
    "leaky_relu": (0.01, 1),
    "prelu": (0.25, 1),
    "rrelu": (11 / 48, 1),
    "selu": (0, 1.0507009873554805),
    "tanhshrink": (1, 1),
    "softshrink": (1, 1),
    "hardshrink": (1, 1),
    "sine": (np.nan, np.nan),
    "relu_squared": (0, np.inf),
    "abs": (-1, 1),
    "bent_identity": (0.5, 1.5),
}
FLAT_AT_BOTH_ENDS = {
    "binary_step", "sigmoid", "hard_sigmoid", "tanh", "hard_tanh", "lecun_tanh", "relu6", "softsign", "gaussian",
    "arctan",
}  # fmt: skip
SMALLER = {np.float32: 1e-45, np.float64: 5e-324}
HUGE = {np.float32: 3e38, np.float64: 1.7e308}
entries = pytest.mark.parametrize("kind", [ACTIVATIONS[key] for key in KEYS], ids=KEYS)


def test_the_table_has_every_activation_in_its_order():
    assert [key for key in ACTIVATIONS if key != "formula"] == KEYS


@entries
def test_golden_values(kind):
    if kind.key == "celu":
        np.testing.assert_allclose(kind(alpha=2.0).f(np.array([-1.5, 1.5])), [-1.055266894518, 1.5], rtol=1e-12)
    else:
        np.testing.assert_allclose(kind().f(np.array([-1.5, 1.5])), GOLDEN[kind.key], rtol=1e-12)


@entries
def test_derivative_matches_finite_differences(kind):
    activation, h = kind(), 1e-6
    z = np.linspace(-4.07, 4.07, 60)
    z = z[[np.abs(x - np.array([*activation.kinks, 99])).min() > 2 * h for x in z]]
    numeric = (activation.f(z + h) - activation.f(z - h)) / (2 * h)
    np.testing.assert_allclose(activation.df(z), numeric, atol=5e-9)


@entries
def test_words_and_parameters_are_complete(kind):
    activation = kind()
    assert len(parameters(kind)) <= 4
    assert len(activation.values()) == len(parameters(kind))
    assert all(isinstance(value, float) for value in activation.values())
    assert kind.formula.startswith("f(x) = ")
    assert activation.caption == kind.title
    assert activation.initializer in INITIALIZERS
    assert kind.__doc__.count("\n") == 0
    assert kind.__doc__.endswith(".")


@entries
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_ends_of_the_range_are_silent_and_keep_the_dtype(kind, dtype):
    small, huge = SMALLER[dtype], HUGE[dtype]
    z = np.array([np.nan, 1e30, -1e30, small, -small, 0.0, -0.0, huge, -huge], dtype)
    activation = kind()
    values, slopes = activation.f(z), activation.df(z)
    assert values.dtype == slopes.dtype == dtype
    assert np.isnan([values[0], slopes[0]]).all()
    assert not np.isnan([values[1:], slopes[1:]]).any()
    assert values is not z
    assert not np.shares_memory(values, z)


@entries
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_infinity_gives_the_limit(kind, dtype):
    z = np.array([-np.inf, np.inf], dtype)
    activation = kind()
    np.testing.assert_array_equal(activation.f(z), np.array(LIMITS.get(kind.key, (0, np.inf)), dtype))
    slopes = (0, 0) if kind.key in FLAT_AT_BOTH_ENDS else SLOPE_LIMITS.get(kind.key, (0, 1))
    np.testing.assert_array_equal(activation.df(z), np.array(slopes, dtype))


@entries
def test_shapes_pass_through_and_the_input_is_left_alone(kind):
    z = np.array([[-1.5, 0.5, 2.0], [7.0, -30.0, 0.0]])
    before = z.copy()
    activation = kind()
    for call in (activation.f, activation.df):
        assert call(z).shape == z.shape
        np.testing.assert_array_equal(call(z)[1], call(z[1]))
        assert call(np.empty((0, 3))).shape == (0, 3)
    np.testing.assert_array_equal(z, before)


@entries
def test_float32_is_the_rounded_float64(kind):
    z = np.concatenate([np.linspace(-110, 110, 4001), np.linspace(-2, 2, 2001)]).astype(np.float32)
    activation = kind()
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(activation.f(z), activation.f(z.astype(np.float64)).astype(np.float32))
        np.testing.assert_array_equal(activation.df(z), activation.df(z.astype(np.float64)).astype(np.float32))


@entries
def test_slopes_at_kinks_are_the_conventions(kind):
    activation = kind()
    assert len(activation.kinks) == len(AT_KINKS.get(kind.key, ()))
    got = activation.df(np.array(activation.kinks))
    np.testing.assert_allclose(got, AT_KINKS.get(kind.key, ()), rtol=2e-16)


@entries
def test_no_kink_is_missing(kind):
    # A step of 1e-4 in x moves a slope without kinks by its curvature only.
    activation = kind()
    x = np.linspace(-10.00005, 9.99995, 200001)
    jumps = np.abs(np.diff(activation.df(x))) > 2e-3
    found = x[:-1][jumps]
    assert all(np.abs(place - np.array([*activation.kinks, 99])).min() < 1.1e-4 for place in found)


@pytest.mark.parametrize("key", ["relu", "relu6", "leaky_relu", "prelu", "rrelu"])
@pytest.mark.parametrize("choice", ["0", "0.5", "1"])
def test_the_slope_at_zero_is_chosen(key, choice):
    activation = ACTIVATIONS[key](at_zero=choice)
    left, right = activation.df(np.array([-1.0, 1.0]))
    assert activation.values()[-1] == float(choice)
    for zero in (0.0, -0.0):
        np.testing.assert_allclose(activation.df(np.array([zero])), left + float(choice) * (right - left), rtol=1e-15)
    assert np.isnan(activation.df(np.array([np.nan])))


def test_the_choice_at_zero_leaves_the_other_kink_alone():
    np.testing.assert_array_equal(ReLU6(at_zero="1").df(np.array([0.0, 6.0])), [1, 0])


def test_kinks_move_with_their_parameters():
    assert ACTIVATIONS["hard_tanh"](low=-2.0, high=0.5).kinks == (-2.0, 0.5)
    assert ACTIVATIONS["softshrink"](lambd=1.5).kinks == ACTIVATIONS["hardshrink"](lambd=1.5).kinks == (-1.5, 1.5)
    assert ACTIVATIONS["threshold"](threshold=2.0).kinks == (2.0,)


def test_prelu_tells_the_gradient_of_its_slope():
    z = np.array([-2.0, -0.0, 3.0, np.nan], np.float32)
    gradient = PReLU().slope_gradient(z)
    assert gradient.dtype == np.float32
    np.testing.assert_array_equal(gradient, [-2, 0, 0, np.nan])
    h, z = 1e-6, np.linspace(-2, 2, 9)
    numeric = (PReLU(slope=0.25 + h).f(z) - PReLU(slope=0.25 - h).f(z)) / (2 * h)
    np.testing.assert_allclose(PReLU().slope_gradient(z), numeric, atol=1e-9)


def test_rrelu_uses_the_mean_of_its_law():
    assert RReLU().mean_slope == pytest.approx(11 / 48, rel=1e-15)


def test_tails_do_not_vanish_by_cancellation():
    np.testing.assert_allclose(Sigmoid().df(np.array([17.0], np.float32)), 4.13994e-8, rtol=1e-5)


@pytest.mark.parametrize(
    ("key", "values", "sentence"),
    [
        ("leaky_relu", {"slope": 0.9}, "slope = 0.9 is not allowed: it must be a number from 0 to 0.5"),
        ("relu", {"at_zero": "2"}, "at_zero = '2' is not allowed: it must be one of 0, 0.5, 1"),
        ("hard_tanh", {"low": 1.0}, "low = 1.0 is not allowed: it must be less than high = 1"),
        ("rrelu", {"lower": 0.5, "upper": 0.25}, "lower = 0.5 is not allowed: it must be at most upper = 0.25"),
    ],
)
def test_wrong_parameters_are_refused_in_one_sentence(key, values, sentence):
    with pytest.raises(ValueError) as refused:
        ACTIVATIONS[key](**values)
    assert str(refused.value) == sentence


def test_equal_slopes_are_allowed():
    assert RReLU(lower=0.25, upper=0.25).mean_slope == 0.25
