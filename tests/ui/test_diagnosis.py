"""The diagnosis in the window: a card for every finding, buttons that show and cure, thresholds, figures."""

import csv
from functools import cache, partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sick_labs import SICK
from snapshots import snapshot

from reluviz.core.activations import LeakyReLU, ReLU
from reluviz.core.cases import CASES
from reluviz.core.cases_base import net
from reluviz.core.diagnosis import DIAGNOSIS_NEEDS, RULES, SEVERITIES, Thresholds, diagnose
from reluviz.core.param import Integer, Number, parameters
from reluviz.core.remedies import REMEDIES, remedies_for
from reluviz.core.surgery import ShiftBiases
from reluviz.core.trainer import Trainer
from reluviz.ui.export import Look, Sheet, stand_in
from reluviz.ui.figures import write_figure
from reluviz.ui.lab import Lab
from reluviz.ui.scales import NOTCHES, from_notch, slidable, to_notch
from reluviz.ui.theme import DARK, LIGHT
from reluviz.ui.treatment import open_thresholds, treat
from reluviz.ui.value_popup import ValuePopup
from reluviz.ui.views import VIEWS
from reluviz.ui.views.diagnosis_cards import MOST_REMEDIES, NOT_NOW, limit_words
from reluviz.ui.views.diagnosis_list import severity_colors
from reluviz.ui.views.diagnosis_page import SHOW

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
CONTROL = Qt.KeyboardModifier.ControlModifier


@cache
def sick(rule):
    """The lab of a rule, trained."""
    trainer = Trainer(CASES[SICK[rule]].settings)
    trainer.train(CASES[SICK[rule]].steps)
    return trainer.snapshot(looked=(), needs=DIAGNOSIS_NEEDS)


@pytest.fixture
def shown(qtbot, qapp):
    """Make the view, show it, draw a snapshot."""

    def make(taken, size=(620, 460), scale=1.0):
        view = VIEWS["diagnosis"]()
        qtbot.addWidget(view)
        view.resize(*size)
        view.set_theme(LIGHT, scale)
        view.show()
        view.draw(taken)
        view.grab()
        qapp.processEvents()
        return view

    return make


@pytest.fixture
def lab():
    """A lab whose engine does not run."""
    made = []

    def make(settings):
        made.append(Lab(settings))
        return made[-1]

    yield make
    for each in made:
        each.close()


def offered(view):
    """The keys of the buttons that can be seen, in their order."""
    seen = {key for key, button in view.buttons.known.items() if not button.isHidden()}
    assert seen == set(view.list.page.buttons)
    return list(view.list.page.buttons)


def told(view):
    """All words on the page."""
    return " ".join(line.text for line in view.list.page.words)


@pytest.mark.parametrize("rule", SICK)
def test_a_finding_has_a_card_with_its_sentence_number_threshold_and_buttons(shown, rule):
    view = shown(sick(rule))
    finding = diagnose(sick(rule))[0]
    group = view.list.groups[0]
    card = group.cards[0]
    assert (card.finding, card.title, card.word) == (finding, RULES[rule].title, SEVERITIES[finding.severity])
    words = told(view)
    assert finding.sentence in words
    assert card.title in words
    assert card.limit.split(" ")[-1] in words if card.limit else finding.threshold is None or not RULES[rule].thresholds
    wanted = [each.key for each in remedies_for(finding, sick(rule).settings)[:MOST_REMEDIES]]
    assert offered(view)[: 1 + len(wanted)] == [(0, rule, deed) for deed in (SHOW, *wanted)]
    for deed in wanted:
        button = view.buttons.known[(0, rule, deed)]
        assert button.text().strip() == REMEDIES[deed].title
        assert REMEDIES[deed].why in button.toolTip()
        anew = REMEDIES[deed].restarts(sick(rule).settings, 0)
        assert ("start over" in button.toolTip().splitlines()[1]) == anew
        assert view.canvas.viewport().rect().contains(button.geometry())
        assert button.accessibleName().endswith(group.name)


@pytest.mark.parametrize("rule", SICK)
def test_every_remedy_is_a_click_and_undo_takes_it_back(shown, lab, rule):
    taken = sick(rule)
    here, view = lab(taken.settings), shown(taken)
    view.remedy_wanted.connect(partial(treat, here))
    heard = []
    here.treated.connect(heard.append)
    deeds = [key for key in offered(view) if key[:2] == (0, rule) and key[2] != SHOW]
    assert deeds
    for place, key in enumerate(deeds):
        view.buttons.known[key].click()
        remedy = REMEDIES[key[2]]
        assert here.settings == remedy.apply(taken.settings, 0)
        assert here.undo_stack.index() == 1
        assert remedy.title.lower() in here.undo_stack.undoText().lower()
        assert len(heard) == place + 1
        here.undo_stack.undo()
        assert here.settings == taken.settings


