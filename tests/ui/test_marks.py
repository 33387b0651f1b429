"""The marks of neurons in the maps: the right one on each, told by shape and word, and the fate in the inset."""


import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from sick_labs import LABS, lab

from reluviz.core.fates import BORN, CAUSES
from reluviz.core.health import DORMANT as STATE_DORMANT
from reluviz.core.health import Thresholds, states
from reluviz.ui.theme import DARK, LIGHT
from reluviz.ui.views.marks import DEAD, DORMANT, NONE, SATURATED, SILENT, WORDS, MarkKey, marks_of, paint_marks
from reluviz.ui.views.neuron_activity import NeuronActivity
from reluviz.ui.views.neuron_words import describe


@pytest.fixture
def shown(qtbot):
    def make(name):
        view = NeuronActivity()
        qtbot.addWidget(view)
        view.resize(520, 380)
        view.show()
        view.draw(lab(name))
        return view

    return make


@pytest.mark.parametrize("name", LABS)
def test_every_neuron_has_the_mark_of_the_worst_that_is_true_of_it(name):
    shot = lab(name)
    state, outputs = shot.runs[0], shot.dataset.outputs
    found = marks_of(state, outputs)
    neurons = state.neurons
    assert ((found == DEAD) == neurons.dead).all()
    assert ((found == SILENT) == (neurons.silent & ~neurons.dead & np.isfinite(neurons.mean))).all()
    assert (found[-outputs:] == NONE).all()
    kinds = states(neurons, outputs, Thresholds())
    rarely = (kinds == STATE_DORMANT) & ~neurons.silent[:-outputs]
    assert ((found[:-outputs] == DORMANT) == rarely).all()
    expected = {"killed": DEAD, "born": DEAD, "flat": SATURATED, "living": NONE, "diverged": NONE}[name]
    assert (found[:-outputs] == expected).any()
    if name == "diverged":
        assert (found == NONE).all()
        assert "not a number" in describe(shot, 0, 3)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("side", [14, 30])
def test_marks_differ_in_shape_and_not_only_in_colour(theme, side):
    """Two marks that cover the same pixels would differ by their colour alone."""
    shapes = []
    for mark in (SATURATED, DORMANT, SILENT, DEAD):
        image = QImage(side + 4, side + 4, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        paint_marks(painter, mark, [QRectF(2, 2, side, side)], theme)
        painter.end()
        pixels = np.frombuffer(image.constBits(), np.uint32).reshape(side + 4, side + 4)
        shapes.append(pixels != pixels[0, 0])
    for first, shape in enumerate(shapes):
        assert shape.any()
        for other in shapes[first + 1 :]:
            assert (shape != other).sum() > 0.2 * min(shape.sum(), other.sum())


@pytest.mark.parametrize(("name", "mark"), [("killed", DEAD), ("flat", SATURATED)])
def test_the_key_explains_what_occurs(shown, name, mark):
    view = shown(name)
    assert any(words.startswith(WORDS[mark]) for words in view.key_of_marks.words)
    occurring = set(view.mosaics[0].marks.tolist()) - {NONE}
    assert set(view.key_of_marks.marks) == occurring
    view.draw(lab("living"))
    assert view.key_of_marks.words == ()
    assert view.key_of_marks.maximumHeight() == 0


def test_a_mark_that_goes_leaves_the_tiles_where_they_are(shown):
    """While the same runs are trained a line of the key does not come and go."""
    key, shot = MarkKey(), lab("killed")
    key.set_marks(shot, (0,), np.array([NONE, DORMANT]))
    key.set_marks(shot, (0,), np.array([NONE]))
    assert key.marks == (DORMANT,)
    key.set_marks(lab("living"), (0,), np.array([NONE]))
    assert key.marks == ()


def test_the_inset_says_when_a_neuron_died_of_what_and_whether_it_can_come_back():
    shot = lab("killed")
    fates = shot.runs[0].fates
    for neuron in np.flatnonzero(shot.runs[0].neurons.dead).tolist():
        words = describe(shot, 0, neuron)
        assert "<b>dead</b>" in words
        assert f"{fates.died_at[neuron]:,}".replace(",", "\u202f") in words
        assert CAUSES[fates.cause[neuron]] in words
        assert ("no earlier layer can revive it" in words) != bool(fates.revivable[neuron])
    alive = int(np.flatnonzero(~shot.runs[0].neurons.dead)[0])
    assert "dead" not in describe(shot, 0, alive)
    assert CAUSES[BORN] in describe(lab("born"), 0, 3)
    flat = int(np.flatnonzero(marks_of(lab("flat").runs[0], 1) == SATURATED)[0])
    assert "<b>saturated</b>" in describe(lab("flat"), 0, flat)
