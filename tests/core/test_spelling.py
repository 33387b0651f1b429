"""The formula of a neuron, written out: its number against the float64 reference, its words against what they say."""

import re

import numpy as np
import pytest

from reluviz.core.activations import ReLU, Sigmoid
from reluviz.core.datasets import DATASETS
from reluviz.core.layers import BatchNorm, Dense, LayerNorm, Residual
from reluviz.core.network import forward
from reluviz.core.plan import model_of
from reluviz.core.settings import Network, Run, Settings
from reluviz.core.snapshot import INSIDE, WEIGHTS
from reluviz.core.spelling import spell, spoken, subscript
from reluviz.core.trainer import Trainer

KINDS = (Dense(), BatchNorm(), LayerNorm(), Residual(), BatchNorm(residual=True))


def trained(*runs, data="spiral", hidden=(7, 7, 5), steps=60):
    """A snapshot with everything in it."""
    trainer = Trainer(Settings(data=DATASETS[data](), network=Network(hidden=hidden, precision="float64"), runs=runs))
    trainer.train(steps)
    return trainer.snapshot(needs=frozenset({INSIDE, WEIGHTS}))


@pytest.fixture(scope="module")
def kinds():
    """One run for each kind of layer."""
    return trained(*(Run(layer=kind, color=place) for place, kind in enumerate(KINDS)))


@pytest.mark.parametrize("run", range(len(KINDS)), ids=[kind.key for kind in KINDS])
def test_the_number_is_what_the_neuron_passes_on(kinds, run):
    state, shape = kinds.runs[run], kinds.shape
    model = model_of(shape, kinds.settings, run)
    x = kinds.dataset.x_train.astype(float)
    expected = np.concatenate([layer.T for layer in forward(model, state.theta, x, state.running).after])
    rng = np.random.default_rng(run)
    for neuron, sample in zip(rng.integers(shape.neurons, size=12), rng.integers(100, size=12), strict=True):
        found = spell(kinds, run, int(neuron), int(sample))
        assert found.value == pytest.approx(expected[neuron, sample], rel=1e-5, abs=1e-6)
        assert found.value == pytest.approx(float(state.inside.activity[neuron, sample]), rel=1e-5, abs=1e-6)
        assert found.text().startswith(f"{spoken(found.value)} = ")


def number(words):
    """What a written number is."""
    return float(words.replace("−", "-").replace(" ", ""))


def test_the_terms_that_are_written_add_up_to_the_number():
    snapshot = trained(Run(activation=Sigmoid()), hidden=(3,))
    found = spell(snapshot, 0, 1, 4)
    left, right = found.text().split(" = ")
    inner = re.fullmatch(r"sigmoid\((.*)\)", right)[1]
    values = {name: number(value) for name, value in re.findall(r"(x[₁₂]) = (−?[\d.e−]+)", found.given())}
    total = 0.0
    for sign, weight, name in re.findall(r"(−?|[+−] )([\d.e]+)(?:·(x[₁₂]))?", inner):
        total += (-1 if "−" in sign else 1) * number(weight) * values.get(name, 1.0)
    assert number(left) == pytest.approx(1 / (1 + np.exp(-total)), rel=2e-2)


def test_many_terms_are_cut_to_the_strongest():
    snapshot = trained(Run(activation=ReLU()), data="digits", hidden=(4,), steps=5)
    found = spell(snapshot, 0, 0, 0)
    assert found.text().endswith(f"+ … (58 more) {'−' if found.bias < 0 else '+'} {spoken(abs(found.bias))})")
    assert found.text().count("·") == 6
    smallest = np.sort(np.abs(found.weights))[-6]
    written = [number(each) for each in re.findall(r"([\d.]+)·", found.text())]
    assert min(written) >= 0.99 * smallest


def test_normalised_and_residual_layers_say_so(kinds):
    assert spell(kinds, 1, 8, 0).folded
    assert "·norm(" in spell(kinds, 2, 8, 0).text()
    # Layer 1 has two inputs and seven neurons: only the second adds its input.
    assert "its input" not in spell(kinds, 3, 1, 0).text()
    assert spell(kinds, 3, 8, 0).text().endswith(") + h₂ (its input)")
    assert "h₂ = " in spell(kinds, 3, 8, 0).given(1)


def test_numbers_have_a_real_minus_and_low_digits():
    assert spoken(-0.25) == "−0.25"
    assert spoken(-1.5e-7) == "−1.5e−7"
    assert spoken(float("-inf")) == "−∞"
    assert spoken(float("nan")) == "NaN"
    assert subscript(120) == "₁₂₀"
