"""Why runs start over, in words."""

from reluviz.core.settings import Settings

SAME_START = "reset to the same start"


def fresh_start(before: Settings, after: Settings) -> str:
    """Why the runs start over although the change alone would not make them, in words."""
    if after.record:
        return "a lab with its record"
    return SAME_START if after == before else "other settings, from the start"


def difference(before: Settings, after: Settings) -> str:
    """Why the runs start over, in words."""
    if before.data != after.data:
        return "the data changed"
    if before.network.hidden != after.network.hidden:
        return "the hidden layers changed"
    if before.network.seed != after.network.seed:
        return "a new seed"
    if before.network.precision != after.network.precision:
        return "the precision changed"
    if len(before.runs) != len(after.runs):
        return "the number of runs changed"
    if before.training.loss != after.training.loss:
        return "the loss changed"
    if [run.layer for run in before.runs] != [run.layer for run in after.runs]:
        return "a kind of layer changed"
    return "an initialiser changed" if before.frame != after.frame else "an activation changed"
