"""Labs without a window: train a session, write its tables, its summary and its figures."""

import csv
import json
import math
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import reluviz
from reluviz.core.contents import DataError
from reluviz.core.files import FileSource
from reluviz.core.labels import layers_label
from reluviz.core.settings import Settings
from reluviz.core.snapshot import Snapshot
from reluviz.core.ticket import Ticket
from reluviz.core.trainer import Trainer
from reluviz.core.writing import write_text

METRICS = ("step", "epoch", "run", "train_loss", "test_loss", "train_accuracy", "test_accuracy")
LAYERS = (
    "step", "run", "layer", "gradient_norm", "activation_mean", "activation_std", "dead", "dormant", "saturated",
    "zeros", "update_ratio",
)  # fmt: skip
# How many times the layers are measured on the way, and how long the file of metrics can get.
MEASURED = 100


def run(settings: Settings, steps: int, folder: Path, *, figures: bool = True, kind: str = "png") -> None:
    """Train `steps` steps and write metrics.csv, layers.csv, summary.json, session.reluviz, the figures as `kind`.

    Raises DataError when the data cannot be used, before anything is written; OSError when the folder cannot be.
    """
    settings = _settled(settings)
    folder.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(settings)
    snapshots = [trainer.snapshot(looked=())]
    rows = list(_layer_rows(snapshots[0]))
    marks, cores = sorted({max(1, round(steps * k / MEASURED)) for k in range(1, MEASURED + 1)}), os.cpu_count() or 1
    # Without a window all cores are free: groups of runs train at the same time, to the same bits.
    with ThreadPoolExecutor(cores) as pool:
        for mark in marks:
            trainer.train(mark - trainer.step, pool.map, cores)
            rows += _layer_rows(trainer.snapshot(looked=()))
            _progress(mark, steps)
            if not trainer.living:
                break
    _complain(trainer.refusals)
    if figures:
        from reluviz.ui import figures as drawing  # noqa: PLC0415  (Qt only where figures are wanted)

        last = trainer.snapshot(needs=drawing.needs())
    else:
        last = trainer.snapshot()
    _write_table(folder / "metrics.csv", METRICS, _metric_rows(last))
    _write_table(folder / "layers.csv", LAYERS, rows)
    write_text(folder / "summary.json", json.dumps(_summary(last), indent=2, ensure_ascii=False) + "\n")
    write_text(folder / "session.reluviz", settings.to_toml(folder))
    if figures:
        from reluviz.ui.export import ExportError  # noqa: PLC0415

        try:
            drawing.write_figures(last, folder, kind)
        except ExportError as error:
            raise OSError(str(error)) from error
    for line in _words(last):
        print(line)
    print(f"written to {folder}")


def _settled(settings: Settings) -> Settings:
    """The lab with its data read; raises DataError."""
    try:
        settings = settings.settled(Ticket())
    except DataError:
        raise
    except ValueError as error:
        raise DataError(str(error)) from None
    # The session that is written lies in another folder.
    return settings.evolve(data=settings.data.located(Path())) if isinstance(settings.data, FileSource) else settings


def _complain(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(f"reluviz: {sentence}", file=sys.stderr)


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\rstep {done} of {total}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _metric_rows(snapshot: Snapshot) -> Iterable[tuple[Any, ...]]:
    history = snapshot.history
    for place, step in enumerate(history.steps):
        for run in range(len(snapshot.runs)):
            yield (int(step), float(history.epochs[place]), run, *(float(v) for v in history.values[run, place]))
    if int(history.steps[-1]) != snapshot.step:
        for run, state in enumerate(snapshot.runs):
            now = state.metrics
            values = (now.train_loss, now.test_loss, now.train_accuracy, now.test_accuracy)
            yield (snapshot.step, snapshot.epoch, run, *values)


def _layer_rows(snapshot: Snapshot) -> Iterable[tuple[Any, ...]]:
    for run, state in enumerate(snapshot.runs):
        columns = [getattr(state.layers, name) for name in LAYERS[3:]]
        for layer in range(len(columns[0])):
            yield (snapshot.step, run, layer + 1, *(float(column[layer]) for column in columns))


def _write_table(path: Path, header: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    class Lines(list[str]):
        def write(self, line: str) -> None:
            self.append(line)

    lines = Lines()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(header)
    # Nine digits bring a float32 back bit for bit.
    writer.writerows([f"{v:.9g}" if isinstance(v, float) else v for v in row] for row in rows)
    write_text(path, "".join(lines))


def _summary(snapshot: Snapshot) -> dict[str, Any]:
    data = snapshot.settings.data
    runs = []
    for run, state in zip(snapshot.settings.runs, snapshot.runs, strict=True):
        metrics = {name: _finite(getattr(state.metrics, name)) for name in METRICS[3:]}
        hidden = snapshot.runs[0].neurons.layer < len(snapshot.settings.network.hidden)
        runs.append(
            {
                "activation": run.activation.key,
                "initializer": run.initializer.key,
                **metrics,
                "diverged": state.divergence.sentence if state.divergence else None,
                "dead_neurons": int(state.neurons.dead.sum()),
                "hidden_neurons": int(hidden.sum()),
            }
        )
    return {
        "version": reluviz.__version__,
        "data": snapshot.dataset.key,
        "data_file": data.path if isinstance(data, FileSource) else None,
        "step": snapshot.step,
        "epoch": snapshot.epoch,
        "runs": runs,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _words(snapshot: Snapshot) -> Iterable[str]:
    for number, (run, state) in enumerate(zip(snapshot.settings.runs, snapshot.runs, strict=True)):
        name = layers_label(run, len(snapshot.settings.network.hidden))
        words = f"run {number}, {name}: test loss {state.metrics.test_loss:.4g}"
        if not math.isnan(state.metrics.test_accuracy):
            words += f", test accuracy {state.metrics.test_accuracy:.1%}"
        yield words + (f"; {state.divergence.sentence}" if state.divergence else "")
