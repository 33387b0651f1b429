"""The addresses of all compiled activations, from one entry point that is cached like the others."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from reluviz.core.jit import EXACT, entry
from reluviz.core.kernel_curves import CURVES
from reluviz.core.kernel_functions import address, over_arrays, over_arrays_signature

KEYS = tuple(CURVES)
_FUNCTIONS = tuple(over_arrays(f, df) for f, df in CURVES.values())


@intrinsic
def fill(context, out, like):  # type: ignore[no-untyped-def]
    """Store the address of every function for numbers of the type of `like` in out (int64)."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        wanted = over_arrays_signature(signature.args[1].dtype)
        for place, function in enumerate(_FUNCTIONS):
            value = address(context, builder, function, wanted, set(EXACT))
            builder.store(value, builder.gep(data, [ir.Constant(ir.IntType(64), place)]))
        return context.get_dummy_value()

    return types.void(out, like), codegen


@entry
def addresses(out, like):  # type: ignore[no-untyped-def]
    """out[i] = the address of the activation KEYS[i] for arrays of the type of `like`."""
    fill(out, like)
