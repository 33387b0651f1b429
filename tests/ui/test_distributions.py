"""The shares that are drawn are the counts of the records."""

import numpy as np
import pytest
from snapshots import snapshot

from reluviz.core.histograms import BINS, QUANTITIES
from reluviz.ui.views.distributions import Distributions
from reluviz.ui.views.small_multiples import MOST, cells


@pytest.fixture
def view(qtbot):
    made = Distributions()
    qtbot.addWidget(made)
    made.resize(520, 380)
    return made


@pytest.mark.parametrize("quantity", range(len(QUANTITIES)))
def test_shares_are_the_counts_of_every_record(view, quantity):
    view.set_options({"quantity": quantity, "layer": 1})
    shot = snapshot("default")
    view.draw(shot)
    shares = view.shares(shot, 1)
    assert shares.shape == (len(shot.course), BINS)
    for row, record in zip(shares, shot.course, strict=True):
        counts = record.histograms[1, quantity, 1]
        assert row == pytest.approx(counts / counts.sum())
    table = view.table()
    assert sum(table["share"]) == pytest.approx(len(view.shown_runs(shot)) * len(shot.course))
    assert set(table["step"]) == {record.step for record in shot.course}


def test_only_new_records_are_read_and_another_lab_is_read_anew(view):
    shot = snapshot("default")
    view.draw(shot)
    first = view.shares(shot, 0)
    assert view.shares(shot, 0) is first
    other = snapshot("line")
    view.draw(other)
    assert len(view.shares(other, 0)) == len(other.course)


def test_a_choice_survives_a_lab_with_fewer_layers_and_runs(view):
    view.set_options({"layer": 40, "run": 2, "ridges": True})
    for name in ("deep", "one_neuron", "deep"):
        view.draw(snapshot(name))
        view.grab()
    assert view.layer(snapshot("deep")) == 40
    assert view.layer(snapshot("one_neuron")) == 1
    assert view.options()["layer"] == 40
    assert view.shown_runs(snapshot("deep")) == (2,)


@pytest.mark.parametrize("ridges", [False, True], ids=["heat", "ridges"])
def test_the_readout_says_the_share_of_the_bin(view, ridges):
    view.set_options({"ridges": ridges})
    shot = snapshot("default")
    view.draw(shot)
    shares = view.shares(shot, 0)
    bin_ = int(np.argmax(shares[-1]))
    x = view.timeline.edges(np.array([record.step for record in shot.course]))[-2]
    words = view.describe(view.plots[0], bin_ + 1 if ridges else x, bin_ + 1)
    assert f"{shares[-1, bin_]:.1%}" in words


def test_every_layer_has_a_plot_of_its_own_on_one_scale(view):
    view.resize(1200, 900)
    view.set_options({"layer": -1, "quantity": 1})
    shot = snapshot("default")
    view.grab()
    view.draw(shot)
    runs, layers = range(len(shot.runs)), range(shot.shape.layers)
    assert view.cells == [(run, layer) for layer in layers for run in runs]
    shown = [panel for panel in view.plots if panel.plot.isVisible()]
    assert len(shown) == len(view.cells)
    assert len({tuple(panel.plot.vb.viewRange()[1]) for panel in shown}) == 1
    assert set(view.table()["layer"]) == {"1", "2", "3", "output"}
    zeros = shot.runs[1].layers.zeros[0]
    assert view._where(shot, 1, 0) == f"layer 1, {100 * zeros:.0f} % zeros"


def test_a_grid_holds_what_stays_legible():
    assert cells((0, 1, 2), (4,), 1000.0, 400.0) == [[(0, 4), (1, 4), (2, 4)]]
    assert cells((0, 1), range(10), 130.0, 210.0) == [[(0, 0)], [(0, 9)]]
    assert sum(map(len, cells(range(6), range(64), 5000.0, 5000.0))) == MOST
