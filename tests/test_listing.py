"""The tables of `reluviz list` as JSON: what programs need beyond the words."""

import json

import pytest

from reluviz.core.layers import LAYERS
from reluviz.core.losses import LOSSES
from reluviz.core.schedules import SCHEDULES
from reluviz.listing import table


@pytest.mark.parametrize(("name", "catalog"), [("layers", LAYERS), ("schedules", SCHEDULES)])
def test_layers_and_schedules_with_formula_and_parameters(name, catalog):
    entries = json.loads(table(name, as_json=True))
    assert [entry["key"] for entry in entries] == list(catalog)
    assert [entry["formula"] for entry in entries] == [kind.formula for kind in catalog.values()]
    assert [len(line) > 20 for line in table(name).splitlines()] == [True] * len(catalog)
    assert any(entry["parameters"] for entry in entries)


def test_losses_say_what_they_fit_and_what_the_output_is():
    for entry in json.loads(table("losses", as_json=True)):
        loss = LOSSES[entry["key"]]
        assert entry["tasks"] == list(loss.tasks)
        assert entry["task"] == loss.tasks[0]
        assert entry["output"] == loss.output
