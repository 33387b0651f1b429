"""The dialog for a person's own file: what it understood, what can be corrected, and what it hands over."""

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QListView, QSlider, QTableView
from tables import birds, numbers

from reluviz.core.files import source_for
from reluviz.ui.data_dialog import DataDialog
from reluviz.ui.reading_watch import ReadingWatch


@pytest.fixture
def ask(qtbot):
    """Open dialogs that are closed at the end; each keeps what it handed over."""
    watches, opened = [], []

    def make(path, source=None, size=None):
        watches.append(ReadingWatch())
        dialog = DataDialog(source or source_for(path), size or path.stat().st_size, watches[-1])
        dialog.given = []
        dialog.chosen.connect(dialog.given.append)
        dialog.open()
        opened.append(dialog)
        return dialog

    yield make
    for dialog in opened:
        if shiboken6.isValid(dialog) and dialog.isVisible():
            dialog.reject()
    for watch in watches:
        assert watch.close(10)


def choose(combo, key):
    """Pick an item as a person does."""
    combo.setCurrentIndex(combo.findData(key))


def until_settled(qtbot, dialog):
    """Wait until the sentence tells of the whole file."""
    qtbot.waitUntil(lambda: dialog.settled is not None, timeout=20_000)


def until_refused(qtbot, dialog):
    """Wait until the dialog says what is wrong."""
    qtbot.waitUntil(lambda: bool(dialog.sentence.property("wrong")), timeout=20_000)


def test_what_was_understood_and_what_will_be_used(qtbot, ask, tmp_path):
    dialog = ask(birds(tmp_path / "birds.csv"))
    page = dialog.page
    choose(page.target, "species")
    until_settled(qtbot, dialog)
    texts = [page.editor(name).combo.currentText() for name in ("separator", "decimal", "header", "answer")]
    assert [text.split(": ")[1] for text in texts] == ["semicolon", "comma", "yes", "classes"]
    assert "UTF-8" in dialog.facts.text()
    assert dialog.sentence.text() == "All 120 rows, 4 inputs → species, 3 classes."
    dialog.use.click()
    (source,) = dialog.given
    assert source.target == "species"
    assert source.inputs == ("bill length", "bill depth", "flipper", "mass")
    assert source.task == "classes"
    assert len(source.load().x_train) == 90


def test_missing_cells_are_refused_with_row_and_column_or_left_out(qtbot, ask, tmp_path):
    dialog = ask(birds(tmp_path / "birds.csv", missing=(4, 9)))
    choose(dialog.page.target, "species")
    until_refused(qtbot, dialog)
    assert "bill depth" in dialog.sentence.text()
    assert not dialog.use.isEnabled()
    choose(dialog.page.editor("missing").combo, "drop")
    until_settled(qtbot, dialog)
    words = "118 of 120 rows, 4 inputs → species, 3 classes; 2 incomplete rows are left out."
    assert dialog.sentence.text() == words
    assert dialog.use.isEnabled()


def test_a_word_among_numbers_is_refused_and_the_dialog_stays(qtbot, ask, tmp_path):
    dialog = ask(birds(tmp_path / "birds.csv", text=(7,)))
    choose(dialog.page.target, "species")
    until_refused(qtbot, dialog)
    assert "deep" in dialog.sentence.text()
    assert dialog.isVisible()
    page = dialog.page
    page.inputs.columns.set_all([3], False)
    until_settled(qtbot, dialog)
    assert page.source.inputs == ("bill length", "flipper", "mass")


def test_no_input_is_refused_at_once(ask, tmp_path):
    dialog = ask(birds(tmp_path / "birds.csv"))
    dialog.page.inputs.none.click()
    assert "No input" in dialog.sentence.text()
    assert not dialog.use.isEnabled()
    dialog.page.inputs.all.click()
    assert dialog.use.isEnabled()


def test_a_wrong_guess_can_be_corrected(qtbot, ask, tmp_path):
    dialog = ask(birds(tmp_path / "birds.csv"))
    page = dialog.page
    choose(page.editor("separator").combo, "tab")
    assert page.table.rows.columnCount() == 1
    choose(page.editor("separator").combo, "semicolon")
    choose(page.editor("header").combo, "no")
    assert page.table.rows.rowCount() == 121
    assert page.table.rows.headerData(0, Qt.Orientation.Horizontal).startswith("column 1")
    choose(page.editor("header").combo, "yes")
    choose(page.target, "mass")
    choose(page.editor("answer").combo, "number")
    until_settled(qtbot, dialog)
    assert "→ mass, a number" in dialog.sentence.text()


def test_a_target_that_is_classes_can_be_numbers(qtbot, ask, tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text("a,b,grade\n" + "\n".join(f"{i}.5,{i % 7}.25,{i % 4}" for i in range(40)), encoding="utf-8")
    dialog = ask(path)
    until_settled(qtbot, dialog)
    assert "4 classes" in dialog.sentence.text()
    choose(dialog.page.editor("answer").combo, "number")
    qtbot.waitUntil(lambda: "a number" in dialog.sentence.text(), timeout=20_000)


def test_rows_to_use_and_test_share(qtbot, ask, tmp_path):
    dialog = ask(birds(tmp_path / "birds.csv"))
    choose(dialog.page.target, "species")
    field = dialog.page.form.editors["samples"].field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "50")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    until_settled(qtbot, dialog)
    assert dialog.sentence.text().startswith("50 of 120 rows")
    qtbot.keyClick(dialog.use, Qt.Key.Key_Return)
    assert dialog.given[0].samples == 50


