"""Labels of runs: what tells them apart, whatever their activations are."""

import pytest

from reluviz.core.activations import LeakyReLU, ReLU, Sigmoid, Tanh
from reluviz.core.formula import Constant, Formula
from reluviz.core.labels import activation_label, is_mixed, layers_label, run_labels
from reluviz.core.settings import Network, Run, Settings


@pytest.mark.parametrize(
    ("activation", "label"),
    [
        (ReLU(), "ReLU"),
        (ReLU(at_zero="0.5"), "ReLU f′(0) 0.5"),
        (LeakyReLU(slope=0.25), "Leaky ReLU Slope 0.25"),
        (Formula("x*sigmoid(b*x)"), "x*sigmoid(b*x)"),
        (Formula("x*sigmoid(b*x)", (Constant("b", 2.5),)), "x*sigmoid(b*x) b 2.5"),
    ],
)
def test_an_activation_is_called_by_what_is_not_as_usual(activation, label):
    assert activation_label(activation) == label


@pytest.mark.parametrize(
    ("own", "label", "mixed"),
    [
        ((), "ReLU", False),
        ((Sigmoid(),), "Sigmoid · ReLU", True),
        ((ReLU(), Sigmoid()), "ReLU · Sigmoid · ReLU", True),
        ((Sigmoid(), Tanh(), Sigmoid(), Tanh()), "Sigmoid · Tanh · …", True),
        ((Tanh(), Tanh(), Tanh(), Tanh()), "Tanh", False),
        ((ReLU(), ReLU(), ReLU(), ReLU(), Sigmoid()), "ReLU", False),
    ],
)
def test_layers_are_told_from_the_input_side(own, label, mixed):
    run = Run(layer_activations=own)
    assert layers_label(run, 4) == label
    assert is_mixed(run, 4) == mixed


def test_labels_are_always_unique():
    runs = tuple(Run(activation=Formula("max(0.1*x, x)"), color=color) for color in range(3))
    labels = run_labels(Settings(network=Network(hidden=(4,)), runs=runs))
    assert len(set(labels)) == 3
    assert all(label.startswith("max(0.1*x, x) · He normal") for label in labels)
