"""The panels: widgets edit the lab, the lab's changes show in the widgets, and nothing is rebuilt or echoed."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSlider, QWidget
from tables import birds

from reluviz.core.activations import ACTIVATIONS, LeakyReLU, ReLU
from reluviz.core.datasets import DATASETS, Spiral
from reluviz.core.files import source_for
from reluviz.core.formula import Formula
from reluviz.core.initializers import INITIALIZERS
from reluviz.core.layers import LAYERS
from reluviz.core.optimizers import OPTIMIZERS
from reluviz.core.param import parameters
from reluviz.core.schedules import SCHEDULES
from reluviz.core.settings import MOST_RUNS, Settings, Training
from reluviz.core.ticket import Ticket
from reluviz.ui.appearance import Appearance
from reluviz.ui.controls import Controls
from reluviz.ui.lab import Lab


@pytest.fixture(scope="module")
def appearance(qapp):
    """The look of all panels: dressing the application anew for each test would cost seconds."""
    made = Appearance(QApplication.instance())
    yield made
    made.deleteLater()


@pytest.fixture
def panel(qtbot, appearance):
    """The controls of a lab whose engine has not been started."""
    lab = Lab(Settings())
    controls = Controls(lab, appearance)
    qtbot.addWidget(controls)
    controls.lab = lab
    controls.resize(316, 900)
    controls.show()
    controls.activateWindow()
    qtbot.waitUntil(controls.isActiveWindow)
    yield controls
    lab.close()


def choose(editor, key):
    """Pick an item of an entry's combo box as a person does."""
    editor.combo.setCurrentIndex(editor.combo.findData(key))


def test_data_sets(panel):
    for key, kind in DATASETS.items():
        choose(panel.data.editor, key)
        assert panel.lab.settings.data == kind()
        panel.data.sample.click()
        assert panel.lab.settings.data.seed == 2
    panel.lab.undo_stack.setIndex(0)
    assert panel.data.editor.combo.currentData() == Settings().data.key


@pytest.fixture
def own(panel, tmp_path):
    """The controls of a lab with a table of a person's own."""
    source = source_for(birds(tmp_path / "birds.csv", missing=(3,))).evolve(target="species", missing="drop")
    panel.lab.edit(Settings(data=source.settle(Ticket())), "open birds.csv")
    return panel


def test_a_file_in_use_is_summed_up(own):
    data = own.data
    assert data.editor.combo.currentText() == "birds.csv"
    lines = {title: line.text() for title, line in data.card.lines.items()}
    assert lines == {"File": "birds.csv", "Rows": "119", "Inputs": "4", "Target": "species, 3 classes"}
    assert data.card.lines["File"].toolTip() == own.lab.settings.data.path
    assert "1 incomplete row is left out" in data.card.lines["Rows"].toolTip()
    assert data.card.lines["Target"].toolTip() == "Adelie, Chinstrap, Gentoo"
    assert list(data.common.editors) == ["samples", "noise", "test_fraction", "seed"]
    assert data.card.isVisible()
    assert not data.editor.body.isVisible()


def test_the_common_parameters_of_a_file_are_edited(qtbot, own):
    field = own.data.common.editors["samples"].field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "60")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert own.lab.settings.data.samples == 60
    assert own.data.card.lines["Rows"].text() == "60 of 119"
    assert own.lab.undo_stack.undoText() == "samples 20000 → 60"
    before = own.lab.settings.data.load().x_train
    own.data.sample.click()
    assert own.lab.settings.data.seed == 2
    assert (own.lab.settings.data.load().x_train != before).any()


def test_a_file_and_a_built_in_set_take_turns(own):
    data = own.data
    items = data.editor.combo.count()
    choose(data.editor, "circles")
    assert own.lab.undo_stack.undoText() == "data set birds.csv → Circles"
    assert not data.card.isVisible()
    assert not data.common.isVisible()
    assert data.editor.body.isVisible()
    assert data.editor.combo.count() == items - 1
    own.lab.undo_stack.undo()
    assert data.editor.combo.currentText() == "birds.csv"
    assert data.editor.combo.count() == items
    own.lab.undo_stack.undo()
    assert isinstance(own.lab.settings.data, Spiral)
    assert data.editor.combo.currentText() == "Spiral"


