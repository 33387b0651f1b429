"""Rules about the course of training: rates, overfitting, a plateau, divergence, and health."""

import numpy as np

from reluviz.core.diagnosis_base import HEALTHY, ILL, SEVERE, Look, Symptom, number, percent
from reluviz.core.diagnosis_neurons import by_layer
from reluviz.core.health import grouped
from reluviz.core.kernel_plan import BATCH_NORM

# The loss of a batch-normalised run is that with running means, which jump with every batch whatever the rate: eight
# sigmoid layers swing by 0.11 to 0.23 at rates from 0.003 to 0.3.
JUMPY = 4
# A run that long steps have thrown far out does not come back by shorter ones.
LASTING = ("smaller_rate_anew", "clipping_anew", "smaller_rate", "clipping", "larger_batch")


def diverged(look: Look) -> Symptom | None:
    """The run has left the finite numbers."""
    end = look.state.divergence
    if end is None:
        return None
    sentence = (
        f"The run {end.sentence}, with a learning rate of {number(look.rate)}: its numbers have become too large to be"
        " numbers."
    )
    return Symptom(SEVERE, sentence, look.rate, layer=None if end.is_output else end.layer - 1)


def rate_too_high(look: Look) -> Symptom | None:
    """The loss goes up and down by much and does not settle, or has gone far above where it began.

    Steps lead across the valley and out again. A run that is stuck is forgiven less, unless it is stuck because no
    gradient comes through: then a small swing is only the noise of the batches in its outputs.
    """
    found, limits = look.measures, look.limits
    if found.train > limits.blown_up and found.train > limits.blown_up * found.start:
        sentence = (
            f"The training loss is {number(found.train)} times a constant answer's, far above its start: steps with a"
            f" learning rate of {number(look.rate)} are too long."
        )
        return Symptom(SEVERE, sentence, found.train, limits.blown_up, remedies=LASTING)
    limit = limits.stuck_swing if look.stuck and not _starved(look) else limits.swing
    if look.settings.layer.norm == BATCH_NORM:
        limit *= JUMPY
    swing, lasting = found.trend.swing, LASTING if not look.learned else ()
    if not swing > limit:
        return None
    sentence = (
        f"From one point to the next the training loss goes up or down by {percent(swing)} of a constant answer's loss,"
        f" on average: steps with a learning rate of {number(look.rate)} are too long."
    )
    return Symptom(ILL if look.learned else SEVERE, sentence, swing, limit, remedies=lasting)


def rate_too_low(look: Look) -> Symptom | None:
    """There is a slope to go down, and the steps are too short to get anywhere."""
    found, limits = look.measures, look.limits
    short = found.update < limits.update and found.pull >= limits.pull
    if look.learned or np.isnan(found.trend.fall) or not short or _starved(look):
        return None
    sentence = (
        f"An update moves no layer by more than {number(found.update)} of its weights, though the loss has a slope: a"
        f" learning rate of {number(look.rate)} is too low to get anywhere."
    )
    return Symptom(ILL, sentence, found.update, limits.update)


def overfitting(look: Look) -> Symptom | None:
    """The test loss has turned round while the training loss is low: the network learns the samples by heart."""
    found, limits = look.measures, look.limits
    rise = found.trend.rise
    if not (rise > limits.rise and found.test - found.train > limits.gap and 2 * found.train < found.test):
        return None
    if not look.learned:
        return None
    sentence = (
        f"The test loss has risen by {percent(rise)} of a constant answer's loss above its lowest, while the training"
        f" loss is down at {percent(found.train)} of it: the network learns the samples by heart."
    )
    return Symptom(ILL, sentence, rise, limits.rise)


def plateau(look: Look) -> Symptom | None:
    """The loss stands still far from solved, and nothing else explains it."""
    if not look.stuck:
        return None
    train = look.measures.train
    steps = grouped(look.snapshot.step - look.snapshot.step // 2)
    sentence = (
        f"The training loss is {percent(train)} of a constant answer's and has hardly fallen over the last {steps}"
        " steps: the run is stuck on a plateau."
    )
    return Symptom(ILL, sentence, train, look.limits.learned)


def healthy(look: Look) -> Symptom:
    """Nothing is wrong."""
    train = percent(look.measures.train)
    if look.learned:
        sentence = f"The training loss is down at {train} of a constant answer's."
    elif look.falling:
        sentence = f"The training loss is {train} of a constant answer's, and it is falling."
    elif look.creeping:
        sentence = f"The training loss is {train} of a constant answer's, and it is falling slowly but steadily."
    else:
        sentence = f"Nothing is wrong so far: the training loss is {train} of a constant answer's."
    return Symptom(HEALTHY, sentence, look.measures.train, look.limits.learned)


def _starved(look: Look) -> bool:
    """Whether some layer gets no gradient to speak of, or has hardly a neuron that could use it."""
    flow, gone = look.measures.flow, by_layer(look, look.measures.dead)
    return not bool((flow >= look.limits.vanishing).all()) or bool((gone >= look.limits.dead).any())
