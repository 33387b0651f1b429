"""Measurements of speed as ratios in one run: the engine against plain NumPy or its peers, the window as it trains."""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from reluviz import bench_peers, bench_record, peers
from reluviz.bench_race import FULL, QUICK, Local, Pace, race
from reluviz.bench_record import NoRecord, Ratio
from reluviz.bench_text import as_text
from reluviz.bench_work import SMALL, WORKS, problem
from reluviz.core.settings import Network
from reluviz.core.trainer import Trainer


class WrongWidths(ValueError):
    """Hidden layers that no lab can have."""


def main(
    *,
    window: bool,
    seconds: float,
    views: str = "usual",
    hidden: str = "",
    as_json: bool,
    against_peers: bool = False,
    works: tuple[str, ...] = (),
    quick: bool = False,
    compare: Path | None = None,
) -> int:
    """Measure and print; 0 if all could be measured and nothing got worse than in the file to compare with.

    `hidden` are the widths of the hidden layers in the window: see `widths`. Raises NoRecord where the file cannot be
    used, WrongWidths for widths that are none.
    """
    layers = widths(hidden)
    before = bench_record.read(compare) if compare else None
    pace = QUICK if quick else FULL
    try:
        works = works or tuple(WORKS)
        figures = measure_window(seconds, views, layers) if window else _engine(against_peers, works, pace)
    except bench_peers.Missing as reason:
        print(f"reluviz: not all could be measured: {reason}", file=sys.stderr)
        return 1
    print(json.dumps(figures, indent=2) if as_json else as_text(figures))
    worse = bench_record.worsened(before, figures) if before else []
    for sentence in worse:
        print(f"worse than before: {sentence}", file=sys.stderr)
    return 1 if worse else 0


def _engine(against_peers: bool, works: tuple[str, ...], pace: Pace) -> dict[str, Any]:
    if not against_peers:
        return measure_engine(pace)
    results = bench_peers.measure(works, pace, lambda words: print(f"measuring {words}", file=sys.stderr))
    return bench_record.record(results.ratios, **results.figures())


def measure_engine(pace: Pace = FULL) -> dict[str, Any]:
    """Steps per second of the engine and of a plain NumPy loop, in turns, so that clock drift cancels in the ratio."""
    work = WORKS[SMALL]
    loop = peers.load("numpy", problem(work), threads=1)
    rates = race({"engine": Local(Trainer(work.settings())), "numpy": Local(loop)}, pace)
    times = Ratio.of(f"{work.key}, times NumPy loop", rates["engine"], rates["numpy"], 14)
    return bench_record.record(
        [times],
        engine_steps_per_s=statistics.median(rates["engine"]),
        numpy_steps_per_s=statistics.median(rates["numpy"]),
        ratio=times.value,
        cores=os.cpu_count(),
    )


def widths(text: str) -> tuple[int, ...]:
    """The hidden layers of `8,8,8`, or of `64x32`: 64 layers of 32; none for an empty text.

    Raises WrongWidths with what was given and what is allowed.
    """
    if not text:
        return ()
    depth, times, width = text.partition("x")
    try:
        found = (int(width),) * int(depth) if times else tuple(int(part) for part in text.split(","))
        return Network(hidden=found).hidden
    except ValueError:
        allowed = "1 to 64 whole numbers from 1 to 1024, such as 8,8,8 or 64x64"
        raise WrongWidths(f"{text!r} is not allowed: it must be {allowed}") from None


def measure_window(seconds: float, views: str = "usual", hidden: tuple[int, ...] = ()) -> dict[str, Any]:
    """The window in a fresh process, training flat out; raises Missing if it failed.

    It is offscreen unless QT_QPA_PLATFORM names a screen.

    `views` is "usual" for the first lab as it opens, or "all" for a deep one with every view, eight at a time; `hidden`
    are other widths of its hidden layers.
    """
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "RELUVIZ_BENCH_START": repr(time.time())}
    command = [sys.executable, "-m", "reluviz.bench_window", str(seconds), views, ",".join(map(str, hidden))]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise bench_peers.Missing("the window ended by itself")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


__all__ = ["NoRecord", "WrongWidths", "as_text", "main", "measure_engine", "measure_window", "widths"]
