"""What the output layer does, in words: it follows from the loss. No Qt."""

from reluviz.core.losses import LOSSES, Loss
from reluviz.core.settings import Settings, fitting_losses
from reluviz.ui.wording import lowered


def loss_in_force(settings: Settings) -> Loss:
    """The loss that is trained with: the chosen one, or the one that the data ask for."""
    chosen = settings.training.loss
    return LOSSES[fitting_losses(settings.data.task)[0] if chosen == "auto" else chosen]


def output_words(settings: Settings) -> tuple[str, str]:
    """The output's activation with where it comes from, and what that means: `sigmoid (from the logistic loss)`."""
    loss = loss_in_force(settings)
    title = lowered(loss.title)
    words = f"{loss.output}, from the {title}{'' if title.endswith(('loss', 'error', 'entropy')) else ' loss'}"
    return words, f"{loss.output_help}\nIt follows from the loss, which is chosen under Training."
