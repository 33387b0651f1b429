"""Measurements of speed as ratios in one run: the engine against plain NumPy, the window while it trains."""

import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

import numpy as np

from reluviz.core.activations import ReLU
from reluviz.core.datasets import Spiral
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.trainer import Trainer

ROUNDS = 7
ENGINE = Settings(
    data=Spiral(), network=Network(hidden=(8, 8, 8)), training=Training(batch_size=10), runs=(Run(activation=ReLU()),)
)
TARGETS = {
    "ratio": "at least 14",
    "p50": "at most 17",
    "p95": "at most 20",
    "p99": "at most 34",
    "share": "at least 0.7",
    "first_paint_s": "at most 0.3",
    "dashboard_s": "at most 1.2",
    "peak_memory_mb": "at most 400",
}


def main(*, window: bool, seconds: float, as_json: bool) -> int:
    """Measure and print; 0 if all could be measured."""
    figures = measure_window(seconds) if window else measure_engine()
    if figures is None:
        print("reluviz: the window could not be measured", file=sys.stderr)
        return 1
    print(json.dumps(figures, indent=2) if as_json else as_text(figures))
    return 0


def as_text(figures: dict[str, Any]) -> str:
    """One line a figure, with its target where there is one."""
    flat: dict[str, Any] = {}
    for key, value in figures.items():
        flat |= {f"{key} {name}": part for name, part in value.items()} if isinstance(value, dict) else {key: value}
    width = max(map(len, flat))
    lines = []
    for key, value in flat.items():
        shown = f"{value:,.2f}" if isinstance(value, float) and value < 1000 else f"{value:,.0f}"
        target = TARGETS.get(key.split(" ")[-1], "")
        lines.append(f"{key:{width}}  {shown:>12}  {target}".rstrip())
    return "\n".join(lines)


class PlainNumPy:
    """The same arithmetic as the engine's in a plain NumPy loop: 2-8-8-8-1, batch 10, ReLU, SGD, logistic loss."""

    def __init__(self) -> None:
        data = ENGINE.data.load()
        self._x, self._y = data.x_train, data.y_train
        rng = np.random.default_rng(1)
        sizes = (2, *ENGINE.network.hidden, 1)
        pairs = list(itertools.pairwise(sizes))
        self._weights = [(rng.standard_normal(pair) * np.sqrt(2 / pair[0])).astype(np.float32) for pair in pairs]
        self._biases = [np.zeros(units, np.float32) for _, units in pairs]
        self._rng = rng
        self._left = np.zeros(0, np.int64)

    def train(self, steps: int) -> None:
        """One update after the other."""
        rate, last = np.float32(0.1), len(self._weights) - 1
        for _ in range(steps):
            if len(self._left) < 10:
                self._left = self._rng.permutation(len(self._x))
            batch, self._left = self._left[:10], self._left[10:]
            signals, before = [self._x[batch]], []
            for layer, (weights, bias) in enumerate(zip(self._weights, self._biases, strict=True)):
                z = signals[-1] @ weights + bias
                before.append(z)
                signals.append(np.maximum(z, 0) if layer < last else z)
            delta = (1 / (1 + np.exp(-signals[-1])) - self._y[batch]) / np.float32(10)
            for layer in range(last, -1, -1):
                grad, grad_bias = signals[layer].T @ delta, delta.sum(axis=0)
                if layer:
                    delta = (delta @ self._weights[layer].T) * (before[layer - 1] > 0)
                self._weights[layer] -= rate * grad
                self._biases[layer] -= rate * grad_bias


def measure_engine() -> dict[str, Any]:
    """Steps per second of the engine and of a plain NumPy loop, in turns, so that clock drift cancels in the ratio."""
    plain, trainer = PlainNumPy(), Trainer(ENGINE)
    plain.train(1000)
    trainer.train(100_000)
    loops, kernels = [], []
    for _ in range(ROUNDS):
        loops.append(steps_per_second(plain, 8_000))
        kernels.append(steps_per_second(trainer, 150_000))
    ratios = [kernel / loop for kernel, loop in zip(kernels, loops, strict=True)]
    return {
        "engine_steps_per_s": statistics.median(kernels),
        "numpy_steps_per_s": statistics.median(loops),
        "ratio": statistics.median(ratios),
        "cores": os.cpu_count(),
    }


def steps_per_second(trainer: Any, steps: int) -> float:
    """How fast `trainer.train(steps)` is."""
    start = time.perf_counter()
    trainer.train(steps)
    return steps / (time.perf_counter() - start)


def measure_window(seconds: float) -> dict[str, Any] | None:
    """The default dashboard in a fresh process, offscreen, training flat out; None if it failed."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "RELUVIZ_BENCH_START": repr(time.time())}
    command = [sys.executable, "-m", "reluviz.bench_window", str(seconds)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        return None
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures
