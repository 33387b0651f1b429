"""Files of data from choosing to the lab: one undo step, refusals that change nothing, readings that end."""

import threading

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow
from tables import birds, numbers

from reluviz.app import Session
from reluviz.core.contents import DataChanged, DataMissing
from reluviz.core.datasets import Circles
from reluviz.core.files import source_for
from reluviz.core.settings import Settings
from reluviz.core.ticket import Cancelled
from reluviz.ui.appearance import Appearance
from reluviz.ui.controls import Controls
from reluviz.ui.datafiles import DataFiles
from reluviz.ui.lab import Lab
from reluviz.ui.notice import Notice
from reluviz.ui.preferences import Preferences
from reluviz.ui.reading_dialog import ReadingDialog

WAIT_MS = 20_000


@pytest.fixture
def desk(qtbot, qapp):
    """A window with a lab whose engine has not been started, its controls, and its files."""
    window = QMainWindow()
    qtbot.addWidget(window)
    appearance = Appearance(QApplication.instance())
    window.lab = Lab(Settings())
    window.notice = Notice(appearance)
    window.addToolBar(window.notice)
    window.controls = Controls(window.lab, appearance)
    window.setCentralWidget(window.controls)
    window.preferences = Preferences()
    window.files = DataFiles(window, window.lab, window.preferences, window.notice)
    window.files.attend(window.controls.data)
    window.show()
    yield window
    window.files.close()
    window.lab.close()
    window.close()
    appearance.deleteLater()


def use(qtbot, desk, target="species"):
    """Answer the dialog on the screen as a person does."""
    dialog = desk.files.dialog
    dialog.page.target.setCurrentIndex(dialog.page.target.findData(target))
    with qtbot.waitSignal(dialog.chosen, timeout=WAIT_MS):
        dialog.use.click()


def test_a_file_becomes_one_undo_step(qtbot, desk, tmp_path):
    path = birds(tmp_path / "birds.csv")
    desk.files.open_path(path)
    use(qtbot, desk)
    assert desk.files.dialog is None
    data = desk.lab.settings.data
    assert data.path == str(path)
    assert data.target == "species"
    stack = desk.lab.undo_stack
    assert stack.count() == 1
    assert stack.undoText() == "open birds.csv"
    assert desk.preferences.data_folder == str(tmp_path)
    stack.undo()
    assert desk.lab.settings == Settings()
    stack.redo()
    assert desk.lab.settings.data == data


def test_cancel_leaves_the_lab_as_it_was(desk, tmp_path):
    desk.files.open_path(birds(tmp_path / "birds.csv"))
    desk.files.dialog.reject()
    assert desk.files.dialog is None
    assert desk.lab.settings == Settings()
    assert desk.lab.undo_stack.count() == 0


@pytest.mark.parametrize("name", ["notes.pdf", "gone.csv", "empty.csv", "folder.csv"])
def test_what_cannot_be_opened_is_said_in_one_sentence(desk, tmp_path, name):
    path = tmp_path / name
    if name.startswith("folder"):
        path.mkdir()
    elif not name.startswith("gone"):
        path.write_text("" if name.startswith("empty") else "x", encoding="utf-8")
    desk.files.open_path(path)
    assert desk.files.dialog is None
    assert desk.notice.text.text()
    assert desk.notice.kind == "error"
    assert desk.lab.settings == Settings()


def test_changed_choices_are_told_in_words(qtbot, desk, tmp_path):
    desk.files.open_path(birds(tmp_path / "birds.csv"))
    use(qtbot, desk)
    desk.controls.data.card.choices.click()
    use(qtbot, desk, "mass")
    assert desk.lab.undo_stack.undoText().startswith("target species → mass")
    desk.files.open_path(birds(tmp_path / "more.csv"))
    use(qtbot, desk)
    assert desk.lab.undo_stack.undoText() == "open more.csv"
    desk.lab.edit(desk.lab.settings.evolve(data=Circles()))
    assert desk.lab.undo_stack.undoText() == "data set more.csv → Circles"


def test_own_data_in_the_combo_box_asks_for_a_file(qtbot, desk, tmp_path):
    combo = desk.controls.data.editor.combo
    combo.setCurrentIndex(combo.count() - 1)
    qtbot.waitUntil(lambda: desk.findChild(QFileDialog) is not None)
    asking = desk.findChild(QFileDialog)
    assert combo.currentData() == Settings().data.key
    path = birds(tmp_path / "birds.csv")
    asking.fileSelected.emit(str(path))
    asking.close()
    use(qtbot, desk)
    assert combo.currentText() == "birds.csv"


