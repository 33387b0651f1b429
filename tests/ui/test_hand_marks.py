"""Neurons that a person has held or killed: marked by shape in the maps, and named in the inset and the key."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from reluviz.core.settings import Network, Settings
from reluviz.core.surgery import Freeze, Kill
from reluviz.core.trainer import Trainer
from reluviz.ui.theme import LIGHT
from reluviz.ui.views.hand_marks import HELD, KILLED, hand_words, paint_hands
from reluviz.ui.views.neuron_activity import NeuronActivity

NETWORK = Network(hidden=(4, 4))


@pytest.fixture
def trainer():
    """Two runs; the second neuron of layer 1 of the first is held, the third of layer 2 killed."""
    made = Trainer(Settings(network=NETWORK))
    made.operate(Freeze(0, 0, 1, True, number=1))
    made.operate(Kill(0, 1, 2, number=2))
    return made


@pytest.fixture
def view(qtbot):
    made = NeuronActivity()
    qtbot.addWidget(made)
    made.resize(520, 380)
    made.show()
    return made


def pixels(image):
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1).copy()


def test_only_the_neurons_that_were_edited_are_named(view, trainer):
    shot = trainer.snapshot()
    view.draw(shot)
    named = {}
    for run, state in enumerate(shot.runs):
        for neuron in range(len(state.frozen)):
            view._show_inset(shot, run, neuron)
            words = view.caption.text()
            assert words.endswith(hand_words(state, neuron))
            named[run, neuron] = [kind for kind in ("held by hand", "killed by hand") if kind in words]
    assert {place: kinds for place, kinds in named.items() if kinds} == {
        (0, 1): ["held by hand"],
        (0, 6): ["killed by hand"],
    }


def test_the_key_names_what_occurs_and_goes_with_it(view, trainer):
    view.draw(trainer.snapshot())
    assert view.key_of_hands.kinds == (HELD, KILLED)
    assert view.key_of_hands.maximumHeight() > 10
    trainer.take_back(2)
    view.draw(trainer.snapshot())
    assert view.key_of_hands.kinds == (HELD,)
    view.draw(Trainer(Settings(network=NETWORK)).snapshot())
    assert view.key_of_hands.kinds == ()
    assert view.key_of_hands.maximumHeight() == 0


def test_the_maps_show_the_marks_on_the_edited_tiles_alone(view, trainer, qapp, monkeypatch):
    view.draw(trainer.snapshot())
    view.grab()
    qapp.processEvents()
    view.draw(trainer.snapshot())
    marked = pixels(view.grab().toImage())
    monkeypatch.setattr("reluviz.ui.views.mosaic.paint_hands", lambda *_: None)
    monkeypatch.setattr("reluviz.ui.views.mosaic.paint_hand_words", lambda *_: None)
    view.mosaics[0].update()
    changed = marked != pixels(view.grab().toImage())
    assert changed.any()
    mosaic = view.mosaics[0]
    for layer, unit in ((0, 1), (1, 2)):
        x, y = mosaic._tiling.place(layer, unit)
        place = view.canvas.mapFromScene(mosaic.mapToScene(x, y + 22))
        tile = mosaic._tiling.tile
        own = changed[place.y() - 2 : place.y() + tile + 3, place.x() - 2 : place.x() + tile + 3]
        assert own.sum() > tile
        own[:] = False
    assert not changed.any()


@pytest.mark.parametrize("side", [14, 40])
def test_held_and_killed_differ_in_shape(side):
    inked = {}
    for kind in (HELD, KILLED):
        image = QImage(side, side, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.red)
        painter = QPainter(image)
        paint_hands(painter, kind, [QRectF(0, 0, side, side)], LIGHT)
        painter.end()
        inked[kind] = pixels(image) != 0xFFFF0000
    assert inked[HELD][side // 2, 0]
    assert not inked[HELD][side // 2, side // 2]
    assert inked[KILLED][side // 2, side // 2]
    assert not inked[KILLED][side // 2, 0]
