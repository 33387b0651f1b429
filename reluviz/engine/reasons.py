"""Why runs start over, in words."""

from reluviz.core.settings import Settings


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
