"""Labs that were not saved when the program was killed: kept in a folder of their own, and offered again."""

import logging
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from PySide6.QtCore import QLockFile

from reluviz.ui.preferences import write_atomically

log = logging.getLogger(__name__)

FOLDER = "unsaved"
ENDING, LOCK = ".json", ".lock"
MOST_BYTES = 2_000_000
# A folder that fills up would be read at every start.
MOST_DRAFTS = 20


class Draft(msgspec.Struct, frozen=True):
    """One unsaved lab: when it was kept, the session file that it came from ("" for none), and the session's text."""

    kept: str
    path: str
    session: str


@dataclass(frozen=True, slots=True)
class Found:
    """A draft of a program that has ended, and its file."""

    draft: Draft
    file: Path

    @property
    def moment(self) -> str:
        """When it was kept, in words; empty if that cannot be read."""
        try:
            return f"{datetime.fromisoformat(self.draft.kept):%d %B %Y, %H:%M}".lstrip("0")
        except ValueError:
            return ""


class Recovery:
    """This program's own draft, and those that others left behind; a lock tells which programs still run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._own = self._folder / f"{name}{ENDING}"
        self._lock: QLockFile | None = None

    def keep(self, session: str, path: Path | None) -> bool:
        """Keep the lab as it is now; False, and a line in the log, if that cannot be done."""
        draft = Draft(datetime.now().isoformat(timespec="seconds"), str(path or ""), session)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._take_lock()
            write_atomically(self._own, msgspec.json.encode(draft))
        except OSError as problem:
            log.warning("The lab could not be kept for the next start (%s).", problem)
            return False
        return True

    def forget(self) -> None:
        """Drop the own draft: the lab is saved, or the person does not want it."""
        _remove(self._own)

    def close(self) -> None:
        """Give the lock back; a draft that is still there will be offered at the next start."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def found(self) -> list[Found]:
        """The drafts of programs that have ended, the newest first; damaged ones are logged and dropped."""
        drafts = []
        try:
            files = sorted(self._folder.glob(f"*{ENDING}"), key=lambda file: file.name)
        except OSError:
            return []
        for file in files:
            if file != self._own and _abandoned(file) and (draft := _read(file)) is not None:
                drafts.append(Found(draft, file))
        drafts.sort(key=lambda found: found.draft.kept, reverse=True)
        for old in drafts[MOST_DRAFTS:]:
            self.discard(old)
        return drafts[:MOST_DRAFTS]

    def discard(self, found: Found) -> None:
        """Drop a draft of another program for good."""
        _remove(found.file)
        _remove(found.file.with_suffix(LOCK))

    def _take_lock(self) -> None:
        if self._lock is None:
            self._lock = QLockFile(str(self._own.with_suffix(LOCK)))
            # Only the end of the process makes the lock stale, never its age.
            self._lock.setStaleLockTime(0)
            self._lock.tryLock(0)


def _abandoned(file: Path) -> bool:
    lock = QLockFile(str(file.with_suffix(LOCK)))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        return False
    lock.unlock()
    return True


def _read(file: Path) -> Draft | None:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ValueError("it is too large")
        return msgspec.json.decode(file.read_bytes(), type=Draft)
    except (OSError, ValueError, RecursionError) as problem:
        log.warning("The unsaved lab in %s cannot be read (%s) and is dropped.", file, problem)
        _remove(file)
        return None


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as problem:
        log.warning("%s could not be removed (%s).", file, problem)
