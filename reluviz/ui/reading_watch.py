"""Watches a reading in the background from the window's thread: a timer asks, signals tell."""

from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from reluviz.engine.reading import Reading

POLL_MS = 30


class ReadingWatch(QObject):
    """At most one reading that somebody waits for, and those that were cancelled but have not ended yet."""

    progressed = Signal(float)
    """How far the reading is, from 0 to 1."""
    settled = Signal(object, object)
    """The settled source and its contents."""
    refused = Signal(str, object)
    """The sentence, and the exception it came from."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading: Reading | None = None
        self._ending: list[Reading] = []
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    @property
    def busy(self) -> bool:
        """Whether somebody waits for a reading."""
        return self._reading is not None

    def start(self, source: Any) -> None:
        """Read a source; what was being read before is no longer wanted."""
        self.cancel()
        self._reading = Reading(source)
        self._reading.start()
        self._timer.start()

    def cancel(self) -> None:
        """The reading is no longer wanted: it ends soon, and nothing more is told of it."""
        if self._reading is not None:
            self._reading.cancel()
            self._ending.append(self._reading)
            self._reading = None

    def close(self, seconds: float = 2.0) -> bool:
        """Cancel everything and wait for it; False if something did not end in time."""
        self.cancel()
        self._timer.stop()
        clock = QElapsedTimer()
        clock.start()
        self._ending = [
            reading for reading in self._ending if not reading.join(max(0.01, seconds - clock.elapsed() / 1000))
        ]
        return not self._ending

    def _poll(self) -> None:
        self._ending = [reading for reading in self._ending if not (reading.finished and reading.join(1.0))]
        reading = self._reading
        if reading is None:
            if not self._ending:
                self._timer.stop()
            return
        if not reading.finished:
            self.progressed.emit(reading.done)
            return
        self._reading = None
        reading.join(1.0)
        if reading.result is not None:
            self.settled.emit(reading.result, reading.contents)
        elif not reading.cancelled:
            self.refused.emit(reading.error, reading.problem)
