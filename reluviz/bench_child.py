"""A process that trains one workload in one way and answers how long it took: `python -m reluviz.bench_child`.

One line of JSON says that it is ready, or why not. Then each line of standard input is a number of steps, answered
by a line with the seconds they took. It ends with its input.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

ENGINE = "engine"
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Missing(Exception):
    """A peer that cannot be measured here; its text says why."""


class Remote:
    """A racer in a process of its own, on the cores that its parent has; raises Missing where it cannot run.

    Without its measurements it sleeps, so several can be alive and take turns.
    """

    def __init__(self, peer: str, work: str, threads: int, runs: int = 1) -> None:
        command = [sys.executable, "-m", "reluviz.bench_child", peer, work, str(threads), str(runs)]
        environment = dict(os.environ)
        if peer != ENGINE:
            # The engine sets its own numbers of threads, as in the program.
            environment |= dict.fromkeys(THREADS, str(threads))
        self._process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            ready = self._answer()
            if "missing" in ready:
                raise Missing(ready["missing"])
        except BaseException:
            self.close()
            raise
        self.name: str = ready["name"]
        self.block: int = ready["block"]
        self.cores_used = 0.0

    def measure(self, steps: int) -> float:
        """The seconds that so many steps took; raises Missing if the process has died."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{steps}\n")
            self._process.stdin.flush()
        except OSError:
            raise Missing("it ended by itself") from None
        answer = self._answer()
        self.cores_used = answer["processor_seconds"] / answer["seconds"]
        return float(answer["seconds"])

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Missing("it ended by itself")
        answer: dict[str, Any] = json.loads(line)
        return answer


def main() -> int:
    """Answer until the input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("peer")
    parser.add_argument("work")
    parser.add_argument("threads", type=int)
    parser.add_argument("runs", type=int)
    options = parser.parse_args()
    try:
        trained = _load(options.peer, options.work, options.threads, options.runs)
    except ImportError as error:
        lost = isinstance(error, ModuleNotFoundError)
        _say(missing="not installed" if lost else f"cannot be imported: {str(error).splitlines()[0]}")
        return 0
    _say(name=getattr(trained, "name", "reluviz"), block=getattr(trained, "block", 1))
    for line in sys.stdin:
        start, worked = time.perf_counter(), time.process_time()
        trained.train(int(line))
        _say(seconds=time.perf_counter() - start, processor_seconds=time.process_time() - worked)
    return 0


def _load(peer: str, work: str, threads: int, runs: int) -> Any:
    from reluviz import peers  # noqa: PLC0415  (the parent needs none of this)
    from reluviz.bench_work import WORKS, problem  # noqa: PLC0415

    chosen = WORKS[work]
    if peer != ENGINE:
        return peers.load(peer, problem(chosen), threads)
    from reluviz.core.trainer import Trainer  # noqa: PLC0415  (a peer must not load our kernels)

    trainer = Trainer(chosen.settings(runs), chosen.dataset())
    return trainer if threads == 1 else _Spread(trainer, threads)


class _Spread:
    """Trains groups of runs at the same time, as the program does while nobody looks."""

    def __init__(self, trainer: Any, lanes: int) -> None:
        self._trainer, self._lanes = trainer, lanes
        self._pool = ThreadPoolExecutor(lanes)

    def train(self, steps: int) -> None:
        """Every run does that many steps."""
        self._trainer.train(steps, self._pool.map, self._lanes)


def _say(**answer: Any) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
