"""The command line: `reluviz [FILE]` opens the window, its commands work without one.

Only the standard library is imported here: `--help` must not wait for Qt or Numba.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import reluviz
from reluviz import figure, resources
from reluviz.ui.workspaces import WORKSPACES

# A history of fewer steps says nothing.
LEAST_STEPS = 1000
COMMANDS = ("run", "figure", "list", "passport", "bench")
TABLES = ("activations", "datasets", "optimizers", "schedules", "initializers", "layers", "losses", "views")


class Wrong(Exception):
    """An input that a command cannot use; its text is one sentence for the person."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 2 and one sentence goes to stderr for a wrong input."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in COMMANDS:
        options = _command_parser().parse_args(given)
        try:
            return int(options.act(options))
        except Wrong as problem:
            return _refuse(str(problem))
    return _open_window(_window_parser().parse_args(given))


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="reluviz",
        description="A laboratory that shows why networks train with ReLU and not with the sigmoid.",
        epilog="Commands without a window: reluviz run, figure, list, passport and bench; each has its own --help.",
    )
    parser.add_argument("file", nargs="?", type=Path, help="a session (*.reluviz) or a file of data to open")
    parser.add_argument("--version", action="version", version=f"reluviz {reluviz.__version__}")
    parser.add_argument("--where", action="store_true", help="print the folders that are used, and end")
    parser.add_argument("--reset-layout", action="store_true", help="put all panels back in their places")
    parser.add_argument("--arrange", choices=[each.key for each in WORKSPACES], help="open with this arrangement")
    parser.add_argument("--safe-mode", action="store_true", help="ignore saved layout and preferences")
    parser.add_argument("--selftest", action="store_true", help="open the window, train a little, close it again")
    parser.add_argument("--screenshot", type=Path, metavar="PNG", help="train a little, save the window, and end")
    return parser


def _command_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="reluviz")
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="train a session without a window and write tables and figures")
    _name_lab(run)
    run.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for tables and figures")
    run.add_argument("--no-figures", action="store_true", help="write the tables only")
    run.add_argument("--figures", choices=("png", "svg", "pdf"), default="png", help="their format (default: png)")
    run.set_defaults(act=_run)
    drawn = commands.add_parser("figure", help="train a session without a window and save one figure")
    _name_lab(drawn)
    figure.add_options(drawn)
    drawn.set_defaults(act=_figure)
    listing = commands.add_parser("list", help="print what there is to choose from")
    listing.add_argument("table", choices=TABLES)
    listing.add_argument("--json", action="store_true", help="with all parameters, as JSON")
    listing.set_defaults(act=_list)
    _passport_options(commands.add_parser("passport", help="print what theory says of every activation"))
    _bench_options(commands.add_parser("bench", help="measure the engine, or the window while it trains"))
    return parser


def _passport_options(passport: argparse.ArgumentParser) -> None:
    passport.add_argument("file", nargs="?", type=Path, help="a session file (*.reluviz): only what its runs use")
    form = passport.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_const", const="csv", dest="form", help="all digits, as CSV")
    form.add_argument("--json", action="store_const", const="json", dest="form", help="with explanations, as JSON")
    passport.add_argument("--cost", action="store_true", help="measure the cost of an element, too")
    passport.set_defaults(act=_passport, form="text")


def _bench_options(bench: argparse.ArgumentParser) -> None:
    what = bench.add_mutually_exclusive_group()
    what.add_argument("--window", action="store_true", help="measure frame times and start-up of the window")
    what.add_argument("--peers", action="store_true", help="measure the engine against the libraries installed here")
    what.add_argument("--diagnosis", action="store_true", help="let the diagnosis judge its labelled labs (20 s)")
    what.add_argument("--history", action="store_true", help="show steps of a long course: memory and time (30 s)")
    bench.add_argument("--steps", type=int, default=1_000_000, help="with --history: how long it is (default: 1000000)")
    bench.add_argument("--views", choices=("usual", "all"), default="usual",
                       help="with --window: the views it opens with, or all of them, eight at a time")  # fmt: skip
    bench.add_argument("--hidden", default="", metavar="WIDTHS",
                       help="with --window: the hidden layers, as 8,8,8 or 64x64 (64 layers of 64)")  # fmt: skip
    bench.add_argument("--seconds", type=float, default=10.0, help="how long to train in the window (default: 10)")
    bench.add_argument("--work", action="append", default=[], metavar="SIZES", help="with --peers: only this network")
    bench.add_argument("--quick", action="store_true", help="short turns, for a first look")
    bench.add_argument("--json", action="store_true", help="print the figures as JSON")
    bench.add_argument("--compare", type=Path, metavar="JSON", help="say which ratio is worse than in that file")
    bench.set_defaults(act=_bench)


def _name_lab(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, help="the session file (*.reluviz)")
    parser.add_argument("--default", action="store_true", help="train the lab of the first start instead of a file")
    parser.add_argument("--steps", type=_steps, default=10_000, metavar="N", help="how many steps (default: 10000)")


