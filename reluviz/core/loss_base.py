"""What every loss tells of itself."""

from typing import Any, ClassVar

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


class Loss:
    """A loss with its output unit: value, gradient and prediction.

    `outputs` is what the last layer computes, shape (samples, outputs); `targets` has the same shape: a value, 0 or 1,
    or one-hot rows. Every loss is a mean over samples. Not-a-number in an output comes through to value and gradient.

    code: its case in the kernel. tasks: the kinds of answer that it can learn, its own one first. output: the unit
    that turns an output into a prediction; output_help says how. threshold: a single output above it means class 1.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    code: ClassVar[int]
    tasks: ClassVar[tuple[str, ...]]
    output: ClassVar[str] = "identity"
    output_help: ClassVar[str] = "The prediction is the last layer's sum itself."
    threshold: ClassVar[float] = 0.5

    @property
    def task(self) -> str:
        """The task for which the loss was made."""
        return self.tasks[0]

    def value(self, outputs: Array, targets: Array) -> float:
        """The mean loss."""
        raise NotImplementedError

    def gradient(self, outputs: Array, targets: Array) -> Array:
        """The derivative of the mean loss by the outputs, same shape."""
        raise NotImplementedError

    def predict(self, outputs: Array) -> Array:
        """What the network says, same shape: a value, or a probability for each class."""
        return outputs
