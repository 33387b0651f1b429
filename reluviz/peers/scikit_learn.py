"""scikit-learn's MLPClassifier, fitted epoch by epoch with a warm start."""

import warnings

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from reluviz.bench_work import RATE, Array, Problem


class Peer:
    """ReLU network of any widths, logistic loss or softmax cross-entropy, SGD without momentum or L2."""

    name = f"scikit-learn {sklearn.__version__}"

    def __init__(self, problem: Problem, threads: int) -> None:
        # The number of threads is the business of the BLAS library, which reads it from the environment.
        self._x = problem.x
        self._labels = problem.y[:, 0] if problem.one_output else problem.y.argmax(axis=1)
        self.block = problem.batches
        self._model = MLPClassifier(
            hidden_layer_sizes=tuple(weights.shape[1] for weights in problem.weights[:-1]),
            solver="sgd",
            alpha=0.0,
            batch_size=problem.batch,
            learning_rate_init=RATE,
            momentum=0.0,
            nesterovs_momentum=False,
            tol=0.0,
            # Never ends by itself: no count of epochs without progress is infinite.
            n_iter_no_change=np.inf,
            random_state=1,
            warm_start=True,
        )

        # It draws its own start at the first fit; training goes on from what stands here afterwards.
        self.train(self.block)
        self._model.coefs_ = [weights.copy() for weights in problem.weights]
        self._model.intercepts_ = [np.zeros(weights.shape[1], np.float32) for weights in problem.weights]

    def train(self, steps: int) -> None:
        """Whole epochs."""
        self._model.set_params(max_iter=steps // self.block)
        with warnings.catch_warnings():
            # It is told how long to train, and warns each time that it could go on.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self._model.fit(self._x, self._labels)

    def weights(self) -> list[Array]:
        """The weights of each layer, (inputs, units)."""
        return list(self._model.coefs_)
