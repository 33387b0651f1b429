"""Works off a list of calls in a thread of its own, so that the window never waits for them."""

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from queue import Empty, SimpleQueue
from typing import Any

Job = tuple[Hashable, Callable[[], Any]]
# A call holds the interpreter nearly all the time: after each one the others get this long, a frame of the window.
REST_S = 16e-3


class Errands:
    """Calls by key, one after the other, in the order wanted now; the thread ends with the last of them.

    A result is a pair of the key and what the call returned, or the exception that it raised.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Job] = []
        self._at: Hashable = None
        self._thread: threading.Thread | None = None
        self._results: SimpleQueue[tuple[Hashable, Any]] = SimpleQueue()

    @property
    def busy(self) -> bool:
        """Whether a call is being worked on or waits."""
        with self._lock:
            return self._thread is not None

    def want(self, jobs: Sequence[Job]) -> None:
        """What is to be done from now on, in this order; what waited before and is not in the list is forgotten.

        The call that is being worked on is finished in any case, and not done twice; a key is never None.
        """
        with self._lock:
            self._waiting = [job for job in jobs if job[0] != self._at]
            if self._waiting and self._thread is None:
                self._thread = threading.Thread(target=self._run, name="errands", daemon=True)
                self._thread.start()

    def results(self) -> list[tuple[Hashable, Any]]:
        """What has been done since the last time, in order."""
        found = []
        while True:
            try:
                found.append(self._results.get_nowait())
            except Empty:
                return found

    def stop(self, seconds: float = 2.0) -> bool:
        """Forget what waits and wait for the call that is being worked on; False if it did not end in time."""
        with self._lock:
            self._waiting = []
            thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                result = job[1]()
            except Exception as fault:  # told to whoever asked
                result = fault
            with self._lock:
                self._results.put((job[0], result))
                self._at = None
            time.sleep(REST_S)

    def _next(self) -> Job | None:
        with self._lock:
            if not self._waiting:
                self._thread = None
                return None
            job = self._waiting.pop(0)
            self._at = job[0]
            return job
