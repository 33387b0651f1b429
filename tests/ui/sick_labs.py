"""Labs whose neurons are in trouble of one kind each, and one in which they live."""

from functools import cache

from reluviz.core.activations import Sigmoid
from reluviz.core.datasets import DATASETS
from reluviz.core.initializers import PlainNormal
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.trainer import Trainer

LARGE = Run(activation=Sigmoid(), initializer=PlainNormal(sigma=10.0))
LABS = {
    "killed": (Settings(training=Training(learning_rate=3.0), runs=(Run(),)), 3000),
    "born": (Settings(runs=(Run(initializer=PlainNormal(sigma=0.1, bias=-20.0)),)), 10),
    "flat": (Settings(network=Network(hidden=(8, 16, 16)), runs=(LARGE,)), 0),
    "diverged": (Settings(data=DATASETS["plane"](), training=Training(learning_rate=10.0), runs=(Run(),)), 300),
    "living": (Settings(runs=(Run(activation=Sigmoid()),)), 0),
}
# A case of the diagnosis that is quick, for each rule that accuses.
SICK = {
    "diverged": "diverged-plane",
    "symmetric": "zeros-tanh",
    "exploding": "identity-normal-12-plane",
    "rate_too_high": "rate-softsign-circles",
    "dead": "killed-by-biases",
    "dormant": "gelu-biases",
    "saturated": "sigmoid-large",
    "vanishing": "sigmoid-he-10-xor",
    "rate_too_low": "slow-sine",
    "overfitting": "by-heart-digits",
    "plateau": "linear-xor",
}


@cache
def lab(name):
    """The lab of that name, trained."""
    settings, steps = LABS[name]
    trainer = Trainer(settings)
    if steps:
        trainer.train(steps)
    return trainer.snapshot()
