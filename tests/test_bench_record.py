"""Records of benchmarks: what got worse, what cannot be compared, what people read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reluviz import bench_record
from reluviz.__main__ import main
from reluviz.bench import widths
from reluviz.bench_race import Pace, race
from reluviz.bench_record import NoRecord, Ratio
from reluviz.bench_text import as_text
from reluviz.bench_window import AT_ONCE, groups_of_views
from reluviz.ui.views import VIEWS


class Clock:
    """A racer of known speed: each step takes `seconds`, the first call ten times as long."""

    def __init__(self, seconds, block=1):
        self.block, self._seconds, self.calls = block, seconds, []

    def measure(self, steps):
        self.calls.append(steps)
        return steps * self._seconds * (10 if len(self.calls) == 1 else 1)


def test_a_race_gives_the_rates_in_turns_of_the_wanted_length():
    racers = {"fast": Clock(1e-6), "slow": Clock(1e-3, block=30)}
    rates = race(racers, Pace(seconds=0.5, rounds=5))
    assert rates["fast"] == pytest.approx([1e6] * 5)
    assert rates["slow"] == pytest.approx([1e3] * 5)
    for racer in racers.values():
        assert all(steps % racer.block == 0 for steps in racer.calls)
        assert racer.calls[-5:] == [racer.calls[-1]] * 5
    assert racers["fast"].calls[-1] == pytest.approx(500_000, rel=0.01)
    # 500 steps would take half a second; blocks are whole.
    assert racers["slow"].calls[-1] in (480, 510)


def test_the_ratio_is_the_median_over_rounds():
    assert Ratio.of("a", [10, 20, 30], [5, 10, 1]) == Ratio("a", 2, rounds=(2, 2, 30))


@given(st.floats(0.01, 1000), st.floats(0.01, 1000), st.booleans())
def test_what_is_worse_by_more_than_15_percent_is_named(before, now, more):
    old = bench_record.record([Ratio("a", before, 1.0, more)])
    new = bench_record.record([Ratio("a", now, 1.0, more), Ratio("never measured before", 0.0)])
    change = now / before - 1
    said = bench_record.worsened(old, json.loads(json.dumps(new)))
    assert bool(said) == (change < -0.15 if more else change > 0.15)
    assert all(sentence.startswith("a: ") for sentence in said)


@pytest.mark.parametrize("more", [True, False])
def test_what_lies_within_the_noise_is_not_named(more):
    def record(*rounds):
        return bench_record.record([Ratio.of("a", [v if more else 1 / v for v in rounds], [1.0] * 3, more=more)])

    assert bench_record.worsened(record(1.0, 1.4, 1.5), record(0.8, 1.0, 1.1)) == []
    assert len(bench_record.worsened(record(1.2, 1.4, 1.5), record(0.8, 1.0, 1.1))) == 1
    assert bench_record.worsened(record(0.8, 1.0, 1.1), record(1.2, 1.4, 1.5)) == []


def test_targets_and_verdicts_in_words():
    assert (Ratio("a", 2.0, 1.5).wanted, Ratio("a", 2.0, 1.5).verdict) == ("at least 1.5", "met")
    slow = Ratio("b", 2.0, 1.5, more=False)
    assert (slow.wanted, slow.verdict) == ("at most 1.5", "missed")
    assert (Ratio("c", 2.0).wanted, Ratio("c", 2.0).verdict) == ("", "")


def test_ratios_survive_their_file(tmp_path):
    ratios = [Ratio("a", 2.5, 2.0, rounds=(2.5, 3.0, 1.0)), Ratio("b", 1.2, None, more=False)]
    path = tmp_path / "record.json"
    path.write_text(json.dumps(bench_record.record(ratios, rate=7)), encoding="utf-8")
    figures = bench_record.read(path)
    assert bench_record.ratios_of(figures) == ratios
    assert figures["rate"] == 7
    assert figures["machine"]["cores"] >= 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read: No such file or directory"),
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[1]", "it holds no ratios of a benchmark"),
        ('{"ratios": [1]}', "it holds no ratios of a benchmark"),
        ('{"ratios": {"a": {"value": "x", "better": "more"}}}', "it holds no ratios of a benchmark"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path, capsys, content, sentence):
    path = tmp_path / "record.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(NoRecord, match=sentence):
        bench_record.read(path)
    assert main(["bench", "--compare", str(path)]) == 2
    assert capsys.readouterr().err == f"reluviz: {path}: {sentence}\n"


def test_another_machine_is_not_compared():
    now = bench_record.record([Ratio("a", 1.0)])
    before = now | {"machine": now["machine"] | {"cores": 999}}
    with pytest.raises(NoRecord, match="measured on another machine"):
        bench_record.worsened(before, now)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--peers", "--work", "3-3"], "no network '3-3' is measured; known: 2-4-2-1, 2-8-8-8-1"),
        (["--window", "--compare", "x.json"], "the window has no ratios to compare"),
        (["--history", "--steps", "7"], "--steps = 7 is not allowed: it must be at least 1000"),
        (["--history", "--compare", "x.json"], "the history has no ratios to compare"),
        (["--hidden", "8,8"], "--hidden says which network the window trains"),
        (["--window", "--hidden", "65x8"], "--hidden = '65x8' is not allowed: it must be 1 to 64 whole numbers"),
        (["--window", "--hidden", "8,,8"], "--hidden = '8,,8' is not allowed"),
    ],
)
def test_a_wrong_option_is_one_sentence(capsys, options, sentence):
    assert main(["bench", *options]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"reluviz: {sentence}")
    assert said.count("\n") == 1


@pytest.mark.parametrize(("text", "layers"), [("", ()), ("8", (8,)), ("8,4", (8, 4)), ("3x16", (16, 16, 16))])
def test_hidden_layers_are_named_in_two_ways(text, layers):
    assert widths(text) == layers


def test_figures_as_text():
    figures = bench_record.record(
        [Ratio("2-4-2-1, times JAX scan", 2.75, 2.5), Ratio("time of Adam by SGD", 1.75, 1.5, more=False)],
        steps_per_s={"2-4-2-1": {"engine": 400_000.0, "numpy": 29_000.0}, "six runs": {"one run": 1.0}},
        seconds={"first_step": 0.5},
        peers={"numpy": "NumPy 2"},
        skipped={"pytorch": "not installed"},
    )
    lines = [" ".join(line.split()) for line in as_text(figures).splitlines()]
    assert "steps/s engine NumPy loop" in lines
    assert "2-4-2-1 400,000 29,000" in lines
    assert "seconds first_step 0.50 at most 0.6" in lines
    assert "2-4-2-1, times JAX scan 2.75 at least 2.5 met" in lines
    assert "time of Adam by SGD 1.75 at most 1.5 missed" in lines
    assert "PyTorch was skipped: not installed" in lines


def test_groups_of_views_as_text():
    frame = {"p50": 16.0, "p95": 21.0, "p99": 30.5}
    figures = {
        "frame_ms": frame,
        "frames_per_s": 59.5,
        "views": [{"shown": ["loss", "health"], "frame_ms": frame, "frames_per_s": 59.5}],
    }
    lines = [" ".join(line.split()) for line in as_text(figures).splitlines()]
    assert "frames_per_s 59.50 at least 20" in lines
    assert lines[-2:] == ["p50 ms p95 ms p99 ms frames/s views shown", "16.0 21.0 30.5 59.5 loss, health"]


def test_every_view_is_in_a_group_of_eight():
    groups = groups_of_views()
    assert {len(set(group)) for group in groups} == {AT_ONCE}
    assert {key for group in groups for key in group} == set(VIEWS)
