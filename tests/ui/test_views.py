"""Every view on every kind of lab: it draws, drawing twice changes nothing, and it can be read and exported."""

from html import escape

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from snapshots import LABS, snapshot

from reluviz.core.activations import ReLU, Sigmoid, Tanh
from reluviz.ui.theme import DARK, LIGHT, diverging
from reluviz.ui.views import VIEWS
from reluviz.ui.views.activation_curve import saturated
from reluviz.ui.views.answers import true_and_said
from reluviz.ui.views.derivative import limits
from reluviz.ui.views.tiling import arrange

kinds = pytest.mark.parametrize("kind", VIEWS.values(), ids=list(VIEWS))


def pixels(image):
    """The picture as an array."""
    bits = np.frombuffer(image.constBits(), np.uint8)
    return bits.reshape(image.height(), image.bytesPerLine()).copy()


@pytest.fixture
def shown(qtbot, qapp):
    """Make a view, show it, draw a lab in it."""

    def make(kind, name="default", theme=LIGHT, scale=1.0):
        view = kind()
        qtbot.addWidget(view)
        view.resize(520, 380)
        view.set_theme(theme, scale)
        view.show()
        view.draw(snapshot(name))
        # Axes and aspect settle with the first paint.
        view.grab()
        qapp.processEvents()
        return view

    return make


@kinds
def test_every_view_draws_every_lab_and_twice_is_once(shown, qapp, kind):
    view = shown(kind)
    # There and back: labs can follow each other in any order.
    for name in (*LABS, *reversed(LABS)):
        view.draw(snapshot(name))
        # Axes and aspect settle with the first paint.
        view.grab()
        qapp.processEvents()
        view.draw(snapshot(name))
        first = pixels(view.grab().toImage())
        view.draw(snapshot(name))
        assert (pixels(view.grab().toImage()) == first).all(), name
        assert len(np.unique(first)) > 3, name


# More labs are the first ones below, where the cursor moves, and in the tests of exports.
@kinds
@pytest.mark.parametrize("name", ["untrained", "deep", "wide", "dead"])
def test_a_lab_can_be_the_first(shown, kind, name):
    assert len(np.unique(pixels(shown(kind, name).grab().toImage()))) > 3


@kinds
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_themes_change_every_view_and_come_back(shown, kind, scale):
    view = shown(kind, scale=scale)
    light = pixels(view.grab().toImage())
    view.set_theme(DARK, scale)
    dark = pixels(view.grab().toImage())
    assert dark.mean() < light.mean() - 50
    view.set_theme(LIGHT, scale)
    assert (pixels(view.grab().toImage()) == light).all()


@kinds
def test_views_say_what_they_are(shown, kind):
    view = shown(kind)
    assert view.title
    assert len(view.help) > 60
    assert view.accessibleName() == view.title
    for tool in view.tools():
        assert tool.toolTip()
        assert tool.accessibleName()


@kinds
def test_options_come_back_and_nonsense_is_ignored(shown, kind):
    view = shown(kind)
    options = view.options()
    view.set_options({"log": "x", "axis": 3, "own_scales": None, "left": "a", "right": 99, "else": 1})
    assert view.options() == options
    view.set_options(options)
    assert view.options() == options


@kinds
@pytest.mark.parametrize("name", ["default", "diverged", "digits", "line", "table", "one_neuron"])
def test_values_under_the_cursor(shown, qapp, kind, name):
    view = shown(kind, name)
    qapp.processEvents()
    for x in range(20, 500, 40):
        for y in range(30, 360, 30):
            view._hover(QPointF(x, y))
    view.leave()
    assert not view.readout.isVisible()


def test_curves_read_f_and_slope_of_every_run(shown):
    view = shown(VIEWS["activation_curve"])
    words = view.describe(view.panels[0], 0.0, 0.0)
    for part in ("Sigmoid", "ReLU", "0.5", "0.25"):
        assert part in words


def test_curves_of_a_mixed_run_are_named_by_layer(shown):
    view = shown(VIEWS["activation_curve"], "mixed")
    labels = [one.label for one in view.drawn]
    assert labels[:3] == ["layer 1: Sigmoid", "layer 2: ReLU", "layer 3: Hardshrink"]
    words = view.describe(view.panels[0], 0.4, 0.0)
    assert all(escape(label) in words for label in labels)
    assert sorted(set(view.table()["run"])) == sorted(labels)
    low, high = view.panel.plot.vb.viewRange()[1]
    assert -20 < low < high < 20


def test_long_names_are_shortened_in_a_narrow_legend(shown, qtbot):
    view = shown(VIEWS["derivative"], "mixed")
    assert any(words.endswith("…") for words in view.legend._shown)
    assert view.legend.boundingRect().width() < view.panel.plot.vb.rect().width()


def test_a_legend_that_would_hide_the_curves_is_left_out(shown, qtbot):
    view = shown(VIEWS["derivative"], "mixed")
    assert view.legend.fits
    view.resize(320, 110)
    qtbot.waitUntil(lambda: not view.legend.fits)
    view.draw(snapshot("default"))
    view.resize(320, 200)
    qtbot.waitUntil(lambda: view.legend.fits)


