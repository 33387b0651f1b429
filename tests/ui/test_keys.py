"""Keys in the real window: Space trains whatever has the focus, Enter presses it, sliders keep their arrows."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from reluviz.app import Session

WAIT_MS = 60_000


@pytest.fixture
def session(qtbot):
    """An open window, closed at the end."""
    made = Session(None, safe_mode=True)
    with qtbot.waitSignal(made.window.dashboard_painted, timeout=WAIT_MS):
        made.show()
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    yield made
    made.window.close_now()
    made.finish()


def press(qtbot, widget, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Focus a widget and press a key."""
    widget.setFocus()
    assert QApplication.focusWidget() is widget
    qtbot.keyClick(widget, key, modifier)


def test_space_trains_whatever_has_the_focus_but_a_text(qtbot, session):
    lab, controls = session.window.lab, session.window.dashboard.controls.widget()
    for widget in (controls.data.sample, controls.data.editor.combo, controls.runs.cards[0].remove):
        press(qtbot, widget, Qt.Key.Key_Space)
        assert lab.playing
        press(qtbot, widget, Qt.Key.Key_Space)
        assert not lab.playing
    press(qtbot, controls.network.editors["hidden"].row.text, Qt.Key.Key_Space)
    assert not lab.playing
    assert lab.undo_stack.count() == 0


def test_enter_presses_buttons(qtbot, session):
    lab, controls = session.window.lab, session.window.dashboard.controls.widget()
    press(qtbot, controls.data.sample, Qt.Key.Key_Return)
    assert lab.settings.data.seed == 2
    press(qtbot, controls.runs.cards[0].form.editors["learning_rate"].box, Qt.Key.Key_Return)
    assert lab.settings.runs[0].learning_rate == lab.settings.training.learning_rate
    press(qtbot, controls.runs.add, Qt.Key.Key_Return)
    assert len(lab.settings.runs) == 3


def test_arrows_belong_to_a_focused_slider(qtbot, session):
    lab, controls = session.window.lab, session.window.dashboard.controls.widget()
    slider = controls.training.editors["learning_rate"].slider
    press(qtbot, slider, Qt.Key.Key_Right)
    assert lab.settings.training.learning_rate > 0.1
    assert session.window.snapshot.step == 0
    press(qtbot, session.window.toolbar.speed.slider, Qt.Key.Key_Right)
    assert lab.speed == 1000.0
    press(qtbot, controls.data.sample, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: session.window.snapshot.step == 1, timeout=WAIT_MS)


def test_letters_typed_into_a_field_stay_there(qtbot, session):
    lab, controls = session.window.lab, session.window.dashboard.controls.widget()
    field = controls.training.editors["learning_rate"].field
    for key in (Qt.Key.Key_N, Qt.Key.Key_R, Qt.Key.Key_E, Qt.Key.Key_Period):
        press(qtbot, field, key)
    assert lab.undo_stack.count() == 0
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    press(qtbot, field, Qt.Key.Key_Up)
    assert lab.undo_stack.count() == 1
    press(qtbot, field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert lab.settings.training.learning_rate == 0.1
