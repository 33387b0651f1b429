"""Activations by layer: chosen, shown, kept and undone; the rules by which they are stored."""

import pytest
from PySide6.QtWidgets import QApplication

from reluviz.core.activations import ACTIVATIONS, ELU, LeakyReLU, ReLU, Sigmoid, Tanh
from reluviz.core.datasets import DATASETS
from reluviz.core.losses import LOSSES
from reluviz.core.settings import Network, Run, Settings, Training, fitting_losses
from reluviz.ui.appearance import Appearance
from reluviz.ui.edits import following, own_activation, with_layer
from reluviz.ui.lab import Lab
from reluviz.ui.layer_activations import AS_RUN, stored_words
from reluviz.ui.output_words import loss_in_force, output_words
from reluviz.ui.run_panel import RunPanel


@pytest.fixture(scope="module")
def appearance(qapp):
    """The look of all panels: dressing the application anew for each test would cost seconds."""
    made = Appearance(QApplication.instance())
    yield made
    made.deleteLater()


@pytest.fixture
def panel(qtbot, appearance):
    """The runs of a lab whose engine has not been started, the layers of the second one unfolded."""
    lab = Lab(Settings())
    made = RunPanel(lab, appearance)
    qtbot.addWidget(made)
    made.lab, made.layers = lab, made.cards[1].layers
    made.resize(300, 900)
    made.show()
    made.layers.header.setChecked(True)
    yield made
    lab.close()


def choose(panel, layer, key):
    """Pick an activation for a layer of the second run, 0 the first."""
    combo = panel.layers.rows[layer][1].combo
    combo.setCurrentIndex(combo.findData(key))


def stored(panel):
    return panel.lab.settings.runs[1].layer_activations


def test_one_selector_for_each_hidden_layer_and_the_output(panel):
    assert len(panel.layers.rows) == 3
    for name, editor in panel.layers.rows:
        assert name.text().startswith("Layer ")
        assert editor.combo.currentData() == AS_RUN
        assert editor.combo.currentText() == "As the run: ReLU"
    assert panel.layers.output.text() == "sigmoid, from the logistic loss"


def test_a_choice_is_one_step_and_is_told(panel):
    choose(panel, 1, "sigmoid")
    assert stored(panel) == (ReLU(), Sigmoid())
    assert panel.lab.undo_stack.count() == 1
    assert panel.lab.undo_stack.undoText() == "ReLU: layer 2: activation ReLU → Sigmoid"
    assert panel.cards[1].title.text() == "ReLU · Sigmoid · ReLU"
    assert panel.cards[1].mixed.isVisible()
    assert not panel.cards[0].mixed.isVisible()
    assert [editor.combo.currentData() for _, editor in panel.layers.rows] == [AS_RUN, "sigmoid", AS_RUN]
    panel.lab.undo_stack.undo()
    assert stored(panel) == ()
    assert panel.layers.rows[1][1].combo.currentData() == AS_RUN
    assert panel.cards[1].title.text() == "ReLU"


def test_back_to_the_run_drops_what_is_no_longer_needed(panel):
    choose(panel, 0, "tanh")
    choose(panel, 2, "elu")
    assert stored(panel) == (Tanh(), ReLU(), ELU())
    choose(panel, 2, AS_RUN)
    assert stored(panel) == (Tanh(),)
    choose(panel, 0, AS_RUN)
    assert stored(panel) == ()


def test_the_activation_of_the_run_is_no_own_one(panel):
    choose(panel, 0, "relu")
    assert panel.lab.undo_stack.count() == 0
    assert panel.layers.rows[0][1].combo.currentData() == AS_RUN


def test_layers_in_between_follow_the_run(panel):
    choose(panel, 2, "sigmoid")
    combo = panel.cards[1].form.editors["activation"].combo
    combo.setCurrentIndex(combo.findData("tanh"))
    assert stored(panel) == (Tanh(), Tanh(), Sigmoid())
    assert panel.lab.undo_stack.undoText() == "activation ReLU → Tanh"
    combo.setCurrentIndex(combo.findData("sigmoid"))
    assert stored(panel) == ()


