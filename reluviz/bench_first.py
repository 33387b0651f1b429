"""Measure the first step of a fresh process; prints one line of JSON. Started by `reluviz bench --peers`."""

import json
import os
import time


def main() -> int:
    """Import the engine, start the lab of the first start, do one step."""
    begun = time.time()
    from reluviz.core.settings import Settings  # noqa: PLC0415  (the imports are what is measured)
    from reluviz.core.trainer import Trainer  # noqa: PLC0415

    imported = time.time()
    Trainer(Settings()).train(1)
    ended = time.time()
    start = float(os.environ.get("RELUVIZ_BENCH_START", begun))
    print(json.dumps({"imports": imported - begun, "first_step": ended - imported, "process": ended - start}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
