"""Gradient flow draws the measured norms, theory's line through the last hidden layer, and a column for each record."""

import html
from functools import cache

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from snapshots import snapshot

from reluviz.core.activations import ReLU, Sigmoid, Tanh
from reluviz.core.initializers import GlorotNormal, HeNormal, PlainNormal, PyTorchLinear, RandomisedAsymmetric
from reluviz.core.labels import run_labels
from reluviz.core.layers import BatchNorm, Residual
from reluviz.core.losses import LOSSES
from reluviz.core.network import gradient
from reluviz.core.plan import model_of
from reluviz.core.settings import Network, Run, Settings
from reluviz.core.theory import start_profile
from reluviz.core.trainer import Trainer
from reluviz.ui.theme import DARK, LIGHT, rgb
from reluviz.ui.views import VIEWS
from reluviz.ui.views.expected import bounds, exchanged, expected, start_norms
from reluviz.ui.views.framing import Framing, decades
from reluviz.ui.views.gradient_flow import GradientFlow, vanishing
from reluviz.ui.views.lines import segments, stretches
from reluviz.ui.views.strip import Strip, sequential
from reluviz.ui.views.strip import stretches as hatched
from reluviz.ui.views.timeline import EVEN, LOG, RECORDS, Timeline
from reluviz.ui.views.trail import Trail

# science.md T5: √χ at q* of a sigmoid with Glorot's or LeCun's weights.
ROOT_CHI = 0.236052


@pytest.fixture
def draw(qtbot):
    """A view that is shown and has drawn a snapshot."""

    def make(shown):
        view = VIEWS["gradient_flow"]()
        qtbot.addWidget(view)
        view.resize(520, 380)
        view.show()
        view.draw(shown)
        view.grab()
        return view

    return make


@cache
def wide():
    """A wide, deep sigmoid network at its start."""
    run = Run(activation=Sigmoid(), initializer=GlorotNormal())
    return Trainer(Settings(network=Network(hidden=(128,) * 10), runs=(run,))).snapshot()


def reference(shown, run):
    """The gradient's norm by layer in float64, from core/network.py alone."""
    model, data, state = model_of(shown.shape, shown.settings, run), shown.dataset, shown.runs[run]
    x, y = data.x_train.astype(float), data.y_train.astype(float)
    grad = gradient(model, state.theta.copy(), LOSSES["logistic"], x, y, state.running.copy())
    shape = shown.shape
    parts = [(shape.weights(grad, layer), shape.biases(grad, layer)) for layer in range(shape.layers)]
    return [np.sqrt(np.square(w).sum() + np.square(b).sum()) for w, b in parts]


def test_the_lines_are_the_measured_norms(draw):
    shown = snapshot("default")
    view = draw(shown)
    measured = view.lines.lines[-2:]
    for run, line in enumerate(measured):
        assert 10**line.y == pytest.approx(shown.runs[run].layers.gradient_norm)
        assert 10**line.y == pytest.approx(reference(shown, run), rel=1e-3)
        assert list(line.x) == [1, 2, 3, 4]


def test_the_strip_has_a_column_for_each_record_and_one_for_now(draw):
    shown = snapshot("default")
    view = draw(shown)
    assert shown.course[-1].step < shown.step
    assert list(view.trail.steps) == [*(record.step for record in shown.course), shown.step]
    view.set_options({"steps": "records", "run": 1})
    assert view.strips.strips[0]._pixels.shape == (4, len(shown.course) + 1)
    values = view.trail.values("gradient_norm")
    assert values[3, 1] == pytest.approx(shown.course[3].layers[1].gradient_norm)
    assert values[-1, 1] == pytest.approx(shown.runs[1].layers.gradient_norm)
    table = view.table()
    assert table.rows == 2 * 4 * (len(shown.course) + 1)
    last = [row for row in range(table.rows) if table["run"][row] == "ReLU"][-4:]
    assert table["gradient norm"][last] == pytest.approx(shown.runs[1].layers.gradient_norm)


