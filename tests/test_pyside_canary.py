"""Watch for Qt bindings that lose references to None, which kills Python 3.11 within seconds."""

import sys

from PySide6.QtCore import QTimer


def test_void_calls_keep_the_references_to_none(qapp):
    timer = QTimer()
    before = sys.getrefcount(None)
    for _ in range(1000):
        timer.setInterval(5)
    # PySide6 6.12.0 loses one reference per call on Python 3.11; from Python 3.12 on, None is immortal.
    assert abs(sys.getrefcount(None) - before) < 100
