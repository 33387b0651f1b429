"""Kept labs: a killed program's are found again, those of running programs are left alone, damaged ones are dropped."""

import os
import signal
import subprocess
import sys

import pytest

from reluviz.core.settings import Network, Settings
from reluviz.ui.recovery import ENDING, FOLDER, MOST_DRAFTS, Recovery

KEEPER = """
import sys
from pathlib import Path
from reluviz.core.settings import Network, Settings
from reluviz.ui.recovery import Recovery
recovery = Recovery(Path(sys.argv[1]))
for turn in range(1000 if len(sys.argv) > 2 else 1):
    recovery.keep(Settings(network=Network(hidden=(turn % 900 + 1,) * 8)).to_toml(), Path("lab.reluviz"))
    if not turn:
        print("kept", flush=True)
sys.stdin.read()
"""


def keeper(folder, *more):
    """A program that keeps a lab and then waits; with an argument it goes on keeping others."""
    child = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(folder), *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout.readline() == b"kept\n"
    return child


def end(child):
    """kill -9."""
    child.send_signal(signal.SIGKILL)
    child.communicate()


def test_the_lab_of_a_killed_program_is_found(tmp_path):
    child = keeper(tmp_path)
    recovery = Recovery(tmp_path)
    # It still runs: its lab is its own.
    assert recovery.found() == []
    end(child)
    (found,) = recovery.found()
    assert found.draft.path == "lab.reluviz"
    assert Settings.from_toml(found.draft.session).network.hidden == (1,) * 8
    assert found.moment
    recovery.discard(found)
    assert recovery.found() == []
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_kill_in_a_loop_of_autosaves_never_breaks_the_kept_lab(tmp_path):
    for _ in range(8):
        end(keeper(tmp_path, "again"))
    found = Recovery(tmp_path).found()
    assert len(found) == 8
    for one in found:
        assert len(Settings.from_toml(one.draft.session).network.hidden) == 8


def test_the_own_lab_is_kept_forgotten_and_left(tmp_path):
    recovery = Recovery(tmp_path)
    assert recovery.keep(Settings().to_toml(), None)
    assert recovery.found() == []
    recovery.forget()
    recovery.close()
    assert list((tmp_path / FOLDER).iterdir()) == []
    again = Recovery(tmp_path)
    again.keep(Settings(network=Network(seed=9)).to_toml(), None)
    again.close()
    assert [one.draft.path for one in Recovery(tmp_path).found()] == [""]


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 50_000, b'{"kept": 3}', b"\xff\xfe", b"x" * 3_000_000])
def test_a_damaged_kept_lab_is_dropped(tmp_path, content):
    (tmp_path / FOLDER).mkdir()
    damaged = tmp_path / FOLDER / f"1-a{ENDING}"
    damaged.write_bytes(content)
    assert Recovery(tmp_path).found() == []
    assert not damaged.exists()


def test_the_folder_does_not_fill_up(tmp_path):
    (tmp_path / FOLDER).mkdir()
    for place in range(MOST_DRAFTS + 5):
        text = f'{{"kept": "2026-01-01T00:00:{place:02}", "path": "", "session": "format = 1"}}'
        (tmp_path / FOLDER / f"{place}{ENDING}").write_text(text, encoding="utf-8")
    found = Recovery(tmp_path).found()
    assert len(found) == MOST_DRAFTS
    assert found[0].draft.kept == f"2026-01-01T00:00:{MOST_DRAFTS + 4}"
    assert len(list((tmp_path / FOLDER).iterdir())) == MOST_DRAFTS


def test_a_folder_that_cannot_be_made_is_no_reason_to_stop(tmp_path):
    (tmp_path / FOLDER).write_text("in the way")
    recovery = Recovery(tmp_path)
    assert not recovery.keep("format = 1", None)
    assert recovery.found() == []
    recovery.forget()
    recovery.close()
    assert os.listdir(tmp_path) == [FOLDER]
