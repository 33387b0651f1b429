"""Write a tape of core operations: what is known beforehand is computed at once."""

import numpy as np

from reluviz.core.formula_tape import Writer
from reluviz.core.formula_values import OPERATIONS


class Folder(Writer):
    """A writer that computes operations on numbers, and leaves out what changes nothing."""

    def put(self, name: str, *parts: int) -> int:
        """Write an operation, or what it comes to; a result that is no finite number stays an operation."""
        value = self.folded(name, *parts)
        if value is not None and np.isfinite(value):
            return self.number(value)
        if name == "multiply":
            for one, other in (parts, parts[::-1]):
                if self.is_number(one, 1.0):
                    return other
        if name == "where" and self.nodes[parts[0]].name == "number":
            return parts[1] if self.nodes[parts[0]].value != 0 else parts[2]
        return self.add(name, *parts)

    def folded(self, name: str, *parts: int) -> float | None:
        """The value of an operation on numbers, which may be infinite or no number; None for other operations."""
        nodes = [self.nodes[part] for part in parts]
        if not parts or any(node.name != "number" for node in nodes):
            return None
        with np.errstate(all="ignore"):
            return float(OPERATIONS[name](*[np.float64(node.value) for node in nodes]))

    def is_number(self, place: int, value: float) -> bool:
        """Whether the operation is this number."""
        node = self.nodes[place]
        return node.name == "number" and node.value == value
