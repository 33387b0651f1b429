"""Remedies: what may help against what a diagnosis finds, each a change of the settings or an edit by hand.

A remedy is a pure function of the settings; whether it starts the runs over follows from what it changes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from reluviz.core import remedy_changes as change_to
from reluviz.core.activations import ELU, LeakyReLU
from reluviz.core.catalog import Catalog
from reluviz.core.diagnosis_base import Finding
from reluviz.core.remedy_changes import Change
from reluviz.core.settings import Settings
from reluviz.core.snapshot import Snapshot
from reluviz.core.surgery import Edit

Operation = Callable[[Snapshot, int], tuple[Edit, ...]]


def _unchanged(settings: Settings, run: int) -> Settings:
    return settings


def _nothing(snapshot: Snapshot, run: int) -> tuple[Edit, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Remedy:
    """One line of the table of remedies.

    key, title: as in every table. why: one sentence why it helps. shared: it changes what all runs share, not this run
    alone. anew: the runs have to start over with it, since what has happened to them does not pass by itself.
    """

    key: str
    title: str
    why: str
    change: Change = _unchanged
    operation: Operation = _nothing
    shared: bool = False
    anew: bool = False

    @property
    def by_hand(self) -> bool:
        """Whether it is a row of edits of the running network instead of other settings."""
        return self.operation is not _nothing

    def apply(self, settings: Settings, run: int) -> Settings:
        """The settings with the remedy, for that run; the same ones where it does not apply, or is done by hand."""
        return self.change(settings, run)

    def edits(self, snapshot: Snapshot, run: int) -> tuple[Edit, ...]:
        """The edits of a remedy by hand, in the order in which they are to be made; none of any other."""
        return self.operation(snapshot, run)

    def applies(self, settings: Settings, run: int) -> bool:
        """Whether there is anything to change; a remedy by hand can always be tried."""
        return self.by_hand or self.change(settings, run) != settings

    def swaps(self, settings: Settings, run: int) -> bool:
        """Whether it exchanges activations and nothing else that would restart the runs: weights may be kept."""
        after = self.change(settings, run)
        return after.frame == settings.frame and after.model != settings.model

    def restarts(self, settings: Settings, run: int) -> bool:
        """Whether the runs start over with it; one that `swaps` need not."""
        return self.anew or self.change(settings, run).frame != settings.frame


REMEDIES: Catalog[Remedy] = Catalog(
    "remedy",
    Remedy("relu_he", "ReLU, started as He",
           "An active ReLU has slope 1, and He's start keeps the signal's size: gradients reach all layers.",
           change_to.relu_he),
    Remedy("leaky_relu", "Leaky ReLU",
           "A small slope on the left lets a gradient through where ReLU has none, so that silent neurons can recover.",
           change_to.activation(LeakyReLU())),
    Remedy("elu", "ELU",
           "Its slope on the left fades away but is never 0, so that silent neurons can recover.",
           change_to.activation(ELU())),
    Remedy("he_init", "Start as He",
           "Weights of variance 2 / inputs keep the size of signals and gradients through rectifiers.",
           change_to.start("he")),
    Remedy("glorot_init", "Start as Glorot",
           "Weights of variance 2 / (inputs + outputs) keep values where the slope of f is large.",
           change_to.start("glorot")),
    Remedy("lecun_init", "Start as LeCun",
           "Weights of variance 1 / inputs keep the size of signals through activations that normalise themselves.",
           change_to.start("lecun")),
    Remedy("asymmetric_init", "Start asymmetrically",
           "One positive weight in every neuron makes it unlikely that a whole ReLU layer is born dead.",
           change_to.asymmetric),
    Remedy("another_seed", "Another seed",
           "Another random start may not have the bad luck of this one.",
           change_to.another_seed, shared=True),
    Remedy("smaller_rate", "A tenth of the rate",
           "Shorter steps stay in the valley instead of leading across it.",
           change_to.smaller_rate),
    Remedy("smaller_rate_anew", "Start over with a tenth of the rate",
           "Shorter steps do not throw neurons or weights out of reach; what is lost comes back only by starting over.",
           change_to.smaller_rate, anew=True),
    Remedy("larger_rate", "Ten times the rate",
           "Longer steps get on where the loss is nearly flat.",
           change_to.larger_rate),
    Remedy("usual_rate", "The optimiser's usual rate",
           "It suits small networks, and the present rate is below it.",
           change_to.usual_rate),
    Remedy("clipping", "Clip the gradient at 1",
           "One huge gradient cannot throw the weights away any more (Pascanu et al. 2013).",
           change_to.clipping),
    Remedy("clipping_anew", "Start over with clipping at 1",
           "One huge gradient cannot throw the weights away; what is lost comes back only by starting over.",
           change_to.clipping, anew=True),
    Remedy("batch_norm", "Batch normalisation",
           "Every neuron's sums get mean 0 and variance 1, where the slope of f is large, whatever the weights.",
           change_to.batch_norm),
    Remedy("residual", "Residual connections",
           "The gradient has a way round every activation (He et al. 2016).",
           change_to.residual),
    Remedy("adam", "Adam",
           "It scales every weight's step by its own gradients, so that weights with small ones move, too.",
           change_to.adam, shared=True),
    Remedy("larger_batch", "Batches four times as large",
           "The gradient of more samples is less noisy.",
           change_to.larger_batch, shared=True),
    Remedy("l2", "L2 penalty",
           "Weights that are kept small make a smooth function, which cannot follow every single sample.",
           change_to.l2, shared=True),
    Remedy("dropout", "Dropout",
           "No neuron can rely on another one, so that they learn what holds in general (Srivastava et al. 2014).",
           change_to.dropout, shared=True),
    Remedy("more_samples", "Twice as many samples",
           "The more samples there are, the less can be learned by heart.",
           change_to.more_samples, shared=True),
    Remedy("narrower", "Half as many neurons",
           "A smaller network has no room to learn the samples by heart.",
           change_to.narrower, shared=True),
    Remedy("wider", "Twice as many neurons",
           "A wider network has more ways down, and can bend more often.",
           change_to.wider, shared=True),
    Remedy("no_penalty", "Start over without penalties or dropout",
           "Nothing pulls the weights to zero or switches neurons off while the network still learns nothing.",
           change_to.no_penalty, shared=True, anew=True),
    Remedy("revive", "Revive the dead neurons",
           "By hand: they get the weights they started with, and a bias with which half of the samples make them fire.",
           operation=change_to.revive),
)  # fmt: skip


def remedies_for(finding: Finding, settings: Settings) -> tuple[Remedy, ...]:
    """The remedies of a finding that change anything, the most promising first."""
    found = (REMEDIES[key] for key in finding.remedies)
    return tuple(remedy for remedy in found if remedy.applies(settings, finding.run))
