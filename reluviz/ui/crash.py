"""What happens when something inside breaks: a line in the log, one sentence in the window, and on it goes."""

import faulthandler
import logging
import sys
import threading
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

log = logging.getLogger("reluviz")

LOG_FILE = "reluviz.log"
FAULT_FILE = "fault.log"
# What the interpreter wrote when the last run was killed from inside.
LAST_FAULT_FILE = "fault-last.log"
LOG_BYTES = 500_000
LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class CrashGuard:
    """Takes all hooks on `install`, gives them back on `remove`; sentences wait to be fetched by the window."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sentences: deque[str] = deque(maxlen=20)
        self._handler: logging.Handler | None = None
        self._fault_file: TextIO | None = None
        self._hooks: tuple[Any, ...] = ()

    def install(self) -> None:
        """Take the hooks."""
        self._open_log()
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable
        qInstallMessageHandler(_on_qt_message)

    def remove(self) -> None:
        """Give the hooks back and close the log."""
        if self._hooks:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
            self._hooks = ()
            qInstallMessageHandler(None)
        if self._fault_file is not None:
            faulthandler.disable()
            self._fault_file.close()
            self._fault_file = None
        if self._handler is not None:
            log.removeHandler(self._handler)
            self._handler.close()
            self._handler = None

    def sentences(self) -> list[str]:
        """What broke since the last call, one sentence each; may be called from the window's timer."""
        found = []
        while self._sentences:
            found.append(self._sentences.popleft())
        return found

    def _open_log(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handler = RotatingFileHandler(
                self._folder / LOG_FILE, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
            )
            crashed = self._keep_last_fault()
            # The file stays open: the interpreter writes the stacks of all threads into it when it is killed.
            self._fault_file = (self._folder / FAULT_FILE).open("w", encoding="utf-8")
        except OSError:
            # Without a place to write to, the program runs without a log.
            return
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        self._handler = handler
        if crashed:
            log.warning("the last run crashed; the stacks of its threads are in %s", LAST_FAULT_FILE)
        faulthandler.enable(self._fault_file)

    def _keep_last_fault(self) -> bool:
        """Put the stacks of a crash aside for a report, before this run's file takes their place; False if none."""
        last = self._folder / FAULT_FILE
        if not last.exists() or not last.stat().st_size:
            return False
        last.replace(self._folder / LAST_FAULT_FILE)
        return True

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("unexpected", exc_info=(kind, error, trace))
        self._sentences.append(sentence(error))

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is None or issubclass(args.exc_type, SystemExit):
            return
        name = args.thread.name if args.thread else "?"
        log.error("unexpected in thread %s", name, exc_info=(args.exc_type, args.exc_value, args.exc_traceback))
        self._sentences.append(sentence(args.exc_value))

    def _on_unraisable(self, args: Any) -> None:
        if args.exc_value is not None:
            log.error("ignored in %r", args.object, exc_info=(args.exc_type, args.exc_value, args.exc_traceback))


def sentence(error: BaseException) -> str:
    """An internal failure in one sentence."""
    what = str(error).strip().splitlines()
    detail = f"{type(error).__name__}: {what[0]}" if what else type(error).__name__
    return f"Something inside broke ({detail}); the lab goes on, the log has the details."


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    log.log(LEVELS.get(kind, logging.INFO), "Qt: %s", message)
