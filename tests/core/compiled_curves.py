"""Compiled loops over the curves of the kernel, made once for each curve, and the measures by which they are judged."""

import functools

import numpy as np
from exact_activations import SLOPE_ROOTS
from numba import njit

from reluviz.core.activations import ACTIVATIONS
from reluviz.core.kernel_curves import CURVES
from reluviz.core.param import parameters

# Besides the defaults.
VARIANTS = {
    "hard_tanh": {"low": -2.0, "high": 0.7},
    "relu": {"at_zero": "0.5"},
    "relu6": {"at_zero": "1"},
    "leaky_relu": {"slope": 0.0, "at_zero": "0.5"},
    "prelu": {"slope": 0.6, "at_zero": "1"},
    "rrelu": {"lower": 0.2, "upper": 0.9, "at_zero": "0.5"},
    "elu": {"alpha": 2.7},
    "celu": {"alpha": 0.7},
    "swish": {"beta": 1.7},
    "softplus": {"beta": 0.3},
    "softshrink": {"lambd": 0.0},
    "hardshrink": {"lambd": 1.7},
    "threshold": {"threshold": 1.1, "value": -2.3},
    "squareplus": {"b": 0.3},
}


@functools.cache
def loop(key):
    """The fused loop over f and f′ as the kernel has it."""
    f, df = CURVES[key]

    @njit(error_model="numpy")
    def run(z, a, d, values):
        p, q, r, s = values[0], values[1], values[2], values[3]
        for i in range(z.size):
            x = z[i]
            a[i] = f(x, p, q, r, s)
            d[i] = df(x, p, q, r, s)

    return run


def twin(activation, z):
    """f and f′ of the compiled twin at z, in the dtype of z."""
    values = np.zeros(4, z.dtype)
    given = activation.values()
    values[: len(given)] = given
    a, d = np.empty_like(z), np.empty_like(z)
    loop(activation.key)(z, a, d, values)
    return a, d


def rounded(activation):
    """The same activation with parameters that are exact in float32."""
    fields = {p.name: getattr(activation, p.name) for p in parameters(type(activation))}
    return type(activation)(**{k: v if isinstance(v, str) else float(np.float32(v)) for k, v in fields.items()})


def instances(key):
    """The activation with its defaults and, where it has parameters, with others; exact in float32."""
    return [rounded(ACTIVATIONS[key](**values)) for values in ({}, VARIANTS.get(key)) if values is not None]


def roots(activation):
    """The places where f′ passes through zero; f does so at 0 only, where every form is right to the last digits."""
    if activation.key == "swish":
        return (SLOPE_ROOTS[0] / activation.beta,)
    return {"silu": SLOPE_ROOTS[:1], "mish": SLOPE_ROOTS[1:2], "gelu_tanh": SLOPE_ROOTS[2:3]}.get(
        activation.key, SLOPE_ROOTS[3:4] if activation.key == "gelu" else ()
    )


def errors(activation, z, got, wanted, slope, least):
    """Relative errors, or absolute ones close to a place where the value passes through zero; shape of z.

    Below `least`, the smallest normal number, a number has fewer digits; its error counts as if it were `least`.
    """
    size = np.maximum(np.abs(wanted), least)
    if activation.key == "sine":
        size[np.abs(z) > 1.0] = 1.0
    for root in roots(activation) if slope else ():
        size[np.abs(z - root) < 0.5] = 1.0
    with np.errstate(invalid="ignore"):
        return np.where(got == wanted, 0.0, np.abs(got - wanted) / size)
