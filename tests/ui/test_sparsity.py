"""The numbers of the sparsity view are those of the batch."""

import numpy as np
import pytest
from snapshots import snapshot

from reluviz.ui.views.sparsity import Sparsity


@pytest.fixture
def view(qtbot):
    made = Sparsity()
    qtbot.addWidget(made)
    made.resize(520, 380)
    return made


@pytest.mark.parametrize("name", ["default", "mixed", "digits", "dead"])
def test_the_table_is_what_the_batch_says(view, name):
    shot = snapshot(name)
    view.draw(shot)
    table = view.table()
    begin, row = 0, 0
    for state in shot.runs:
        hidden = state.inside.activity[: sum(shot.settings.network.hidden)]
        begin = 0
        for units in shot.settings.network.hidden:
            part = hidden[begin : begin + units]
            assert table["share of zeros"][row] == pytest.approx((part == 0).mean())
            assert table["on/off patterns"][row] == len({tuple(on) for on in (part > 0).T})
            begin, row = begin + units, row + 1
        assert table["hidden layer"][row] == "all"
        assert table["share of zeros"][row] == pytest.approx((hidden == 0).mean())
        row += 1
    assert row == table.rows


def test_the_course_ends_at_the_present(view):
    shot = snapshot("default")
    view.draw(shot)
    shares = view.course_shares()
    assert len(shares) >= len(shot.course)
    widths = np.array(shot.settings.network.hidden)
    for run, state in enumerate(shot.runs):
        assert shares[-1, run] == pytest.approx(state.layers.zeros[:-1] @ widths / widths.sum())
    assert shares[-1, 0] == 0
    assert 0.2 < shares[0, 1] < 0.8


def test_a_run_that_has_diverged_has_no_zeros(view):
    shot = snapshot("diverged")
    view.draw(shot)
    shares = view.course_shares()
    for run, state in enumerate(shot.runs):
        lost = bool(np.isnan(state.inside.activity[:24]).any())
        assert np.isnan(shares[-1, run]) == lost
        assert np.isfinite(shares[0, run])
        assert np.isnan(view.found[run][0]).any() == lost
    assert np.isnan(shares[-1]).any()
    assert "not a number" in view.describe(view.layers, 1.0, 0.0)


def test_the_benefit_is_said_in_words_as_long_as_fit(view):
    shot = snapshot("default")
    view.resize(1200, 800)
    view.draw(shot)
    view.grab()
    relu, sigmoid = view.benefits.words
    zeros = (shot.runs[1].inside.activity[: sum(shot.settings.network.hidden)] == 0).mean()
    assert f"{zeros:.0%}".replace("%", " %") + " of hidden activities are exact zeros" in relu
    assert f"{view.found[1][2][-1]} different on/off patterns on" in relu
    assert "no hidden activity is exactly zero" in sigmoid
    assert all(panel.plot.isVisible() for panel in view.panels)
    view.resize(260, 190)
    view.grab()
    view.draw(shot)
    assert view.benefits.words[0].endswith(" of multiplications")
    assert [panel.plot.isVisible() for panel in view.panels] == [True, False, False, False]
