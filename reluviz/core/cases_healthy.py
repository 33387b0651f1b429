"""Labs that are well, each with something about it that might get it accused."""

from reluviz.core.activations import (
    ELU,
    GELU,
    SELU,
    Identity,
    LeakyReLU,
    Mish,
    PReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softplus,
    Tanh,
)
from reluviz.core.activations import Sine as SineWave
from reluviz.core.cases_base import DOUBLE, NOTHING, Case, healthy, net
from reluviz.core.datasets import (
    XOR,
    Abs,
    BreastCancer,
    Circles,
    Diabetes,
    Digits,
    Gaussians,
    Iris,
    Moons,
    MultiGaussian,
    Plane,
    Sine,
    Step,
    Wine,
)
from reluviz.core.initializers import GlorotNormal, HeBias, LeCunNormal, Orthogonal, PlainNormal, RandomisedAsymmetric
from reluviz.core.layers import BatchNorm, LayerNorm, Residual
from reluviz.core.optimizers import Adam, RMSprop
from reluviz.core.settings import Network, Run, Settings, Training

GLOROT = GlorotNormal()

DEEP = (
    healthy("relu-8", "Eight layers, several neurons of which are dead.",
            net(ReLU(), (16,) * 8, learning_rate=0.03), 3000),
    healthy("relu-12", "Twelve layers, double precision.",
            net(ReLU(), (16,) * 12, learning_rate=0.01, precision=DOUBLE), 3000),
    healthy("relu-16-digits", "Sixteen layers, but He's start (He et al. 2015).",
            net(ReLU(), (32,) * 16, data=Digits(), learning_rate=0.005), 1000),
    healthy("tanh-8", "Eight layers of tanh, but Glorot's start.", net(Tanh(), (16,) * 8, GLOROT), 2500),
    healthy("selu-6", "Gradients grow a little in every layer of SELU.",
            net(SELU(), (16,) * 6, LeCunNormal(), learning_rate=0.03), 2000),
    healthy("batch-norm-sigmoid-6", "Deep sigmoid, but normalised.",
            net(Sigmoid(), (32,) * 6, GLOROT, data=Digits(), layer=BatchNorm(), batch_size=32), 500),
    healthy("batch-norm-sigmoid-8", "Deeper sigmoid, normalised.",
            net(Sigmoid(), (16,) * 8, GLOROT, data=Circles(), layer=BatchNorm(), learning_rate=0.03, batch_size=50),
            1000),
    healthy("residual-tanh-12", "Gradients of the first layers are 40 times those of the last.",
            net(Tanh(), (16,) * 12, GLOROT, layer=Residual(), learning_rate=0.03), 2000),
    healthy("residual-relu-12", "Small weights, but a way round them.",
            net(ReLU(), (16,) * 12, PlainNormal(sigma=0.1), layer=Residual(), learning_rate=0.03), 2000),
    healthy("layer-norm-8", "Layer normalisation in eight layers.",
            net(ReLU(), (16,) * 8, layer=LayerNorm(), learning_rate=0.03), 2000),
    healthy("orthogonal-10", "Ten orthogonal layers.",
            net(ReLU(), (16,) * 10, Orthogonal(), data=Moons(), learning_rate=0.03), 2000),
)  # fmt: skip

ACTIVATIONS = (
    healthy("sigmoid-2-circles", "Shallow sigmoids learn well.",
            net(Sigmoid(), (8, 8), GLOROT, data=Circles(), learning_rate=0.5), 3000),
    healthy("sigmoid-1-digits", "One sigmoid layer is enough for the digits.",
            net(Sigmoid(), (32,), GLOROT, data=Digits(), learning_rate=0.3), 1000),
    healthy("sigmoid-3-adam", "Adam gets three sigmoid layers going.",
            net(Sigmoid(), start=GLOROT, optimizer=Adam(), learning_rate=0.01), 3000),
    healthy("tanh-digits", "Every activation is negative half of the time.",
            net(Tanh(), (32, 32), GLOROT, data=Digits()), 1000),
    healthy("tanh-fast", "A large rate, many values far out, and yet it learns.",
            net(Tanh(), start=GLOROT, learning_rate=1.0), 3000),
    healthy("leaky", "Negative values have a slope of one hundredth.", net(LeakyReLU(), (16, 16)), 2000),
    healthy("leaky-sine", "A regression with leaky ReLU.",
            net(LeakyReLU(), (16, 16), data=Sine(), learning_rate=0.03), 2000),
    healthy("prelu", "A slope that is learned.", net(PReLU()), 2000),
    healthy("elu", "Values that end at -1.", net(ELU()), 2000),
    healthy("gelu", "A smooth rectifier.", net(GELU(), precision=DOUBLE), 3000),
    healthy("silu", "A smooth rectifier with a dip.", net(SiLU()), 3000),
    healthy("mish", "Another one.", net(Mish(), (16, 16)), 3000),
    healthy("softplus", "Always active, never zero.", net(Softplus(), learning_rate=0.05, data=Moons()), 2000),
    healthy("sine-wave", "A slope that changes its sign.", net(SineWave(), start=GLOROT), 2000),
    healthy("linear-gaussians", "No activation, and none is needed.",
            net(Identity(), (8,), GLOROT, data=Gaussians()), 1000),
    healthy("linear-plane", "Linear regression is the right answer.",
            net(Identity(), start=GLOROT, data=Plane(), learning_rate=0.01), 1000),
)  # fmt: skip

