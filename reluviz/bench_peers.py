"""The engine against its peers, and against itself with other activations, optimisers and more runs."""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from typing import Any

from reluviz import peers
from reluviz.bench_child import ENGINE, Missing, Remote
from reluviz.bench_race import FULL, Local, Pace, pinned, race
from reluviz.bench_record import Ratio
from reluviz.bench_work import SMALL, WORKS, Work
from reluviz.core.activations import ACTIVATIONS
from reluviz.core.formula import Formula
from reluviz.core.optimizers import OPTIMIZERS
from reluviz.core.settings import Settings
from reluviz.core.trainer import Trainer

CORES = 2
MIDDLE = "64-64-64-10"
CURVES = ("sigmoid", "tanh", "gelu")
# A typed formula, and the built-in activation that computes the same.
TYPED = {"max(x, 0)": "relu", "x*sigmoid(x)": "silu"}
# A learning rate at which no optimiser diverges.
GENTLE = 0.001
Say = Callable[[str], None]


class Results:
    """What has been measured so far."""

    def __init__(self) -> None:
        self.ratios: list[Ratio] = []
        self.rates: dict[str, dict[str, float]] = {}
        self.cores_used: dict[str, dict[str, float]] = {}
        self.seconds: dict[str, float] = {}
        self.names: dict[str, str] = {}
        self.skipped: dict[str, str] = {}

    def figures(self) -> dict[str, Any]:
        """Everything but the ratios, for JSON."""
        return {
            "steps_per_s": self.rates,
            "cores_used": self.cores_used,
            "seconds": self.seconds,
            "peers": self.names,
            "skipped": self.skipped,
        }


def measure(works: Iterable[str], pace: Pace, say: Say) -> Results:
    """Measure these workloads and everything else; `say` is told what is being measured."""
    results = Results()
    with pinned(CORES) as cores:
        for key in works:
            say(f"{key} against its peers")
            against_peers(WORKS[key], cores, pace, results)
    say("six runs in one lab")
    six_runs(pace, results)
    with pinned(CORES):
        for key in (SMALL, MIDDLE):
            say(f"activations and optimisers on {key}")
            against_itself(WORKS[key], pace, results)
        say("a typed formula")
        typed_formula(WORKS[SMALL], pace, results)
        say("the first step of a fresh process")
        first_step(results, pace == FULL, say)
    return results


def against_peers(work: Work, cores: int, pace: Pace, results: Results) -> None:
    """The engine and every peer that is installed, one process each, taking turns."""
    wanted = [key for key in peers.PEERS if work.parallel or key not in peers.PARTS]
    with contextlib.ExitStack() as processes:
        racers = {ENGINE: processes.enter_context(Remote(ENGINE, work.key, cores))}
        for key in wanted:
            threads = cores if work.parallel and key != "gemms-1" else 1
            try:
                racers[key] = processes.enter_context(Remote(key, work.key, threads))
            except Missing as reason:
                results.skipped[key] = str(reason)
        results.names |= {key: racer.name for key, racer in racers.items()}
        rates = race(racers, pace)
    if "gemms" in rates:
        # On a busy machine the threads of BLAS wait for each other; whichever way is faster is the measure.
        rates["gemms"] = [max(pair) for pair in zip(rates["gemms"], rates["gemms-1"], strict=True)]
    results.rates[work.key] = {key: statistics.median(values) for key, values in rates.items()}
    results.cores_used[work.key] = {key: racer.cores_used for key, racer in racers.items()}
    targets = {"jax": work.times_jax, "gemms": 0.75}
    for key in list(racers)[1:]:
        name = f"{work.key}, times {peers.PEERS[key][0]}"
        results.ratios.append(Ratio.of(name, rates[ENGINE], rates[key], targets.get(key)))


