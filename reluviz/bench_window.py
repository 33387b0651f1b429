"""Measure the real window while it trains flat out; prints one line of JSON. Started by `reluviz bench`.

With `all` as second argument it shows every view, eight at a time, and the figures are those of the slowest eight. The
third argument are the widths of the hidden layers, such as 8,8,8; empty for those of the lab.
"""

import json
import math
import os
import sys
import time
from typing import Any

from PySide6.QtCore import QObject, QSize, QTimer

from reluviz.app import Session

SIZE = QSize(1600, 1000)
WARM_UP_S = 1.5
# Every view: a projector's size, a deep network, so many views at a time in so many columns.
FULL_SIZE = QSize(1920, 1080)
HIDDEN = (8,) * 6
AT_ONCE, ACROSS = 8, 4


class Watch(QObject):
    """Notes when frames have been painted, and how far training has come."""

    def __init__(self, session: Session, started: float, seconds: float, groups: list[tuple[str, ...]]) -> None:
        """`groups` are the views to show one group after the other; none means the window as it opens."""
        super().__init__()
        self._window = session.window
        self._started, self._seconds = started, seconds
        self._groups, self._done = groups, 0
        self.parts: list[dict[str, Any]] = []
        self._ticks: list[float] = []
        self._memory: list[float] = []
        self._seen: set[int] = set()
        self._steps = (0, 0.0)
        self.figures: dict[str, Any] = {}
        self._window.first_painted.connect(self._note_first)
        self._window.dashboard_painted.connect(self._begin)

    def _note_first(self) -> None:
        self.figures["first_paint_s"] = time.time() - self._started

    def _begin(self) -> None:
        self.figures["dashboard_s"] = time.time() - self._started
        self._window.lab.set_speed(math.inf)
        self._window.lab.play()
        self._window.timer.timeout.connect(self._note_tick)
        self._warm_up()

    def _warm_up(self) -> None:
        if self._groups:
            from reluviz.ui.workspaces import grid  # noqa: PLC0415  (the window's start must not pay for it)

            self._window.dashboard.arrange(grid(self._groups[self._done], ACROSS))
        QTimer.singleShot(round(WARM_UP_S * 1000), self, self._measure)

    def _measure(self) -> None:
        self._steps = (self._window.snapshot.step, time.perf_counter())
        self._ticks.clear()
        self._seen.clear()
        QTimer.singleShot(round(self._seconds * 1000), self, self._end)

    def _note_tick(self) -> None:
        # This slot runs after the window's own, so a tick marks that the frame before has been drawn and painted.
        self._ticks.append(time.perf_counter())
        self._seen.add(self._window.snapshot.step)
        if len(self._ticks) % 60 == 0:
            self._memory.append(peak_memory_mb())

    def _end(self) -> None:
        first, since = self._steps
        lasted = time.perf_counter() - since
        rate = (self._window.snapshot.step - first) / lasted
        import numpy as np  # noqa: PLC0415  (the window's start must not pay for it)

        intervals = 1000 * np.diff(self._ticks)
        half = len(intervals) // 2
        self.parts.append({
            "frame_ms": {f"p{q}": float(np.percentile(intervals, q)) for q in (50, 95, 99)},
            "frame_ms_median": {
                "first_half": float(np.median(intervals[:half])),
                "second_half": float(np.median(intervals[half:])),
            },
            "frames": len(intervals),
            "frames_per_s": len(intervals) / lasted,
            "snapshots_per_s": len(self._seen) / lasted,
            "steps": self._window.snapshot.step,
            "steps_per_s": {"with_window": rate},
            "peak_memory_mb": peak_memory_mb(),
        })  # fmt: skip
        self._done += 1
        if self._done < len(self._groups):
            self._warm_up()
            return
        # The slowest part speaks for all.
        self.figures |= max(self.parts, key=lambda part: part["frame_ms"]["p95"])
        if self._groups:
            self.figures["views"] = [
                {"shown": list(shown), **part} for shown, part in zip(self._groups, self.parts, strict=True)
            ]
        self._window.close_now()


def peak_memory_mb() -> float:
    """The largest resident size so far; 0 where the system does not tell."""
    try:
        import resource  # noqa: PLC0415  (not on Windows)
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024) if sys.platform == "darwin" else peak / 1024


def groups_of_views() -> list[tuple[str, ...]]:
    """Every view once, AT_ONCE at a time; the last group is filled up from the first."""
    from reluviz.ui.views import VIEWS  # noqa: PLC0415  (the window's start must not pay for it)

    keys = list(VIEWS)
    groups = [tuple(keys[begin : begin + AT_ONCE]) for begin in range(0, len(keys), AT_ONCE)]
    missing = AT_ONCE - len(groups[-1])
    return [*groups[:-1], (*groups[-1], *[key for key in keys if key not in groups[-1]][:missing])]


def alone(seconds: float, settings: Any) -> float:
    """Steps a second of the same lab and thread when nobody looks."""
    from reluviz.engine.messages import FASTEST, Pause, Play, Ready, SetSpeed  # noqa: PLC0415
    from reluviz.engine.thread import TrainingThread  # noqa: PLC0415

    thread = TrainingThread(settings)
    thread.start()
    while Ready() not in thread.events():
        time.sleep(0.01)
    thread.send(SetSpeed(FASTEST))
    thread.send(Play())
    while (first := thread.frames.take()) is None or first.step == 0:
        time.sleep(0.01)
    time.sleep(1.0)
    thread.frames.take()
    start = _next_snapshot(thread)
    since = time.perf_counter()
    time.sleep(seconds)
    thread.frames.take()
    end = _next_snapshot(thread)
    rate = (end.step - start.step) / (time.perf_counter() - since)
    thread.send(Pause())
    thread.stop()
    return float(rate)


def _next_snapshot(thread: Any) -> Any:
    while (snapshot := thread.frames.take()) is None:
        time.sleep(0.001)
    return snapshot


def _lab(hidden: tuple[int, ...]) -> Any:
    """The first lab, with these hidden layers, if any are named."""
    from reluviz.core.settings import Network, Settings  # noqa: PLC0415  (the window's start must not pay for it)

    return Settings(network=Network(hidden=hidden)) if hidden else Settings()


def main() -> int:
    """Open the window, measure, and print."""
    seconds, every = float(sys.argv[1]), sys.argv[2:3] == ["all"]
    widths = tuple(int(width) for width in "".join(sys.argv[3:]).split(",") if width) or (HIDDEN if every else ())
    settings = _lab(widths) if widths else None
    session = Session(settings, safe_mode=True)
    session.window.resize(FULL_SIZE if every else SIZE)
    started = float(os.environ.get("RELUVIZ_BENCH_START", time.time()))
    watch = Watch(session, started, seconds, groups_of_views() if every else [])
    session.show()
    session.app.exec()
    session.finish()
    figures = watch.figures
    if "frame_ms" not in figures:
        return 1
    rates = figures["steps_per_s"]
    rates["alone"] = alone(min(seconds, 4.0), settings or _lab(()))
    rates["share"] = rates["with_window"] / rates["alone"]
    figures["cores"] = os.cpu_count()
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