def test_a_remedy_for_a_run_that_is_another_one_by_now_is_refused(shown, lab):
    taken = sick("vanishing")
    here, view = lab(taken.settings), shown(taken)
    view.remedy_wanted.connect(partial(treat, here))
    refused = []
    here.refused.connect(refused.append)
    other = here.settings.evolve(runs=(here.settings.runs[0].evolve(activation=LeakyReLU()),))
    here.edit(other)
    view.buttons.known[(0, "vanishing", "relu_he")].click()
    assert here.settings == other
    assert len(refused) == 1


def test_the_worst_run_comes_first_and_a_healthy_one_gets_one_calm_line(shown):
    trainer = Trainer(CASES["sigmoid-beside-relu"].settings)
    trainer.train(600)
    view = shown(trainer.snapshot(looked=(), needs=DIAGNOSIS_NEEDS))
    found = diagnose(view.snapshot)
    assert [group.run for group in view.list.groups] == [0, 1]
    assert view.list.groups[0].cards[0].finding.rule == "vanishing"
    assert not view.list.groups[0].calm
    calm = next(each.sentence for each in found if each.rule == "healthy")
    assert view.list.groups[1].calm == calm
    assert calm in told(view)
    assert all(not card.finding.accuses for card in view.list.groups[1].cards)
    # Words and shapes, and not only colours, tell how bad it is.
    assert {"severe", "healthy"} <= {line.text for line in view.list.page.words}
    for theme in (LIGHT, DARK):
        assert len(set(severity_colors(theme))) == 4


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("width", [210, 420, 900])
def test_words_and_buttons_stay_on_the_page(shown, width, scale):
    view = shown(sick("dead"), (width, 400), scale)
    page, ruler = view.list.page, view.list.ruler
    right = view.list.rect().width() + 0.5
    for line in page.words:
        # One long word may be wider than a very narrow dock.
        if " " in line.text:
            assert line.place.x() + ruler.metrics[line.font].horizontalAdvance(line.text) <= right
    for rect in page.buttons.values():
        assert rect.right() <= right
    rects = [*page.buttons.values()]
    assert not any(a.intersects(b) for place, a in enumerate(rects) for b in rects[:place])


def test_what_does_not_fit_can_be_scrolled_by_wheel_and_keyboard(shown):
    view = shown(sick("dead"), (300, 150))
    assert view.bar.isVisible()
    assert view.bar.maximum() == round(view.list.page.height - view.list.rect().height())
    # A window of its own gives its first button the focus, which brings that into sight.
    view.bar.setValue(0)
    top = view.buttons.known[offered(view)[0]].y()
    middle = QPointF(view.canvas.viewport().rect().center())
    turn = QWheelEvent(
        middle, view.canvas.viewport().mapToGlobal(middle), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.canvas.viewport(), turn)
    assert view.list.offset == view.bar.value() > 0
    assert view.buttons.known[offered(view)[0]].y() == top - view.bar.value()
    last = view.buttons.known[offered(view)[-1]]
    view.activateWindow()
    last.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.canvas.viewport().rect().contains(last.geometry())


def test_nothing_moves_under_a_button_that_is_held_down(shown, qtbot):
    view = shown(sick("vanishing"))
    before = view.list.groups
    button = view.buttons.known[(0, "vanishing", "relu_he")]
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    view.draw(sick("dead"))
    assert view.list.groups == before
    with_remedy = []
    view.remedy_wanted.connect(with_remedy.append)
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert [(each.run, each.remedy) for each in with_remedy] == [(0, "relu_he")]
    # What came meanwhile is shown without another snapshot.
    qtbot.waitUntil(lambda: view.list.groups != before)
    assert view.list.groups[0].cards[0].finding.rule == "dead"


def test_thresholds_change_what_is_found_and_the_usual_ones_come_back(shown):
    view = shown(sick("vanishing"))
    assert view.options() == {}
    view.set_options({"vanishing": 1e-9, "dead": "x", "patience": -1, "rise": True, "else": 1})
    assert view.options() == {"vanishing": 1e-9}
    assert "1 changed" in view.button.text()
    assert all(card.finding.rule != "vanishing" for card in view.list.groups[0].cards)
    view.set_options({})
    assert view.list.groups[0].cards[0].finding.rule == "vanishing"
    assert view.thresholds == Thresholds()