COURSE = (
    healthy("converged", "It is done: tiny gradients, tiny updates, a loss that stands still.",
            net(ReLU(), precision=DOUBLE), 20_000),
    healthy("converged-regression", "It stands still at what the noise of the data leaves.",
            net(Tanh(), (16, 16), GLOROT, data=Sine(noise=0.2), learning_rate=0.05), 6000),
    healthy("hinge", "All margins are kept: every gradient is exactly 0.", net(ReLU(), loss="hinge"), 1500),
    healthy("slow", "A small rate: little has happened, but it gets on.", net(ReLU(), learning_rate=0.003), 2500),
    healthy("slow-sigmoid", "The loss falls late.", net(Sigmoid(), (8,), GLOROT, data=Circles()), 3500),
    healthy("sparse", "Biases of -1: many zeros, a third of a layer dead.",
            net(ReLU(), (32, 32), HeBias(bias=-1.0), data=Circles()), 2000),
    healthy("half-dead", "RMSprop kills half of a layer, the rest is enough.",
            net(ReLU(), optimizer=RMSprop(), learning_rate=0.003), 3000),
    healthy("clipped", "A large rate, held by clipping.", net(ReLU(), learning_rate=1.0, clip_norm=1.0), 2000),
    healthy("single-samples", "Batches of one sample: a noisy course.",
            net(ReLU(), batch_size=1, learning_rate=0.02), 4000),
    healthy("large-batches", "Batches of nearly all samples.", net(ReLU(), batch_size=256, learning_rate=0.5), 1500),
    healthy("dropout", "Neurons that are switched off by chance.", net(ReLU(), (32, 32), dropout=0.2), 2000),
    healthy("asymmetric", "A start with positive weights.", net(ReLU(), start=RandomisedAsymmetric()), 2000),
)  # fmt: skip

DATA = (
    healthy("noisy-labels", "Wrong labels that a small network leaves alone.",
            net(ReLU(), (8,), data=Moons(samples=2000, noise=0.2), label_noise=0.2, learning_rate=0.03), 3000),
    healthy("noisy-digits", "Wrong labels, held by L2.",
            net(ReLU(), (32,), data=Digits(), label_noise=0.2, learning_rate=0.03, l2=0.003), 1500),
    healthy("diabetes", "Half of the variance is all that there is to learn.",
            net(ReLU(), (8,), data=Diabetes(), learning_rate=0.003), 1500),
    healthy("digits", "Ten classes.", net(ReLU(), (32, 32), data=Digits()), 1000),
    healthy("iris", "A small table: a jumpy test loss.", net(ReLU(), (8, 8), data=Iris(), learning_rate=0.03), 1500),
    healthy("wine", "Three classes, few samples.", net(ReLU(), (16,), data=Wine()), 1000),
    healthy("cancer", "Thirty inputs.", net(ReLU(), (16,), data=BreastCancer()), 1000),
    healthy("hills", "A surface with six hills.",
            net(ReLU(), (32, 32), data=MultiGaussian(), learning_rate=0.05), 3000),
    healthy("jump", "A jump needs a steep ramp.", net(ReLU(), (16,), data=Step(), learning_rate=0.05), 1500),
    healthy("abs", "Two neurons would do.", net(ReLU(), (8,), data=Abs(), learning_rate=0.05), 1500),
    healthy("absolute-error", "A loss whose gradient does not fade.",
            net(ReLU(), data=Sine(), loss="absolute", learning_rate=0.01), 3000),
    healthy("xor", "Four neurons.", net(ReLU(), (4,), data=XOR()), 2000),
    Case("four-side-by-side", "Four runs of one lab, each with its own habits.",
         Settings(network=Network(hidden=(16, 16)), training=Training(learning_rate=0.05), runs=(
             Run(activation=Tanh(), initializer=GLOROT, color=0), Run(activation=ReLU(), color=1),
             Run(activation=GELU(), color=2), Run(activation=LeakyReLU(), color=3))), 3000, (NOTHING,) * 4),
)  # fmt: skip

HEALTHY = (*DEEP, *ACTIVATIONS, *COURSE, *DATA)
