"""Variants: what each changes in a copy of a run, and that it leaves the rest alone."""

import pytest

from reluviz.core.activations import ReLU
from reluviz.core.settings import MOST_RUNS, Run, Settings, Training
from reluviz.core.variants import VARIANTS, branched


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=list(VARIANTS))
def test_a_variant_changes_its_copy_alone(variant):
    before = Settings()
    settings, rows, edits = branched(before, 0, (variant,))
    assert Settings.from_toml(settings.to_toml()) == settings
    assert settings.evolve(runs=before.runs) == before
    assert settings.runs[:-1] == before.runs
    assert rows == (*range(len(before.runs)), 0)
    copy = settings.runs[-1]
    assert copy.color not in {run.color for run in before.runs}
    assert copy != before.runs[0].evolve(color=copy.color)
    assert bool(edits) == bool(variant.start)
    assert all(edit.run == len(before.runs) for edit in edits)


def test_a_variant_changes_what_its_title_says():
    lab = Settings(runs=(Run(layer_activations=(ReLU(), ReLU())),), training=Training(learning_rate=0.2))
    settings, rows, _ = branched(lab, 0, tuple(VARIANTS.values()))
    assert rows == (0,) * MOST_RUNS
    found = dict(zip(VARIANTS, settings.runs[1:], strict=False))
    assert [found[key].activation.key for key in ("leaky_relu", "elu", "gelu")] == ["leaky_relu", "elu", "gelu"]
    assert not any(found[key].layer_activations for key in ("leaky_relu", "elu", "gelu"))
    assert found["slower"].learning_rate == 0.02
    clipped = branched(lab, 0, (VARIANTS["clipping"],))[0]
    assert (clipped.runs[1].clip_norm, clipped.training.clip_norm) == (1.0, 0.0)


def test_what_is_clipped_harder_stays_so():
    lab = Settings(training=Training(clip_norm=0.5))
    assert branched(lab, 0, (VARIANTS["clipping"],))[0].runs[-1].clip_norm is None
