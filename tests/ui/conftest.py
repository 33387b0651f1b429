"""A real window for every test that wants one."""

import pytest
from PySide6.QtCore import Qt

from reluviz.app import Session

WAIT_MS = 60_000


class Desk:
    """An open window, and ways to use it."""

    def __init__(self, qtbot, settings=None, **options):
        self._bot = qtbot
        self._closed = False
        self.session = Session(settings, **options)
        self.window = self.session.window
        with qtbot.waitSignal(self.window.dashboard_painted, timeout=WAIT_MS):
            self.window.show()
        self.lab = self.window.lab

    @property
    def step(self):
        return self.window.snapshot.step

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        self._bot.keyClick(self.window, key, modifier)

    def until(self, condition):
        self._bot.waitUntil(condition, timeout=WAIT_MS)

    def close(self):
        """Close the window as a person would; twice is once."""
        if not self._closed:
            self._closed = True
            self.window.close_now()
            self.session.finish()


@pytest.fixture
def desk(qtbot):
    """Open windows that are closed at the end."""
    opened = []

    def make(settings=None, **options):
        opened.append(Desk(qtbot, settings, **options))
        return opened[-1]

    yield make
    for one in opened:
        one.close()
