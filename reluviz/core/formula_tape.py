"""A formula as a tape: its operations in the order in which they are computed, each one once.

The parser writes a tape with everything that the person typed; `core` turns it into the few operations that values,
slopes and compiled code know.
"""

from typing import NamedTuple

# Functions that may be called, with the number of their arguments.
FUNCTIONS = {
    "max": 2,
    "min": 2,
    "where": 3,
    "clip": 3,
    "abs": 1,
    "sign": 1,
    "step": 1,
    "relu": 1,
    "sigmoid": 1,
    "softplus": 1,
    "exp": 1,
    "expm1": 1,
    "log": 1,
    "log1p": 1,
    "sqrt": 1,
    "sin": 1,
    "cos": 1,
    "tan": 1,
    "sinh": 1,
    "cosh": 1,
    "tanh": 1,
    "atan": 1,
    "erf": 1,
    "Phi": 1,
}
COMPARISONS = (">", ">=", "<", "<=", "==", "!=")
# Whole powers up to this one become products.
MOST_FACTORS = 16


class Node(NamedTuple):
    """One operation: its name, the places of its arguments on the tape, and the value of a number.

    The value of a "parameter" is its place among the names.
    """

    name: str
    parts: tuple[int, ...] = ()
    value: float = 0.0


class Tape(NamedTuple):
    """Operations in order, the last one the result, and the names of the parameters in order of appearance."""

    nodes: tuple[Node, ...]
    names: tuple[str, ...] = ()


class Writer:
    """Writes a tape; an operation that is there already is not written again."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._places: dict[Node, int] = {}

    def add(self, name: str, *parts: int, value: float = 0.0) -> int:
        """Write an operation and return its place."""
        node = Node(name, parts, value)
        place = self._places.setdefault(node, len(self.nodes))
        if place == len(self.nodes):
            self.nodes.append(node)
        return place

    def number(self, value: float) -> int:
        """Write a number; zero loses its sign."""
        return self.add("number", value=value + 0.0)

    def tape(self, result: int, names: tuple[str, ...]) -> Tape:
        """What leads to the result, and nothing else."""
        wanted = {result}
        for place in range(result, -1, -1):
            if place in wanted:
                wanted.update(self.nodes[place].parts)
        order = {old: new for new, old in enumerate(sorted(wanted))}
        kept = (self.nodes[old] for old in order)
        return Tape(tuple(n._replace(parts=tuple(order[p] for p in n.parts)) for n in kept), names)
