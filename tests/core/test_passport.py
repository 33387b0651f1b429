"""The table of passports: every field explained, every figure where theory has it, text, CSV and JSON."""

import csv
import io
import json
import math
from dataclasses import fields

import pytest

from reluviz import passport as command
from reluviz.core.activations import ACTIVATIONS
from reluviz.core.formula import Formula
from reluviz.core.passport import Column, Passport, columns, passport, table
from reluviz.core.sessionfile import SessionError
from reluviz.core.settings import Settings


@pytest.fixture(scope="module")
def rows():
    return table(kind() for kind in ACTIVATIONS.values())


def test_columns_are_the_fields_in_order():
    assert [column.key for column in columns()] == [field.name for field in fields(Passport)]
    assert len({column.title for column in columns()}) == len(columns())
    for column in columns():
        assert column.unit
        assert column.help.endswith(".")


def test_one_row_for_each_activation(rows):
    assert [row.key for row in rows] == list(ACTIVATIONS)
    for row in rows:
        texts = row.texts()
        assert len(texts) == len(columns())
        assert all(texts)
        assert texts[-1] == "–"


def test_figures_have_their_types_and_signs(rows):
    for row in rows:
        for column in columns():
            value = getattr(row, column.key)
            if column.kind == "flag":
                assert isinstance(value, bool)
            elif column.kind == "text":
                assert isinstance(value, str)
            elif column.key != "cost_ns":
                assert isinstance(value, float)
        assert row.low <= row.mean <= row.high
        assert 0 <= row.zeros <= 1
        assert 0 <= row.saturated <= 1
        assert row.factor_1 <= row.lipschitz * (1 + 1e-12)


def test_relu_beside_sigmoid(rows):
    """Why ReLU and not the sigmoid, in two rows."""
    found = {row.key: row for row in rows}
    relu, sigmoid = found["relu"], found["sigmoid"]
    assert (relu.factor_2, relu.critical) == (pytest.approx(1, abs=1e-14), pytest.approx(2, abs=1e-12))
    assert relu.depth_2 == math.inf
    assert (sigmoid.factor_1, sigmoid.critical) == (pytest.approx(0.236052, abs=6e-7), pytest.approx(103.008, abs=6e-4))
    assert (sigmoid.zero_centred, found["tanh"].zero_centred) == (False, True)
    assert sigmoid.gain == pytest.approx(1.84623, abs=5.1e-6)
    assert found["tanh"].critical_biased == pytest.approx(1.76095, abs=6e-6)


def test_how_values_are_shown():
    number, share = Column("a", "A", "u", "h."), Column("a", "A", "u", "h.", "share")
    shown = [number.show(value) for value in (1.0, 1e-17, 103.00755, math.inf, -math.inf, math.nan, None, True, False)]
    assert shown == ["1", "0", "103.008", "∞", "-∞", "–", "–", "yes", "no"]
    assert share.show(0.5) == "50.00 %"
    assert Column("a", "A", "u", "h.", "nanoseconds").show(1.234) == "1.23"


def test_the_cost_is_filled_in_by_whoever_measured_it():
    measured = passport(ACTIVATIONS["relu"]()).with_cost(0.87)
    assert measured.cost_ns == 0.87
    assert measured.texts()[-1] == "0.87"


@pytest.mark.parametrize(
    ("text", "twin"),
    [
        ("max(0.1*x, x)", ("leaky_relu", {"slope": 0.1})),
        ("tanh(x)", ("tanh", {})),
        ("x*sigmoid(x)", ("silu", {})),
        ("clip(x, -1, 1)", ("hard_tanh", {})),
        ("where(abs(x) > 0.5, x, 0)", ("hardshrink", {})),
    ],
)
def test_a_typed_formula_has_the_passport_of_its_twin(text, twin):
    key, values = twin
    typed, built_in = passport(Formula(text)), passport(ACTIVATIONS[key](**values))
    assert (typed.key, typed.title) == ("formula", Formula(text).caption)
    assert typed.smoothness == built_in.smoothness
    for column in columns():
        if column.kind != "text" and column.key != "cost_ns":
            mine, other = getattr(typed, column.key), getattr(built_in, column.key)
            assert mine == pytest.approx(other, rel=1e-9, abs=1e-12, nan_ok=True), column.key


@pytest.mark.parametrize(
    "text",
    ["log(x)", "1/x", "sqrt(abs(x))", "exp(exp(x))", "0*x", "x**9", "sin(1/x)", "step(sin(9*x))", "x/(x-1)", "tan(x)"],
)
def test_no_formula_is_too_strange_for_a_passport(text):
    row = passport(Formula(text))
    assert len(row.texts()) == len(columns())
    assert json.loads(command.write([row], "json"))["activations"][0]["key"] == "formula"


def test_csv_holds_all_digits(rows):
    read = list(csv.DictReader(io.StringIO(command.write(rows, "csv"))))
    assert [line["key"] for line in read] == list(ACTIVATIONS)
    for line, row in zip(read, rows, strict=True):
        assert float(line["gain"]) == row.gain
        assert float(line["high"]) == row.high
        assert line["cost_ns"] == ""
        assert line["critical"] == "" if math.isnan(row.critical) else float(line["critical"]) == row.critical


def test_json_explains_itself(rows):
    read = json.loads(command.write(rows, "json"))
    assert [column["key"] for column in read["columns"]] == [column.key for column in columns()]
    relu = read["activations"][list(ACTIVATIONS).index("relu")]
    assert (relu["high"], relu["monotone"], relu["critical_biased"]) == ("inf", True, None)


def test_the_command_prints_all_or_those_of_a_session(tmp_path, capsys):
    assert command.main() == 0
    assert len(capsys.readouterr().out.splitlines()) == len(ACTIVATIONS) + 2
    file = tmp_path / "lab.reluviz"
    file.write_text(Settings().to_toml(), encoding="utf-8")
    assert command.main(file, "csv", cost=lambda activation: 2.5) == 0
    read = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [line["key"] for line in read] == list(dict.fromkeys(run.activation.key for run in Settings().runs))
    assert {line["cost_ns"] for line in read} == {"2.5"}
    file.write_text("nonsense", encoding="utf-8")
    with pytest.raises(SessionError):
        command.main(file)