def test_loss_reads_the_recorded_values(shown):
    view = shown(VIEWS["loss"])
    history = snapshot("default").history
    place = int(np.flatnonzero(history.steps == 100)[0])
    words = view.describe(view.panels[0], 100.2, 0.0)
    assert "step 100" in words
    assert f"{history.values[1, place, 0]:.4g}" in words


def test_decision_map_reads_the_field(shown):
    view = shown(VIEWS["decision_map"])
    state = snapshot("default").runs[1]
    corner = snapshot("default").probe.low + 1e-3
    words = view.describe(view.answers[1].panel, corner, corner)
    assert f"arm B: {state.field[0, 0]:.1%}" in words


def test_activity_names_the_neuron_under_the_cursor(shown, qtbot):
    view = shown(VIEWS["neuron_activity"])
    mosaic = view.mosaics[1]
    x, y = mosaic._tiling.place(1, 4)
    place = mosaic.mapToScene(QPointF(x + 3, y + 22 + 3))
    with qtbot.waitSignal(view.look_changed) as caught:
        view._hover(QPointF(view.canvas.mapFromScene(place)))
    assert caught.args == [((0, 1), (1, 12))]
    assert view.inset.isVisible()
    words = view.caption.text()
    assert "Layer 2, neuron 5" in words
    assert "bias" in words
    assert "of the training samples" in words


def test_predicted_against_true_reads_the_nearest_sample(shown):
    view = shown(VIEWS["decision_map"], "table")
    true, said = true_and_said(snapshot("table"), 1)
    words = view.describe(view.answers[1].panel, float(true[7]), float(said[7]))
    assert f"true {true[7]:.4g}, predicted {said[7]:.4g}" in words


def test_tiles_fit_again_after_a_resize(shown, qtbot):
    view = shown(VIEWS["neuron_activity"])
    tile = view.mosaics[0]._tiling.tile
    view.resize(520, 250)
    qtbot.waitUntil(lambda: view.mosaics[0]._tiling.tile < tile)
    assert view.mosaics[0]._tiling.height <= view.mosaics[0].rect().height()


def test_both_mosaics_use_their_room_after_a_resize(shown, qtbot):
    view = shown(VIEWS["neuron_activity"])
    view.resize(900, 380)
    qtbot.waitUntil(lambda: view.mosaics[1].rect().width() > 400)
    view.resize(430, 380)
    qtbot.waitUntil(lambda: view.mosaics[1].rect().width() < 220)
    qtbot.waitUntil(lambda: view.mosaics[0]._tiling.tile == view.mosaics[1]._tiling.tile)
    assert view.mosaics[0]._tiling.tile > 25


def test_dead_neurons_are_named(shown):
    view = shown(VIEWS["neuron_activity"], "dead")
    view._show_inset(snapshot("dead"), 0, 3)
    assert "dead" in view.caption.text()


def test_derivative_moves_with_the_curves(shown):
    curve, slope = shown(VIEWS["activation_curve"]), shown(VIEWS["derivative"])
    slope.panels[0].join(curve.panels[0])
    curve.panels[0].zoom_to([[-2.0, 3.0], [0.0, 1.0]])
    low, high = slope.panels[0].plot.vb.viewRange()[0]
    assert low == pytest.approx(-2, abs=0.3)
    assert high == pytest.approx(3, abs=0.3)


def test_zoom_survives_new_data_and_can_be_undone(shown):
    view = shown(VIEWS["loss"])
    panel = view.panels[0]
    panel.zoom_to([[10.0, 20.0], [-1.0, 0.0]])
    view.draw(snapshot("six_runs"))
    assert panel.plot.vb.viewRange()[0][0] == pytest.approx(10)
    panel.show_all()
    assert panel.plot.vb.viewRange()[0][0] == pytest.approx(0)


def test_saturation_zones_are_where_the_slope_is_small():
    left, right = saturated(Sigmoid())
    assert left[1] == pytest.approx(-4.36, abs=0.02)
    assert right == (pytest.approx(4.36, abs=0.02), 10)
    assert saturated(ReLU()) == [(-10.0, 0.0)]
    assert limits(ReLU(), 0.0) == (0.0, 1.0)
    assert limits(Tanh(), 0.0) == (1.0, 1.0)


def test_diverging_map_is_centred_on_the_neutral_colour():
    for theme in (LIGHT, DARK):
        table = diverging(theme)
        assert table[128] & 0xFFFFFF == int(theme.neutral[1:], 16)
        assert table[255] & 0xFFFFFF == int(theme.positive[1:], 16)


@pytest.mark.parametrize("widths", [(1, 1), (8, 8, 8, 1), (4,) * 64 + (1,), (1024, 1024, 10)])
def test_tiles_do_not_overlap_and_are_found_again(widths):
    tiling = arrange(widths, (400, 300), 50)
    for layer, units in enumerate(widths):
        for unit in {0, units // 2, units - 1}:
            x, y = tiling.place(layer, unit)
            assert tiling.at(x + 1, y + 1) == (layer, unit)
    assert tiling.at(2, 2) is None