def test_the_form_of_thresholds_has_all_of_them_and_changes_them_at_once(shown, qtbot):
    view = shown(sick("vanishing"))
    view.form_wanted.connect(partial(open_thresholds, view))
    view.button.click()
    popup = view.button.findChild(ValuePopup)
    assert popup.isVisible()
    assert set(popup.form.editors) == {each.name for each in parameters(Thresholds)}
    for each in parameters(Thresholds):
        for widget in popup.form.editors[each.name].targets():
            assert each.kind.help in widget.toolTip()
    assert not popup.usual.isEnabled()
    field = popup.form.editors["vanishing"].field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "1e-9")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert view.thresholds == Thresholds(vanishing=1e-9)
    assert view.list.groups[0].cards == () or view.list.groups[0].cards[0].finding.rule != "vanishing"
    popup.usual.click()
    assert view.thresholds == Thresholds()
    popup.close()


@pytest.mark.parametrize("described", parameters(Thresholds), ids=lambda each: each.name)
def test_every_threshold_can_be_set_by_its_slider(described):
    kind = described.kind
    assert isinstance(kind, (Number, Integer))
    if slidable(kind):
        values = [from_notch(kind, notch) for notch in range(NOTCHES + 1)]
        assert all(kind.accepts(value) for value in values)
        assert values == sorted(values)
        assert 0 <= to_notch(kind, described.default) <= NOTCHES


def test_limits_are_told_as_the_sentence_tells_its_number():
    (vanishing, *_), (dead, *_) = diagnose(sick("vanishing")), diagnose(sick("dead"))
    assert limit_words(vanishing) == "below 0.01"
    assert limit_words(dead) == "above 50 %"
    assert limit_words(diagnose(sick("diverged"))[0]) == ""
    assert limit_words(diagnose(sick("symmetric"))[0]) == ""


def test_a_card_under_the_cursor_says_what_its_rule_looks_at(shown):
    view = shown(sick("vanishing"))
    box = view.list.page.boxes[0][0]
    words = view.words_at(view.canvas.mapFromScene(view.list.mapToScene(box.center())))
    assert RULES["vanishing"].help in words
    assert "Vanishing: 0.01" in words
    below = view.list.mapToScene(box.center() + QPointF(0, box.height()))
    assert view.words_at(view.canvas.mapFromScene(below)) == ""


