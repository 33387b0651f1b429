"""The preview of a table and the list of its columns: marks, words, ticks and the filter."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from reluviz.core.csvguess import sketch
from reluviz.ui.column_list import ColumnList
from reluviz.ui.data_preview import PreviewTable, Use, fault
from reluviz.ui.data_words import counted, size_text
from reluviz.ui.theme import DARK, LIGHT

TEXT = "kind;long;wide;note\na;1,5;2;x\nb;;3;y\na;2,5;four;z\nb;3,5;5;w\na;4,5;6;v\nb;5,5;7;u\n"


@pytest.fixture
def small(tmp_path):
    """The sketch of a small table with one missing cell and one that is no number."""
    path = tmp_path / "small.csv"
    path.write_text(TEXT, encoding="utf-8")
    return sketch(path)


@pytest.fixture
def table(qtbot, small):
    """The preview of the small table, `wide` and `long` being inputs and `kind` the target."""
    made = PreviewTable()
    qtbot.addWidget(made)
    QAbstractItemModelTester(made.rows, QAbstractItemModelTester.FailureReportingMode.QtTest)
    made.show_sketch(small, Use("kind", frozenset({"long", "wide"})))
    made.show()
    return made


def shown(model, row, column, role=Qt.ItemDataRole.DisplayRole):
    """What a model gives for a cell."""
    return model.data(model.index(row, column), role)


def test_headers_say_what_each_column_is_for(table):
    model = table.rows
    names = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(4)]
    assert names == ["kind\ntarget", "long\ninput", "wide\ninput", "note\nnot used"]
    colors = [model.headerData(i, Qt.Orientation.Horizontal, Qt.ItemDataRole.ForegroundRole).name() for i in range(4)]
    assert colors == [LIGHT.accent, LIGHT.text, LIGHT.text, LIGHT.dim]
    model.show_use(Use("note", frozenset({"long"})))
    assert [model.role_of(i) for i in range(4)] == ["not used", "input", "not used", "target"]


def test_cells_that_cannot_be_used_are_marked_in_words_and_colour(table):
    model = table.rows
    assert shown(model, 1, 1) == "missing"
    assert "Line 3, column long" in shown(model, 1, 1, Qt.ItemDataRole.ToolTipRole)
    assert "“four” is not a number" in shown(model, 2, 2, Qt.ItemDataRole.ToolTipRole)
    missing, wrong, fine = (shown(model, *at, Qt.ItemDataRole.BackgroundRole) for at in ((1, 1), (2, 2), (0, 1)))
    assert fine is None
    assert missing.name() != wrong.name()
    model.show_theme(DARK)
    assert shown(model, 1, 1, Qt.ItemDataRole.BackgroundRole) != missing


def test_columns_that_are_not_used_complain_of_nothing(table):
    table.rows.show_use(Use("kind", frozenset({"wide"})))
    assert shown(table.rows, 1, 1) == ""
    assert table.rows.fault_of(1, 1) == ""


def test_a_target_of_classes_may_be_text_and_one_of_numbers_may_not(table):
    assert table.rows.fault_of(0, 0) == ""
    table.rows.show_use(Use("kind", frozenset({"wide"}), numeric=True))
    assert table.rows.fault_of(0, 0) == "no number"


@pytest.mark.parametrize(
    ("cell", "numeric", "wanted"),
    [
        ("1,5", True, ""),
        ("1.5", True, "no number"),
        ("", True, "missing"),
        ("-", True, "missing"),
        ("NA", False, "missing"),
        ("-", False, ""),
        ("x", False, ""),
    ],
)
def test_faults(cell, numeric, wanted):
    assert fault(cell, numeric, "comma") == wanted


@pytest.fixture
def ticks(qtbot, small):
    """The list of the small table's columns."""
    made = ColumnList()
    qtbot.addWidget(made)
    QAbstractItemModelTester(made.columns, QAbstractItemModelTester.FailureReportingMode.QtTest)
    made.show_columns(small.columns, "kind", None)
    made.show()
    return made


def test_only_columns_of_numbers_can_be_inputs(ticks):
    assert ticks.columns.chosen() == ("long", "wide")
    assert ticks.count.text() == "Inputs: 2 of 2"
    texts = [shown(ticks.columns, row, 0) for row in range(4)]
    assert texts == ["kind (target)", "long", "wide", "note (text)"]
    assert not ticks.columns.flags(ticks.columns.index(0)) & Qt.ItemFlag.ItemIsUserCheckable
    ticks.show_target("long")
    assert ticks.columns.chosen() == ("wide",)
    ticks.show_target("kind")
    assert ticks.columns.chosen() == ("long", "wide")


def test_space_and_buttons_tick(qtbot, ticks):
    with qtbot.waitSignal(ticks.changed):
        ticks.none.click()
    assert ticks.columns.chosen() == ()
    ticks.view.setFocus()
    ticks.view.setCurrentIndex(ticks.view.model().index(2, 0))
    with qtbot.waitSignal(ticks.changed):
        qtbot.keyClick(ticks.view, Qt.Key.Key_Space)
    assert ticks.columns.chosen() == ("wide",)
    ticks.all.click()
    assert ticks.columns.chosen() == ("long", "wide")


def test_many_columns_have_a_filter_that_all_and_none_obey(qtbot, tmp_path):
    path = tmp_path / "many.csv"
    names = [f"a{i}" for i in range(20)] + [f"b{i}" for i in range(20)] + ["kind"]
    rows = [",".join([*(f"{i}.5" for i in range(40)), kind]) for kind in "xyxyxy"]
    path.write_text("\n".join([",".join(names), *rows]), encoding="utf-8")
    made = ColumnList()
    qtbot.addWidget(made)
    made.show_columns(sketch(path).columns, "kind", None)
    made.show()
    assert made.filter.isVisible()
    qtbot.keyClicks(made.filter, "B1")
    assert made.view.model().rowCount() == 11
    made.none.click()
    assert len(made.columns.chosen()) == 29
    made.filter.clear()
    made.none.click()
    made.all.click()
    assert len(made.columns.chosen()) == 40


def test_sizes_and_counts():
    assert [size_text(n).replace("\u202f", " ") for n in (12, 12_345, 123_456_789, 2_000_000_000)] == [
        "12 bytes", "12.3 KB", "123 MB", "2 GB",
    ]
    assert counted(1, "row") == "1 row"
    assert counted(3, "class", "classes") == "3 classes"
