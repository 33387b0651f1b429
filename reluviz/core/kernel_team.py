"""Two threads at one large network: a leader hands out half of every batch, and a follower takes it if it has time.

A batch of a large network is always computed in two halves, whoever does it, so that the sum has the same bits with
one thread and with two. The halves meet in `team`, an int64 array that both threads see; a half that nobody has taken
when the leader is done with its own is done by the leader, so a busy machine costs no waiting.
"""

import sys
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from reluviz.core.jit import plain

# Places in `team`; the lines of memory that are polled hold nothing else.
STATE, STOP = 0, 16
RUN, FIRST_ROW, ROWS, STEP, FINE = 32, 33, 34, 35, 36
SIZE = 48
IDLE, OPEN, TAKEN, DONE = 0, 1, 2, 3
_LONG = ir.IntType(64)


@intrinsic
def read(context, array, place):  # type: ignore[no-untyped-def]
    """array[place], after everything that was written before it was written."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.load_atomic(builder.gep(data, [arguments[1]]), "acquire", 8)

    return types.int64(array, types.int64), codegen


@intrinsic
def write(context, array, place, value):  # type: ignore[no-untyped-def]
    """array[place] = value, after everything that was written before."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        builder.store_atomic(arguments[2], builder.gep(data, [arguments[1]]), "release", 8)
        return context.get_dummy_value()

    return types.void(array, types.int64, types.int64), codegen


@intrinsic
def swap(context, array, place, before, after):  # type: ignore[no-untyped-def]
    """Turn array[place] from `before` into `after` at once; whether it was `before`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        at = builder.gep(data, [arguments[1]])
        result = builder.cmpxchg(at, arguments[2], arguments[3], "acq_rel", "acquire")
        return builder.extract_value(result, 1)

    long = types.int64
    return types.boolean(array, long, long, long), codegen


_yield = types.ExternalFunction("SwitchToThread" if sys.platform == "win32" else "sched_yield", types.int32())


@plain
def let_go():  # type: ignore[no-untyped-def]
    """Let another thread have the processor."""
    _yield()


@plain
def offer(team, run, first, rows, step):  # type: ignore[no-untyped-def]
    """Leader: the rows from `first` on are to be had."""
    team[RUN], team[FIRST_ROW], team[ROWS], team[STEP] = run, first, rows, step
    write(team, STATE, OPEN)


@plain
def take(team):  # type: ignore[no-untyped-def]
    """Either thread: whether the open half is mine now."""
    return read(team, STATE) == OPEN and swap(team, STATE, OPEN, TAKEN)


@plain
def hand_in(team, fine):  # type: ignore[no-untyped-def]
    """Follower: the half is done, and whether its outputs were finite."""
    team[FINE] = fine
    write(team, STATE, DONE)


@plain
def wait(team):  # type: ignore[no-untyped-def]
    """Leader: wait for the follower's half; whether its outputs were finite."""
    while read(team, STATE) != DONE:
        let_go()
    return team[FINE] != 0
