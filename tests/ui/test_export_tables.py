"""The table of a view holds exactly the numbers that its items draw, with their units."""

import csv
import io

import numpy as np
import pytest
from snapshots import snapshot

from reluviz.core.labels import run_labels
from reluviz.ui.export_table import cells, csv_text, lines, tab_text
from reluviz.ui.views import VIEWS
from reluviz.ui.views.answers import true_and_said
from reluviz.ui.views.table import Table


@pytest.fixture
def drawn(qtbot):
    """A view with a lab in it."""

    def make(key, name="default"):
        view = VIEWS[key]()
        qtbot.addWidget(view)
        view.draw(snapshot(name))
        return view

    return make


@pytest.mark.parametrize("key", VIEWS)
def test_before_there_is_a_snapshot_a_table_is_empty(qtbot, key):
    view = VIEWS[key]()
    qtbot.addWidget(view)
    assert view.table().rows == 0


@pytest.mark.parametrize(("key", "unit"), [("activation_curve", "f(x)"), ("derivative", "f′(x)")])
def test_curves_over_the_shown_part_of_x(drawn, key, unit):
    view = drawn(key, "six_runs")
    view.panel.zoom_to([[-2.0, 3.0], [0.0, 1.0]])
    table = view.table()
    assert table.names == ("run", "x", unit)
    low, high = view.panel.plot.vb.viewRange()[0]
    for label, curve in zip(run_labels(snapshot("six_runs").settings), view.curves, strict=False):
        mine = np.array(table["run"]) == label
        x, y = curve.getData()
        shown = (x >= low) & (x <= high)
        assert shown.sum() > 100
        np.testing.assert_array_equal(table["x"][mine], x[shown])
        np.testing.assert_array_equal(table[unit][mine], y[shown])


@pytest.mark.parametrize("axis", ["steps", "epochs", "seconds"])
@pytest.mark.parametrize("name", ["default", "diverged", "line"])
def test_losses_along_the_chosen_axis(drawn, axis, name):
    view = drawn("loss", name)
    view.set_options({"axis": axis, "log": False})
    table = view.table()
    assert table.names[0] == axis
    labels = run_labels(snapshot(name).settings)
    accurate = snapshot(name).dataset.task != "regression"
    assert len(table.names) == 1 + len(labels) * (4 if accurate else 2)
    for place, items in enumerate(view.curves[: len(labels)]):
        for kind, item in enumerate(items[: 4 if accurate else 2]):
            x, y = item.getData()
            column = table.columns[1 + place * (4 if accurate else 2) + kind]
            assert table.names[1 + place * (4 if accurate else 2) + kind].startswith(f"{labels[place]}: ")
            np.testing.assert_array_equal(table.columns[0], x)
            np.testing.assert_array_equal(np.where(np.isfinite(column), column, np.nan), y)


def test_the_decision_map_has_its_field_and_its_samples(drawn):
    view = drawn("decision_map")
    table, now = view.table(), snapshot("default")
    part = np.array(table["part"])
    field = part == "prediction"
    assert field.sum() == now.probe.side**2
    assert table.names[1:] == (
        "x₁ (standardised)", "x₂ (standardised)", "true class", "Sigmoid: probability of arm B",
        "ReLU: probability of arm B",
    )  # fmt: skip
    for label, state in zip(("Sigmoid", "ReLU"), now.runs, strict=True):
        column = np.array(table[f"{label}: probability of arm B"], object)
        np.testing.assert_array_equal(column[field].astype(np.float32), state.field[:, 0])
        assert set(column[~field]) == {None}
    for words, item in (("training sample", view.answers[0].train), ("test sample", view.answers[0].test)):
        x, y = item.getData()
        np.testing.assert_array_equal(np.array(table["x₁ (standardised)"])[part == words], x)
        np.testing.assert_array_equal(np.array(table["x₂ (standardised)"])[part == words], y)


def test_the_map_of_several_classes_has_a_column_for_each(drawn):
    table = drawn("decision_map", "surface").table()
    assert any(name.startswith("true ") for name in table.names)


def test_a_fitted_curve(drawn):
    view = drawn("decision_map", "line")
    table = view.table()
    curve = np.array(table["part"]) == "prediction"
    for place, label in enumerate(run_labels(snapshot("line").settings)):
        x, y = view.answers[place].curve.getData()
        np.testing.assert_array_equal(np.array(table["x (standardised)"])[curve], x)
        column = next(c for n, c in zip(table.names, table.columns, strict=True) if n.startswith(f"{label}: "))
        np.testing.assert_array_equal(np.array(column[: curve.sum()], np.float32), y)


def test_confusion_matrices(drawn):
    table, now = drawn("decision_map", "iris").table(), snapshot("iris")
    assert table.names == ("run", "true class", "predicted class", "count (test samples)")
    counts = np.reshape(table["count (test samples)"], (4, 3, 3))
    for place, state in enumerate(now.runs):
        np.testing.assert_array_equal(counts[place], state.confusion)
    assert table["true class"][:4] == tuple(now.dataset.class_names[i] for i in (0, 0, 0, 1))


def test_predicted_against_true_in_the_unit_of_the_target(drawn):
    view = drawn("decision_map", "table")
    table = view.table()
    for place in range(2):
        x, y = view.answers[place].test.getData()
        fine = np.isfinite(true_and_said(snapshot("table"), place)[1])
        np.testing.assert_array_equal(table.columns[0][fine], x)
        np.testing.assert_array_equal(table.columns[1 + place][fine], y)


@pytest.mark.parametrize("name", ["default", "line", "digits", "table"])
def test_neurons_point_by_point(drawn, name):
    view, now = drawn("neuron_activity", name), snapshot(name)
    table = view.table()
    values = table["activity f(z)"]
    start = 0
    for run in view.pair.shown(len(now.runs)):
        activity = now.runs[run].activity
        mine = slice(start, start + activity.size)
        start += activity.size
        np.testing.assert_array_equal(values[mine].reshape(activity.shape), activity)
        assert set(table["run"][mine]) == {run_labels(now.settings)[run]}
        layer = np.asarray(table["layer"][mine]).reshape(activity.shape)[:, 0]
        np.testing.assert_array_equal(layer, now.runs[run].neurons.layer + 1)
        neuron = np.asarray(table["neuron"][mine]).reshape(activity.shape)[:, 0]
        assert neuron[0] == 1
        assert neuron.max() == max(*now.settings.network.hidden, now.dataset.outputs)
    assert table.rows == start
    if now.probe.kind == "plane":
        np.testing.assert_array_equal(table["x₁ (standardised)"][:2500], now.probe.inputs[:, 0])
    if now.probe.kind == "samples":
        assert table["test sample"][0] == now.probe.rows[0] + 1


def test_numbers_come_back_bit_for_bit(drawn):
    view = drawn("loss")
    rows = list(csv.reader(io.StringIO(csv_text(view))))
    assert tuple(rows[0]) == view.table().names
    back = np.array([row[1] for row in rows[1:]], np.float32)
    np.testing.assert_array_equal(back, view.table().columns[1])
    assert [line.split("\t") for line in tab_text(view).splitlines()] == rows


def test_cells_say_what_is_missing_and_what_is_not_a_number():
    words = cells([None, "a, b", 3, 0.1, float("nan"), np.float32(0.1)])
    assert words == ["", "a, b", "3", "0.1", "nan", "0.100000001"]
    table = Table(("a", "b"), (range(9), np.arange(9.0)))
    assert lines(table, 2) == [["a", "b"], ["0", "0"], ["1", "1"]]
