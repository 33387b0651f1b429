"""A session reproduces its lab bit for bit: what is written and read again trains to the same numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reluviz.core.activations import ACTIVATIONS
from reluviz.core.datasets import DATASETS
from reluviz.core.initializers import INITIALIZERS
from reluviz.core.optimizers import OPTIMIZERS
from reluviz.core.param import Integer, Number, parameters
from reluviz.core.settings import Network, Run, Settings, Training, fitting_losses
from reluviz.core.trainer import Trainer

SMALL = 120


def drawn(kind):
    """A value of a described class with every number drawn from its own range."""

    def value(parameter):
        described = parameter.kind
        if isinstance(described, Number):
            return st.floats(described.low, described.high, allow_subnormal=False)
        if isinstance(described, Integer):
            return st.integers(described.low, described.high)
        return st.just(parameter.default)

    owned = {p.name: value(p) for p in parameters(kind)}
    return st.builds(kind, **owned)


@st.composite
def labs(draw):
    """Any lab of built-in data."""
    data = draw(st.sampled_from(list(DATASETS.values())).flatmap(drawn)).evolve(samples=SMALL)
    count = draw(st.integers(1, 3))
    entries = [st.sampled_from(list(table.values())).flatmap(drawn) for table in (ACTIVATIONS, INITIALIZERS)]
    rates = st.none() | st.floats(1e-6, 10.0)
    runs = tuple(
        Run(activation=draw(entries[0]), initializer=draw(entries[1]), learning_rate=draw(rates), color=place)
        for place in range(count)
    )
    training = draw(drawn(Training)).evolve(
        optimizer=draw(st.sampled_from(list(OPTIMIZERS.values())).flatmap(drawn)),
        loss=draw(st.sampled_from(("auto", *fitting_losses(data.task)))),
    )
    hidden = draw(st.lists(st.integers(1, 12), min_size=1, max_size=4))
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
