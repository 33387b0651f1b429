"""The peers of `reluviz bench --peers`: the same training written for other libraries, one file each.

Each file has a class `Peer(problem, threads)` with `name` (library and version), `block` (steps are done in
multiples of it) and `train(steps)`. Their libraries are imported in the process that measures them, nowhere else.
TensorFlow Playground's engine is not among them: it is published as an application, in no package registry.
"""

import importlib
from typing import Any, Protocol

# Key of the peer: what people call it, its module and the module of its library.
PEERS = {
    "numpy": ("NumPy loop", "reluviz.peers.numpy_loop", "numpy"),
    "jax": ("JAX scan", "reluviz.peers.jax_scan", "jax"),
    "pytorch": ("PyTorch", "reluviz.peers.pytorch", "torch"),
    "scikit-learn": ("scikit-learn", "reluviz.peers.scikit_learn", "sklearn"),
    "gemms": ("bare GEMMs", "reluviz.peers.gemms", "numpy"),
}


class Trained(Protocol):
    """What a peer is: something that trains."""

    name: str
    block: int

    def train(self, steps: int) -> None:
        """Do that many steps, a multiple of `block`, and wait until they are done."""


def load(key: str, problem: Any, threads: int) -> Trained:
    """The peer of that key, ready to train; raises ImportError where its library is not installed or broken."""
    _, module, _ = PEERS[key]
    peer: Trained = importlib.import_module(module).Peer(problem, threads)
    return peer
