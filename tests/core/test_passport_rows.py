"""Rows of the table of passports: what the lab uses comes first, marked, and nothing twice."""

from reluviz.core.activations import ACTIVATIONS, LeakyReLU, ReLU, Sigmoid
from reluviz.core.formula import Formula
from reluviz.core.initializers import GlorotNormal
from reluviz.core.passport import passport
from reluviz.core.passport_rows import Use, labelled, rows, used
from reluviz.core.settings import Network, Run, Settings


def test_the_first_lab():
    found = rows(Settings())
    assert len(found) == len(ACTIVATIONS) - 1
    assert [row.label for row in found[:3]] == ["Sigmoid", "ReLU", "Identity"]
    assert found[0].uses == (Use("Sigmoid", 0, (1, 2, 3)),)
    assert not any(row.uses for row in found[2:])


def test_changed_parameters_and_formulas_have_rows_beside_the_usual_ones():
    lab = Settings(
        network=Network(hidden=(4, 4)),
        runs=(
            Run(activation=LeakyReLU(slope=0.2), color=3),
            Run(activation=ReLU(), layer_activations=(Sigmoid(),), color=1),
            Run(activation=Formula("max(a*x, x)"), color=0),
            Run(activation=LeakyReLU(slope=0.2), initializer=GlorotNormal(), color=5),
        ),
    )
    found = rows(lab)
    labels = [row.label for row in found]
    assert labels[:4] == ["Leaky ReLU Slope 0.2", "Sigmoid", "ReLU", "max(a*x, x)"]
    assert len(set(labels)) == len(labels) == len(ACTIVATIONS) + 1
    assert [use.color for use in found[0].uses] == [3, 5]
    assert [(use.color, use.layers) for row in found[1:3] for use in row.uses] == [(1, (1,)), (1, (2,))]
    assert used(lab) == [row.activation for row in found[:4]]


def test_layers_that_do_not_exist_use_nothing():
    run = Run(activation=ReLU(), layer_activations=(Sigmoid(), Sigmoid(), ACTIVATIONS["tanh"]()))
    assert used(Settings(network=Network(hidden=(4, 4)), runs=(run,))) == [Sigmoid()]


def test_a_labelled_passport_differs_in_its_title_only():
    changed = LeakyReLU(slope=0.2)
    assert labelled(changed).title == "Leaky ReLU Slope 0.2"
    assert labelled(changed).gain == passport(changed).gain
