"""A small matrix product in vector instructions: the one inner loop that all dense layers are made of.

Layers of a few units are too short for LLVM's loop vectoriser, which falls back to scalar code for them. Here
tiles of rows by lanes are held in registers instead: 4 rows by 8 columns where there are as many, then narrower.
All of it works on bare addresses: an array is passed as seven numbers, an address as one.
"""

from typing import Any

from llvmlite import ir
from numba import carray, types
from numba.core import cgutils
from numba.extending import intrinsic

from reluviz.core.jit import fast, inlined

LANES = 8
ROWS = 4
_LONG = ir.IntType(64)
_FLAGS = ("contract", "reassoc", "nsz")


def _real(kind: Any) -> Any:
    """The LLVM type of a number."""
    return ir.FloatType() if kind == types.float32 else ir.DoubleType()


def _align(kind: Any) -> int:
    return 4 if kind == types.float32 else 8


def _wide(builder: Any, pointer: Any, index: Any, lanes: int) -> Any:
    """The place of `lanes` numbers from `index` on."""
    place = builder.gep(pointer, [index])
    return builder.bitcast(place, ir.VectorType(pointer.type.pointee, lanes).as_pointer())


def _splat(builder: Any, value: Any, lanes: int) -> Any:
    vector = ir.VectorType(value.type, lanes)
    empty = ir.Constant(vector, ir.Undefined)
    single = builder.insert_element(empty, value, ir.Constant(ir.IntType(32), 0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)
    return builder.shuffle_vector(single, empty, mask)


@intrinsic
def at(context, array, index):  # type: ignore[no-untyped-def]
    """The address of array[index], flat; no bounds are checked."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.gep(data, [arguments[1]])

    return types.CPointer(array.dtype)(array, types.int64), codegen


@intrinsic
def on(context, pointer, count):  # type: ignore[no-untyped-def]
    """The address `count` numbers further on."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.gep(arguments[0], [arguments[1]])

    return pointer(pointer, types.int64), codegen


@inlined
def view(array, begin, count):  # type: ignore[no-untyped-def]
    """`count` numbers from `begin` on. A loop over array[begin + i] does not vectorise: the index might be negative."""
    return carray(at(array, begin), count)


def _tile(rows: int, lanes: int) -> Any:
    """The product for a tile of `rows` rows by `lanes` columns."""

    @intrinsic
    def tile(context, out, o_row, bias, b_row, count, left, s_row, s_step, right, v_step):  # type: ignore[no-untyped-def]
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kind = signature.args[0].dtype
            out, o_row, bias, b_row, count, left, s_row, s_step, right, v_step = arguments
            align, vector = _align(kind), ir.VectorType(_real(kind), lanes)
            numbers = [ir.Constant(_LONG, row) for row in range(rows)]
            totals = [cgutils.alloca_once(builder, vector) for _ in numbers]
            for row, total in zip(numbers, totals, strict=True):
                place = _wide(builder, bias, builder.mul(b_row, row), lanes)
                builder.store(builder.load(place, align=align), total)
            with cgutils.for_range(builder, count, intp=_LONG) as loop:
                place = _wide(builder, right, builder.mul(loop.index, v_step), lanes)
                values = builder.load(place, align=align)
                first = builder.mul(loop.index, s_step)
                for row, total in zip(numbers, totals, strict=True):
                    factor = builder.load(builder.gep(left, [builder.add(first, builder.mul(s_row, row))]))
                    product = builder.fmul(_splat(builder, factor, lanes), values, flags=_FLAGS)
                    builder.store(builder.fadd(builder.load(total), product, flags=_FLAGS), total)
            for row, total in zip(numbers, totals, strict=True):
                place = _wide(builder, out, builder.mul(o_row, row), lanes)
                builder.store(builder.load(total), place, align=align)
            return context.get_dummy_value()

        long = types.int64
        return types.void(out, long, bias, long, long, left, long, long, right, long), codegen

    return tile


@intrinsic
def dot(context, left, right, count):  # type: ignore[no-untyped-def]
    """Σ over i < count of left[i] · right[i]; count must be a multiple of LANES."""
    signature = left.dtype(left, right, types.int64)

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0].dtype
        left, right, count = arguments
        real, align = _real(kind), _align(kind)
        vector = ir.VectorType(real, LANES)
        total = cgutils.alloca_once_value(builder, ir.Constant(vector, [0.0] * LANES))
        step = ir.Constant(_LONG, LANES)
        with cgutils.for_range_slice(builder, ir.Constant(_LONG, 0), count, step, intp=_LONG) as (index, _):
            a = builder.load(_wide(builder, left, index, LANES), align=align)
            b = builder.load(_wide(builder, right, index, LANES), align=align)
            product = builder.fmul(a, b, flags=_FLAGS)
            builder.store(builder.fadd(builder.load(total), product, flags=_FLAGS), total)
        suffix = "v8f32" if kind == types.float32 else "v8f64"
        reduce = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(real, [real, vector]), f"llvm.vector.reduce.fadd.{suffix}"
        )
        return builder.call(reduce, [ir.Constant(real, 0.0), builder.load(total)], fastmath=_FLAGS)

    return signature, codegen


def _band(rows: int) -> Any:
    """The product for `rows` rows and any number of columns."""
    tile8, tile4, tile2, tile1 = (_tile(rows, lanes) for lanes in (8, 4, 2, 1))

    @inlined
    def band(columns, count, out, o_row, bias, b_row, left, s_row, s_step, right, v_step):  # type: ignore[no-untyped-def]
        j = 0
        while columns - j >= 8:
            tile8(on(out, j), o_row, on(bias, j), b_row, count, left, s_row, s_step, on(right, j), v_step)
            j += 8
        if columns - j >= 4:
            tile4(on(out, j), o_row, on(bias, j), b_row, count, left, s_row, s_step, on(right, j), v_step)
            j += 4
        if columns - j >= 2:
            tile2(on(out, j), o_row, on(bias, j), b_row, count, left, s_row, s_step, on(right, j), v_step)
            j += 2
        if columns > j:
            tile1(on(out, j), o_row, on(bias, j), b_row, count, left, s_row, s_step, on(right, j), v_step)

    return band


_tall, _flat = _band(ROWS), _band(1)


@fast
def products(rows, columns, count, out, o_row, bias, b_row, left, s_row, s_step, right, v_step):  # type: ignore[no-untyped-def]
    """out[r, j] = bias[r, j] + Σ over i < count of left[r, i] · right[i, j], all given as addresses.

    Element [r, j] of out lies at r·o_row + j, of bias at r·b_row + j, left[r, i] at r·s_row + i·s_step, right[i, j] at
    i·v_step + j. `out` may be `bias`.
    """
    high = rows - rows % ROWS
    for r in range(0, high, ROWS):
        _tall(columns, count, on(out, r * o_row), o_row, on(bias, r * b_row), b_row, on(left, r * s_row), s_row, s_step,
              right, v_step)  # fmt: skip
    for r in range(high, rows):
        _flat(columns, count, on(out, r * o_row), o_row, on(bias, r * b_row), b_row, on(left, r * s_row), s_row, s_step,
              right, v_step)  # fmt: skip
