"""Range, steepest slope, kinks, zeros and saturation: extrema of science.md section 3, shares in closed form."""

import math
from typing import ClassVar

import numpy as np
import pytest

from reluviz.core.activations import ACTIVATIONS, Activation
from reluviz.core.curveshape import SATURATION, saturated_share, shape, zeros_share

INF = math.inf
SELU_LOW = -1.7580993408473768599

# low, high, Lipschitz, monotone, smoothness.
SHAPES = {
    "identity": (-INF, INF, 1, True, "smooth"),
    "binary_step": (0, 1, 0, True, "jumps"),
    "sigmoid": (0, 1, 0.25, True, "smooth"),
    "hard_sigmoid": (0, 1, 1 / 6, True, "kinked"),
    "log_sigmoid": (-INF, 0, 1, True, "smooth"),
    "tanh": (-1, 1, 1, True, "smooth"),
    "hard_tanh": (-1, 1, 1, True, "kinked"),
    "lecun_tanh": (-1.7159, 1.7159, 1.7159 * 2 / 3, True, "smooth"),
    "relu": (0, INF, 1, True, "kinked"),
    "relu6": (0, 6, 1, True, "kinked"),
    "leaky_relu": (-INF, INF, 1, True, "kinked"),
    "prelu": (-INF, INF, 1, True, "kinked"),
    "rrelu": (-INF, INF, 1, True, "kinked"),
    "elu": (-1, INF, 1, True, "smooth"),
    "selu": (SELU_LOW, INF, -SELU_LOW, True, "kinked"),
    "celu": (-1, INF, 1, True, "smooth"),
    "gelu": (-0.1699712075, INF, 1.1289041452, False, "smooth"),
    "gelu_tanh": (-0.1700407506, INF, None, False, "smooth"),
    "silu": (-0.2784645428, INF, 1.0998393201, False, "smooth"),
    "swish": (-0.2784645428, INF, 1.0998393201, False, "smooth"),
    "hard_swish": (-0.375, INF, 1.5, False, "kinked"),
    "mish": (-0.3088434130, INF, 1.0884981613, False, "smooth"),
    "softplus": (0, INF, 1, True, "smooth"),
    "softsign": (-1, 1, 1, True, "smooth"),
    "tanhshrink": (-INF, INF, 1, True, "smooth"),
    "softshrink": (-INF, INF, 1, True, "kinked"),
    "hardshrink": (-INF, INF, 1, True, "jumps"),
    "threshold": (0, INF, 1, True, "jumps"),
    "gaussian": (0, 1, math.sqrt(2 / math.e), False, "smooth"),
    "sine": (-1, 1, 1, False, "smooth"),
    "relu_squared": (0, INF, INF, True, "smooth"),
    "abs": (0, INF, 1, False, "kinked"),
    "bent_identity": (-INF, INF, 1.5, True, "smooth"),
    "squareplus": (0, INF, 1, True, "smooth"),
    "arctan": (-math.pi / 2, math.pi / 2, 1, True, "smooth"),
}


def build(key, **fields):
    return ACTIVATIONS[key](**fields)


def below(x):
    """The normal distribution function."""
    return math.erfc(-x / math.sqrt(2)) / 2


class Custom(Activation, frozen=True):
    """What the tests need of a curve that nobody prepared."""

    key: ClassVar[str] = "custom"
    title: ClassVar[str] = "Custom"
    case: str = ""

    def f(self, z):
        return {
            "stairs": np.floor(z),
            "cliff": np.where(z < 1.5, z, z + 1),
            "dip": np.abs(z - 0.3),
            "steep": np.tanh(1000 * (z - 0.7)),
            "falling": -np.maximum(z, 0),
            "constant": np.full_like(z, 2.0),
        }[self.case]

    def df(self, z):
        return {
            "stairs": np.zeros_like(z),
            "cliff": np.ones_like(z),
            "dip": np.sign(z - 0.3),
            "steep": 1000 / np.cosh(np.clip(1000 * (z - 0.7), -300, 300)) ** 2,
            "falling": -(z > 0).astype(float),
            "constant": np.zeros_like(z),
        }[self.case]


def test_the_table_is_whole():
    assert {*SHAPES, "formula"} == set(ACTIVATIONS)


