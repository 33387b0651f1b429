"""Remedies: valid changes of the settings that do what they say, edits by hand, and cures that work."""

import numpy as np
import pytest

from reluviz.core import diagnosis_course, diagnosis_neurons
from reluviz.core.activations import SELU, Identity, LeakyReLU, ReLU, Sigmoid, Tanh
from reluviz.core.cases import CASES
from reluviz.core.datasets import DATASETS, Spiral
from reluviz.core.diagnosis import RULES, diagnose
from reluviz.core.initializers import GlorotNormal, HeBias, HeNormal, HeUniform, PlainNormal
from reluviz.core.layers import BatchNorm, LayerNorm
from reluviz.core.optimizers import Adam, Momentum
from reluviz.core.remedies import REMEDIES, remedies_for
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.surgery import Revive
from reluviz.core.trainer import Trainer

SLOW_TANH = Run(activation=Tanh(), initializer=GlorotNormal(), color=5)


def lab(run, *, hidden=(8, 8, 8), data=None, **training):
    """A lab whose first run is in question, beside another one."""
    network = Network(hidden=hidden)
    return Settings(data=data or Spiral(), network=network, training=Training(**training), runs=(run, SLOW_TANH))


LABS = {
    "sigmoid": lab(Run(activation=Sigmoid(), initializer=GlorotNormal()), learning_rate=0.01),
    "relu": lab(Run(), learning_rate=3.0),
    "relu-biases": lab(Run(initializer=HeBias(bias=-3.0), learning_rate=0.5), l1=0.1, dropout=0.5),
    "tanh-large": lab(Run(activation=Tanh(), initializer=PlainNormal(sigma=3.0), layer=LayerNorm()), clip_norm=0.5),
    "selu": lab(Run(activation=SELU()), hidden=(16, 8), optimizer=Adam(), learning_rate=1e-6),
    "by-layer": lab(Run(layer_activations=(Sigmoid(), Tanh())), l2=0.01, optimizer=Momentum()),
    "digits": lab(Run(activation=LeakyReLU(), layer=BatchNorm(residual=True)), data=DATASETS["digits"]()),
    "narrow": lab(Run(activation=Identity()), hidden=(2, 2), batch_size=1024),
}
OTHERS = {key for owner in (diagnosis_neurons.BY_CAUSE,) for keys in owner.values() for key in keys} | {
    *diagnosis_course.LASTING, *diagnosis_neurons.UNLOADED, *diagnosis_neurons.VERY_DEEP,
}  # fmt: skip


def test_rules_name_remedies_that_exist_and_every_remedy_is_named():
    named = {key for rule in RULES.values() for key in rule.remedies} | OTHERS
    assert named == set(REMEDIES)
    assert all(rule.remedies for rule in RULES.values() if rule.key != "healthy")


@pytest.mark.parametrize("remedy", REMEDIES.values(), ids=REMEDIES)
def test_a_remedy_is_a_valid_change_of_what_it_says(remedy):
    changed = 0
    for settings in LABS.values():
        before = settings.to_toml()
        after = remedy.apply(settings, 0)
        assert settings.to_toml() == before
        assert remedy.applies(settings, 0) == (after != settings or remedy.by_hand)
        assert Settings.from_toml(after.to_toml()) == after
        assert after.runs[1] == settings.runs[1]
        if not remedy.shared:
            assert (after.data, after.network, after.training) == (settings.data, settings.network, settings.training)
        changed += after != settings
    assert changed or remedy.by_hand
    assert remedy.title
    assert remedy.why.endswith((".", ")."))


@pytest.mark.parametrize("name", ["sigmoid", "relu", "tanh-large", "selu"])
def test_a_remedy_tells_whether_the_runs_start_over(name):
    settings = LABS[name]
    for remedy in REMEDIES.values():
        if remedy.by_hand or not remedy.applies(settings, 0):
            continue
        trainer = Trainer(settings)
        kept = trainer.adopt(remedy.apply(settings, 0), swap=True) is trainer
        assert remedy.restarts(settings, 0) == (remedy.anew or not kept), remedy.key
        trainer = Trainer(settings)
        live = trainer.adopt(remedy.apply(settings, 0)) is trainer
        assert remedy.swaps(settings, 0) == (kept and not live), remedy.key


def test_a_remedy_leaves_alone_what_is_as_it_wants_it():
    run = Run(initializer=HeUniform(), learning_rate=0.01)
    healthy = lab(run, clip_norm=1.0, l2=0.1, dropout=0.3, optimizer=Adam())
    still = {"relu_he", "he_init", "glorot_init", "lecun_init", "clipping", "clipping_anew", "adam", "l2", "dropout"}
    for key in (*still, "usual_rate"):
        assert not REMEDIES[key].applies(healthy, 0), key
    assert not REMEDIES["residual"].applies(healthy.evolve(network=Network(hidden=(8, 4, 2))), 0)
    assert not REMEDIES["more_samples"].applies(LABS["digits"], 0)


