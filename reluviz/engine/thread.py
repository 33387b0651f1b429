"""The training thread: it prepares the kernels, then turns the loop's crank. It holds no Qt object."""

import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from queue import Empty, SimpleQueue

from reluviz.core import kernel_cache
from reluviz.core.settings import Settings
from reluviz.core.snapshot import Snapshot
from reluviz.engine.mailbox import Mailbox
from reluviz.engine.messages import Command, Event, Failed, Preparing, Ready, Stop

# While there is nothing to train the thread looks at its commands this often.
IDLE_S = 0.004


class TrainingThread:
    """Trains in the background; talk to it through `send`, `events` and `frames`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._commands: SimpleQueue[Command] = SimpleQueue()
        self._events: SimpleQueue[Event] = SimpleQueue()
        self.frames: Mailbox[Snapshot] = Mailbox()
        self._wake = threading.Event()
        self._stopping = False
        self._prepared: set[str] = set()
        self._child: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._run, name="training", daemon=False)

    def start(self) -> None:
        """Begin; the lab is paused until Play or Advance."""
        self._thread.start()

    def send(self, command: Command) -> None:
        """Hand over a command; they are obeyed in order."""
        if isinstance(command, Stop):
            self._stopping = True
        self._commands.put(command)
        self._wake.set()

    def events(self) -> list[Event]:
        """Everything that happened since the last call, in order."""
        found: list[Event] = []
        while True:
            try:
                found.append(self._events.get_nowait())
            except Empty:
                return found

    def stop(self, timeout: float = 2.0) -> bool:
        """Tell the thread to end and wait; True if it has. Safe to call twice."""
        if self._thread.is_alive():
            self.send(Stop())
            if self._child is not None:
                self._child.terminate()
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            for busy in self._turns():
                if not busy and not self._stopping:
                    self._wake.wait(IDLE_S)
                    self._wake.clear()
        except Exception as error:
            self._events.put(Failed(f"the engine could not start: {error}", traceback.format_exc()))

    def _turns(self) -> Iterator[bool]:
        if not self._prepare(self._settings.network.precision):
            return
        from reluviz.engine.loop import training_loop  # noqa: PLC0415
        from reluviz.engine.wires import Wires  # noqa: PLC0415

        self._events.put(Ready())
        wires = Wires(self._commands, self._events, self.frames)
        yield from training_loop(wires, self._settings, self._prepare)

    def _prepare(self, precision: str) -> bool:
        """Load the kernels of a precision, compiled first if need be; False if the thread was told to end meanwhile."""
        if precision in self._prepared:
            return True
        if not kernel_cache.is_warm(precision) and not getattr(sys, "frozen", False):
            self._compile(precision)
        if self._stopping:
            return False
        # Numba costs 0.3 s to import: here, after the window's first frame, and never in the GUI thread.
        from reluviz.core import kernels  # noqa: PLC0415

        kernels.load(precision)
        kernel_cache.mark_warm(precision)
        self._prepared.add(precision)
        return True

    def _compile(self, precision: str) -> None:
        """Fill the kernel cache in a child process: compiling in this one would make the window stutter."""
        command = [sys.executable, "-m", "reluviz.core.warm", precision]
        self._child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        with self._child as child:
            for line in child.stdout or ():
                done, _, rest = line.strip().partition(" ")
                total, _, name = rest.partition(" ")
                if done.isdigit() and total.isdigit():
                    self._events.put(Preparing(int(done), int(total), name))
        self._child = None
