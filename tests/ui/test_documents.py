"""The lab as a document: names, unsaved changes, questions, recent files, text, kept labs."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QMessageBox

from reluviz.core.files import source_for
from reluviz.core.settings import Network, Settings, Training
from reluviz.ui.appearance import Appearance
from reluviz.ui.desk import Desk
from reluviz.ui.drops import dropped_file
from reluviz.ui.lab import Lab
from reluviz.ui.menus import RecentMenu
from reluviz.ui.notice import Notice
from reluviz.ui.preferences import Preferences
from reluviz.ui.recovery import Recovery

BUTTON = QMessageBox.StandardButton


def rate(value):
    """The first lab with another learning rate."""
    return Settings(training=Training(learning_rate=value))


class Office:
    """A window with a lab whose engine has not been started, and everything about files."""

    def __init__(self, qtbot, folder):
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.appearance = Appearance(QApplication.instance())
        self.lab, self.preferences = Lab(Settings()), Preferences()
        self.notice = Notice(self.appearance)
        self.window.addToolBar(self.notice)
        self.desk = Desk(self.window, self.lab, self.preferences, self.notice, Recovery(folder))
        self.document, self.documents = self.desk.document, self.desk.documents
        self.window.show()

    def box(self):
        """The question on the screen, or None."""
        boxes = [box for box in self.window.findChildren(QMessageBox) if box.isVisible()]
        return boxes[0] if boxes else None

    def choose(self, qtbot, path):
        """Answer the file dialog on the screen."""
        (dialog,) = (one for one in self.window.findChildren(QFileDialog) if one.isVisible())
        dialog.selectFile(str(path))
        with qtbot.waitSignal(dialog.fileSelected):
            dialog.accept()

    def close(self):
        self.desk.rescue.end(keep=False)
        self.desk.files.close()
        self.lab.close()
        self.window.close()
        self.appearance.deleteLater()


@pytest.fixture
def office(qtbot, tmp_path):
    made = Office(qtbot, tmp_path / "state")
    yield made
    made.close()


def store(path, settings):
    path.write_text(settings.to_toml(), encoding="utf-8")
    return path


def test_the_title_names_the_file_and_marks_changes(office, tmp_path):
    assert office.window.windowTitle() == "Untitled lab[*]"
    assert not office.window.isWindowModified()
    office.lab.edit(rate(0.3))
    assert office.window.isWindowModified()
    assert office.documents.write(tmp_path / "a.reluviz")
    assert office.window.windowTitle() == "a.reluviz[*]"
    assert not office.window.isWindowModified()
    office.lab.undo_stack.undo()
    assert office.window.isWindowModified()
    # Set back by hand is as good as undone.
    office.lab.edit(rate(0.3))
    assert not office.window.isWindowModified()


def test_saving_again_asks_nothing_and_keeps_the_file_whole(office, qtbot, tmp_path):
    office.lab.edit(rate(0.3))
    office.documents.save()
    office.choose(qtbot, tmp_path / "lab")
    path = tmp_path / "lab.reluviz"
    assert Settings.from_file(path) == rate(0.3)
    office.lab.edit(rate(0.4))
    office.documents.save()
    assert Settings.from_file(path) == rate(0.4)
    assert office.preferences.recent == [str(path)]
    office.documents.save_as()
    office.choose(qtbot, tmp_path / "other.reluviz")
    assert office.document.name == "other.reluviz"
    assert office.preferences.recent[0] == str(tmp_path / "other.reluviz")


def test_a_place_that_cannot_be_written_is_said_and_nothing_is_lost(office, tmp_path):
    path = store(tmp_path / "a.reluviz", Settings())
    office.documents.open_path(path)
    office.lab.edit(rate(0.3))
    assert not office.documents.write(tmp_path / "missing" / "a.reluviz")
    assert office.notice.text.text().startswith("a.reluviz could not be written to ")
    assert office.document.path == path
    assert office.document.modified


def test_opening_is_one_step_and_undoing_it_brings_back_the_former_file(office, tmp_path):
    first, second = store(tmp_path / "1.reluviz", rate(0.3)), store(tmp_path / "2.reluviz", rate(0.4))
    office.documents.open_path(first)
    office.documents.open_path(second)
    assert office.document.path == second
    assert office.lab.undo_stack.undoText() == "open 2.reluviz"
    office.lab.undo_stack.undo()
    assert office.document.path == first
    assert not office.document.modified
    office.lab.undo_stack.redo()
    assert office.document.path == second
    office.lab.undo_stack.undo()
    office.lab.edit(rate(0.5))
    # The step that opened the second file is gone.
    assert office.document.path == first
    assert office.document.modified


def test_opening_asks_before_changes_are_lost(office, qtbot, tmp_path):
    path = store(tmp_path / "1.reluviz", rate(0.3))
    office.lab.edit(rate(0.9))
    office.documents.open_path(path)
    assert "Untitled lab" in office.box().text()
    office.box().button(BUTTON.Cancel).click()
    assert office.lab.settings == rate(0.9)
    office.documents.open_path(path)
    office.box().button(BUTTON.Save).click()
    office.choose(qtbot, tmp_path / "kept.reluviz")
    assert Settings.from_file(tmp_path / "kept.reluviz") == rate(0.9)
    assert office.document.path == path
    office.lab.edit(rate(0.8))
    office.documents.new()
    office.box().button(BUTTON.Discard).click()
    assert office.lab.settings == Settings()
    assert office.document.path is None
    assert Settings.from_file(path) == rate(0.3)


@pytest.mark.parametrize("content", [b"", b"format = 1\n[network]\nhidden = [0]", b"\xff\xfe", b"x" * 2_000_000, None])
def test_a_wrong_session_is_one_sentence_and_the_lab_stays(office, tmp_path, content):
    path = tmp_path / "wrong.reluviz"
    if content is not None:
        path.write_bytes(content)
    office.preferences.recent = [str(path)]
    office.documents.open_path(path)
    assert office.notice.text.text().startswith("wrong.reluviz: ")
    assert office.lab.settings == Settings()
    assert office.lab.undo_stack.count() == 0
    assert office.preferences.recent == []


def test_a_lab_travels_as_text(office):
    office.lab.edit(rate(0.3))
    office.documents.copy()
    text = QGuiApplication.clipboard().text()
    office.lab.edit(Settings(network=Network(hidden=(2,))))
    QGuiApplication.clipboard().setText(f"Try this:\n```\n{text}```")
    office.documents.paste()
    assert office.lab.settings == rate(0.3)
    assert office.lab.undo_stack.undoText() == "paste a lab"
    QGuiApplication.clipboard().setText("no lab")
    office.documents.paste()
    assert office.notice.text.text().startswith("Nothing was pasted: the clipboard holds no lab")
    assert office.lab.settings == rate(0.3)


def test_recent_files_are_offered_and_forgotten(office, tmp_path):
    menu = RecentMenu(office.preferences, office.documents.open_path)
    assert [action.isEnabled() for action in menu.actions()] == [False]
    for place in (1, 2):
        office.documents.open_path(store(tmp_path / f"{place}.reluviz", rate(0.1 * place + 0.1)))
    menu.fill()
    names = [action.data() for action in menu.actions() if action.data()]
    assert [Path(name).name for name in names] == ["2.reluviz", "1.reluviz"]
    menu.actions()[1].trigger()
    assert office.document.name == "1.reluviz"
    menu.actions()[-1].trigger()
    assert office.preferences.recent == []


def test_unsaved_changes_are_kept_and_offered_again(office, qtbot, tmp_path):
    folder = tmp_path / "state"
    path = store(tmp_path / "1.reluviz", rate(0.3))
    office.documents.open_path(path)
    office.lab.edit(rate(0.7))
    office.desk.rescue.keep()
    # As the system ends a program at the end of a day.
    office.desk.rescue.end(keep=True)
    other = Office(qtbot, folder)
    try:
        other.desk.begin(None, offer=True)
        assert "It kept “1.reluviz” with its unsaved changes" in other.notice.text.text()
        restore = other.notice.buttons[0]
        assert restore.text() == "&Restore"
        assert restore.isVisible()
        restore.click()
        assert other.lab.settings == rate(0.7)
        assert other.document.path == path
        assert other.document.modified
        assert other.notice.isHidden()
        assert other.lab.undo_stack.undoText() == "restore the lab"
        # It is kept under the new program's name now.
        assert Recovery(folder).found() == []
    finally:
        other.close()
    assert Recovery(folder).found() == []


def test_a_kept_lab_can_be_discarded(office, qtbot, tmp_path):
    for value in (0.3, 0.4):
        recovery = Recovery(tmp_path / "state")
        recovery.keep(rate(value).to_toml(), None)
        recovery.close()
    office.desk.begin(None, offer=True)
    assert "1 more can be offered" in office.notice.text.text()
    office.notice.buttons[1].click()
    assert "an unsaved lab" in office.notice.text.text()
    office.notice.buttons[1].click()
    assert office.notice.isHidden()
    assert Recovery(tmp_path / "state").found() == []
    assert office.lab.settings == Settings()


def test_a_kept_lab_that_cannot_be_read_is_said(office, tmp_path):
    recovery = Recovery(tmp_path / "state")
    recovery.keep("format = 1\nx = 3", None)
    recovery.close()
    office.desk.begin(None, offer=True)
    office.notice.buttons[0].click()
    assert office.notice.text.text().startswith("The kept lab cannot be used: x = 3 is not a known key")
    assert office.lab.settings == Settings()


def test_saving_drops_what_was_kept(office, qtbot, tmp_path):
    office.lab.edit(rate(0.3))
    kept = tmp_path / "state" / "unsaved"
    qtbot.waitUntil(lambda: bool(list(kept.glob("*.json"))), timeout=5000)
    office.documents.write(tmp_path / "a.reluviz")
    qtbot.waitUntil(lambda: not list(kept.glob("*.json")), timeout=5000)


def test_what_is_dropped():
    def mime(*names):
        made = QMimeData()
        made.setUrls([QUrl(name) for name in names])
        return made

    assert dropped_file(mime("file:///labs/a.reluviz")) == Path("/labs/a.reluviz")
    assert dropped_file(mime("file:///a", "file:///b")) is None
    assert dropped_file(mime("https://example.org/a.reluviz")) is None
    assert dropped_file(QMimeData()) is None


def table(path, rows=60, shift=0):
    """A table with two inputs and two classes, as a spreadsheet of a country with decimal commas writes it."""
    lines = [f"{k % 7},5;{k % 5 + shift};{'no' if k % 7 < 3 else 'yes'}" for k in range(rows)]
    path.write_text("width;height;ripe\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def with_table(office, qtbot, tmp_path):
    """A saved session whose data are a table beside it."""
    folder = tmp_path / "there"
    folder.mkdir()
    source = source_for(table(folder / "fruit.csv"))
    office.desk.opening.bring(Settings(data=source), office.lab.edit)
    qtbot.waitUntil(lambda: office.lab.settings.data.key == "csv")
    path = folder / "fruit.reluviz"
    assert office.documents.write(path)
    settings = office.lab.settings
    office.lab.undo_stack.undo()
    office.documents.write(tmp_path / "other.reluviz")
    return path, settings


def test_a_session_finds_the_table_beside_it_wherever_both_go(office, qtbot, tmp_path):
    path, settings = with_table(office, qtbot, tmp_path)
    assert 'path = "fruit.csv"' in path.read_text(encoding="utf-8")
    moved = tmp_path / "elsewhere"
    path.parent.rename(moved)
    office.documents.open_path(moved / path.name)
    qtbot.waitUntil(lambda: office.lab.settings.data.key == "csv")
    assert office.lab.settings == settings.evolve(data=settings.data.evolve(path=str(moved / "fruit.csv")))
    assert not office.document.modified


def test_a_table_that_is_gone_can_be_located(office, qtbot, tmp_path):
    path, _ = with_table(office, qtbot, tmp_path)
    before = office.lab.settings
    (path.parent / "fruit.csv").rename(tmp_path / "renamed.csv")
    office.documents.open_path(path)
    qtbot.waitUntil(lambda: "fruit.csv is not there" in office.notice.text.text())
    assert office.lab.settings == before
    assert office.notice.buttons[0].text() == "&Locate…"
    office.notice.buttons[0].click()
    office.choose(qtbot, tmp_path / "renamed.csv")
    qtbot.waitUntil(lambda: office.lab.settings.data.key == "csv")
    assert office.document.path == path
    # The session file still names the old place.
    assert office.document.modified


def test_a_table_that_has_changed_is_used_only_when_the_person_says_so(office, qtbot, tmp_path):
    path, settings = with_table(office, qtbot, tmp_path)
    before = office.lab.settings
    table(path.parent / "fruit.csv", shift=1)
    office.documents.open_path(path)
    qtbot.waitUntil(lambda: "changed" in office.notice.text.text())
    assert office.lab.settings == before
    assert office.notice.buttons[0].text() == "&Use it as it is"
    office.notice.buttons[0].click()
    qtbot.waitUntil(lambda: office.lab.settings.data.key == "csv")
    assert office.lab.settings.data.sha256 != settings.data.sha256
    assert office.lab.settings.data.inputs == settings.data.inputs
    assert office.document.modified
