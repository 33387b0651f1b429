"""Pre-activations on the curve: what is counted is what the batch holds, and where f says that it lies."""

import numpy as np
import pytest
from snapshots import snapshot

from reluviz.core.activations import PReLU, ReLU, Sigmoid
from reluviz.core.initializers import PlainNormal
from reluviz.core.layers import Residual
from reluviz.core.settings import Network, Run, Settings
from reluviz.core.trainer import Trainer
from reluviz.ui.views.preactivation import EVERY, FIRST_TWO, PreActivation
from reluviz.ui.views.whereabouts import (
    BINS,
    Part,
    activation_at,
    histogram,
    places_of,
    reach_of,
    values_of,
    zones,
)


@pytest.fixture
def shown(qtbot):
    """Show a view of a lab by its name in LABS, or of a snapshot."""

    def make(what="default", **options):
        view = PreActivation()
        qtbot.addWidget(view)
        view.resize(520, 380)
        view.set_options(options)
        view.show()
        view.draw(snapshot(what) if isinstance(what, str) else what)
        view.grab()
        return view

    return make


def lab(*runs, hidden=(6, 6), steps=0):
    """A snapshot of a small lab."""
    trainer = Trainer(Settings(network=Network(hidden=hidden), runs=runs))
    if steps:
        trainer.train(steps)
    return trainer.snapshot()


@pytest.mark.parametrize("name", ["default", "mixed", "dead", "digits"])
def test_shares_are_those_of_the_activation_at_z(name):
    """Not from the slopes that were measured, but from f and f′ in float64 at every z."""
    shot = snapshot(name)
    for run, state in enumerate(shot.runs):
        for layer, units in enumerate(shot.settings.network.hidden):
            activation = activation_at(shot, run, layer)
            z = state.inside.z[shot.shape.offsets[layer] :][:units].astype(float)
            f, slopes = activation.f(z), np.abs(activation.df(z))
            zero = (f == 0) & (slopes == 0)
            # A step has no slope anywhere, not even a largest one.
            faint = ~zero & ((slopes < 0.05 * activation.max_slope) | (slopes == 0))
            found = places_of(shot, Part(run, layer))
            assert found.values == z.size
            assert found.zero == zero.sum()
            assert abs(found.saturated - faint.sum()) <= 1e-3 * z.size
            assert found.zero + found.saturated + found.active == z.size


def test_large_weights_saturate_a_sigmoid():
    """|f′| < 5 % of 1/4 beyond |z| = 4.357, where e^z = (1 + sqrt(0.95)) / (1 - sqrt(0.95))."""
    shot = lab(Run(activation=Sigmoid(), initializer=PlainNormal(sigma=10.0)))
    ratio = np.sqrt(0.95)
    edge = np.log((1 + ratio) / (1 - ratio))
    z = shot.runs[0].inside.z[:12]
    places = places_of(shot, Part(0))
    assert places.saturated == (np.abs(z) > edge).sum()
    assert places.shares[1] > 0.4
    assert places.zero == 0
    left, right = zones(Sigmoid(), 8.0)
    assert left[1] == pytest.approx(-edge, abs=0.02)
    assert right[0] == pytest.approx(edge, abs=0.02)


def test_a_layer_that_skips_is_silent_where_it_passes_on_its_input():
    shot = lab(Run(activation=ReLU(), layer=Residual()), hidden=(5, 5, 5), steps=20)
    for layer in range(3):
        z = shot.runs[0].inside.z[5 * layer :][:5]
        assert places_of(shot, Part(0, layer)).zero == (z <= 0).sum()


def test_one_neuron_is_its_row():
    shot = snapshot("default")
    z = shot.runs[1].inside.z
    assert (values_of(shot, Part(1, 2, 5)) == z[8 + 8 + 5]).all()
    assert places_of(shot, Part(1, 2, 5)).zero == (z[21] <= 0).sum()


def test_bins_hold_every_value_and_agree_with_numpy():
    shot = snapshot("digits")
    z = values_of(shot, Part(0))
    counts = histogram(z, 6.0)
    clipped = np.clip(z.astype(float), -6.0, np.nextafter(6.0, 0.0))
    assert (counts == np.histogram(clipped, BINS, (-6.0, 6.0))[0]).all()
    assert counts.sum() == sum(shot.settings.network.hidden) * shot.runs[0].inside.z.shape[1]


