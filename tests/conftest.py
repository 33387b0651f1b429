"""Tests need no display, leave the person's own settings alone, and leave no thread or window behind."""

import faulthandler
import gc
import os
import sys
import tempfile
import threading
import time
from itertools import count
from pathlib import Path

# Kernels come from the real cache: compiling them anew would cost every test run half a minute.
if "NUMBA_CACHE_DIR" not in os.environ:
    from reluviz import resources

    os.environ["NUMBA_CACHE_DIR"] = str(resources.numba_cache_dir())
HOME = tempfile.TemporaryDirectory(prefix="reluviz-tests-")
os.environ["RELUVIZ_HOME"] = HOME.name
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
sys.path.insert(0, str(Path(__file__).parent / "ui"))

import pytest  # noqa: E402

# As in the program: cyclic garbage goes between two tests, never while Qt paints or lists its widgets.
gc.disable()
# The garbage of a test is young: all objects, a fifth of a second's work, are looked through far more rarely.
YOUNG, MIDDLE, OLD = 10, 100, 1000
finished = count(1)
ERRORS = pytest.StashKey[int]()
# The files that take longest: they go first, so that no process is left alone with one of them at the end.
LONGEST = (
    "test_reference.py", "test_export.py", "test_bench.py", "test_export_back.py", "test_views.py", "test_window.py",
    "test_kernel_curves.py", "test_remedies.py", "test_bench_diagnosis.py", "test_inside_published.py",
    "test_activation_digits.py", "test_kernel_formula.py", "test_hostile.py", "test_passport_window.py",
    "test_time.py", "test_workspaces.py", "test_killed.py", "test_diagnosis.py", "test_loss_landscape.py",
    "test_kernel_updates.py", "test_datafiles.py",
)  # fmt: skip


def pytest_configure(config):
    """Keep the error output before pytest captures it: a window that closes switches the stacks of a crash off."""
    config.stash[ERRORS] = os.dup(2)


def pytest_collection_modifyitems(items):
    """Put the longest files first; the tests of a file keep their order."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONGEST)))


@pytest.fixture(autouse=True)
def nothing_left_behind(request):
    """Fail a test that leaves a thread running or a window open."""
    before = set(threading.enumerate())
    yield
    faulthandler.enable(request.config.stash[ERRORS])
    assert not gc.isenabled()
    end = time.monotonic() + 2.0
    while (left := set(threading.enumerate()) - before) and time.monotonic() < end:
        time.sleep(0.01)
    assert not left, f"threads left running: {left}"
    qt, gui = sys.modules.get("PySide6.QtCore"), sys.modules.get("PySide6.QtGui")
    if qt is not None and gui is not None and gui.QGuiApplication.instance() is not None:
        # Not the widgets of the highest level: the menus of plots that are no more are among them by the thousand.
        windows = [w for w in gui.QGuiApplication.topLevelWindows() if w.isVisible()]
        assert not windows, f"windows left open: {windows}"
        # What closed windows left to the event loop is deleted now: the next window's style would be worked out for it.
        qt.QCoreApplication.sendPostedEvents(None, qt.QEvent.Type.DeferredDelete.value)
    if (turn := next(finished)) % YOUNG == 0:
        gc.collect(2 if turn % OLD == 0 else 1 if turn % MIDDLE == 0 else 0)
