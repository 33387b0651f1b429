"""Sessions: round trips, and one sentence for everything that is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reluviz.core.activations import ACTIVATIONS, LeakyReLU
from reluviz.core.datasets import DATASETS
from reluviz.core.initializers import INITIALIZERS
from reluviz.core.optimizers import OPTIMIZERS
from reluviz.core.sessionfile import SessionError
from reluviz.core.settings import Run, Settings, Training

BAD = [
    ("", "format is missing"),
    ("format = 2", "format = 2 is not known"),
    ("format = 1\nruns = 3", "runs = 3 is not allowed"),
    ("format = 1\nx =", "not valid TOML"),
    ("format = 1\nx = 3", "x = 3 is not a known key: allowed here are format, data"),
    ("format = 1\n[network]\nhidden = [0]", "network.hidden = (0,) is not allowed: it must be 1 to 64 whole numbers"),
    ("format = 1\n[network]\nhidden = []", "network.hidden = () is not allowed"),
    ("format = 1\n[network]\nhiden = [3]", "network.hiden = [3] is not a known key: allowed here are hidden, seed"),
    ("format = 1\n[network]\nseed = 1.5", "network.seed = 1.5 is not allowed: it must be a whole number from 0 to"),
    ('format = 1\n[data]\nname = "foo"', "data.name = 'foo' is not allowed: it must be one of circles, xor"),
    ("format = 1\n[data]\nsamples = 40", "data.name is missing: it must be one of circles"),
    ('format = 1\n[data]\nname = "circles"\nnoise = 9.0', "data.noise = 9.0 is not allowed: it must be a number"),
    ('format = 1\n[data]\nname = "circles"\nnoise = nan', "data.noise = nan is not allowed"),
    ('format = 1\n[data]\nname = "circles"\nturns = 1', "data.turns = 1 is not a known key: allowed here are samples"),
    ('format = 1\n[[runs]]\nactivation = "rel"', "activation.name = 'rel' is not allowed: it must be one of ident"),
    (
        'format = 1\n[[runs]]\nactivation = {name = "leaky_relu", slope = 9}',
        "runs[0].activation.slope = 9.0 is not allowed: it must be a number from 0 to 0.5",
    ),
    (
        'format = 1\n[[runs]]\nactivation = {name = "leaky_relu", slop = 1}',
        "runs[0].activation.slop = 1 is not a known key: allowed here are slope",
    ),
    ("format = 1\n[[runs]]\nactivation = 3", "runs[0].activation = 3 is not allowed: it must be a name or a table"),
    ('format = 1\n[training]\nlearning_rate = "x"', "training.learning_rate = 'x' is not allowed: it must be a number"),
    ('format = 1\n[training]\nloss = "cubic"', "training.loss = 'cubic' is not allowed: it must be one of auto"),
    ('format = 1\n[training]\nloss = "logistic"\n[data]\nname = "sine"', "training.loss = 'logistic' does not fit"),
    ("format = 1\n[[runs]]\n[[runs]]", "every run needs a colour of its own"),
    ("format = 1\nruns = []", "a lab holds 1 to 6 runs"),
]


@pytest.mark.parametrize(("text", "sentence"), BAD, ids=[text.replace("\n", " ") for text, _ in BAD])
def test_what_is_wrong_is_said_in_one_sentence(text, sentence):
    with pytest.raises(SessionError) as caught:
        Settings.from_toml(text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_default_comes_back():
    assert Settings.from_toml(Settings().to_toml()) == Settings()


@pytest.mark.parametrize("data", DATASETS.values(), ids=list(DATASETS))
def test_every_data_set_comes_back(data):
    settings = Settings(data=data(seed=7))
    assert Settings.from_toml(settings.to_toml()) == settings


def test_every_entry_comes_back():
    for activation in ACTIVATIONS.values():
        for initializer in INITIALIZERS.values():
            for optimizer in OPTIMIZERS.values():
                settings = Settings(
                    training=Training(optimizer=optimizer()),
                    runs=(Run(activation=activation(), initializer=initializer(), learning_rate=0.25, color=4),),
                )
                assert Settings.from_toml(settings.to_toml()) == settings


WIDTHS = st.lists(st.integers(1, 1024), min_size=1, max_size=64)


@given(slope=st.floats(0, 0.5), rate=st.floats(1e-6, 10), hidden=WIDTHS)
def test_numbers_come_back_bit_for_bit(slope, rate, hidden):
    base = Settings()
    settings = base.evolve(
        network=base.network.evolve(hidden=tuple(hidden)),
        training=Training(learning_rate=rate),
        runs=(Run(activation=LeakyReLU(slope=slope)),),
    )
    assert Settings.from_toml(settings.to_toml()) == settings


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    for prefix in ("", "format = 1\n"):
        try:
            Settings.from_toml(prefix + text)
        except SessionError:
            continue


def test_a_huge_or_deep_text_is_refused_at_once():
    for text in ("x" * 2_000_000, "format = 1\nx = " + "[" * 100_000):
        with pytest.raises(SessionError):
            Settings.from_toml(text)


def test_a_short_session_means_the_defaults():
    settings = Settings.from_toml('format = 1\n[data]\nname = "digits"\n[[runs]]\nactivation = "tanh"')
    assert settings.data.samples == 1797
    assert settings.runs[0].activation.key == "tanh"
