"""What a diagnosis points at is there to be opened."""

from reluviz.core.diagnosis import RULES
from reluviz.ui.views import VIEWS


def test_every_rule_points_at_a_view():
    assert {rule.view for rule in RULES.values()} <= set(VIEWS)
