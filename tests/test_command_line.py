"""The command line: tables, figures, the same numbers as everywhere, and one sentence for a wrong input."""

import csv
import json

import numpy as np
import pytest

from reluviz import __version__
from reluviz.__main__ import TABLES, main
from reluviz.core.datasets import DATASETS
from reluviz.core.settings import Network, Run, Settings
from reluviz.core.surgery import Kill, ShiftBiases
from reluviz.core.trainer import Trainer
from reluviz.ui.views import VIEWS

HEADER = "step,epoch,run,train_loss,test_loss,train_accuracy,test_accuracy"
LAYERS = (
    "step,run,layer,gradient_norm,activation_mean,activation_std,dead,dormant,saturated,zeros,update_ratio"
)


@pytest.mark.parametrize("table", TABLES)
def test_lists(table, capsys):
    assert main(["list", table]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert main(["list", table, "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert len(lines) == len(entries)
    for line, entry in zip(lines, entries, strict=True):
        assert line.startswith(entry["key"])
        assert entry["title"]
        assert len(entry["help"]) > 10


def test_run_writes_everything_and_the_numbers_of_the_library(tmp_path, capsys, qapp):
    folder = tmp_path / "out"
    assert main(["run", "--default", "--steps", "700", "--out", str(folder)]) == 0
    names = {path.name for path in folder.iterdir()}
    assert names == {"metrics.csv", "layers.csv", "summary.json", "session.reluviz"} | {f"{key}.png" for key in VIEWS}
    assert (folder / "metrics.csv").read_text().splitlines()[0] == HEADER
    assert (folder / "layers.csv").read_text().splitlines()[0] == LAYERS
    trainer = Trainer(Settings())
    trainer.train(700)
    snapshot = trainer.snapshot(looked=())
    with (folder / "metrics.csv").open() as file:
        rows = list(csv.DictReader(file))
    for run, state in enumerate(snapshot.runs):
        mine = [row for row in rows if int(row["run"]) == run]
        losses = np.array([row["train_loss"] for row in mine], np.float32)
        steps = len(snapshot.history.steps)
        np.testing.assert_array_equal(losses[:steps], snapshot.history.values[run, :, 0])
        assert int(mine[-1]["step"]) == 700
        assert losses[-1] == np.float32(state.metrics.train_loss)
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["version"] == __version__
    assert [run["activation"] for run in summary["runs"]] == ["sigmoid", "relu"]
    assert Settings.from_file(folder / "session.reluviz") == Settings()


def test_a_run_is_the_same_file_every_time(tmp_path):
    session = tmp_path / "lab.reluviz"
    lab = Settings(data=DATASETS["digits"](samples=200), network=Network(hidden=(12,)), runs=(Run(),))
    session.write_text(lab.to_toml(), encoding="utf-8")
    for name in ("a", "b"):
        options = ["--steps", "60", "--out", str(tmp_path / name), "--no-figures"]
        assert main(["run", str(session), *options]) == 0
    for name in ("metrics.csv", "layers.csv", "summary.json", "session.reluviz"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"format = 1\n[network]\nhidden = [0]\n", "network.hidden = (0,) is not allowed: it must be 1 to 64 whole"),
        (b"\xff\xfe\x00", "the file is not text in UTF-8"),
        (b"x" * 2_000_000, "the file is larger than"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_a_wrong_session_is_one_sentence_and_exit_code_2(tmp_path, capsys, content, sentence):
    session = tmp_path / "lab.reluviz"
    if content is not None:
        session.write_bytes(content)
    for arguments in (["run", str(session), "--steps", "5", "--out", str(tmp_path / "out")], [str(session)]):
        assert main(arguments) == 2
        said = capsys.readouterr().err
        assert sentence in said
        assert len(said.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["run", "--default", "--steps", "1", "--out", str(tmp_path / "file" / "out")]) == 2
    assert "cannot write to" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["run", "--out", "x"], ["run", "x", "--default", "--out", "y"]])
def test_a_run_needs_one_lab(arguments, capsys):
    assert main(arguments) == 2
    assert "name one session file" in capsys.readouterr().err


@pytest.mark.parametrize("steps", ["0", "-3", "x", "1e3", "٣"])
def test_steps_are_whole_numbers(steps, tmp_path):
    with pytest.raises(SystemExit) as ended:
        main(["run", "--default", "--steps", steps, "--out", str(tmp_path)])
    assert ended.value.code == 2


def test_version_and_folders(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert main(["--where"]) == 0
    assert "resources" in capsys.readouterr().out


def test_a_session_with_a_record_repeats_it_and_says_what_cannot_be_repeated(tmp_path, capsys):
    record = (ShiftBiases(run=1, layer=1, amount=-9.0, step=40, number=1), Kill(run=1, layer=0, unit=99, step=50))
    settings = Settings(record=record)
    session = tmp_path / "lab.reluviz"
    session.write_text(settings.to_toml(), encoding="utf-8")
    out = tmp_path / "out"
    assert main(["run", str(session), "--steps", "90", "--out", str(out), "--no-figures"]) == 0
    assert "an edit of step 50 could not be repeated: neuron 100" in capsys.readouterr().err
    trainer = Trainer(settings)
    trainer.train(90)
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    state = trainer.snapshot().runs[1]
    assert summary["runs"][1]["train_loss"] == state.metrics.train_loss
    assert summary["runs"][1]["dead_neurons"] == state.neurons.dead.sum() >= 8
    assert Settings.from_file(out / "session.reluviz") == settings
