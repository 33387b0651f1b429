"""A ticket for long work: how far it is, and whether it is still wanted. No thread: a plain shared value."""


class Cancelled(Exception):
    """The work is no longer wanted."""


class Ticket:
    """Whoever works reports; whoever waits reads `done` (0 to 1) and may set `cancelled`."""

    def __init__(self) -> None:
        self.done = 0.0
        self.cancelled = False

    def report(self, done: float) -> None:
        """Say how far the work is; raises Cancelled when it is no longer wanted."""
        self.done = done
        if self.cancelled:
            raise Cancelled
