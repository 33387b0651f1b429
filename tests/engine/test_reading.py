"""Reading in the background: results, refusals, cancelling, and no harm to other threads."""

import sys
import threading
import time

import pytest

from reluviz.core.contents import DataChanged, DataError
from reluviz.core.files import CSV, source_for
from reluviz.engine.reading import SWITCH_S, Reading


@pytest.fixture
def path(tmp_path):
    """A table of 1.2 MB."""
    found = tmp_path / "table.csv"
    found.write_text("a,b,t\n" + "".join(f"{i}.5,{i % 97},{'xy'[i % 2]}\n" for i in range(90_000)))
    return found


def test_a_source_is_settled_in_a_thread_of_its_own(path):
    before = sys.getswitchinterval()
    reading = Reading(source_for(path))
    assert not reading.finished
    assert reading.join(0.1)
    reading.start()
    seen = []
    while not reading.join(0.002):
        seen.append(reading.done)
    assert reading.finished
    assert reading.error == ""
    assert reading.problem is None
    assert reading.result == source_for(path).evolve(
        sha256=reading.result.sha256, answer="two_classes", separator="comma", decimal="point", header="yes",
        target="t", inputs=("a", "b"),
    )  # fmt: skip
    assert reading.contents.x.shape == (90_000, 2)
    assert seen == sorted(seen)
    assert any(0.1 < done < 0.9 for done in seen)
    assert reading.done == 1.0
    assert sys.getswitchinterval() == before


def test_what_cannot_be_read_is_one_sentence(path):
    for source, kind in ((CSV(path=str(path), sha256="0" * 64), DataChanged), (CSV(path=str(path) + "x"), DataError)):
        reading = Reading(source)
        reading.start()
        assert reading.join(5)
        assert isinstance(reading.problem, kind)
        assert reading.error == str(reading.problem)
        assert reading.result is None
        assert not reading.cancelled


def test_it_ends_soon_when_it_is_cancelled(path):
    reading = Reading(source_for(path))
    reading.start()
    while reading.done < 0.2 and not reading.finished:
        time.sleep(0.001)
    reading.cancel()
    assert reading.join(0.5)
    assert reading.cancelled
    assert reading.finished
    assert (reading.result, reading.error) == (None, "")


def test_a_fault_of_the_program_is_told_with_its_trace():
    def broken(source, ticket):
        raise KeyError("no\nsuch thing")

    reading = Reading(CSV(path="t.csv"), broken)
    reading.start()
    assert reading.join(5)
    assert reading.error.startswith("t.csv could not be read: KeyError")
    assert "\n" not in reading.error
    assert isinstance(reading.problem, KeyError)
    assert "in broken" in reading.trace


def test_two_readings_share_the_quick_switching():
    usual = sys.getswitchinterval()
    go, inside = threading.Event(), threading.Barrier(3)

    def wait(source, ticket):
        inside.wait(5)
        go.wait(5)
        raise DataError("enough")

    readings = [Reading(CSV(path="t.csv"), wait) for _ in range(2)]
    for reading in readings:
        reading.start()
    inside.wait(5)
    assert sys.getswitchinterval() == pytest.approx(SWITCH_S)
    go.set()
    assert all(reading.join(5) for reading in readings)
    assert sys.getswitchinterval() == usual


@pytest.mark.slow
def test_another_thread_gets_its_turns_while_a_large_table_is_read(tmp_path):
    """Turns are counted, not timed: a parser that held the interpreter would leave one or two."""
    path = tmp_path / "large.csv"
    row = ",".join(["0.123456"] * 10)
    path.write_text("".join(f"{row},{i % 3}\n" for i in range(300_000)))
    reading = Reading(source_for(path))
    reading.start()
    turns = 0
    while not reading.finished:
        time.sleep(0.001)
        turns += 1
    assert reading.join(5)
    assert reading.error == ""
    assert turns >= 20
