"""The mosaic of a deep network: only what is in view is drawn, with what was measured at each pixel's own point."""

from dataclasses import replace

import numpy as np
import pytest

from reluviz.core.settings import Network, Settings
from reluviz.core.snapshot import ACTIVITY
from reluviz.core.trainer import Trainer
from reluviz.ui.theme import LIGHT, diverging
from reluviz.ui.views.mosaic_tiles import LARGEST, round_up, scaled
from reluviz.ui.views.neuron_activity import NeuronActivity
from reluviz.ui.views.raster import colors

DEEP = Settings(network=Network(hidden=(16,) * 40))


@pytest.fixture(scope="module")
def snapshot():
    return Trainer(DEEP).snapshot(needs=frozenset({ACTIVITY}))


def drawn(qtbot, snapshot, size, *, paper=False):
    """A view of this size that has been painted."""
    made = NeuronActivity()
    qtbot.addWidget(made)
    made.paper = paper
    made.set_theme(LIGHT, 1.0)
    made.resize(*size)
    made.show()
    # The second drawing has the room that the first one made.
    for _ in range(2):
        made.draw(snapshot)
        made.grab()
    return made


@pytest.fixture
def view(qtbot, snapshot):
    return drawn(qtbot, snapshot, (520, 380))


def test_layers_out_of_view_are_drawn_when_they_are_scrolled_to(view):
    mosaic, last = view.mosaics[0], len(DEEP.network.hidden)
    assert 0 in mosaic._drawn
    assert last not in mosaic._drawn
    mosaic.scroll(100_000)
    view.grab()
    assert last in mosaic._drawn
    assert len(mosaic._drawn) <= last


def test_small_tiles_show_what_was_measured_at_their_pixels(view, snapshot):
    mosaic, side = view.mosaics[0], snapshot.probe.side
    assert side > 1.5 * mosaic._tiling.tile
    pixels = mosaic._drawn[0].picture[1]
    count = mosaic._tiling.tile * round(view.devicePixelRatioF())
    places = ((np.arange(count) + 0.5) * side / count).astype(int)
    field = snapshot.runs[0].activity[0].reshape(side, side)[np.ix_(places[::-1], places)]
    reach = round_up(float(snapshot.runs[0].neurons.scale[:16].max()))
    assert (pixels[:count, :count] == colors(field / reach, diverging(LIGHT))).all()


def test_a_figure_shows_every_point(qtbot, snapshot):
    made = drawn(qtbot, snapshot, (900, 900), paper=True)
    mosaic = made.mosaics[0]
    assert len(mosaic._drawn) == len(DEEP.network.hidden) + 1
    assert mosaic._points(snapshot.probe) is None


def test_values_beyond_numbers_have_the_colours_of_the_ends(snapshot):
    state = snapshot.runs[0]
    activity = np.array(state.activity)
    activity[0, :3], activity[1, :2] = (np.inf, -np.inf, np.nan), (LARGEST, -LARGEST)
    scale = np.array(state.neurons.scale)
    scale[0], scale[1] = np.nan, LARGEST
    broken = replace(state, activity=activity, neurons=replace(state.neurons, scale=scale))
    values, words = scaled(broken, slice(0, 16), np.arange(3), each=False, probable=False)
    assert words == "±4e+38"
    assert values[0, :2].tolist() == [np.inf, -np.inf]
    assert np.isnan(values[0, 2])
    assert values[1, :2].tolist() == [1.0, -1.0]
