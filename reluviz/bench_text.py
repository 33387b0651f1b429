"""The figures of a benchmark as text for people."""

from typing import Any

from reluviz import bench_record, peers

TARGETS = {
    "p50": "at most 17",
    "p95": "at most 20",
    "p99": "at most 34",
    "frames_per_s": "at least 20",
    "share": "at least 0.7",
    "first_paint_s": "at most 0.3",
    "dashboard_s": "at most 1.2",
    "peak_memory_mb": "at most 400",
    "first_step": "at most 0.6",
}
# Too much to read; JSON has it.
LEFT_OUT = {"ratios", "machine", "versions", "peers", "skipped", "cores_used", "views"}
MISSING = "-"
WIDE = 14


def as_text(figures: dict[str, Any]) -> str:
    """The rates of peers as a table, one line for every other figure and ratio, and what could not be measured."""
    parts = []
    if figures.get("peers"):
        parts.append(_table(figures["steps_per_s"]))
    rows = []
    for key, value in figures.items():
        if key not in LEFT_OUT and not (key == "steps_per_s" and "peers" in figures):
            rows += _rows(key, value)
    for entry in bench_record.ratios_of(figures) if "ratios" in figures else []:
        rows.append((entry.name, f"{entry.value:,.2f}", entry.wanted, entry.verdict))
    width = max(len(row[0]) for row in rows)
    parts.append("\n".join(f"{name:{width}}  {v:>12}  {target:14}  {met}".rstrip() for name, v, target, met in rows))
    if "views" in figures:
        parts.append(_of_views(figures["views"]))
    skipped = figures.get("skipped", {})
    if skipped:
        parts.append("\n".join(f"{peers.PEERS[key][0]} was skipped: {reason}" for key, reason in skipped.items()))
    return "\n\n".join(parts)


def _table(rates: dict[str, dict[str, float]]) -> str:
    """Steps per second: one row a network, one column a program."""
    rows = {name: row for name, row in rates.items() if "numpy" in row}
    keys = list(dict.fromkeys(key for row in rows.values() for key in row if key not in peers.PARTS))
    width = max(map(len, (*rows, "steps/s")))
    heads = [peers.PEERS[key][0] if key in peers.PEERS else key for key in keys]
    lines = [f"{'steps/s':{width}}" + "".join(f"{head:>{WIDE}}" for head in heads)]
    for name, row in rows.items():
        cells = [f"{row[key]:,.0f}" if key in row else MISSING for key in keys]
        lines.append(f"{name:{width}}" + "".join(f"{cell:>{WIDE}}" for cell in cells))
    return "\n".join(lines)


def _of_views(groups: list[dict[str, Any]]) -> str:
    """The frames with each group of views that was shown."""
    lines = [f"{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}{'frames/s':>10}  views shown"]
    for group in groups:
        times = "".join(f"{group['frame_ms'][name]:8.1f}" for name in ("p50", "p95", "p99"))
        lines.append(f"{times}{group['frames_per_s']:10.1f}  {', '.join(group['shown'])}")
    return "\n".join(lines)


def _rows(key: str, value: Any) -> list[tuple[str, str, str, str]]:
    if isinstance(value, dict):
        return [row for name, part in value.items() for row in _rows(f"{key} {name}", part)]
    shown = f"{value:,.2f}" if isinstance(value, float) and value < 1000 else f"{value:,.0f}"
    return [(key, shown, TARGETS.get(key.split(" ")[-1], ""), "")]
