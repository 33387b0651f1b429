"""What runs are called where they are shown: by what tells them apart."""

from reluviz.core.param import parameters
from reluviz.core.settings import Run, Settings


def run_labels(settings: Settings) -> tuple[str, ...]:
    """One label for each run: its activation, and parameters, initialiser or number where they tell runs apart."""
    labels = [_activation(run) for run in settings.runs]
    repeated = {label for label in labels if labels.count(label) > 1}
    labels = [
        f"{label} · {run.initializer.title}" if label in repeated else label
        for label, run in zip(labels, settings.runs, strict=True)
    ]
    counts: dict[str, int] = {}
    unique = []
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
        unique.append(f"{label} ({counts[label]})" if labels.count(label) > 1 else label)
    return tuple(unique)


def _activation(run: Run) -> str:
    owned = parameters(type(run.activation))
    values = [(p, getattr(run.activation, p.name)) for p in owned]
    changed = [f"{p.kind.title} {value:g}" for p, value in values if value != p.default]
    return " ".join([run.activation.title, *changed])