def test_bins_take_what_lies_beyond_and_leave_out_what_is_no_number():
    z = np.array([-np.inf, -1e30, -0.01, 0.0, 0.01, 4.0, 1e38, np.inf, np.nan], np.float32)
    counts = histogram(z, 4.0)
    assert counts[[0, BINS // 2 - 1, BINS // 2, BINS - 1]].tolist() == [2, 1, 2, 3]
    assert counts.sum() == 8


def test_the_axis_holds_all_but_few_values_and_shrinks_late():
    z = np.random.default_rng(1).normal(0, 5, 50_000).astype(np.float32)
    reach = reach_of(z)
    assert reach == 16
    assert np.mean(np.abs(z) > reach) <= 0.005
    assert np.mean(np.abs(z) > 12) > 0.005
    assert reach_of(z, 24.0) == 24
    assert reach_of(z, 32.0) == 16
    assert reach_of(z / 100) == 4


def test_what_is_drawn_is_what_is_counted(shown):
    view = shown("default")
    shot = snapshot("default")
    assert [[group.part.run for group in column.groups] for column in view.columns] == [[0], [1]]
    table = view.table()
    for run, column in enumerate(view.columns):
        heights = column.bars[0].yData
        assert heights.sum() == pytest.approx(100)
        mine = [place for place, name in enumerate(table["run"]) if name == column.groups[0].label]
        counts = np.array(table["values (count)"])[mine]
        assert counts.sum() == shot.runs[run].inside.z[:24].size
        inside = np.abs(values_of(shot, Part(run))) < column.reach
        assert counts[1:-1].sum() <= inside.sum() <= counts.sum()


def test_a_picked_neuron_is_shown_in_both_runs(shown):
    view = shown("default")
    view.pick(1, 13)
    assert [group.part for column in view.columns for group in column.groups] == [Part(0, 1, 5), Part(1, 1, 5)]
    view.pick(0, 24)
    assert view.options() == {"run": FIRST_TWO, "layer": 1, "unit": 5}
    other = shown("six_runs")
    other.pick(4, 3)
    assert other.options() == {"run": 4, "layer": 0, "unit": 3}
    assert other.columns[0].groups[0].part == Part(4, 0, 3)


def test_a_choice_that_a_lab_lacks_is_kept_for_the_next(shown):
    view = shown("one_neuron", run=5, layer=2, unit=7)
    assert [column.groups[0].part for column in view.columns] == [Part(0), Part(1)]
    view.draw(snapshot("six_runs"))
    assert view.columns[0].groups[0].part == Part(5, 2, 7)
    view.set_options({"run": EVERY, "layer": -1, "unit": -1})
    assert [group.part.run for group in view.columns[0].groups] == [0, 1, 2, 3, 4, 5]


def test_several_activations_are_all_drawn_and_named(shown):
    view = shown("mixed", run=0)
    names = [words for _, words in view.columns[0].legend._rows]
    assert names == ["Sigmoid", "ReLU", "Hardshrink"]
    assert "several activations" in view.columns[0].heading._words[1]
    view.set_options({"layer": 1})
    assert [words for _, words in view.columns[0].legend._rows] == ["f", "f′"]


def test_a_learned_slope_bends_the_curve(shown):
    shot = lab(Run(activation=PReLU(slope=0.25)), steps=300)
    learned = float(shot.runs[0].layers.learned_slope[0])
    assert abs(learned - 0.25) > 0.01
    view = shown(shot, layer=0)
    x, y = view.columns[0].curves[0].getData()
    assert y[0] == pytest.approx(learned * x[0], abs=0.03)


def test_values_under_the_cursor_name_the_bin_and_what_lies_beyond(shown):
    shot = lab(Run(activation=ReLU(), initializer=PlainNormal(sigma=1.0)))
    view = shown(shot)
    column = view.columns[0]
    beyond = int((np.abs(values_of(shot, Part(0))) > column.reach).sum())
    assert beyond > 0
    words = view.describe(column.lower, 0.999 * column.reach, 0.0)
    assert f"{beyond} beyond ±{column.reach:g}" in words
    assert f"({column.groups[0].counts[-1]} of" in words
    assert "zero" in words
    above = view.describe(column.upper, 1.5, 0.0)
    assert "z = 1.5" in above


def test_without_a_measurement_the_view_waits(shown):
    trainer = Trainer(Settings())
    view = shown(trainer.snapshot(needs=frozenset()))
    assert {group.words for column in view.columns for group in column.groups} == {"waiting for the next measurement"}
    assert view.describe(view.columns[0].lower, 0.0, 0.0).count("waiting") == 1


def test_a_run_that_has_diverged_says_so(shown):
    view = shown("diverged", run=EVERY)
    shot = snapshot("diverged")
    for group in view.columns[0].groups:
        numbers = int(np.isfinite(shot.runs[group.part.run].inside.z[:24]).sum())
        assert ("diverged at step" in group.words) == (numbers == 0)
    assert any(group.words for group in view.columns[0].groups)
