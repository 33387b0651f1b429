"""Malformed sessions, tables, archives and images: each is read, or refused in one sentence, and soon."""

import gzip
import io
import random
import resource
import struct
import time
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reluviz.core import contents
from reluviz.core.contents import DataError
from reluviz.core.files import source_for
from reluviz.core.sessionfile import SessionError
from reluviz.core.settings import Network, Run, Settings
from reluviz.core.ticket import Ticket

LIMIT_S = 1.0
LIMIT_MB = 200
X = np.random.default_rng(0).standard_normal((40, 3)).round(3)
Y = np.arange(40) % 3


def table(separator=",", decimal=".", end="\n", quote=""):
    rows = [[f"{v}".replace(".", decimal) for v in row] + [f"{quote}k{y}{quote}"] for row, y in zip(X, Y, strict=True)]
    return end.join(separator.join(row) for row in [["a", "b", "größe", "t"], *rows]).encode() + end.encode()


def archive(save, **arrays):
    out = io.BytesIO()
    save(out, **arrays)
    return out.getvalue()


def idx(array, code=8):
    return struct.pack(f">4B{array.ndim}I", 0, 0, code, array.ndim, *array.shape) + array.tobytes()


def members(**content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in content.items():
            file.writestr(f"{name}.npy", text)
    return out.getvalue()


IMAGES = idx(np.arange(40 * 6, dtype=np.uint8).reshape(40, 2, 3))
LABELS = idx((np.arange(40) % 4).astype(np.uint8))
SESSIONS = [
    Settings().to_toml().encode(),
    Settings(network=Network(hidden=(3, 2)), runs=(Run(),)).to_toml().encode(),
    b'format = 1\n[data]\nname = "csv"\npath = "t.csv"\ninputs = ["a", "b"]\n[training]\nloss = "squared"\n',
    b'format = 1\n[data]\nname = "idx"\npath = "i"\nlabels = "l"\n[[runs]]\nactivation = {name = "elu", alpha = 0.5}\n',
]
VALID = {
    ".reluviz": SESSIONS,
    ".csv": [
        table(),
        table(";", ","),
        table("\t", ".", "\r\n", '"'),
        b"\xef\xbb\xbf" + table(";", ",", "\r"),
        table().decode().encode("utf-16"),
        table().decode().encode("cp1252"),
    ],
    ".npz": [archive(np.savez, X=X, y=Y), archive(np.savez_compressed, X=X.astype("f4"), y=Y.astype("U3"))],
    "-images-idx3-ubyte": [IMAGES],
    "-images-idx3-ubyte.gz": [gzip.compress(IMAGES, mtime=0)],
}
# What has broken readers of these formats before, as whole files and as pieces put into good ones.
KEPT = {
    ".reluviz": [
        b"", b"[" * 100_000, b"a=" + b"[" * 50_000, b"format = 1\n" + b"[a]\n" * 3, b"format = nan", b"format = 1e999",
        b"format = " + b"9" * 9000, b"\xff\xfe", b"\0", b'format = 1\n"a\\u0000b" = 1', b"format = 1\nruns = [[[]]]",
        b'format = 1\n[data]\nname = "csv"\npath = "a\\u2028b"', b'format = 1\n[data]\nname = "csv"\npath = "\\ud800"',
        b"format = 1\n" + b"x" * 2_000_000, b'format = 1\ndata = "digits"', b"format = 1\n" + b"a." * 3000 + b"a = 1",
        b"format = 1\nruns = 1979-05-27", b"format = 1\n[network]\nhidden = [" + b"1," * 400_000 + b"]",
        b'format = 1\n"\\n\\r\\u2029" = 1', b'format = 1\n[data]\nname = "\\n"', b"format = 1\n[[runs]]\n" * 2,
    ],
    ".csv": [
        b"", b"\0", b'"', b'a,b\n"', b"a,b\n" + b'"' * 200_000, b"," * 900_000, b",\n" * 400_000, b"\n" * 900_000,
        b"1,2\n" * 3, b"a;b\n" + b"1" * 140_000 + b";2\n", b"\xff\xfe", b"\xff\xfe\0", b"\xef\xbb\xbf",
        b"a,b\n1,1e999\n" * 5,
        b"a,b\n" + b"1_0,2\n" * 9, b"a,b\n" + "١,٢\n".encode() * 9, b"a,a,a\n1,2,3\n2,3,4\n3,4,5\n4,5,6\n",
        b"a,b\n" + b"1," * 499_000, b'a,b\n"' + b"\n" * 120_000 + b'",2\n', b"x,t\n" + b"1e-400,1\n-1e-400,2\n" * 5,
        b"\xfe\xff" + b"\xd8\0" * 50, b"x,t\n" + b"5,1\n5,2\n" * 5, b"x,t\n" + b"1e99,1\n-1e99,2\n" * 5,
        b"a,b\n" + b'"1\n",x\n"2\r\n",y\n' * 4, b"a,b\n" + b"1" * 120_000 + b",2\n3,4\n" * 3,
        b"x,t\n" + b",".join(b"%d" % i for i in range(150_000)),
    ],
    ".npz": [
        b"", b"PK\5\6" + b"\0" * 18, b"PK\5\6" + b"\xff" * 18, members(X=b"", y=b""), members(X=b"\x93NUMPY"),
        members(X=b"\x93NUMPY\1\0\xff\xff{", y=b"\x93NUMPY\3\0\xff\xff\xff\xff"), b"PK\3\4" + b"\0" * 60,
        archive(np.savez, X=np.array([{}, 1]), y=Y), archive(np.savez, X=np.full((40, 3), 1e308), y=Y),
        archive(np.savez, X=X, y=np.zeros(40, "M8[s]")), archive(np.savez, X=X, y=np.array(["\n"] * 40)),
        archive(np.savez, X=np.zeros((0, 3)), y=np.zeros(0)), archive(np.savez, X=np.zeros((40, 0)), y=Y),
        members(X=b"\x93NUMPY\1\0\x76\0{'descr': '<f8', 'fortran_order': False, 'shape': (999999999,), }" + b" " * 60),
    ],
    "-images-idx3-ubyte": [
        b"", b"\0\0\x08\x03", b"\0\0\x08\x03" + b"\xff" * 12, b"\0\0\x08\x03" + b"\0" * 12,
        b"\0\0\x08\x01\0\0\0\x28" + b"\1" * 40,
        idx(np.zeros((40, 0, 3), np.uint8)), idx(np.frombuffer(b"\xff" * 1280, ">f4").reshape(40, 8), 13),
    ],
    "-images-idx3-ubyte.gz": [
        b"\x1f\x8b", b"\x1f\x8b\x08\xff" + b"\xff" * 40, gzip.compress(b""), gzip.compress(gzip.compress(IMAGES)),
        gzip.compress(IMAGES + b"\0" * 30_000_000),
        gzip.compress(b"\0\0\x08\x03\0\x01\0\0\0\0\x03\0\0\0\0\x01" + b"\0" * 9_000_000),
    ],
}  # fmt: skip
PIECES = [
    b"\0", b"\n", b"\r", b'"', b"'", b",", b";", b"\t", b"nan", b"-inf", b"1e999", b"1_0", b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"[[", b"{", b"=", b"\xe2\x80\xa8", b"(99999999999,)", b"|O8", b"'shape': (", b"PK\3\4", b"\xd9\xa1", b"=cmd",
    b"[data]\n",
]  # fmt: skip


def mutated(content, rng):
    """A malformed copy: one to four changes of a kind that happens or that somebody tries."""
    broken = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(broken) + 1)
        match rng.randrange(8):
            case 0 if broken:
                broken[place % len(broken)] ^= 1 << rng.randrange(8)
            case 1:
                del broken[place:]
            case 2:
                broken[place:place] = rng.choice(PIECES)
            case 3:
                broken[place : place + rng.randint(1, 40)] = b""
            case 4:
                broken[place : place + 8] = rng.randbytes(rng.randint(1, 12))
            case 5:
                end = place + rng.randint(1, 200)
                broken[place:place] = bytes(broken[place:end]) * rng.randint(1, 30)
            case 6 if broken:
                broken[place % len(broken)] = rng.choice(b"0123456789,;.\"'\n\r\0\xff")
            case 7 if rng.random() < 0.05:
                broken[:] = rng.randbytes(rng.randint(0, 400))
    return bytes(broken)


