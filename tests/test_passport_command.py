"""`reluviz passport`: all activations, those of a session, three forms, one sentence for a wrong file."""

import csv
import io
import json

import pytest

from reluviz.__main__ import main
from reluviz.core.activations import ACTIVATIONS, LeakyReLU, ReLU, Sigmoid
from reluviz.core.formula import Formula
from reluviz.core.settings import Network, Run, Settings


@pytest.fixture
def session(tmp_path):
    """A session with a typed formula, changed parameters and a layer of its own."""
    runs = (
        Run(activation=Formula("x*sigmoid(2*x)"), color=0),
        Run(activation=ReLU(), layer_activations=(Sigmoid(), LeakyReLU(slope=0.2)), color=1),
    )
    file = tmp_path / "lab.reluviz"
    file.write_text(Settings(network=Network(hidden=(4, 4, 4)), runs=runs).to_toml(), encoding="utf-8")
    return file


def test_all_activations_as_text(capsys):
    assert main(["passport"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + len(ACTIVATIONS)
    assert lines[0].startswith("Activation")


def test_a_session_has_rows_for_what_its_layers_use(session, capsys):
    assert main(["passport", str(session), "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["key"] for row in rows] == ["formula", "sigmoid", "leaky_relu", "relu"]
    assert [row["title"] for row in rows] == ["x*sigmoid(2*x)", "Sigmoid", "Leaky ReLU Slope 0.2", "ReLU"]
    assert {row["cost_ns"] for row in rows} == {""}


def test_cost_is_measured_when_asked_for(session, capsys):
    assert main(["passport", str(session), "--json", "--cost"]) == 0
    rows = json.loads(capsys.readouterr().out)["activations"]
    assert all(0.01 < row["cost_ns"] < 1000 for row in rows)


def test_a_wrong_file_is_one_sentence_and_exit_code_2(tmp_path, capsys):
    wrong = tmp_path / "wrong.reluviz"
    wrong.write_text("format = 1\n[network]\nhidden = [0]\n", encoding="utf-8")
    for file, words in ((tmp_path / "none", "cannot be read"), (wrong, "network.hidden")):
        assert main(["passport", str(file), "--cost"]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert words in said.err
        assert len(said.err.splitlines()) == 1


def test_one_form_at_a_time(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["passport", "--csv", "--json"])
    assert ended.value.code == 2
    assert "not allowed with" in capsys.readouterr().err
