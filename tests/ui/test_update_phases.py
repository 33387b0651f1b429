"""One update in the window: its phases, the picked neuron written out, and the update itself."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from reluviz.core.layers import LAYERS
from reluviz.core.optimizers import Adam
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.snapshot import ACTIVITY, PHASES
from reluviz.core.trainer import Trainer
from reluviz.ui.views.phases_words import PHASES as STAGES
from reluviz.ui.views.phases_words import Reading, moved, phases_table
from reluviz.ui.views.update_phases import TOO_LARGE, WAITING, UpdatePhases

NEEDS = frozenset({PHASES, ACTIVITY})


def shot(settings=None, steps=40, needs=NEEDS):
    trainer = Trainer(settings or Settings(network=Network(hidden=(5, 4))))
    trainer.train(steps)
    return trainer.snapshot(needs=needs)


@pytest.fixture
def view(qtbot):
    made = UpdatePhases()
    qtbot.addWidget(made)
    made.resize(760, 480)
    made.show()
    made.draw(shot())
    return made


def evaluated(sentence):
    """Both sides of a written sum: what its terms make, and what it says that they make."""
    terms, value = sentence.split(" = ", 1)[1].rsplit(" = ", 1)
    plain = terms.replace("−", "-").replace("·", "*")
    return eval(plain), float(value.replace("−", "-"))


def test_every_phase_has_its_numbers_and_words(view, qtbot):
    for place, (phase, title, words) in enumerate(STAGES):
        qtbot.mouseClick(view.buttons[place], Qt.MouseButton.LeftButton)
        assert view.phase == phase
        assert view.heading.name == f"{place + 1}. {title}"
        assert view.heading.sentences == [words]
        assert view.text.name == "Layer 1, neuron 1"
        assert view.text.sentences
    assert view.options() == {"phase": 3, "run": 0, "sample": 0, "node": [1, 0]}


def test_arrow_keys_go_from_phase_to_phase(view, qtbot):
    left, right = Qt.Key.Key_Left, Qt.Key.Key_Right
    ways = (left, right, right, right, right, left)
    for key, phase in zip(ways, ("forward", "loss", "backward", "update", "update", "backward"), strict=True):
        qtbot.keyClick(view.canvas, key)
        assert view.phase == phase
        assert [button.isChecked() for button in view.buttons].index(True) == [one[0] for one in STAGES].index(phase)


def test_every_neuron_has_its_numbers_as_far_as_there_is_room(view, qapp):
    reading = view.reading
    lines = dict(reading.node("backward", 1, 2).lines)
    assert list(lines) == ["∂a", "f′", "δ"]
    view.show_phase("backward")
    view.grab()
    assert view.map._lines == [1, 3, 3, 1]
    # A low panel keeps all neurons, with the last number of each.
    view.resize(760, 300)
    qapp.processEvents()
    view.redraw()
    view.grab()
    assert view.map._lines[1] < 3
    assert sum(1 for block, _ in view.map._boxes if block == 1) == 5


@pytest.mark.parametrize("sample", [-1, 0, 7])
def test_written_sums_come_out(sample):
    snapshot = shot()
    reading = Reading(snapshot, 1, snapshot.runs[1].phases, sample)
    for block, count in ((1, 5), (2, 4), (3, 1)):
        for node in range(count):
            made, said = evaluated(reading.sentences("forward", block, node)[0])
            assert made == pytest.approx(said, abs=0.02 * (1 + abs(said)))
            if block < 3:
                made, said = evaluated(reading.sentences("backward", block, node)[0])
                assert made == pytest.approx(said, abs=0.02 * (0.1 + abs(said)))


def test_the_update_is_what_training_does(view):
    snapshot = view.snapshot
    trainer = Trainer(snapshot.settings)
    trainer.train(40)
    before = trainer.snapshot().runs[0].theta
    trainer.train(1)
    after = trainer.snapshot().runs[0].theta
    shape = snapshot.shape
    wanted = (shape.biases(after, 0) - shape.biases(before, 0))[0]
    assert view.reading.changes(0, 0)[0] == wanted
    view.show_phase("update")
    bias = view.text.sentences[1]
    assert bias.startswith(f"b {shape.biases(before, 0)[0]:.4g}".replace("-", "−"))


def test_a_click_picks_a_neuron_and_others_follow(view, qtbot):
    box = next(box for place, box in view.map._boxes.items() if place == (2, 1))
    point = view.canvas.mapFromScene(view.map.mapToScene(QPointF(box.center())))
    with qtbot.waitSignal(view.picked) as told:
        QTest.mouseClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert told.args == [(0, 6)]
    assert view.text.name == "Layer 2, neuron 2"
    view.pick(1, 0)
    assert (view.run_box.currentData(), view.text.name) == (1, "Layer 1, neuron 1")
    view._hover(QPointF(point))
    assert "Layer 2, neuron 2" in view.readout.text()


def test_the_sample_and_its_mean(view):
    assert view.sample_box.count() == 11
    view.sample_box.setCurrentIndex(0)
    view.sample_box.activated.emit(0)
    assert view.options()["sample"] == -1
    assert "mean of the 10 samples" in view.heading.words
    table = view.table()
    assert set(table["sample"]) == {"mean"}
    assert table["z"] == pytest.approx(view.snapshot.runs[0].phases.z.mean(axis=0))


def test_what_cannot_be_shown_is_said(view):
    view.draw(shot(needs=frozenset({ACTIVITY})))
    assert view.map.message == WAITING
    assert view.table().rows == 0
    view.draw(shot(Settings(network=Network(hidden=(200, 200))), 1))
    assert view.map.message == TOO_LARGE
    view.draw(shot())
    assert view.map.message == ""


def test_options_come_back_and_wrong_ones_are_ignored(view):
    chosen = {"phase": 2, "run": 1, "sample": 3, "node": [2, 1]}
    view.set_options(chosen)
    view.redraw()
    assert view.options() == chosen
    view.set_options({"phase": 9, "run": "x", "sample": None, "node": [1]})
    assert view.options() == chosen
    # Fewer neurons than the one that was picked.
    view.draw(shot(Settings(network=Network(hidden=(1,)))))
    assert view.text.name == "Layer 1, neuron 1"


@pytest.mark.parametrize("layer", LAYERS.values(), ids=list(LAYERS))
def test_every_kind_of_layer_is_written_out(layer):
    settings = Settings(
        network=Network(hidden=(4, 4)), runs=(Run(layer=layer()),), training=Training(optimizer=Adam(), dropout=0.2)
    )
    snapshot = shot(settings, 25)
    reading = Reading(snapshot, 0, snapshot.runs[0].phases, 2)
    for phase, _, _ in STAGES:
        for block in range(4):
            assert all(reading.sentences(phase, block, 0))
            assert reading.node(phase, block, 0).lines
    table = phases_table(reading)
    assert table.rows == snapshot.shape.neurons
    assert np.isfinite(np.array(table["bias after"], float)).all()


def test_small_changes_can_be_seen():
    assert moved(0.123456, 0.123457, 0.01) == "0.123456 → 0.123457 (g = 0.01)"
    assert moved(-1.0, -1.5, 5.0) == "−1 → −1.5 (g = 5)"


def test_the_update_is_made_from_the_view(desk):
    here = desk()
    dashboard = here.window.dashboard
    dashboard.arrange("network")
    here.until(lambda: "update_phases" in dashboard.views)
    view = dashboard.views["update_phases"]
    here.until(lambda: view.reading is not None)
    after = view.reading.phases.after
    view.make.click()
    here.until(lambda: here.step == 1 and view.reading is not None and view.reading.phases.step == 1)
    assert (view.reading.phases.before == after).all()
    dashboard.arrange()
