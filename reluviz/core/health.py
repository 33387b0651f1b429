"""The health of hidden neurons: active, dormant, saturated or dead, and what became of the dead ones in words."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from reluviz.core.fates import BORN, CAUSES
from reluviz.core.snapshot import SATURATION_LEVELS, USUAL_LEVEL, Fates, Neurons, Record

Array = np.ndarray[Any, np.dtype[Any]]

STATES = ("active", "dormant", "saturated", "dead")
ACTIVE, DORMANT, SATURATED, DEAD = range(4)
# Of a neuron that has left the finite numbers nothing of this can be said.
UNKNOWN = -1
THIN = "\u202f"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counts as dormant and saturated.

    dormant: a neuron that fires on a smaller share of the samples is dormant. level: place in SATURATION_LEVELS. share:
    a neuron whose slope is below that level on at least this share of the samples is saturated.
    """

    dormant: float = 0.01
    level: int = USUAL_LEVEL
    share: float = 0.9

    def __post_init__(self) -> None:
        if not 0 <= self.dormant <= 1:
            raise ValueError(f"dormant is a share from 0 to 1, not {self.dormant!r}")
        if self.level not in range(len(SATURATION_LEVELS)):
            raise ValueError(f"level is a place in SATURATION_LEVELS, not {self.level!r}")
        if not 0 < self.share <= 1:
            raise ValueError(f"share is above 0 and at most 1, not {self.share!r}")


def states(neurons: Neurons, outputs: int, thresholds: Thresholds) -> Array:
    """The state of every hidden neuron, int8 (hidden neurons,): places in STATES, or UNKNOWN where it is NaN."""
    hidden = len(neurons.dead) - outputs
    found = _sorted_out(
        neurons.fires[:hidden],
        neurons.zeros[:hidden],
        neurons.saturated[:hidden, thresholds.level],
        neurons.dead[:hidden],
        thresholds,
    )
    found[np.isnan(neurons.mean[:hidden])] = UNKNOWN
    return found


def recorded_states(record: Record, layer: Array, thresholds: Thresholds) -> Array:
    """The same at an earlier step, int8 (runs, hidden neurons): saturated at the usual level, the only one recorded.

    layer (neurons,): as in Neurons. A record knows which layers have left the finite numbers, not which neurons.
    """
    hidden = int(np.searchsorted(layer, layer[-1]))
    found = _sorted_out(
        record.fires[:, :hidden],
        record.zeros[:, :hidden],
        record.saturated[:, :hidden],
        record.dead[:, :hidden],
        thresholds,
    )
    lost = np.isnan([measured.activation_mean for measured in record.layers])
    found[lost[:, layer[:hidden]]] = UNKNOWN
    return found


def _sorted_out(fires: Array, zeros: Array, saturated: Array, dead: Array, thresholds: Thresholds) -> Array:
    """Each neuron by the first state that fits: dead, dormant, saturated, else active.

    Samples on which f(z) is exactly 0 do not count as saturated: a rectifier is off there. Shares are counts of samples
    and often equal a threshold: it is rounded as they are, so that a record and the present say the same.
    """
    flat = np.maximum(0.0, saturated.astype(float) - zeros.astype(float))
    dormant = fires < fires.dtype.type(thresholds.dormant)
    # Each of the two shares, at most 1, has been rounded by at most a quarter of eps.
    rest = np.where(flat >= thresholds.share - np.finfo(saturated.dtype).eps / 2, SATURATED, ACTIVE)
    return np.where(dead, DEAD, np.where(dormant, DORMANT, rest)).astype(np.int8)


def grouped(count: int) -> str:
    """A whole number with thin spaces between thousands."""
    return f"{count:,}".replace(",", THIN)


def fate_words(fates: Fates, neuron: int) -> str:
    """When a neuron died, of what, and whether an earlier layer can revive it; empty while it lives."""
    died, alive, cause = int(fates.died_at[neuron]), int(fates.alive_at[neuron]), int(fates.cause[neuron])
    if died < 0:
        return ""
    if cause == BORN:
        words = f"born dead: {CAUSES[BORN]}"
        return f"{words}; an earlier layer can revive it" if fates.revivable[neuron] else words
    hope = "an earlier layer can revive it" if fates.revivable[neuron] else "no earlier layer can revive it"
    return f"died at step {grouped(died)} (alive at {grouped(alive)}): {CAUSES[cause]}; {hope}"
