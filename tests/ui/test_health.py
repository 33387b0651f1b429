"""The health of neurons as the view shows it, on labs in which neurons die, are born dead, or saturate."""


import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from sick_labs import LABS, lab

from reluviz.core.fates import BORN, CAUSES
from reluviz.core.trainer import Trainer
from reluviz.ui.views.health import Health


@pytest.fixture
def shown(qtbot, qapp):
    def make(name):
        view = Health()
        qtbot.addWidget(view)
        view.resize(700, 480)
        view.show()
        view.draw(lab(name))
        view.grab()
        qapp.processEvents()
        return view

    return make


def test_the_table_names_exactly_the_dead(shown):
    view, state = shown("killed"), lab("killed").runs[0]
    dead = state.neurons.dead[:-1]
    assert 0 < dead.sum() < len(dead)
    table = view.table()
    assert [word == "dead" for word in table["state"]] == dead.tolist()
    died = [step is not None for step in table["died at (step)"]]
    assert died == dead.tolist()
    assert sum(counts[3] for counts in view.bars.columns[0].counts) == dead.sum()
    assert view.course.shares[-1, 0, 0] == pytest.approx(dead.mean())
    records = [record.dead[0, :-1].mean() for record in lab("killed").course]
    assert view.course.shares[: len(records), 0, 0] == pytest.approx(records)
    steps = [death.died for death in view.list.deaths]
    assert steps == sorted(steps, reverse=True)
    assert steps[0] == lab("killed").runs[0].fates.died_at.max()
    assert view.list.count == dead.sum()


def test_the_steps_of_death_in_the_table_are_those_of_a_training_step_by_step(shown):
    table = shown("killed").table()
    slow = Trainer(LABS["killed"][0])
    dead = [slow.snapshot(needs=frozenset()).runs[0].neurons.dead]
    for _ in range(max(step for step in table["died at (step)"] if step is not None)):
        slow.train(1)
        dead.append(slow.snapshot(needs=frozenset()).runs[0].neurons.dead)
    for neuron, died in enumerate(table["died at (step)"]):
        if died is not None:
            assert died > 0
            assert dead[died][neuron]
            assert not dead[died - 1][neuron]


def test_a_click_on_a_death_picks_the_neuron(shown, qtbot):
    view = shown("killed")
    place = view.canvas.mapFromScene(view.list.mapToScene(QPointF(40, 1.5 * view.list.line)))
    view._hover(QPointF(place))
    assert "died at step" in view.readout.text()
    with qtbot.waitSignal(view.picked) as caught:
        QTest.mouseClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert caught.args == [(0, view.list.deaths[0].neuron)]


def test_born_dead_is_said(shown):
    table = shown("born").table()
    assert set(table["state"]) == {"dead"}
    assert set(table["cause"]) == {CAUSES[BORN]}
    assert set(table["alive at (step)"]) == {None}


def test_large_weights_saturate_a_sigmoid_but_do_not_kill_it(shown):
    view = shown("flat")
    found = view.table()["state"]
    flat = lab("flat").runs[0].neurons.saturated[:-1, 1] >= 0.9
    assert flat.sum() > len(flat) / 4
    assert [word == "saturated" for word in found] == flat.tolist()
    assert "dead" not in found
    before = found.count("saturated")
    view.set_options({"level": 0, "share": 99.0})
    assert view.table()["state"].count("saturated") < before


def test_the_dormant_share_recounts_the_course(shown):
    view = shown("killed")
    before = view.course.shares[..., 1].copy()
    view.dormant_box.setValue(50.0)
    record = lab("killed").course[3]
    expected = (~record.dead[0, :-1] & (record.fires[0, :-1] < 0.5)).mean()
    assert view.course.shares[3, 0, 1] == pytest.approx(expected)
    assert (view.course.shares[..., 1] >= before).all()
    assert np.any(view.course.shares[..., 1] > before)


def test_nobody_has_died(shown):
    view = shown("living")
    assert view.list.deaths == ()
    assert view.list.maximumHeight() < 2 * view.list.line


def test_a_run_that_has_diverged_is_not_called_dormant(shown):
    view = shown("diverged")
    assert lab("diverged").runs[0].divergence is not None
    assert set(view.table()["state"]) == {"not a number"}
    assert {sum(counts) for counts in view.bars.columns[0].counts} == {0}
    assert np.isnan(view.course.shares[-1]).all()
    assert np.isfinite(view.course.shares[0]).all()
    assert "not a number" in view._layer_words(QPointF(view.bars.rect().width() / 2, view.bars._grid()[1] + 1))
    assert "none" in view.describe(view.panel, 300.0, 0.0)


def test_the_course_of_a_layer_counts_its_neurons_alone(shown):
    view, snapshot = shown("killed"), lab("killed")
    layers = snapshot.runs[0].neurons.layer[:-1]
    for place in range(len(snapshot.settings.network.hidden)):
        view.layer_box.setCurrentIndex(place + 1)
        view.layer_box.activated.emit(place + 1)
        own = layers == place
        records = [record.dead[0, :-1][own].mean() for record in snapshot.course]
        assert view.course.shares[: len(records), 0, 0] == pytest.approx(records)
        assert view.options()["layer"] == place
    view.set_options({"layer": -1})
    assert view.course.shares[-1, 0, 0] == pytest.approx(snapshot.runs[0].neurons.dead[:-1].mean())
    view.set_options({"layer": 99})
    assert view.options()["layer"] == -1
