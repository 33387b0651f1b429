"""The lab: every edit is one undo step, edits of one drag are one, and the engine follows and ends."""

import threading
from itertools import pairwise

import pytest

from reluviz.core.activations import ACTIVATIONS, LeakyReLU, ReLU, Sigmoid
from reluviz.core.datasets import DATASETS
from reluviz.core.formula import Constant, Formula
from reluviz.core.initializers import INITIALIZERS, GlorotNormal, HeNormal
from reluviz.core.labels import run_labels
from reluviz.core.layers import BatchNorm
from reluviz.core.optimizers import OPTIMIZERS, Adam
from reluviz.core.schedules import StepDecay
from reluviz.core.settings import MOST_RUNS, Network, Run, Settings, Training
from reluviz.core.surgery import Kill, SetParameter
from reluviz.engine.messages import Adopt
from reluviz.ui.edits import (
    SWAPS,
    add_run,
    duplicate_run,
    new_sample,
    new_start,
    remove_run,
    restarts,
    with_data,
    with_run,
)
from reluviz.ui.lab import Lab
from reluviz.ui.wording import describe_change, number_text

WAIT_MS = 60_000


@pytest.fixture
def lab(qapp):
    """A lab whose engine has not been started."""
    made = Lab(Settings())
    yield made
    made.close()


def rate(value):
    """The default lab with another learning rate."""
    return Settings(training=Training(learning_rate=value))


def test_edits_are_undone_and_made_again(lab):
    heard = []
    lab.settings_changed.connect(heard.append)
    lab.edit(rate(0.3))
    lab.edit(rate(0.3))
    lab.edit(new_start(lab.settings))
    assert lab.undo_stack.count() == 2
    lab.undo_stack.undo()
    lab.undo_stack.undo()
    assert lab.settings == Settings()
    lab.undo_stack.redo()
    assert lab.settings == rate(0.3)
    assert len(heard) == 5


def test_one_drag_is_one_step(lab):
    for value in (0.2, 0.3, 0.4):
        lab.edit(rate(value), gesture=("rate", 1))
    lab.edit(rate(0.5), gesture=("rate", 2))
    assert lab.undo_stack.count() == 2
    assert lab.undo_stack.command(0).text() == "learning rate 0.1 → 0.4"
    lab.undo_stack.undo()
    assert lab.settings == rate(0.4)


def test_a_drag_that_comes_back_leaves_no_step(lab):
    for value in (0.2, 0.1):
        lab.edit(rate(value), gesture="drag")
    assert lab.settings == Settings()
    assert lab.undo_stack.count() == 0


def test_a_thousand_edits_keep_their_commands(lab):
    for seed in range(1000):
        lab.edit(Settings(network=Network(seed=seed + 2)))
    for _ in range(1000):
        lab.undo_stack.undo()
    assert lab.settings == Settings()


@pytest.mark.parametrize(
    ("after", "text"),
    [
        (rate(0.03), "learning rate 0.1 → 0.03"),
        (Settings(network=Network(hidden=(4,))), "hidden layers 8, 8, 8 → 4"),
        (Settings(data=DATASETS["moons"]()), "data set Spiral → Moons"),
        (Settings(training=Training(optimizer=Adam())), "optimiser SGD → Adam"),
        (Settings(training=Training(l1=1e-5)), "L1 0 → 1e-05"),
        (add_run(Settings()), "add Tanh"),
        (remove_run(Settings(), 0), "remove Sigmoid"),
        (with_run(Settings(), 1, Run(activation=LeakyReLU(), color=1)), "activation ReLU → Leaky ReLU"),
        (with_run(Settings(), 1, Run(learning_rate=0.5, color=1)), "ReLU: own rate off → 0.5"),
        (with_run(Settings(), 1, Run(activation=Formula("sin(x)"), color=1)), "activation ReLU → sin(x)"),
        (with_run(Settings(), 1, Run(layer_activations=(ReLU(), Sigmoid()), color=1)), "ReLU: layer 2: activation"),
        (with_run(Settings(), 1, Run(layer=BatchNorm(), color=1)), "ReLU: layers Dense → Batch normalisation"),
        (Settings(training=Training(schedule=StepDecay())), "schedule Constant → Step"),
        (Settings(network=Network(seed=2), training=Training(batch_size=4)), "start seed 1 → 2, batch size 10 → 4"),
    ],
    ids=range(14),
)
def test_undo_texts(after, text):
    assert describe_change(Settings(), after).startswith(text)


def test_a_long_formula_is_shortened_in_an_undo_text():
    short, long = Formula("sin(x)"), Formula(" + ".join(["sin(x)"] * 30))
    before, after = (with_run(Settings(), 1, Run(activation=each, color=1)) for each in (short, long))
    text = describe_change(before, after)
    assert text.startswith("sin(x): f(x) sin(x) → sin(x) + sin(x)")
    assert len(text) < 90
    moved = with_run(Settings(), 1, Run(activation=Formula("a*x", (Constant("a", 1.0, 0.0, 9.0),)), color=1))
    assert describe_change(with_run(Settings(), 1, Run(activation=Formula("a*x"), color=1)), moved) == "a*x: range of a"


