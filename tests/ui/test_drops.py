"""Files dropped on the real window: sessions are opened, data are previewed, everything else is one sentence."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from reluviz.app import Session
from reluviz.core.settings import Network, Settings

WAIT_MS = 60_000
BUTTON, KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qtbot):
    session = Session(None, safe_mode=True)
    with qtbot.waitSignal(session.window.dashboard_painted, timeout=WAIT_MS):
        session.show()
    yield session.window
    session.window.close_now()
    session.finish()


def drop(window, *paths):
    """Drag files into the window and let them go; whether the window took them."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place = QPointF(window.rect().center())
    entering = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, mime, BUTTON, KEYS)
    entering.ignore()
    QApplication.sendEvent(window, entering)
    if entering.isAccepted():
        QApplication.sendEvent(window, QDropEvent(place, Qt.DropAction.CopyAction, mime, BUTTON, KEYS))
    return entering.isAccepted()


def test_a_dropped_session_is_opened(window, qtbot, tmp_path):
    path = tmp_path / "dropped.reluviz"
    path.write_text(Settings(network=Network(hidden=(3,))).to_toml(), encoding="utf-8")
    assert drop(window, path)
    qtbot.waitUntil(lambda: window.lab.settings.network.hidden == (3,))
    assert window.desk.document.path == path


def test_a_dropped_table_is_previewed(window, qtbot, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a;b;kind\n" + "".join(f"{k},5;{k % 3};{'xy'[k % 2]}\n" for k in range(40)), encoding="utf-8")
    assert drop(window, path)
    qtbot.waitUntil(lambda: window.desk.files.dialog is not None and window.desk.files.dialog.isVisible())
    dialog = window.desk.files.dialog
    qtbot.waitUntil(dialog.use.isEnabled)
    dialog.use.click()
    qtbot.waitUntil(lambda: window.lab.settings.data.key == "csv")
    assert window.lab.settings.data.inputs == ("a", "b")
    qtbot.waitUntil(lambda: window.snapshot.dataset.class_names == ("x", "y"), timeout=WAIT_MS)


@pytest.mark.parametrize("name", ["picture.png", "folder.csv", "gone.reluviz"])
def test_what_cannot_be_opened_is_said(window, qtbot, tmp_path, name):
    path = tmp_path / name
    if name == "picture.png":
        path.write_bytes(b"\x89PNG\r\n\x1a\n")
    elif name == "folder.csv":
        path.mkdir()
    assert drop(window, path)
    qtbot.waitUntil(lambda: name in window.notice.text.text())
    assert window.lab.settings == Settings()


def test_several_files_are_not_taken(window, tmp_path):
    assert not drop(window, tmp_path / "a.reluviz", tmp_path / "b.reluviz")