def test_a_session_without_a_file_is_handed_on_at_once(desk):
    seen = []
    desk.files.settle(Settings(data=Circles()), seen.append, seen.append)
    assert seen == [Settings(data=Circles())]


def settled(qtbot, desk, settings):
    """Settle a lab's data; gives what was called back."""
    seen = []
    desk.files.settle(settings, seen.append, lambda sentence, problem: seen.append((sentence, problem)))
    qtbot.waitUntil(lambda: seen != [], timeout=WAIT_MS)
    return seen[0]


def test_a_session_with_a_file_is_read_first(qtbot, desk, tmp_path):
    source = source_for(birds(tmp_path / "birds.csv")).evolve(target="species")
    got = settled(qtbot, desk, Settings(data=source))
    assert got.data.sha256
    assert len(got.data.load().class_names) == 3
    assert settled(qtbot, desk, got) == got


def test_a_file_that_moved_or_changed_is_told_apart(qtbot, desk, tmp_path):
    path = birds(tmp_path / "birds.csv")
    got = settled(qtbot, desk, Settings(data=source_for(path).evolve(target="species")))
    path.write_text(path.read_text(encoding="utf-8").replace("Gentoo", "King"), encoding="utf-8")
    sentence, problem = settled(qtbot, desk, got)
    assert isinstance(problem, DataChanged)
    assert "birds.csv" in sentence
    path.unlink()
    sentence, problem = settled(qtbot, desk, got)
    assert isinstance(problem, DataMissing)
    assert "birds.csv" in sentence


def test_a_long_reading_shows_a_dialog_and_can_be_cancelled(qtbot, desk, tmp_path):
    source = source_for(numbers(tmp_path / "n.csv", 400_000))
    seen = []
    desk.files.settle(Settings(data=source), seen.append, lambda *told: seen.append(told))
    qtbot.waitUntil(lambda: any(d.isVisible() for d in desk.findChildren(ReadingDialog)), timeout=WAIT_MS)
    dialog = desk.findChild(ReadingDialog)
    qtbot.waitUntil(lambda: dialog.bar.value() > 0, timeout=WAIT_MS)
    dialog.reject()
    ((sentence, problem),) = seen
    assert isinstance(problem, Cancelled)
    assert "n.csv was cancelled" in sentence
    assert desk.lab.settings == Settings()


def test_a_second_session_gives_up_the_first(qtbot, desk, tmp_path):
    seen, told = [], []
    first = source_for(numbers(tmp_path / "n.csv", 100_000))
    desk.files.settle(Settings(data=first), seen.append, lambda *words: told.append(words))
    second = source_for(birds(tmp_path / "birds.csv"))
    desk.files.settle(Settings(data=second), seen.append, lambda *words: told.append(words))
    qtbot.waitUntil(lambda: seen != [], timeout=WAIT_MS)
    assert [settings.data.label for settings in seen] == ["birds.csv"]
    assert isinstance(told[0][1], Cancelled)


def test_a_table_is_trained_in_the_window_and_taken_back(qtbot, tmp_path):
    session = Session(safe_mode=True)
    window = session.window
    with qtbot.waitSignal(window.dashboard_painted, timeout=60_000):
        window.show()
    assert window.commands["open_data"].shortcut().toString() == "Ctrl+D"
    window.desk.files.open_path(birds(tmp_path / "birds.csv"))
    use(qtbot, window.desk)
    qtbot.waitUntil(lambda: window.snapshot.dataset.class_names == ("Adelie", "Chinstrap", "Gentoo"), timeout=60_000)
    window.lab.step(20)
    qtbot.waitUntil(lambda: window.snapshot.step == 20, timeout=60_000)
    assert window.notice.kind != "error"
    window.lab.undo_stack.undo()
    qtbot.waitUntil(lambda: window.snapshot.dataset.key == "spiral", timeout=60_000)
    window.lab.undo_stack.redo()
    qtbot.waitUntil(lambda: window.snapshot.dataset.class_names != (), timeout=60_000)
    window.close_now()
    session.finish()


def test_closing_ends_what_is_being_read(qtbot, desk, tmp_path):
    before = threading.active_count()
    path = numbers(tmp_path / "n.csv", 200_000)
    seen = []
    desk.files.settle(Settings(data=source_for(path)), seen.append, seen.append)
    desk.files.open_path(path)
    desk.files.dialog.use.click()
    qtbot.waitUntil(lambda: desk.files.dialog.bar.value() > 0, timeout=WAIT_MS)
    desk.files.close()
    assert threading.active_count() == before
    assert desk.files.dialog is None
    assert seen == []
