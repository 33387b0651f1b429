"""IDX files, the form of MNIST."""

import gzip
import struct

import numpy as np
import pytest
from sklearn.datasets import load_digits

from reluviz.core import idxread
from reluviz.core.contents import DataError
from reluviz.core.datasets import Digits
from reluviz.core.files import IDX, source_for
from reluviz.core.ticket import Ticket

CODES = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}


def idx(array, dtype="u1"):
    """An array in the form of MNIST."""
    head = struct.pack(f">4B{array.ndim}I", 0, 0, CODES[dtype], array.ndim, *array.shape)
    return head + array.astype(f">{dtype}").tobytes()


@pytest.fixture
def digits(tmp_path):
    """Write the digits of scikit-learn in the form of MNIST."""

    def make(dtype="u1", packed=(False, False), names=("train-images-idx3-ubyte", "train-labels-idx1-ubyte")):
        bunch = load_digits()
        for name, array, pack, kind in zip(names, (bunch.images, bunch.target), packed, (dtype, "u1"), strict=True):
            content = idx(array, kind)
            path = tmp_path / (name + ".gz" * pack)
            path.write_bytes(gzip.compress(content) if pack else content)
        return tmp_path / (names[0] + ".gz" * packed[0])

    return make


@pytest.mark.parametrize("dtype", CODES)
@pytest.mark.parametrize("packed", [(False, False), (True, True), (True, False), (False, True)])
def test_digits_in_the_form_of_mnist_are_the_built_in_digits_bit_for_bit(digits, dtype, packed):
    path = digits(dtype, packed)
    source = source_for(path)
    assert isinstance(source, IDX)
    settled = source.settle(Ticket())
    assert settled.answer == "classes"
    ours, theirs = settled.load(), Digits().load()
    for name in ("x_train", "y_train", "x_test", "y_test", "labels_train", "labels_test"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))
    assert ours.image_shape == (8, 8)
    assert idxread.header(path) == ((1797, 8, 8), np.dtype(f">{dtype}"))


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
        ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
        ("images-idx3-ubyte", "labels-idx1-ubyte"),
    ],
)
def test_the_labels_are_found_by_their_name(digits, tmp_path, images, labels):
    path = digits(names=(images, labels))
    assert idxread.guess_labels(path) == tmp_path / labels
    assert source_for(path).labels == str(tmp_path / labels)
    assert IDX(path=str(path)).settle(Ticket()).labels == str(tmp_path / labels)


def test_without_labels_their_file_must_be_named(digits, tmp_path):
    path = digits(names=("pictures.idx", "words.idx"))
    with pytest.raises(DataError, match=r"has no labels beside it: name their file in data.labels"):
        IDX(path=str(path)).settle(Ticket())
    named = IDX(path=str(path), labels=str(tmp_path / "words.idx"))
    assert named.settle(Ticket()).task == "classes"
    with pytest.raises(DataError, match="is not there"):
        named.evolve(labels=str(tmp_path / "none.idx")).settle(Ticket())


GOOD = idx(np.arange(40 * 4).reshape(40, 2, 2))
LABELS = idx(np.arange(40) % 4)
BAD = [
    (GOOD[:-1], LABELS, "ends early: its header says 160 bytes, 159 are there"),
    (GOOD + b"\0", LABELS, "goes on after the 160 bytes"),
    (GOOD[:9], LABELS, "ends within its header"),
    (b"\0\0\x0a\3" + GOOD[4:], LABELS, "is not an IDX file"),
    (b"\0\1\x08\3" + GOOD[4:], LABELS, "is not an IDX file"),
    (b"\0\0\x08\0" + GOOD[4:], LABELS, "is not an IDX file"),
    (b"\0\0\x08\xff" + b"\xff" * 400, LABELS, "is not an IDX file"),
    (struct.pack(">4B3I", 0, 0, 8, 3, 2**32 - 1, 2**32 - 1, 2**32 - 1), LABELS, "at most 60 million are read"),
    (struct.pack(">4B3I", 0, 0, 14, 3, 60, 1000, 1000), LABELS, "at most 100 times its size is read"),
    (GOOD, idx(np.arange(39) % 4), "there must be as many"),
    (GOOD, GOOD, "labels are one number for each image"),
    (GOOD, idx(np.zeros(40)), "at least two different ones are needed"),
    (GOOD, idx(np.where(np.arange(40) == 5, np.nan, 1.0), "f4"), "row 5 of the labels holds a value"),
    (idx(np.full((40, 1, 1), np.inf), "f8"), LABELS, "row 0 of the images holds a value"),
    (gzip.compress(GOOD)[:-9], LABELS, "is not a whole IDX file"),
    (gzip.compress(GOOD)[:12], LABELS, "is not a whole IDX file"),
    (b"\x1f\x8b" + GOOD, LABELS, "is not a whole IDX file"),
    (b"", LABELS, "is empty"),
]


@pytest.mark.parametrize(("images", "labels", "sentence"), BAD, ids=[sentence for *_, sentence in BAD])
def test_what_cannot_be_used_is_refused_in_one_sentence(tmp_path, images, labels, sentence):
    (tmp_path / "images-idx3-ubyte").write_bytes(images)
    (tmp_path / "labels-idx1-ubyte").write_bytes(labels)
    with pytest.raises(DataError) as caught:
        source_for(tmp_path / "images-idx3-ubyte").settle(Ticket())
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
