"""One's own data as a value: settled once, the same for ever; moved, changed, named in a session."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from reluviz import headless
from reluviz.core.contents import Contents, DataChanged, DataError, DataMissing, Shelf
from reluviz.core.datasets import DATASETS, Digits
from reluviz.core.files import CSV, FILE_SOURCES, IDX, NPZ, is_data, source_for
from reluviz.core.sessionfile import SessionError
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.ticket import Ticket
from reluviz.core.trainer import Trainer
from reluviz.listing import table as listed

TEXT = "länge;breite;sorte\n" + "".join(f"{i},25;{i * i % 7},5;{'rot' if i % 3 else 'blau'}\n" for i in range(60))


@pytest.fixture
def path(tmp_path):
    """A table with semicolons and decimal commas."""
    found = tmp_path / "blumen.csv"
    found.write_text(TEXT, encoding="utf-8")
    return found


def trained(settings, steps=60):
    trainer = Trainer(settings)
    trainer.train(steps)
    return trainer.snapshot().history.values, [run.metrics for run in trainer.snapshot().runs]


def test_a_settled_source_has_no_open_choice_and_settles_to_itself(path):
    settled = source_for(path).settle(Ticket())
    assert settled == CSV(
        path=str(path), sha256=settled.sha256, answer="two_classes", separator="semicolon", decimal="comma",
        header="yes", target="sorte", inputs=("länge", "breite"),
    )  # fmt: skip
    assert len(settled.sha256) == 64
    assert settled.settle(Ticket()) == settled
    assert (settled.label, settled.title, settled.task) == ("blumen.csv", "CSV table", "binary")
    assert settled.load().title == "blumen.csv"
    assert DATASETS["spiral"]().label == "Spiral"


def test_settled_or_not_it_loads_the_same(path):
    source = source_for(path)
    settled = source.settle(Ticket())
    for name in ("x_train", "y_train", "x_test", "y_test", "labels_train"):
        np.testing.assert_array_equal(getattr(source.load(), name), getattr(settled.load(), name))
    assert source.load().task == settled.load().task == "binary"


def test_the_session_comes_back_and_trains_bit_for_bit(path, tmp_path):
    settings = Settings(data=source_for(path).evolve(seed=3, noise=0.2), network=Network(hidden=(5,)))
    settled = settings.settled(Ticket())
    session = tmp_path / "lab.reluviz"
    session.write_text(settled.to_toml(tmp_path), encoding="utf-8")
    assert 'path = "blumen.csv"' in session.read_text(encoding="utf-8")
    again = Settings.from_file(session)
    assert again == settled
    assert Settings.from_toml(settled.to_toml()) == settled
    first, second, third = (trained(each) for each in (settings, settled, again))
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[0], third[0])
    assert first[1] == second[1] == third[1]


def test_folder_and_data_can_move_together(path, tmp_path):
    (tmp_path / "a" / "sub").mkdir(parents=True)
    path = path.rename(tmp_path / "a" / "sub" / path.name)
    settled = Settings(data=source_for(path)).settled(Ticket())
    (tmp_path / "a" / "lab.reluviz").write_text(settled.to_toml(tmp_path / "a"), encoding="utf-8")
    (tmp_path / "a").rename(tmp_path / "b")
    again = Settings.from_file(tmp_path / "b" / "lab.reluviz")
    assert again.data.path == str(tmp_path / "b" / "sub" / path.name)
    assert again.settled(Ticket()) == again


def test_paths_are_located_and_made_portable():
    source = IDX(path="deep/images", labels="/else/labels")
    located = source.located(Path("/labs/one"))
    assert (located.path, located.labels) == ("/labs/one/deep/images", "/else/labels")
    assert located.portable(Path("/labs/one")) == source
    assert located.portable(Path("/labs/on")) == located
    assert CSV().located(Path("/home")) == CSV()


def test_a_missing_file_is_said_and_found_again(path):
    settled = source_for(path).settle(Ticket())
    moved = path.rename(path.with_name("moved.csv"))
    with pytest.raises(DataMissing, match=r"blumen\.csv is not there: put the file back, or say where it is now"):
        settled.settle(Ticket())
    there = settled.evolve(path=str(moved)).settle(Ticket())
    assert there == settled.evolve(path=str(moved))
    np.testing.assert_array_equal(there.load().x_train, settled.load().x_train)


def test_a_changed_file_is_said(path):
    settled = source_for(path).settle(Ticket())
    path.write_text(TEXT.replace("rot", "rosa"), encoding="utf-8")
    with pytest.raises(DataChanged, match="is not the file that the session was made with"):
        settled.settle(Ticket())
    fresh = settled.evolve(sha256="").settle(Ticket())
    assert fresh.sha256 != settled.sha256
    path.write_text("nonsense", encoding="utf-8")
    with pytest.raises(DataChanged):
        settled.settle(Ticket())


def test_a_file_that_changes_while_it_is_read_is_not_believed(path):
    class Writer(Ticket):
        def report(self, done):
            if done > 0.5:
                path.write_text(TEXT + "1;1;rot\n", encoding="utf-8")

    with pytest.raises(DataChanged, match="was written to while it was read"):
        source_for(path).settle(Writer())


def test_what_cannot_be_opened_is_said(tmp_path):
    with pytest.raises(DataError, match="is not a file"):
        CSV(path=str(tmp_path)).settle(Ticket())
    with pytest.raises(DataMissing):
        NPZ(path=str(tmp_path / "none.npz")).settle(Ticket())
    with pytest.raises(DataError, match=r"data\.path is empty"):
        CSV().settle(Ticket())
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(DataError, match="is not a file"):
        CSV(path=str(tmp_path / "pipe.csv")).settle(Ticket())


def test_digits_written_as_a_table_train_like_the_built_in_ones(tmp_path):
    bunch = load_digits()
    pairs = zip(bunch.data, bunch.target, strict=True)
    head = ";".join(bunch.feature_names) + ";digit\n"
    rows = "".join(";".join(f"{v:.1f}".replace(".", ",") for v in x) + f";{y}\n" for x, y in pairs)
    (tmp_path / "digits.csv").write_text(head + rows, encoding="utf-8")
    ours = Settings(data=source_for(tmp_path / "digits.csv"), network=Network(hidden=(12,))).settled(Ticket())
    theirs = Settings(data=Digits(), network=Network(hidden=(12,)))
    np.testing.assert_array_equal(trained(ours)[0], trained(theirs)[0])


def test_samples_are_chosen_by_the_seed(path):
    settled = source_for(path).settle(Ticket())
    few = settled.evolve(samples=20)
    assert len(few.load().x_train) + len(few.load().x_test) == 20
    np.testing.assert_array_equal(few.load().x_train, few.load().x_train)
    assert not np.array_equal(few.load().x_train, few.evolve(seed=2).load().x_train)
    assert not np.array_equal(settled.load().x_train, settled.evolve(noise=0.5).load().x_train)


def test_a_loss_that_does_not_fit_is_refused_once_the_file_is_read(path):
    settings = Settings(data=source_for(path), training=Training(loss="softmax_cross_entropy"))
    sentence = r"training\.loss = 'softmax_cross_entropy' does not fit the data csv: it must be one of auto, logistic"
    with pytest.raises(ValueError, match=sentence):
        settings.settled(Ticket())
    with pytest.raises(ValueError, match=sentence):
        Trainer(settings)
    assert Settings().settled(Ticket()) == Settings()
    fits = Settings(data=source_for(path), training=Training(loss="squared"), runs=(Run(),))
    assert fits.settled(Ticket()).data.task == "binary"


BAD = [
    ("", "data.path is missing"),
    ("path = 3", "data.path = 3 is not allowed: it must be a text of one line"),
    ('path = "a\\nb"', "path = 'a\\nb' is not allowed"),
    ('path = "a.csv"\nsha256 = "12"', "sha256 = '12' is not allowed: it must be 64 digits"),
    ('path = "a.csv"\ninputs = "a"', "data.inputs = 'a' is not allowed: it must be at most 4096 different names"),
    ('path = "a.csv"\ninputs = ["a", "a"]', "inputs = ('a', 'a') is not allowed"),
    ('path = "a.csv"\ninputs = [""]', "inputs = ('',) is not allowed"),
    ('path = "a.csv"\nanswer = "maybe"', "answer = 'maybe' is not allowed: it must be one of auto, number"),
    ('path = "a.csv"\nsamples = 3', "samples = 3 is not allowed: it must be a whole number from 4 to 1000000"),
    ('path = "a.csv"\nsamples = "3"', "samples = '3' is not allowed: it must be a whole number from 4 to 1000000"),
    ('path = "a.csv"\nlabels = "x"', "data.labels = 'x' is not a known key"),
]


@pytest.mark.parametrize(("text", "sentence"), BAD, ids=[text for text, _ in BAD])
def test_a_session_with_a_wrong_choice_is_refused(text, sentence):
    with pytest.raises(SessionError) as caught:
        Settings.from_toml(f'format = 1\n[data]\nname = "csv"\n{text}\n')
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", CSV), ("a.TSV", CSV), ("a.txt", CSV), ("a.dat", CSV), ("a.npz", NPZ), ("a.idx", IDX),
        ("train-images-idx3-ubyte", IDX), ("train-images-idx3-ubyte.gz", IDX), ("a.idx.gz", IDX),
    ],
)  # fmt: skip
def test_the_ending_tells_the_kind(tmp_path, name, kind):
    assert is_data(Path(name))
    source = source_for(tmp_path / name)
    assert type(source) is kind
    assert source.path == str(tmp_path / name)


def test_other_files_are_refused(tmp_path):
    assert not is_data(Path("lab.reluviz"))
    for name, words in (("a.xlsx", "is of no kind that is read"), ("a\n.csv", "cannot be named in a session")):
        with pytest.raises(DataError, match=words):
            source_for(tmp_path / name)
    (tmp_path / "a.gz").write_bytes(b"\x1f\x8b\x08 nothing")
    with pytest.raises(DataError, match="IDX file"):
        source_for(tmp_path / "a.gz")


def test_a_run_without_a_window_reads_its_data_before_it_writes(path, tmp_path):
    session = tmp_path / "lab.reluviz"
    session.write_text('format = 1\n[data]\nname = "csv"\npath = "blumen.csv"\n', encoding="utf-8")
    settings = Settings.from_file(session)
    headless.run(settings, 20, tmp_path / "out", figures=False)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["data_file"] == str(path)
    assert Settings.from_file(tmp_path / "out" / "session.reluviz") == settings.settled(Ticket())
    misfit = settings.evolve(training=Training(loss="softmax_cross_entropy"))
    for wrong, words in ((misfit, "does not fit"), (settings.evolve(data=CSV(path="/none.csv")), "is not there")):
        with pytest.raises(DataError, match=words):
            headless.run(wrong, 20, tmp_path / "other", figures=False)
    assert not (tmp_path / "other").exists()


def test_both_tables_are_listed():
    for key in (*DATASETS, *FILE_SOURCES):
        assert f"\n{key} " in "\n" + listed("datasets")
    assert "at most 4096 different names" in listed("datasets", as_json=True)


def test_the_shelf_keeps_the_newest():
    shelf = Shelf(most_bytes=1000)
    items = [Contents(np.zeros((10, 4)), np.zeros(10), ("a",), "t") for _ in range(4)]
    for place, item in enumerate(items):
        shelf.put(place, item)
    assert [shelf.get(place) is not None for place in range(4)] == [False, False, True, True]
    shelf.get(2)
    shelf.put(4, items[0])
    assert [shelf.get(place) is not None for place in range(5)] == [False, False, True, False, True]
    large = Contents(np.zeros((1000, 4)), np.zeros(10), ("a",), "t")
    shelf.put(5, large)
    assert shelf.get(5) is large
