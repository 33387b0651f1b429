"""The loss landscape's view: what it asks for, what it draws, and that it says of when it is."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from snapshots import LABS, snapshot

from reluviz.core.datasets import DATASETS
from reluviz.core.landscape import KINDS, LINE, PATH, PLANE, Wish
from reluviz.core.settings import Network, Run, Settings
from reluviz.core.trainer import Trainer
from reluviz.engine.messages import Explore
from reluviz.ui.lab import Lab
from reluviz.ui.theme import DARK, LIGHT
from reluviz.ui.views import VIEWS
from reluviz.ui.views.contours import FINE, MOST_BANDS, band_colors, bands_of, logarithms, pixels
from reluviz.ui.views.loss_landscape import thinned

# In each of them a run that trains, and moves along more than a line.
DRAWN = {"default": 1, "one_neuron": 1, "deep": 2, "mixed": 0, "line": 2, "digits": 0, "six_runs": 5}


@cache
def explored(name, kind, run=0):
    """A lab's snapshot with a small landscape."""
    settings, steps = LABS[name]
    trainer = Trainer(settings)
    trainer.train(steps)
    survey = trainer.survey(Wish(run, kind, 11))
    survey.advance(10**6)
    return replace(snapshot(name), landscape=survey.landscape)


@pytest.fixture
def shown(qtbot, qapp):
    """The view with a snapshot drawn in it."""

    def make(snapshot, theme=LIGHT, scale=1.0):
        view = VIEWS["loss_landscape"]()
        qtbot.addWidget(view)
        view.resize(520, 380)
        view.set_theme(theme, scale)
        view.show()
        view.draw(snapshot)
        view.grab()
        qapp.processEvents()
        return view

    return make


def picture(view):
    """The view's pixels."""
    image = view.grab().toImage()
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine()).copy()


def test_the_button_asks_for_what_is_chosen_and_then_to_stop(shown, qtbot):
    view = shown(snapshot("six_runs"))
    view.set_options({"run": 4, "kind": PATH})
    with qtbot.waitSignal(view.survey_wanted) as asked:
        view.controls.button.click()
    assert asked.args == [Wish(4, PATH, 51, seed=1)]
    view.draw(replace(snapshot("six_runs"), survey=0.34))
    assert view.controls.button.text() == "Cancel 34\u202f%"
    assert view.sentence.words == "Computing: 34\u202f%"
    with qtbot.waitSignal(view.survey_wanted) as asked:
        view.controls.button.click()
    assert asked.args == [None]
    view.draw(snapshot("six_runs"))
    assert view.controls.button.text() == "Compute"
    assert "2\u202f601 places" in view.controls.button.toolTip()


def test_a_choice_that_a_lab_lacks_is_kept_for_the_next(shown, qtbot):
    view = shown(snapshot("six_runs"))
    view.set_options({"run": 4})
    view.draw(snapshot("one_neuron"))
    with qtbot.waitSignal(view.survey_wanted) as asked:
        view.controls.button.click()
    assert asked.args[0].run == 0
    assert view.options()["run"] == 4
    assert view.controls.run_box.count() == 2


def test_the_seed_is_the_networks_until_another_is_chosen(shown):
    here = snapshot("six_runs")
    view = shown(here)
    tools, start = view.controls, here.settings.network.seed
    assert tools.seed_box.value() == tools.wish(here).seed == start
    assert "seed" not in view.options()
    tools.seed_box.setValue(start + 6)
    view.draw(here)
    assert tools.wish(here).seed == view.options()["seed"] == start + 6
    other = shown(here)
    other.set_options(view.options())
    assert other.controls.seed_box.value() == other.controls.wish(here).seed == start + 6
    other.set_options({"seed": -1, "kind": PATH})
    assert other.controls.wish(here).seed == start + 6
    assert other.controls.seed_box.isHidden()


def test_before_anything_is_computed_it_says_what_to_do(shown):
    assert "Press Compute" in shown(snapshot("default")).sentence.words
    diverged = snapshot("diverged")
    gone = replace(diverged, runs=tuple(state for state in diverged.runs if state.divergence is not None)[:1])
    view = shown(replace(gone, settings=gone.settings.evolve(runs=gone.settings.runs[:1])))
    assert "no landscape" in view.sentence.words
    assert view.table().rows == 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", DRAWN)
def test_every_kind_of_landscape_of_every_kind_of_lab(shown, qapp, name, kind):
    here = explored(name, kind, DRAWN[name])
    view = shown(here, theme=DARK, scale=2.0)
    first = picture(view)
    view.draw(here)
    assert (picture(view) == first).all()
    view.draw(snapshot(name))
    assert not (picture(view) == first).all()
    view.draw(here)
    qapp.processEvents()
    assert (picture(view) == first).all()
    found, table = here.landscape, view.table()
    assert table["training loss"] == pytest.approx(found.losses.ravel())
    assert table.columns[0] == pytest.approx(np.tile(found.axis_a, len(found.axis_b)))


def test_the_cursor_reads_the_grid_and_the_path(shown):
    here = explored("default", PATH, 1)
    view, found = shown(here), here.landscape
    words = view.describe(view.panel, float(found.axis_a[2]), float(found.axis_b[7]))
    assert f"loss of the slice {found.losses[7, 2]:.4g}" in words
    assert f"on the way {found.path_losses[0]:.4g}" in view.describe(view.panel, *found.path[0])
    assert "path at step 0" in view.describe(view.panel, *found.path[0])
    assert view.describe(view.panel, float(found.axis_a[-1]) + 1, 0.0) == ""
    line = explored("default", LINE, 1)
    view.draw(line)
    assert f"loss {line.landscape.losses[0, 5]:.4g}" in view.describe(view.panel, 0.01, 0.0)


