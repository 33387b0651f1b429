"""A network without an activation is one linear map; what that map is, and what the best linear map would be."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reluviz.core.activations import Identity
from reluviz.core.datasets import Dataset
from reluviz.core.folding import effective
from reluviz.core.kernel_plan import LAYER_NORM
from reluviz.core.label_noise import with_label_noise
from reluviz.core.loss_classes import softmax
from reluviz.core.losses import LOSSES, Loss
from reluviz.core.network import Model
from reluviz.core.settings import Settings, fitting_losses

Array = np.ndarray[Any, np.dtype[Any]]
# Newton's method solves a system of as many unknowns as there are coefficients; beyond so many it would be felt.
MOST_COEFFICIENTS = 150
MOST_NEWTON, CONVERGED = 40, 1e-10
# A mean loss below this has found a line that separates the classes: the best coefficients are infinite.
SEPARATED = 1e-3
# Multiplications up to which the samples themselves are decomposed; beyond, their Gram matrix.
FEW = 100_000_000


@dataclass(frozen=True, slots=True)
class Linear:
    """z = x W + b: weights (inputs, outputs), biases (outputs,), float64.

    method: how they were found. optimal: no other linear map has a smaller loss, under the loss in force.
    separable: classes that a line separates, so that the coefficients of logistic regression grow for ever.
    directed: only the direction of its weights can be compared with that of a run: separable, or fitted to another loss
    whose outputs have another scale.
    """

    weights: Array
    biases: Array
    method: str
    optimal: bool = False
    separable: bool = False
    directed: bool = False

    def outputs(self, x: Array) -> Array:
        """z (samples, outputs) at x (samples, inputs)."""
        return np.asarray(x @ self.weights + self.biases)


def is_linear(model: Model) -> bool:
    """Whether the network is an affine map of its inputs: no activation, and no statistics of single samples."""
    return model.layer.norm != LAYER_NORM and all(isinstance(one, Identity) for one in model.activations)


def folded(model: Model, theta: Array, running: Array | None) -> Linear:
    """All layers multiplied out, residual paths and batch normalisation included; for a model that is linear."""
    sizes = model.shape.sizes
    weights, biases = np.eye(sizes[0]), np.zeros(sizes[0])
    for layer in range(model.shape.layers):
        own, shift = effective(model, theta, running, layer)
        if layer < model.shape.layers - 1 and model.skips(layer):
            own = own + np.eye(sizes[layer])
        weights, biases = weights @ own, biases @ own + shift
    return Linear(weights, biases, "folded")


def loss_in_force(settings: Settings, task: str) -> Loss:
    """The loss that the settings mean on this task."""
    wanted = settings.training.loss
    return LOSSES[fitting_losses(task)[0] if wanted == "auto" else wanted]


def targets(settings: Settings, dataset: Dataset) -> Array:
    """The training targets (samples, outputs) with the settings' label noise, float64."""
    noise, seed = settings.training.label_noise, settings.network.seed
    return with_label_noise(dataset.y_train, noise, seed, dataset.task).astype(float)


def best_linear(settings: Settings, dataset: Dataset) -> Linear:
    """The best linear map of the training data: least squares, or logistic regression for losses of classes.

    With very many coefficients classes are fitted by least squares, too.
    """
    loss = loss_in_force(settings, dataset.task).key
    x, y = dataset.x_train.astype(float), targets(settings, dataset)
    few = (x.shape[1] + 1) * y.shape[1] <= MOST_COEFFICIENTS
    training = settings.training
    free = not (training.l1 or training.l2 or training.dropout)
    if loss in ("logistic", "softmax_cross_entropy", "hinge"):
        if not few:
            return replace(least_squares(x, y, optimal=False), directed=True)
        found = logistic_regression(x, y, optimal=free and loss != "hinge")
        return replace(found, directed=found.separable or loss == "hinge")
    return least_squares(x, y, optimal=free and loss == "squared")


def least_squares(x: Array, y: Array, *, optimal: bool = True) -> Linear:
    """The W and b that make Σ (x W + b - y)² smallest, the shortest ones if there are several (Legendre 1805)."""
    design = _with_ones(x)
    if design.size * design.shape[1] <= FEW:
        found = np.linalg.lstsq(design, y)[0]
    else:
        found = np.linalg.lstsq(design.T @ design, design.T @ y)[0]
    return Linear(found[:-1], found[-1], "least squares", optimal)


def logistic_regression(x: Array, y: Array, *, optimal: bool = True) -> Linear:
    """The largest likelihood by Newton's method, which is reweighted least squares (McCullagh & Nelder 1989).

    y (samples, 1) of 0 and 1, or one-hot rows: softmax does not see a shift of all outputs, so W is `centred`.
    """
    design, loss = _with_ones(x), LOSSES["logistic" if y.shape[1] == 1 else "softmax_cross_entropy"]
    found = np.zeros((design.shape[1], y.shape[1]))
    value = loss.value(design @ found, y)
    for _ in range(MOST_NEWTON):
        slope, curvature = _derivatives(design, found, y)
        step = np.linalg.lstsq(curvature, slope.ravel())[0].reshape(found.shape)
        share, before = 1.0, value
        # A full step may overshoot; half of it, and so on, does not.
        while (value := loss.value(design @ (found - share * step), y)) > before and share > 1e-6:
            share /= 2
        found = found - share * step
        if before - value <= CONVERGED * before or value < SEPARATED:
            break
    return Linear(found[:-1], found[-1], "logistic regression", optimal, value < SEPARATED)


def centred(one: Linear) -> Linear:
    """The same softmax of several outputs, with rows of W, and b, that have sum 0."""
    if one.weights.shape[1] == 1:
        return one
    weights = one.weights - one.weights.mean(axis=1, keepdims=True)
    return replace(one, weights=weights, biases=one.biases - one.biases.mean())


def angle(first: Linear, second: Linear) -> float:
    """The largest angle between the two directions of an output's weights, in degrees; NaN if one has none."""
    a, b = (one.weights / np.linalg.norm(one.weights, axis=0) for one in (first, second))
    # The chord is exact for small angles, where the arc cosine of a product is not.
    return float(np.degrees(2 * np.arcsin(np.minimum(1.0, np.linalg.norm(a - b, axis=0) / 2))).max())


def _derivatives(design: Array, found: Array, y: Array) -> tuple[Array, Array]:
    """Gradient (coefficients, outputs) and Hessian (all, all) of the summed cross-entropy."""
    outputs, size = y.shape[1], design.shape[1]
    z = design @ found
    said = LOSSES["logistic"].predict(z) if outputs == 1 else softmax(z)
    hessian = np.empty((size, outputs, size, outputs))
    for i in range(outputs):
        for j in range(outputs):
            weight = said[:, i] * ((i == j) - said[:, j])
            hessian[:, i, :, j] = (design * weight[:, None]).T @ design
    return design.T @ (said - y), hessian.reshape(size * outputs, size * outputs)


def _with_ones(x: Array) -> Array:
    """x with a last column of ones for the bias."""
    return np.hstack([x, np.ones((len(x), 1))])
