"""The view of linear regions: what it says is the network."""

import re

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from snapshots import snapshot

from reluviz.core.activations import ReLU
from reluviz.core.datasets import DATASETS
from reluviz.core.network import forward
from reluviz.core.plan import model_of
from reluviz.core.settings import Network, Run, Settings
from reluviz.core.trainer import Trainer
from reluviz.ui.views.linear_regions import TOO_MANY_INPUTS, LinearRegions
from reluviz.ui.views.regions_plane import tints
from reluviz.ui.views.regions_words import formula, pinned_words


@pytest.fixture
def shown(qtbot, qapp):
    """Make the view, show it, draw a lab in it with these runs."""

    def make(name, left=0, right=1):
        view = LinearRegions()
        qtbot.addWidget(view)
        view.resize(520, 380)
        view.set_options({"left": left, "right": right})
        view.show()
        view.draw(snapshot(name))
        # Axes and aspect settle with the first paint.
        view.grab()
        qapp.processEvents()
        return view

    return make


def network(name, run, x):
    """The outputs of a run before sigmoid or softmax at x (points, inputs)."""
    one = snapshot(name)
    state = one.runs[run]
    model = model_of(one.shape, one.settings, run)
    return forward(model, state.theta, np.asarray(x, float), state.running).before[-1]


def test_the_formula_under_the_cursor_is_the_network_there(shown):
    view = shown("default")
    assert "curved" in view.sentences[0].words
    place = (0.31, -0.62)
    words = view.describe(view.mains[1], *place).replace("−", "-")
    assert "neurons on" in words
    assert "z goes into the sigmoid" in words
    a, b, c = re.search(r"z = (-?[\d.e-]+)·x₁ ([+-] [\d.e-]+)·x₂ ([+-] [\d.e-]+)", words).groups()
    numbers = [float(part.replace(" ", "")) for part in (a, b, c)]
    assert numbers[0] * place[0] + numbers[1] * place[1] + numbers[2] == pytest.approx(
        network("default", 1, [place])[0, 0], rel=0.02, abs=0.02
    )
    assert view.planes[1].item._marked is not None
    view.leave()
    assert view.planes[1].item._marked is None


def test_every_row_of_the_table_is_the_network_at_its_centroid(shown):
    table = shown("default").table()
    x = np.stack([table["centroid x₁"], table["centroid x₂"]], axis=1)
    said = np.array(table["slope by x₁"]) * x[:, 0] + np.array(table["slope by x₂"]) * x[:, 1] + table["constant"]
    assert said == pytest.approx(network("default", 1, x)[:, 0], rel=1e-9, abs=1e-9)
    probe = snapshot("default").probe
    assert sum(table["area"]) == pytest.approx((float(probe.high) - float(probe.low)) ** 2, rel=1e-9)


def test_the_curve_and_its_hinges_are_the_network_and_the_parts_add_up(shown):
    view = shown("line")
    one = Settings(data=DATASETS["sine"](), network=Network(hidden=(6, 5)), runs=(Run(activation=ReLU()),))
    trainer = Trainer(one)
    trainer.train(20)
    now = trainer.snapshot(seconds=0.5)
    theta, model = now.runs[0].theta, model_of(now.shape, one, 0)
    view.draw(now)
    x, y = view.lines[0].curve.getData()
    assert y == pytest.approx(forward(model, theta, x[:, None]).before[-1][:, 0], rel=1e-9, abs=1e-9)
    table = view.table()
    assert table.rows > 3
    places = np.array(table["x"])[:, None]
    assert table["output"] == pytest.approx(forward(model, theta, places).before[-1][:, 0], abs=1e-9)
    parts = view.lines[0].parts.getData()[1].reshape(-1, len(x))
    assert len(parts) == 5
    assert parts.sum(axis=0) + now.shape.biases(theta, 2)[0] == pytest.approx(y, abs=1e-6)


def test_a_curved_run_on_a_line_is_drawn_without_hinges(shown):
    one = snapshot("line")
    run = next(place for place, run in enumerate(one.settings.runs) if run.activation.key == "sigmoid")
    view = shown("line", left=run, right=-1)
    x, y = view.lines[0].curve.getData()
    assert y == pytest.approx(network("line", run, x[:, None])[:, 0], rel=1e-9, abs=1e-9)
    assert not any(item.isVisible() for item in view.lines[0].marks)
    assert view.sentences[0].words == ""
    assert view.table().rows == 0


def test_the_whole_box_is_in_view_beside_a_run_without_regions(shown):
    view = shown("default")
    view.grab()
    probe = snapshot("default").probe
    for panel in view.mains:
        (left, right), _ = panel.plot.vb.viewRange()
        assert left <= probe.low
        assert right >= probe.high


def test_weights_that_have_not_changed_are_not_searched_again(shown, monkeypatch):
    view = shown("default")
    monkeypatch.setattr("reluviz.ui.views.linear_regions.regions", None)
    view.draw(snapshot("default"))
    view.sample_box.setChecked(True)
    assert view.planes[1].samples.isVisible()
    assert view.options()["samples"]


def test_what_has_no_regions_says_so(shown):
    view = shown("digits")
    assert view.sentences[0].words == TOO_MANY_INPUTS
    assert view.table().rows == 0
    assert not view.describe(view.mains[0], 0.0, 0.0)


def test_words_and_tints():
    assert formula("y", [0.42, -1.3], 0.07) == "y = 0.42·x₁ − 1.3·x₂ + 0.07"
    assert formula("y", [-2.0], 0.0) == "y = −2·x"
    assert formula("z", [0.0, 0.0], 0.0) == "z = 0"
    assert tints(np.zeros(3)).tolist() == [0, 0, 0]
    assert tints(np.array([0.0, 1.0, 5.0, 9.0])).tolist() == [0, 2, 4, 6]


@pytest.mark.parametrize("name", ["default", "line"])
def test_a_click_keeps_a_place_and_its_formula(qtbot, name):
    view = LinearRegions()
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    view.draw(snapshot(name))
    assert view.pin.words.words.startswith("Click a place")
    box = view.mains[1].plot.vb
    scene = box.mapViewToScene(QPointF(0.3, 0.2))
    QTest.mouseClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=view.canvas.mapFromScene(scene))
    x, y = view.pin.point
    assert (x, y) == (pytest.approx(0.3, abs=0.05), pytest.approx(0.2, abs=0.05))
    assert view.pin.words.name.startswith("At x")
    run = next(place for place, one in enumerate(view._computed) if one[1][0] is not None)
    found = view._computed[run][1][0]
    words, height = pinned_words(view.snapshot, found, x, y)
    assert view.pin.words.sentences[run].endswith(words)
    state = view.snapshot.runs[view._shown[run]]
    model = model_of(view.snapshot.shape, view.snapshot.settings, view._shown[run])
    inputs = [x, y] if name == "default" else [x]
    output = forward(model, state.theta, np.array([inputs]), state.running).after[-1][0, 0]
    assert height == pytest.approx(output, abs=1e-9)
    assert view.options()["point"] == [x, y]
    # Outside of all plots it is let go of.
    QTest.mouseClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert view.pin.point is None
    view.set_options({"point": [0.1, "x"]})
    assert view.pin.point is None
