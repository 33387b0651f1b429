"""NumPy archives: shapes, kinds of numbers, and everything that is refused."""

import gzip
import io
import json
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from reluviz.core import npzread
from reluviz.core.contents import DataError
from reluviz.core.files import NPZ
from reluviz.core.ticket import Ticket

RNG = np.random.default_rng(0)
X = RNG.standard_normal((30, 3))
Y = np.arange(30) % 3


@pytest.fixture
def archive(tmp_path):
    """Save arrays and give their source."""

    def make(save=np.savez, choices=(), **arrays):
        path = tmp_path / "arrays.npz"
        save(path, **arrays)
        return NPZ(path=str(path), **dict(choices))

    return make


def read(source):
    settled = source.settle(Ticket())
    return settled, settled.contents()


def member(header, content, version=b"\1\0"):
    text = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY" + version + len(text).to_bytes(2, "little") + text + content


def with_members(path, members, how=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", how) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return NPZ(path=str(path))


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", ">f8", ">i2", "u1", "i8", "?"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_numbers_of_every_kind_come_back(archive, save, dtype, order):
    x = np.array(
        X > 0 if dtype == "?" else (X * 20).astype(dtype) if "u" not in dtype else abs(X * 20), dtype, order=order
    )
    settled, contents = read(archive(save, X=x, y=Y))
    np.testing.assert_array_equal(contents.x, x)
    assert contents.x.dtype.isnative
    np.testing.assert_array_equal(contents.y, Y)
    assert contents.class_names == ("0", "1", "2")
    assert settled.answer == "classes"
    assert settled.load().inputs == 3


@pytest.mark.parametrize(
    ("y", "answer", "names"),
    [
        (Y, "classes", ("0", "1", "2")),
        (Y % 2 == 1, "two_classes", ("False", "True")),
        (Y.astype(float) * 10, "classes", ("0", "10", "20")),
        (np.array(["b", "a"] * 15), "two_classes", ("a", "b")),
        (np.array([b"b", b"a"] * 15), "two_classes", ("a", "b")),
        (RNG.standard_normal(30), "number", ()),
        (np.arange(30), "number", ()),
        (Y[:, None], "classes", ("0", "1", "2")),
    ],
    ids=str,
)
def test_what_the_target_means(archive, y, answer, names):
    settled, contents = read(archive(X=X, y=y))
    assert (settled.answer, contents.class_names) == (answer, names)


def test_images_keep_their_shape(archive):
    images = RNG.integers(0, 255, (30, 4, 5), dtype=np.uint8)
    for x in (images, images[..., None]):
        source = archive(X=x, y=Y)
        assert read(source)[1].image_shape == (4, 5)
        np.testing.assert_array_equal(read(source)[1].x, images.reshape(30, 20))
    assert source.load().image_shape == (4, 5)


def test_the_arrays_are_listed_and_chosen(archive):
    source = archive(choices={"inputs_name": "pixels", "target_name": "label"}, pixels=X, label=Y, o=np.array([{}]))
    found = npzread.arrays(source.files[0])
    assert [(name, shape) for name, shape, _ in found] == [("pixels", (30, 3)), ("label", (30,))]
    assert read(source)[1].input_names == ("pixels[0]", "pixels[1]", "pixels[2]")


BAD = [
    ({"X": X}, "has no array 'y': it holds 'X'"),
    ({"X": X, "y": Y[:-1]}, "they need as many rows as each other"),
    ({"X": X, "y": np.eye(3)[Y]}, "one value for each sample is needed"),
    ({"X": X.astype(str), "y": Y}, "holds text: the inputs must be numbers"),
    ({"X": np.array([{}] * 30), "y": Y}, "never Python objects"),
    ({"X": X + 0j, "y": Y}, "only numbers and text are read"),
    ({"X": np.where(X > 2, np.nan, X), "y": Y}, "holds a value that is missing, infinite"),
    ({"X": np.where(X[7, 0] == X, np.inf, X), "y": Y}, "row 7 of 'X' holds a value"),
    ({"X": X, "y": np.where(Y == 2, np.nan, Y)}, "row 2 of 'y' holds a value"),
    ({"X": X[:3], "y": Y[:3]}, "at least 4 are needed"),
    ({"X": X[:, :0], "y": Y}, "has no inputs"),
    ({"X": np.float64(3), "y": Y}, "has the shape ()"),
    ({"X": X, "y": np.zeros(30)}, "at least two different ones are needed"),
    ({"X": X, "y": np.full(30, 0.5)}, "has only the value 0.5"),
    ({"X": X, "y": np.zeros(30, [("a", "f4")])}, "records and Python objects are not read"),
    ({"X": X, "y": np.array([f"name {i}" for i in range(30)] + ["a\nb"])[1:]}, "cannot be the name of a class"),
]


@pytest.mark.parametrize(("arrays", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_what_cannot_be_used_is_refused_in_one_sentence(archive, arrays, sentence):
    with pytest.raises(DataError) as caught:
        read(archive(**arrays))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


HEADER = "{'descr': '<f8', 'fortran_order': False, 'shape': (30, 3), }"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (member(HEADER.replace("30", "100000000000"), X.tobytes()), "says that it has the shape"),
        (member(HEADER.replace("30", "31"), X.tobytes()), "but holds 720 bytes"),
        (member(HEADER.replace("<f8", "|O"), X.tobytes()), "never Python objects"),
        (member(HEADER.replace("(30, 3)", "(-1, 3)"), X.tobytes()), "not a plain array"),
        (member("[" * 90, X.tobytes()), "not a plain array"),
        (member("__import__('os').system('true')", X.tobytes()), "not a plain array"),
        (b"\x93NUMPY\1\0\xff\xff" + b" " * 70_000, "is not a NumPy array"),
        (b"GIF89a", "is not a NumPy array"),
        (b"", "is not a NumPy array"),
    ],
)
def test_headers_that_lie_are_refused(tmp_path, content, sentence):
    good = io.BytesIO()
    np.save(good, Y)
    source = with_members(tmp_path / "lies.npz", {"X.npy": content, "y.npy": good.getvalue()})
    with pytest.raises(DataError) as caught:
        read(source)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_packings_are_refused(tmp_path, how):
    source = with_members(tmp_path / "packed.npz", {"X.npy": member(HEADER, X.tobytes())}, how)
    with pytest.raises(DataError, match="packed in a way that NumPy does not use"):
        read(source)


def test_a_broken_archive_is_refused_wherever_it_is_cut(archive):
    source = archive(np.savez_compressed, X=X, y=Y)
    whole = source.files[0].read_bytes()
    for length in range(1, len(whole), 37):
        source.files[0].write_bytes(whole[:length])
        with pytest.raises(DataError) as caught:
            read(source)
        assert "\n" not in str(caught.value)


def test_an_archive_of_very_many_files_is_refused_before_its_list_is_read(tmp_path):
    source = with_members(tmp_path / "many.npz", {f"{'n' * 60}{i}.npy": b"" for i in range(10_000)})
    with pytest.raises(DataError, match="holds more files than a table of numbers needs"):
        read(source)


BOMB = """
import json, resource, sys, time
from reluviz.core.contents import DataError
from reluviz.core.files import source_for
from reluviz.core.ticket import Ticket
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
said = []
for name in sys.argv[1:]:
    start = time.perf_counter()
    try:
        source_for(Path(name)).settle(Ticket())
        words = "was read"
    except DataError as error:
        words = str(error)
    said.append((words, time.perf_counter() - start))
print(json.dumps([said, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) / 1000]))
"""


def test_bombs_are_refused_quickly_in_little_memory(tmp_path):
    """In a process of its own, whose memory is limited: 400 MB of zeros in an archive, as images and behind labels."""
    big = np.zeros(50_000_000, np.uint8)
    header = HEADER.replace("(30, 3)", "(6250000, 8)")
    bomb = tmp_path / "bomb.npz"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        with file.open("X.npy", "w") as out:
            out.write(member(header, b""))
            for _ in range(8):
                out.write(big.data)
        file.writestr("y.npy", member(HEADER.replace("(30, 3)", "(6250000,)"), b""))
    images = tmp_path / "bomb-images-idx3-ubyte.gz"
    labels = tmp_path / "bomb-labels-idx1-ubyte.gz"
    with gzip.open(images, "wb", 1) as file:
        file.write(bytes([0, 0, 14, 3]) + (60_000).to_bytes(4, "big") + (28).to_bytes(4, "big") * 2)
        for _ in range(8):
            file.write(big.data)
    with gzip.open(labels, "wb", 1) as file:
        file.write(bytes([0, 0, 8, 1]) + (100).to_bytes(4, "big"))
        for _ in range(8):
            file.write(big.data)
    lone = tmp_path / "lone-images-idx3-ubyte.gz"
    lone.write_bytes(gzip.compress(bytes([0, 0, 8, 3, 0, 0, 0, 100, 0, 0, 0, 1, 0, 0, 0, 1]) + bytes(100)))
    (tmp_path / "lone-labels-idx1-ubyte.gz").write_bytes(labels.read_bytes())
    command = [sys.executable, "-c", BOMB, str(bomb), str(images), str(lone)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said, memory = json.loads(done.stdout)
    assert "unpacks from" in said[0][0]
    assert "which is refused" in said[1][0]
    assert "goes on after" in said[2][0]
    assert max(seconds for _, seconds in said) < 1.0
    assert memory < 200
