"""When something inside breaks: a line in the log, one sentence for the window, and the hooks given back."""

import subprocess
import sys
import threading

import pytest

from reluviz.ui.crash import LAST_FAULT_FILE, LOG_FILE, CrashGuard, sentence


@pytest.fixture
def guard(tmp_path):
    """An installed guard that logs into a temporary folder."""
    made = CrashGuard(tmp_path)
    made.install()
    yield made
    made.remove()


def broken():
    """Break."""
    raise ValueError("the inner wheel\ncame off")


def test_an_exception_becomes_one_sentence_and_a_trace_in_the_log(guard, tmp_path):
    try:
        broken()
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert guard.sentences() == [sentence(ValueError("the inner wheel"))]
    assert guard.sentences() == []
    assert "came off" in (tmp_path / LOG_FILE).read_text(encoding="utf-8")


def test_a_thread_that_breaks_is_told_too(guard):
    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    assert "the inner wheel" in guard.sentences()[0]


def test_a_flood_is_bounded(guard):
    error = ValueError("again")
    for _ in range(500):
        sys.excepthook(ValueError, error, None)
    assert len(guard.sentences()) <= 20


def test_the_stacks_of_a_crash_outlive_the_next_start(tmp_path):
    code = (
        "import ctypes, sys, pathlib\n"
        "from reluviz.ui.crash import CrashGuard\n"
        "CrashGuard(pathlib.Path(sys.argv[1])).install()\n"
        "ctypes.string_at(0)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True).returncode < 0
    guard = CrashGuard(tmp_path)
    guard.install()
    guard.remove()
    assert "Segmentation fault" in (tmp_path / LAST_FAULT_FILE).read_text(encoding="utf-8")
    assert "the last run crashed" in (tmp_path / LOG_FILE).read_text(encoding="utf-8")


def test_the_hooks_are_given_back(tmp_path):
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    guard = CrashGuard(tmp_path)
    guard.install()
    assert sys.excepthook != before[0]
    guard.remove()
    guard.remove()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


def test_without_a_place_for_the_log_it_works_all_the_same(tmp_path):
    (tmp_path / "file").write_text("in the way")
    guard = CrashGuard(tmp_path / "file")
    guard.install()
    sys.excepthook(ValueError, ValueError("x"), None)
    assert len(guard.sentences()) == 1
    guard.remove()
