"""The real window: keys, docks, looks, sessions, export, and how it ends."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QSlider

from reluviz import resources
from reluviz.app import run_window
from reluviz.core.activations import ACTIVATIONS
from reluviz.core.datasets import DATASETS
from reluviz.core.formula import Formula
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.trainer import Trainer
from reluviz.ui.layout import FILE, LAYOUT_VERSION, LayoutStore


def test_keys_train_pause_step_and_reset(desk):
    here = desk()
    assert here.step == 0
    here.press(Qt.Key.Key_Space)
    here.until(lambda: here.step > 20)
    assert here.lab.playing
    here.press(Qt.Key.Key_Space)
    here.until(lambda: not here.lab.playing)
    here.press(Qt.Key.Key_R)
    here.until(lambda: here.step == 0)
    here.press(Qt.Key.Key_Period)
    here.until(lambda: here.step == 1)
    here.press(Qt.Key.Key_E)
    here.until(lambda: here.window.snapshot.epoch == 1.0)
    here.press(Qt.Key.Key_N)
    here.until(lambda: here.step == 0 and here.window.snapshot.settings.network.seed == 2)
    here.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    here.until(lambda: here.window.snapshot.settings.network.seed == 1)


def test_the_window_trains_as_the_library_does(desk):
    here = desk()
    here.lab.set_speed(float("inf"))
    here.lab.play()
    here.until(lambda: here.step > 800)
    here.lab.pause()
    here.until(lambda: not here.lab.playing)
    here.until(lambda: here.window.lab.poll() is None)
    here.lab.look((0, 1), None)
    here.until(lambda: True)
    snapshot = here.window.snapshot
    trainer = Trainer(Settings())
    trainer.train(snapshot.step)
    wanted = trainer.snapshot(looked=())
    assert (snapshot.history.values == wanted.history.values).all()
    assert [run.metrics for run in snapshot.runs] == [run.metrics for run in wanted.runs]


def test_every_data_set_can_be_chosen_and_trained(desk):
    here = desk(safe_mode=True)
    combo = here.window.dashboard.controls.widget().data.editor.combo
    for data in DATASETS:
        combo.setCurrentIndex(combo.findData(data))
        assert here.lab.settings.data.key == data
        here.until(lambda data=data: here.window.snapshot.dataset.key == data)
        here.lab.step(3)
        here.until(lambda: here.step == 3)
        assert here.window.notice.kind != "error"


def test_six_runs_with_every_activation(desk):
    here = desk()
    runs = here.window.dashboard.controls.widget().runs
    for _ in range(4):
        runs.add.click()
    assert len(here.lab.settings.runs) == 6
    assert not runs.add.isEnabled()
    assert len({run.color for run in here.lab.settings.runs}) == 6
    for key, kind in ACTIVATIONS.items():
        here.lab.edit(here.lab.settings.evolve(runs=(Run(activation=kind()), *here.lab.settings.runs[1:])))
        here.until(lambda key=key: here.window.snapshot.settings.runs[0].activation.key == key)
    for _ in range(here.lab.undo_stack.index()):
        here.lab.undo_stack.undo()
    assert here.lab.settings == Settings()


def test_live_settings_keep_the_step_and_model_settings_restart(desk):
    here = desk()
    here.lab.step(40)
    here.until(lambda: here.step == 40)
    here.lab.edit(here.lab.settings.evolve(training=Training(learning_rate=0.5)))
    assert here.lab.undo_stack.undoText() == "learning rate 0.1 → 0.5"
    here.until(lambda: here.window.snapshot.settings.training.learning_rate == 0.5)
    assert here.step == 40
    reasons = []
    here.lab.restarted.connect(reasons.append)
    here.lab.edit(here.lab.settings.evolve(network=Network(hidden=(5, 5))))
    here.until(lambda: here.step == 0)
    assert reasons == ["the hidden layers changed"]


def test_a_typed_formula_trains_and_is_swapped_in_with_the_weights_kept(desk):
    here = desk()
    card = here.window.dashboard.controls.widget().runs.cards[1]
    here.lab.step(30)
    here.until(lambda: here.step == 30)
    here.window.dashboard.panel.runs.keep.click()
    combo = card.form.editors["activation"].combo
    combo.setCurrentIndex(combo.findData("formula"))
    here.until(lambda: here.window.snapshot.settings.runs[1].activation == Formula())
    assert here.step == 30
    assert here.window.statusBar().currentMessage() == "Activation exchanged at step 30; weights kept"
    field = card.form.editors["activation"].current_form().field
    field.setText("x*sigmoid(b*x)")
    field.setModified(True)
    field.returnPressed.emit()
    here.until(lambda: here.window.snapshot.settings.runs[1].activation == Formula("x*sigmoid(b*x)"))
    here.lab.step(10)
    here.until(lambda: here.step == 40)
    assert here.window.notice.kind != "error"


def test_divergence_is_told_and_the_others_go_on(desk):
    here = desk(Settings(data=DATASETS["plane"](), runs=(Run(learning_rate=1e-3), Run(learning_rate=10.0, color=1))))
    here.lab.set_speed(float("inf"))
    here.lab.play()
    here.until(lambda: here.window.snapshot.runs[1].divergence is not None and here.step > 500)
    here.until(lambda: "diverged at step" in here.window.status.words.text())
    assert "the other runs go on" in here.window.status.words.text()
    assert here.lab.playing


def test_looks_and_text_sizes(desk):
    here = desk()
    for choice in ("dark", "light", "system"):
        for scale in (1.0, 2.0):
            here.window.appearance.set_choice(choice)
            here.window.appearance.set_scale(scale)
            here.window.grab()
    assert here.window.dashboard.docks["loss"].view.scale == 2.0


def test_layout_comes_back_as_left(desk):
    first = desk()
    first.window.dashboard.docks["derivative"].hide()
    first.window.dashboard.docks["loss"].view.log_box.setChecked(False)
    first.close()
    second = desk()
    assert second.window.dashboard.docks["derivative"].isHidden()
    assert not second.window.dashboard.docks["loss"].view.log_box.isChecked()
    second.window.reset_layout()
    assert not second.window.dashboard.docks["derivative"].isHidden()


def test_a_damaged_layout_is_never_handed_to_qt(desk):
    desk().close()
    folder = resources.user_config_dir()
    whole = (folder / FILE).read_bytes()
    assert LayoutStore(folder).load() is not None
    another = whole.replace(f'"layout":{LAYOUT_VERSION}'.encode(), b'"layout":0')
    damaged = [whole[: len(whole) // 2], b"", b"{}", b"[" * 100_000, another]
    middle = whole.index(b'"state":"') + 40
    damaged.append(whole[:middle] + (b"A" if whole[middle : middle + 1] != b"A" else b"B") + whole[middle + 1 :])
    for content in damaged:
        (folder / FILE).write_bytes(content)
        assert LayoutStore(folder).load() is None
    (folder / FILE).write_bytes(whole)
    LayoutStore(folder).begin()
    assert LayoutStore(folder).load() is None


@pytest.mark.parametrize("kind", ["png", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("svg", "pdf"))])
def test_every_view_is_saved_from_the_window(desk, tmp_path, kind):
    here = desk()
    for key in here.window.exporting.titles:
        here.window.exporting.write_image(key, tmp_path / f"{key}.{kind}")
    here.window.exporting.copy_image("loss")
    assert len(list(tmp_path.iterdir())) == len(here.window.dashboard.docks) + 2
    here.window.exporting.write_image("loss", tmp_path / "missing" / "loss.png")
    assert "could not be written" in here.window.notice.text.text()


def test_a_wrong_session_leaves_the_lab_alone(desk, tmp_path):
    here = desk()
    path = tmp_path / "wrong.reluviz"
    path.write_text("format = 1\n[network]\nhidden = [0]\n", encoding="utf-8")
    here.window.desk.documents.open_path(path)
    assert "network.hidden = (0,) is not allowed" in here.window.notice.text.text()
    assert here.lab.settings == Settings()
    path.write_text(Settings(network=Network(hidden=(3,))).to_toml(), encoding="utf-8")
    here.window.desk.documents.open_path(path)
    assert here.lab.settings.network.hidden == (3,)
    here.lab.undo_stack.undo()
    assert here.lab.settings == Settings()


def test_everything_that_takes_the_focus_has_a_name_and_a_tooltip(desk):
    here = desk()
    kinds = (QAbstractButton, QComboBox, QLineEdit, QSlider)
    nameless = []
    for kind in kinds:
        for widget in here.window.findChildren(kind):
            if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isVisible():
                continue
            interface = QAccessible.queryAccessibleInterface(widget)
            if not interface.text(QAccessible.Text.Name) or not widget.toolTip():
                nameless.append((widget, widget.objectName(), widget.parent()))
    assert nameless == []


def test_closing_while_training_leaves_no_thread(desk):
    here = desk()
    here.lab.set_speed(float("inf"))
    here.lab.play()
    here.until(lambda: here.step > 100)
    here.close()
    assert not any(thread.name == "training" for thread in threading.enumerate())


def test_selftest_and_screenshot(tmp_path):
    assert run_window(selftest=True) == 0
    path = tmp_path / "window.png"
    assert run_window(screenshot=path) == 0
    assert path.stat().st_size > 50_000
