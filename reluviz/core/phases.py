"""The next update of a run, taken apart: forward, loss, backward, update, with every number on the way.

The numbers on the way are computed by the readable network in float64 (network.py), on the very batch that the kernel
takes next; the parameters after the update are the kernel's own, bit for bit what training one step will give.
"""

from typing import Any

import numpy as np

from reluviz.core import kernels
from reluviz.core.kernel_plan import CLIP, CLIP_VALUE, L1, L2, RATE
from reluviz.core.network import Moment, Pass, clipped, forward, gradient, penalty_gradient
from reluviz.core.normalisation import through_norm
from reluviz.core.phase_numbers import Phases
from reluviz.core.plan import model_of
from reluviz.core.schedules import rate_at
from reluviz.core.stack import Stack

Array = np.ndarray[Any, np.dtype[Any]]
# Networks and batches beyond these are not taken apart: nobody reads so many numbers, and a frame would wait for them.
MOST_PARAMETERS, MOST_CELLS = 20_000, 200_000


def phases_of(stack: Stack, run: int) -> Phases | None:
    """The next update of a run; the stack does not move. None where the network is too large or has diverged."""
    shape, training = stack.shape, stack.settings.training
    cells = min(training.batch_size, len(stack.x)) * shape.neurons
    if stack.fate[run, 0] >= 0 or shape.total > MOST_PARAMETERS or cells > MOST_CELLS:
        return None
    begin, step = int(stack.state[kernels.POSITION]), int(stack.state[kernels.STEP])
    after = stack.rehearse(stack.moment(), run, 1)
    # The kernel shuffles when an epoch begins, so the order is that of after the step.
    rows = after.order[begin : begin + training.batch_size].copy()
    x, y = (part[rows].astype(np.float64) for part in (stack.x, stack.y))
    model, theta = model_of(shape, stack.settings, run), stack.theta[run].astype(np.float64)
    chances, hyper = Moment(stack.settings.network.seed, step, training.dropout), stack.hyper[run].astype(np.float64)
    with np.errstate(all="ignore"):
        # Each gets running statistics of its own: a forward pass in training moves them.
        done = forward(model, theta, x, stack.running[run].astype(np.float64), chances)
        raw = gradient(model, theta, stack.loss, x, y, stack.running[run].astype(np.float64), chances)
        pull = penalty_gradient(shape, theta, hyper[L1], hyper[L2])
        passed, deltas = _way_back(stack, run, theta, done, y)
        losses = np.array([stack.loss.value(done.after[-1][[i]], y[[i]]) for i in range(len(rows))])
    return Phases(
        step=step,
        rows=_still(rows),
        x=_still(x),
        y=_still(y),
        z=_still(np.hstack(done.before)),
        activity=_still(np.hstack(done.after)),
        slopes=_still(np.hstack(done.slopes)),
        predictions=_still(stack.loss.predict(done.after[-1])),
        losses=_still(losses),
        loss=float(losses.mean()),
        passed=_still(passed),
        deltas=_still(deltas),
        gradient=_still(raw),
        applied=_still(clipped(raw + pull, float(hyper[CLIP_VALUE]), float(hyper[CLIP]))),
        rate=rate_at(float(hyper[RATE]), training.schedule, training.warmup, step),
        before=_still(theta),
        after=_still(after.theta[run].astype(np.float64)),
        note=_note(stack, run, len(rows), begin + len(rows) >= len(stack.x)),
    )


def _way_back(stack: Stack, run: int, theta: Array, done: Pass, y: Array) -> tuple[Array, Array]:
    """The gradient of the mean loss by what each neuron passes on and by its z: (samples, neurons) both."""
    shape, model = stack.shape, model_of(stack.shape, stack.settings, run)
    delta = stack.loss.gradient(done.before[-1], y)
    passed, passes, deltas = delta, [delta], [delta]
    for layer in reversed(range(1, shape.layers)):
        norm = done.norms[layer]
        through = delta if norm is None else through_norm(norm, delta)
        skipped = passed if layer < shape.layers - 1 and model.skips(layer) else 0.0
        passed = through @ shape.weights(theta, layer).T + skipped
        delta = passed * done.slopes[layer - 1]
        passes.append(passed)
        deltas.append(delta)
    return np.hstack(passes[::-1]), np.hstack(deltas[::-1])


def _note(stack: Stack, run: int, rows: int, last: bool) -> str:
    """What is special about this update."""
    training, layer = stack.settings.training, stack.settings.runs[run].layer
    found = []
    if rows < min(training.batch_size, len(stack.x)):
        found.append(f"the last {rows} samples of the epoch make a smaller batch")
    elif last:
        found.append("this batch ends the epoch")
    if training.dropout:
        found.append("dropout silences other neurons at every step: a slope of 0 may be its doing")
    if training.label_noise:
        found.append("some targets are noise, as the settings want it")
    if layer.norm:
        found.append(f"z is what {layer.title.lower()} gives the activation")
    if (stack.held[run] >= 0).any():
        found.append("what is frozen or killed by hand does not move")
    sentence = "; ".join(found)
    return sentence[:1].upper() + sentence[1:]


def _still(array: Array) -> Array:
    array.setflags(write=False)
    return array
