"""Edits of a lab as pure functions: settings in, settings out. No Qt."""

from reluviz.core.activations import ACTIVATIONS, Activation
from reluviz.core.datasets import DataSource
from reluviz.core.initializers import INITIALIZERS, Initializer
from reluviz.core.settings import MOST_RUNS, Run, Settings, fitting_losses, free_color

# The order in which "Add" offers activations: those that tell the story first.
SUGGESTED = ("relu", "sigmoid", "tanh", "leaky_relu", "gelu", "silu", "elu", "softplus", "identity", "binary_step")
LAST_SEED = 2**31 - 1
# What can be exchanged with the weights kept, if the person asks for it.
SWAPS = frozenset({("run", "activation"), ("run", "layer_activations")})


def restarts(scope: str, name: str) -> bool:
    """Whether a change of this field starts the runs over; mirrors `Settings.model`."""
    if scope.split(".")[0] in {"data", "network"} or scope in {"run.initializer", "run.layer"}:
        return True
    return (scope, name) in {("lab", "data"), ("training", "loss"), ("run", "initializer"), ("run", "layer"), *SWAPS}


def with_data(settings: Settings, source: DataSource) -> Settings:
    """Exchange the data; a loss that no longer fits goes back to auto."""
    training = settings.training
    if training.loss != "auto" and training.loss not in fitting_losses(source.task):
        training = training.evolve(loss="auto")
    return settings.evolve(data=source, training=training)


def with_run(settings: Settings, index: int, run: Run) -> Settings:
    """Exchange one run."""
    runs = (*settings.runs[:index], run, *settings.runs[index + 1 :])
    return settings.evolve(runs=runs)


def can_add(settings: Settings) -> bool:
    """Whether the lab holds another run."""
    return len(settings.runs) < MOST_RUNS


def add_run(settings: Settings) -> Settings:
    """Add a run with an activation that is not there yet and the initialiser that fits it."""
    used = {run.activation.key for run in settings.runs}
    key = next((key for key in SUGGESTED if key not in used), SUGGESTED[0])
    activation = ACTIVATIONS[key]()
    run = Run(activation=activation, initializer=fitting_initializer(activation), color=free_color(settings.runs))
    return settings.evolve(runs=(*settings.runs, run))


def duplicate_run(settings: Settings, index: int) -> Settings:
    """Copy a run, in a colour of its own, and put it behind the original."""
    copy = settings.runs[index].evolve(color=free_color(settings.runs))
    return settings.evolve(runs=(*settings.runs[: index + 1], copy, *settings.runs[index + 1 :]))


def remove_run(settings: Settings, index: int) -> Settings:
    """Take a run out; the last one stays."""
    if len(settings.runs) == 1:
        return settings
    return settings.evolve(runs=settings.runs[:index] + settings.runs[index + 1 :])


def with_layer(run: Run, layer: int, activation: Activation | None) -> Run:
    """Give a hidden layer, 0 the first, an activation of its own; None means the run's.

    Layers between that have none of their own are stored with a copy of the run's; at the end none are stored.
    """
    own = list(run.layer_activations)
    own += [run.activation] * (layer + 1 - len(own))
    own[layer] = run.activation if activation is None else activation
    return run.evolve(layer_activations=_trimmed(own, run.activation))


def following(before: Run, after: Run) -> Run:
    """The run as edited; layers that had the run's activation before have its new one, whatever was stored."""
    own = [after.activation if each == before.activation else each for each in after.layer_activations]
    return after.evolve(layer_activations=_trimmed(own, after.activation))


def own_activation(run: Run, layer: int) -> Activation | None:
    """The activation that a hidden layer has of its own, None where it is the run's."""
    activation = run.activation_of(layer)
    return None if activation == run.activation else activation


def _trimmed(own: list[Activation], common: Activation) -> tuple[Activation, ...]:
    while own and own[-1] == common:
        own.pop()
    return tuple(own)


def fitting_initializer(activation: Activation) -> Initializer:
    """The law that keeps the signal's size through layers of this activation."""
    return INITIALIZERS[activation.initializer]()


def new_start(settings: Settings) -> Settings:
    """The next start seed."""
    return settings.evolve(network=settings.network.evolve(seed=_next_seed(settings.network.seed)))


def new_sample(settings: Settings) -> Settings:
    """The next data seed."""
    return settings.evolve(data=settings.data.evolve(seed=_next_seed(settings.data.seed)))


def _next_seed(seed: int) -> int:
    return 0 if seed >= LAST_SEED else seed + 1
