"""The window of passports: it fills itself in the background, sorts, filters, follows the lab, exports and ends."""

import csv
import io
import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QMainWindow

from reluviz.core.activations import ACTIVATIONS, LeakyReLU, ReLU, Sigmoid
from reluviz.core.formula import Formula
from reluviz.core.passport import columns
from reluviz.core.passport_rows import labelled
from reluviz.core.settings import Network, Run, Settings
from reluviz.ui.appearance import Appearance
from reluviz.ui.lab import Lab
from reluviz.ui.passport_desk import Passports
from reluviz.ui.passport_fate import together
from reluviz.ui.passport_model import COLUMNS, KEY, TITLE, VALUE
from reluviz.ui.passport_window import WAITS
from reluviz.ui.preferences import Preferences

# The platform without a screen says so whenever a window opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

WAIT_MS = 20_000
LAB = Settings(
    network=Network(hidden=(3, 3)),
    runs=(
        Run(activation=ReLU(), color=0),
        Run(activation=Formula("x*sigmoid(2*x)"), color=1),
        Run(activation=LeakyReLU(slope=0.2), color=2),
    ),
)


@pytest.fixture(scope="module")
def known():
    """Every passport that the tests need, computed once for all of them."""
    kinds = [kind() for kind in ACTIVATIONS.values() if kind is not Formula]
    return {a: labelled(a) for a in [*kinds, *(run.activation for run in LAB.runs)]}


@pytest.fixture
def desk(qtbot, qapp):
    """A main window whose lab's engine has not been started, and the passports of it."""
    owner = QMainWindow()
    qtbot.addWidget(owner)
    appearance = Appearance(QApplication.instance())
    owner.lab, owner.appearance, owner.preferences = Lab(LAB), appearance, Preferences()
    owner.passports = Passports(owner, owner.lab, appearance, owner.preferences)
    yield owner
    owner.passports.close()
    owner.lab.close()
    appearance.deleteLater()


@pytest.fixture
def window(desk, known):
    """The open window, with all figures in it."""
    desk.passports.open()
    made = desk.passports.window
    made.study.stop()
    for activation, passport in known.items():
        made.model.put(activation, passport)
    made._advanced()
    return made


def shown(window, column):
    return [window.order.index(row, column).data(VALUE) for row in range(window.order.rowCount())]


def place(key):
    return next(n for n, column in enumerate(COLUMNS) if column.key == key)


def test_it_fills_itself_and_ends_when_closed(qtbot, desk):
    desk.passports.open()
    window = desk.passports.window
    assert window.order.rowCount() == len(ACTIVATIONS) - 1 + 2
    qtbot.waitUntil(lambda: window.model.value(0, place("gain")) is not None, timeout=WAIT_MS)
    assert window.bar.isVisibleTo(window)
    assert window.words.text().startswith("Computing the figures: ")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert not window.study.busy
    done = sum(value is not None for value in shown(window, place("gain")))
    assert 0 < done < window.order.rowCount()
    desk.passports.open()
    assert desk.passports.window is window
    assert sum(value is not None for value in shown(window, place("gain"))) >= done


def test_used_rows_come_first_and_are_marked(window):
    titles = [window.order.index(row, TITLE) for row in range(4)]
    assert [index.data() for index in titles] == ["ReLU", "x*sigmoid(2*x)", "Leaky ReLU Slope 0.2", "Identity"]
    assert [index.data(Qt.ItemDataRole.FontRole) is not None for index in titles] == [True, True, True, False]
    assert titles[2].data(Qt.ItemDataRole.ToolTipRole).endswith("used by Leaky ReLU Slope 0.2, layers 1, 2")
    assert window.words.text() == f"{window.model.rowCount()} activations. {WAITS}"


def test_every_column_sorts_by_value_with_gaps_last(window):
    for column in columns():
        for way in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
            window.table.sortByColumn(place(column.key), way)
            values = shown(window, place(column.key))
            there = [value for value in values if value is not None]
            assert values[len(there) :] == [None] * (len(values) - len(there)), column.key
            assert bool(there) == (column.key != "cost_ns")
            fold = [value.casefold() if isinstance(value, str) else value for value in there]
            assert fold == sorted(fold, reverse=way == Qt.SortOrder.DescendingOrder), column.key


def test_a_third_click_brings_back_the_order_of_the_lab(window):
    before = shown(window, KEY)
    header = window.table.horizontalHeader()
    window.table.sortByColumn(place("gain"), Qt.SortOrder.AscendingOrder)
    assert shown(window, KEY) != before
    header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    assert shown(window, KEY) == before
    assert window.table.names.horizontalHeader().sortIndicatorSection() == -1


def test_typing_filters_and_keeps_something_chosen(qtbot, window):
    qtbot.keyClicks(window.filter, "hard TANH")
    assert shown(window, KEY) == ["hard_tanh"]
    assert window.chosen.label == "Hard tanh"
    assert window.page.name.text() == "Hard tanh"
    assert window.words.text().startswith(f"1 of {window.model.rowCount()} activations")
    qtbot.keyClicks(window.filter, "qqq")
    assert window.order.rowCount() == 0
    window.filter.clear()
    assert window.order.rowCount() == window.model.rowCount()
    assert window.chosen is not None


