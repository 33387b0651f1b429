"""Snapshots: immutable pictures of all runs at one step; all that a view may look at.

Arrays are copies, read-only, float32 unless said otherwise. NaN is a state to draw, not an error: a run that
has diverged goes on appearing with what it held then.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from reluviz.core.datasets import Dataset
from reluviz.core.landscape import Landscape
from reluviz.core.phase_numbers import Phases
from reluviz.core.settings import Run, Settings
from reluviz.core.shape import Shape

Array = np.ndarray[Any, np.dtype[Any]]
# Shares of the largest slope below which a neuron counts as saturated; the middle one unless the person chooses.
SATURATION_LEVELS = (0.01, 0.05, 0.2)
USUAL_LEVEL = 1
# What a view may need beyond what every snapshot holds.
INSIDE, WEIGHTS = "inside", "weights"
# Activity on the probe is measured for the runs that are looked at.
ACTIVITY = "activity"
NEEDS = frozenset({INSIDE, WEIGHTS})
# The next update, phase by phase (core/phases.py), of the runs that are looked at.
PHASES = "phases"
# A landscape takes up to half a minute: a script that asks for it waits, a window gets it when it is ready.
LANDSCAPE = "landscape"


def frozen(array: ArrayLike, dtype: Any = np.float32) -> Array:
    """A read-only copy."""
    copy = np.array(array, dtype=dtype)
    copy.setflags(write=False)
    return copy


@dataclass(frozen=True, slots=True)
class Probe:
    """The fixed inputs at which activity is measured.

    `kind` is "plane" (2 inputs: a grid of side × side points), "line" (1 input: `side` points) or "samples" (more
    inputs: held-out samples, class by class). inputs has shape (points, inputs); on the plane the point of row r
    and column c is number r · side + c, rows from the bottom (low x₂) up. `low` and `high` are the ends of the box
    on every axis of the plane or line. `rows` are the places in the test set of the samples, `classes` their class.
    """

    kind: str
    side: int
    low: float
    high: float
    inputs: Array
    rows: Array
    classes: Array


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where and when a run left the finite numbers. Layer 1 is the first hidden layer; the last is the output."""

    step: int
    layer: int
    is_output: bool

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        where = "the output layer" if self.is_output else f"hidden layer {self.layer}"
        return f"diverged at step {self.step:,} in {where}".replace(",", "\u202f")


@dataclass(frozen=True, slots=True)
class Metrics:
    """Losses and accuracies of one run at one step; accuracy is NaN for regression."""

    train_loss: float
    test_loss: float
    train_accuracy: float
    test_accuracy: float


@dataclass(frozen=True, slots=True)
class History:
    """The recorded course, thinned to at most a fixed number of points.

    steps int64, epochs and seconds float64: (points,). values float32 (runs, points, 4): train loss, test loss,
    train accuracy, test accuracy, measured over the whole training and test data at that step.
    """

    steps: Array
    epochs: Array
    seconds: Array
    values: Array


@dataclass(frozen=True, slots=True)
class Neurons:
    """One row per neuron, hidden layers first, then the outputs; every field has shape (neurons,).

    `layer` int64: 0 is the first hidden layer. `fires` is the share of training samples with f(z) > 0, `mean` the
    mean of f(z) over them, `largest_slope` the largest abs f′(z); `dead` bool: hidden and f′(z) = 0 on every one of
    them; `silent` bool: hidden and f(z) <= 0 on every one of them; `scale` the largest abs activity on the probe.
    `zeros` is the share of samples with f(z) = 0 exactly, `saturated` (neurons, levels) the share with abs f′ below
    each of SATURATION_LEVELS of its maximum, `highest` the largest z of all samples.
    """

    layer: Array
    bias: Array
    mean: Array
    fires: Array
    largest_slope: Array
    dead: Array
    silent: Array
    scale: Array
    zeros: Array
    saturated: Array
    highest: Array


@dataclass(frozen=True, slots=True)
class Layers:
    """One row per layer, the output last; every field has shape (layers,). Shares are of neurons × samples or neurons.

    gradient_norm is float64: that of deep layers may lie below what float32 holds.

    gradient_norm: of the loss on the training data by the layer's weights and biases. activation_mean and
    activation_std over neurons and samples. dead, dormant: shares of neurons. saturated: share of (neuron, sample)
    pairs with abs f′ below 5 % of its maximum. zeros: share of pairs with f(z) = 0 exactly. update_ratio: length of
    the last update over length of the weights; NaN before the first step. learned_slope: what a layer of PReLU has
    learned, NaN for others.
    """

    gradient_norm: Array
    activation_mean: Array
    activation_std: Array
    dead: Array
    dormant: Array
    saturated: Array
    zeros: Array
    update_ratio: Array
    learned_slope: Array