def test_an_old_landscape_says_so_and_whose_it_is(shown):
    here = explored("default", PLANE, 1)
    view = shown(here)
    name, words, _ = view.heading._words
    assert name == "ReLU"
    assert words == f"at step 200 · {here.landscape.unexplained:.0%} of the path not in this plane"
    view.draw(replace(here, step=5300))
    assert "computed at step 200; now step 5\u202f300" in view.heading._words[1]


def test_a_line_has_a_logarithmic_axis_only_where_it_is_wanted(shown):
    steep = replace(explored("default", LINE).landscape, losses=np.geomspace(0.01, 10, 11)[None])
    here = replace(snapshot("default"), landscape=steep)
    view = shown(here)
    assert view.curve.getData()[1] == pytest.approx(np.log10(here.landscape.losses[0]))
    view.set_options({"log": False})
    assert view.curve.getData()[1] == pytest.approx(here.landscape.losses[0])
    assert view.panel.plot.vb.viewRange()[1][0] == pytest.approx(0, abs=1e-9)
    assert not view.controls.log_box.isHidden()
    # From 0.69 to 0.71 such an axis would have no mark.
    view.set_options({"log": True})
    view.draw(explored("default", LINE))
    assert view.curve.getData()[1] == pytest.approx(explored("default", LINE).landscape.losses[0])
    view.draw(explored("default", PLANE))
    assert view.controls.log_box.isHidden()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_bands_follow_the_loss_and_lines_lie_between_them(theme):
    logs = np.add.outer(np.linspace(0, 0.5, 11), np.linspace(0, 1, 11))
    bands = bands_of(logs)
    assert bands.low <= 0
    assert bands.high >= 1.5
    assert bands.count <= MOST_BANDS
    drawn = pixels(logs, bands, theme)
    fills = [int(color[1:], 16) | 0xFF000000 for color in band_colors(bands, theme)]
    fine = np.add.outer(*((np.arange(FINE) + 0.5) / FINE * reach for reach in (0.5, 1.0)))
    inside = np.floor((fine - bands.low) / bands.step).astype(int)
    plain = np.isin(drawn, fills)
    assert (drawn[plain] == np.array(fills)[inside[plain]]).all()
    assert 0.5 < plain.mean() < 1
    light = [QColor(color).lightnessF() for color in band_colors(bands, theme)]
    assert light == sorted(light, reverse=theme.dark)


def test_zeros_and_infinities_are_drawn(shown):
    here = explored("default", PLANE)
    losses = here.landscape.losses.copy()
    losses[0, :3], losses[5, 5], losses[9, 9] = np.inf, 0.0, np.nan
    logs = logarithms(losses)
    assert np.isnan(logs[0, :3]).all()
    assert logs[5, 5] == np.nanmin(logs)
    drawn = pixels(logs, bands_of(logs), LIGHT)
    assert drawn[0, 0] == pixels(np.full((11, 11), np.nan), bands_of(logs), LIGHT)[0, 0]
    for values in (losses, np.full_like(losses, np.nan), np.zeros_like(losses), np.full_like(losses, 0.7)):
        view = shown(replace(here, landscape=replace(here.landscape, losses=values)))
        assert len(np.unique(picture(view))) > 3
    flat = replace(explored("default", LINE).landscape, losses=np.full((1, 11), np.inf))
    view.draw(replace(here, landscape=flat))
    view.grab()


def test_a_drawn_path_keeps_its_ends(shown):
    found = explored("default", PATH).landscape
    way = thinned(found)
    assert (way[0] == found.path[0]).all()
    assert (way[-1] == 0).all()
    crowd = np.linspace(1e-6, 0, 50)[:, None] * (1.0, 1.0)
    assert len(thinned(replace(found, path=crowd))) == 2


def test_a_new_landscape_is_shown_whole(shown):
    view = shown(explored("default", PLANE))
    view.panel.zoom_to([[0.1, 0.2], [0.1, 0.2]])
    view.draw(replace(explored("default", PLANE), step=7))
    assert view.panel.plot.vb.viewRange()[0] == pytest.approx([0.1, 0.2])
    view.draw(explored("default", LINE))
    assert view.panel.plot.vb.viewRange()[0] == pytest.approx([-1, 1])


def test_the_lab_passes_a_wish_on(qapp, monkeypatch):
    lab, said = Lab(Settings()), []
    monkeypatch.setattr(lab._engine, "send", said.append)
    lab.survey(Wish(1))
    lab.survey(None)
    assert said == [Explore(Wish(1)), Explore(None)]
    monkeypatch.undo()
    lab.close()


def test_the_button_in_the_window_computes_while_training_goes_on(desk):
    lab = Settings(data=DATASETS["moons"](), network=Network(hidden=(6,)), runs=(Run(),))
    here = desk()
    here.lab.edit(lab)
    here.lab.play()
    dock = here.window.dashboard.docks["loss_landscape"]
    dock.show()
    dock.raise_()
    assert not dock.view.controls.button.isEnabled()
    here.until(lambda: here.step > 20 and dock.view.controls.button.isEnabled())
    dock.view.controls.button.click()
    here.until(lambda: here.window.snapshot.landscape is not None)
    found = here.window.snapshot.landscape
    assert found.losses.shape == (51, 51)
    here.until(lambda: here.step > found.step + 20)
    assert here.lab.playing
    here.until(lambda: "; now step" in dock.view.heading._words[1])
    here.press(Qt.Key.Key_R)
    here.until(lambda: here.window.snapshot.landscape is None)
