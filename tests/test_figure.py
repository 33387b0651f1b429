"""The command `figure`: the same figure as the library's, and one sentence for a wrong input."""

import csv
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from reluviz.__main__ import main
from reluviz.core.datasets import DATASETS
from reluviz.core.settings import Network, Run, Settings
from reluviz.core.trainer import Trainer
from reluviz.ui.export import Look, ViewSubject
from reluviz.ui.export_formats import csv as csv_bytes
from reluviz.ui.export_formats import svg
from reluviz.ui.export_size import Size
from reluviz.ui.theme import DARK
from reluviz.ui.views import VIEWS
from reluviz.ui.workspaces import WORKSPACES

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def session(tmp_path):
    """A small lab as a file."""
    path = tmp_path / "lab.reluviz"
    lab = Settings(data=DATASETS["iris"](), network=Network(hidden=(6,)), runs=(Run(),))
    path.write_text(lab.to_toml(), encoding="utf-8")
    return path


def figure(session, *options, steps="40"):
    """The command's exit code."""
    return main(["figure", str(session), "--steps", steps, *map(str, options)])


def test_a_figure_is_that_of_the_library(session, tmp_path, qtbot):
    size = ("--size", "120x80mm", "--dpi", "300")
    options = (*size, "--theme", "dark", "--transparent", "--text-size", "80", "--no-title")
    assert figure(session, "--view", "decision_map", "-o", tmp_path / "f.svg", *options) == 0
    assert figure(session, "--view", "loss", "-o", tmp_path / "f.csv") == 0
    trainer = Trainer(Settings.from_file(session))
    trainer.train(40)
    views = [VIEWS[key]() for key in ("decision_map", "loss")]
    for view in views:
        qtbot.addWidget(view)
        view.draw(trainer.snapshot())
    size, look = Size(120, 80, "mm", 300), Look(DARK, 0.8, True, False)
    assert (tmp_path / "f.svg").read_bytes() == svg(ViewSubject(views[0]), size, look)
    assert (tmp_path / "f.csv").read_bytes() == csv_bytes(ViewSubject(views[1]), size, look)


def test_every_format_and_the_dashboard(session, tmp_path):
    for ending, start in (("png", b"\x89PNG"), ("pdf", b"%PDF"), ("SVG", b"<?xml")):
        path = tmp_path / f"all.{ending}"
        path.write_bytes(b"old")
        assert figure(session, "--view", "dashboard", "-o", path, "--size", "900x600", "--dpi", "96") == 0
        assert path.read_bytes().startswith(start)
    texts = {text.text for text in ET.parse(tmp_path / "all.SVG").iter(f"{SVG}text")}
    assert {VIEWS[key].title for key in WORKSPACES[0].views} <= texts


def test_a_run_writes_its_figures_in_the_format_that_is_asked_for(session, tmp_path):
    assert main(["run", str(session), "--steps", "20", "--out", str(tmp_path / "out"), "--figures", "svg"]) == 0
    assert {path.stem for path in (tmp_path / "out").glob("*.svg")} == set(VIEWS)
    assert not list((tmp_path / "out").glob("*.png"))
    with (tmp_path / "out" / "metrics.csv").open() as file:
        assert np.isfinite([float(row["train_loss"]) for row in csv.DictReader(file)]).all()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--view", "matrix", "-o", "a.png"), "view 'matrix' is not allowed: it must be activation_curve, derivative"),
        (("--view", "loss", "-o", "a.gif"), "the ending '.gif' is not allowed for a.gif: it must be .png, .svg, .pdf"),
        (("--view", "loss", "-o", "a"), "a name without an ending is not allowed for a"),
        (("--view", "loss", "-o", "no/where/a.png"), "cannot write to no/where: there is no such folder"),
        (("--view", "dashboard", "-o", "a.csv"), "the dashboard has no table of its own"),
        (("--view", "loss", "-o", "a.png", "--size", "big"), "the size 'big' is not understood"),
        (("--view", "loss", "-o", "a.png", "--size", "9x9"), "a side of 9 px is not allowed"),
        (("--view", "loss", "-o", "a.png", "--dpi", "1"), "1 dots an inch are not allowed"),
        (("--view", "loss", "-o", "a.png", "--text-size", "nan"), "text size nan is not allowed"),
    ],
)
def test_a_wrong_input_is_one_sentence_and_nothing_is_trained(session, capsys, monkeypatch, options, sentence):
    monkeypatch.chdir(session.parent)
    monkeypatch.setattr(Trainer, "train", lambda *_: pytest.fail("trained"))
    assert figure(session, *options) == 2
    heard = capsys.readouterr().err
    assert heard.startswith(f"reluviz: {sentence}")
    assert heard.count("\n") == 1
    assert [path.name for path in session.parent.iterdir()] == ["lab.reluviz"]


def test_a_wrong_session_and_missing_data_are_one_sentence(tmp_path, capsys):
    path = tmp_path / "x.reluviz"
    path.write_text("format = 1\n[network]\nhidden = [0]\n")
    assert figure(path, "--view", "loss", "-o", tmp_path / "a.png") == 2
    assert "network.hidden = (0,) is not allowed" in capsys.readouterr().err
    path.write_text('format = 1\n[data]\nname = "csv"\npath = "gone.csv"\n')
    assert figure(path, "--view", "loss", "-o", tmp_path / "a.png") == 2
    heard = capsys.readouterr().err
    assert "gone.csv" in heard
    assert heard.count("\n") == 1
    assert main(["figure", "--view", "loss", "-o", "a.png"]) == 2
    assert "name one session file, or give --default" in capsys.readouterr().err


@pytest.mark.parametrize("options", [("--theme", "pink"), ("--steps", "0"), ("--dpi", "many")])
def test_wrong_options_end_with_exit_code_2(session, options):
    with pytest.raises(SystemExit) as caught:
        figure(session, "--view", "loss", "-o", "a.png", *options)
    assert caught.value.code == 2
