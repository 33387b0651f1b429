"""Reads a file of data in a thread of its own, so that the window never waits for it."""

import sys
import threading
import time
import traceback
from collections.abc import Callable

from reluviz.core.contents import Contents, DataError
from reluviz.core.files import FileSource
from reluviz.core.ticket import Cancelled, Ticket

Settle = Callable[[FileSource, Ticket], FileSource]
# Parsing holds the interpreter: after every piece the other threads get this long to take it.
REST_S = 3e-4
# While a file is read the others need not ask for longer than this; Python's own interval is ten times as long.
SWITCH_S = 0.0005


class _Yielding(Ticket):
    """Gives way to the other threads at every report."""

    def report(self, done: float) -> None:
        super().report(done)
        time.sleep(REST_S)


class _QuickSwitching:
    """Threads take turns more often while any file is read; afterwards as before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readers = 0
        self._usual = 0.0

    def __enter__(self) -> None:
        with self._lock:
            if self._readers == 0:
                self._usual = sys.getswitchinterval()
                sys.setswitchinterval(min(self._usual, SWITCH_S))
            self._readers += 1

    def __exit__(self, *fault: object) -> None:
        with self._lock:
            self._readers -= 1
            if self._readers == 0:
                sys.setswitchinterval(self._usual)


_QUICK = _QuickSwitching()


class Reading:
    """Settles one source in the background; ask `finished`, then take `result` or `error`."""

    def __init__(self, source: FileSource, settle: Settle | None = None) -> None:
        self.source = source
        self._settle = settle or _settle
        self._ticket = _Yielding()
        self._thread = threading.Thread(target=self._run, name="reading", daemon=False)
        self._finished = False
        self.result: FileSource | None = None
        self.contents: Contents | None = None
        self.error = ""
        self.problem: Exception | None = None
        self.trace = ""

    @property
    def done(self) -> float:
        """How far it is, 0 to 1."""
        return self._ticket.done

    @property
    def finished(self) -> bool:
        """Whether it has ended: with a result, an error, or cancelled."""
        return self._finished

    @property
    def cancelled(self) -> bool:
        """Whether it is no longer wanted."""
        return self._ticket.cancelled

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def cancel(self) -> None:
        """Say that it is no longer wanted; it ends at its next report."""
        self._ticket.cancelled = True

    def join(self, timeout: float) -> bool:
        """Wait for the thread; True if it has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            with _QUICK:
                settled = self._settle(self.source, self._ticket)
                self.contents = settled.contents()
            self.result = settled
        except Cancelled:
            self._ticket.cancelled = True
        except DataError as error:
            self.error, self.problem = str(error), error
        except Exception as error:  # a fault of the program: told, and kept for the log
            self.error = (
                f"{self.source.label} could not be read: {type(error).__name__}: {' '.join(str(error).split())}"
            )
            self.problem, self.trace = error, traceback.format_exc()
        finally:
            self._finished = True


def _settle(source: FileSource, ticket: Ticket) -> FileSource:
    return source.settle(ticket)
