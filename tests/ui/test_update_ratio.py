"""Updates and signal: the numbers drawn are the snapshot's, by layer and over time, for every choice."""

import numpy as np
import pytest
from snapshots import snapshot

from reluviz.core.network import forward
from reluviz.core.plan import model_of
from reluviz.core.settings import Settings
from reluviz.core.trainer import Trainer
from reluviz.ui.views import VIEWS
from reluviz.ui.views.subject import Subject, subject_of

FIELDS = ("update_ratio", "activation_mean", "activation_std")


@pytest.fixture
def draw(qtbot):
    """A view that is shown and has drawn a snapshot."""

    def make(shown, **options):
        view = VIEWS["update_ratio"]()
        qtbot.addWidget(view)
        view.resize(520, 380)
        view.show()
        view.draw(shown)
        view.set_options(options)
        view.grab()
        return view

    return make


def test_lines_by_layer_are_the_snapshots_numbers(draw):
    shown = snapshot("default")
    view = draw(shown)
    for run, state in enumerate(shown.runs):
        ratio, mean, std = (view.lines[field].lines[run].y for field in FIELDS)
        assert 10**ratio == pytest.approx(state.layers.update_ratio)
        assert mean == pytest.approx(state.layers.activation_mean)
        assert std == pytest.approx(state.layers.activation_std)


def test_mean_and_deviation_agree_with_the_reference_network(draw):
    shown = snapshot("default")
    view = draw(shown)
    for run, state in enumerate(shown.runs):
        passed = forward(model_of(shown.shape, shown.settings, run), state.theta, shown.dataset.x_train.astype(float))
        assert view.lines["activation_mean"].lines[run].y == pytest.approx([a.mean() for a in passed.after], abs=1e-4)
        assert view.lines["activation_std"].lines[run].y == pytest.approx([a.std() for a in passed.after], abs=1e-4)


def test_the_ratio_is_the_last_updates_length_over_that_of_the_weights(draw):
    trainer = Trainer(Settings())
    trainer.train(7)
    before = trainer.snapshot()
    trainer.train(1)
    after = trainer.snapshot()
    view, shape = draw(after), after.shape
    for run in range(2):
        old, new = (each.runs[run].theta for each in (before, after))
        for layer in range(shape.layers):
            weights = shape.weights(new, layer)
            moved = np.linalg.norm(weights - shape.weights(old, layer)) / np.linalg.norm(weights)
            assert 10 ** view.lines["update_ratio"].lines[run].y[layer] == pytest.approx(moved, rel=0.02)


def test_one_layer_of_all_runs_over_time(draw):
    shown = snapshot("default")
    view = draw(shown, over="time", subject="layer 2", steps="steps")
    steps = [*(record.step for record in shown.course), shown.step]
    for run in range(2):
        line = view.lines["activation_mean"].lines[run]
        assert list(line.x) == steps
        means = [record.layers[run].activation_mean[1] for record in shown.course]
        assert line.y[:-1] == pytest.approx(means)
        assert line.y[-1] == pytest.approx(shown.runs[run].layers.activation_mean[1])
    assert view.names.words == ("Sigmoid, layer 2", "ReLU, layer 2")


def test_all_layers_of_one_run_over_time(draw):
    shown = snapshot("default")
    view = draw(shown, over="time", subject="run 2")
    assert view.names.words == ("layer 1", "layer 2", "layer 3", "output layer")
    ends = [line.y[-1] for line in view.lines["activation_std"].lines]
    assert ends == pytest.approx(shown.runs[1].layers.activation_std)


def test_of_many_layers_some_are_drawn_and_all_are_in_the_table(draw):
    shown = snapshot("deep")
    view = draw(shown, over="time", subject="run 1")
    assert view.names.words[0] == "layer 1"
    assert view.shown[-1].words == "output layer"
    assert len(view.shown) == 9
    columns = len(view.trail.steps)
    assert view.table().rows == 3 * 65 * columns


def test_a_layer_or_run_that_is_not_there_is_replaced_and_not_forgotten(draw):
    view = draw(snapshot("default"), over="time", subject="layer 40")
    assert view.subject_box.currentText() == "Layer 3"
    assert view.options()["subject"] == "layer 40"
    view.draw(snapshot("deep"))
    assert view.subject_box.currentText() == "Layer 40"
    view.set_options({"subject": "run 6"})
    view.draw(snapshot("one_run"))
    assert view.subject_box.currentText().startswith("All layers: ")
    assert view.options()["subject"] == "run 6"


@pytest.mark.parametrize("words", ["layer 0", "layer 65", "run 7", "run 0", "run", "", None, 3, "layer ²", ["output"]])
def test_nonsense_is_no_subject(words):
    assert subject_of(words) is None


def test_subjects_come_back_from_their_words():
    for subject in (Subject("layer", 0), Subject("layer", -1), Subject("layer", 63), Subject("run", 5)):
        assert subject_of(subject.words) == subject


def test_before_the_first_step_the_view_says_that_there_is_no_update(draw):
    view = draw(snapshot("untrained"))
    assert view.note._words == "measured from the first step on"
    view.draw(snapshot("default"))
    assert view.note._words == ""


def test_the_healthy_band_is_in_sight_and_where_it_says(draw):
    view = draw(snapshot("default"))
    panel = view.plots["update_ratio"].plot.vb
    band = view.band.place()
    top, bottom = (panel.mapToView(point).y() for point in (band.topLeft(), band.bottomLeft()))
    assert (bottom, top) == (pytest.approx(-3, abs=0.02), pytest.approx(-2, abs=0.02))


def test_a_layer_that_does_not_move_is_marked_as_a_zero(draw):
    shown = snapshot("dead")
    view = draw(shown)
    still = np.flatnonzero(shown.runs[0].layers.update_ratio == 0)
    assert len(still) >= 3
    assert list(view.zeros.spots) == list(still + 1.0)


def test_values_under_the_cursor(draw):
    shown = snapshot("default")
    view = draw(shown)
    layers = shown.runs[0].layers
    words = view.describe(view.panels[1], 3.2, 0.0)
    assert "layer 3, step 200" in words
    for field in FIELDS:
        assert f"{getattr(layers, field)[2]:.4g}".replace("-", "−") in words
    view.set_options({"over": "time", "steps": "records"})
    assert f"step {shown.course[5].step}" in view.describe(view.panels[0], 5.1, 0.0)
