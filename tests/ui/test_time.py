"""The bar of time and the experiments in the real window: back, on, and side by side, all of it undoable."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from reluviz.core.record import MOST_ENTRIES
from reluviz.core.settings import Settings
from reluviz.core.snapshot import WEIGHTS
from reluviz.core.surgery import ALL, AddNoise, Kill, RedrawWeights, ScaleWeights, ShiftBiases, SpikeRate
from reluviz.core.trainer import Trainer
from reluviz.core.variants import VARIANTS, branched
from reluviz.ui.experiments import Experiments, try_variants
from reluviz.ui.lab import Lab
from reluviz.ui.time_bar import mark_words

CONTROL = Qt.KeyboardModifier.ControlModifier


def advance(here, steps):
    """Train so many steps and wait for them."""
    there = here.step + steps
    here.lab.step(steps)
    here.until(lambda: here.step == there)


def test_keys_look_back_go_on_and_return(desk):
    here = desk()
    advance(here, 40)
    bar, controls = here.window.time_bar, here.window.dashboard.panel
    here.press(Qt.Key.Key_Comma)
    here.until(lambda: here.step == 39)
    assert (here.lab.past, here.window.snapshot.present) == (True, 40)
    assert bar.words.text() == "step 39 of 40"
    assert not controls.network.isEnabled()
    assert "Looking back" in here.window.status.words.text()
    here.press(Qt.Key.Key_Period)
    here.until(lambda: here.step == 40)
    assert not here.lab.past
    assert controls.network.isEnabled()
    here.lab.seek(12)
    here.until(lambda: here.step == 12)
    here.press(Qt.Key.Key_End)
    here.until(lambda: here.step == 40)
    here.lab.seek(12)
    here.until(lambda: here.step == 12)
    here.press(Qt.Key.Key_Return, CONTROL)
    here.until(lambda: here.window.snapshot.present < 0)
    assert here.step == 12
    here.press(Qt.Key.Key_Z, CONTROL)
    here.until(lambda: here.step == 40)


def test_a_click_on_the_bar_shows_that_step(desk):
    here = desk()
    advance(here, 200)
    slider = here.window.time_bar.slider
    assert (slider.value(), slider.maximum()) == (200, 200)
    place = slider.rect().center()
    place.setX(slider.place_of(100))
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    here.until(lambda: here.window.snapshot.present == 200)
    assert abs(here.step - 100) <= 2
    place.setX(slider.width() - 2)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    here.until(lambda: here.step == 200)


def test_training_from_an_earlier_step_leaves_the_present_and_undo_brings_it_back(desk):
    here = desk()
    advance(here, 60)
    there = here.window.snapshot.runs[1].metrics
    here.lab.seek(20)
    here.until(lambda: here.step == 20)
    here.press(Qt.Key.Key_Space)
    here.until(lambda: here.window.snapshot.present < 0 and here.step > 25)
    here.press(Qt.Key.Key_Space)
    here.until(lambda: not here.lab.playing)
    here.press(Qt.Key.Key_Z, CONTROL)
    here.until(lambda: here.step == 60)
    assert here.window.snapshot.runs[1].metrics == there


def test_what_is_done_while_training_is_marked_saved_and_repeated(desk, tmp_path):
    here = desk()
    advance(here, 30)
    here.lab.operate(Kill(1, 0, 2))
    here.until(lambda: len(here.lab.session.record) == 1)
    settings = here.lab.settings
    here.lab.edit(settings.evolve(training=settings.training.evolve(learning_rate=0.5)))
    here.until(lambda: len(here.lab.session.record) == 2)
    advance(here, 30)
    assert mark_words(here.lab.session) == ((30, "kill neuron 3 of layer 1"), (30, "learning rate 0.1 → 0.5"))
    slider = here.window.time_bar.slider
    assert slider.words_at(slider.place_of(30)) == (
        "step 30: kill neuron 3 of layer 1\nstep 30: learning rate 0.1 → 0.5"
    )
    assert here.window.desk.document.modified
    before = here.window.snapshot.runs[1].metrics
    again = Trainer(Settings.from_toml(here.lab.session.to_toml()))
    again.train(60)
    assert again.snapshot().runs[1].metrics == before
    here.press(Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    here.until(lambda: here.step == 0)
    advance(here, 60)
    assert here.window.snapshot.runs[1].metrics == before
    here.press(Qt.Key.Key_R)
    here.until(lambda: here.step == 0 and not here.lab.session.record)
    here.press(Qt.Key.Key_Z, CONTROL)
    here.until(lambda: len(here.lab.session.record) == 2)
    advance(here, 60)
    assert here.window.snapshot.runs[1].metrics == before


def test_a_session_with_a_record_opens_with_what_held_at_its_start(desk):
    trainer = Trainer(Settings())
    trainer.train(25)
    fast = Settings().training.evolve(learning_rate=0.4)
    trainer.adopt(Settings(training=fast))
    here = desk()
    advance(here, 5)
    here.lab.edit(trainer.session)
    here.until(lambda: here.step == 0)
    assert here.lab.settings == Settings()
    assert here.lab.session == trainer.session
    advance(here, 30)
    here.until(lambda: here.lab.settings.training.learning_rate == 0.4)
    here.press(Qt.Key.Key_Z, CONTROL)
    here.until(lambda: here.step == 0 and not here.lab.session.record)


def test_an_edit_of_an_earlier_step_is_refused_in_words(desk):
    here = desk()
    advance(here, 20)
    here.lab.seek(10)
    here.until(lambda: here.step == 10)
    said = []
    here.lab.refused.connect(said.append)
    here.lab.operate(Kill(0, 0, 0))
    assert said == ["an earlier step cannot be changed: continue from here, or return to now"]
    assert here.lab.undo_stack.count() == 0


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("shift", ShiftBiases),
        ("scale", ScaleWeights),
        ("noise", AddNoise),
        ("spike", SpikeRate),
        ("redraw", RedrawWeights),
        ("kill", ShiftBiases),
    ],
)
def test_every_experiment_is_done_recorded_and_undone(desk, key, kind):
    here = desk()
    here.lab.look((0, 1), None, frozenset({WEIGHTS}))
    advance(here, 15)
    here.until(lambda: here.window.snapshot.runs[1].theta.size > 0)
    before = here.window.snapshot.runs[1].theta
    panel = here.window.dashboard.panel.experiments
    panel.choose(1, 1)
    panel.buttons[key].click()
    here.until(lambda: len(here.lab.session.record) == 1)
    (entry,) = here.lab.session.record
    assert (type(entry), entry.run, entry.step) == (kind, 1, 15)
    if key == "kill":
        here.until(lambda: here.window.snapshot.runs[1].layers.dead[1] == 1)
    elif key != "spike":
        here.until(lambda: (here.window.snapshot.runs[1].theta != before).any())
    here.press(Qt.Key.Key_Z, CONTROL)
    here.until(lambda: len(here.lab.session.record) == 2)
    here.until(lambda: (here.window.snapshot.runs[1].theta == before).all())


def test_remedies_are_tried_side_by_side_from_the_same_state(desk):
    here = desk()
    here.lab.look(None, None, frozenset({WEIGHTS}))
    advance(here, 30)
    panel = here.window.dashboard.panel.experiments
    panel.choose(1, 0)
    panel.buttons["kill"].click()
    here.until(lambda: here.window.snapshot.runs[1].layers.dead[0] == 1)
    hurt = here.window.snapshot.runs[1].theta
    panel.remedies.menu().actions()[-1].trigger()
    here.until(lambda: len(here.window.snapshot.runs) == 6)
    here.until(lambda: here.lab.settings == here.window.snapshot.settings)
    assert here.step == 30
    states = here.window.snapshot.runs
    wanted = list(VARIANTS.values())[:4]
    for state, variant in zip(states[2:], wanted, strict=True):
        assert (state.theta == hurt).all() == (not variant.start)
    assert not panel.remedies.isEnabled()
    assert states[2].layers.dead[0] < 1
    here.press(Qt.Key.Key_Z, CONTROL)
    here.until(lambda: len(here.window.snapshot.runs) == 2)
    assert here.step == 30
    assert (here.window.snapshot.runs[1].theta == hurt).all()


def test_removing_a_run_lets_the_others_go_on(desk):
    here = desk()
    advance(here, 30)
    there = here.window.snapshot.runs[1].metrics
    here.window.dashboard.panel.runs.cards[0].remove.click()
    here.until(lambda: len(here.window.snapshot.runs) == 1)
    assert here.step == 30
    assert here.window.snapshot.runs[0].metrics == there


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=list(VARIANTS))
def test_every_variant_goes_on_from_the_same_weights(variant):
    trainer = Trainer(Settings())
    trainer.train(12)
    before = trainer.snapshot().runs[1]
    settings, rows, edits = branched(trainer.settings, 1, (variant,))
    trainer.adopt(settings, rows=rows)
    assert (trainer.snapshot().runs[2].theta == before.theta).all()
    for edit in edits:
        trainer.operate(edit)
    trainer.train(20)
    states = trainer.snapshot().runs
    changed = (states[2].theta != states[1].theta).any()
    # Gradients of this lab are shorter than the norm that they are clipped to.
    assert changed or variant.key == "clipping"
    assert np.isfinite(states[2].theta).all()


def test_a_full_lab_offers_no_variants(qtbot):
    lab = Lab(Settings(runs=tuple(run.evolve(color=place) for place, run in enumerate(Settings().runs * 3))))
    panel = Experiments(lab)
    qtbot.addWidget(panel)
    assert not panel.remedies.isEnabled()
    try_variants(lab, 0, tuple(VARIANTS.values()))
    assert lab.undo_stack.count() == 0
    assert panel.layer.findData(ALL) == 3
    lab.close()


def test_a_record_that_no_file_has_room_for_is_said_so(desk):
    here = desk()
    entries = tuple(Kill(0, 0, 1, step=k, number=k) for k in range(MOST_ENTRIES))
    here.lab.edit(Settings(record=entries))
    here.until(lambda: len(here.lab.session.record) == MOST_ENTRIES)
    here.window.desk.documents.copy()
    assert here.window.notice.text.text().startswith("The text holds the settings only: a record of 5000 edits")
