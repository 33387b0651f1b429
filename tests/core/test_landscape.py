"""Loss landscapes: slices that scaling a rectifier's weights leaves alone, and a path that ends in their middle."""

import numpy as np
import pytest

from reluviz.core.activations import PReLU, ReLU, Sigmoid
from reluviz.core.datasets import DATASETS
from reluviz.core.landscape import (
    LINE,
    PATH,
    PLANE,
    USUAL_POINTS,
    Wish,
    axis,
    filter_normalised,
    principal_directions,
    project,
    raw_direction,
    unexplained,
    usual_points,
)
from reluviz.core.layers import BatchNorm
from reluviz.core.losses import LOSSES
from reluviz.core.network import forward
from reluviz.core.plan import model_of
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.shape import Shape
from reluviz.core.snapshot import LANDSCAPE, NEEDS
from reluviz.core.stack import Stack
from reluviz.core.survey import Losses, Survey
from reluviz.core.trail import MOST_BYTES, MOST_POINTS, Trail
from reluviz.core.trainer import Trainer

RELU = Run(activation=ReLU())
EXACT = Settings(network=Network(hidden=(12,), precision="float64"), runs=(RELU,))


def trained(settings, steps=60):
    """A trainer that has trained."""
    trainer = Trainer(settings)
    trainer.train(steps)
    return trainer


def computed(trainer, wish):
    """The landscape of a wish."""
    survey = trainer.survey(wish)
    survey.advance(10**6)
    assert survey.done
    return survey.landscape


@pytest.fixture(scope="module")
def scaled():
    """A network of two layers without biases, and the same function with (W1, W2) as (α W1, W2 / α)."""
    Trainer(EXACT)
    stacks = {}
    for factor in (1.0, 10.0, 100.0):
        stack = Stack(EXACT, EXACT.data.load())
        for layer, scale in ((0, factor), (1, 1 / factor)):
            stack.shape.weights(stack.theta[0], layer)[:] *= scale
            stack.shape.biases(stack.theta[0], layer)[:] = 0
        stacks[factor] = stack
    return stacks


def slice_of(stack, kind):
    """The filter-normalised slice's losses."""
    survey = Survey(stack, Wish(kind=kind, points=11, seed=3), Trail(1, stack.shape.total))
    survey.advance(10**6)
    return survey.landscape.losses


@pytest.mark.parametrize("kind", [LINE, PLANE])
@pytest.mark.parametrize("factor", [10.0, 100.0])
def test_scaling_a_rectifier_leaves_its_normalised_slice_alone(scaled, kind, factor):
    np.testing.assert_allclose(slice_of(scaled[factor], kind), slice_of(scaled[1.0], kind), rtol=1e-12)


@pytest.mark.parametrize("factor", [10.0, 100.0])
def test_scaling_a_rectifier_changes_a_raw_slice(scaled, factor):
    direction = raw_direction(scaled[1.0].shape, np.random.default_rng(3))
    losses = [
        [Losses(scaled[f], 0).at(scaled[f].theta[0] + place * direction) for place in np.linspace(-1, 1, 11)]
        for f in (1.0, factor)
    ]
    plain, other = np.array(losses)
    assert plain[5] == pytest.approx(other[5], rel=1e-12)
    assert np.abs(other / plain - 1).max() > 0.9


def test_directions_are_as_long_as_each_neurons_weights_and_spare_the_rest():
    shape = Shape((3, 5, 4, 2))
    random = np.random.default_rng(0)
    theta = random.standard_normal(shape.total)
    shape.weights(theta, 1)[:, 2] = 0
    direction = filter_normalised(shape, raw_direction(shape, random), theta)
    weights = np.zeros(shape.total, bool)
    for layer in range(shape.layers):
        lengths = [np.linalg.norm(shape.weights(vector, layer), axis=0) for vector in (direction, theta)]
        np.testing.assert_allclose(*lengths, rtol=1e-12)
        shape.weights(weights, layer)[:] = True
    assert (direction[~weights] == 0).all()


