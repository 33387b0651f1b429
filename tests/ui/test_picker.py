"""The list of activations: it is searched, explains, and chooses; its small curves are true."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette

from reluviz.core.activations import ACTIVATIONS, BinaryStep, LeakyReLU, ReLU, Sigmoid
from reluviz.core.formula import Formula
from reluviz.ui.activation_combo import ActivationCombo
from reluviz.ui.curve_icons import SIZE, curve_icon, strokes
from reluviz.ui.inputs import Combo

# The platform without a screen says so whenever a list opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def combo(qtbot):
    """A combo box of all activations, shown, with ReLU chosen."""
    made = ActivationCombo("Activation")
    for key, entry in ACTIVATIONS.items():
        made.addItem(entry.title, key)
    made.show_item("relu")
    qtbot.addWidget(made)
    made.show()
    yield made
    made.hidePopup()


def listed(combo):
    """The titles that the open list shows."""
    matches = combo.drawer.matches
    return [matches.index(row, 0).data() for row in range(matches.rowCount())]


def test_the_list_opens_on_the_current_item_and_explains_it(combo):
    combo.showPopup()
    assert listed(combo) == [entry.title for entry in ACTIVATIONS.values()]
    assert combo.drawer.list.currentIndex().data() == "ReLU"
    assert combo.drawer.about.text().startswith(ReLU.formula)
    assert ReLU.__doc__.split()[0] in combo.drawer.about.text()


@pytest.mark.parametrize(
    ("typed", "found"),
    [("sw", {"Swish", "Hard swish"}), ("HARD tanh", {"Hard tanh"}), ("gelu-tanh", {"GELU (tanh)"}), ("qqq", set())],
)
def test_typing_finds_parts_of_names_and_keys(qtbot, combo, typed, found):
    combo.showPopup()
    qtbot.keyClicks(combo.drawer.search, typed)
    assert set(listed(combo)) == found
    if not found:
        assert combo.drawer.about.text() == "Nothing has this name."
        qtbot.keyClick(combo.drawer.search, Qt.Key.Key_Return)
        assert combo.currentData() == "relu"


def test_arrows_move_and_enter_chooses_once(qtbot, combo):
    heard = []
    combo.currentIndexChanged.connect(lambda index: heard.append(combo.itemData(index)))
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Return)
    assert combo.drawer.isVisible()
    qtbot.keyClicks(combo.drawer.search, "sigm")
    qtbot.keyClick(combo.drawer.search, Qt.Key.Key_Down)
    qtbot.keyClick(combo.drawer.search, Qt.Key.Key_Return)
    assert heard == ["hard_sigmoid"]
    assert not combo.drawer.isVisible()
    combo.showPopup()
    assert combo.drawer.search.text() == ""
    qtbot.keyClick(combo.drawer, Qt.Key.Key_Escape)
    assert not combo.drawer.isVisible()
    assert heard == ["hard_sigmoid"]


def test_a_click_chooses(qtbot, combo):
    combo.showPopup()
    index = combo.drawer.matches.index(1, 0)
    combo.drawer.list.scrollTo(index)
    place = combo.drawer.list.visualRect(index).center()
    qtbot.mouseClick(combo.drawer.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert combo.currentData() == "binary_step"


def test_a_closed_box_draws_its_own_curve_and_the_list_all_of_them(combo):
    drawn = {combo.itemData(place) for place in range(combo.count()) if not combo.itemIcon(place).isNull()}
    # The first item was the current one when it was added.
    assert drawn == {"identity", "relu"}
    combo.showPopup()
    assert all(not combo.itemIcon(place).isNull() for place in range(combo.count()))
    before = combo.itemIcon(combo.currentIndex()).cacheKey()
    palette = QPalette(combo.palette())
    palette.setColor(QPalette.ColorRole.Text, QColor("#ff0000"))
    combo.setPalette(palette)
    assert combo.itemIcon(combo.currentIndex()).cacheKey() != before
    assert isinstance(combo, Combo)


def test_the_box_draws_the_activation_as_it_is_set(combo):
    plain = combo.itemIcon(combo.currentIndex()).cacheKey()
    combo.show_item("leaky_relu")
    combo.show_curve(LeakyReLU())
    usual = combo.itemIcon(combo.currentIndex()).cacheKey()
    combo.show_curve(LeakyReLU(slope=0.4))
    assert len({plain, usual, combo.itemIcon(combo.currentIndex()).cacheKey()}) == 3
    combo.show_item("relu")
    assert combo.itemIcon(combo.currentIndex()).cacheKey() == plain


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_every_activation_has_a_curve_inside_its_picture(key):
    lines, level = strokes(ACTIVATIONS[key]())
    points = np.array([point for line in lines for point in line])
    assert len(points) > 90
    assert points.min() >= 0
    assert points[:, 0].max() <= SIZE.width()
    assert points[:, 1].max() <= SIZE.height()
    assert 0 <= level <= SIZE.height()


def test_small_curves_break_where_f_jumps_and_where_it_is_not_a_number(qapp):
    assert len(strokes(Sigmoid())[0]) == 1
    assert len(strokes(BinaryStep())[0]) == 2
    assert max(x for line in strokes(Formula("log(-x)"))[0] for x, _ in line) < SIZE.width() / 2
    assert strokes(Formula("log(x-99)"))[0] == []
    assert not curve_icon(Formula("log(x-99)"), QPalette()).isNull()
