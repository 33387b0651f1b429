"""A remedy from the diagnosis is applied to the lab, as one undo step."""

from PySide6.QtWidgets import QWidget

from reluviz.core.diagnosis import DIAGNOSIS_NEEDS, Thresholds
from reluviz.core.labels import run_labels
from reluviz.core.remedies import REMEDIES, Remedy
from reluviz.core.snapshot import Snapshot
from reluviz.ui.lab import Lab
from reluviz.ui.lab_commands import PAST
from reluviz.ui.value_popup import ValuePopup
from reluviz.ui.views.base import View
from reluviz.ui.views.diagnosis import Diagnosis
from reluviz.ui.views.diagnosis_cards import Treatment


def treat(lab: Lab, wanted: Treatment) -> None:
    """Apply it to the lab as it is now; what has gone since, or an earlier step, is left alone."""
    if lab.past:
        lab.refused.emit(PAST)
        return
    if lab.settings.runs[wanted.run : wanted.run + 1] != wanted.snapshot.settings.runs[wanted.run : wanted.run + 1]:
        lab.refused.emit("the run has changed since: look again at what it lacks")
        return
    remedy = REMEDIES[wanted.remedy]
    if remedy.by_hand:
        _by_hand(lab, remedy, wanted)
    else:
        _by_settings(lab, remedy, wanted.run)


def open_thresholds(view: View, anchor: QWidget) -> None:
    """Open a form below a widget with all thresholds of a diagnosis."""
    assert isinstance(view, Diagnosis)
    ValuePopup("Thresholds", view.thresholds, Thresholds(), view.set_thresholds, anchor).open_below(anchor)


def _by_settings(lab: Lab, remedy: Remedy, run: int) -> None:
    settings = lab.settings
    if not remedy.applies(settings, run):
        return
    _tell(lab, remedy, run)
    keeps = remedy.swaps(settings, run) and not remedy.anew
    text = f"remedy: {remedy.title}"
    lab.edit(remedy.apply(settings, run), text, keeps=keeps, anew=remedy.anew)


def _by_hand(lab: Lab, remedy: Remedy, wanted: Treatment) -> None:
    edits = remedy.edits(_newest(lab, wanted.snapshot), wanted.run)
    if not edits:
        lab.refused.emit(f"{remedy.title}: there is nothing to do")
        return
    _tell(lab, remedy, wanted.run)
    stack = lab.undo_stack
    stack.beginMacro(f"remedy: {remedy.title}")
    for edit in edits:
        lab.operate(edit)
    stack.endMacro()


def _newest(lab: Lab, seen: Snapshot) -> Snapshot:
    """The last snapshot if it holds what the one that was judged does; that one may be a quarter of a second old."""
    latest = lab.latest
    same = latest is not None and latest.settings == seen.settings and latest.holds(DIAGNOSIS_NEEDS)
    return latest if same and latest is not None else seen


def _tell(lab: Lab, remedy: Remedy, run: int) -> None:
    lab.treated.emit(f"Remedy for {run_labels(lab.settings)[run]}: {remedy.title}")
