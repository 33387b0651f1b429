"""The command `reluviz figure`: train a session without a window and save one figure of it.

Only the standard library is imported at first: `--help` must not wait for Qt or Numba.
"""

import argparse
import math
import sys
from pathlib import Path
from typing import Any

KINDS = ("png", "svg", "pdf", "csv")
LEAST_TEXT, MOST_TEXT = 0.5, 3.0


class Refused(Exception):
    """A wrong input; its text is one sentence for the person."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command takes besides the session and the steps."""
    parser.add_argument("--view", required=True, metavar="KEY", help="a view (see: reluviz list views) or dashboard")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="FILE",
                        help="the file; its ending says the format: .png, .svg, .pdf or .csv")  # fmt: skip
    parser.add_argument("--size", default="1800x1200px", help="as 1800x1200px or 180x120mm (default: 1800x1200px)")
    parser.add_argument("--dpi", type=float, default=192.0, help="pixels an inch (default: 192)")
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help="its colours (default: light)")
    parser.add_argument("--transparent", action="store_true", help="leave the background out")
    parser.add_argument("--no-title", action="store_true", help="leave the title out")
    parser.add_argument("--text-size", type=float, default=100.0, metavar="PERCENT",
                        help="size of the letters, 50 to 300 (default: 100)")  # fmt: skip


def write(settings: Any, steps: int, options: argparse.Namespace) -> None:
    """Train and save; raises Refused with one sentence before training where that is possible."""
    kind = _kind(options)
    from reluviz.ui import figures  # noqa: PLC0415  (Qt, NumPy and Numba only when all else is right)
    from reluviz.ui.export import ExportError, Look  # noqa: PLC0415
    from reluviz.ui.export_size import parse_size  # noqa: PLC0415
    from reluviz.ui.theme import THEMES  # noqa: PLC0415

    if options.view not in figures.KEYS:
        raise Refused(f"view {options.view!r} is not allowed: it must be {', '.join(figures.KEYS)}")
    if kind == "csv" and options.view == figures.DASHBOARD:
        raise Refused("the dashboard has no table of its own: name one view, or another ending than .csv")
    share = options.text_size / 100
    if not (math.isfinite(share) and LEAST_TEXT <= share <= MOST_TEXT):
        raise Refused(f"text size {options.text_size:g} is not allowed: it must be from 50 to 300 percent")
    try:
        size = parse_size(options.size, options.dpi)
    except ValueError as error:
        raise Refused(str(error)) from None
    look = Look(THEMES[options.theme], share, options.transparent, not options.no_title)
    snapshot = _train(settings, steps, figures.needs(options.view))
    try:
        figures.write_figure(snapshot, options.view, options.out, size, look)
    except ExportError as error:
        raise Refused(str(error)) from None


def _kind(options: argparse.Namespace) -> str:
    path: Path = options.out
    kind = path.suffix[1:].lower()
    if kind not in KINDS:
        ending = f"the ending {path.suffix!r}" if path.suffix else "a name without an ending"
        raise Refused(f"{ending} is not allowed for {path}: it must be .{', .'.join(KINDS)}")
    if not path.parent.is_dir():
        raise Refused(f"cannot write to {path.parent}: there is no such folder")
    if path.is_dir():
        raise Refused(f"cannot write to {path}: it is a folder")
    return kind


def _train(settings: Any, steps: int, needs: frozenset[str]) -> Any:
    from reluviz.core.ticket import Ticket  # noqa: PLC0415  (needs NumPy)
    from reluviz.core.trainer import Trainer  # noqa: PLC0415

    try:
        # DataError is a ValueError too: the sentence of either is for the person.
        settings = settings.settled(Ticket())
    except ValueError as error:
        raise Refused(str(error)) from None
    trainer = Trainer(settings)
    trainer.train(steps)
    for sentence in trainer.refusals:
        print(f"reluviz: {sentence}", file=sys.stderr)
    return trainer.snapshot(needs=needs)