def test_parameters_of_a_layer_are_edited_in_one_drag(panel):
    choose(panel, 1, "leaky_relu")
    count = panel.lab.undo_stack.count()
    slider = panel.layers.rows[1][1].current_form().editors["slope"].slider
    slider.setSliderDown(True)
    for notch in (20, 60, 120):
        slider.setValue(notch)
    slider.setSliderDown(False)
    assert panel.lab.undo_stack.count() == count + 1
    assert isinstance(stored(panel)[1], LeakyReLU)
    assert stored(panel)[1].slope > 0.1
    assert panel.lab.undo_stack.undoText().startswith("ReLU: layer 2: slope 0.01 → ")


def test_fewer_layers_keep_what_is_stored_and_say_so(panel):
    choose(panel, 2, "sigmoid")
    panel.lab.edit(panel.lab.settings.evolve(network=Network(hidden=(4, 4))))
    assert stored(panel) == (ReLU(), ReLU(), Sigmoid())
    assert panel.cards[1].title.text() == "ReLU"
    assert not panel.layers.rows[2][1].isVisible()
    assert panel.layers.unused.isVisible()
    assert "layer 3 stay stored" in panel.layers.header.toolTip()
    panel.lab.edit(panel.lab.settings.evolve(network=Network(hidden=(4, 4, 4, 4))))
    assert panel.cards[1].title.text() == "ReLU · Sigmoid · ReLU"
    assert len(panel.layers.rows) == 4
    assert not panel.layers.unused.isVisible()
    assert stored_words(2, 3).startswith("Activations of layers 3 to 5 stay stored")


def test_nothing_is_built_before_it_is_unfolded(panel):
    assert panel.cards[0].layers.rows == []
    panel.lab.edit(panel.lab.settings.evolve(network=Network(hidden=(2,) * 64)))
    assert panel.cards[0].layers.rows == []
    assert len(panel.layers.rows) == 64


def test_every_activation_can_be_that_of_a_layer(panel):
    for key, kind in ACTIVATIONS.items():
        choose(panel, 0, key)
        assert panel.lab.settings.runs[1].activation_of(0) == kind()
        assert Settings.from_toml(panel.lab.settings.to_toml()) == panel.lab.settings


def test_the_rules_of_storing():
    run = Run(activation=ReLU())
    mixed = with_layer(run, 3, Sigmoid())
    assert mixed.layer_activations == (ReLU(), ReLU(), ReLU(), Sigmoid())
    assert [own_activation(mixed, layer) for layer in range(5)] == [None, None, None, Sigmoid(), None]
    assert with_layer(mixed, 3, None).layer_activations == ()
    assert with_layer(mixed, 1, Tanh()).layer_activations == (ReLU(), Tanh(), ReLU(), Sigmoid())
    moved = following(mixed, mixed.evolve(activation=Tanh()))
    assert moved.layer_activations == (Tanh(), Tanh(), Tanh(), Sigmoid())
    assert following(run, run.evolve(learning_rate=0.5)) == run.evolve(learning_rate=0.5)


@pytest.mark.parametrize("key", LOSSES)
def test_the_output_follows_from_the_loss(key):
    settings = next(
        Settings(data=data, training=Training(loss=key))
        for data in (Settings().data, *(kind() for kind in DATASETS.values()))
        if key in fitting_losses(data.task)
    )
    assert loss_in_force(settings) is LOSSES[key]
    words, help_text = output_words(settings)
    assert words.startswith(f"{LOSSES[key].output}, from the ")
    assert LOSSES[key].output_help in help_text


def test_the_automatic_loss_is_the_natural_one():
    assert loss_in_force(Settings()) is LOSSES["logistic"]
