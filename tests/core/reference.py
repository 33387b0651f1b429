"""The reference's training: the runs of a lab with network.py alone, on the batches that the kernel's order gives."""

import numpy as np

from reluviz.core import kernels
from reluviz.core.network import Moment, clipped, decay, gradient, penalty_gradient
from reluviz.core.plan import model_of
from reluviz.core.schedules import rate_at
from reluviz.core.stack import Stack


def batches(settings, data, steps):
    """The rows of every batch, as the compiled order gives them."""
    stack = Stack(settings.evolve(runs=settings.runs[:1]), data)
    found = []
    for _ in range(steps):
        position = int(stack.state[kernels.POSITION])
        stack.train(1)
        found.append(stack.order[position : position + settings.training.batch_size].copy())
    return found


class Reference:
    """One run in float64, from the kernel's start on."""

    def __init__(self, stack, run):
        self.settings, self.run = stack.settings, stack.settings.runs[run]
        self.model, self.loss = model_of(stack.shape, stack.settings, run), stack.loss
        self.theta = stack.theta[run].astype(np.float64)
        self.running = stack.running[run].astype(np.float64)
        self.first, self.second = np.zeros_like(self.theta), np.zeros_like(self.theta)
        # Where a gradient was at some step no more than what rounding leaves of a sum that cancels.
        self.cancelled = np.zeros(len(self.theta), bool)
        self.x, self.y = stack.x.astype(np.float64), stack.y.astype(np.float64)

    def gradient(self, rows, step):
        """The gradient of a batch as training uses it, penalties and clipping included."""
        training, shape = self.settings.training, self.model.shape
        moment = Moment(self.settings.network.seed, step, training.dropout)
        grad = gradient(self.model, self.theta, self.loss, self.x[rows], self.y[rows], self.running, moment)
        grad += penalty_gradient(shape, self.theta, training.l1, training.l2)
        return clipped(grad, training.clip_value, training.clip_norm)

    def train(self, rows_of_steps):
        """One update for each batch."""
        training = self.settings.training
        base = training.learning_rate if self.run.learning_rate is None else self.run.learning_rate
        used = self.model.used
        for step, rows in enumerate(rows_of_steps):
            grad = self.gradient(rows, step)
            self.cancelled |= (np.abs(grad) < 1e-12 * np.abs(grad).max()) & (grad != 0)
            rate = rate_at(base, training.schedule, training.warmup, step)
            decay(self.model.shape, self.theta, rate * training.optimizer.decay)
            training.optimizer.step(
                self.theta[:used], grad[:used], self.first[:used], self.second[:used], rate, step + 1
            )
        return self.theta


def compare(settings, steps, data=None):
    """Parameters of every run after `steps` of the kernel and of the reference: two arrays (runs, parameters)."""
    got, wanted, _ = compare_closely(settings, steps, data)
    return got, wanted


def compare_closely(settings, steps, data=None):
    """The same, and which gradients cancelled, bool (runs, parameters)."""
    data = data or settings.data.load()
    stack = Stack(settings, data)
    wanted, cancelled = [], []
    rows = batches(settings, data, steps)
    for run in range(len(settings.runs)):
        reference = Reference(stack, run)
        wanted.append(reference.train(rows))
        cancelled.append(reference.cancelled)
    stack.train(steps)
    return stack.theta.astype(np.float64), np.array(wanted), np.array(cancelled)
