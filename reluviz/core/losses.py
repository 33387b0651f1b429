"""The table of losses; one entry is one class with value, gradient and prediction on one screen."""

from reluviz.core.catalog import Catalog
from reluviz.core.loss_base import Loss
from reluviz.core.loss_classes import Hinge, Logistic, SoftmaxCrossEntropy
from reluviz.core.loss_errors import AbsoluteError, Huber, SquaredError

__all__ = ["LOSSES", "AbsoluteError", "Hinge", "Huber", "Logistic", "Loss", "SoftmaxCrossEntropy", "SquaredError"]

LOSSES: Catalog[Loss] = Catalog(
    "loss", SquaredError(), AbsoluteError(), Huber(), Logistic(), SoftmaxCrossEntropy(), Hinge()
)
