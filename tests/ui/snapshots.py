"""Real snapshots for the tests of views: ordinary labs and the edges of what can happen."""

from functools import cache

from reluviz.core.activations import ACTIVATIONS, Hardshrink, ReLU, Sigmoid
from reluviz.core.datasets import DATASETS
from reluviz.core.formula import Formula
from reluviz.core.initializers import PlainNormal
from reluviz.core.layers import BatchNorm
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.snapshot import LANDSCAPE, NEEDS, PHASES
from reluviz.core.trainer import Trainer


def runs(count):
    """The first so many activations, each a run."""
    kinds = list(ACTIVATIONS.values())
    return tuple(Run(activation=kinds[place](), color=place) for place in range(count))


# A run whose layers differ, a typed formula with a long name, and one that jumps and grows without bounds.
MIXED = (
    Run(activation=ReLU(), layer_activations=(Sigmoid(), ReLU(), Hardshrink()), color=0),
    Run(activation=Formula("where(x > 0, x, a*expm1(b*x)) + 0.1*sin(3*x)"), layer=BatchNorm(), color=1),
    Run(activation=Formula("where(x > 1, exp(x), sign(x))"), learning_rate=1e-4, color=2),
)

LABS = {
    "default": (Settings(), 200),
    "untrained": (Settings(), 0),
    "one_run": (Settings(runs=runs(1)), 50),
    "six_runs": (Settings(runs=runs(6)), 50),
    "mixed": (Settings(runs=MIXED), 50),
    "one_neuron": (Settings(network=Network(hidden=(1,)), runs=runs(2)), 30),
    "deep": (Settings(network=Network(hidden=(4,) * 64), runs=runs(3)), 3),
    "wide": (Settings(network=Network(hidden=(1024, 300)), runs=runs(2)), 2),
    "line": (Settings(data=DATASETS["sine"](), runs=runs(3)), 100),
    "surface": (Settings(data=DATASETS["multi_gaussian"](), runs=runs(2)), 100),
    "digits": (Settings(data=DATASETS["digits"](samples=300), runs=runs(2)), 60),
    "iris": (Settings(data=DATASETS["iris"](), runs=runs(4)), 60),
    "table": (Settings(data=DATASETS["diabetes"](), runs=runs(2)), 60),
    "dead": (Settings(runs=(Run(initializer=PlainNormal(sigma=0.1, bias=-20.0)),)), 10),
    "diverged": (Settings(data=DATASETS["plane"](), training=Training(learning_rate=10.0), runs=runs(5)), 300),
    "diverged_classes": (Settings(data=DATASETS["iris"](), training=Training(learning_rate=10.0, loss="squared")), 300),
}


@cache
def snapshot(name, landscape=False):
    """The lab of that name, trained; with a loss landscape, which takes a while, if it is wanted."""
    settings, steps = LABS[name]
    trainer = Trainer(settings)
    if steps:
        trainer.train(steps)
        trainer.stamp(0.5)
    needs = NEEDS | {PHASES} | ({LANDSCAPE} if landscape else set())
    return trainer.snapshot(closeup=(0, 0), seconds=0.5, needs=needs)
