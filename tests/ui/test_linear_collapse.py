"""The view without an activation: folded runs beside the best linear answer."""

import numpy as np
import pytest
from snapshots import snapshot

from reluviz.core.activations import Identity, ReLU
from reluviz.core.datasets import DATASETS
from reluviz.core.network import forward
from reluviz.core.plan import model_of
from reluviz.core.settings import Network, Run, Settings
from reluviz.core.snapshot import NEEDS, WEIGHTS
from reluviz.core.trainer import Trainer
from reluviz.ui.views import VIEWS


@pytest.fixture
def view(qtbot):
    made = VIEWS["linear_collapse"]()
    qtbot.addWidget(made)
    made.resize(520, 380)
    made.show()
    return made


def trained(name, steps=200):
    runs = (Run(activation=ReLU(), color=0), Run(activation=Identity(), color=1))
    settings = Settings(data=DATASETS[name](samples=100), network=Network(hidden=(4, 4)), runs=runs)
    trainer = Trainer(settings.evolve(training=settings.training.evolve(learning_rate=0.02)))
    trainer.train(steps)
    return trainer


@pytest.mark.parametrize("name", ["sine", "plane", "moons"])
def test_the_table_holds_the_folded_network_and_the_best_linear_answer(view, name):
    picture = trained(name).snapshot()
    view.draw(picture)
    table = view.table()
    model, theta, inputs = model_of(picture.shape, picture.settings, 1), picture.runs[1].theta, picture.dataset.inputs
    # The folded coefficients from what the network answers at zero and at each unit vector.
    bias = forward(model, theta, np.zeros((1, inputs))).after[-1][0, 0]
    told = [float(v) for v in forward(model, theta, np.eye(inputs)).after[-1][:, 0] - bias] + [bias]
    assert table["Identity"][: inputs + 1] == pytest.approx(told, abs=1e-9)
    best = np.array(table[table.names[1]][: inputs + 1], float)
    assert table["Identity: difference"][: inputs + 1] == pytest.approx(np.array(told) - best, abs=1e-9)
    assert table["ReLU"][: inputs + 1] == [None] * (inputs + 1)
    x, y = picture.dataset.x_train.astype(float), picture.dataset.y_train[:, 0].astype(float)
    z = x @ best[:-1] + best[-1]
    residual = 1 / (1 + np.exp(-z)) - y if name == "moons" else z - y
    # At the optimum the residual is orthogonal to every input and to the constant.
    assert np.abs(np.append(residual @ x, residual.sum())).max() < 1e-4
    assert table["ReLU"][-2] == pytest.approx(picture.runs[0].metrics.train_loss)
    assert "collapse" in view.sheet._rows[-1][-3].text


def test_score_is_that_of_the_test_data(view):
    picture = trained("sine").snapshot()
    view.draw(picture)
    y, said = picture.dataset.y_test[:, 0].astype(float), picture.runs[0].test_predictions[:, 0].astype(float)
    told = 1 - np.sum((said - y) ** 2) / np.sum((y - y.mean()) ** 2)
    assert view.table()["ReLU"][-1] == pytest.approx(told)


def test_without_an_identity_the_view_says_what_to_choose(view):
    view.draw(snapshot("default"))
    assert view.sheet._title.startswith("No run is without an activation")
    assert view.best is not None


def test_without_the_weights_it_waits(view):
    view.draw(trained("sine", 5).snapshot(needs=NEEDS - {WEIGHTS}))
    assert view.sheet._title == "Waiting for the next measurement"


def test_values_under_the_cursor_are_those_of_the_line(view):
    view.draw(trained("sine").snapshot())
    one = next(each.linear for each in view.runs if each.label == "Identity")
    value = float(0.5 * one.weights[0, 0] + one.biases[0])
    assert f"{value:.4g}".replace("-", "−") in view.describe(view.panel, 0.5, 0.0)


def test_the_line_is_where_the_network_is_undecided(view):
    picture = trained("moons").snapshot()
    view.draw(picture)
    curve = view.plot.curves[0]
    points = np.stack([curve.xData, curve.yData], axis=1)
    z = forward(model_of(picture.shape, picture.settings, 1), picture.runs[1].theta, points).after[-1]
    assert z == pytest.approx(np.zeros((2, 1)), abs=1e-9)


def test_the_reference_is_fitted_once_for_the_same_data(view):
    trainer = trained("sine")
    view.draw(trainer.snapshot())
    best = view.best
    trainer.train(10)
    view.draw(trainer.snapshot())
    assert view.best is best
    view.draw(snapshot("digits"))
    assert view.best is not best
    assert view.best.linear.directed
