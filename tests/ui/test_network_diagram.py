"""The network's diagram: nothing overlaps, edges and edits are of the right weight, and large networks stay quick."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLineEdit
from snapshots import snapshot

from reluviz.core.surgery import BIAS, Freeze, Kill, Revive, SetParameter
from reluviz.ui.theme import DARK, LIGHT, style_sheet
from reluviz.ui.views.diagram_edges import MOST_EDGES, strongest
from reluviz.ui.views.diagram_editor import parsed
from reluviz.ui.views.diagram_layout import LEAST_TILE, Margins, arrange_diagram
from reluviz.ui.views.network_diagram import NetworkDiagram

WIDTHS = [(1, 1, 1), (2, 8, 8, 8, 1), (64, 16, 16, 10), (2, *(64,) * 64, 1), (2, 1024, 300, 1)]


@pytest.fixture
def shown(qtbot):
    """Show a lab."""

    def make(name="default", size=(640, 480), **options):
        view = NetworkDiagram()
        qtbot.addWidget(view)
        view.resize(*size)
        view.set_options(options)
        view.set_theme(DARK, 1.0)
        view.show()
        view.draw(snapshot(name))
        view.grab()
        view.draw(snapshot(name))
        return view

    return make


@pytest.mark.parametrize("counts", WIDTHS, ids=str)
@pytest.mark.parametrize("room", [(200, 90), (520, 300), (900, 500), (2000, 1400)])
@pytest.mark.parametrize("paper", [False, True])
def test_tiles_do_not_overlap_and_are_found_again(counts, room, paper):
    layout = arrange_diagram(counts, room, Margins(20, 50, 40, 8), paper=paper)
    corners = np.concatenate(layout.corners)
    # Two squares overlap where both distances of their corners are smaller than a side.
    order = corners[np.lexsort(corners.T[::-1])]
    for column in np.unique(order[:, 0]):
        y = np.sort(order[order[:, 0] == column, 1])
        assert (np.diff(y) >= layout.tile).all()
    assert (np.diff(np.unique(order[:, 0])) >= layout.tile - 1e-6).all()
    assert corners[:, 0].max() + layout.tile <= layout.width
    assert corners[:, 1].max() + layout.tile <= layout.height
    if not paper:
        assert layout.tile >= LEAST_TILE
    for block, count in enumerate(counts):
        for node in {0, count // 2, count - 1}:
            x, y = layout.corners[block][node]
            assert layout.at(x + 0.5 * layout.tile, y + 0.5 * layout.tile) == (block, node)


def test_ordinary_networks_fit_and_stand_in_single_columns():
    layout = arrange_diagram((2, 8, 8, 8, 1), (520, 270), Margins(20, 50, 40, 8))
    assert set(layout.columns) == {1}
    assert layout.width <= 520
    assert layout.height <= 270


def test_strongest_weights_are_drawn_of_every_layer():
    lab = snapshot("wide")
    theta, shape = lab.runs[0].theta, lab.shape
    edges, count = strongest(shape, theta)
    assert count == sum(shape.weights(theta, layer).size for layer in range(shape.layers))
    assert sum(len(one.values) for one in edges) <= MOST_EDGES
    middle = edges[1]
    weights = np.abs(shape.weights(theta, 1))
    assert np.allclose(np.sort(np.abs(middle.values)), np.sort(weights.ravel())[-len(middle.values) :])
    assert (shape.weights(theta, 1)[middle.sources, middle.units] == middle.values).all()


def test_pictures_hold_the_measured_activity(shown):
    view = shown(size=(900, 600), run=1)
    diagram, lab = view.diagram, snapshot("default")
    state, inputs = lab.runs[1], lab.shape.sizes[0]
    places = diagram._thin(diagram._tiles.shape[1])
    neuron, reach = 12, diagram.reaches[2]
    table = np.asarray(diagram._tiles[inputs + neuron]).ravel()
    expected = np.clip(state.activity[neuron][places] / reach, -1, 1)
    # Equal colours belong to equal steps of the scale.
    order = np.argsort(expected)
    brightness = (table >> 16 & 255).astype(int)[order]
    assert (np.diff(brightness) >= 0).all()
    assert np.abs(state.activity[neuron]).max() <= reach
    # The first row of a picture is the top of the plane.
    assert lab.probe.inputs[places[0], 1] > lab.probe.inputs[places[-1], 1]


def point_of(view, block, node):
    return view.canvas.mapFromScene(view.diagram.mapToScene(view.diagram.place_of(block, node)))


def test_a_click_selects_and_tells_the_other_views(shown, qtbot):
    view = shown()
    with qtbot.waitSignal(view.picked) as caught:
        qtbot.mouseClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=point_of(view, 2, 3))
    assert caught.args == [(0, 11)]
    assert view.options()["neuron"] == 11
    view.pick(1, 24)
    assert view.options() == {"run": 1, "sample": 1, "neuron": 24}
    assert view.strip._name.startswith("Output 1")
    assert view.strip.shown[0].split(" = ")[0]


def test_hovered_neurons_have_their_own_weights_and_formula(shown):
    view, lab = shown(run=1), snapshot("default")
    view._hover(QPointF(point_of(view, 1, 5)))
    into, out = view.diagram.own
    assert (into.values == lab.shape.weights(lab.runs[1].theta, 0)[:, 5]).all()
    assert (out.values == lab.shape.weights(lab.runs[1].theta, 1)[5]).all()
    assert "Layer 1, neuron 6" in view.readout.text()
    assert "relu(" in view.strip.shown[0]


def typed(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


@pytest.mark.parametrize("leave", ["enter", "focus"])
def test_a_value_that_is_typed_is_wanted(shown, qtbot, leave):
    view = shown(run=1, neuron=12)
    view.editor.edit(3)
    lab = snapshot("default")
    held = float(lab.shape.weights(lab.runs[1].theta, 1)[3, 4])
    assert parsed(view.editor.field.text()) == pytest.approx(held, rel=1e-5)
    typed(qtbot, view.editor.field, "-0,75")
    with qtbot.waitSignal(view.edit_wanted) as caught:
        if leave == "enter":
            qtbot.keyClick(view.editor.field, Qt.Key.Key_Return)
        else:
            view.editor.field.clearFocus()
            view.editor.field.focusOutEvent(focus_out())
    assert caught.args == [SetParameter(1, 1, 4, 3, -0.75)]


def focus_out():
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFocusEvent

    return QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.TabFocusReason)


def test_nonsense_and_untouched_values_are_not_wanted(shown, qtbot):
    view = shown(run=1, neuron=12)
    view.editor.edit(BIAS)
    before = view.editor.field.text()
    with qtbot.assertNotEmitted(view.edit_wanted):
        qtbot.keyClick(view.editor.field, Qt.Key.Key_Return)
        typed(qtbot, view.editor.field, "nan")
        qtbot.keyClick(view.editor.field, Qt.Key.Key_Return)
    assert view.editor.field.text() == before


def test_a_double_click_edits_the_weight_or_the_bias(shown, qtbot):
    view = shown(size=(900, 600), run=1)
    diagram = view.diagram
    ends = (diagram.place_of(0, 0), diagram.place_of(1, 0))
    middle = diagram.mapToScene((ends[0] + ends[1]) / 2)
    qtbot.mouseDClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=view.canvas.mapFromScene(middle))
    assert view.options()["neuron"] == 0
    assert view.editor.source == 0
    qtbot.mouseDClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=point_of(view, 3, 2))
    assert view.options()["neuron"] == 18
    typed(qtbot, view.editor.field, "0.5")
    with qtbot.waitSignal(view.edit_wanted) as caught:
        qtbot.keyClick(view.editor.field, Qt.Key.Key_Return)
    assert caught.args == [SetParameter(1, 2, 2, BIAS, 0.5)]


def test_buttons_freeze_kill_and_revive_hidden_neurons_only(shown, qtbot):
    view = shown(neuron=9)
    wanted = []
    view.edit_wanted.connect(wanted.append)
    for button in (view.editor.freeze, view.editor.kill, view.editor.revive):
        assert button.toolTip()
        button.click()
    assert wanted == [Freeze(0, 1, 1, True), Kill(0, 1, 1), Revive(0, 1, 1)]
    view.pick(0, 24)
    assert view.editor.freeze.isEnabled()
    assert not view.editor.kill.isEnabled()
    assert not view.editor.revive.isEnabled()


def test_zooming_keeps_what_is_under_the_cursor_and_can_be_undone(shown):
    view = shown()
    diagram = view.diagram
    before, place = diagram.layout_now.tile, diagram.place_of(2, 4)
    diagram.zoom(2.0, place)
    assert diagram.layout_now.tile == pytest.approx(2 * before)
    assert diagram.node_at(place) == (2, 4)
    diagram.fit()
    assert diagram.layout_now.tile == before


def test_large_networks_can_be_scrolled_to_their_end(shown):
    view = shown("deep")
    diagram = view.diagram
    assert diagram.layout_now.width > diagram.rect().width()
    diagram.scroll(1e6)
    assert diagram.place_of(65, 0).x() < diagram.rect().width()


def test_a_figure_shows_everything_and_no_controls(shown):
    view = shown("deep")
    view.paper = True
    view.set_theme(LIGHT, 1.0)
    view.grab()
    view.redraw()
    assert not view.editor.isVisible()
    assert view.diagram.layout_now.width <= view.diagram.rect().width() + 1


def test_the_table_has_every_parameter(shown):
    view, lab = shown(run=1), snapshot("default")
    table = view.table()
    assert table.rows == lab.shape.parameters
    rows = zip(*(table[name] for name in table.names), strict=True)
    known = {row[:3]: row[3] for row in rows}
    assert known["2", "5", 3] == lab.shape.weights(lab.runs[1].theta, 1)[4, 2]
    assert known["output", "bias", 1] == float(lab.runs[1].neurons.bias[-1])


def test_large_networks_are_quick(shown):
    view = shown("wide")
    lab = snapshot("wide")
    times = []
    for _ in range(5):
        start = time.perf_counter()
        view.draw(lab)
        view.canvas.grab()
        view._hover(QPointF(point_of(view, 1, 500)))
        times.append(time.perf_counter() - start)
        view.leave()
    assert min(times) < 0.05


def test_the_editor_stays_usable_with_large_text(shown, qapp):
    before = qapp.styleSheet()
    qapp.setStyleSheet(style_sheet(DARK, 2.0))
    try:
        view = shown(size=(520, 380), neuron=12)
        view.set_theme(DARK, 2.0)
        view.grab()
        assert view.editor.findChild(QLineEdit).width() > 40
        assert view.editor.revive.geometry().right() <= view.width()
    finally:
        qapp.setStyleSheet(before)