def test_headers_explain_and_choose_columns(window):
    for number, column in enumerate(columns()):
        words = window.order.headerData(number, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        assert column.help in words
        assert column.unit in words
    assert KEY not in window.table.shown_columns()
    assert window.table.shown_columns()[0] == TITLE
    menu = window.table.header_menu()
    assert [action.data() for action in menu.actions()] == [n for n in range(len(COLUMNS)) if n != TITLE]
    action = next(a for a in menu.actions() if a.data() == place("gain"))
    action.trigger()
    assert place("gain") not in window.table.shown_columns()
    action.trigger()
    assert place("gain") in window.table.shown_columns()


def test_csv_is_exactly_the_table(window, known, tmp_path):
    window.table.sortByColumn(place("critical"), Qt.SortOrder.DescendingOrder)
    window.write(tmp_path / "passports.csv")
    assert window.words.text() == "Saved passports.csv"
    assert window._preferences.image_folder == str(tmp_path)
    header, *lines = csv.reader(io.StringIO((tmp_path / "passports.csv").read_text(encoding="utf-8")))
    assert header == [f"{column.title} ({column.unit})" for column in columns()]
    assert len(lines) == window.order.rowCount()
    by_title = {passport.title: passport for passport in known.values()}
    for line, title in zip(lines, shown(window, TITLE), strict=True):
        assert line[TITLE] == title
        for cell, column in zip(line, columns(), strict=True):
            value = getattr(by_title[title], column.key)
            if isinstance(value, bool):
                assert cell == ("yes" if value else "no")
            elif isinstance(value, float):
                assert (cell == "") if math.isnan(value) else float(cell) == value
            else:
                assert cell == (value or "")


def test_a_picture_has_the_whole_table(qapp, window, tmp_path):
    window.write(tmp_path / "passports.png")
    image = QImage(str(tmp_path / "passports.png"))
    table = window.table
    frame = 2 * table.frameWidth()
    assert image.width() == 2 * (table.horizontalHeader().length() + frame)
    assert image.height() == 2 * (table.horizontalHeader().height() + table.verticalHeader().length() + frame)
    ground = QImage.pixelColor(image, 4, image.height() - 8).name()
    lines = {image.pixelColor(x, y).name() for x in range(0, image.width(), 7) for y in (image.height() - 30,)}
    assert lines - {ground}, "the last row is empty"


def test_what_cannot_be_saved_is_said(window, tmp_path):
    window.write(tmp_path / "none" / "passports.csv")
    assert "could not be written" in window.problem.text()
    window.write(tmp_path / "passports.xyz")
    assert window.problem.text() == "the ending of passports.xyz is not allowed: it must be csv or png"


def test_selected_rows_go_to_the_clipboard(qtbot, window):
    window.table.selectRow(0)
    qtbot.keyClick(window.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(window.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    header, *lines = QGuiApplication.clipboard().text().splitlines()
    assert window.words.text() == "Copied 2 rows"
    assert header.split("\t")[0] == "Activation (name)"
    assert [line.split("\t")[0] for line in lines] == ["ReLU", "x*sigmoid(2*x)"]
    assert len(lines[0].split("\t")) == len(window.table.shown_columns())
    QGuiApplication.clipboard().clear()


def test_it_follows_the_lab_and_keeps_the_chosen_run(qtbot, desk, window):
    window._choose(2)
    assert window.page.name.text() == "Leaky ReLU Slope 0.2"
    runs = desk.lab.settings.runs
    changed = (*runs[:2], runs[2].evolve(activation=LeakyReLU(slope=0.3)))
    desk.lab.edit(desk.lab.settings.evolve(runs=changed))
    qtbot.waitUntil(lambda: window.page.name.text() == "Leaky ReLU Slope 0.3", timeout=WAIT_MS)
    assert window.order.rowCount() == len(ACTIVATIONS) - 1 + 2
    window.study.stop()
    desk.lab.edit(desk.lab.settings.evolve(runs=(Run(activation=Sigmoid()),)))
    qtbot.waitUntil(lambda: window.order.rowCount() == len(ACTIVATIONS) - 1, timeout=WAIT_MS)
    assert window.order.index(0, TITLE).data() == "Sigmoid"
    window.study.stop()


def test_born_dead_by_formula_and_simulation(qtbot, window):
    """Two layers of three: 1 - (7/8)² at one input; dead at all of many inputs is rarer."""
    window._choose(0)
    window.study.go_on()
    qtbot.waitUntil(lambda: not window.study.busy, timeout=WAIT_MS)
    text = window.page.fate.text()
    assert "23 % are born dead at one given input" in text
    one, many = ([piece for key, piece in window.study.simulated.items() if key[1] == points] for points in (1, 64))
    one, many = together(one), together(many)
    assert one.nets == many.nets == 20_000
    assert one.share == pytest.approx(1 - (7 / 8) ** 2, abs=4 * one.standard_error)
    assert many.share < one.share
    assert f"{100 * one.share:.1f}" in text
    window._choose(2)
    assert not window.page.fate.isVisibleTo(window)


def test_themes_and_sizes_of_text(desk, window):
    for choice, scale in (("light", 1.0), ("dark", 2.0), ("dark", 1.0)):
        desk.appearance.set_choice(choice)
        desk.appearance.set_scale(scale)
        metrics = window.table.fontMetrics()
        assert window.table.columnWidth(place("mean")) > metrics.horizontalAdvance("−0.806059")
        assert window.table.columnWidth(place("gain")) > metrics.horizontalAdvance("1/√E f(z)²")
        assert window.table.names.width() == window.table.columnWidth(TITLE)
        assert window.table.rowHeight(0) > metrics.height()


def test_everything_has_a_name_and_can_be_reached(window):
    for widget in (window.filter, window.table, window.page, window.bar, window.copy_button, window.save_button):
        assert widget.accessibleName()
    for widget in (window.filter, window.table, window.copy_button, window.save_button, window.close_button):
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    index = window.order.index(0, TITLE)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "ReLU, used in the lab"


def test_closing_while_computing_leaves_no_thread(qtbot, desk):
    desk.passports.open()
    window = desk.passports.window
    assert window.study.busy
    desk.passports.close()
    assert not window.study._errands.busy
