"""The ledger of the chain rule shows the numbers of core/chain.py, for the chosen sample and runs."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from snapshots import snapshot

from reluviz.core.chain import chain_at
from reluviz.core.settings import Settings
from reluviz.core.snapshot import NEEDS, WEIGHTS
from reluviz.core.trainer import Trainer
from reluviz.ui.views import VIEWS


@pytest.fixture
def view(qtbot):
    made = VIEWS["chain_ledger"]()
    qtbot.addWidget(made)
    made.resize(520, 380)
    made.show()
    made.draw(snapshot("default"))
    made.grab()
    return made


def test_the_table_holds_a_row_for_each_layer_from_the_output_back(view):
    view.set_options({"sample": 5, "left": 1, "right": 0})
    view.redraw()
    table = view.table()
    assert list(table["layer"]) == ["output", 3, 2, 1] * 2
    assert list(table["run"]) == ["ReLU"] * 4 + ["Sigmoid"] * 4
    state, shape = snapshot("default").runs[1], snapshot("default").shape
    lengths = [np.linalg.norm(part) for part in np.split(state.inside.deltas[:, 4], shape.offsets[1:])]
    assert table["measured ‖δ‖"][:4] == pytest.approx(lengths[::-1])
    norms = [np.linalg.norm(shape.weights(state.theta, layer), 2) for layer in (3, 2, 1)]
    assert table["‖W‖₂ of the layer above"][1:4] == pytest.approx(norms, rel=1e-9)


def test_curves_show_bound_and_measurement(view):
    one = chain_at(snapshot("default"), 0, 0)
    bound, measured, _ = view.curves[0]
    assert bound.yData == pytest.approx(np.log10(one.products[:-1]))
    assert measured.yData == pytest.approx(np.log10(one.ratios[:-1]))
    assert (measured.yData <= bound.yData + 1e-6).all()


def test_values_of_a_row_and_of_the_plot(view):
    one = chain_at(snapshot("default"), 0, 0)
    words = view.describe(view.panel, 2.2, 0.0)
    assert "layer 2" in words
    assert f"{one.norms[1]:.4g}" in words
    sheet = view.sheets[1]
    place = sheet.mapToScene(QPointF(10, 4.5 * sheet.line))
    view._hover(QPointF(view.canvas.mapFromScene(place)))
    assert "layer 2" in view.readout.text()


def test_a_sample_beyond_the_batch_falls_back_and_is_not_forgotten(view):
    view.set_options({"sample": 200})
    view.draw(snapshot("iris"))
    samples = snapshot("iris").runs[0].inside.z.shape[1]
    assert view.sample_box.value() == view.sample_box.maximum() == samples < 200
    assert view.options()["sample"] == 200


def test_without_the_measurement_the_ledger_says_so(view):
    trainer = Trainer(Settings())
    view.draw(trainer.snapshot(needs=NEEDS - {WEIGHTS}))
    assert "waiting" in view.sheets[0]._title
    assert view.table().rows == 0


def test_deep_networks_are_thinned_with_both_ends(view):
    view.draw(snapshot("deep"))
    assert view._rows[0] == 64
    assert (view._rows[1], view._rows[-1]) == (63, 0)
    assert len(view._rows) < 20
    assert view.table().rows == 2 * 65
