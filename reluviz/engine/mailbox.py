"""A one-place mailbox: the newest wins, nothing queues."""

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Holds the newest item until it is taken; one thread puts, another takes.

    The deque's own atomic append and pop make a lock unnecessary, and no item put is ever lost to a take.
    """

    def __init__(self) -> None:
        self._slot: deque[T] = deque(maxlen=1)

    def put(self, item: T) -> None:
        """Leave an item, dropping one not yet taken."""
        self._slot.append(item)

    def take(self) -> T | None:
        """Take the newest item, or None."""
        try:
            return self._slot.pop()
        except IndexError:
            return None

    @property
    def empty(self) -> bool:
        """Whether the last item has been taken."""
        return not self._slot