def test_the_table_has_a_row_for_each_finding_as_a_file_too(shown, tmp_path):
    taken = sick("dead")
    view, found = shown(taken), diagnose(sick("dead"))
    table = view.table()
    assert table.rows == len(found)
    assert list(table["sentence"]) == [each.sentence for each in found]
    assert list(table["value"]) == [each.value for each in found]
    assert (table["layer"][0], table["neuron"][0]) == (2, 1)
    path = tmp_path / "findings.csv"
    write_figure(snapshot("six_runs"), "diagnosis", path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = diagnose(snapshot("six_runs"))
    assert sorted(row["sentence"] for row in rows) == sorted(each.sentence for each in expected)
    assert {row["severity"] for row in rows} <= set(SEVERITIES)


def test_a_figure_holds_the_cards_and_no_buttons(shown):
    view = shown(sick("vanishing"))
    sheet = Sheet(620, 400, 1.0, vector=True, look=Look(DARK))
    with stand_in(view, QSize(620, 370), sheet) as copy:
        assert offered(copy) == []
        assert not copy.bar.isVisible()
        assert "May help: ReLU, started as He" in told(copy)
        assert diagnose(sick("vanishing"))[0].sentence in told(copy)
    six = shown(snapshot("diverged"))
    with stand_in(six, QSize(300, 130), Sheet(300, 130, 1.0, vector=False, look=Look(LIGHT))) as copy:
        assert "more findings" in told(copy)
        assert copy.list.page.height <= copy.list.rect().height()


def advance(here, steps):
    """Train so many steps and wait for them."""
    there = here.step + steps
    here.lab.step(steps)
    here.until(lambda: here.step == there and not here.lab.playing)


def press(here, rule, deed, run=0):
    """Click a button of the diagnosis with the mouse."""
    view = here.window.dashboard.views["diagnosis"]
    key = (run, rule, deed)
    here.until(lambda: key in offered(view))
    QTest.mouseClick(view.buttons.known[key], Qt.MouseButton.LeftButton)


def test_show_opens_the_view_that_shows_it_with_the_run_and_the_place_chosen(desk, qapp):
    here = desk()
    dashboard = here.window.dashboard
    dashboard.arrange("diagnosis")
    here.until(lambda: "diagnosis" in dashboard.views)
    here.window.timer.stop()
    view = dashboard.views["diagnosis"]
    for rule in SICK:
        view.draw(sick(rule))
        press(here, rule, SHOW)
        qapp.processEvents()
        shown_view = dashboard.views[RULES[rule].view]
        assert shown_view.seen
        assert shown_view.options().get("run", 0) == 0
        assert dashboard.docks[RULES[rule].view].titleBarWidget().property("tinted")
        # What is opened does not cover the diagnosis.
        assert view.seen
    assert dashboard.views["preactivation"].options()["layer"] == diagnose(sick("saturated"))[0].layer
    assert dashboard.views["update_ratio"].options()["subject"] == "run 1"
    here.window.timer.start()
    dashboard.arrange()


def test_remedies_rest_while_an_earlier_step_is_looked_at(desk):
    here = desk(CASES["sigmoid-he-10-xor"].settings)
    here.window.dashboard.arrange("diagnosis")
    advance(here, 400)
    view = here.window.dashboard.views["diagnosis"]
    key = (0, "vanishing", "relu_he")
    here.until(lambda: key in offered(view))
    assert view.buttons.known[key].isEnabled()
    here.lab.seek(390)
    here.until(lambda: here.lab.past and key in offered(view) and not view.buttons.known[key].isEnabled())
    assert view.buttons.known[key].toolTip() == NOT_NOW
    assert view.buttons.known[(0, "vanishing", SHOW)].isEnabled()
    here.lab.seek(None)
    here.until(lambda: not here.lab.past and view.buttons.known[key].isEnabled())
    here.window.dashboard.arrange()


def test_a_remedy_goes_on_or_starts_over_as_it_says_and_one_undo_takes_it_back(desk):
    settings = net(ReLU(), (8, 8, 8))
    here = desk(settings)
    here.window.dashboard.arrange("diagnosis")
    advance(here, 60)
    here.lab.operate(ShiftBiases(run=0, layer=1, amount=-50.0))
    advance(here, 240)
    before = here.window.snapshot.runs[0].theta.copy()
    press(here, "dead", "leaky_relu")
    here.until(lambda: here.window.snapshot.settings.runs[0].activation == LeakyReLU())
    assert here.step == 300
    np.testing.assert_array_equal(here.window.snapshot.runs[0].theta, before)
    assert "Leaky ReLU" in here.window.statusBar().currentMessage()
    here.press(Qt.Key.Key_Z, CONTROL)
    here.until(lambda: here.window.snapshot.settings.runs[0].activation == ReLU())
    assert here.lab.settings == settings
    np.testing.assert_array_equal(here.window.snapshot.runs[0].theta, before)
    press(here, "dead", "revive")
    here.until(lambda: not here.window.snapshot.runs[0].neurons.dead.any())
    here.press(Qt.Key.Key_Z, CONTROL)
    here.until(lambda: here.window.snapshot.runs[0].neurons.dead.sum() >= 8)
    np.testing.assert_array_equal(here.window.snapshot.runs[0].theta, before)
    here.window.dashboard.arrange()


def test_a_remedy_that_starts_over_does_so_though_only_the_rate_changes(desk):
    case = CASES["diverged-plane"]
    here = desk(case.settings)
    here.window.dashboard.arrange("diagnosis")
    advance(here, 5)
    here.lab.step(case.steps)
    here.until(lambda: here.window.snapshot.runs[0].divergence is not None and not here.lab.playing)
    reasons = []
    here.lab.restarted.connect(reasons.append)
    press(here, "diverged", "smaller_rate_anew")
    here.until(lambda: here.step == 0 and here.window.snapshot.runs[0].divergence is None)
    assert here.lab.settings == REMEDIES["smaller_rate_anew"].apply(case.settings, 0)
    here.until(lambda: not here.lab.session.record)
    assert reasons == ["other settings, from the start"]
    here.press(Qt.Key.Key_Z, CONTROL)
    here.until(lambda: here.lab.settings == case.settings)
    here.window.dashboard.arrange()
