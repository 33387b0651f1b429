"""The typed formula: nothing changes until it can be read, what is wrong is said, and every parameter has a slider."""

import pytest
from PySide6.QtCore import Qt

from reluviz.core.formula import Constant, Formula
from reluviz.ui.formula_editor import EXAMPLES, FormulaForm


@pytest.fixture
def form(qtbot):
    """A form that shows a formula with a parameter, and keeps what it emits."""
    made = FormulaForm()
    qtbot.addWidget(made)
    made.heard = []

    def hear(formula, gesture):
        made.heard.append((formula, gesture))
        made.show_value(formula)

    made.edited.connect(hear)
    made.show_value(Formula("x*sigmoid(b*x)"))
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def retype(qtbot, form, text, key=Qt.Key.Key_Return):
    """Type another formula as a person does."""
    form.field.setFocus()
    form.field.selectAll()
    qtbot.keyClicks(form.field, text)
    if key is not None:
        qtbot.keyClick(form.field, key)


def test_enter_applies_a_formula_and_keeps_the_parameters_that_stay(qtbot, form):
    form.show_value(Formula("x*sigmoid(b*x)", (Constant("b", 2.0, 0.0, 4.0),)))
    retype(qtbot, form, "x*sigmoid(b*x) + a")
    assert form.heard[-1][0] == Formula("x*sigmoid(b*x) + a", (Constant("b", 2.0, 0.0, 4.0), Constant("a")))
    assert form.meaning.text() == form.heard[-1][0].shown
    assert [row.name.text() for row in form.rows] == ["b", "a"]


def test_a_pause_applies_it_too_and_all_typing_of_one_visit_is_one_step(qtbot, form):
    retype(qtbot, form, "sin(x)", key=None)
    assert form.heard == []
    qtbot.waitUntil(lambda: len(form.heard) == 1)
    assert form.heard[0][0].expression == "sin(x)"
    qtbot.keyClicks(form.field, " + x")
    qtbot.waitUntil(lambda: len(form.heard) == 2)
    assert form.heard[1][0].expression == "sin(x) + x"
    assert form.heard[0][1] == form.heard[1][1]
    qtbot.keyClick(form.field, Qt.Key.Key_Return)
    retype(qtbot, form, "sin(x)")
    assert form.heard[2][1] != form.heard[1][1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("max(0.1*x, x", "bracket"),
        ("x^2", "**"),
        ("2x", "product is written with *"),
        ("", "empty"),
        ("y*(x", "not closed"),
    ],
)
def test_what_cannot_be_read_changes_nothing_and_says_why(qtbot, form, text, sentence):
    retype(qtbot, form, text)
    if not text:
        qtbot.keyClick(form.field, Qt.Key.Key_Backspace)
        qtbot.keyClick(form.field, Qt.Key.Key_Return)
    assert form.heard == []
    assert sentence in form.problem.text()
    assert form.problem.text().endswith(".")
    assert form.problem.isVisible()
    assert form.field.property("wrong")
    assert form.field.text() == text
    assert not form.meaning.isEnabled()


def test_a_refused_text_stays_when_the_line_is_left_and_escape_takes_it_back(qtbot, form):
    retype(qtbot, form, "max(x", key=None)
    form.rows[0].value.field.setFocus()
    qtbot.waitUntil(lambda: form.problem.isVisible())
    assert form.field.text() == "max(x"
    form.show_value(Formula("x*sigmoid(b*x)", (Constant("b", 3.0),)))
    assert form.field.text() == "max(x"
    form.field.setFocus()
    qtbot.keyClick(form.field, Qt.Key.Key_Escape)
    assert form.field.text() == "x*sigmoid(b*x)"
    assert not form.problem.isVisible()
    assert form.heard == []


def test_an_undone_formula_replaces_what_was_refused(qtbot, form):
    retype(qtbot, form, "max(x")
    form.show_value(Formula("sin(x)"))
    assert form.field.text() == "sin(x)"
    assert not form.field.property("wrong")
    assert not form.problem.isVisible()


def test_the_sentence_goes_as_soon_as_the_text_can_be_read(qtbot, form):
    retype(qtbot, form, "tanh(x")
    assert form.problem.isVisible()
    qtbot.keyClicks(form.field, ")")
    assert not form.problem.isVisible()
    assert form.heard == []


def test_sliders_and_fields_set_parameters(qtbot, form):
    row = form.rows[0]
    row.value.slider.setSliderDown(True)
    for notch in (20, 150):
        row.value.slider.setValue(notch)
    row.value.slider.setSliderDown(False)
    values = [formula.constants[0].value for formula, _ in form.heard]
    assert values == sorted(values)
    assert len(values) == 2
    assert form.heard[0][1] == form.heard[1][1]
    row.value.field.setFocus()
    row.value.field.selectAll()
    qtbot.keyClicks(row.value.field, "2,5")
    qtbot.keyClick(row.value.field, Qt.Key.Key_Return)
    assert form.heard[-1][0].constants == (Constant("b", 2.5),)


def commit(qtbot, field, text):
    """Type a number and leave the field."""
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_the_ends_of_a_slider_are_edited_and_a_value_beyond_widens_them(qtbot, form):
    row = form.rows[0]
    commit(qtbot, row.value.field, "8")
    assert form.heard[-1][0].constants == (Constant("b", 8.0, -5.0, 8.0),)
    commit(qtbot, row.high, "2")
    assert form.heard[-1][0].constants == (Constant("b", 2.0, -5.0, 2.0),)
    commit(qtbot, row.low, "0")
    assert form.heard[-1][0].constants == (Constant("b", 2.0, 0.0, 2.0),)
    row.value.slider.setValue(100)
    assert form.heard[-1][0].constants[0].value == pytest.approx(1.0)
    count = len(form.heard)
    commit(qtbot, row.low, "9")
    assert len(form.heard) == count
    assert row.low.property("wrong")
    assert "more than low" in row.low.toolTip()


def test_the_slope_is_compared_with_finite_differences(qtbot, form):
    qtbot.waitUntil(lambda: form.verdict.text() != "")
    assert "agrees with finite differences" in form.verdict.text()
    assert not form.warning.isVisible()
    form.show_value(Formula("log(x)"))
    form.check()
    assert "not a finite number" in form.warning.text()
    assert form.warning.isVisible()
    form.show_value(Formula("3 + 0*x"))
    form.check()
    assert "constant" in form.warning.text()


@pytest.mark.parametrize(("title", "expression"), EXAMPLES)
def test_every_example_is_a_formula_whose_slope_agrees(form, title, expression):
    form.show_value(Formula("x + 1"))
    action = next(action for action in form.examples.menu().actions() if action.data() == expression)
    action.trigger()
    assert form.heard[-1][0] == Formula(expression)
    assert form.field.text() == expression
    form.check()
    assert form.report.agrees
    assert not form.warning.isVisible()


def test_everything_has_a_name_and_help(form):
    row = form.rows[0]
    for widget in (form.field, form.examples, row.low, row.high, row.value.field, row.value.slider):
        assert widget.accessibleName()
        assert widget.toolTip()
