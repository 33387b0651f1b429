"""Any order of training, edits, changes, branches and looks back leaves a session that repeats the present exactly."""

import random

import pytest

from reluviz.core.activations import ELU, ReLU, Tanh
from reluviz.core.optimizers import SGD, Adam
from reluviz.core.settings import Network, Run, Settings
from reluviz.core.snapshot import NEEDS
from reluviz.core.surgery import (
    AddNoise,
    Freeze,
    Kill,
    RedrawWeights,
    Revive,
    ScaleWeights,
    SetParameter,
    ShiftBiases,
    SpikeRate,
)
from reluviz.core.trainer import Trainer
from reluviz.core.variants import VARIANTS, branched
from reluviz.engine.loop import training_loop
from reluviz.engine.messages import (
    Adopt,
    Advance,
    Continue,
    Failed,
    Look,
    Operate,
    Recorded,
    Restart,
    Reunite,
    Seek,
    SetSpeed,
    TakeBack,
)
from reluviz.engine.wires import Wires

RUNS = (Run(activation=ReLU(), color=0), Run(activation=Tanh(), color=1))
START = Settings(network=Network(hidden=(4, 3)), runs=RUNS)


class Person:
    """Does things at random, as the lab would send them."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.wires = Wires()
        self.loop = training_loop(self.wires, START)
        self.settings, self.session, self.shot = START, START, None
        self.number, self.done = 0, []
        self.send(Look(needs=NEEDS), SetSpeed(float("inf")))

    def send(self, *commands):
        for command in commands:
            self.wires.commands.put(command)
        for _ in range(400):
            busy = next(self.loop)
            self.shot = self.wires.frames.take() or self.shot
            while not self.wires.events.empty():
                event = self.wires.events.get()
                assert not isinstance(event, Failed), event
                if isinstance(event, Recorded):
                    self.session, self.settings = event.session, event.settings
            if not busy:
                return

    def edit(self):
        runs, layer = len(self.settings.runs), self.dice.randrange(2)
        place = {"run": self.dice.randrange(runs), "layer": layer}
        unit = {**place, "unit": self.dice.randrange(3)}
        return self.dice.choice([
            Kill(**unit), Revive(**unit), Freeze(**unit, frozen=self.dice.random() < 0.7),
            SetParameter(**unit, source=self.dice.randrange(-1, 2), value=self.dice.uniform(-2, 2)),
            ShiftBiases(**place, amount=self.dice.uniform(-3, 3)),
            ScaleWeights(**place, factor=self.dice.uniform(0, 2)),
            AddNoise(**place, size=0.3, seed=self.dice.randrange(9)),
            RedrawWeights(**place, seed=self.dice.randrange(9)),
            SpikeRate(run=place["run"], factor=self.dice.uniform(0, 8), steps=self.dice.randrange(1, 30)),
        ])  # fmt: skip

    def change(self):
        training = self.settings.training
        fields = self.dice.choice([
            {"learning_rate": self.dice.uniform(0.001, 0.3)}, {"batch_size": self.dice.randrange(1, 30)},
            {"optimizer": self.dice.choice([SGD(), Adam()])}, {"dropout": self.dice.choice([0.0, 0.2])},
            {"label_noise": self.dice.choice([0.0, 0.2])}, {"clip_norm": self.dice.choice([0.0, 0.5])},
        ])  # fmt: skip
        return self.settings.evolve(training=training.evolve(**fields))

    def act(self):
        deed = self.dice.choice(["train"] * 4 + ["edit"] * 3 + ["change", "back", "swap", "branch", "shrink", "travel"])
        if deed == "train":
            self.send(Advance(self.dice.randrange(1, 60)))
        elif deed == "edit":
            self.number += 1
            self.send(Operate(self.edit(), self.number))
        elif deed == "back" and self.number:
            self.send(TakeBack(self.dice.randrange(1, self.number + 1)))
        elif deed == "change":
            self.send(Adopt(self.change()))
        elif deed == "swap":
            first, *rest = self.settings.runs
            first = first.evolve(activation=self.dice.choice([ReLU(), ELU(), Tanh()]))
            self.send(Adopt(self.settings.evolve(runs=(first, *rest)), swap=True))
        elif deed == "branch":
            run = self.dice.randrange(len(self.settings.runs))
            settings, rows, edits = branched(self.settings, run, (self.dice.choice(list(VARIANTS.values())),))
            if len(settings.runs) > len(self.settings.runs):
                self.send(Adopt(settings, rows=rows), *(Operate(edit, 10_000 + self.number) for edit in edits))
        elif deed == "shrink" and len(self.settings.runs) > 2:
            runs = self.settings.runs[:-1]
            self.send(Adopt(self.settings.evolve(runs=runs), rows=tuple(range(len(runs)))))
        elif deed == "travel":
            self.travel()

    def travel(self):
        present = self.shot.present if self.shot.present >= 0 else self.shot.step
        self.send(Seek(self.dice.randrange(present + 1)))
        self.check()
        deed = self.dice.choice(["return", "return", "continue", "reunite", "repeat"])
        if deed == "return":
            self.send(Seek(None))
        elif deed == "continue":
            self.number += 1
            self.done.append(self.number)
            self.send(Continue(self.number))
        elif deed == "reunite" and self.done:
            self.send(Reunite(self.done[-1]))
        elif deed == "repeat":
            self.send(Restart(repeat=True), Advance(present))
        self.send(Seek(None))

    def check(self):
        """A trainer that knows the session alone comes to the same state."""
        again = Trainer(Settings.from_toml(self.session.to_toml()), self.shot.dataset)
        again.train(self.shot.step)
        wanted = again.snapshot()
        assert (wanted.step, wanted.settings) == (self.shot.step, self.shot.settings)
        for one, other in zip(wanted.runs, self.shot.runs, strict=True):
            assert one.theta.tobytes() == other.theta.tobytes()
            assert one.frozen.tolist() == other.frozen.tolist()
            assert one.killed.tolist() == other.killed.tolist()


def search(seed, deeds):
    person = Person(seed)
    for _ in range(deeds):
        person.act()
    person.check()


@pytest.mark.parametrize("seed", range(4))
def test_sessions_repeat_the_present(seed):
    search(seed, 25)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 112))
def test_many_sessions_repeat_the_present(seed):
    search(seed, 60)
