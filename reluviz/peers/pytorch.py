"""PyTorch as its tutorials show it: eager mode, `nn.Sequential`, `optim.SGD`, tensors in memory."""

import importlib
from typing import Any

from reluviz.bench_work import RATE, Array, Problem

# The library is installed where peers are measured, and nowhere else.
torch: Any = importlib.import_module("torch")


class Peer:
    """ReLU network of any widths, logistic loss or softmax cross-entropy, SGD."""

    name = f"PyTorch {torch.__version__}"
    block = 1

    def __init__(self, problem: Problem, threads: int) -> None:
        torch.set_num_threads(threads)
        torch.manual_seed(1)
        self._batch = problem.batch
        self._x, self._y = torch.from_numpy(problem.x), torch.from_numpy(problem.y)
        layers: list[Any] = []
        for weights in problem.weights:
            layers += [torch.nn.Linear(*weights.shape), torch.nn.ReLU()]
            with torch.no_grad():
                layers[-2].weight.copy_(torch.from_numpy(weights.T.copy()))
                layers[-2].bias.zero_()
        self._model = torch.nn.Sequential(*layers[:-1])
        self._loss = torch.nn.BCEWithLogitsLoss() if problem.one_output else torch.nn.CrossEntropyLoss()
        self._optimizer = torch.optim.SGD(self._model.parameters(), lr=RATE)
        self._left = torch.zeros(0, dtype=torch.int64)

    def train(self, steps: int) -> None:
        """One update after the other."""
        for _ in range(steps):
            if len(self._left) < self._batch:
                self._left = torch.randperm(len(self._x))
            batch, self._left = self._left[: self._batch], self._left[self._batch :]
            self._optimizer.zero_grad(set_to_none=True)
            self._loss(self._model(self._x[batch]), self._y[batch]).backward()
            self._optimizer.step()

    def weights(self) -> list[Array]:
        """The weights of each layer, (inputs, units)."""
        return [layer.weight.detach().numpy().T for layer in self._model[::2]]
