"""Bits of a float32 in compiled code: powers of two, exponent and mantissa as integer instructions that vectorise."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

INT = ir.IntType(32)
FLOAT = ir.FloatType()
# 1.5 · 2^23: a float32 plus this number has its rounded value in its lowest bits.
MAGIC = 12582912.0
MAGIC_BITS = 0x4B400000
BIAS = 127
# The bits of √½: mantissas run from here to √2, so that the logarithm near 1 needs no power of two.
ROOT_BITS = 0x3F3504F3


def power_code(builder: Any, shifted: Any, part: str) -> Any:
    """Bits of 2^h, where h is about half of the integer n in shifted = n + MAGIC."""
    n = builder.sub(builder.bitcast(shifted, INT), INT(MAGIC_BITS))
    half = builder.ashr(n, INT(1))
    power = half if part == "half" else builder.sub(n, half)
    return builder.bitcast(builder.shl(builder.add(power, INT(BIAS)), INT(23)), FLOAT)


@intrinsic
def power_half(context: Any, shifted: Any) -> Any:
    """2^(n >> 1) of n + MAGIC: two halves keep 2^128 and the subnormal numbers in range."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return power_code(builder, arguments[0], "half")

    return types.float32(types.float32), codegen


@intrinsic
def power_rest(context: Any, shifted: Any) -> Any:
    """2^(n - (n >> 1)) of n + MAGIC."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return power_code(builder, arguments[0], "rest")

    return types.float32(types.float32), codegen


@intrinsic
def exponent_of(context: Any, x: Any) -> Any:
    """e of x = m 2^e with m in [√½, √2), as a float32; x > 0 and normal."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits = builder.sub(builder.bitcast(arguments[0], INT), INT(ROOT_BITS))
        return builder.sitofp(builder.ashr(bits, INT(23)), FLOAT)

    return types.float32(types.float32), codegen


@intrinsic
def mantissa_of(context: Any, x: Any) -> Any:
    """m of x = m 2^e with m in [√½, √2); x > 0 and normal."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits = builder.sub(builder.bitcast(arguments[0], INT), INT(ROOT_BITS))
        bits = builder.add(builder.and_(bits, INT(0x7FFFFF)), INT(ROOT_BITS))
        return builder.bitcast(bits, FLOAT)

    return types.float32(types.float32), codegen


@intrinsic
def real(context: Any, value: Any, like: Any) -> Any:
    """The number `value` in the floating-point type of `like`: a constant that does not promote float32."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.cast(builder, arguments[0], signature.args[0], signature.return_type)

    return like(value, like), codegen


@intrinsic
def exponent_bits(context: Any, x: Any) -> Any:
    """The eight exponent bits of a float32, 0 to 255, as an index."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits = builder.lshr(builder.bitcast(arguments[0], INT), INT(23))
        return builder.zext(builder.and_(bits, INT(255)), ir.IntType(64))

    return types.uint64(types.float32), codegen
