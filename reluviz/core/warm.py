"""Fill the kernel cache: `python -m reluviz.core.warm [PRECISION …]` prints one line of progress for each kernel."""

import sys

from reluviz.core import kernel_cache
from reluviz.core.kernel_plan import PRECISIONS


def main(precisions: list[str]) -> int:
    """Compile what is not in the cache yet, by default for both precisions; lines read `done total name`."""
    cold = [precision for precision in precisions or PRECISIONS if not kernel_cache.is_warm(precision)]
    if not cold:
        print("the kernels are compiled already", flush=True)
        return 0
    for place, precision in enumerate(cold):
        _load(precision, place, len(cold))
        kernel_cache.mark_warm(precision)
    return 0


def _load(precision: str, place: int, count: int) -> None:
    from reluviz.core import kernels  # noqa: PLC0415  (Numba costs 0.3 s; a warm cache must not pay it)

    def say(done: int, total: int, name: str) -> None:
        print(f"{place * total + done} {count * total} {name}", flush=True)

    kernels.load(precision, say)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
