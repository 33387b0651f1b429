"""Forms: every entry of every table is edited through its widgets, and what is refused changes nothing."""

import pytest
from PySide6.QtCore import Qt

from reluviz.core.activations import HardTanh
from reluviz.core.files import CSV
from reluviz.core.param import Choice, Entry, Integer, Number, Toggle, parameters
from reluviz.core.settings import Network, Run, Training
from reluviz.ui.editors import AmountEditor, OptionalEditor
from reluviz.ui.form import CATALOGS, EntryEditor, Form
from reluviz.ui.scales import NOTCHES, from_notch, parse, show, slidable, to_notch

ENTRIES = [(kind, key) for kind, catalog in CATALOGS.items() for key in catalog]
AMOUNTS = sorted(
    {
        parameter.kind
        for owner in (Network, Training, Run, *(entry for catalog in CATALOGS.values() for entry in catalog.values()))
        for parameter in parameters(owner)
        if isinstance(parameter.kind, (Number, Integer))
    },
    key=lambda kind: kind.title,
)


@pytest.fixture
def form(qtbot):
    """Make a form that shows a value and keeps what it emits."""

    def make(value, scope="training"):
        made = Form(type(value), scope)
        qtbot.addWidget(made)
        made.heard = []

        def hear(edited, gesture):
            made.heard.append((edited, gesture))
            made.show_value(edited)

        made.edited.connect(hear)
        made.show_value(value)
        made.show()
        made.activateWindow()
        qtbot.waitUntil(made.isActiveWindow)
        return made

    return make


def type_in(qtbot, field, text):
    """Replace a field's text as a person does."""
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize(("kind", "key"), ENTRIES, ids=[f"{kind}-{key}" for kind, key in ENTRIES])
def test_every_entry_can_be_chosen_and_its_parameters_edited(qtbot, kind, key):
    editor = EntryEditor(Entry("Entry", kind, "Help."), "Help.", "data")
    qtbot.addWidget(editor)
    qtbot.addWidget(editor.body)
    heard = []
    editor.edited.connect(lambda value, gesture: (heard.append(value), editor.show_value(value)))
    others = [other for other in CATALOGS[kind] if other != key]
    editor.show_value(CATALOGS[kind][others[0]]())
    editor.combo.setCurrentIndex(editor.combo.findData(key))
    assert heard == [CATALOGS[kind][key]()]
    # The last first: an upper limit makes room for the lower one.
    for parameter in reversed(parameters(type(heard[-1]))):
        if not isinstance(parameter.kind, (Number, Integer, Choice, Toggle)):
            continue
        inner = editor.current_form().editors[parameter.name]
        wanted = change(qtbot, inner, parameter)
        assert getattr(heard[-1], parameter.name) == pytest.approx(wanted)
        assert inner.targets()[0].accessibleName() == parameter.kind.title
        assert parameter.kind.help in inner.targets()[0].toolTip()


def change(qtbot, editor, parameter):
    """Give a parameter another value through its widgets; returns the value."""
    kind, default = parameter.kind, parameter.default
    if isinstance(kind, Choice):
        wanted = next(option for option in kind.options if option != default)
        editor.combo.setCurrentIndex(editor.combo.findData(wanted))
    elif isinstance(kind, Toggle):
        wanted = not default
        editor.box.click()
    else:
        middle = default + (kind.high - default) / 2 if default < kind.high else kind.low
        wanted = parse(kind, show(kind, round(middle) if isinstance(kind, Integer) else middle))
        type_in(qtbot, editor.field, show(kind, wanted))
    return wanted


def test_what_the_value_itself_refuses_is_marked_and_said(qtbot, form):
    made = form(HardTanh(), "run.activation")
    field = made.editors["low"].field
    type_in(qtbot, field, "3")
    assert field.text() == "3"
    assert field.property("wrong")
    assert "less than high = 1" in field.toolTip()
    assert made.heard == []
    made.editors["high"].field.setFocus()
    qtbot.waitUntil(lambda: field.text() == "-1")
    assert not field.property("wrong")
    slider = made.editors["low"].slider
    slider.setSliderDown(True)
    slider.setValue(NOTCHES)
    slider.setSliderDown(False)
    assert made.heard == []
    assert slider.value() == to_notch(made.editors["low"].kind, -1.0)


@pytest.mark.parametrize("kind", AMOUNTS, ids=lambda kind: kind.title)
def test_every_notch_of_a_slider_is_an_allowed_value_that_stays(kind):
    if not slidable(kind):
        return
    values = [from_notch(kind, notch) for notch in range(NOTCHES + 1)]
    assert all(kind.accepts(value) for value in values)
    assert values == sorted(values)
    assert values[0] == pytest.approx(kind.low)
    assert values[-1] == pytest.approx(kind.high)
    for value in values:
        assert parse(kind, show(kind, value)) == pytest.approx(value, rel=1e-3)
        assert 0 <= to_notch(kind, value) <= NOTCHES


