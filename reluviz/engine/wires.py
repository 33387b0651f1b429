"""The wires between the window and the loop."""

from dataclasses import dataclass, field
from queue import SimpleQueue

from reluviz.core.snapshot import Snapshot
from reluviz.engine.mailbox import Mailbox
from reluviz.engine.messages import Command, Event


@dataclass
class Wires:
    """Two kinds of wire: nothing lost, and newest only."""

    commands: "SimpleQueue[Command]" = field(default_factory=SimpleQueue)
    events: "SimpleQueue[Event]" = field(default_factory=SimpleQueue)
    frames: "Mailbox[Snapshot]" = field(default_factory=Mailbox)
