"""What can be tried on a running network from its present state, each in a copy of its own beside it.

A variant changes only what goes on from here: the copy keeps all weights, and with them what has been done to it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from reluviz.core.activations import ELU, GELU, LeakyReLU
from reluviz.core.catalog import Catalog
from reluviz.core.labels import activation_label
from reluviz.core.settings import MOST_RUNS, Run, Settings, Training, free_color
from reluviz.core.surgery import ALL, Edit, RedrawWeights

RATE_SHARE = 0.1
CLIP_NORM = 1.0
MOST_LABEL = 40
Change = Callable[[Run, Training], Run]


def _same(run: Run, training: Training) -> Run:
    return run


def _slower(run: Run, training: Training) -> Run:
    rate = training.learning_rate if run.learning_rate is None else run.learning_rate
    return run.evolve(learning_rate=max(1e-6, rate * RATE_SHARE))


@dataclass(frozen=True, slots=True)
class Variant:
    """One line of the table; `why` is a sentence that says what it may help against. `start`: a law that draws anew."""

    key: str
    title: str
    why: str
    change: Change = _same
    start: str = ""

    def edits(self, run: int) -> tuple[Edit, ...]:
        """What is done to the copy once it stands at place `run`."""
        return (RedrawWeights(run=run, layer=ALL, initializer=self.start),) if self.start else ()


VARIANTS: Catalog[Variant] = Catalog(
    "variant",
    Variant(
        "leaky_relu", "Leaky ReLU", "Its slope is never 0, so that a gradient reaches neurons that do not fire.",
        lambda run, _: run.evolve(activation=LeakyReLU(), layer_activations=()),
    ),
    Variant(
        "elu", "ELU", "Below 0 it bends instead of ending: silent neurons still have a slope.",
        lambda run, _: run.evolve(activation=ELU(), layer_activations=()),
    ),
    Variant(
        "gelu", "GELU", "A smooth ReLU that lets a little through below 0.",
        lambda run, _: run.evolve(activation=GELU(), layer_activations=()),
    ),
    Variant("slower", "A tenth of the rate", "Shorter steps do not throw neurons far into the flat part.", _slower),
    Variant(
        "he", "Drawn anew (He)", "Fresh weights of the right size, biases 0: what a layer has lost is given up.",
        lambda run, _: run.evolve(label=f"{activation_label(run.activation)}, drawn anew"[:MOST_LABEL]), "he_normal",
    ),
    Variant(
        "clipping", "Clipped gradients", f"No gradient is longer than {CLIP_NORM:g}: no step is far too long.",
        lambda run, _: run.evolve(clip_norm=CLIP_NORM),
    ),
)  # fmt: skip


def branched(
    settings: Settings, run: int, variants: tuple[Variant, ...]
) -> tuple[Settings, tuple[int, ...], tuple[Edit, ...]]:
    """Settings with a copy of a run for each variant, as many as there is room for behind the runs that there are.

    Also the place that each run has now (for Trainer.adopt), and the edits that are then to be made.
    """
    runs, rows = list(settings.runs), list(range(len(settings.runs)))
    edits: list[Edit] = []
    for variant in variants[: MOST_RUNS - len(runs)]:
        copy = variant.change(settings.runs[run], settings.training).evolve(color=free_color(tuple(runs)))
        edits += variant.edits(len(runs))
        runs.append(copy)
        rows.append(run)
    return settings.evolve(runs=tuple(runs)), tuple(rows), tuple(edits)
