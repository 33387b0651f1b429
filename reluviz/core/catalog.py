"""An ordered table from a key to an entry: the order is a design choice."""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Catalog(Mapping[str, T], Generic[T]):
    """A read-only table of entries, in the order in which they were given.

    An entry has `key` (stored in files: never changes) and `title` (shown: may change).
    """

    def __init__(self, noun: str, *entries: T) -> None:
        self.noun = noun
        self._entries: dict[str, T] = {_key(entry): entry for entry in entries}
        if len(self._entries) != len(entries):
            raise ValueError(f"two {noun}s share a key")

    def __getitem__(self, key: str) -> T:
        try:
            return self._entries[key]
        except KeyError:
            raise KeyError(f"no {self.noun} is called {key!r}; known: {', '.join(self)}") from None

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def _key(entry: Any) -> str:
    return str(entry.key)
