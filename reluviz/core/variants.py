"""What can be tried on a running network from its present state, each in a copy of its own beside it.

A variant changes only what goes on from here: the copy keeps all weights, and with them what has been done to it.
"""

from dataclasses import dataclass

from reluviz.core.activations import ELU, GELU, LeakyReLU
from reluviz.core.catalog import Catalog
from reluviz.core.labels import activation_label
from reluviz.core.remedy_changes import CLIP, Change, activation, clipping, smaller_rate, with_run
from reluviz.core.settings import MOST_RUNS, Settings, free_color
from reluviz.core.surgery import ALL, Edit, RedrawWeights

MOST_LABEL = 40


def _named_anew(settings: Settings, run: int) -> Settings:
    label = f"{activation_label(settings.runs[run].activation)}, drawn anew"
    return with_run(settings, run, label=label[:MOST_LABEL])


@dataclass(frozen=True, slots=True)
class Variant:
    """One line of the table; `why` is a sentence that says what it may help against. `start`: a law that draws anew."""

    key: str
    title: str
    why: str
    change: Change
    start: str = ""

    def edits(self, run: int) -> tuple[Edit, ...]:
        """What is done to the copy once it stands at place `run`."""
        return (RedrawWeights(run=run, layer=ALL, initializer=self.start),) if self.start else ()


VARIANTS: Catalog[Variant] = Catalog(
    "variant",
    Variant(
        "leaky_relu", "Leaky ReLU", "Its slope is never 0, so that a gradient reaches neurons that do not fire.",
        activation(LeakyReLU()),
    ),
    Variant(
        "elu", "ELU", "Below 0 it bends instead of ending: silent neurons still have a slope.",
        activation(ELU()),
    ),
    Variant(
        "gelu", "GELU", "A smooth ReLU that lets a little through below 0.",
        activation(GELU()),
    ),
    Variant(
        "slower", "A tenth of the rate", "Shorter steps do not throw neurons far into the flat part.",
        smaller_rate,
    ),
    Variant(
        "he", "Drawn anew (He)", "Fresh weights of the right size, biases 0: what a layer has lost is given up.",
        _named_anew, "he_normal",
    ),
    Variant(
        "clipping", "Clipped gradients", f"No gradient is longer than {CLIP:g}: no step is far too long.",
        clipping,
    ),
)  # fmt: skip


def branched(
    settings: Settings, run: int, variants: tuple[Variant, ...]
) -> tuple[Settings, tuple[int, ...], tuple[Edit, ...]]:
    """Settings with a copy of a run for each variant, as many as there is room for behind the runs that there are.

    Also the place that each run has now (for Trainer.adopt), and the edits that are then to be made.
    """
    rows, edits = list(range(len(settings.runs))), list[Edit]()
    for variant in variants[: MOST_RUNS - len(rows)]:
        copy, place = settings.runs[run].evolve(color=free_color(settings.runs)), len(rows)
        settings = variant.change(settings.evolve(runs=(*settings.runs, copy)), place)
        edits += variant.edits(place)
        rows.append(run)
    return settings, tuple(rows), tuple(edits)