def test_theory_of_a_wide_sigmoid_network_falls_by_root_chi_a_layer():
    shown = wide()
    line = expected(shown, 0)
    norms = shown.course[0].layers[0].gradient_norm
    assert line.theory[9] == pytest.approx(np.log10(norms[9]))
    assert np.isnan(line.theory[10])
    deep = 10 ** np.diff(line.theory[3:10])
    assert 1 / deep == pytest.approx(ROOT_CHI, rel=1e-4)
    # The measurement agrees as far as the width allows (3 % a layer).
    assert (norms[3] / norms[9]) ** (1 / 6) == pytest.approx(ROOT_CHI, rel=0.03)
    assert line.steepest == pytest.approx(0.25)
    assert 10 ** (line.bound[9] - line.bound[2]) == pytest.approx(4.0**7)


def test_theory_counts_the_weights_of_layers_of_unlike_widths():
    run, sizes = Run(activation=ReLU(), initializer=HeNormal()), (3, 40, 10, 20)
    profile = start_profile(run.activation, run.initializer, sizes, input_square=0.7)
    weights = np.sqrt([3 * 40, 40 * 10, 10 * 20])
    norms = profile.weight_gradient * weights
    assert 10 ** start_norms(run, (ReLU(),) * 3, sizes, 0.7) == pytest.approx(norms / norms[-1])


def test_biases_of_pytorchs_law_follow_each_layers_inputs():
    run = Run(activation=Sigmoid(), initializer=PyTorchLinear())
    deep = 10 ** -np.diff(start_norms(run, (Sigmoid(),) * 12, (2, *[64] * 12), 1.0))
    profile = start_profile(run.activation, run.initializer, (64,) * 12, bias_variance=1 / (3 * 64))
    assert deep[-3:] == pytest.approx(1 / np.exp(np.diff(profile.log_weight_gradient))[-3:], rel=1e-3)


@pytest.mark.parametrize(
    "run",
    [
        Run(initializer=PlainNormal(bias=-1.0)),
        Run(initializer=RandomisedAsymmetric()),
        Run(layer=BatchNorm()),
        Run(activation=Sigmoid(), layer=Residual()),
    ],
    ids=["bias", "asymmetric", "normalised", "residual"],
)
def test_where_theory_does_not_hold_there_is_no_line(run):
    shown = Trainer(Settings(runs=(run,))).snapshot()
    assert np.isnan(expected(shown, 0).theory).all()
    assert np.isnan(expected(shown, 0).bound).all()


def test_the_bound_multiplies_the_slopes_between_a_layer_and_the_last():
    assert 10 ** bounds((0.25, 0.5, 0.9)) == pytest.approx([0.125, 0.5, 1.0])
    assert np.isnan(expected(snapshot("default"), 1).bound).all()
    assert np.isfinite(expected(snapshot("default"), 0).bound[:3]).all()


def test_zeros_are_marked_and_the_strip_says_what_is_hatched(draw):
    view = draw(snapshot("dead"))
    norms = snapshot("dead").runs[0].layers.gradient_norm
    assert (norms[:3] == 0).all()
    assert view.zeros.spots == (1.0, 2.0, 3.0)
    assert view.colors._words[1] == "hatched: 0"
    rects = hatched(np.array([[True, True, False], [True, True, False], [False, False, True]]), np.arange(4.0))
    assert [(r.left(), r.right(), r.top(), r.bottom()) for r in rects] == [(0, 2, 0.5, 2.5), (2, 3, 2.5, 3.5)]


def test_a_diverged_run_is_named_and_not_drawn(draw):
    shown = snapshot("diverged")
    view = draw(shown)
    lost = [not np.isfinite(state.layers.gradient_norm).any() for state in shown.runs]
    assert any(lost)
    assert [": not finite" in words for words in view.names.words[: len(lost)]] == lost


