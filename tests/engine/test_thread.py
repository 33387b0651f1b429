"""The training thread: start, snapshots, stop, and nothing left behind."""

import threading
import time

import numpy as np

from reluviz.core.settings import Settings
from reluviz.core.trainer import Trainer
from reluviz.engine.mailbox import Mailbox
from reluviz.engine.messages import FASTEST, Pause, Play, Playing, Ready, SetSpeed
from reluviz.engine.thread import TrainingThread


def wait_for(found, seconds=60.0):
    """Poll until `found` gives something true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.002)
    raise AssertionError("it did not happen in time")


def test_it_trains_as_the_library_does_and_leaves_no_thread():
    thread = TrainingThread(Settings())
    thread.start()
    try:
        events = []

        def said(event):
            events.extend(thread.events())
            return event in events

        wait_for(lambda: said(Ready()))
        thread.send(SetSpeed(FASTEST))
        thread.send(Play())
        wait_for(lambda: (snapshot := thread.frames.take()) and snapshot.step > 1000)
        thread.send(Pause())
        wait_for(lambda: said(Playing(False)))
        snapshot = wait_for(thread.frames.take)
        last = None
        while snapshot is not None:
            last, snapshot = snapshot, thread.frames.take()
            time.sleep(0.05)
    finally:
        assert thread.stop()
    assert not any(other.name == "training" for other in threading.enumerate())
    trainer = Trainer(Settings())
    trainer.train(last.step)
    np.testing.assert_array_equal(last.history.values, trainer.snapshot(looked=()).history.values)
    assert thread.stop()


def test_a_stop_before_it_is_ready_is_obeyed():
    thread = TrainingThread(Settings())
    thread.start()
    assert thread.stop()


def test_mailbox_keeps_the_newest_only():
    box = Mailbox()
    assert box.empty
    box.put(1)
    box.put(2)
    assert not box.empty
    assert box.take() == 2
    assert box.take() is None
