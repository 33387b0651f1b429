"""Calls in the background: their order, what replaces them, what they raise, and how they end."""

import threading
import time

import pytest

from reluviz.engine.errands import Errands


def collect(errands, count):
    """So many results, or what came within two seconds."""
    found, end = [], time.monotonic() + 2.0
    while len(found) < count and time.monotonic() < end:
        found += errands.results()
        time.sleep(0.001)
    return found


def test_calls_are_done_in_order_and_the_thread_ends():
    errands = Errands()
    errands.want([(n, lambda n=n: n * n) for n in range(5)])
    assert collect(errands, 5) == [(n, n * n) for n in range(5)]
    assert errands.stop()
    assert not errands.busy
    errands.want([("again", lambda: 1)])
    assert collect(errands, 1) == [("again", 1)]
    assert errands.stop()


def test_a_new_list_replaces_what_waits_but_not_what_is_being_done():
    errands, go, begun = Errands(), threading.Event(), threading.Event()

    def slow():
        begun.set()
        return go.wait(2.0)

    errands.want([("slow", slow), ("old", lambda: 0)])
    assert begun.wait(2.0)
    errands.want([("slow", slow), ("new", lambda: 1)])
    assert errands.busy
    go.set()
    assert collect(errands, 2) == [("slow", True), ("new", 1)]
    assert errands.stop()
    assert errands.results() == []


def test_a_fault_is_a_result_and_the_rest_goes_on():
    errands = Errands()
    errands.want([("bad", lambda: 1 // 0), ("good", lambda: 2)])
    (first, fault), second = collect(errands, 2)
    assert first == "bad"
    assert isinstance(fault, ZeroDivisionError)
    assert second == ("good", 2)
    assert errands.stop()


def test_stop_waits_for_one_call_only():
    errands, begun = Errands(), threading.Event()

    def slow():
        begun.set()
        time.sleep(0.05)

    errands.want([(n, slow) for n in range(100)])
    assert begun.wait(2.0)
    start = time.monotonic()
    assert errands.stop()
    assert time.monotonic() - start < 1.0
    assert len(errands.results()) <= 2
    assert errands.stop()


@pytest.mark.parametrize("jobs", [[], [("a", lambda: 1)]])
def test_an_empty_list_starts_nothing(jobs):
    errands = Errands()
    errands.want(jobs)
    errands.want([])
    assert errands.stop()
    assert not errands.busy