def six_runs(pace: Pace, results: Results) -> None:
    """Six runs of one lab against a single one: steps of all runs per second, on one core and on two."""
    with contextlib.ExitStack() as processes:
        racers = {}
        for name, runs, count in (("one run", 1, 1), ("six runs, 1 core", 6, 1), ("six runs, 2 cores", 6, CORES)):
            with pinned(count) as cores:
                racers[name] = processes.enter_context(Remote(ENGINE, SMALL, cores, runs))
        rates = race(racers, pace)
    totals = {name: [rate * (6 if name != "one run" else 1) for rate in values] for name, values in rates.items()}
    results.rates["six runs"] = {name: statistics.median(values) for name, values in totals.items()}
    results.cores_used["six runs"] = {name: racer.cores_used for name, racer in racers.items()}
    targets = {"six runs, 1 core": 0.8}
    for name in list(racers)[1:]:
        results.ratios.append(Ratio.of(f"{name}, times one run", totals[name], totals["one run"], targets.get(name)))


def against_itself(work: Work, pace: Pace, results: Results) -> None:
    """The time of a step with other activations and other optimisers, relative to ReLU and SGD."""
    labs = {"relu": work.settings(), "sgd": work.settings(rate=GENTLE)}
    labs |= {key: work.settings(activation=ACTIVATIONS[key]()) for key in CURVES}
    labs |= {key: work.settings(optimizer=kind(), rate=GENTLE) for key, kind in OPTIMIZERS.items() if key != "sgd"}
    rates = _race_labs(work, labs, f"{work.key}, itself", pace, results)
    targets = {**dict.fromkeys(CURVES, 1.6), "adam": 1.5}
    for key in list(labs)[2:]:
        base, table = ("relu", ACTIVATIONS) if key in CURVES else ("sgd", OPTIMIZERS)
        name = f"{work.key}, time of {table[key].title} by {table[base].title}"
        results.ratios.append(Ratio.of(name, rates[base], rates[key], targets.get(key), more=False))


def typed_formula(work: Work, pace: Pace, results: Results) -> None:
    """The time of a step with a typed activation, relative to the built-in one that computes the same."""
    labs = {}
    for text, key in TYPED.items():
        labs[text] = work.settings(activation=Formula(text))
        labs[key] = work.settings(activation=ACTIVATIONS[key]())
    rates = _race_labs(work, labs, f"{work.key}, typed", pace, results)
    for text, key in TYPED.items():
        name = f"{work.key}, time of typed {text} by {ACTIVATIONS[key].title}"
        results.ratios.append(Ratio.of(name, rates[key], rates[text], 1.5, more=False))


def _race_labs(
    work: Work, labs: dict[str, Settings], name: str, pace: Pace, results: Results
) -> dict[str, list[float]]:
    """Steps per second of labs in this process."""
    data = work.dataset()
    trainers = {key: Trainer(lab, data) for key, lab in labs.items()}
    rates = race({key: Local(trainer) for key, trainer in trainers.items()}, pace)
    gone = [key for key, trainer in trainers.items() if not trainer.living]
    if gone:
        # A run that has diverged does nothing, very fast.
        raise Missing(f"these runs diverged: {', '.join(gone)}")
    results.rates[name] = {key: statistics.median(values) for key, values in rates.items()}
    return rates


def first_step(results: Results, cold: bool, say: Say) -> None:
    """Seconds a fresh process takes to its first step, with compiled kernels and, if `cold`, without any."""
    found = [_first_step({}) for _ in range(3)]
    results.seconds |= {key: statistics.median(entry[key] for entry in found) for key in found[0]}
    if cold:
        say("the first step of a machine, which compiles for minutes")
        with tempfile.TemporaryDirectory(prefix="reluviz-") as folder:
            results.seconds["first_step_ever"] = _first_step({"NUMBA_CACHE_DIR": folder})["first_step"]


def _first_step(changes: dict[str, str]) -> dict[str, float]:
    environment = {**os.environ, **changes, "RELUVIZ_BENCH_START": repr(time.time())}
    command = [sys.executable, "-m", "reluviz.bench_first"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Missing("the first step failed")
    seconds: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return seconds
