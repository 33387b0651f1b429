"""Tells the window what is new of the record and of the settings in force, once each."""

from queue import SimpleQueue

from reluviz.core.record import Record
from reluviz.core.settings import Settings
from reluviz.core.trainer import Trainer
from reluviz.engine.messages import Event, Recorded, Refused


class Teller:
    """Remembers what it has told; `serial` is that of the last settings that were adopted or refused."""

    def __init__(self, events: "SimpleQueue[Event]", trainer: Trainer) -> None:
        self._events = events
        self.serial = 0
        self._told: tuple[Record, Settings, int] | None = None
        if not trainer.record:
            # A lab without a record is as it was asked for.
            self._told = (trainer.record, trainer.settings, 0)

    def tell(self, trainer: Trainer) -> None:
        """Say what is new, and what could not be repeated."""
        for sentence in trainer.refusals:
            self._events.put(Refused(sentence))
        trainer.refusals.clear()
        told, now = self._told, (trainer.record, trainer.settings, self.serial)
        if told is None or told[0] is not now[0] or told[1] is not now[1] or told[2] != now[2]:
            self._told = now
            self._events.put(Recorded(trainer.session, trainer.settings, self.serial))

    def refuse(self, reason: ValueError) -> None:
        """Say why something was not done, and then how things are: the person may have been shown otherwise."""
        self._events.put(Refused(str(reason)))
        self._told = None