def refusal(path, ending):
    """Read a file as the program would; the sentence of its refusal, or "" if it is fine."""
    try:
        if ending == ".reluviz":
            Settings.from_file(path)
            return ""
        settled = source_for(path).settle(Ticket())
    except (DataError, SessionError) as error:
        return str(error)
    dataset = settled.load()
    for array in (dataset.x_train, dataset.y_train, dataset.x_test, dataset.y_test):
        assert np.isfinite(array).all()
    assert Settings.from_toml(Settings(data=settled).to_toml()).data == settled
    return ""


def check(cases, folder):
    """Read every case; returns how many there were and how many were refused."""
    (folder / "f-labels-idx1-ubyte").write_bytes(LABELS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = refused = 0
    for ending, content in cases:
        path = folder / f"f{ending}"
        path.write_bytes(content)
        # The processor's time: another program on a busy machine must not fail this.
        start = time.process_time()
        words = refusal(path, ending)
        spent = time.process_time() - start
        assert spent < LIMIT_S, f"{ending} took {spent:.1f} s: {content[:200]!r}"
        if words:
            assert len(words.splitlines()) == 1, words
            assert len(words) < 700, words
            assert "Traceback" not in words
            assert ending == ".reluviz" or path.name in words, words
            assert words.isprintable() or ending == ".reluviz", repr(words)
        count, refused = count + 1, refused + bool(words)
        # Nothing is taken from the shelf, and nothing on it counts as memory in use.
        contents.SHELF._kept.clear()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
    assert grown < LIMIT_MB, f"the memory grew by {grown:.0f} MB"
    return count, refused


def mutations(ending, count, seed):
    rng = random.Random(f"{ending} {seed}")
    for _ in range(count):
        yield ending, mutated(rng.choice(VALID[ending]), rng)


@pytest.mark.parametrize("ending", VALID)
def test_the_good_files_are_good(tmp_path, ending):
    good = [(ending, content) for content in VALID[ending]]
    assert check(good, tmp_path) == (len(good), 0)


@pytest.mark.parametrize(("ending", "place"), [(ending, i) for ending, kept in KEPT.items() for i in range(len(kept))])
def test_kept_examples_are_read_or_refused(tmp_path, ending, place):
    assert check([(ending, KEPT[ending][place])], tmp_path)[0] == 1


@pytest.mark.parametrize("ending", VALID)
def test_mutations_are_read_or_refused(tmp_path, ending):
    count, refused = check(mutations(ending, 400, 0), tmp_path)
    assert count == 400
    assert refused > 100


@pytest.mark.parametrize("ending", VALID)
@given(data=st.data())
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_searched_for_is_read_or_refused(tmp_path, ending, data):
    """Changes that are chosen one by one, and made smaller where one of them fails."""
    content = bytearray(data.draw(st.sampled_from(VALID[ending])))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content)))
        gone = data.draw(st.integers(0, 40))
        content[place : place + gone] = data.draw(st.sampled_from(PIECES) | st.binary(max_size=12))
    assert check([(ending, bytes(content))], tmp_path)[0] == 1


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("ending", VALID)
def test_20_000_mutations_are_read_or_refused(tmp_path, ending, part):
    # 10 parts of 5 kinds of 400 files.
    count, refused = check(mutations(ending, 400, 1 + part), tmp_path)
    assert count == 400
    assert refused > 100