def test_rates_are_the_runs_own_and_stay_within_bounds():
    smaller = REMEDIES["smaller_rate"].apply(LABS["relu-biases"], 0)
    assert (smaller.runs[0].learning_rate, smaller.training.learning_rate) == (0.05, 0.1)
    assert REMEDIES["larger_rate"].apply(lab(Run(learning_rate=1e-5)), 0).runs[0].learning_rate == 1e-4
    assert not REMEDIES["smaller_rate"].applies(LABS["selu"], 0)
    assert not REMEDIES["larger_rate"].applies(lab(Run(learning_rate=10.0)), 0)


def test_clipping_is_the_runs_own():
    clipped = REMEDIES["clipping"].apply(lab(Run()), 0)
    assert (clipped.runs[0].clip_norm, clipped.training.clip_norm) == (1.0, 0.0)
    assert not REMEDIES["clipping"].applies(lab(Run(clip_norm=0.5)), 0)
    assert REMEDIES["clipping"].applies(lab(Run(clip_norm=0.0), clip_norm=0.5), 0)


def test_a_new_activation_holds_in_all_layers():
    cured = REMEDIES["relu_he"].apply(LABS["by-layer"], 0).runs[0]
    assert {type(cured.activation_of(layer)) for layer in range(3)} == {ReLU}
    assert isinstance(cured.initializer, HeNormal)


def test_batch_normalisation_keeps_residual_connections():
    residual = REMEDIES["residual"].apply(LABS["tanh-large"], 0)
    assert residual.runs[0].layer == LayerNorm(residual=True)
    assert REMEDIES["batch_norm"].apply(residual, 0).runs[0].layer == BatchNorm(residual=True)


def test_dead_neurons_are_revived_from_the_input_side():
    trainer = Trainer(Settings(runs=(Run(initializer=HeBias(bias=-3.0)),)))
    trainer.train(20)
    snapshot = trainer.snapshot(looked=())
    edits = REMEDIES["revive"].edits(snapshot, 0)
    assert all(isinstance(edit, Revive) and edit.run == 0 for edit in edits)
    assert [(edit.layer, edit.unit) for edit in edits] == [(layer, unit) for layer in range(3) for unit in range(8)]
    for edit in edits:
        trainer.operate(edit)
    assert not trainer.snapshot(looked=()).runs[0].neurons.dead.any()
    trainer.train(2000)
    assert not any(each.accuses for each in diagnose(trainer.snapshot(looked=())))
    assert REMEDIES["elu"].edits(snapshot, 0) == ()


def test_what_does_not_apply_is_not_offered():
    trainer = Trainer(CASES["killed-by-a-step"].settings)
    trainer.train(200)
    finding = next(each for each in diagnose(trainer.snapshot(looked=())) if each.rule == "dead")
    offered = remedies_for(finding, trainer.settings)
    assert offered[0].key == "smaller_rate_anew"
    assert all(each.applies(trainer.settings, finding.run) for each in offered)


def cured_by_the_first(case):
    """The rule of a case after its first remedy and as many steps again, whether it still accuses, and the remedy."""
    trainer = Trainer(case.settings)
    trainer.train(case.steps)
    rule = next(iter(case.expected[0]))
    finding = next(each for each in diagnose(trainer.snapshot(looked=())) if each.rule == rule)
    remedy = remedies_for(finding, trainer.settings)[0]
    after = trainer.adopt(remedy.apply(trainer.settings, 0), swap=True)
    if remedy.anew:
        after = after.restarted()
    after.train(max(2000, 2 * case.steps))
    snapshot = after.snapshot(looked=())
    still = {each.rule for each in diagnose(snapshot) if each.accuses}
    return rule, still, remedy.key, snapshot.runs[0].metrics.train_loss


CURABLE = [case for case in CASES.values() if case.sick and len(case.expected) == 1]


@pytest.mark.slow
@pytest.mark.parametrize("case", CURABLE, ids=[case.key for case in CURABLE])
def test_the_first_remedy_cures(case):
    rule, still, remedy, loss = cured_by_the_first(case)
    assert rule not in still, remedy
    assert np.isfinite(loss)


@pytest.mark.parametrize("key", ["sigmoid-he-10-xor", "killed-by-biases", "rate-momentum", "identity-normal-12-plane"])
def test_the_first_remedy_cures_at_once(key):
    """One lab each of vanishing, dead, rate too high and exploding; the others are slow."""
    rule, still, remedy, loss = cured_by_the_first(CASES[key])
    assert rule not in still, remedy
    assert np.isfinite(loss)
