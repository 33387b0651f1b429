"""Files are whole or untouched: after a kill, on a full disk, in a forbidden folder, through a link."""

import os
import random
import resource
import signal
import subprocess
import sys
import time

import pytest

from reluviz.core.settings import Settings
from reluviz.core.writing import PREFIX, STALE_S, write_bytes, write_text

SAVER = """
import sys
from pathlib import Path
from reluviz.core.writing import write_text
first, second = (Path(name).read_text(encoding="utf-8") for name in sys.argv[2:4])
print("ready", flush=True)
while True:
    write_text(Path(sys.argv[1]), first)
    write_text(Path(sys.argv[1]), second)
"""
KILLS = 40


def test_a_killed_save_never_leaves_a_broken_file(tmp_path):
    """kill -9 at a random moment of a loop of saves, again and again: the file is one of the two labs, whole."""
    labs = [Settings(), Settings.from_toml("format = 1\n[network]\nhidden = [" + "7, " * 60 + "7]")]
    texts = [lab.to_toml() for lab in labs]
    target, rng = tmp_path / "lab.reluviz", random.Random(5)
    for place, text in enumerate(texts):
        (tmp_path / f"{place}.txt").write_text(text, encoding="utf-8")
    target.write_text(texts[0], encoding="utf-8")
    seen = set()
    for _ in range(KILLS):
        command = [sys.executable, "-c", SAVER, str(target), str(tmp_path / "0.txt"), str(tmp_path / "1.txt")]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout.readline() == b"ready\n"
            time.sleep(rng.uniform(0.0, 0.05))
            child.send_signal(signal.SIGKILL)
        found = target.read_text(encoding="utf-8")
        assert found in texts
        assert Settings.from_toml(found) in labs
        seen.add(found)
    assert len(seen) == 2


def test_what_a_killed_save_left_is_taken_away_later(tmp_path):
    old, fresh = tmp_path / f"{PREFIX}old.part", tmp_path / f"{PREFIX}new.part"
    for left in (old, fresh):
        left.touch()
    past = time.time() - STALE_S - 60
    os.utime(old, (past, past))
    write_text(tmp_path / "a.txt", "a")
    assert sorted(path.name for path in tmp_path.iterdir()) == [fresh.name, "a.txt"]


@pytest.mark.skipif(os.name == "nt", reason="limits of another system")
def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path):
    """The system refuses to write beyond 4 kB, as it does when the disk is full."""
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_bytes(target, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_text(tmp_path / "missing" / "a.txt", "a")


def test_a_protected_file_stays(tmp_path, monkeypatch):
    target = tmp_path / "a.txt"
    target.write_text("old")
    target.chmod(0o444)
    # The superuser may write everything: ask as somebody else would be answered.
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK or bool(os.stat(path).st_mode & 0o200))
    with pytest.raises(PermissionError, match="write-protected"):
        write_text(target, "new")
    assert target.read_text() == "old"


def test_a_link_stays_a_link_and_rights_stay(tmp_path):
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "a.txt", tmp_path / "link.txt"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_text(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(PREFIX)] == []


def test_a_long_name_can_be_written(tmp_path):
    target = tmp_path / ("n" * 250 + ".txt")
    write_text(target, "a")
    assert target.read_text() == "a"
