"""Which activations the table of passports has rows for, what they are called, and which runs use them."""

from dataclasses import dataclass, replace

from reluviz.core.activations import ACTIVATIONS, Activation
from reluviz.core.formula import Formula
from reluviz.core.labels import activation_label, run_labels
from reluviz.core.passport import Passport, passport
from reluviz.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Use:
    """A run that uses an activation: its label, its colour's place in the palette, the layers counted from 1."""

    run: str
    color: int
    layers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An activation with its parameters, and the runs of the lab that use it."""

    activation: Activation
    uses: tuple[Use, ...] = ()

    @property
    def label(self) -> str:
        """The name with the parameters that are not as usual."""
        return activation_label(self.activation)


def used(settings: Settings) -> list[Activation]:
    """The different activations of a lab's hidden layers, in the order of its runs and their layers."""
    return [row.activation for row in _used(settings)]


def rows(settings: Settings) -> list[Row]:
    """Those that the lab uses first, then every other built-in activation with its usual parameters."""
    found = _used(settings)
    taken = {row.activation for row in found}
    others = [kind() for kind in ACTIVATIONS.values() if kind is not Formula]
    return found + [Row(activation) for activation in others if activation not in taken]


def labelled(activation: Activation) -> Passport:
    """The passport under a title that tells activations with other parameters apart."""
    return replace(passport(activation), title=activation_label(activation))


def _used(settings: Settings) -> list[Row]:
    depth = range(len(settings.network.hidden))
    uses: dict[Activation, list[Use]] = {}
    for run, label in zip(settings.runs, run_labels(settings), strict=True):
        layers: dict[Activation, list[int]] = {}
        for layer in depth:
            layers.setdefault(run.activation_of(layer), []).append(layer + 1)
        for activation, numbers in layers.items():
            uses.setdefault(activation, []).append(Use(label, run.color, tuple(numbers)))
    return [Row(activation, tuple(those)) for activation, those in uses.items()]