def test_own_data_asks_and_changes_nothing_by_itself(qtbot, own):
    combo = own.data.editor.combo
    with qtbot.waitSignal(own.data.file_wanted):
        combo.setCurrentIndex(combo.count() - 1)
    assert combo.currentText() == "birds.csv"
    with qtbot.waitSignal(own.data.file_wanted):
        own.data.card.other.click()
    with qtbot.waitSignal(own.data.choices_wanted):
        own.data.card.choices.click()
    assert own.lab.undo_stack.count() == 1


def test_the_summary_of_a_file_is_no_wider_than_the_panel(own, tmp_path):
    long = birds(tmp_path / ("a_very_long_name_of_a_file_of_measurements" * 3 + ".csv"))
    own.lab.edit(Settings(data=source_for(long).evolve(target="species").settle(Ticket())))
    QApplication.processEvents()
    assert own.widget().width() <= own.viewport().width()


def test_activations(panel):
    for key, kind in ACTIVATIONS.items():
        choose(panel.runs.cards[0].form.editors["activation"], key)
        assert panel.lab.settings.runs[0].activation == kind()
        assert panel.runs.cards[0].title.text().startswith(kind().caption)


def test_initialisers(panel):
    for key, kind in INITIALIZERS.items():
        choose(panel.runs.cards[1].form.editors["initializer"], key)
        assert panel.lab.settings.runs[1].initializer == kind()


def test_optimisers(panel):
    for key, kind in OPTIMIZERS.items():
        choose(panel.training.editors["optimizer"], key)
        assert panel.lab.settings.training.optimizer == kind()


def test_kinds_of_layer(panel):
    for key, kind in LAYERS.items():
        choose(panel.runs.cards[0].form.editors["layer"], key)
        assert panel.lab.settings.runs[0].layer == kind()


def test_schedules(panel):
    for key, kind in SCHEDULES.items():
        choose(panel.training.editors["schedule"], key)
        assert panel.lab.settings.training.schedule == kind()


def test_what_is_seldom_used_is_folded_away_and_told_when_in_use(panel):
    training = panel.training
    assert not training.editors["dropout"].isVisible()
    assert training.editors["learning_rate"].isVisible()
    assert set(training.editors) == {parameter.name for parameter in parameters(Training)}
    assert training.more.words == ""
    panel.lab.edit(Settings(training=Training(dropout=0.2, warmup=100)))
    assert training.more.words == "warm-up, dropout"
    training.more.header.click()
    assert training.editors["dropout"].isVisible()
    training.editors["clip_value"].edited.emit(0.5, None)
    assert panel.lab.settings.training == Training(dropout=0.2, warmup=100, clip_value=0.5)


def test_precision(panel):
    combo = panel.network.editors["precision"].combo
    combo.setCurrentIndex(combo.findData("float64"))
    assert panel.lab.settings.network.precision == "float64"
    assert panel.lab.undo_stack.undoText() == "precision single (float32) → double (float64)"


def test_the_output_is_told_and_follows_the_loss(panel):
    assert panel.runs.output.text() == "Output: sigmoid, from the logistic loss"
    panel.lab.edit(Settings(training=Training(loss="squared")))
    assert panel.runs.output.text() == "Output: identity, from the squared error"
    choose(panel.data.editor, "iris")
    assert panel.runs.output.text() == "Output: identity, from the squared error"
    panel.lab.edit(panel.lab.settings.evolve(training=Training()))
    assert panel.runs.output.text() == "Output: softmax, from the softmax cross-entropy"


