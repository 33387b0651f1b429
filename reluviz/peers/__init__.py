"""The peers of `reluviz bench --peers`: the same training written for other libraries, one file each.

Each file has a class `Peer(problem, threads)` with `name` (library and version), `block` (steps are done in
multiples of it), `train(steps)` and `weights()`. All start alike and do the same arithmetic. Their libraries are
imported in the process that measures them, nowhere else.
TensorFlow Playground's engine is not among them: it is published as an application, in no package registry.
"""

import importlib
from typing import Any, Protocol

# Key of the peer: what people call it, and its module.
PEERS = {
    "numpy": ("NumPy loop", "reluviz.peers.numpy_loop"),
    "jax": ("JAX scan", "reluviz.peers.jax_scan"),
    "pytorch": ("PyTorch", "reluviz.peers.pytorch"),
    "scikit-learn": ("scikit-learn", "reluviz.peers.scikit_learn"),
    "gemms": ("bare GEMMs", "reluviz.peers.gemms"),
    "gemms-1": ("bare GEMMs on one core", "reluviz.peers.gemms"),
}
# Not libraries but parts of the work, which only make sense for a large network.
PARTS = ("gemms", "gemms-1")


class Trained(Protocol):
    """What a peer is: something that trains."""

    name: str
    block: int

    def train(self, steps: int) -> None:
        """Do that many steps, a multiple of `block`, and wait until they are done."""

    def weights(self) -> list[Any]:
        """The weights of each layer, (inputs, units)."""


def load(key: str, problem: Any, threads: int) -> Trained:
    """The peer of that key, ready to train; raises ImportError where its library is not installed or broken."""
    peer: Trained = importlib.import_module(PEERS[key][1]).Peer(problem, threads)
    return peer
