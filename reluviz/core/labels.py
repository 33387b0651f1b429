"""What runs are called where they are shown: by what tells them apart."""

from itertools import groupby

from reluviz.core.activations import Activation
from reluviz.core.param import Text, parameters
from reluviz.core.settings import Run, Settings

# A name that lists more kinds of layer than this is too long for a legend.
MOST_KINDS = 3


def run_labels(settings: Settings) -> tuple[str, ...]:
    """One label for each run: its own, or its activations; parameters, initialiser or number tell equal ones apart."""
    depth = len(settings.network.hidden)
    labels = [run.label or layers_label(run, depth) for run in settings.runs]
    repeated = {label for label in labels if labels.count(label) > 1}
    labels = [
        f"{label} · {_own(run) or run.initializer.title}" if label in repeated else label
        for label, run in zip(labels, settings.runs, strict=True)
    ]
    counts: dict[str, int] = {}
    unique = []
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
        unique.append(f"{label} ({counts[label]})" if labels.count(label) > 1 else label)
    return tuple(unique)


def _own(run: Run) -> str:
    """What of the training is the run's own, in words."""
    rate = [] if run.learning_rate is None else [f"rate {run.learning_rate:g}"]
    return " · ".join(rate + ([] if run.clip_norm is None else [f"clip {run.clip_norm:g}"]))


def layers_label(run: Run, depth: int) -> str:
    """The activations of a run's hidden layers from the input side, equal neighbours once: `ReLU · Sigmoid · ReLU`."""
    names = [name for name, _ in groupby(activation_label(run.activation_of(layer)) for layer in range(depth))]
    return " · ".join(names if len(names) <= MOST_KINDS else [*names[: MOST_KINDS - 1], "…"])


def is_mixed(run: Run, depth: int) -> bool:
    """Whether the run's hidden layers have different activations."""
    return any(run.activation_of(layer) != run.activation_of(0) for layer in range(1, depth))


def activation_label(activation: Activation) -> str:
    """An activation's name with the parameters that are not as usual: `Leaky ReLU Slope 0.2`, `ReLU f′(0) 1`."""
    changed = [
        f"{p.kind.title} {_short(getattr(activation, p.name))}"
        for p in parameters(type(activation))
        if not isinstance(p.kind, Text) and getattr(activation, p.name) != p.default
    ]
    # The parameters of a typed formula have a name and a value of their own.
    changed += [f"{c.name} {c.value:g}" for c in getattr(activation, "constants", ()) if c.value != 1]
    return " ".join([activation.caption, *changed])


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)
