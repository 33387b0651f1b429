"""Compiled functions over arrays that the training kernel calls by address.

An address can be exchanged while a network trains, and a typed formula gets one without compiling the kernel anew.
A function reads z and writes a = f(z), and d = f′(z) where it is wanted: all flat arrays of n numbers of one type,
with room for LANES more behind them, which it may overwrite.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from llvmlite import ir
from numba import carray, types
from numba.core.compiler import Flags
from numba.extending import intrinsic

from reluviz.core.jit import EXACT, plain
from reluviz.core.kernel_vector import LANES

_LONG = ir.IntType(64)


def over_arrays(f: Any, df: Any) -> Any:
    """A function over arrays from two compiled functions of one number and four parameters."""

    def apply(z, a, d, n, p, want):  # type: ignore[no-untyped-def]
        # Up to LANES - 1 numbers too many: whole vectors, where single numbers would cost as much as a vector each.
        whole = (n + LANES - 1) & -LANES
        values, out, slopes = carray(z, whole), carray(a, whole), carray(d, whole)
        first, second, third, fourth = p[0], p[1], p[2], p[3]
        if want:
            # One loop for both, so that what they share is computed once.
            for i in range(whole):
                x = values[i]
                out[i] = f(x, first, second, third, fourth)
                slopes[i] = df(x, first, second, third, fourth)
        else:
            for i in range(whole):
                out[i] = f(values[i], first, second, third, fourth)

    return apply


def over_arrays_signature(real: Any) -> Any:
    """The signature of a function over arrays of the Numba type `real`."""
    place = types.CPointer(real)
    return types.void(place, place, place, types.int64, place, types.int64)


def filler(functions: Sequence[Any], signatures: Sequence[Callable[[Any], Any]], fastmath: set[str]) -> Any:
    """An intrinsic fill(out, like): compile Python functions, and store their addresses in out (int64).

    signatures: of each function, from the Numba type of `like`'s numbers.
    """

    @intrinsic
    def fill(context, out, like):  # type: ignore[no-untyped-def]
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
            for place, (function, wanted) in enumerate(zip(functions, signatures, strict=True)):
                value = _address(context, builder, function, wanted(signature.args[1].dtype), fastmath)
                builder.store(value, builder.gep(data, [ir.Constant(_LONG, place)]))
            return context.get_dummy_value()

        return types.void(out, like), codegen

    return fill


def _address(context: Any, builder: Any, function: Any, signature: Any, fastmath: set[str]) -> Any:
    """Compile a function for a signature into the library that is being built; its address, int64."""
    flags = Flags()
    flags.no_compile = True
    flags.no_cpython_wrapper = True
    flags.no_cfunc_wrapper = True
    flags.nrt = True
    flags.fastmath = fastmath
    flags.error_model = "numpy"
    compiled = context.compile_subroutine(builder, function, signature, flags=flags)
    declared = context.declare_function(builder.module, compiled.fndesc)
    return builder.ptrtoint(declared, _LONG)


def through(context: Any, builder: Any, place: Any, signature: Any, arguments: Any) -> None:
    """Call the function of a signature that lies at the address `place` (int64) and returns nothing."""
    kind = context.call_conv.get_function_type(signature.return_type, signature.args)
    function = builder.inttoptr(place, kind.as_pointer())
    context.call_conv.call_function(builder, function, signature.return_type, signature.args, arguments)


@intrinsic
def call(context, place, z, a, d, n, p, want):  # type: ignore[no-untyped-def]
    """Call the function over arrays at the address `place`; z, a, d and the four parameters p are addresses, too."""
    wanted = over_arrays_signature(z.dtype)

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        through(context, builder, arguments[0], wanted, arguments[1:])
        return context.get_dummy_value()

    return types.void(types.int64, *wanted.args), codegen


@dataclass(frozen=True, slots=True)
class Compiled:
    """A function over arrays and what keeps its code alive."""

    address: int
    keeper: Any


def compile_pair(f: Any, df: Any, dtype: str) -> Compiled:
    """Compile f and f′ of one number, as in kernel_curves.py, for arrays of float32 or float64."""
    fill = filler([over_arrays(f, df)], [over_arrays_signature], set(EXACT))

    def find(out, like):  # type: ignore[no-untyped-def]
        fill(out, like)

    keeper, place = plain(find), np.zeros(1, np.int64)
    keeper(place, np.zeros(1, dtype))
    return Compiled(int(place[0]), keeper)