def test_keeping_the_weights_is_a_switch_that_the_tooltips_follow(panel):
    editor = panel.runs.cards[0].form.editors["activation"]
    assert "restarts the runs" in editor.combo.toolTip()
    panel.runs.keep.click()
    assert panel.lab.keep_weights
    assert "without a restart" in editor.combo.toolTip()
    assert "Sigmoid: " in editor.combo.toolTip()
    panel.runs.cards[1].layers.header.click()
    assert "without a restart" in panel.runs.cards[1].layers.rows[0][1].combo.toolTip()
    panel.runs.add.click()
    assert "without a restart" in panel.runs.cards[2].form.editors["activation"].combo.toolTip()
    panel.lab.set_keep_weights(False)
    assert not panel.runs.keep.isChecked()
    assert "restarts the runs" in editor.combo.toolTip()
    assert "restarts the runs" in panel.runs.cards[0].form.editors["layer"].combo.toolTip()


def test_a_typed_formula_is_chosen_named_and_undone(qtbot, panel):
    card = panel.runs.cards[1]
    editor = card.form.editors["activation"]
    choose(editor, "formula")
    form = editor.current_form()
    qtbot.waitUntil(form.field.hasFocus)
    qtbot.keyClicks(form.field, "x*sigmoid(b*x)")
    qtbot.keyClick(form.field, Qt.Key.Key_Return)
    assert panel.lab.settings.runs[1].activation == Formula("x*sigmoid(b*x)")
    assert card.title.text() == "x*sigmoid(b*x)"
    assert panel.lab.undo_stack.undoText() == "max(0.1*x, x): f(x) max(0.1*x, x) → x*sigmoid(b*x)"
    form.rows[0].value.slider.setValue(150)
    assert panel.lab.undo_stack.undoText().startswith("x*sigmoid(b*x): b 1 → ")
    for _ in range(3):
        panel.lab.undo_stack.undo()
    assert panel.lab.settings == Settings()
    assert editor.combo.currentText() == "ReLU"


def test_a_long_formula_does_not_widen_the_panel(panel):
    long = Formula(" + ".join(["max(0.1*x, x)"] * 12))
    run = panel.lab.settings.runs[0].evolve(activation=long, layer_activations=(ReLU(), long))
    panel.lab.edit(panel.lab.settings.evolve(runs=(run,)))
    panel.runs.cards[0].layers.header.click()
    QApplication.processEvents()
    assert panel.widget().width() <= panel.viewport().width()


def test_runs_are_added_copied_and_removed(panel):
    runs = panel.runs
    for count in range(3, MOST_RUNS + 1):
        runs.add.click()
        assert len(panel.lab.settings.runs) == count
    assert not runs.add.isEnabled()
    assert "at most 6" in runs.add.toolTip()
    assert not runs.cards[0].duplicate.isEnabled()
    cards = list(runs.cards)
    for count in range(MOST_RUNS - 1, 0, -1):
        runs.cards[0].remove.click()
        assert len(panel.lab.settings.runs) == count
    assert not runs.cards[0].remove.isEnabled()
    runs.cards[0].duplicate.click()
    first, second = panel.lab.settings.runs
    assert first.evolve(color=second.color) == second
    assert runs.cards == cards
    assert [card.isVisibleTo(runs) for card in cards] == [True, True, False, False, False, False]
    panel.lab.undo_stack.setIndex(0)
    assert panel.lab.settings == Settings()


def test_changes_from_elsewhere_are_shown_and_not_echoed(panel):
    before = panel.lab.undo_stack.count()
    wanted = Settings(
        data=DATASETS["circles"](noise=0.3),
        training=Training(optimizer=OPTIMIZERS["adam"](beta1=0.5), learning_rate=0.02, loss="squared"),
    )
    panel.lab.edit(wanted, "elsewhere")
    assert panel.lab.undo_stack.count() == before + 1
    assert panel.data.editor.current_form().editors["noise"].field.text() == "0.3"
    assert panel.training.editors["learning_rate"].field.text() == "0.02"
    assert panel.training.editors["optimizer"].current_form().editors["beta1"].field.text() == "0.5"
    panel.lab.undo_stack.undo()
    assert panel.training.editors["learning_rate"].field.text() == "0.1"


