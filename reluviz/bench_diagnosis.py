"""How well the diagnosis knows its labelled labs: all are trained, judged, and compared with what is known of them."""

import json
import time
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from reluviz.core.cases import CASES, Case, Verdict, examine

NONE = "-"


def main(*, as_json: bool, cases: Iterable[Case] = tuple(CASES.values())) -> int:
    """Examine the cases and print the table; 0 if every sick run is named rightly and no healthy one accused."""
    begin = time.perf_counter()
    chosen = tuple(cases)
    widths = _widths(chosen)
    verdicts = []
    if not as_json:
        print(_line(("case", "run", "expected", "found", "ok"), widths))
    for case in chosen:
        verdict = examine(case)
        verdicts.append(verdict)
        if not as_json:
            for row in _rows(verdict):
                print(_line(row, widths), flush=True)
    counts = count(verdicts)
    if as_json:
        entries = [_entry(verdict) for verdict in verdicts]
        print(json.dumps({**counts, "seconds": time.perf_counter() - begin, "cases": entries}, indent=2))
    else:
        print(f"\n{sentence(counts)} It took {time.perf_counter() - begin:.0f} s.")
    return 0 if all(verdict.right for verdict in verdicts) else 1


def count(verdicts: list[Verdict]) -> dict[str, int]:
    """How many labs are sick, how many of them are named rightly, how many are healthy, how many of them accused."""
    sick = [verdict for verdict in verdicts if verdict.case.sick]
    healthy = [verdict for verdict in verdicts if not verdict.case.sick]
    return {
        "sick": len(sick),
        "named_rightly": sum(verdict.right for verdict in sick),
        "healthy": len(healthy),
        "accused": sum(not verdict.right for verdict in healthy),
    }


def sentence(counts: dict[str, int]) -> str:
    """The counts in words."""
    return (
        f"Sick labs named rightly: {counts['named_rightly']}/{counts['sick']}. "
        f"Healthy labs accused: {counts['accused']}/{counts['healthy']}."
    )


def _rows(verdict: Verdict) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for run, expected in enumerate(verdict.case.expected):
        found = ", ".join(verdict.accused(run)) or NONE
        wanted = ", ".join(sorted(expected)) or NONE
        rows.append((verdict.case.key, str(run + 1), wanted, found, "yes" if verdict.right_about(run) else "NO"))
    return rows


def _widths(cases: tuple[Case, ...]) -> tuple[int, ...]:
    return (max(len(case.key) for case in cases), 3, 13, 40, 2)


def _line(row: tuple[str, ...], widths: tuple[int, ...]) -> str:
    return "  ".join(f"{text:{width}}" for text, width in zip(row, widths, strict=True)).rstrip()


def _entry(verdict: Verdict) -> dict[str, Any]:
    """A case as JSON: what is known of it, and all findings."""
    case = verdict.case
    return {
        "case": case.key,
        "about": case.trap,
        "steps": case.steps,
        "expected": [sorted(each) for each in case.expected],
        "allowed": sorted(case.allowed),
        "accused": [list(verdict.accused(run)) for run in range(len(case.expected))],
        "right": verdict.right,
        "findings": [asdict(finding) for finding in verdict.findings],
    }
