"""Arrangements of the window: which views answer a question together, and where they go. No Qt."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """Views above each other: their keys, each with its share of the height, and the column's share of the width."""

    share: float
    views: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Workspace:
    """A named arrangement; `help` says which question it answers."""

    key: str
    title: str
    help: str
    columns: tuple[Column, ...]

    @property
    def views(self) -> tuple[str, ...]:
        """The keys of all its views."""
        return tuple(key for column in self.columns for key, _ in column.views)


WORKSPACES = (
    Workspace(
        "overview", "&Overview", "What the networks answer, what their neurons do, and how well they learn",
        (
            Column(0.56, (("decision_map", 0.48), ("neuron_activity", 0.52))),
            Column(0.44, (("loss", 0.42), ("activation_curve", 0.32), ("derivative", 0.26))),
        ),
    ),
    Workspace(
        "gradients", "Why &gradients vanish", "Where gradients get lost on their way back, and which factor loses them",
        (
            Column(0.52, (("gradient_flow", 0.54), ("chain_ledger", 0.46))),
            Column(0.48, (("preactivation", 0.4), ("update_ratio", 0.3), ("loss", 0.3))),
        ),
    ),
    Workspace(
        "health", "Why neurons &die", "Which neurons are dormant, saturated or dead, since when and of what",
        (
            Column(0.52, (("health", 0.55), ("neuron_activity", 0.45))),
            Column(0.48, (("preactivation", 0.36), ("sparsity", 0.34), ("loss", 0.3))),
        ),
    ),
    Workspace(
        "diagnosis", "What is &wrong", "What goes wrong in which run, in plain words, and what may help against it",
        (
            Column(0.5, (("diagnosis", 0.52), ("preactivation", 0.48))),
            Column(0.5, (("loss", 0.3), ("gradient_flow", 0.38), ("health", 0.32))),
        ),
    ),
    Workspace(
        "network", "Inside the &network", "Every neuron and weight in its place, with numbers, to be edited by hand",
        (
            Column(0.62, (("network_diagram", 0.52), ("update_phases", 0.48))),
            Column(0.38, (("decision_map", 0.4), ("preactivation", 0.32), ("loss", 0.28))),
        ),
    ),
    Workspace(
        "geometry", "What networks d&raw", "The flat pieces a network is made of, and the landscape it walks down",
        (
            Column(0.5, (("linear_regions", 0.55), ("linear_collapse", 0.45))),
            Column(0.5, (("decision_map", 0.45), ("loss_landscape", 0.55))),
        ),
    ),
    Workspace(
        "course", "What changes over &time", "Values, gradients and updates from the first step to the last",
        (
            Column(0.5, (("distributions", 0.55), ("update_ratio", 0.45))),
            Column(0.5, (("gradient_flow", 0.5), ("sparsity", 0.5))),
        ),
    ),
)


def workspace_key(place: int) -> str:
    """The keys that arrange the window for the workspace at this place of the table."""
    return f"Ctrl+{place + 1}"


def grid(keys: tuple[str, ...], columns: int) -> Workspace:
    """Any views in equal parts, column by column."""
    parts = [keys[place::columns] for place in range(min(columns, len(keys)))]
    shares = tuple(Column(1 / len(parts), tuple((key, 1 / len(part)) for key in part)) for part in parts)
    return Workspace("grid", "Grid", "Views side by side", shares)


def places(workspace: Workspace) -> dict[str, tuple[float, float, float, float]]:
    """Left, top, width and height of every view, in shares of the page without controls."""
    found, left = {}, 0.0
    for column in workspace.columns:
        top = 0.0
        for key, share in column.views:
            found[key] = (left, top, column.share, share)
            top += share
        left += column.share
    return found
