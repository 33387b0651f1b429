"""The record of a benchmark: ratios with their targets, and what got worse since an earlier record.

Only ratios are compared: rates change with the clock, with the weather in the machine, and mean nothing elsewhere.
"""

import json
import os
import platform
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import reluviz

WORSE = 0.15
LARGEST = 4_000_000


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measured ratio; `more` says whether more of it is better, `target` what it must reach, None for no promise.

    `rounds` are the ratios whose median it is; their range tells how noisy the machine was.
    """

    name: str
    value: float
    target: float | None = None
    more: bool = True
    rounds: tuple[float, ...] = ()

    @classmethod
    def of(
        cls, name: str, ours: list[float], theirs: list[float], target: float | None = None, more: bool = True
    ) -> "Ratio":
        """The median over the rounds of what `ours` is by `theirs`."""
        rounds = tuple(mine / other for mine, other in zip(ours, theirs, strict=True))
        return cls(name, statistics.median(rounds), target, more, rounds)

    @property
    def wanted(self) -> str:
        """The target in words."""
        return "" if self.target is None else f"{'at least' if self.more else 'at most'} {self.target:g}"

    @property
    def verdict(self) -> str:
        """Whether the target is met, in one word."""
        if self.target is None:
            return ""
        return "met" if (self.value >= self.target if self.more else self.value <= self.target) else "missed"


class NoRecord(Exception):
    """A file that is no record of a benchmark; its text is one sentence."""


def machine() -> dict[str, Any]:
    """What must be the same for two records to be comparable."""
    return {"processor": _processor(), "cores": os.cpu_count(), "system": platform.system()}


def record(ratios: Iterable[Ratio], **figures: Any) -> dict[str, Any]:
    """The figures of a benchmark with its ratios, the machine and the versions, ready for JSON."""
    listed = {
        ratio.name: {
            "value": ratio.value,
            "target": ratio.target,
            "better": "more" if ratio.more else "less",
            "rounds": ratio.rounds,
        }
        for ratio in ratios
    }
    versions = {"python": platform.python_version(), "reluviz": reluviz.__version__}
    versions |= {name: version(name) for name in ("numpy", "numba", "scipy")}
    return {**figures, "ratios": listed, "machine": machine(), "versions": versions}


def ratios_of(figures: dict[str, Any]) -> list[Ratio]:
    """The ratios of a record; raises NoRecord if they cannot be read."""
    try:
        return [
            Ratio(name, float(e["value"]), e.get("target"), e["better"] == "more", tuple(map(float, e["rounds"])))
            for name, e in figures["ratios"].items()
        ]
    except (AttributeError, KeyError, TypeError, ValueError):
        raise NoRecord("it holds no ratios of a benchmark") from None


def read(path: Path) -> dict[str, Any]:
    """An earlier record; raises NoRecord with one sentence."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST + 1)
    except OSError as error:
        raise NoRecord(f"cannot be read: {error.strerror or error}") from None
    try:
        figures = json.loads(text[:LARGEST].decode("utf-8"))
    except (ValueError, RecursionError):
        raise NoRecord("it is not JSON") from None
    if not isinstance(figures, dict):
        raise NoRecord("it holds no ratios of a benchmark")
    ratios_of(figures)
    return figures


def worsened(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """One sentence for each ratio that got worse by more than 15 % and beyond the noise.

    Beyond the noise means that no round now was as good as the worst round before. Raises NoRecord for a record of
    another machine.
    """
    if before.get("machine") != now["machine"]:
        raise NoRecord("it was measured on another machine, so its ratios say nothing about this one")
    earlier = {ratio.name: ratio for ratio in ratios_of(before)}
    sentences = []
    for ratio in ratios_of(now):
        old = earlier.get(ratio.name)
        if old is None or not old.value > 0:
            continue
        change = ratio.value / old.value - 1
        sign = 1 if ratio.more else -1
        best = max(sign * value for value in (ratio.rounds or (ratio.value,)))
        worst_before = min(sign * value for value in (old.rounds or (old.value,)))
        if sign * change < -WORSE and best < worst_before:
            sentences.append(f"{ratio.name}: {old.value:.2f} before, {ratio.value:.2f} now ({change:+.0%})")
    return sentences


def _processor() -> str:
    """The name of the processor, as well as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
