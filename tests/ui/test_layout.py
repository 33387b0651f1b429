"""What is remembered between two starts: whole, or not at all; damage of any kind never gets through."""

import random

import pytest

from reluviz.ui.layout import FILE, MARKER, Layout, LayoutStore
from reluviz.ui.preferences import FILE as PREFERENCES_FILE
from reluviz.ui.preferences import Preferences, load, save

LAYOUT = Layout(bytes(range(60)), bytes(range(256)) * 4)


def damaged(whole, count=300):
    """Truncations, flipped bits and swapped pieces of a file."""
    draw = random.Random(1)
    for _ in range(count):
        content = bytearray(whole)
        place = draw.randrange(len(content))
        match draw.randrange(3):
            case 0:
                del content[place:]
            case 1:
                content[place] ^= 1 << draw.randrange(8)
            case 2:
                content[place : place + 8] = draw.randbytes(8)
        yield bytes(content)
    yield from (b"", b"null", b"[]", b"{}", b"\xff\xfe\x00", b"[" * 200_000)


def test_a_layout_comes_back(tmp_path):
    store = LayoutStore(tmp_path / "new" / "folder")
    assert store.load() is None
    store.save(LAYOUT)
    assert store.load() == LAYOUT
    store.forget()
    assert store.load() is None


def test_damaged_bytes_never_get_through(tmp_path):
    store = LayoutStore(tmp_path)
    store.save(LAYOUT)
    whole = (tmp_path / FILE).read_bytes()
    for content in damaged(whole):
        (tmp_path / FILE).write_bytes(content)
        assert store.load() in (None, LAYOUT)


def test_another_version_is_left_alone(tmp_path, monkeypatch):
    store = LayoutStore(tmp_path)
    store.save(LAYOUT)
    monkeypatch.setattr("reluviz.ui.layout.LAYOUT_VERSION", 999)
    assert store.load() is None


def test_a_restore_that_did_not_come_back_is_not_tried_again(tmp_path):
    store = LayoutStore(tmp_path)
    store.save(LAYOUT)
    store.begin()
    assert (tmp_path / MARKER).exists()
    assert store.load() is None
    assert not (tmp_path / MARKER).exists()
    assert store.load() is None
    store.save(LAYOUT)
    store.begin()
    store.end()
    assert store.load() == LAYOUT


def test_a_folder_that_cannot_be_written_is_no_disaster(tmp_path):
    (tmp_path / "file").write_text("in the way")
    store = LayoutStore(tmp_path / "file")
    store.save(LAYOUT)
    store.begin()
    store.end()
    store.forget()
    assert store.load() is None
    assert not save(Preferences(), tmp_path / "file")
    assert load(tmp_path / "file") == Preferences()


def test_preferences_come_back(tmp_path):
    chosen = Preferences(theme="dark", scale=1.5, speed=0, image_folder="/x", hint_seen=True, views={"loss": {"a": 1}})
    assert save(chosen, tmp_path)
    assert load(tmp_path) == chosen
    assert [path.name for path in tmp_path.iterdir()] == [PREFERENCES_FILE]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"theme": "pink"}', b'{"scale": 99}', b'{"figure": {"text": 9}}', b'{"speed": -1}'],
)
def test_wrong_preferences_mean_the_defaults(tmp_path, content, caplog):
    (tmp_path / PREFERENCES_FILE).write_bytes(content)
    assert load(tmp_path) == Preferences()
    assert "the defaults apply" in caplog.text


def test_damaged_preferences_never_break_the_start(tmp_path):
    save(Preferences(views={"loss": {"log": True}}), tmp_path)
    whole = (tmp_path / PREFERENCES_FILE).read_bytes()
    for content in damaged(whole):
        (tmp_path / PREFERENCES_FILE).write_bytes(content)
        assert isinstance(load(tmp_path), Preferences)
