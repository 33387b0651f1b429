"""A session reproduces its lab bit for bit: what is written and read again trains to the same numbers."""

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from reluviz.core.activations import ACTIVATIONS
from reluviz.core.datasets import DATASETS
from reluviz.core.initializers import INITIALIZERS
from reluviz.core.layers import LAYERS
from reluviz.core.optimizers import OPTIMIZERS
from reluviz.core.param import Choice, Integer, Number, Toggle, parameters
from reluviz.core.schedules import SCHEDULES
from reluviz.core.settings import Network, Run, Settings, Training, fitting_losses
from reluviz.core.trainer import Trainer

SMALL = 120


FORMULAS = ("max(0.1*x, x)", "x*sigmoid(b*x)", "where(x > 0, x, a*expm1(x))", "sin(x) + c*x")


@st.composite
def drawn(draw, kind):
    """A value of a described class with every field drawn from its own range."""
    values = {}
    for parameter in parameters(kind):
        described = parameter.kind
        if isinstance(described, Number):
            values[parameter.name] = draw(st.floats(described.low, described.high, allow_subnormal=False))
        elif isinstance(described, Integer):
            values[parameter.name] = draw(st.integers(described.low, described.high))
        elif isinstance(described, Choice) and parameter.name != "loss":
            values[parameter.name] = draw(st.sampled_from(described.options))
        elif isinstance(described, Toggle):
            values[parameter.name] = draw(st.booleans())
        elif parameter.name == "expression":
            values[parameter.name] = draw(st.sampled_from(FORMULAS))
    try:
        return kind(**values)
    except ValueError:
        # Two numbers in the wrong order, such as the ends of a hard tanh.
        reject()


def entry(table):
    """Any entry of a table."""
    return st.sampled_from(list(table.values())).flatmap(drawn)


@st.composite
def labs(draw):
    """Any lab of built-in data."""
    data = draw(entry(DATASETS)).evolve(samples=SMALL)
    count = draw(st.integers(1, 3))
    rates = st.none() | st.floats(1e-6, 10.0)
    runs = tuple(
        Run(
            activation=draw(entry(ACTIVATIONS)),
            layer_activations=tuple(draw(st.lists(entry(ACTIVATIONS), max_size=3))),
            layer=draw(entry(LAYERS)),
            initializer=draw(entry(INITIALIZERS)),
            learning_rate=draw(rates),
            color=place,
        )
        for place in range(count)
    )
    training = draw(drawn(Training)).evolve(
        optimizer=draw(entry(OPTIMIZERS)),
        schedule=draw(entry(SCHEDULES)),
        loss=draw(st.sampled_from(("auto", *fitting_losses(data.task)))),
    )
    hidden = draw(st.lists(st.integers(1, 12), min_size=1, max_size=4))
    # One precision: the compiled code of the other is loaded where it is tested.
    network = Network(hidden=tuple(hidden), seed=draw(st.integers(0, 2**31 - 1)))
    return Settings(data=data, network=network, training=training, runs=runs)


@given(labs())
@settings(deadline=None, max_examples=200)
def test_any_lab_comes_back_equal_from_its_text(lab):
    assert Settings.from_toml(lab.to_toml()) == lab


@given(labs())
@settings(deadline=None, max_examples=25)
def test_any_lab_trains_to_the_same_bits_after_a_round_trip(lab):
    first, second = Trainer(lab), Trainer(Settings.from_toml(lab.to_toml()))
    first.train(40)
    for _ in range(8):
        second.train(5)
    for one, other in zip(first.snapshot().runs, second.snapshot().runs, strict=True):
        np.testing.assert_array_equal(one.activity, other.activity)
        np.testing.assert_array_equal(one.test_predictions, other.test_predictions)
    np.testing.assert_array_equal(first.snapshot().history.values, second.snapshot().history.values)


@pytest.mark.parametrize("key", DATASETS)
def test_every_data_set_is_drawn_the_same_again(key):
    source = DATASETS[key](seed=7)
    again = Settings.from_toml(Settings(data=source).to_toml()).data
    for name in ("x_train", "y_train", "x_test", "y_test"):
        np.testing.assert_array_equal(getattr(source.load(), name), getattr(again.load(), name))
