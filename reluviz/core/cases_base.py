"""What a labelled lab is: settings, how long to train them, and what a diagnosis must say of every run."""

from dataclasses import dataclass

from reluviz.core.activations import Activation
from reluviz.core.datasets import DataSource, Spiral
from reluviz.core.initializers import HeNormal, Initializer
from reluviz.core.layers import Dense, Layer
from reluviz.core.settings import Network, Run, Settings, Training

SINGLE, DOUBLE = "float32", "float64"
SPIRAL = Spiral()
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """A lab with a known answer.

    key: unique. steps: to train. expected: for each run the rules (keys in RULES) that must accuse it, none for a
    healthy one. allowed: what may accuse it besides, because it follows from the same fault. trap: why a healthy lab
    might be accused, or what is wrong with a sick one.
    """

    key: str
    trap: str
    settings: Settings
    steps: int
    expected: tuple[frozenset[str], ...]
    allowed: frozenset[str] = NOTHING

    @property
    def sick(self) -> bool:
        """Whether any run of it is sick."""
        return any(self.expected)


def net(
    activation: Activation,
    hidden: tuple[int, ...] = (8, 8, 8),
    start: Initializer = HeNormal(),  # noqa: B008  (a frozen value)
    *,
    data: DataSource = SPIRAL,
    layer: Layer = Dense(),  # noqa: B008
    precision: str = SINGLE,
    seed: int = 1,
    **training: object,
) -> Settings:
    """A lab of one run; `training` are fields of Training."""
    run = Run(activation=activation, initializer=start, layer=layer)
    network = Network(hidden=hidden, seed=seed, precision=precision)
    return Settings(data=data, network=network, training=Training().evolve(**training), runs=(run,))


def sick(key: str, rule: str, trap: str, settings: Settings, steps: int, *allowed: str) -> Case:
    """A lab of one run that a rule must accuse; `allowed` rules may accuse it, too."""
    return Case(key, trap, settings, steps, (frozenset({rule}),), frozenset(allowed))


def healthy(key: str, trap: str, settings: Settings, steps: int) -> Case:
    """A lab whose runs no rule may accuse."""
    return Case(key, trap, settings, steps, (NOTHING,) * len(settings.runs))
