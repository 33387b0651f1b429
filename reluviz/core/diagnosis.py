"""A diagnosis: the table of rules, and what they say of every run in plain sentences.

A snapshot is judged by itself: what it holds of the present, and of the course up to here. Notes (a few dead neurons)
are no complaints; a complaint (`Finding.accuses`) says that the run does not learn as it should, and why.
"""

from reluviz.core import diagnosis_course, diagnosis_neurons
from reluviz.core.catalog import Catalog
from reluviz.core.diagnosis_base import SEVERITIES, Finding, Look, Rule, Symptom, Thresholds
from reluviz.core.diagnosis_measures import baseline_of, measure
from reluviz.core.snapshot import INSIDE, WEIGHTS, Snapshot

__all__ = ["DIAGNOSIS_NEEDS", "RULES", "SEVERITIES", "Finding", "Thresholds", "diagnose"]

# The parts of a snapshot that a diagnosis cannot do without.
DIAGNOSIS_NEEDS = frozenset({INSIDE, WEIGHTS})
USUAL = Thresholds()

# Causes stand before what follows from them: of two findings that are equally bad the first is told first.
RULES: Catalog[Rule] = Catalog(
    "rule",
    Rule(
        "diverged", "Diverged",
        "The run has left the finite numbers: a step was so long that the next was longer still. It cannot go on.",
        (), "loss", ("smaller_rate_anew", "clipping_anew", "he_init", "glorot_init", "lecun_init", "batch_norm"),
        diagnosis_course.diverged, last_word=True,
    ),
    Rule(
        "symmetric", "Symmetric weights",
        "All neurons of a layer have equal weights, in and out. They get equal gradients and never become different.",
        (), "network_diagram", ("he_init", "glorot_init", "lecun_init"), diagnosis_neurons.symmetric,
    ),
    Rule(
        "exploding", "Exploding gradients",
        "The gradient grows from layer to layer on its way back, so that the first layers take steps that are far too"
        " long for the last ones.",
        ("exploding", "learned"), "gradient_flow",
        ("he_init", "glorot_init", "lecun_init", "clipping", "batch_norm", "smaller_rate"), diagnosis_neurons.exploding,
    ),
    Rule(
        "rate_too_high", "Learning rate too high",
        "The training loss goes up and down by much and does not settle: every step leads across the valley.",
        ("swing", "stuck_swing", "blown_up", "learned", "falling", "patience"), "loss",
        ("smaller_rate", "clipping", "larger_batch"), diagnosis_course.rate_too_high,
    ),
    Rule(
        "dead", "Dead neurons",
        "The slope of f is 0 on every measured training sample, so that nothing that is learned reaches the neuron."
        " Neurons that are silent on some inputs are not dead, and a few dead ones do no harm.",
        ("dead", "learned", "falling", "patience"), "health",
        ("leaky_relu", "elu", "smaller_rate_anew", "he_init", "batch_norm", "revive"), diagnosis_neurons.dead,
    ),
    Rule(
        "dormant", "Dormant neurons",
        "Neurons that fire on hardly any training sample and pass hardly any gradient, though they are not dead.",
        ("dormant", "fires", "learned", "falling", "patience"), "health",
        ("he_init", "glorot_init", "lecun_init", "leaky_relu", "batch_norm", "smaller_rate_anew", "revive"),
        diagnosis_neurons.dormant,
    ),
    Rule(
        "saturated", "Saturated",
        "Nearly all values of a layer lie where f is flat. The slope there is tiny, and gradients end there.",
        ("saturated", "learned", "falling", "patience"), "preactivation",
        ("glorot_init", "he_init", "lecun_init", "relu_he", "batch_norm", "smaller_rate_anew"),
        diagnosis_neurons.saturated,
    ),
    Rule(
        "vanishing", "Vanishing gradients",
        "The gradient shrinks from layer to layer on its way back, until nothing is left for the first layers to learn"
        " from.",
        ("vanishing", "learned", "falling", "patience"), "gradient_flow",
        ("relu_he", "he_init", "glorot_init", "lecun_init", "batch_norm", "residual", "adam"),
        diagnosis_neurons.vanishing,
    ),
    Rule(
        "rate_too_low", "Learning rate too low",
        "The loss has a slope, and gradients reach all layers, but the steps are too short to get anywhere.",
        ("update", "pull", "learned", "vanishing", "dead", "patience"), "update_ratio",
        ("usual_rate", "larger_rate", "adam"), diagnosis_course.rate_too_low,
    ),
    Rule(
        "overfitting", "Overfitting",
        "The test loss rises while the training loss stays low: the network learns the samples by heart, their noise"
        " included.",
        ("rise", "gap", "learned", "patience"), "loss", ("l2", "dropout", "more_samples", "narrower"),
        diagnosis_course.overfitting,
    ),
    Rule(
        "plateau", "Plateau",
        "The training loss stands still, hardly below that of a constant answer, and no other rule explains it.",
        ("learned", "falling", "pull", "patience"), "loss",
        ("no_penalty", "relu_he", "wider", "adam", "larger_rate", "another_seed"), diagnosis_course.plateau, alone=True,
    ),
    Rule(
        "healthy", "Healthy", "No rule has anything to complain about.", ("learned", "falling", "patience"),
        "loss", (), diagnosis_course.healthy, alone=True,
    ),
)  # fmt: skip


def diagnose(snapshot: Snapshot, thresholds: Thresholds = USUAL) -> tuple[Finding, ...]:
    """What the rules find of all runs, the worst first; of every run at least that it is healthy.

    Raises ValueError where the snapshot lacks what DIAGNOSIS_NEEDS names.
    """
    if not snapshot.holds(DIAGNOSIS_NEEDS):
        raise ValueError(f"a diagnosis needs these parts of a snapshot: {', '.join(sorted(DIAGNOSIS_NEEDS))}")
    baseline, shape = baseline_of(snapshot), snapshot.shape
    found: list[Finding] = []
    for run in range(len(snapshot.runs)):
        measures = measure(snapshot, shape, run, baseline, thresholds.patience, thresholds.fires)
        found += _of_run(Look(snapshot, shape, run, measures, thresholds))
    order = list(RULES)
    return tuple(sorted(found, key=lambda each: (-each.severity, order.index(each.rule), each.run)))


def _of_run(look: Look) -> list[Finding]:
    found: list[Finding] = []
    for rule in RULES.values():
        if rule.alone and any(each.accuses for each in found):
            continue
        symptom = rule.judge(look)
        if symptom is None:
            continue
        found.append(_finding(rule, look, symptom))
        if rule.last_word:
            break
    return found


def _finding(rule: Rule, look: Look, symptom: Symptom) -> Finding:
    return Finding(
        run=look.run,
        rule=rule.key,
        severity=symptom.severity,
        sentence=symptom.sentence,
        value=symptom.value,
        threshold=symptom.threshold,
        view=rule.view,
        layer=symptom.layer,
        neuron=symptom.neuron,
        remedies=symptom.remedies or rule.remedies,
    )