def test_the_window_knows_what_restarts():
    """`restarts` mirrors Settings.model, field by field."""
    base = Settings()
    changes = {
        ("lab", "data"): Settings(data=DATASETS["xor"]()),
        ("data", "noise"): Settings(data=base.data.evolve(noise=0.2)),
        ("network", "hidden"): Settings(network=Network(hidden=(2,))),
        ("network", "seed"): Settings(network=Network(seed=5)),
        ("training", "optimizer"): Settings(training=Training(optimizer=Adam())),
        ("training", "learning_rate"): rate(0.5),
        ("training", "batch_size"): Settings(training=Training(batch_size=3)),
        ("training", "l1"): Settings(training=Training(l1=0.1)),
        ("training", "l2"): Settings(training=Training(l2=0.1)),
        ("training", "clip_norm"): Settings(training=Training(clip_norm=1.0)),
        ("training", "schedule"): Settings(training=Training(schedule=StepDecay())),
        ("training", "warmup"): Settings(training=Training(warmup=9)),
        ("training", "clip_value"): Settings(training=Training(clip_value=1.0)),
        ("training", "dropout"): Settings(training=Training(dropout=0.1)),
        ("training", "label_noise"): Settings(training=Training(label_noise=0.1)),
        ("network", "precision"): Settings(network=Network(precision="float64")),
        ("run", "layer"): with_run(base, 0, base.runs[0].evolve(layer=BatchNorm())),
        ("run", "layer_activations"): with_run(base, 0, base.runs[0].evolve(layer_activations=(ReLU(),))),
        ("training", "loss"): Settings(training=Training(loss="squared")),
        ("run", "activation"): with_run(base, 0, base.runs[0].evolve(activation=ReLU())),
        ("run", "initializer"): with_run(base, 0, base.runs[0].evolve(initializer=HeNormal())),
        ("run", "learning_rate"): with_run(base, 0, base.runs[0].evolve(learning_rate=0.2)),
    }
    for (scope, name), after in changes.items():
        assert restarts(scope, name) == (after.model != base.model), (scope, name)
    leaky = with_run(base, 0, base.runs[0].evolve(activation=LeakyReLU()))
    steeper = with_run(base, 0, base.runs[0].evolve(activation=LeakyReLU(slope=0.3)))
    assert restarts("run.activation", "slope") == (leaky.model != steeper.model)
    plain = with_run(base, 0, base.runs[0].evolve(layer=BatchNorm()))
    skipping = with_run(base, 0, base.runs[0].evolve(layer=BatchNorm(residual=True)))
    assert restarts("run.layer", "residual") == (plain.model != skipping.model)
    typed = with_run(base, 0, base.runs[0].evolve(activation=Formula("a*x")))
    turned = with_run(base, 0, base.runs[0].evolve(activation=Formula("a*x").with_value("a", 2.0)))
    assert typed.model == turned.model


@pytest.mark.parametrize(("scope", "name"), sorted(SWAPS))
def test_what_can_be_swapped_leaves_the_frame_alone(scope, name):
    base = Settings()
    value = {"activation": ReLU(), "layer_activations": (ReLU(),)}[name]
    after = with_run(base, 0, base.runs[0].evolve(**{name: value}))
    assert after.model != base.model
    assert after.frame == base.frame


def test_the_switch_is_told_once_and_an_edit_remembers_it(lab):
    heard = []
    lab.keep_weights_changed.connect(heard.append)
    lab.set_keep_weights(True)
    lab.set_keep_weights(True)
    assert heard == [True]
    lab.edit(rate(0.3))
    lab.set_keep_weights(False)
    lab.undo_stack.undo()
    lab.edit(rate(0.4))
    # The engine has not been started: what it was told is still in its queue.
    sent = [lab._engine._commands.get_nowait() for _ in range(lab._engine._commands.qsize())]
    adopted = [command.swap for command in sent if isinstance(command, Adopt)]
    assert adopted == [True, True, False]


def test_runs_come_and_go():
    settings = Settings()
    for _ in range(MOST_RUNS - 2):
        settings = add_run(settings)
    assert len({run.activation.key for run in settings.runs}) == MOST_RUNS
    assert {run.color for run in settings.runs} == set(range(MOST_RUNS))
    for _ in range(10):
        settings = remove_run(settings, 0)
    assert len(settings.runs) == 1
    twice = duplicate_run(settings, 0)
    assert len(set(run_labels(twice))) == 2
    assert twice.runs[0].color != twice.runs[1].color


def test_a_new_run_gets_the_fitting_start():
    only_relu = Settings(runs=(Run(),))
    assert add_run(only_relu).runs[1] == Run(activation=Sigmoid(), initializer=GlorotNormal(), color=1)


