"""BLAS for large layers, called by address: SciPy's own, through the interface that it offers to compiled code.

np.dot would do the same, but takes a second to compile wherever it is used, and cannot add to what is there.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import get_cython_function_address, intrinsic

_INT = ir.IntType(32)
_CHAR = ir.IntType(8)
_LONG = ir.IntType(64)


def gemm_address(dtype: str) -> int:
    """Where SciPy's sgemm or dgemm lies, for float32 or float64."""
    name = "sgemm" if dtype == "float32" else "dgemm"
    return int(get_cython_function_address("scipy.linalg.cython_blas", name))


@intrinsic
def gemm(context, place, turn_left, turn_right, rows, columns, count, left, right, keep, out):  # type: ignore[no-untyped-def]
    """out = left · right + keep · out for matrices row by row, given as addresses; `place` is that of gemm.

    out (rows, columns); left (rows, count), or with `turn_left` its transpose (count, rows) as it lies in memory;
    right (count, columns), or with `turn_right` (columns, count). keep is 0 or 1.
    """
    real = out.dtype

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place, turn_left, turn_right, rows, columns, count, left, right, keep, out = arguments
        number = ir.FloatType() if real == types.float32 else ir.DoubleType()

        def held(value: Any) -> Any:
            return cgutils.alloca_once_value(builder, value)

        def size(value: Any) -> Any:
            return held(builder.trunc(value, _INT))

        def letter(turned: Any) -> Any:
            wanted = builder.icmp_signed("!=", turned, ir.Constant(_LONG, 0))
            return held(builder.select(wanted, ir.Constant(_CHAR, ord("T")), ir.Constant(_CHAR, ord("N"))))

        def lead(turned: Any, plain: Any, other: Any) -> Any:
            wanted = builder.icmp_signed("!=", turned, ir.Constant(_LONG, 0))
            return size(builder.select(wanted, other, plain))

        # Fortran reads the same memory column by column: there the product is that of the transposes, swapped.
        values = [
            letter(turn_right), letter(turn_left), size(columns), size(rows), size(count),
            held(ir.Constant(number, 1.0)), right, lead(turn_right, columns, count), left,
            lead(turn_left, count, rows), held(builder.sitofp(keep, number)), out, size(columns),
        ]  # fmt: skip
        kind = ir.FunctionType(ir.VoidType(), [value.type for value in values])
        builder.call(builder.inttoptr(place, kind.as_pointer()), values)
        return context.get_dummy_value()

    long = types.int64
    return types.void(long, long, long, long, long, long, left, right, long, out), codegen
