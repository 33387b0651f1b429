"""Compiled functions over arrays that the training kernel calls by address.

An address can be exchanged while a network trains, and a typed formula gets one without compiling the kernel anew.
A function reads z and writes a = f(z), and d = f′(z) where it is wanted: all flat arrays of n numbers of one type,
with room for LANES more behind them, which it may overwrite.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from llvmlite import ir
from numba import carray, int64, njit, types, void
from numba.core.compiler import Flags
from numba.extending import intrinsic

from reluviz.core.jit import EXACT
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


def address(context: Any, builder: Any, function: Any, signature: Any, fastmath: set[str]) -> Any:
    """Compile a Python function for a signature into the library that is being built; its address, int64."""
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
def call(context, place, z, zo, a, ao, d, do, n, p, po, want):  # type: ignore[no-untyped-def]
    """Call the function at the address `place` on z from zo on, a from ao on, d from do on, parameters from po on."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place, z, zo, a, ao, d, do, n, p, po, want = arguments
        kinds = signature.args

        def at(array: Any, kind: Any, index: Any) -> Any:
            return builder.gep(context.make_array(kind)(context, builder, array).data, [index])

        places = at(z, kinds[1], zo), at(a, kinds[3], ao), at(d, kinds[5], do), n, at(p, kinds[8], po), want
        through(context, builder, place, over_arrays_signature(kinds[1].dtype), places)
        return context.get_dummy_value()

    given = (place, z, zo, a, ao, d, do, n, p, po, want)
    return types.void(*[types.int64 if isinstance(k, types.Integer) else k for k in given]), codegen


@dataclass(frozen=True, slots=True)
class Compiled:
    """A function over arrays and what keeps its code alive."""

    address: int
    keeper: Any


def compile_pair(f: Any, df: Any, real: Any) -> Compiled:
    """Compile f and f′ of one number, as in kernel_curves.py, for arrays of the Numba type `real`."""
    apply = over_arrays(f, df)

    @intrinsic
    def fill(context, out):  # type: ignore[no-untyped-def]
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
            place = address(context, builder, apply, over_arrays_signature(real), set(EXACT))
            builder.store(place, data)
            return context.get_dummy_value()

        return types.void(out), codegen

    def find(out):  # type: ignore[no-untyped-def]
        fill(out)

    keeper = njit(error_model="numpy", nogil=True)(find)
    keeper.compile(void(int64[::1]))
    place = np.zeros(1, np.int64)
    keeper(place)
    return Compiled(int(place[0]), keeper)