@pytest.mark.parametrize("key", SHAPES)
def test_shapes(key):
    low, high, lipschitz, monotone, smoothness = SHAPES[key]
    found = shape(build(key))
    assert found.low == pytest.approx(low, abs=6e-11)
    assert found.high == pytest.approx(high, abs=6e-11)
    assert lipschitz is None or found.lipschitz == pytest.approx(lipschitz, abs=6e-11)
    assert (found.monotone, found.smoothness) == (monotone, smoothness)


def test_parameters_change_the_shape():
    assert shape(build("elu", alpha=2.0)).smoothness == "kinked"
    assert shape(build("elu", alpha=2.0)).lipschitz == pytest.approx(2)
    assert shape(build("hard_tanh", low=-0.5, high=2.0)).high == 2
    assert shape(build("swish", beta=10.0)).low == pytest.approx(-0.02784645428, abs=1e-11)


@pytest.mark.parametrize(
    ("case", "monotone", "smoothness", "lipschitz"),
    [
        ("stairs", True, "jumps", 0),
        ("cliff", True, "jumps", 1),
        ("dip", False, "kinked", 1),
        ("steep", True, "smooth", 1000),
        ("falling", True, "kinked", 1),
        ("constant", True, "smooth", 0),
    ],
)
def test_undeclared_kinks_and_jumps(case, monotone, smoothness, lipschitz):
    found = shape(Custom(case=case))
    assert (found.monotone, found.smoothness) == (monotone, smoothness)
    assert found.lipschitz == pytest.approx(lipschitz, rel=1e-9)


@pytest.mark.parametrize("q", [0.1, 1.0, 8.0])
def test_shares_of_exact_zeros(q):
    width = math.sqrt(q)
    expected = {
        "relu": 0.5,
        "binary_step": 0.5,
        "relu_squared": 0.5,
        "threshold": below(0.1 / width),
        "softshrink": 1 - 2 * below(-0.5 / width),
        "hardshrink": 1 - 2 * below(-0.5 / width),
        "hard_sigmoid": below(-3 / width),
        "hard_swish": below(-3 / width),
        "leaky_relu": 0,
        "sigmoid": 0,
        "sine": 0,
        "identity": 0,
    }
    for key, share in expected.items():
        assert zeros_share(build(key), q) == pytest.approx(share, rel=1e-11, abs=1e-30)


@pytest.mark.parametrize("q", [0.1, 1.0, 8.0])
def test_shares_of_saturated_inputs(q):
    width = math.sqrt(q)
    # 4 s (1 - s) = .05 for the sigmoid; 1 - tanh² = .05.
    edge = math.log((1 + math.sqrt(1 - SATURATION)) / (1 - math.sqrt(1 - SATURATION)))
    expected = {
        "sigmoid": 2 * below(-edge / width),
        "tanh": 2 * below(-edge / 2 / width),
        "softsign": 2 * below(-(math.sqrt(20) - 1) / width),
        # The steepest slope counts up to 10, where it is not quite 1.
        "softplus": below(-math.log((1 + math.exp(-10)) / SATURATION - 1) / width),
        "elu": below(math.log(SATURATION) / width),
        "hard_tanh": 2 * below(-1 / width),
        "relu": 0.5,
        "leaky_relu": 0.5,
        "prelu": 0,
        "abs": 0,
        "identity": 0,
        "binary_step": 0,
    }
    for key, share in expected.items():
        assert saturated_share(build(key), q) == pytest.approx(share, rel=1e-9, abs=1e-30)
    angle = math.asin(SATURATION)
    bands = [(n + 0.5) * math.pi for n in range(-40, 40)]
    sine = sum(below((at + angle) / width) - below((at - angle) / width) for at in bands)
    assert saturated_share(build("sine"), q) == pytest.approx(sine, rel=1e-9)


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_shares_agree_with_a_fine_grid(key):
    z = (np.arange(400_001) - 200_000) / 20_000
    weights = np.exp(-z * z / 2) / math.sqrt(2 * math.pi) / 20_000
    activation = build(key)
    flat = np.abs(activation.df(z)) < SATURATION * activation.max_slope
    assert saturated_share(activation) == pytest.approx(float(weights[flat].sum()), abs=1e-4)
    assert zeros_share(activation) == pytest.approx(float(weights[activation.f(z) == 0].sum()), abs=1e-4)