LABS = {
    "two classes": EXACT.evolve(network=Network(hidden=(6, 5))),
    "batch norm": Settings(network=Network(hidden=(6, 5)), runs=(Run(layer=BatchNorm(), color=1), RELU)),
    "learned slopes": Settings(network=Network(hidden=(6, 5)), runs=(Run(activation=PReLU()),)),
    "classes": Settings(data=DATASETS["iris"](), network=Network(hidden=(7,)), runs=(Run(activation=Sigmoid()),)),
    "regression": Settings(data=DATASETS["sine"](), network=Network(hidden=(7,)), training=Training(loss="huber")),
    "hinge": Settings(network=Network(hidden=(5,)), training=Training(loss="hinge"), runs=(RELU,)),
}


@pytest.mark.parametrize("name", LABS)
def test_the_middle_is_the_present_loss(name):
    trainer = trained(LABS[name])
    snapshot = trainer.snapshot()
    for run, state in enumerate(snapshot.runs):
        found = computed(trainer, Wish(run, LINE, 11))
        assert found.step == snapshot.step == 60
        assert found.axis_a[5] == 0
        assert found.losses[0, 5] == pytest.approx(state.metrics.train_loss, rel=1e-5)
        assert np.ptp(found.losses) > 0


def test_a_plane_agrees_with_the_readable_network():
    trainer = trained(EXACT)
    wish = Wish(0, PLANE, 11, span=0.7, seed=5)
    found = computed(trainer, wish)
    snapshot = trainer.snapshot()
    shape, theta = snapshot.shape, snapshot.runs[0].theta
    random = np.random.default_rng(5)
    a, b = (filter_normalised(shape, raw_direction(shape, random), theta) for _ in range(2))
    model, data = model_of(shape, EXACT, 0), snapshot.dataset
    for row, column in ((0, 0), (3, 8), (10, 2)):
        place = theta + found.axis_a[column] * a + found.axis_b[row] * b
        out = forward(model, place, data.x_train.astype(float)).after[-1]
        wanted = LOSSES["logistic"].value(out, data.y_train)
        assert found.losses[row, column] == pytest.approx(wanted, rel=1e-9)
    assert (found.axis_a[[0, -1]] == (-0.7, 0.7)).all()


@pytest.mark.parametrize(("kind", "evaluations"), [(LINE, 21), (PLANE, 441)])
def test_a_survey_evaluates_each_point_once_and_in_pieces(monkeypatch, kind, evaluations):
    places = []
    monkeypatch.setattr(Losses, "at", lambda self, theta: float(len(places.append(theta) or places)))
    survey = trained(EXACT, 10).survey(Wish(0, kind, 21))
    # The grid, and the path but for its end, which is the middle of the grid.
    evaluations += len(survey.landscape.path_steps) - 1
    survey.advance(10)
    assert len(places) == 10
    assert survey.share == 10 / evaluations
    assert not survey.done
    survey.advance(10**6)
    assert survey.done
    assert len(places) == evaluations == len(np.unique(np.round(places, 12), axis=0))
    assert (np.sort(survey.landscape.losses.ravel()) == np.arange(1, survey.landscape.losses.size + 1)).all()


@pytest.mark.parametrize("kind", [LINE, PLANE, PATH])
def test_the_path_ends_in_the_middle_and_is_the_recorded_one(kind):
    trainer = trained(EXACT, 300)
    found = computed(trainer, Wish(0, kind, 11))
    assert (found.path[-1] == 0).all()
    assert found.path.shape == (len(found.path_steps), 1 if kind == LINE else 2)
    assert found.path_steps[0] == 0
    assert found.path_steps[-1] == 300
    assert (np.diff(found.path_steps) > 0).all()
    assert 0 < found.unexplained < 1


@pytest.mark.parametrize("kind", [LINE, PLANE, PATH])
def test_the_losses_of_the_path_are_those_that_training_had_there(kind):
    trainer = trained(EXACT, 300)
    found, again = computed(trainer, Wish(0, kind, 11)), Trainer(EXACT)
    assert len(found.path_losses) == len(found.path_steps)
    for step, loss in zip(found.path_steps, found.path_losses, strict=True):
        again.train(int(step) - again.step)
        assert loss == pytest.approx(again.snapshot().runs[0].metrics.train_loss, rel=1e-5)


