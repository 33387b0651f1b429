"""What the views read against what theory says, with the real engine: science that has exact answers.

Factors of wide random networks: Poole et al. (2016), Schoenholz et al. (2017); the depth contrast: He et al. (2015);
dead networks: Lu et al. (2019); the conserved balance of a neuron's weights: Du, Hu & Lee (2018).
"""

import math

import numpy as np
import pytest

from reluviz.core.activations import ReLU, Sigmoid, Tanh
from reluviz.core.datasets import Digits, Sine, Spiral
from reluviz.core.initializers import GlorotNormal, HeNormal, MeanField
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.trainer import Trainer

# The weights of PyTorch's default, n Var(w) = 1/3, with biases of zero.
TORCH = MeanField(sigma_w=math.sqrt(1 / 3), sigma_b=0.0)


def start(hidden, activation, initializer, seed, data=None, precision="float32"):
    """A lab of one run before it trains."""
    return Settings(
        data=data or Digits(samples=100),
        network=Network(hidden=hidden, seed=seed, precision=precision),
        runs=(Run(activation=activation, initializer=initializer),),
    )


def sizes(rows, widths):
    """The root mean square of every layer's rows."""
    ends = np.cumsum(widths)[:-1]
    return np.array([math.sqrt(np.mean(np.square(part, dtype=float))) for part in np.split(rows, ends)])


def factors(activation, initializer, seed, width=256, depth=10):
    """What the gradient by z is multiplied by from each hidden layer to the one before it."""
    snapshot = Trainer(start((width,) * depth, activation, initializer, seed)).snapshot()
    found = sizes(snapshot.runs[0].inside.deltas, snapshot.shape.sizes[1:])
    return found[:-2] / found[1:-1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("activation", "initializer", "expected"),
    [
        (Sigmoid(), TORCH, 0.141449),
        (Sigmoid(), GlorotNormal(), 0.236052),
        (Sigmoid(), HeNormal(), 0.317769),
        (Tanh(), HeNormal(), 1.051441),
        (ReLU(), TORCH, 0.408248),
        (ReLU(), GlorotNormal(), 0.707107),
        (ReLU(), HeNormal(), 1.0),
    ],
)
def test_gradient_factors_at_the_start_are_those_of_theory(activation, initializer, expected):
    """T5 at width 256, layers 4 to 9, where the signal has reached its fixed point; the mean of the logarithms."""
    logs = [np.log(factors(activation, initializer, seed)[3:]) for seed in range(6)]
    assert math.exp(np.mean(logs)) == pytest.approx(expected, rel=0.03)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("initializer", "factor"), [(HeNormal(), 1.0), (GlorotNormal(), 1 / math.sqrt(2)), (TORCH, 1 / math.sqrt(6))]
)
def test_thirty_layers_of_relu_keep_or_lose_signal_and_gradient(initializer, factor):
    """T10: 1, 3.05e-5 and 2.1e-12 in the mean square; a typical network lies exp(-5 L / 4 n) below."""
    depth, width = 30, 256
    forward, backward = [], []
    for seed in range(3):
        snapshot = Trainer(start((width,) * depth, ReLU(), initializer, seed)).snapshot()
        inside, widths = snapshot.runs[0].inside, snapshot.shape.sizes[1:]
        signal, gradient = sizes(inside.activity, widths), sizes(inside.deltas, widths)
        forward.append(math.log(signal[depth - 1] / signal[0]))
        backward.append(math.log(gradient[0] / gradient[depth - 1]))
    expected = (depth - 1) * math.log(factor) - 5 * depth / (4 * width)
    # One network's logarithm scatters by about √(5 L / 4 n); three are averaged.
    slack = 4 * math.sqrt(5 * depth / (4 * width) / 3)
    assert np.mean(forward) == pytest.approx(expected, abs=slack)
    assert np.mean(backward) == pytest.approx(expected, abs=slack)


@pytest.mark.slow
def test_thirty_layers_learn_from_a_start_of_he_and_not_from_one_of_glorot():
    """T10's training contrast: digits, 64-[50]x30-10, batch 10, 1500 updates."""
    runs = (
        Run(activation=ReLU(), initializer=HeNormal(), learning_rate=0.003, color=0),
        *(
            Run(activation=ReLU(), initializer=GlorotNormal(), learning_rate=rate, color=color)
            for color, rate in enumerate((0.1, 1.0), 1)
        ),
    )
    trainer = Trainer(Settings(data=Digits(), network=Network(hidden=(50,) * 30, seed=0), runs=runs))
    trainer.train(1500)
    shares = [state.metrics.train_accuracy for state in trainer.snapshot(needs=frozenset()).runs]
    assert shares[0] > 0.5
    assert max(shares[1:]) < 0.2


def test_as_many_networks_are_born_dead_as_the_formula_says():
    """T1: P(all units of layer K are 0 at x) = 1 - (1 - 2^-N)^K, here K = 4 and N = 3, on one sample of each net."""
    nets, depth, width = 400, 4, 3
    dead = 0
    for seed in range(nets):
        snapshot = Trainer(start((width,) * depth, ReLU(), HeNormal(), seed, Spiral(samples=20))).snapshot()
        activity = snapshot.runs[0].inside.activity
        dead += bool((activity[(depth - 1) * width : depth * width, 0] == 0).all())
    expected = 1 - (1 - 2.0**-width) ** depth
    error = math.sqrt(expected * (1 - expected) / nets)
    assert dead / nets == pytest.approx(expected, abs=4 * error)


def drift(activation, rate, time=10.0):
    """How far ‖w_in‖² + b² - ‖w_out‖² of the hidden neurons moves in so much time of gradient descent."""
    lab = Settings(
        data=Sine(samples=100, noise=0.0),
        network=Network(hidden=(8,), precision="float64"),
        training=Training(learning_rate=rate, batch_size=1024),
        runs=(Run(activation=activation),),
    )
    trainer = Trainer(lab)

    def balance():
        snapshot = trainer.snapshot()
        shape, theta = snapshot.shape, snapshot.runs[0].theta
        into = np.square(shape.weights(theta, 0)).sum(axis=0) + np.square(shape.biases(theta, 0))
        return into - np.square(shape.weights(theta, 1)).sum(axis=1)

    before = balance()
    trainer.train(round(time / rate))
    return float(np.abs(balance() - before).max())


def test_gradient_descent_keeps_the_balance_of_relu_neurons_and_not_of_sigmoid_ones():
    """T15: an invariant of gradient flow, so each halving of the rate halves the drift; sigmoid has no such law."""
    drifts = [drift(ReLU(), rate) for rate in (0.02, 0.01, 0.005, 0.0025)]
    ratios = np.divide(drifts[:-1], drifts[1:])
    assert ratios == pytest.approx(2.0, rel=0.1)
    sigmoid = [drift(Sigmoid(), rate) for rate in (0.01, 0.005)]
    assert sigmoid[1] == pytest.approx(sigmoid[0], rel=0.1)
    assert sigmoid[1] > 20 * drifts[-1]
