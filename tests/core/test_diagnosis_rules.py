"""The diagnosis: every rule on a lab made to cause it, silent on healthy ones, and honest about what it cannot know."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.optimize import minimize
from sick_labs import SICK

from reluviz.core.activations import ReLU, Sigmoid
from reluviz.core.cases import CASES, examine
from reluviz.core.datasets import DATASETS, Circles, Spiral
from reluviz.core.diagnosis import DIAGNOSIS_NEEDS, RULES, Thresholds, diagnose
from reluviz.core.diagnosis_base import HEALTHY, NOTE, SEVERE, number, percent
from reluviz.core.diagnosis_measures import baseline_of
from reluviz.core.health import fate_words
from reluviz.core.initializers import GlorotNormal
from reluviz.core.losses import LOSSES
from reluviz.core.param import parameters
from reluviz.core.settings import Network, Run, Settings, Training, fitting_losses
from reluviz.core.snapshot import Metrics
from reluviz.core.surgery import BIAS, SetParameter
from reluviz.core.trainer import Trainer

WELL = ("xor", "sparse", "hinge", "sigmoid-2-circles", "noisy-labels", "residual-tanh-12", "half-dead", "slow-sigmoid")


@cache
def verdict(key):
    """What the diagnosis says of a case."""
    return examine(CASES[key])


def test_there_is_a_lab_for_every_rule():
    assert set(SICK) | {"healthy"} == set(RULES)
    expected = {rule for case in CASES.values() for each in case.expected for rule in each}
    assert expected == set(SICK)
    assert sum(case.sick for case in CASES.values()) >= 22
    assert sum(not case.sick for case in CASES.values()) >= 22


@pytest.mark.parametrize(("rule", "key"), SICK.items())
def test_a_rule_names_what_is_wrong_and_how_much(rule, key):
    found = verdict(key)
    assert found.right
    finding = found.findings[0]
    assert finding.rule == rule
    assert finding.accuses
    words = finding.sentence.translate(str.maketrans(":,()", "    "))
    assert f" {number(finding.value)} " in words or f" {percent(finding.value)} " in words
    assert finding.sentence.endswith(".")
    assert finding.view == RULES[rule].view
    assert finding.remedies
    if finding.threshold is not None:
        assert np.isfinite(finding.value)
    assert "healthy" not in {each.rule for each in found.findings}


@pytest.mark.parametrize("key", WELL)
def test_no_rule_accuses_a_healthy_lab(key):
    found = verdict(key)
    assert found.right
    assert [each.severity for each in found.findings if each.rule == "healthy"] == [HEALTHY] * len(found.case.expected)
    assert all(each.severity == NOTE for each in found.findings if each.rule != "healthy")


def test_a_vanishing_network_is_not_called_exploding_though_the_ratio_of_last_to_first_is_large():
    found = verdict("sigmoid-he-10-xor")
    assert 1 / found.findings[0].value > Thresholds().exploding
    assert found.accused(0) == ("vanishing",)
    assert found.findings[0].layer == 0


def test_a_neuron_that_is_silent_on_some_inputs_is_not_dead():
    trainer = Trainer(Settings(data=Circles(), network=Network(hidden=(8,)), runs=(Run(),)))
    trainer.train(100)
    snapshot = trainer.snapshot(looked=())
    slopes = snapshot.runs[0].inside.slopes[:8]
    assert (slopes == 0).any(axis=1).all()
    assert not (slopes == 0).all(axis=1).any()
    assert "dead" not in {each.rule for each in diagnose(snapshot)}


def test_a_network_that_learns_in_spite_of_dead_neurons_is_healthy_with_a_note():
    dead, well = verdict("half-dead").findings
    assert (dead.rule, dead.severity, well.rule) == ("dead", NOTE, "healthy")
    assert dead.value >= 0.25


def test_death_is_told_with_its_cause_and_its_step():
    trainer = Trainer(CASES["killed-by-a-step"].settings)
    trainer.train(300)
    snapshot = trainer.snapshot(looked=())
    finding = next(each for each in diagnose(snapshot) if each.rule == "dead")
    fates = snapshot.runs[0].fates
    assert snapshot.runs[0].neurons.dead[finding.neuron]
    assert snapshot.runs[0].neurons.layer[finding.neuron] == finding.layer
    assert fate_words(fates, finding.neuron) in finding.sentence
    assert f"died at step {fates.died_at[finding.neuron]} " in finding.sentence
    assert "one large step" in finding.sentence
    assert finding.remedies[0] == "smaller_rate_anew"


def test_a_layer_killed_by_hand_is_to_be_revived():
    trainer = Trainer(Settings(runs=(Run(),)))
    trainer.train(50)
    for unit in range(8):
        trainer.operate(SetParameter(run=0, layer=0, unit=unit, source=BIAS, value=-50.0))
    trainer.train(50)
    finding = diagnose(trainer.snapshot(looked=()))[0]
    assert (finding.rule, finding.severity, finding.value) == ("dead", SEVERE, 1.0)
    assert "died at step 50 " in finding.sentence
    assert "an edit by hand" in finding.sentence
    assert finding.remedies[0] == "revive"


def test_two_runs_of_a_lab_are_told_apart_the_worst_first():
    runs = (Run(activation=ReLU(), color=0), Run(activation=Sigmoid(), initializer=GlorotNormal(), color=1))
    training = Training(learning_rate=0.03)
    trainer = Trainer(Settings(network=Network(hidden=(16,) * 6), training=training, runs=runs))
    trainer.train(1500)
    findings = diagnose(trainer.snapshot(looked=()))
    assert [each.run for each in findings if each.accuses] == [1]
    assert (findings[0].run, findings[0].rule) == (1, "vanishing")
    assert [each.severity for each in findings] == sorted((each.severity for each in findings), reverse=True)
    assert {each.run for each in findings} == {0, 1}


def test_nothing_is_said_of_the_course_before_there_is_one():
    start = Trainer(Settings(data=Spiral(noise=0.5), runs=(Run(),), training=Training(learning_rate=1e-6)))
    course = {"rate_too_high", "rate_too_low", "plateau", "overfitting"}
    for steps in (0, 1, 60):
        start.train(steps)
        assert not course & {each.rule for each in diagnose(start.snapshot(looked=()))}
    start.train(300)
    assert "rate_too_low" in {each.rule for each in diagnose(start.snapshot(looked=()))}
    patient = Thresholds(patience=1000)
    assert not course & {each.rule for each in diagnose(start.snapshot(looked=()), patient)}


@pytest.mark.parametrize("loss", [np.inf, np.nan])
def test_a_loss_beyond_numbers_is_told_in_numbers(loss):
    """Outputs may overflow while all weights are finite still: the run has not diverged yet."""
    trainer = Trainer(Settings(runs=(Run(),)))
    trainer.train(50)
    snapshot = trainer.snapshot(looked=())
    lost = replace(snapshot.runs[0], metrics=Metrics(loss, loss, np.nan, np.nan))
    finding = diagnose(replace(snapshot, runs=(lost,)))[0]
    assert finding.rule == "rate_too_high"
    assert np.isfinite(finding.value)
    assert "1e+30 times" in finding.sentence


def test_thresholds_decide():
    trainer = Trainer(CASES["sigmoid-he-10-xor"].settings)
    trainer.train(300)
    snapshot = trainer.snapshot(looked=())
    value = diagnose(snapshot)[0].value
    for limit, wanted in ((0.9 * value, False), (1.1 * value, True)):
        rules = {each.rule for each in diagnose(snapshot, Thresholds(vanishing=limit)) if each.accuses}
        assert ("vanishing" in rules) == wanted
        assert rules, "a run that is stuck is accused of something"


def test_thresholds_are_described_and_each_is_read_by_a_rule_that_says_so():
    described = {each.name: each.kind for each in parameters(Thresholds)}
    assert set(described) == set(Thresholds.__struct_fields__)
    assert all(len(kind.help) > 20 and kind.title for kind in described.values())
    assert {name for rule in RULES.values() for name in rule.thresholds} == set(described)
    with pytest.raises(ValueError, match="vanishing = 2"):
        Thresholds(vanishing=2.0)


def test_a_snapshot_that_holds_too_little_is_refused():
    trainer = Trainer(Settings())
    with pytest.raises(ValueError, match="inside, weights"):
        diagnose(trainer.snapshot(needs=frozenset()))
    assert diagnose(trainer.snapshot(looked=(), needs=DIAGNOSIS_NEEDS)) == diagnose(trainer.snapshot())


PAIRS = [(data, loss) for data in ("moons", "iris", "sine") for loss in fitting_losses(DATASETS[data].task)]


@pytest.mark.parametrize(("data", "loss"), PAIRS)
def test_the_baseline_is_the_loss_of_the_best_constant_answer(data, loss):
    source = DATASETS[data]()
    dataset = source.load()
    trainer = Trainer(Settings(data=source, training=Training(loss=loss), runs=(Run(),)), dataset)
    baseline = baseline_of(trainer.snapshot(looked=(), needs=frozenset()))
    y = dataset.y_train.astype(float)

    def value(constant):
        return LOSSES[loss].value(np.broadcast_to(constant, y.shape), y)

    # All losses are convex in the outputs, so that whatever is found is the best.
    starts = (y.mean(axis=0), np.median(y, axis=0), np.zeros(dataset.outputs))
    best = min(minimize(value, start, method="Nelder-Mead").fun for start in starts)
    assert best * 0.999 <= baseline <= best * 1.02