def test_a_change_of_values_keeps_the_widgets_and_the_focus(panel):
    before = panel.findChildren(QWidget)
    field = panel.training.editors["learning_rate"].field
    field.setFocus()
    panel.lab.edit(Settings(training=Training(learning_rate=0.4, batch_size=3)))
    panel.lab.undo_stack.undo()
    assert panel.findChildren(QWidget) == before
    assert field.hasFocus()


def test_a_dragged_slider_is_one_step(panel):
    slider = panel.training.editors["learning_rate"].slider
    slider.setSliderDown(True)
    for notch in range(20, 120, 5):
        slider.setValue(notch)
    slider.setSliderDown(False)
    assert panel.lab.undo_stack.count() == 1
    panel.lab.undo_stack.undo()
    assert panel.lab.settings == Settings()


def test_a_slider_of_a_nested_form_is_one_step_too(panel):
    choose(panel.runs.cards[0].form.editors["activation"], "leaky_relu")
    count = panel.lab.undo_stack.count()
    slider = panel.runs.cards[0].form.editors["activation"].current_form().editors["slope"].slider
    slider.setSliderDown(True)
    for notch in (10, 50, 90):
        slider.setValue(notch)
    slider.setSliderDown(False)
    assert panel.lab.undo_stack.count() == count + 1
    assert isinstance(panel.lab.settings.runs[0].activation, LeakyReLU)
    assert panel.lab.settings.runs[0].activation.slope > 0.1


def test_a_loss_that_does_not_fit_is_refused_with_a_sentence(qtbot, panel):
    combo = panel.training.editors["loss"].combo
    with qtbot.waitSignal(panel.lab.failed) as told:
        combo.setCurrentIndex(combo.findData("softmax_cross_entropy"))
    assert "does not fit the data spiral" in told.args[0]
    assert combo.currentData() == "auto"
    assert panel.lab.settings == Settings()


def test_the_wheel_scrolls_the_page_unless_a_field_has_the_focus(panel):
    editor = panel.training.editors["learning_rate"]
    for widget in (editor.slider, editor.field, panel.data.editor.combo):
        widget.clearFocus()
        QApplication.sendEvent(widget, wheel(widget))
    assert panel.lab.settings == Settings()
    editor.field.setFocus()
    QApplication.sendEvent(editor.field, wheel(editor.field))
    assert panel.lab.settings.training.learning_rate > 0.1


def wheel(widget):
    """One notch of the wheel upwards over a widget."""
    middle = QPointF(widget.rect().center())
    return QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle.toPoint())),
        QPointF(0, 0).toPoint(),
        QPointF(0, 120).toPoint(),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


def test_sections_fold(panel):
    section = panel.sections["Data"]
    section.header.click()
    assert not panel.data.isVisible()
    section.header.click()
    assert panel.data.isVisible()


def test_nothing_is_wider_than_the_panel(panel):
    for _ in range(4):
        panel.runs.add.click()
    for key in ACTIVATIONS:
        choose(panel.runs.cards[0].form.editors["activation"], key)
        choose(panel.runs.cards[0].form.editors["initializer"], "normal")
        panel.lab.edit(panel.lab.settings.evolve(training=Training(optimizer=OPTIMIZERS["adam"]())))
        QApplication.processEvents()
        assert panel.widget().width() <= panel.viewport().width(), key


def test_everything_that_takes_the_focus_has_a_name_and_help(panel, tmp_path):
    for key in DATASETS:
        choose(panel.data.editor, key)
    panel.lab.edit(Settings(data=source_for(birds(tmp_path / "birds.csv")).settle(Ticket())))
    for kind in (QAbstractButton, QComboBox, QLineEdit, QSlider):
        for widget in panel.findChildren(kind):
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
                assert name, (widget, widget.objectName())
                assert widget.toolTip(), name