def test_the_strip_shows_the_run_whose_gradient_vanishes_most(draw):
    assert vanishing(np.array([[1.0, 2.0], [1e-6, 1.0], [np.nan, 1.0], [3.0, 0.0]])) == 1
    assert vanishing(np.array([[0.0, 1.0], [1.0, 2.0]])) == 1
    assert vanishing(np.full((2, 3), np.nan)) == 0
    view = draw(snapshot("default"))
    assert view.shown_run() == 0
    view.set_options({"run": 4})
    assert view.shown_run() == 0
    assert view.options()["run"] == 4
    view.draw(snapshot("six_runs"))
    assert view.shown_run() == 4


def test_values_under_the_cursor(draw):
    shown = snapshot("default")
    view = draw(shown)
    norms = shown.runs[1].layers.gradient_norm
    words = view.describe(view.flow, 2.1, 0.0)
    for part in ("layer 2, step 200", f"{norms[1]:.4g}", f"{norms[1] / norms[3]:.4g}"):
        assert part in words
    view.set_options({"run": 1, "steps": "records"})
    column = shown.course[4].layers[1].gradient_norm
    words = view.describe(view.course, 4.5, 1.2)
    assert f"layer 1, step {shown.course[4].step}" in words
    assert f"{column[0]:.4g}" in words
    assert view.describe(view.course, len(shown.course) + 2.5, 1.2) == ""


def test_a_trail_reads_each_record_once_and_follows_an_undone_course():
    trainer = Trainer(Settings())
    trail = Trail("gradient_norm", "activation_std")
    for steps in (0, 3, 30, 200):
        if steps:
            trainer.train(steps)
        shown = trainer.snapshot()
        trail.read(shown)
        fresh = Trail("gradient_norm", "activation_std")
        fresh.read(shown)
        assert (trail.steps == fresh.steps).all()
        for field in ("gradient_norm", "activation_std"):
            assert (trail.values(field) == fresh.values(field)).all()
    # At step 0 the only record and the present are one column.
    trail.read(Trainer(Settings()).snapshot())
    assert list(trail.steps) == [0]


def test_steps_lie_where_the_axis_says():
    steps = np.array([0, 1, 9, 99])
    line = Timeline()
    for mode, places in ((LOG, np.log10([1, 2, 10, 100])), (EVEN, steps), (RECORDS, range(4))):
        line.reset(mode)
        end = line.extend(steps)
        assert line.places(steps) == pytest.approx(np.array(places, float))
        edges = line.edges(steps)
        assert edges[:-1] == pytest.approx(np.array(places, float))
        assert edges[-1] > edges[-2]
        assert end >= places[-1]
        assert [line.column(steps, edge + 1e-6) for edge in edges] == [0, 1, 2, 3, None]
        assert line.extend(steps) == end
    line.reset(LOG)
    line.extend(steps)
    assert line.marks(steps) == ((0.0, "0"), (np.log10(2), "1"), (np.log10(11), "10"), (np.log10(101), "100"))


def test_the_strips_colours_only_grow_lighter_or_darker():
    for theme, direction in ((LIGHT, -1), (DARK, 1)):
        table = sequential(theme)
        lightness = [np.dot(rgb(f"#{int(argb) & 0xFFFFFF:06x}"), (0.2126, 0.7152, 0.0722)) for argb in table]
        assert (direction * np.diff(lightness) >= -0.5).all()
        assert direction * (lightness[-1] - lightness[0]) > 100


def test_columns_of_the_strip_are_as_wide_as_they_last(qapp):
    strip = Strip()
    strip.set_theme(LIGHT)
    strip.set_values(np.array([[0.0, -1.0]]), np.array([0.0, 1.0, 4.0]), -1.0, 0.0)
    pixels = strip._pixels[0]
    high = sequential(LIGHT)[255]
    assert (pixels == high).mean() == pytest.approx(0.25, abs=0.01)
    assert (pixels[-100:] == sequential(LIGHT)[0]).all()


