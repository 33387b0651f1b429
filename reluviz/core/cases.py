"""The table of labelled labs that a diagnosis is measured by, and the measurement: train one, judge what is found."""

from dataclasses import dataclass

from reluviz.core.cases_base import Case
from reluviz.core.cases_healthy import HEALTHY
from reluviz.core.cases_sick import SICK
from reluviz.core.catalog import Catalog
from reluviz.core.diagnosis import DIAGNOSIS_NEEDS, Finding, diagnose
from reluviz.core.trainer import Trainer

__all__ = ["CASES", "Case", "Verdict", "examine"]

CASES: Catalog[Case] = Catalog("case", *SICK, *HEALTHY)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a diagnosis has said of a case: all findings, the worst first."""

    case: Case
    findings: tuple[Finding, ...]

    def accused(self, run: int) -> tuple[str, ...]:
        """The rules that accuse a run, the worst first."""
        return tuple(each.rule for each in self.findings if each.run == run and each.accuses)

    def right_about(self, run: int) -> bool:
        """Whether a run is accused first of what it is sick of, and of nothing that does not follow from it."""
        expected, accused = self.case.expected[run], self.accused(run)
        if not expected:
            return not accused
        return expected <= set(accused) <= expected | self.case.allowed and accused[0] in expected

    @property
    def right(self) -> bool:
        """Whether that holds of every run."""
        return all(self.right_about(run) for run in range(len(self.case.expected)))


def examine(case: Case) -> Verdict:
    """Train a case and diagnose it."""
    trainer = Trainer(case.settings)
    trainer.train(case.steps)
    return Verdict(case, diagnose(trainer.snapshot(looked=(), needs=DIAGNOSIS_NEEDS)))
