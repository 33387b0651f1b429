"""The benchmarks run and give every figure; the figures themselves are read by people, on quiet machines."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def bench(*arguments):
    """The JSON of `reluviz bench`."""
    command = [sys.executable, "-m", "reluviz", "bench", "--json", *arguments]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout)


def test_engine_figures():
    figures = bench()
    assert figures["ratio"] > 1
    assert figures["engine_steps_per_s"] > figures["numpy_steps_per_s"] > 0


def test_window_figures():
    figures = bench("--window", "--seconds", "3")
    assert set(figures["frame_ms"]) == {"p50", "p95", "p99"}
    assert set(figures["steps_per_s"]) == {"alone", "with_window", "share"}
    for name in ("first_paint_s", "dashboard_s", "peak_memory_mb", "cores"):
        assert figures[name] > 0
    assert figures["frames"] > 10
    assert figures["steps"] > 1000
