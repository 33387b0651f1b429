"""The benchmarks run and give every figure; the figures themselves are read by people, on quiet machines.

A run leaves its ratios in the file that RELUVIZ_BENCH_JSON names, and a later run says what got worse since.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reluviz import bench_record
from reluviz.bench_work import LARGE, SMALL

pytestmark = pytest.mark.slow


def bench(*arguments):
    """The JSON of `reluviz bench`."""
    command = [sys.executable, "-m", "reluviz", "bench", "--json", *arguments]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout)


def keep(figures, name, folder, capsys):
    """Compare with the figures of an earlier run, if there are any of this machine, and leave these instead."""
    chosen = os.environ.get("RELUVIZ_BENCH_JSON")
    path = Path(f"{Path(chosen).with_suffix('')}-{name}.json") if chosen else folder / f"{name}.json"
    if path.exists():
        try:
            said = bench_record.worsened(bench_record.read(path), figures)
        except bench_record.NoRecord as reason:
            said = [f"{path} is not compared with: {reason}"]
        with capsys.disabled():
            # A word for people: short turns on a busy machine prove nothing, so nothing fails.
            print("", *said, sep="\n")
    path.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return path


def test_engine_figures(tmp_path, capsys):
    figures = bench("--quick")
    assert figures["engine_steps_per_s"] > 0
    assert figures["numpy_steps_per_s"] > 0
    path = keep(figures, "engine", tmp_path, capsys)
    assert bench_record.worsened(bench_record.read(path), figures) == []


def test_peers_figures(tmp_path, capsys):
    figures = bench("--quick", "--peers", "--work", SMALL, "--work", LARGE)
    ratios = {ratio.name: ratio for ratio in bench_record.ratios_of(figures)}
    for work in (SMALL, LARGE):
        assert {"engine", "numpy", "scikit-learn"} <= set(figures["steps_per_s"][work])
    assert "gemms" in figures["steps_per_s"][LARGE]
    for peer in ("jax", "pytorch"):
        # Not every machine has them; the figures say so.
        assert (peer in figures["peers"]) != (peer in figures["skipped"])
    wanted = {
        f"{LARGE}, times bare GEMMs": "at least 0.75",
        "six runs, 1 core, times one run": "at least 0.8",
        f"{SMALL}, time of Sigmoid by ReLU": "at most 1.6",
        f"{SMALL}, time of Adam by SGD": "at most 1.5",
    }
    assert {name: ratios[name].wanted for name in wanted} == wanted
    assert all(ratio.value > 0 for ratio in ratios.values())
    keep(figures, "peers", tmp_path, capsys)


def test_window_figures():
    figures = bench("--window", "--seconds", "3")
    assert set(figures["frame_ms"]) == {"p50", "p95", "p99"}
    assert set(figures["steps_per_s"]) == {"alone", "with_window", "share"}
    for name in ("first_paint_s", "dashboard_s", "peak_memory_mb", "cores"):
        assert figures[name] > 0
    assert figures["frames"] > 10
    assert figures["steps"] > 1000


def test_window_figures_of_another_network():
    figures = bench("--window", "--seconds", "1", "--hidden", "16x16")
    assert figures["frames"] > 5
    assert figures["frames_per_s"] >= figures["snapshots_per_s"] > 0
    assert figures["steps"] > 100


def test_history_figures():
    figures = bench("--history", "--steps", "20000")
    assert figures["steps"] == 20_000
    assert 0 < figures["seek_ms"]["median"] <= figures["seek_ms"]["max"]
    assert figures["steps_per_s"] > 0
