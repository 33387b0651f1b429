"""Measure the past: what the keyframes of a long course take in memory and time, and how soon any step is shown."""

import json
import statistics
import time
from typing import Any

import numpy as np

from reluviz.bench_window import peak_memory_mb
from reluviz.core import chronicle
from reluviz.core.activations import ACTIVATIONS
from reluviz.core.settings import Run, Settings
from reluviz.core.trainer import Trainer

SIX = ("sigmoid", "relu", "tanh", "leaky_relu", "elu", "gelu")
PLACES, TURNS, TURN_STEPS = 60, 5, 20_000
TARGETS = {"memory_mb": "at most 300", "seek_ms max": "at most 100"}


def six_runs() -> Settings:
    """The first lab with six runs."""
    return Settings(runs=tuple(Run(activation=ACTIVATIONS[key](), color=place) for place, key in enumerate(SIX)))


def measure(steps: int) -> dict[str, Any]:
    """Train six runs, then show steps at random, each as the window does: state, replay and a whole snapshot."""
    trainer = Trainer(six_runs())
    trainer.train(100)
    trainer.snapshot()
    before, since = peak_memory_mb(), time.perf_counter()
    trainer.train(steps - 100)
    spent = time.perf_counter() - since
    memory = peak_memory_mb() - before
    places = np.random.default_rng(1).integers(0, steps, PLACES)
    took = []
    for step in places.tolist():
        since = time.perf_counter()
        viewer = trainer.past(step)
        viewer.replay(step, trainer)
        viewer.snapshot()
        took.append(1000 * (time.perf_counter() - since))
    return {
        "steps": steps,
        "steps_per_s": steps / spent,
        "memory_mb": memory,
        "seek_ms": {"median": statistics.median(took), "max": max(took)},
        "time with keyframes / without": overhead(),
    }


def overhead() -> float:
    """The time of training with keyframes over that without, in turns."""
    times: dict[bool, list[float]] = {True: [], False: []}
    usual = chronicle.WORK
    try:
        for _ in range(TURNS):
            for kept in (True, False):
                chronicle.WORK = usual if kept else usual * 10**9
                trainer = Trainer(six_runs())
                since = time.perf_counter()
                trainer.train(TURN_STEPS)
                times[kept].append(time.perf_counter() - since)
    finally:
        chronicle.WORK = usual
    return statistics.median(times[True]) / statistics.median(times[False])


def main(*, steps: int, as_json: bool) -> int:
    """Measure and print."""
    figures = measure(steps)
    if as_json:
        print(json.dumps(figures, indent=2))
        return 0
    for key, value in figures.items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        for name, number in parts:
            words = f"{key} {name}".strip()
            print(f"{words:32}  {number:>14,.2f}  {TARGETS.get(words, '')}".rstrip())
    return 0