def _steps(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1_000_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 1000000000")
    return int(text)


def _open_window(options: argparse.Namespace) -> int:
    if options.where:
        print(f"resources  {resources.folder()}")
        print(f"settings   {resources.user_config_dir()}")
        print(f"logs       {resources.user_state_dir()}")
        print(f"kernels    {resources.numba_cache_dir()}")
        return 0
    from reluviz import app  # noqa: PLC0415  (the parser must not wait for Qt)
    from reluviz.core.files import is_data  # noqa: PLC0415
    from reluviz.core.sessionfile import SessionError  # noqa: PLC0415
    from reluviz.core.settings import Settings  # noqa: PLC0415

    try:
        # A file of data opens the preview; everything else must be a session.
        data = options.file is not None and is_data(options.file)
        settings = Settings.from_file(options.file) if options.file and not data else None
    except SessionError as error:
        return _refuse(f"{options.file}: {error}")
    if data and not options.file.is_file():
        return _refuse(f"{options.file}: cannot be read: there is no such file")
    return app.run_window(
        settings,
        file=options.file,
        reset_layout=options.reset_layout,
        workspace=options.arrange or "",
        safe_mode=options.safe_mode,
        selftest=options.selftest,
        screenshot=options.screenshot,
    )


def _run(options: argparse.Namespace) -> int:
    settings = _lab(options)
    from reluviz import headless  # noqa: PLC0415  (the parser must not wait for Numba)
    from reluviz.core.contents import DataError  # noqa: PLC0415

    try:
        headless.run(settings, options.steps, options.out, figures=not options.no_figures, kind=options.figures)
    except DataError as error:
        raise Wrong(str(error)) from None
    except OSError as error:
        raise Wrong(f"cannot write to {options.out}: {error.strerror or error}") from None
    return 0


def _figure(options: argparse.Namespace) -> int:
    settings = _lab(options)
    try:
        figure.write(settings, options.steps, options)
    except figure.Refused as error:
        raise Wrong(str(error)) from None
    return 0


def _lab(options: argparse.Namespace) -> Any:
    """The Settings that a command is to train."""
    if (options.file is None) == (not options.default):
        raise Wrong("name one session file, or give --default")
    from reluviz.core.sessionfile import SessionError  # noqa: PLC0415  (the parser must not wait for NumPy)
    from reluviz.core.settings import Settings  # noqa: PLC0415

    try:
        return Settings() if options.default else Settings.from_file(options.file)
    except SessionError as error:
        raise Wrong(f"{options.file}: {error}") from None


def _list(options: argparse.Namespace) -> int:
    from reluviz import listing  # noqa: PLC0415  (the parser must not wait for NumPy)

    print(listing.table(options.table, as_json=options.json))
    return 0


def _passport(options: argparse.Namespace) -> int:
    from reluviz import passport  # noqa: PLC0415  (the parser must not wait for NumPy)
    from reluviz.core.sessionfile import SessionError  # noqa: PLC0415

    try:
        return passport.main(options.file, options.form, passport.measured if options.cost else None)
    except SessionError as error:
        raise Wrong(f"{options.file}: {error}") from None


def _bench(options: argparse.Namespace) -> int:
    other = next((name for name in ("window", "diagnosis", "history") if getattr(options, name)), "")
    if options.compare and other:
        raise Wrong(f"the {other} has no ratios to compare: --compare goes without --{other}")
    if options.views != "usual" and not options.window:
        raise Wrong("--views all says what the window shows: it goes with --window")
    if options.hidden and not options.window:
        raise Wrong("--hidden says which network the window trains: it goes with --window")
    if options.diagnosis:
        from reluviz import bench_diagnosis  # noqa: PLC0415

        return bench_diagnosis.main(as_json=options.json)
    if options.history:
        if options.steps < LEAST_STEPS:
            raise Wrong(f"--steps = {options.steps} is not allowed: it must be at least {LEAST_STEPS}")
        from reluviz import bench_history  # noqa: PLC0415

        return bench_history.main(steps=options.steps, as_json=options.json)
    from reluviz import bench, bench_work  # noqa: PLC0415  (the parser must not wait for Numba)

    unknown = [work for work in options.work if work not in bench_work.WORKS]
    if unknown:
        raise Wrong(f"no network {unknown[0]!r} is measured; known: {', '.join(bench_work.WORKS)}")
    try:
        return bench.main(
            window=options.window,
            views=options.views,
            hidden=options.hidden,
            seconds=options.seconds,
            as_json=options.json,
            against_peers=options.peers,
            works=tuple(options.work),
            quick=options.quick,
            compare=options.compare,
        )
    except bench.NoRecord as problem:
        raise Wrong(f"{options.compare}: {problem}") from None
    except bench.WrongWidths as problem:
        raise Wrong(f"--hidden = {problem}") from None


def _refuse(sentence: str) -> int:
    print(f"reluviz: {sentence}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