@dataclass(frozen=True, slots=True)
class Inside:
    """One run on the batch: the first training samples, the same ones at every step. Shape (neurons, samples).

    z float32: pre-activations. activity float32: what each neuron passes on (of an output: z). slopes float32: f′(z)
    (of an output: 1). deltas float64: the gradient of each sample's own loss by z. All (0, 0) where nobody asked.
    """

    z: Array
    activity: Array
    slopes: Array
    deltas: Array


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of each neuron; every field has shape (neurons,).

    died_at int64: the first step at which it was dead, -1 while it lives. alive_at int64: the last step before at which
    it was known to live, -1 for one that was born dead; where it is not died_at - 1, nobody looked in between.
    cause int8: place in CAUSES (core/fates.py), -1 while it lives. revivable bool: an earlier layer still learns and
    reaches it.
    """

    died_at: Array
    alive_at: Array
    cause: Array
    revivable: Array


@dataclass(frozen=True, slots=True)
class Record:
    """What was measured of all runs at one earlier step; snapshots share records.

    layers: of every run. fires, zeros, saturated float16, dead bool: (runs, neurons), as in Neurons; saturated at 5 %.
    histograms uint32 (runs, 4, layers, BINS): counts of z, activity, gradient and weights (core/histograms.py).
    """

    step: int
    epoch: float
    layers: "tuple[Layers, ...]"
    fires: Array
    zeros: Array
    saturated: Array
    dead: Array
    histograms: Array


@dataclass(frozen=True, slots=True)
class RunState:
    """One run at this snapshot.

    activity (neurons, points): f(z) of every neuron at every probe point, the outputs as predicted (a probability,
    or a value), shape (0, 0) for a run that the window does not look at. field (points, outputs): the prediction at the
    probe. test_predictions (test samples, outputs). confusion int64 (classes, classes): true by predicted, on the test
    data; (0, 0) for regression. theta float64 (total,): the parameters as Shape lays them out, and running float64
    (2, neurons): mean and variance of batch normalisation; (0,) and (0, 0) where nobody asked. frozen, killed bool
    (neurons,): held or silenced by hand. phases: the next update; None where nobody asked, or where it is too large.
    """

    metrics: Metrics
    divergence: Divergence | None
    activity: Array
    field: Array
    test_predictions: Array
    confusion: Array
    neurons: Neurons
    layers: Layers
    fates: Fates
    inside: Inside
    theta: Array
    running: Array
    frozen: Array
    killed: Array
    phases: Phases | None = None


@dataclass(frozen=True, slots=True)
class Closeup:
    """The neuron under the cursor, on a finer probe: values (points,), side × side on the plane."""

    run: int
    neuron: int
    side: int
    values: Array


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All runs at one step.

    landscape: the last loss landscape that was computed, of an earlier step perhaps. survey: the share of the next one
    that has been computed, 0 to 1; -1 while none is being computed.
    """

    step: int
    epoch: float
    seconds: float
    settings: Settings
    dataset: Dataset
    probe: Probe
    runs: tuple[RunState, ...]
    history: History
    course: tuple[Record, ...] = ()
    closeup: Closeup | None = None
    landscape: Landscape | None = None
    survey: float = -1.0
    present: int = -1
    asked: frozenset[str] = NEEDS
    began: tuple[Run, ...] = ()

    def holds(self, needs: frozenset[str]) -> bool:
        """Whether the larger parts that `needs` names are in it; a landscape is never waited for."""
        state = self.runs[0]
        if PHASES in needs and PHASES not in self.asked:
            return False
        if ACTIVITY in needs and not any(len(each.activity) for each in self.runs):
            return False
        return (INSIDE not in needs or state.inside.z.size > 0) and (WEIGHTS not in needs or state.theta.size > 0)

    @property
    def shape(self) -> Shape:
        """The widths of all layers, and where each parameter lies."""
        return Shape((self.dataset.inputs, *self.settings.network.hidden, self.dataset.outputs))