@pytest.mark.parametrize(
    ("text", "value"), [("0,3", 0.3), ("0.3", 0.3), (" 1e-3 ", 0.001), ("−0.5", None), ("x", None)]
)
def test_a_number_is_read_with_comma_or_point(text, value):
    kind = Number("Rate", 0.0, 1.0, "Help.")
    if value is None:
        with pytest.raises(ValueError, match="a number from 0 to 1"):
            parse(kind, text)
    else:
        assert parse(kind, text) == value


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1_0", "0x1", "", "1e999", "9" * 30, "1;2"])
def test_nothing_odd_is_taken_for_a_number(text):
    for kind in (Number("Rate", 0.0, 5.0, "Help."), Integer("Count", 0, 5, "Help.")):
        with pytest.raises(ValueError, match=kind.allowed):
            parse(kind, text)


def test_a_refused_text_turns_red_says_why_and_goes_back(qtbot, form):
    made = form(Training())
    field = made.editors["learning_rate"].field
    type_in(qtbot, field, "20")
    assert field.property("wrong")
    assert "from 1e-06 to 10" in field.toolTip()
    assert field.text() == "20"
    assert made.heard == []
    made.editors["batch_size"].field.setFocus()
    qtbot.waitUntil(lambda: field.text() == "0.1")
    assert not field.property("wrong")
    assert made.heard == []


def test_leaving_a_field_commits_it(qtbot, form):
    made = form(Training())
    field = made.editors["learning_rate"].field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0,25")
    assert made.heard == []
    made.editors["batch_size"].field.setFocus()
    qtbot.waitUntil(lambda: made.heard != [])
    assert made.heard[-1][0].learning_rate == 0.25


def test_escape_takes_typing_back(qtbot, form):
    made = form(Training())
    field = made.editors["learning_rate"].field
    field.setFocus()
    qtbot.keyClicks(field, "77")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "0.1"


def test_showing_a_value_emits_nothing_and_spares_what_is_being_typed(qtbot, form):
    made = form(Training())
    field = made.editors["learning_rate"].field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.7")
    made.show_value(Training(batch_size=20))
    assert field.text() == "0.7"
    made.show_value(Training(learning_rate=0.01))
    assert field.text() == "0.01"
    assert made.heard == []


def test_the_edits_of_one_drag_share_a_gesture_and_two_drags_do_not(form):
    made = form(Training())
    slider = made.editors["learning_rate"].slider
    for notches in ((20, 40, 60), (80, 90)):
        slider.sliderPressed.emit()
        for notch in notches:
            slider.setValue(notch)
        slider.sliderReleased.emit()
    gestures = [gesture for _, gesture in made.heard]
    assert len(gestures) == 5
    assert len({id(gesture[2]) for gesture in gestures[:3]}) == 1
    assert gestures[0] != gestures[4]


def test_keys_turn_a_focused_field(qtbot, form):
    made = form(Network(), "network")
    field = made.editors["seed"].field
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert made.heard[-1][0].seed == 2
    qtbot.keyClick(field, Qt.Key.Key_PageDown)
    assert made.heard[-1][0].seed == 0


def test_layers_are_added_removed_and_typed(qtbot, form):
    made = form(Network(), "network")
    row = made.editors["hidden"].row
    row.more.click()
    assert made.heard[-1][0].hidden == (8, 8, 8, 8)
    type_in(qtbot, row.targets()[4], "3")
    assert made.heard[-1][0].hidden == (8, 3, 8, 8)
    type_in(qtbot, row.text, "4 5;6")
    assert made.heard[-1][0].hidden == (4, 5, 6)
    assert row.text.text() == "4, 5, 6"
    heard = len(made.heard)
    for wrong in ("0", "8, 2000", "eight", "", ", ".join(["1"] * 65)):
        type_in(qtbot, row.text, wrong)
        assert row.text.property("wrong")
    assert len(made.heard) == heard
    type_in(qtbot, row.text, "1")
    assert not row.less.isEnabled()
    type_in(qtbot, row.text, ", ".join(["2"] * 64))
    assert not row.more.isEnabled()


def test_an_optional_number_starts_from_its_fallback(form):
    made = form(Run(), "run")
    own = made.editors["learning_rate"]
    assert isinstance(own, OptionalEditor)
    own.fallback = 0.03
    own.box.click()
    assert made.heard[-1][0].learning_rate == 0.03
    own.box.click()
    assert made.heard[-1][0].learning_rate is None
    assert isinstance(own.inner, AmountEditor)
    assert not own.inner.isEnabled()


def test_tooltips_say_what_restarts():
    assert "restarts the runs" in Form(Network, "network").editors["seed"].help_text
    assert "without a restart" in Form(Training, "training").editors["learning_rate"].help_text
    assert "restarts the runs" in Form(Training, "training").editors["loss"].help_text


def test_what_has_no_editor_is_left_out():
    editors = Form(CSV, "data").editors
    assert "missing" in editors
    assert not {"path", "sha256", "target", "inputs"} & set(editors)
