"""The table of initialisers: each turns the same standard normal draws into weights and biases.

Normal laws stretch a draw z; uniform laws stretch its rank Φ(z), which is uniform on (0, 1): two runs with different
initialisers still share every single random draw.
"""

from reluviz.core.catalog import Catalog
from reluviz.core.initializer_asymmetric import RandomisedAsymmetric
from reluviz.core.initializer_base import Initializer
from reluviz.core.initializer_fans import (
    GlorotNormal,
    GlorotUniform,
    HeBias,
    HeNormal,
    HeUniform,
    LeCunNormal,
    LeCunUniform,
    MeanField,
    PyTorchLinear,
)
from reluviz.core.initializer_fixed import PlainNormal, UniformHalf, Zeros
from reluviz.core.initializer_orthogonal import Orthogonal

INITIALIZERS: Catalog[type[Initializer]] = Catalog(
    "initialiser",
    HeNormal,
    HeUniform,
    GlorotNormal,
    GlorotUniform,
    LeCunNormal,
    LeCunUniform,
    Orthogonal,
    PyTorchLinear,
    MeanField,
    RandomisedAsymmetric,
    HeBias,
    PlainNormal,
    UniformHalf,
    Zeros,
)

__all__ = [
    "INITIALIZERS",
    "GlorotNormal",
    "GlorotUniform",
    "HeBias",
    "HeNormal",
    "HeUniform",
    "Initializer",
    "LeCunNormal",
    "LeCunUniform",
    "MeanField",
    "Orthogonal",
    "PlainNormal",
    "PyTorchLinear",
    "RandomisedAsymmetric",
    "UniformHalf",
    "Zeros",
]
