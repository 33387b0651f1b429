"""Arrangements: each shows its views and no others, in every order, and a view that was never shown costs nothing."""

import pytest

from reluviz.ui.views import VIEWS
from reluviz.ui.workspaces import WORKSPACES, workspace_key


def test_every_view_has_a_place_and_every_place_a_view():
    shown = {key for each in WORKSPACES for key in each.views}
    assert shown == set(VIEWS)
    for each in WORKSPACES:
        assert len(set(each.views)) == len(each.views)
        assert sum(column.share for column in each.columns) == pytest.approx(1)
        for column in each.columns:
            assert sum(share for _, share in column.views) == pytest.approx(1)
    assert len({each.key for each in WORKSPACES}) == len({workspace_key(i) for i in range(len(WORKSPACES))})


def test_arranging_shows_these_views_and_makes_no_others(desk, qapp):
    here = desk()
    dashboard = here.window.dashboard
    first = set(WORKSPACES[0].views)
    assert set(dashboard.views) == first
    wanted = set(first)
    for each in (*WORKSPACES[1:], WORKSPACES[0]):
        dashboard.arrange(each.key)
        qapp.processEvents()
        wanted |= set(each.views)
        assert set(dashboard.views) == wanted
        assert {key for key, dock in dashboard.docks.items() if dock.isVisible()} == set(each.views)
        assert all(view.seen for key, view in dashboard.views.items() if key in each.views)


def test_a_view_shown_from_the_menu_comes_on_top_of_the_last_one(desk, qapp):
    here = desk()
    dashboard = here.window.dashboard
    key = next(key for key in VIEWS if key not in WORKSPACES[0].views)
    dashboard.docks[key].toggleViewAction().trigger()
    qapp.processEvents()
    assert dashboard.views[key].seen
    assert not dashboard.docks[key].isFloating()
    # Windows open as the last one was left.
    dashboard.arrange()


def test_a_hidden_view_is_exported_with_what_no_visible_view_needs(desk):
    here = desk()
    hidden = [key for key, kind in VIEWS.items() if kind.needs and key not in WORKSPACES[0].views]
    assert not here.window.snapshot.holds(VIEWS[hidden[0]].needs)
    for key in hidden:
        here.window.exporting.subject(key)
        view = here.window.dashboard.docks[key].view
        assert view.snapshot.holds(view.needs)
        # A landscape is computed when it is asked for.
        assert view.table().names or key == "loss_landscape"


def test_views_share_the_time_while_it_trains_and_all_show_the_end(desk):
    here = desk()
    dashboard = here.window.dashboard
    dashboard.arrange("gradients")
    here.lab.set_speed(float("inf"))
    here.lab.play()
    here.until(lambda: here.step > 2000)
    here.lab.pause()
    here.until(lambda: not here.lab.playing)
    seen = [view for view in dashboard.views.values() if view.seen]
    assert len(seen) == len(next(each for each in WORKSPACES if each.key == "gradients").views)
    here.until(lambda: all(view.snapshot is here.window.snapshot for view in seen))
    assert all(view.snapshot.holds(view.needs) for view in seen)
    # The next window opens as this one was left.
    dashboard.arrange()


def test_activity_is_measured_for_the_runs_that_some_visible_view_shows(desk):
    here = desk()
    here.window.dashboard.arrange()
    here.until(lambda: all(len(state.activity) for state in here.window.snapshot.runs))
    here.window.dashboard.arrange("gradients")
    here.until(lambda: not any(len(state.activity) for state in here.window.snapshot.runs))
    here.window.dashboard.arrange("network")
    # All runs until the diagram has said which one it shows.
    here.until(lambda: [len(state.activity) > 0 for state in here.window.snapshot.runs] == [True, False])
    here.window.dashboard.arrange()
