"""The bench of the diagnosis: its table, its counts, its exit code, and the whole of it."""

import json
from dataclasses import replace

import pytest

from reluviz import bench_diagnosis
from reluviz.__main__ import main
from reluviz.core.cases import CASES

FEW = tuple(CASES[key] for key in ("zeros-tanh", "wine", "sigmoid-large"))
WRONG = (
    replace(CASES["zeros-tanh"], key="named wrongly", expected=(frozenset({"dead"}),)),
    replace(CASES["zeros-tanh"], key="called healthy", expected=(frozenset(),)),
    replace(CASES["wine"], key="called sick", expected=(frozenset({"plateau"}),)),
)


def test_the_table_says_what_was_expected_and_what_was_found(capsys):
    assert bench_diagnosis.main(as_json=False, cases=FEW) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["case", "run", "expected", "found", "ok"]
    assert lines[1].split() == ["zeros-tanh", "1", "symmetric", "symmetric", "yes"]
    assert lines[2].split() == ["wine", "1", "-", "-", "yes"]
    assert "Sick labs named rightly: 2/2. Healthy labs accused: 0/1." in lines[-1]


def test_a_wrong_name_or_a_false_accusation_fails(capsys):
    assert bench_diagnosis.main(as_json=False, cases=WRONG) == 1
    out = capsys.readouterr().out
    assert out.count("  NO") == 3
    assert "Sick labs named rightly: 0/2. Healthy labs accused: 1/1." in out


def test_json_has_all_findings(capsys):
    assert bench_diagnosis.main(as_json=True, cases=FEW) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["sick"], found["named_rightly"], found["healthy"], found["accused"]) == (2, 2, 1, 0)
    assert [entry["case"] for entry in found["cases"]] == [case.key for case in FEW]
    assert found["cases"][0]["findings"][0]["rule"] == "symmetric"
    assert found["cases"][1]["findings"][-1]["sentence"].startswith("The training loss is down")


def test_there_is_nothing_to_compare(capsys):
    assert main(["bench", "--diagnosis", "--compare", "x.json"]) == 2
    assert "the diagnosis has no ratios to compare" in capsys.readouterr().err


@pytest.mark.slow
def test_every_sick_lab_is_named_rightly_and_no_healthy_one_accused(capsys):
    assert main(["bench", "--diagnosis"]) == 0
    out = capsys.readouterr().out
    assert "Healthy labs accused: 0/" in out
    assert "  NO" not in out
