"""Two walks through the window, from an illness that is named to a network that is well."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from reluviz.core.activations import ReLU, Sigmoid
from reluviz.core.cases_base import net
from reluviz.core.initializers import GlorotNormal, HeNormal
from reluviz.core.surgery import ShiftBiases
from reluviz.ui.views.diagnosis_page import SHOW

FASTEST = float("inf")
KILLED = 1


class Patient:
    """A lab in the window, arranged for a diagnosis."""

    def __init__(self, here):
        self.here = here
        here.window.dashboard.arrange("diagnosis")
        here.lab.set_speed(FASTEST)
        here.until(lambda: "diagnosis" in here.window.dashboard.views)

    @property
    def shot(self):
        return self.here.window.snapshot

    @property
    def view(self):
        return self.here.window.dashboard.views["diagnosis"]

    @property
    def words(self):
        """Everything that the diagnosis says."""
        return " ".join(line.text for line in self.view.list.page.words)

    def accusations(self):
        """The rules that accuse the run."""
        return [card.finding.rule for group in self.view.list.groups for card in group.cards if card.finding.accuses]

    def train(self, steps):
        """Train, until the diagnosis has seen the end of it."""
        there = self.here.step + steps
        self.here.lab.step(steps)
        self.here.until(lambda: self.here.step == there and not self.here.lab.playing)
        self.here.until(lambda: self.view.judged is self.shot)

    def press(self, rule, deed=None):
        """One click: on what shows the finding, or on a remedy, the first one unless it is named."""
        deeds = [key[2] for key in self.view.list.page.buttons if key[1] == rule]
        deed = deed or next(each for each in deeds if each != SHOW)
        QTest.mouseClick(self.view.buttons.known[(0, rule, deed)], Qt.MouseButton.LeftButton)
        return deed

    def undo(self):
        """One Ctrl+Z."""
        self.here.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    def leave(self):
        """Leave the window as the next one is to open."""
        self.here.window.dashboard.arrange()


def flow(shot):
    """The length of the gradient by each hidden layer's inputs, as a share of the last hidden layer's."""
    deltas = shot.runs[0].inside.deltas
    lengths = [np.linalg.norm(rows.astype(float)) for rows in np.split(deltas, shot.shape.offsets[1:])]
    return np.array(lengths[: shot.shape.layers - 1]) / lengths[shot.shape.layers - 2]


def test_a_deep_sigmoid_network_is_cured_of_vanishing_gradients_by_one_click(desk):
    settings = net(Sigmoid(), (16,) * 6, GlorotNormal(), learning_rate=0.05)
    walk = Patient(desk(settings))
    walk.train(1000)
    assert walk.accusations() == ["vanishing"]
    assert "The gradient that reaches hidden layer 1 is 0.000" in walk.words
    assert "below the threshold of 0.01" in walk.words or "below 0.01" in walk.words
    assert flow(walk.shot)[0] < 0.01
    walk.press("vanishing", SHOW)
    assert walk.here.window.dashboard.views["gradient_flow"].seen
    assert walk.press("vanishing") == "relu_he"
    walk.here.until(lambda: walk.here.step == 0)
    run = walk.here.lab.settings.runs[0]
    assert (run.activation, run.initializer) == (ReLU(), HeNormal())
    assert "ReLU, started as He" in walk.here.window.statusBar().currentMessage()
    walk.train(2000)
    assert walk.accusations() == []
    assert "healthy" in walk.words
    assert flow(walk.shot).min() > 0.1
    assert walk.shot.runs[0].metrics.train_loss < 0.1
    walk.undo()
    walk.here.until(lambda: walk.here.lab.settings == settings)
    walk.leave()


def test_a_relu_network_killed_by_a_shift_of_biases_is_told_why_and_revived_by_one_click(desk):
    walk = Patient(desk(net(ReLU(), (8, 8, 8))))
    walk.train(400)
    assert walk.accusations() == []
    walk.here.lab.operate(ShiftBiases(run=0, layer=KILLED, amount=-50.0))
    walk.here.until(lambda: len(walk.here.lab.session.record) == 1)
    walk.train(200)
    layer = walk.shot.runs[0].neurons.layer == KILLED
    assert walk.shot.runs[0].neurons.dead[layer].all()
    assert walk.accusations() == ["dead"]
    assert "8 of 8 neurons of hidden layer 2 are dead (100 %)" in walk.words
    assert "died at step 400" in walk.words
    assert "an edit by hand" in walk.words
    loss = walk.shot.runs[0].metrics.train_loss
    assert walk.press("dead") == "revive"
    walk.here.until(lambda: not walk.shot.runs[0].neurons.dead[layer].any())
    walk.train(1000)
    living = walk.shot.runs[0].neurons
    assert walk.here.step == 1600
    assert walk.accusations() == []
    assert not living.dead[layer].any()
    assert np.all(living.fires[layer] > 0)
    assert walk.shot.runs[0].metrics.train_loss < 0.1 < 0.5 * loss
    walk.undo()
    walk.here.until(lambda: walk.shot.runs[0].neurons.dead[layer].all())
    walk.leave()
