"""The real window, killed: what was not saved is offered by the next one, whatever ended the first."""

import os
import signal
import subprocess
import sys
import time

import pytest

from reluviz import resources
from reluviz.app import Session
from reluviz.core.settings import Network, Settings

WAIT_MS = 60_000
VICTIM = """
from PySide6.QtCore import QTimer
from reluviz.app import Session
from reluviz.core.settings import Network, Settings
session = Session(None)
def change():
    session.lab.play()
    session.lab.edit(Settings(network=Network(hidden=(6, 5))))
session.window.dashboard_painted.connect(change)
session.show()
code = session.app.exec()
session.finish()
raise SystemExit(code)
"""


def victim(number):
    """A window that changes its lab and is ended by a signal as soon as the change has been kept; its exit code."""
    folder = resources.user_state_dir() / "unsaved"
    with subprocess.Popen([sys.executable, "-c", VICTIM], env=os.environ, stderr=subprocess.PIPE) as child:
        try:
            end = time.monotonic() + 60
            while not list(folder.glob("*.json")):
                assert child.poll() is None, child.stderr.read().decode()
                assert time.monotonic() < end
                time.sleep(0.05)
            child.send_signal(number)
            return child.wait(30)
        finally:
            child.kill()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGTERM, 0)])
def test_the_next_window_offers_what_was_not_saved(qtbot, number, code):
    assert victim(number) == code
    session = Session(None)
    window = session.window
    with qtbot.waitSignal(window.dashboard_painted, timeout=WAIT_MS):
        session.show()
    try:
        assert window.notice.text.text().startswith("reluviz did not end properly. It kept an unsaved lab")
        window.notice.buttons[0].click()
        assert window.lab.settings == Settings(network=Network(hidden=(6, 5)))
        qtbot.waitUntil(lambda: window.snapshot.settings.network.hidden == (6, 5), timeout=WAIT_MS)
        assert window.isWindowModified()
    finally:
        window.close_now()
        session.finish()
    assert not list((resources.user_state_dir() / "unsaved").iterdir())


def test_closing_asks_once_and_can_be_called_off(qtbot):
    from PySide6.QtWidgets import QMessageBox

    session = Session(None, safe_mode=True)
    window = session.window
    with qtbot.waitSignal(window.dashboard_painted, timeout=WAIT_MS):
        session.show()
    window.lab.edit(Settings(network=Network(hidden=(3,))))
    window.close()
    window.close()
    (box,) = window.findChildren(QMessageBox, "unsaved")
    assert window.isVisible()
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert window.isVisible()
    window.close()
    box = next(box for box in window.findChildren(QMessageBox, "unsaved") if box.isVisible())
    box.button(QMessageBox.StandardButton.Discard).click()
    qtbot.waitUntil(lambda: not window.isVisible())
    session.finish()


def test_an_unchanged_lab_closes_at_once(qtbot):
    session = Session(None, safe_mode=True)
    window = session.window
    with qtbot.waitSignal(window.dashboard_painted, timeout=WAIT_MS):
        session.show()
    window.lab.play()
    assert window.close()
    assert not window.isVisible()
    assert not window.timer.isActive()
    session.finish()