def test_use_pressed_early_waits_for_the_reading(qtbot, ask, tmp_path):
    dialog = ask(numbers(tmp_path / "n.csv", 20_000), size=10**9)
    assert not dialog.reading
    with qtbot.waitSignal(dialog.chosen, timeout=60_000):
        dialog.use.click()
        assert dialog.reading
        assert not dialog.use.isEnabled()
        assert not dialog.page.isEnabled()
    assert dialog.given[0].target == "answer"


def test_reading_can_be_stopped_and_started_again(qtbot, ask, tmp_path):
    dialog = ask(numbers(tmp_path / "n.csv", 100_000), size=10**9)
    dialog.use.click()
    qtbot.waitUntil(lambda: dialog.bar.value() > 0, timeout=20_000)
    assert dialog.stop.isVisible()
    dialog.stop.click()
    assert not dialog.reading
    assert dialog.page.isEnabled()
    assert dialog.use.isEnabled()
    assert "stopped" in dialog.sentence.text()
    assert dialog.given == []


def test_cancel_ends_the_reading_and_gives_nothing(qtbot, ask, tmp_path):
    dialog = ask(numbers(tmp_path / "n.csv", 100_000), size=10**9)
    dialog.use.click()
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.given == []


def test_what_is_no_table_is_said(ask, tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"\x00\x01" * 500)
    dialog = ask(path)
    assert "not a text file" in dialog.sentence.text()
    assert not dialog.use.isEnabled()


def test_the_choices_of_a_settled_source_are_shown_again(qtbot, ask, tmp_path):
    path = birds(tmp_path / "birds.csv", missing=(3,))
    dialog = ask(path)
    choose(dialog.page.target, "species")
    choose(dialog.page.editor("missing").combo, "drop")
    dialog.page.inputs.columns.set_all([2], False)
    until_settled(qtbot, dialog)
    dialog.use.click()
    again = ask(path, source=dialog.given[0])
    assert again.page.target.currentData() == "species"
    assert again.page.inputs.columns.chosen() == ("bill depth", "flipper", "mass")
    assert again.page.editor("missing").combo.currentData() == "drop"
    until_settled(qtbot, again)
    assert again.settled == dialog.given[0]


def test_arrays_of_an_npz_file(qtbot, ask, tmp_path):
    path = tmp_path / "a.npz"
    dice = np.random.default_rng(0)
    np.savez(path, X=dice.normal(size=(60, 5)), y=dice.integers(0, 3, 60), other=dice.normal(size=60))
    dialog = ask(path)
    until_settled(qtbot, dialog)
    assert dialog.sentence.text() == "All 60 rows, 5 inputs → y, 3 classes."
    choose(dialog.page.combos["target_name"], "other")
    qtbot.waitUntil(lambda: "→ other, a number" in dialog.sentence.text(), timeout=20_000)
    assert [dialog.page.table.item(row, 3).text() for row in range(3)] == ["inputs", "not used", "target"]
    choose(dialog.page.combos["inputs_name"], "other")
    until_refused(qtbot, dialog)


def test_arrays_with_other_names_are_found(qtbot, ask, tmp_path):
    path = tmp_path / "a.npz"
    dice = np.random.default_rng(0)
    np.savez(path, weights=np.ones(3), labels=dice.integers(0, 2, 50), images=dice.normal(size=(50, 4, 4)))
    dialog = ask(path)
    until_settled(qtbot, dialog)
    assert dialog.sentence.text() == "All 50 rows, 16 inputs → labels, 2 classes."


def idx(path, array):
    """Write an IDX file of bytes."""
    head = bytes([0, 0, 8, array.ndim]) + b"".join(side.to_bytes(4, "big") for side in array.shape)
    path.write_bytes(head + array.astype(np.uint8).tobytes())
    return path


def test_idx_images_and_their_labels(qtbot, ask, tmp_path):
    dice = np.random.default_rng(0)
    images = idx(tmp_path / "train-images-idx3-ubyte", dice.integers(0, 256, (50, 4, 4)))
    labels = idx(tmp_path / "train-labels-idx1-ubyte", np.arange(50) % 3)
    dialog = ask(images)
    assert dialog.page.source.labels == str(labels)
    until_settled(qtbot, dialog)
    assert "All 50 rows, 16 inputs" in dialog.sentence.text()
    few = idx(tmp_path / "few", np.arange(49) % 3)
    dialog.page.take_labels(str(few))
    until_refused(qtbot, dialog)
    dialog.page.take_labels(str(labels))
    until_settled(qtbot, dialog)


def test_tab_goes_through_the_choices_in_the_order_of_reading(ask, tmp_path):
    dialog = ask(birds(tmp_path / "birds.csv"))
    page = dialog.page
    written = [page.editor(name).combo for name in ("separator", "decimal", "header")]
    meant = [page.editor(name).combo for name in ("answer", "missing")]
    samples = page.form.editors["samples"]
    wanted = [*written, page.table, page.target, *meant, page.inputs.all, page.inputs.none, page.inputs.view]
    wanted += [samples.slider, samples.field, dialog.use]
    chain, widget = [], dialog
    for _ in range(300):
        widget = widget.nextInFocusChain()
        chain.append(widget)
    places = [chain.index(widget) for widget in wanted]
    start = places[0]
    assert sorted(places, key=lambda place: (place - start) % len(set(chain))) == places
    assert page.focusProxy() is page.target


def test_everything_that_takes_the_focus_has_a_name_and_help(ask, tmp_path):
    dialog = ask(birds(tmp_path / "birds.csv"))
    for kind in (QAbstractButton, QComboBox, QLineEdit, QSlider, QListView, QTableView):
        for widget in dialog.findChildren(kind):
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible():
                name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
                assert name, (widget, widget.objectName())
                assert widget.toolTip(), name
