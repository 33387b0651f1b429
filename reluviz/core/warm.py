"""Fill the kernel cache: `python -m reluviz.core.warm` prints one line of progress for each kernel."""

from reluviz.core import kernel_cache


def main() -> int:
    """Compile what is not in the cache yet; lines read `done total name`."""
    if kernel_cache.is_warm():
        print("the kernels are compiled already", flush=True)
        return 0
    from reluviz.core import kernels  # noqa: PLC0415  (Numba costs 0.3 s; a warm cache must not pay it)

    kernels.load(lambda done, total, name: print(f"{done} {total} {name}", flush=True))
    kernel_cache.mark_warm()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
