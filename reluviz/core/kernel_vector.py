"""A small matrix product in vector instructions: the one inner loop that all dense layers are made of.

Layers of a few units are too short for LLVM's loop vectoriser, which falls back to scalar code for them. Here
tiles of 4 rows by 8 columns are held in registers instead.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from reluviz.core.jit import inlined
from reluviz.core.kernel_math import ZERO

LANES = 8
ROWS = 4
_LONG = ir.IntType(64)
_VECTOR = ir.VectorType(ir.FloatType(), LANES)
_ALIGN = 4
_FLAGS = ("contract", "reassoc", "nsz")


def _address(context: Any, builder: Any, kind: Any, array: Any, index: Any, vector: bool) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    place = builder.gep(data, [index])
    return builder.bitcast(place, _VECTOR.as_pointer()) if vector else place


def _splat(builder: Any, value: Any) -> Any:
    single = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(single, ir.Constant(_VECTOR, ir.Undefined), mask)


def _tile(rows: int) -> Any:
    """Compile the product for a tile of `rows` rows by LANES columns."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        out, o, o_row, bias, b, b_row, count, left, s, s_row, s_step, right, v, v_step = arguments
        totals = [cgutils.alloca_once(builder, _VECTOR) for _ in range(rows)]
        for row, total in enumerate(totals):
            place = builder.add(b, builder.mul(b_row, ir.Constant(_LONG, row)))
            builder.store(builder.load(_address(context, builder, kinds[3], bias, place, True), align=_ALIGN), total)
        with cgutils.for_range(builder, count, intp=_LONG) as loop:
            place = builder.add(v, builder.mul(loop.index, v_step))
            vector = builder.load(_address(context, builder, kinds[11], right, place, True), align=_ALIGN)
            first = builder.add(s, builder.mul(loop.index, s_step))
            for row, total in enumerate(totals):
                place = builder.add(first, builder.mul(s_row, ir.Constant(_LONG, row)))
                factor = builder.load(_address(context, builder, kinds[7], left, place, False))
                product = builder.fmul(_splat(builder, factor), vector, flags=_FLAGS)
                builder.store(builder.fadd(builder.load(total), product, flags=_FLAGS), total)
        for row, total in enumerate(totals):
            place = builder.add(o, builder.mul(o_row, ir.Constant(_LONG, row)))
            builder.store(builder.load(total), _address(context, builder, kinds[0], out, place, True), align=_ALIGN)
        return context.get_dummy_value()

    return codegen


def _signature(given: tuple[Any, ...]) -> Any:
    return types.void(*[types.int64 if isinstance(kind, types.Integer) else kind for kind in given])


@intrinsic
def tile(context, out, o, o_row, bias, b, b_row, count, left, s, s_row, s_step, right, v, v_step):  # type: ignore[no-untyped-def]
    """`products` for ROWS rows and LANES columns; no bounds are checked."""
    return _signature((out, o, o_row, bias, b, b_row, count, left, s, s_row, s_step, right, v, v_step)), _tile(ROWS)


@intrinsic
def strip(context, out, o, o_row, bias, b, b_row, count, left, s, s_row, s_step, right, v, v_step):  # type: ignore[no-untyped-def]
    """`products` for one row and LANES columns; no bounds are checked."""
    return _signature((out, o, o_row, bias, b, b_row, count, left, s, s_row, s_step, right, v, v_step)), _tile(1)


@intrinsic
def dot(context, left, s, right, v, count):  # type: ignore[no-untyped-def]
    """Σ over i < count of left[s + i] · right[v + i]; count must be a multiple of LANES."""
    signature = types.float32(left, types.int64, right, types.int64, types.int64)

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        left, s, right, v, count = arguments
        total = cgutils.alloca_once_value(builder, ir.Constant(_VECTOR, [0.0] * LANES))
        step = ir.Constant(_LONG, LANES)
        with cgutils.for_range_slice(builder, ir.Constant(_LONG, 0), count, step, intp=_LONG) as (index, _):
            a = builder.load(_address(context, builder, kinds[0], left, builder.add(s, index), True), align=_ALIGN)
            b = builder.load(_address(context, builder, kinds[2], right, builder.add(v, index), True), align=_ALIGN)
            product = builder.fmul(a, b, flags=_FLAGS)
            builder.store(builder.fadd(builder.load(total), product, flags=_FLAGS), total)
        reduce = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.FloatType(), [ir.FloatType(), _VECTOR]), "llvm.vector.reduce.fadd.v8f32"
        )
        return builder.call(reduce, [ir.Constant(ir.FloatType(), 0.0), builder.load(total)], fastmath=_FLAGS)

    return signature, codegen


@inlined
def products(  # type: ignore[no-untyped-def]
    rows, columns, count, out, o, o_row, bias, b, b_row, left, s, s_row, s_step, right, v, v_step
):
    """out[r, j] = bias[r, j] + Σ over i < count of left[r, i] · right[i, j], for flat float32 arrays.

    Element [r, j] of out lies at o + r·o_row + j, of bias at b + r·b_row + j, left[r, i] at s + r·s_row + i·s_step,
    right[i, j] at v + i·v_step + j. `out` may be `bias`.
    """
    wide = columns - columns % LANES
    high = rows - rows % ROWS
    for j in range(0, wide, LANES):
        for r in range(0, high, ROWS):
            tile(out, o + r * o_row + j, o_row, bias, b + r * b_row + j, b_row, count, left, s + r * s_row, s_row,
                 s_step, right, v + j, v_step)  # fmt: skip
        for r in range(high, rows):
            strip(out, o + r * o_row + j, o_row, bias, b + r * b_row + j, b_row, count, left, s + r * s_row, s_row,
                  s_step, right, v + j, v_step)  # fmt: skip
    for r in range(rows):
        for j in range(wide, columns):
            total = ZERO
            for i in range(count):
                total += left[s + r * s_row + i * s_step] * right[v + i * v_step + j]
            out[o + r * o_row + j] = bias[b + r * b_row + j] + total