def test_ranges_grow_at_once_and_shrink_late():
    frame = Framing()
    assert frame.around(-4, 0) == (-4, 0)
    assert frame.around(-6, -2) == (-6, 0)
    assert frame.around(-4, -1) == (-6, 0)
    assert frame.around(-2, -1) == (-2, -1)
    assert decades(np.array([-2.5, -np.inf, np.nan, -0.5])) == (-3, 0)


def test_broken_lines_are_drawn_in_pieces(qapp):
    points, fine = np.arange(14.0).reshape(7, 2), np.array([1, 1, 0, 1, 0, 1, 1], bool)
    assert [len(part) for part in stretches(points, fine)] == [2, 2]
    assert segments(points, fine).ndarray().tolist() == [[0, 1, 2, 3], [10, 11, 12, 13]]


def test_mixed_layers_share_no_slope():
    run = Run(layer_activations=(Sigmoid(), Tanh(), Sigmoid()), initializer=GlorotNormal())
    line = expected(Trainer(Settings(runs=(run,))).snapshot(), 0)
    assert np.isnan(line.steepest)
    assert np.isnan(line.bound).all()
    assert np.isfinite(line.theory[:3]).all()


def test_after_an_exchange_with_the_weights_kept_theory_has_nothing_to_say(qtbot):
    settings = Settings(runs=(Run(activation=Sigmoid(), color=0), Run(activation=ReLU(), color=1)))
    trainer = Trainer(settings)
    trainer.train(30)
    assert np.isfinite(expected(trainer.snapshot(), 0).theory[:-1]).all()
    trainer.adopt(settings.evolve(runs=(Run(activation=Tanh(), color=0), settings.runs[1])), swap=True)
    trainer.train(10)
    shot = trainer.snapshot()
    assert np.isnan(expected(shot, 0).theory).all()
    assert np.isfinite(expected(shot, 1).theory[:-1]).all()
    # A copy of a run began as that run.
    runs = (*shot.settings.runs, shot.settings.runs[1].evolve(color=2), Run(activation=Tanh(), color=3))
    trainer.adopt(shot.settings.evolve(runs=runs), rows=(0, 1, 1, 1))
    shot = trainer.snapshot()
    assert [run.activation for run in shot.began] == [Sigmoid(), ReLU(), ReLU(), ReLU()]
    assert [exchanged(shot, place) for place in range(4)] == [True, False, False, True]
    view = GradientFlow()
    qtbot.addWidget(view)
    view.draw(shot)
    assert "none after an exchange" in [words for _, words in view.names._entries]


def test_strips_of_all_runs_lie_above_each_other_on_one_scale(draw):
    shown = snapshot("six_runs")
    view = draw(shown)
    view.set_options({"run": -2})
    assert view.options()["run"] == -2
    assert view.shown_runs() == tuple(range(6))
    assert sum(strip.isVisible() for strip in view.strips.strips) == 6
    tops = [strip.pos().y() for strip in view.strips.strips]
    assert tops == sorted(tops, reverse=True)
    layers = shown.shape.layers
    for run, strip in enumerate(view.strips.strips):
        assert view.strips.at(strip.pos().y() + layers) == (run, layers - 1)
        words = view.describe(view.course, 0.0, strip.pos().y() + 1)
        assert run_labels(shown.settings)[run] in html.unescape(words)
    assert view.strips.at(tops[0] + layers + 0.5 + 0.3) is None
    assert view.colors._name[0] == "all runs"
    view.set_options({"run": 1})
    assert view.shown_runs() == (1,)
    assert sum(strip.isVisible() for strip in view.strips.strips) == 1


def test_lines_without_any_height_are_not_painted(draw, qapp):
    view = draw(snapshot("dead"))
    assert any(np.isneginf(line.y).any() for line in view.lines.lines)
    view.lines.setGeometry(QRectF(0, 0, 300, 0))
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    view.lines.paint(painter)
    painter.end()