def test_the_principal_plane_shows_more_of_the_path_and_all_of_it_is_inside():
    trainer = trained(EXACT, 300)
    plane, path = (computed(trainer, Wish(0, kind, 11)) for kind in (PLANE, PATH))
    assert path.unexplained < 0.3 < 0.7 < plane.unexplained
    for place, ends in ((0, path.axis_a), (1, path.axis_b)):
        assert ends[0] < path.path[:, place].min() <= path.path[:, place].max() < ends[-1]
    assert path.path[0, 0] < 0


def test_principal_directions_span_the_plane_that_points_lie_in():
    random = np.random.default_rng(1)
    basis = np.linalg.qr(random.standard_normal((40, 2)))[0].T
    steps = random.standard_normal((9, 2)) * (5, 1) @ basis
    found = principal_directions(steps)
    np.testing.assert_allclose(found @ found.T, np.eye(2), atol=1e-9)
    seen = project(steps, found)
    np.testing.assert_allclose(seen @ found, steps, atol=1e-9)
    assert unexplained(steps, seen, found) == pytest.approx(0, abs=1e-9)
    with pytest.raises(ValueError, match="straight line"):
        principal_directions(np.outer([3.0, 2.0, 1.0], basis[0]))


def test_a_projection_is_the_nearest_place_in_a_slanted_plane():
    random = np.random.default_rng(2)
    directions, steps = random.standard_normal((2, 30)), random.standard_normal((6, 30))
    wanted = np.linalg.lstsq(directions.T, steps.T, rcond=None)[0].T
    np.testing.assert_allclose(project(steps, directions), wanted, rtol=1e-9)


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (Wish(kind="cube"), "not 'cube'"),
        (Wish(points=50), "odd number of points"),
        (Wish(points=103), "odd number of points"),
        (Wish(run=1), "there is no run 2"),
        (Wish(span=0.0), "cannot reach 0"),
        (Wish(kind=PATH), "no training path"),
    ],
)
def test_what_cannot_be_computed_is_said(wish, sentence):
    with pytest.raises(ValueError, match=sentence):
        Trainer(EXACT).survey(wish)


def test_around_a_diverged_run_there_is_nothing_and_a_script_gets_the_next_one():
    wild = Settings(data=DATASETS["plane"](), runs=(Run(learning_rate=10.0), Run(learning_rate=1e-3, color=1)))
    trainer = trained(wild, 300)
    with pytest.raises(ValueError, match="finite numbers"):
        trainer.survey(Wish(run=0))
    found = trainer.snapshot(needs=NEEDS | {LANDSCAPE}).landscape
    assert found.run == 1
    assert trainer.snapshot().landscape is None
    assert trained(wild.evolve(runs=wild.runs[:1]), 300).snapshot(needs=frozenset({LANDSCAPE})).landscape is None


def test_a_survey_is_of_the_moment_it_began_and_training_does_not_notice():
    trainer, other = trained(EXACT), trained(EXACT)
    wish = Wish(0, PLANE, 11)
    wanted = computed(trainer, wish)
    survey = other.survey(wish)
    while not survey.done:
        survey.advance(7)
        other.train(1)
    assert (survey.landscape.losses == wanted.losses).all()
    trainer.train(other.step - trainer.step)
    assert (other.snapshot().runs[0].theta == trainer.snapshot().runs[0].theta).all()


def test_a_trail_is_bounded_and_evenly_thinned():
    trail = Trail(2, 10)
    for step in range(3000):
        trail.add(step, np.full((2, 10), step, np.float32))
    steps, theta = trail.of(1)
    assert len(steps) <= MOST_POINTS
    assert (steps == np.arange(0, 3000, 16)).all()
    assert (theta == steps[:, None]).all()
    assert Trail(6, 300_000).nbytes <= MOST_BYTES
    assert len(Trail(6, 10_000_000).of(0)[0]) == 0


def test_large_networks_get_fewer_points():
    assert usual_points(PLANE, 200, 300) == USUAL_POINTS[PLANE]
    points = [usual_points(PLANE, size, 4096) for size in (10**4, 10**5, 10**6, 10**9)]
    assert points == sorted(points, reverse=True)
    assert points[-1] == 11
    assert all(count % 2 for count in points)
    assert (axis(11, -2.0, 1.0)[[0, 5, 10]] == (-2, 0, 1)).all()
