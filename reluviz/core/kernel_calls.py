"""Forward and backward by address, so that they are compiled once and not into every entry point that uses them.

`code` (int64) holds the addresses that `network` filled in: of forward, then of backward.
"""

from typing import Any

from numba import types
from numba.extending import intrinsic

from reluviz.core.jit import FAST, entry
from reluviz.core.kernel_functions import filler, through
from reluviz.core.kernel_network import backward_once, forward_once

FORWARD, BACKWARD = 0, 1
CODES = 2
_LONG = types.int64


def _flat(real: Any) -> Any:
    return types.Array(real, 1, "C")


def forward_signature(real: Any) -> Any:
    """plan, theta, params, running, x, rows, z, a, d, hat, spread, mode, share, rate, seed, step."""
    plan, flat, table = types.Array(_LONG, 2, "C"), _flat(real), types.Array(real, 2, "C")
    values = (flat, flat, flat, flat, flat)
    return types.void(plan, flat, flat, table, flat, _LONG, *values, _LONG, real, real, _LONG, _LONG)


def backward_signature(real: Any) -> Any:
    """plan, theta, x, rows, z, a, d, hat, spread, mode, rate, seed, step, work, grad, add."""
    plan, flat, table = types.Array(_LONG, 2, "C"), _flat(real), types.Array(real, 2, "C")
    values = (flat, flat, flat, flat, flat)
    return types.void(plan, flat, flat, _LONG, *values, _LONG, real, _LONG, _LONG, table, flat, _LONG)


_fill = filler((forward_once, backward_once), (forward_signature, backward_signature), set(FAST))


@entry
def network(out, like):  # type: ignore[no-untyped-def]
    """out[FORWARD], out[BACKWARD] = their addresses for arrays of the type of `like`."""
    _fill(out, like)


@intrinsic
def forward(context, place, plan, theta, params, running, x, rows, z, a, d, hat, spread, mode, share, rate, seed, step):  # type: ignore[no-untyped-def]
    """`forward_once` at the address `place`."""
    wanted = forward_signature(theta.dtype)

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        through(context, builder, arguments[0], wanted, arguments[1:])
        return context.get_dummy_value()

    return types.void(_LONG, *wanted.args), codegen


@intrinsic
def backward(context, place, plan, theta, x, rows, z, a, d, hat, spread, mode, rate, seed, step, work, grad, add):  # type: ignore[no-untyped-def]
    """`backward_once` at the address `place`."""
    wanted = backward_signature(theta.dtype)

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        through(context, builder, arguments[0], wanted, arguments[1:])
        return context.get_dummy_value()

    return types.void(_LONG, *wanted.args), codegen