def test_another_task_takes_a_loss_that_fits():
    settings = with_data(Settings(training=Training(loss="logistic")), DATASETS["sine"]())
    assert settings.training.loss == "auto"
    assert with_data(Settings(training=Training(loss="squared")), DATASETS["sine"]()).training.loss == "squared"


def test_seeds_wrap_around():
    last = 2**31 - 1
    assert new_start(Settings(network=Network(seed=last))).network.seed == 0
    assert new_sample(Settings(data=Settings().data.evolve(seed=last))).data.seed == 0


@pytest.mark.parametrize(("value", "text"), [(0.1, "0.1"), (1e-6, "1e-06"), (0, "0"), (10.0, "10"), (-0.5, "-0.5")])
def test_numbers_are_short(value, text):
    assert number_text(value) == text


def test_the_engine_follows_and_ends(qtbot):
    lab = Lab(Settings())
    seen = []

    def newest(condition):
        def look():
            snapshot = lab.poll()
            if snapshot is not None:
                seen.append(snapshot)
            return bool(seen) and condition(seen[-1])

        qtbot.waitUntil(look, timeout=WAIT_MS)

    with qtbot.waitSignal(lab.ready, timeout=WAIT_MS):
        lab.start()
        newest(lambda snapshot: snapshot.step == 0)
    playing = []
    lab.playing_changed.connect(playing.append)
    lab.step(5)
    newest(lambda snapshot: snapshot.step == 5)
    newest(lambda snapshot: not lab.playing)
    assert playing in ([], [True, False])
    lab.play()
    newest(lambda snapshot: snapshot.step > 50)
    lab.edit(rate(0.3))
    newest(lambda snapshot: snapshot.settings == rate(0.3) and snapshot.step > 50)
    lab.edit(Settings(network=Network(hidden=(2,))))
    newest(lambda snapshot: snapshot.settings.network.hidden == (2,))
    steps = [snapshot.step for snapshot in seen if snapshot.settings == Settings()]
    assert all(a <= b for a, b in pairwise(steps))
    assert lab.close()
    assert lab.close()
    assert not any(thread.name == "training" for thread in threading.enumerate())


def test_a_swap_goes_on_and_so_does_its_undo(qtbot):
    lab = Lab(Settings())
    lab.set_keep_weights(True)
    told, restarts_told = [], []
    lab.swapped.connect(told.append)
    lab.restarted.connect(restarts_told.append)
    newest = []

    def until(condition):
        def look():
            snapshot = lab.poll()
            newest[:] = [snapshot] if snapshot is not None else newest
            return bool(newest) and condition(newest[0])

        qtbot.waitUntil(look, timeout=WAIT_MS)

    lab.start()
    lab.step(40)
    until(lambda snapshot: snapshot.step == 40)
    lab.edit(with_run(lab.settings, 0, lab.settings.runs[0].evolve(activation=ReLU())))
    until(lambda snapshot: snapshot.settings == lab.settings)
    assert newest[0].step == 40
    lab.set_keep_weights(False)
    lab.undo_stack.undo()
    until(lambda snapshot: snapshot.settings == Settings())
    assert newest[0].step == 40
    assert told == [40, 40]
    assert restarts_told == []
    lab.undo_stack.redo()
    until(lambda snapshot: snapshot.settings == lab.settings)
    lab.edit(with_run(lab.settings, 0, lab.settings.runs[0].evolve(activation=LeakyReLU())))
    until(lambda snapshot: snapshot.step == 0)
    assert restarts_told == ["an activation changed"]
    assert lab.close()


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_every_activation_start_and_optimiser_can_be_undone(lab, key):
    for initializer in INITIALIZERS.values():
        for optimizer in OPTIMIZERS.values():
            run = Run(activation=ACTIVATIONS[key](), initializer=initializer())
            lab.edit(Settings(runs=(run,), training=Training(optimizer=optimizer())))
    while lab.undo_stack.canUndo():
        lab.undo_stack.undo()
    assert lab.settings == Settings()


def test_an_edit_by_hand_is_an_undo_step(qtbot):
    lab = Lab(Settings())
    said = []
    lab.edited.connect(lambda *words: said.append(words))
    lab.refused.connect(lambda words: said.append(words))
    lab.start()
    try:
        lab.operate(SetParameter(1, 0, 2, 1, 0.75))
        assert lab.undo_stack.undoText() == "set weight 2 of neuron 3 of layer 1 to 0.75"
        lab.undo_stack.undo()
        lab.undo_stack.redo()
        lab.operate(Kill(0, 3, 0))
        qtbot.waitUntil(lambda: lab.poll() is None and len(said) == 4, timeout=60_000)
        assert said[:3] == [(0, False, True), (0, True, True), (0, False, True)]
        assert said[3].startswith("an output cannot be killed")
    finally:
        lab.close()
