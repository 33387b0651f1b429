"""What a diagnosis says, as cards in groups by run: words and numbers. No Qt."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from reluviz.core.diagnosis import RULES, SEVERITIES, Finding
from reluviz.core.diagnosis_base import HEALTHY, number, percent
from reluviz.core.labels import run_labels
from reluviz.core.remedies import REMEDIES, Remedy, remedies_for
from reluviz.core.settings import Settings
from reluviz.core.snapshot import Snapshot
from reluviz.ui.views.table import Table

# A card offers so many remedies, the most promising ones.
MOST_REMEDIES = 3
STARTS_OVER, GOES_ON = "All runs start over with it.", "The runs go on from here."
NOT_NOW = "An earlier step is looked at. Return to now, or go on from it, to change the lab."


@dataclass(frozen=True, slots=True)
class Offer:
    """A remedy for one run: what its button says, and whether the runs start over with it."""

    remedy: str
    title: str
    why: str
    anew: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One finding: its title, how bad it is in a word, and how its number lies to the threshold, if there is one."""

    finding: Finding
    title: str
    word: str
    limit: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A run with its label and the place of its colour: its cards, and one calm line where it is healthy."""

    run: int
    name: str
    color: int
    cards: tuple[Card, ...]
    calm: str


@dataclass(frozen=True, slots=True)
class Treatment:
    """A remedy (key in REMEDIES) that the person wants for a run, as this snapshot shows it."""

    run: int
    remedy: str
    snapshot: Snapshot


def groups_of(snapshot: Snapshot, findings: tuple[Finding, ...]) -> tuple[Group, ...]:
    """The findings by run, the run that is worst off first; of equal ones the order of the lab."""
    settings, names = snapshot.settings, run_labels(snapshot.settings)
    found = []
    for run, name in enumerate(names):
        own = [each for each in findings if each.run == run]
        cards = tuple(_card(each, settings) for each in own if each.severity > HEALTHY)
        calm = next((each.sentence for each in own if each.severity == HEALTHY), "")
        found.append(Group(run, name, settings.runs[run].color, cards, calm))
    return tuple(sorted(found, key=lambda group: -max((card.finding.severity for card in group.cards), default=0)))


def _card(finding: Finding, settings: Settings) -> Card:
    word, offers = SEVERITIES[finding.severity], _offers(finding.remedies, settings, finding.run)
    return Card(finding, RULES[finding.rule].title, word, limit_words(finding), offers)


@lru_cache(maxsize=64)
def _offers(keys: tuple[str, ...], settings: Settings, run: int) -> tuple[Offer, ...]:
    """The first of these remedies that change anything; the numbers of a finding change more often than these."""
    known = (REMEDIES[key] for key in keys)
    found = (_offer(remedy, settings, run) for remedy in known if remedy.applies(settings, run))
    return tuple(islice(found, MOST_REMEDIES))


def _offer(remedy: Remedy, settings: Settings, run: int) -> Offer:
    return Offer(remedy.key, remedy.title, remedy.why, remedy.restarts(settings, run))


def limit_words(finding: Finding) -> str:
    """How the finding's number lies to its threshold; empty where no threshold can be chosen."""
    value, limit = finding.value, finding.threshold
    if limit is None or not RULES[finding.rule].thresholds:
        return ""
    # Shares are told as the sentence tells them.
    write = percent if percent(value) in finding.sentence else number
    side = "below" if value < limit else "above" if value > limit else "at"
    return f"{side} {write(limit)}"


def view_words(key: str) -> str:
    """What a view is called inside a sentence."""
    return key.replace("_", " ")


def choices(finding: Finding, snapshot: Snapshot) -> dict[str, Any]:
    """What is to be chosen in the view that shows a finding, as views call it in their options."""
    chosen: dict[str, Any] = {"run": finding.run, "subject": f"run {finding.run + 1}"}
    if finding.layer is not None:
        chosen |= {"layer": finding.layer, "unit": -1}
    if finding.neuron is not None:
        layer = int(snapshot.runs[finding.run].neurons.layer[finding.neuron])
        chosen |= {"neuron": finding.neuron, "layer": layer, "unit": finding.neuron - snapshot.shape.offsets[layer]}
    return chosen


def findings_table(snapshot: Snapshot, groups: tuple[Group, ...], findings: tuple[Finding, ...]) -> Table:
    """One row for each finding, in the order in which they are told; layers and neurons counted from 1."""
    names = run_labels(snapshot.settings)
    order = [group.run for group in groups]
    rows = sorted(findings, key=lambda each: order.index(each.run))
    offsets = snapshot.shape.offsets
    neurons = [None if each.neuron is None else each.neuron - offsets[each.layer or 0] + 1 for each in rows]
    return Table(
        ("run", "severity", "finding", "sentence", "value", "threshold", "layer", "neuron", "view", "remedies"),
        (
            [names[each.run] for each in rows],
            [SEVERITIES[each.severity] for each in rows],
            [RULES[each.rule].title for each in rows],
            [each.sentence for each in rows],
            [each.value for each in rows],
            [each.threshold for each in rows],
            [None if each.layer is None else each.layer + 1 for each in rows],
            neurons,
            [each.view for each in rows],
            ["; ".join(offer.title for offer in remedies_for(each, snapshot.settings)) for each in rows],
        ),
    )
